//! `quarterdeck accelerators`: a line for each endpoint group, and everything in JSON.

use super::assert_said;
use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};

fn inject(house: &House, place: Place, kind: FaultKind) {
    house.sandbox.inject(Fault::new(place, kind));
}

#[test]
fn every_group_has_a_line_and_what_has_none_has_one_too() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q accelerators -p prod,staging")
        .assert_code(0);
    assert_eq!(said.stderr, "");
    assert_said("accelerators", said.stdout);
}

#[test]
fn a_region_leaves_the_groups_of_others_out() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q accelerators -p prod -r 'eu-*'")
        .assert_code(0);
    assert!(said.stdout.contains(" eu-west-1 "), "{said}");
    assert!(!said.stdout.contains(" us-"), "{said}");
}

#[test]
fn json_says_everything_exactly() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q accelerators -p prod,staging -o json")
        .assert_code(0);
    let lines = said.json_lines();
    let of = |name: &str| lines.iter().find(|it| it["name"] == name).unwrap();
    let media = of("media");
    assert_eq!(media["kind"], "accelerator");
    assert_eq!(media["addresses"].as_array().unwrap().len(), 4);
    assert!(media["dual_stack_dns"].is_string());
    let group = &media["listeners"][0]["groups"][0];
    assert_eq!(group["region"], "ap-southeast-1");
    assert_eq!(group["port_overrides"], serde_json::json!([[443, 8443]]));
    assert_eq!(group["endpoints"][2]["weight"], 0);
    assert_eq!(group["endpoints"][1]["health"], "UNHEALTHY");
    assert_eq!(of("portal-retired")["enabled"], false);
    let custom = &of("game-sessions")["listeners"][0]["groups"][0];
    assert_eq!(
        (&custom["dial"], &custom["endpoints"][0]["health"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    let attachment = of("staging-checkout-for-prod");
    assert_eq!(attachment["kind"], "attachment");
    assert_eq!(
        attachment["principals"],
        serde_json::json!(["123456789012"])
    );
    let keys: Vec<&str> = media
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    insta::assert_snapshot!(keys.join(" "), @"kind account name arn routing status enabled addresses dns dual_stack_dns created modified listeners");
}

#[test]
fn no_accelerator_is_an_answer() {
    let house = House::of(&Scenario::grid(1, 1));
    let said = house.cli().shell("$Q accelerators").assert_code(0);
    insta::assert_snapshot!(said, @r"
    exit code 0
    --- stderr
    There is no accelerator in grid: globalaccelerator:ListAccelerators and ListCustomRoutingAccelerators, asked in us-west-2, have none.
    ");
    let said = house.cli().shell("$Q accelerators -o json").assert_code(0);
    assert_eq!(said.stdout, "");
}

#[test]
fn what_could_not_be_read_is_told_and_is_not_nothing() {
    let house = House::named("demo");
    let place = Place::everywhere().service("globalaccelerator");
    inject(
        &house,
        place.clone().operation("ListEndpointGroups"),
        FaultKind::AccessDenied,
    );
    let said = house
        .cli()
        .shell("$Q accelerators -p prod -o json")
        .assert_code(4);
    assert!(
        said.stderr.contains("globalaccelerator:ListEndpointGroups"),
        "{said}"
    );
    let lines = said.json_lines();
    let standard = lines.iter().filter(|it| it["routing"] == "standard");
    assert!(standard.clone().count() > 0);
    assert!(
        standard.clone().all(|it| it["listeners"].is_null()),
        "{said}"
    );
    let said = house.cli().shell("$Q accelerators -p prod").assert_code(4);
    assert!(said.stdout.contains("? not allowed"), "{said}");

    inject(&house, place, FaultKind::AccessDenied);
    let said = house.cli().shell("$Q accelerators -p prod").assert_code(3);
    assert_eq!(said.stdout, "");
    assert!(
        said.stderr.contains("globalaccelerator:ListAccelerators"),
        "{said}"
    );
}
