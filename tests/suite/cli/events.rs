//! `quarterdeck events STACK`: what happened, wherever the stack stands.

use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place};

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
