//! `quarterdeck events STACK`: what happened, wherever the stack stands.

use crate::support::house::House;

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
