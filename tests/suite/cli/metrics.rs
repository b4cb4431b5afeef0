//! `quarterdeck metrics`: how a function ran, in every region that has it.

use super::assert_said;
use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place};

const API: &str = "checkout-api-Function";

#[test]
fn totals_of_a_day_tell_the_bad_region_and_the_window() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell(&format!("$Q metrics {API} -p prod"))
        .assert_code(0);
    assert_said("metrics", said);
}

#[test]
fn a_period_makes_rows_and_the_rows_make_the_totals() {
    let house = House::named("demo");
    let run = |more: &str| {
        house
            .cli()
            .shell(&format!(
                "$Q metrics {API} -p prod -r eu-west-1 --since 2h {more} -o json"
            ))
            .assert_code(0)
            .json_lines()
    };
    let rows = run("--period 10m --stat sum,p99");
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0]["from"], "2026-11-20T12:40:00+00:00");
    assert_eq!(rows[11]["until"], "2026-11-20T14:40:00+00:00");
    assert_eq!(
        (&rows[10]["running"], &rows[11]["running"]),
        (&false.into(), &true.into())
    );
    let total = &run("--stat sum,maximum,average,minimum,samplecount")[0];
    let sum = |field: &str| -> f64 { rows.iter().filter_map(|row| row[field].as_f64()).sum() };
    // The totals are made of minutes, and so of a window that ends sooner; nothing has happened since.
    for field in ["errors", "throttles"] {
        assert!(
            sum(field) > 0.0 && total[field].as_f64().unwrap() > 0.0,
            "{field}"
        );
    }
    let duration = &total["duration"];
    let number = |name: &str| duration[name].as_f64().unwrap();
    assert!(number("Minimum") <= number("Average") && number("Average") <= number("Maximum"));
    let calls = total["invocations"].as_f64().unwrap();
    assert!((number("Sum") / calls - number("Average")).abs() < 1e-9);
    assert!(number("SampleCount") <= calls);
    let rate = total["errors"].as_f64().unwrap() / calls * 100.0;
    assert!((total["error_rate"].as_f64().unwrap() - rate).abs() < 1e-9);
}

#[test]
fn no_data_is_not_zero() {
    let house = House::named("demo");
    let quiet = "config-recorder-Function";
    let run = |format: &str| {
        let line = format!("$Q metrics {quiet} -p prod -r us-east-1 --since 2m {format}");
        house.cli().shell(&line).assert_code(0)
    };
    assert_said("metrics-no-data", run(""));
    assert_said("metrics-no-data-json", run("-o json"));
}

#[test]
fn what_makes_no_sense_is_one_sentence() {
    let house = House::named("demo");
    let cli = house.cli();
    let mut all = String::new();
    for arguments in [
        "team/checkout",
        "arn:aws:lambda:eu-west-1:123456789012:function:checkout-api-Function:ACTIVE",
        "/aws/lambda/checkout-api-Function",
        "checkout-api-Functoin",
        "checkout-api-Functoin -r eu-west-1",
        "nothing-like-it-at-all",
        "checkout-api-Function --since 24h --period 90s",
        "checkout-api-Function --since 24h --period 1y",
        "checkout-api-Function --since 30m --period 1h",
        "checkout-api-Function --since 20d --period 60s",
        "checkout-api-Function --since 70d --period 5m",
        "checkout-api-Function --since 9d --period 60s",
        "checkout-api-Function --since 9y",
        "checkout-api-Function --since 500d",
        "checkout-api-Function --since 2027-01-01",
        "checkout-api-Function --since 30s",
        "checkout-api-Function --stat Avrage",
        "checkout-api-Function --stat p99",
        "checkout-api-Function --stat p99.9",
    ] {
        let said = cli
            .shell(&format!("$Q metrics -p prod {arguments}"))
            .assert_code(2);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.lines().count()),
            ("", 1),
            "{said}"
        );
        all.extend(["$ metrics ", arguments, "\n", &said.stderr]);
    }
    assert_said("metrics-bad-input", all);
    let bill = house.sandbox.requests();
    assert!(
        bill.iter().all(|it| it.operation != "GetMetricData"),
        "nothing was paid for"
    );
}

#[test]
fn a_function_of_one_region_is_told_of_that_region() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q metrics config-recorder-Function -p prod -o json")
        .assert_code(0);
    let regions: Vec<_> = said
        .json_lines()
        .iter()
        .map(|it| it["region"].clone())
        .collect();
    assert_eq!(regions, ["us-east-1"]);
    assert_eq!(said.stderr, "");
}

#[test]
fn a_region_that_refuses_its_metrics_is_told_and_the_others_are_listed() {
    let house = House::named("demo");
    let place = Place::region("eu-west-1").service("monitoring");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = house
        .cli()
        .shell(&format!("$Q metrics {API} -p prod"))
        .assert_code(4);
    assert!(
        said.stdout.contains(" us-east-1 ") && !said.stdout.contains(" eu-west-1 "),
        "{said}"
    );
    assert!(said.stderr.contains("cloudwatch:GetMetricData"), "{said}");
}

#[test]
fn where_nothing_could_be_asked_a_function_is_not_said_to_be_missing() {
    let house = House::named("demo");
    let place = Place::region("eu-west-1").service("lambda");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = house
        .cli()
        .shell("$Q metrics nothing -p prod -r eu-west-1,us-east-1")
        .assert_code(4);
    assert!(
        said.stderr
            .contains("may stand where nothing could be asked: prod/eu-west-1"),
        "{said}"
    );
}

#[test]
fn numbers_that_cloudwatch_could_not_complete_are_told_with_a_sentence() {
    let house = House::named("demo");
    let place = Place::region("eu-west-1").service("monitoring");
    let partial = FaultKind::Garbled {
        find: "Complete".into(),
        bytes: b"PartData".to_vec(),
    };
    house.sandbox.inject(Fault::new(place, partial));
    let said = house
        .cli()
        .shell(&format!("$Q metrics {API} -p prod -r eu-west-1 -o json"))
        .assert_code(4);
    assert_eq!(said.json_lines()[0]["whole"], false);
    assert_said("metrics-partial", said.stderr);
}
