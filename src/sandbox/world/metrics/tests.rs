//! What is counted, and that it adds up.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Board, Metric, Statistic};
use crate::sandbox::Scenario;
use crate::sandbox::world::World;

const PROD: &str = "123456789012";
const API: &str = "checkout-api-Function";
const HOUR: i64 = 3_600;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_640_000, 0).unwrap()
}

fn demo() -> World {
    World::build(&Scenario::named("demo").unwrap(), noon())
}

fn board(world: &World, region: &str, now: DateTime<Utc>) -> Board {
    world.board(PROD, region, now).unwrap()
}

fn lambda(name: &str, dimensions: &[(&str, &str)]) -> Metric {
    let mut dimensions: Vec<(String, String)> = dimensions
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    dimensions.sort();
    Metric {
        namespace: "AWS/Lambda".to_owned(),
        name: name.to_owned(),
        dimensions,
    }
}

fn of(name: &str, function: &str) -> Metric {
    lambda(name, &[("FunctionName", function)])
}

/// The last `minutes` that are out, as one number.
fn recent(board: &Board, metric: &Metric, statistic: &str, minutes: i64) -> f64 {
    let end = board.now / 60 * 60 - 180;
    let statistic = Statistic::parse(statistic).unwrap();
    let tally = board.tally(metric, end - minutes * 60..end, statistic.needs_spread());
    tally.unwrap().statistic(statistic).unwrap()
}

fn close(left: f64, right: f64) {
    assert!(
        (left - right).abs() <= 1e-6 * right.abs().max(1.0),
        "{left} and {right}"
    );
}

#[test]
fn two_worlds_count_the_same_and_an_hour_is_the_sum_of_its_minutes() {
    let (one, other) = (demo(), demo());
    let (one, other) = (
        board(&one, "us-east-1", noon()),
        board(&other, "us-east-1", noon()),
    );
    let end = noon().timestamp() - HOUR;
    for name in ["Invocations", "Errors", "Duration", "Throttles"] {
        let metric = of(name, API);
        let window = end - 2 * HOUR..end;
        let minutes = one.points(&metric, &window, 60, false);
        assert_eq!(minutes, other.points(&metric, &window, 60, false));
        let sum = |points: &[(i64, super::Tally)]| -> f64 {
            let sums = points
                .iter()
                .map(|(_, tally)| tally.statistic(Statistic::Sum).unwrap());
            sums.sum()
        };
        let hours = one.points(&metric, &window, HOUR, false);
        assert_eq!(hours.len(), 2);
        close(sum(&minutes), sum(&hours));
    }
}

#[test]
fn the_account_is_the_sum_of_its_functions() {
    let world = demo();
    let board = board(&world, "eu-west-1", noon());
    let functions: Vec<String> = board.flows.keys().cloned().collect();
    assert!(functions.len() > 10);
    let window = noon().timestamp() - 2 * HOUR..noon().timestamp() - HOUR;
    for name in [
        "Invocations",
        "Errors",
        "Throttles",
        "Duration",
        "ConcurrentExecutions",
    ] {
        for start in window.clone().step_by(600) {
            let sum = |metric: &Metric, statistic| {
                let tally = board.tally(metric, start..start + 60, false);
                tally
                    .and_then(|tally| tally.statistic(statistic))
                    .unwrap_or(0.0)
            };
            let all: f64 = functions
                .iter()
                .map(|function| sum(&of(name, function), Statistic::Sum))
                .sum();
            close(sum(&lambda(name, &[]), Statistic::Sum), all);
        }
    }
}

#[test]
fn the_version_that_is_bad_is_bad_from_its_first_minute_and_only_there() {
    let world = demo();
    let (ill, well) = (
        board(&world, "eu-west-1", noon()),
        board(&world, "us-west-2", noon()),
    );
    let (errors, calls, took) = (
        of("Errors", API),
        of("Invocations", API),
        of("Duration", API),
    );
    let share =
        |board: &Board| recent(board, &errors, "Sum", 15) / recent(board, &calls, "Sum", 15);
    assert!((0.33..0.5).contains(&share(&ill)), "{}", share(&ill));
    assert!(share(&well) < 0.03, "{}", share(&well));
    assert!(recent(&ill, &took, "p99", 15) > 4.0 * recent(&well, &took, "p99", 15));
    let released = world.estate(PROD, "eu-west-1").unwrap().releases[0]
        .ailment
        .since
        / 1_000;
    let before = released - released % 60 - 40 * 60;
    let tally = ill.tally(&errors, before..before + 39 * 60, false).unwrap();
    assert!(tally.statistic(Statistic::Average).unwrap() < 0.03);
    let tally = ill.tally(
        &errors,
        released / 60 * 60 + 60..released / 60 * 60 + 300,
        false,
    );
    assert!(tally.unwrap().statistic(Statistic::Average).unwrap() > 0.25);
}

