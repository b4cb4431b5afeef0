//! Alarms and metrics over the world of most scenes: one region in trouble, one alarm that sees nothing.

use super::demo::{self, REGIONS};
use super::house::{House, noon, scope};
use chrono::TimeDelta;
use quarterdeck::app::alarms::chart_topic;
use quarterdeck::domain::alarm::Actions;
use quarterdeck::domain::{
    Alarm, AlarmKind, AlarmState, AlarmTransition, Extent, Grain, Kind, Measure, MetricId, Metrics,
    Problem, Reading, Series, StackId, Subject, Topic, Untrusted, Watch,
};

const SILENT: &str = "Threshold Crossed: no datapoints were received for 5 periods and 5 missing datapoints were \
    treated as [NonBreaching].";
const CROSSED: &str = "Threshold Crossed: 3 out of the last 5 datapoints [22.0 (20/11/26 14:20:00), 20.0 (20/11/26 \
    14:19:00), 16.0 (20/11/26 14:18:00)] were greater than the threshold (2.0) (minimum 3 datapoints for OK -> ALARM \
    transition).";

fn watch(namespace: &str, name: &str, dimension: (&str, &str), threshold: f64) -> Watch {
    Watch {
        metric: MetricId {
            namespace: namespace.into(),
            name: name.into(),
            dimensions: vec![(dimension.0.into(), dimension.1.into())],
            statistic: "Sum".into(),
            period: 60,
            unit: None,
        },
        comparison: "GreaterThanThreshold".into(),
        threshold: Some(threshold),
        periods: 5,
        datapoints: 3,
        missing: "notBreaching".into(),
    }
}

fn alarm(name: &str, state: &str, ago: i64, kind: AlarmKind) -> Alarm {
    let reason = match state {
        "ALARM" => CROSSED,
        "OK" => "Threshold Crossed: 3 datapoints were not greater than the threshold (2.0).",
        _ => "Unchecked: Initial alarm creation",
    };
    Alarm {
        name: Untrusted::new(name),
        arn: Untrusted::new(format!(
            "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"
        )),
        description: Some("Whether checkout works.".into()),
        state: AlarmState::parse(state),
        reason: Some(reason.into()),
        since: Some(noon() - TimeDelta::seconds(ago)),
        kind,
        actions: Actions::Enabled,
    }
}

pub(super) fn errors(state: &str, ago: i64) -> Alarm {
    let watch = watch("AWS/Lambda", "Errors", ("FunctionName", "checkout-fn"), 2.0);
    alarm("checkout-errors", state, ago, AlarmKind::Metric(watch))
}

fn blind() -> Alarm {
    let queue = ("QueueName", "gco-jobs-us-east-1");
    let watch = watch("AWS/SQS", "ApproximateAgeOfOldestMessage", queue, 3600.0);
    Alarm {
        reason: Some(SILENT.into()),
        actions: Actions::Disabled,
        ..alarm("gco-queue-age", "OK", 200_000, AlarmKind::Metric(watch))
    }
}

fn composite(region: &str) -> Alarm {
    let members = ["checkout-errors", "gco-queue-age", "elsewhere"];
    let kind = AlarmKind::Composite {
        rule: "ALARM(\"checkout-errors\") OR ALARM(\"gco-queue-age\") OR ALARM(\"elsewhere\")"
            .into(),
        members: members.map(Untrusted::new).into(),
    };
    let (state, ago) = if region == "eu-west-1" {
        ("ALARM", 700)
    } else {
        ("OK", 90_000)
    };
    Alarm {
        actions: Actions::Disabled,
        ..alarm("checkout", state, ago, kind)
    }
}

fn dead_letters() -> Alarm {
    let watch = watch(
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        ("QueueName", "gco-jobs-dlq"),
        0.0,
    );
    alarm(
        "gco-dead-letters",
        "INSUFFICIENT_DATA",
        4_000,
        AlarmKind::Metric(watch),
    )
}

fn alarms(region: &str) -> Vec<Alarm> {
    let (state, ago) = if region == "eu-west-1" {
        ("ALARM", 723)
    } else {
        ("OK", 86_400)
    };
    let mut alarms = vec![composite(region), errors(state, ago)];
    if region == "us-west-2" {
        alarms.push(dead_letters());
        alarms.push(blind());
    }
    alarms
}

