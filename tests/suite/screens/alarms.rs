//! The Alarms view, and one alarm in full.

use super::demo;
use super::house::{House, LARGE, MIDDLE, SIZES, SMALL, account, scene, scope};
use super::watched::{denied, errors, looked_at, opened, watched};
use chrono::TimeDelta;
use quarterdeck::app::alarms::chart_topic;
use quarterdeck::domain::{Bill, Dollars, Reading, Spending, Topic};
use quarterdeck::engine::message::Update;

#[test]
fn in_alarm_first_then_without_data_then_blind() {
    scene("alarms", &mut looked_at(), &SIZES);
    scene("alarms-ascii", &mut looked_at().ascii(), &[SMALL, MIDDLE]);
}

#[test]
fn ok_that_nobody_has_looked_into_is_a_question() {
    scene("alarms-unproven", watched().press("8"), &[SMALL, MIDDLE]);
}

#[test]
fn only_what_is_not_in_order() {
    scene("alarms-trouble", looked_at().press("a"), &[SMALL]);
}

#[test]
fn a_region_that_cannot_be_read_has_a_row() {
    let mut house = looked_at();
    for region in ["us-east-1", "ap-southeast-1"] {
        let place = scope("prod", region);
        house.hear(&place, Topic::Alarms, 2, Err(denied(region)));
    }
    scene("alarms-denied", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn nobody_has_answered_and_nobody_has_alarms() {
    let mut house = demo::one_account();
    scene("alarms-asking", house.press("8"), &[SMALL]);
    let mut none = House::new(&[account("prod", &["eu-west-1"])]);
    let place = scope("prod", "eu-west-1");
    none.hear(&place, Topic::Alarms, 2, Ok(Reading::Alarms(Vec::new())));
    scene("alarms-none", none.press("8"), &[SMALL]);
}

#[test]
fn several_accounts_and_old_readings() {
    let mut house = demo::bad_day();
    super::watched::watch_over(&mut house, &demo::REGIONS);
    scene("alarms-old", house.press("8").later(400), &[SMALL, MIDDLE]);
}

#[test]
fn one_alarm_in_full() {
    scene("alarm", &mut opened(), &SIZES);
    scene("alarm-ascii", &mut opened().ascii(), &[SMALL, MIDDLE]);
    scene("alarm-whole", opened().press("z"), &SIZES);
}

#[test]
fn an_alarm_of_alarms() {
    scene(
        "alarm-members",
        looked_at().press("enter"),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn an_alarm_that_sees_nothing_says_so_where_its_metric_would_be() {
    let mut house = looked_at();
    house.press("/").type_in("~^gco-queue").press("enter enter");
    let (scope, metric) = house
        .app
        .selected_alarm()
        .map(|(scope, alarm)| (scope.clone(), alarm.metric().cloned()))
        .expect("an alarm is selected");
    let topic = chart_topic(&metric.expect("it watches a metric"));
    let blank = quarterdeck::domain::Metrics {
        series: [(
            quarterdeck::domain::Measure::Value,
            quarterdeck::domain::Series::new(TimeDelta::minutes(1), 180),
        )]
        .into(),
        extent: quarterdeck::domain::Extent::Whole,
    };
    house.hear(&scope, topic, 3, Ok(Reading::Metrics(blank)));
    scene("alarm-blind", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn an_alarm_whose_metric_cannot_be_read_says_why() {
    let mut house = looked_at();
    house.press("down enter");
    let metric = errors("ALARM", 0);
    let topic = chart_topic(metric.metric().expect("it watches a metric"));
    let place = scope("prod", "eu-west-1");
    house.hear(&place, topic, 3, Err(demo::throttled("eu-west-1")));
    scene("alarm-throttled", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn a_transition_is_told_above_the_footer() {
    let mut house = watched();
    let place = scope("prod", "us-east-1");
    let alarms = vec![errors("ALARM", 3)];
    house.hear(&place, Topic::Alarms, 0, Ok(Reading::Alarms(alarms)));
    scene("alarms-told", house.later(1), &[SMALL, MIDDLE]);
}

#[test]
fn what_metrics_cost_stands_in_the_header_and_the_cap_in_words() {
    let bill = |metrics, spending| Bill {
        calls: 340,
        metrics,
        hourly: Dollars::of_metrics(metrics),
        cap: Dollars::of_metrics(50_000),
        spending,
    };
    let mut house = watched();
    house.engine(Update::Spent(bill(18_640, Spending::AsWished)));
    scene("header-meter", &mut house, &[SMALL, MIDDLE]);
    house.engine(Update::Spent(bill(41_000, Spending::Stretched)));
    scene("header-meter-stretched", &mut house, &[MIDDLE]);
    house.engine(Update::Spent(bill(50_000, Spending::Stopped)));
    scene("header-meter-stopped", &mut house, &[SMALL, MIDDLE, LARGE]);
}