#[test]
fn an_alias_carries_the_calls_of_its_function() {
    let world = demo();
    let board = board(&world, "eu-west-1", noon());
    let alias = lambda(
        "Invocations",
        &[
            ("FunctionName", API),
            ("Resource", "checkout-api-Function:ACTIVE"),
        ],
    );
    close(
        recent(&board, &alias, "Sum", 30),
        recent(&board, &of("Invocations", API), "Sum", 30),
    );
    let nobody = lambda(
        "Invocations",
        &[
            ("FunctionName", API),
            ("Resource", "checkout-api-Function:other"),
        ],
    );
    let window = noon().timestamp() - HOUR..noon().timestamp();
    for missing in [
        nobody,
        of("Invocations", "no-such-function"),
        of("Cost", API),
    ] {
        assert!(board.points(&missing, &window, 60, false).is_empty());
    }
}

#[test]
fn statistics_of_a_minute_agree_with_each_other() {
    let world = demo();
    let board = board(&world, "us-east-1", noon());
    for function in [API, "cost-report-Function", "checkout-edge-EdgeFunction"] {
        let took = of("Duration", function);
        let of = |statistic| recent(&board, &took, statistic, 120);
        close(of("Sum") / of("SampleCount"), of("Average"));
        let order = ["Minimum", "p10", "p50", "p90", "p99", "p99.9", "Maximum"].map(of);
        assert!(order.windows(2).all(|pair| pair[0] <= pair[1]), "{order:?}");
        assert!((of("Minimum")..=of("Maximum")).contains(&of("Average")));
    }
}

#[test]
fn the_newest_minutes_come_a_minute_or_two_late_and_then_stay() {
    let world = demo();
    let metric = lambda("Invocations", &[]);
    let mut latest = 0;
    for second in 0..240 {
        let now = noon() + TimeDelta::seconds(second);
        let board = board(&world, "us-east-1", now);
        let window = noon().timestamp() - 600..noon().timestamp() + 600;
        let points = board.points(&metric, &window, 60, false);
        let last = points.last().unwrap().0;
        assert!(last >= latest, "nothing that was there goes away");
        latest = last;
        let age = now.timestamp() - last;
        assert!(
            (75..=200).contains(&age),
            "the last point is {age} seconds old"
        );
    }
}

#[test]
fn old_points_are_kept_only_in_longer_periods() {
    let world = demo();
    let board = board(&world, "us-east-1", noon());
    let metric = of("Invocations", API);
    let day = 24 * HOUR;
    let at = |days: i64, period: i64| {
        let start = noon().timestamp() - days * day;
        board
            .points(&metric, &(start..start + HOUR), period, false)
            .len()
    };
    assert_eq!((at(14, 60), at(14, 300)), (60, 12));
    assert_eq!((at(20, 60), at(20, 300)), (0, 12));
    assert_eq!((at(70, 300), at(500, HOUR), at(1, 30)), (0, 0, 0));
}

#[test]
fn who_has_no_calls_has_no_points_and_not_zero() {
    let world = demo();
    let board = board(&world, "us-east-1", noon());
    let window = noon().timestamp() - 4 * HOUR..noon().timestamp() - HOUR;
    let rare = board.points(
        &of("Errors", "gco-api-gateway-RotationFunction"),
        &window,
        60,
        false,
    );
    assert!((1..60).contains(&rare.len()), "{}", rare.len());
}

#[test]
fn what_is_listed_has_data_unless_it_is_seldom_called() {
    let world = demo();
    let board = board(&world, "us-west-2", noon());
    let metrics = board.metrics();
    assert!(metrics.windows(2).all(|pair| pair[0] < pair[1]));
    let day = noon().timestamp() - 24 * HOUR..noon().timestamp();
    for metric in &metrics {
        assert!(
            !board.points(metric, &day, 24 * HOUR, false).is_empty(),
            "{metric:?}"
        );
    }
    let blind = |metric: &&Metric| {
        metric
            .dimensions
            .iter()
            .any(|(_, v)| v == "gco-jobs-us-east-1")
    };
    assert_eq!(metrics.iter().find(blind), None);
}
