//! `quarterdeck stacks`: the fleet as a table or as JSON lines.

use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place};

#[test]
fn every_account_and_region_is_listed_trouble_first() {
    let house = House::named("demo");
    let said = house.cli().shell("$Q stacks").assert_code(0);
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert!(lines[0].starts_with("STACK"), "{said}");
    assert!(
        lines[1].contains("_FAILED") || lines[1].contains("ROLLBACK"),
        "{said}"
    );
    for region in [
        "us-east-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-1",
        "ap-northeast-1",
        "ap-southeast-1",
    ] {
        assert!(
            lines.iter().any(|line| line.contains(region)),
            "{region} is missing: {said}"
        );
    }
}

#[test]
fn statuses_regions_and_accounts_narrow_the_list() {
    let house = House::named("demo");
    let count = |arguments: &str| {
        house
            .cli()
            .shell(&format!("$Q {arguments} -o json"))
            .assert_code(0)
            .json_lines()
            .len()
    };
    let all = count("stacks");
    let failed = count("stacks --status failed,rolled-back");
    let glob = count("stacks --status '*ROLLBACK*'");
    let prod = count("stacks -p prod");
    let one = count("stacks -p prod -r eu-west-1");
    assert!(
        0 < failed && failed == glob && glob < one && one < prod && prod < all,
        "{failed} {glob} {one} {prod} {all}"
    );
}

#[test]
fn a_json_line_says_everything() {
    let house = House::named("calm");
    let said = house
        .cli()
        .shell("$Q stacks -p prod -r eu-west-1 -o json | grep '\"name\":\"checkout-api\"'")
        .assert_code(0);
    let line = &said.json_lines()[0];
    assert_eq!(
        (&line["account"], &line["region"], &line["status"]),
        (
            &"prod".into(),
            &"eu-west-1".into(),
            &"UPDATE_COMPLETE".into()
        )
    );
    assert_eq!(
        (&line["phase"], &line["version"]),
        (&"ok".into(), &line["tags"]["version"])
    );
    assert!(
        line["id"]
            .as_str()
            .unwrap()
            .starts_with("arn:aws:cloudformation:eu-west-1:123456789012:stack/checkout-api/"),
        "{said}"
    );
}

#[test]
fn a_region_that_refuses_is_told_and_the_others_are_listed() {
    let house = House::named("calm");
    house.sandbox.inject(Fault::new(
        Place::region("eu-west-1"),
        FaultKind::AccessDenied,
    ));
    let said = house.cli().shell("$Q stacks -p prod").assert_code(4);
    assert!(
        said.stdout.contains("us-east-1") && !said.stdout.contains(" eu-west-1 "),
        "{said}"
    );
    assert!(
        said.stderr.contains("eu-west-1") && said.stderr.contains("cloudformation:DescribeStacks"),
        "{said}"
    );
}

#[test]
fn an_account_without_credentials_says_how_to_get_them() {
    let house = House::named("calm");
    house.sandbox.inject(Fault::new(
        Place::everywhere(),
        FaultKind::Expired {
            issued_before: None,
        },
    ));
    let said = house.cli().shell("$Q stacks -p prod").assert_code(3);
    assert!(
        said.stdout.lines().count() <= 1 && said.stderr.contains("prod"),
        "{said}"
    );
}

#[test]
fn a_refused_discovery_of_regions_is_told_and_is_not_everything_done() {
    let house = House::named("calm");
    for service in ["account", "ec2"] {
        let place = Place::everywhere().service(service);
        house
            .sandbox
            .inject(Fault::new(place, FaultKind::AccessDenied));
    }
    let said = house.cli().shell("$Q stacks -p prod -r '*'").assert_code(4);
    assert!(said.stdout.contains("us-east-1"), "{said}");
    assert_eq!(said.stderr.lines().count(), 1, "{said}");
    let place = Place::everywhere().service("cloudformation");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = house.cli().shell("$Q stacks -p prod -r '*'").assert_code(3);
    assert_eq!(said.stderr.lines().count(), 2, "{said}");
}