/// Errors a minute over three hours; noise, and in one region more than that for the last half hour.
fn minutes(region: &str) -> Vec<Option<f64>> {
    (0_u32..180)
        .map(|minute| match (region, minute) {
            // A region that is asleep: nothing was called, so there is nothing to tell.
            ("ap-southeast-1", _) | (_, 60..70) => None,
            ("eu-west-1", 152..) => Some(40.0 + f64::from(minute % 7)),
            _ => Some(f64::from(u8::from(minute % 11 == 3))),
        })
        .collect()
}

fn figures(region: &str) -> Metrics {
    let (from, _) = Grain::MINUTE.window(noon());
    let errors = minutes(region);
    let slow = |value: &Option<f64>| value.map(|value| 210.0 + value * 40.0);
    let p99: Vec<Option<f64>> = errors.iter().map(slow).collect();
    let series = |values| Series::of(TimeDelta::minutes(1), from, values);
    Metrics {
        series: [
            (Measure::Errors, series(errors)),
            (Measure::P99, series(p99)),
        ]
        .into(),
        extent: Extent::Whole,
    }
}

pub(super) fn totals() -> Topic {
    Topic::Metrics(Subject::Lambda, Grain::MINUTE)
}

/// What is known of the alarms and the functions of every region but one, which has not answered.
pub(super) fn watched() -> House {
    let mut house = demo::one_account();
    watch_over(&mut house, &REGIONS[..5]);
    house
}

pub(super) fn watch_over(house: &mut House, regions: &[&str]) {
    for region in regions {
        let place = scope("prod", region);
        house.hear(
            &place,
            Topic::Alarms,
            7,
            Ok(Reading::Alarms(alarms(region))),
        );
        house.hear(&place, totals(), 20, Ok(Reading::Metrics(figures(region))));
    }
}

/// The same; the alarms are looked at, and it turned out which of them sees nothing.
pub(super) fn looked_at() -> House {
    let mut house = watched();
    house.press("8");
    let topic = blind().sight_topic().expect("it watches a metric");
    let (from, _) = Grain::FIVE_MINUTES.window(noon());
    let series = Series::of(TimeDelta::minutes(5), from, [None; 36]);
    let silence = Metrics {
        series: [(Measure::Value, series)].into(),
        extent: Extent::Whole,
    };
    let place = scope("prod", "us-west-2");
    house.hear(&place, topic, 30, Ok(Reading::Metrics(silence)));
    house
}

/// An alarm of the region in trouble is open, and everything is known of it.
pub(super) fn opened() -> House {
    let mut house = looked_at();
    house.press("down enter");
    tell(&mut house);
    house
}

fn tell(house: &mut House) {
    let place = scope("prod", "eu-west-1");
    let transition = |ago, from: &str, to: &str, reason: &str| AlarmTransition {
        at: noon() - TimeDelta::seconds(ago),
        from: Some(AlarmState::parse(from)),
        to: AlarmState::parse(to),
        reason: Some(Untrusted::new(reason)),
    };
    let history = vec![
        transition(723, "OK", "ALARM", CROSSED),
        transition(
            5_000,
            "ALARM",
            "OK",
            "Threshold Crossed: 3 datapoints were not greater.",
        ),
        transition(5_400, "OK", "ALARM", CROSSED),
        transition(200_000, "INSUFFICIENT_DATA", "OK", "Threshold Crossed."),
    ];
    let name = || Untrusted::new("checkout-errors");
    let topic = Topic::AlarmHistory(name());
    house.hear(&place, topic, 3, Ok(Reading::AlarmHistory(history)));
    let stack = StackId::new(
        "arn:aws:cloudformation:eu-west-1:123456789012:stack/checkout-api-alarms/1f3a",
    );
    house.hear(
        &place,
        Topic::Owner(name()),
        3,
        Ok(Reading::Owner(Some(stack))),
    );
    let metric = errors("ALARM", 0);
    let metric = metric.metric().expect("it watches a metric");
    let (from, _) = Grain::MINUTE.window(noon());
    let series = Series::of(TimeDelta::minutes(1), from, minutes("eu-west-1"));
    let metrics = Metrics {
        series: [(Measure::Value, series)].into(),
        extent: Extent::Whole,
    };
    house.hear(
        &place,
        chart_topic(metric),
        3,
        Ok(Reading::Metrics(metrics)),
    );
}

/// What CloudWatch says where it may not be asked.
pub(super) fn denied(region: &str) -> Problem {
    Problem::new(
        Kind::Denied,
        format!("Not allowed to list the alarms in {region}."),
    )
    .hint("Needs cloudwatch:DescribeAlarms.")
}
