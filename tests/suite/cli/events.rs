//! `quarterdeck events STACK`: what happened, wherever the stack stands.

use crate::support::house::{House, NOW};
use crate::support::screen::Signal;
use quarterdeck::sandbox::{Fault, FaultKind, Place};
use std::time::Duration;

fn deny(house: &House, region: &str, operation: &str) {
    let place = Place::region(region)
        .service("cloudformation")
        .operation(operation);
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
}

#[test]
fn the_events_of_a_failed_stack_end_with_their_root_cause() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q events checkout-api -p prod -r eu-west-1")
        .assert_code(0);
    let times: Vec<&str> = said
        .stdout
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert!(times.len() > 10 && times.is_sorted(), "{said}");
    assert!(
        said.stderr.contains("Root cause in prod/eu-west-1:"),
        "{said}"
    );
}

#[test]
fn a_name_in_several_regions_gives_the_events_of_all() {
    let house = House::named("calm");
    let said = house
        .cli()
        .shell("$Q events orders-db -p prod -o json")
        .assert_code(0);
    let mut regions: Vec<String> = said
        .json_lines()
        .iter()
        .map(|line| line["region"].as_str().unwrap().to_owned())
        .collect();
    regions.sort();
    regions.dedup();
    assert_eq!(regions.len(), 6, "{regions:?}");
}

#[test]
fn an_unknown_stack_brings_the_nearest_name() {
    let house = House::named("calm");
    let said = house
        .cli()
        .shell("$Q events chekout-api -p prod -r eu-west-1")
        .assert_code(2);
    assert_eq!(
        said.stderr,
        "There is no stack `chekout-api` here; did you mean `checkout-api`?\n"
    );
}

#[test]
fn a_stack_that_is_nothing_like_another_brings_none() {
    let house = House::named("calm");
    for wanted in [
        "nope",
        "arn:aws:cloudformation:eu-west-1:123456789012:stack/checkout-api/0b6cdd8a",
    ] {
        let said = house
            .cli()
            .shell(&format!("$Q events {wanted} -p prod -r eu-west-1"))
            .assert_code(2);
        assert_eq!(said.stderr, format!("There is no stack `{wanted}` here.\n"));
    }
}

#[test]
fn events_that_may_not_be_read_are_told() {
    let house = House::named("calm");
    deny(&house, "", "DescribeStackEvents");
    let said = house
        .cli()
        .shell("$Q events checkout-api -p prod -r eu-west-1,us-east-1")
        .assert_code(3);
    assert_eq!(said.stdout, "", "{said}");
    assert!(
        said.stderr.contains("cloudformation:DescribeStackEvents"),
        "{said}"
    );
}

#[test]
fn one_region_that_refuses_does_not_hide_the_others() {
    let house = House::named("calm");
    deny(&house, "eu-west-1", "DescribeStackEvents");
    let said = house
        .cli()
        .shell("$Q events checkout-api -p prod -r eu-west-1,us-east-1")
        .assert_code(4);
    assert!(said.stdout.contains("us-east-1"), "{said}");
    assert!(said.stderr.contains("eu-west-1"), "{said}");
}

#[test]
fn a_stack_is_missing_only_when_every_region_has_answered() {
    let house = House::named("calm");
    deny(&house, "eu-west-1", "DescribeStacks");
    let said = house
        .cli()
        .shell("$Q events nowhere -p prod -r eu-west-1,us-east-1")
        .assert_code(4);
    assert_eq!(
        said.stderr.lines().last(),
        Some(
            "No stack `nowhere` was found, but it may stand where nothing could be asked: prod/eu-west-1."
        ),
        "{said}"
    );
    let said = house
        .cli()
        .shell("$Q events nowhere -p prod -r eu-west-1")
        .assert_code(3);
    assert_eq!(said.stderr.lines().count(), 2, "{said}");
}

#[test]
fn a_followed_stack_is_told_on_until_somebody_interrupts() {
    let house = House::named("demo");
    let command = "$Q events orders-api -p prod -r us-east-1";
    let before = house.cli().shell(command).assert_code(0);
    let now = NOW.replace('Z', "");
    // By `exec` the signal reaches the binary and the code is its own.
    let screen = house
        .shell(&format!("exec {command} --follow"))
        .size(220, 60)
        .open();
    let last: String = before
        .stdout
        .lines()
        .last()
        .unwrap()
        .chars()
        .take(100)
        .collect();
    screen.wait_for_text(last.trim_end());
    house.sandbox.clock().advance(Duration::from_mins(10));
    screen.wait_until("an event of the next minutes", |seen| {
        let rows = seen.rows();
        let mut times = rows.iter().filter_map(|row| row.get(..now.len()));
        times.any(|time| time.starts_with("2026-") && time > now.as_str())
    });
    screen.signal(Signal::INT);
    let _ = screen.exit().assert_code(0);
}

#[test]
fn following_ends_with_its_reader_though_nothing_happens() {
    let house = House::named("calm");
    let command = "$Q events checkout-api -p prod -r eu-west-1";
    let said = house.cli().shell(&format!(
        "lines=$({command} | wc -l); {{ {command} --follow; echo $? >&2; }} | head -n $lines"
    ));
    assert_eq!(said.stderr, "0\n", "{said}");
    assert!(said.stdout.lines().count() > 1, "{said}");
}
