//! `quarterdeck functions`: every function of every region.

use super::assert_said;
use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place};
use serde_json::Value;
use std::time::Duration;

const API: &str = "checkout-api-Function";

/// Lambda answers fifteen questions a second, and the sandbox's clock stands: it has to move, or the sixteenth is refused
/// for ever.
#[expect(
    clippy::disallowed_methods,
    reason = "a program on the other side of a socket runs meanwhile"
)]
fn while_time_passes<T>(house: &House, run: impl FnOnce() -> T) -> T {
    let clock = house.sandbox.clock();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..40 {
                std::thread::sleep(Duration::from_millis(50));
                clock.advance(Duration::from_secs(1));
            }
        });
        run()
    })
}

#[test]
fn functions_are_listed_by_name_account_and_region_and_odd_code_is_marked() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q functions -p prod | grep -E '^(FUNCTION|checkout-api-Function)'")
        .assert_code(0);
    assert_said("functions", said);
}

#[test]
fn an_alias_is_asked_for_only_where_it_is_wished() {
    let house = House::named("demo");
    let asked = || {
        let requests = house.sandbox.requests();
        let aliases = requests.iter().filter(|it| it.operation == "ListAliases");
        aliases.count()
    };
    let said = house
        .cli()
        .shell("$Q functions -p prod -o json")
        .assert_code(0);
    assert_eq!(asked(), 0);
    assert!(said.json_lines()[0].get("alias").is_none(), "{said}");
    let said = while_time_passes(&house, || {
        let line = "$Q functions -p prod -r eu-west-1,us-west-2 --aliases -o json";
        house.cli().shell(line).assert_code(0)
    });
    assert_eq!(asked(), said.json_lines().len());
    let versions: Vec<_> = said
        .json_lines()
        .iter()
        .filter(|line| line["name"] == API)
        .map(|line| line["alias"]["version"].clone())
        .collect();
    assert_eq!(versions, ["19", "18"]);
    let has_none = |line: &Value| line.get("alias") == Some(&Value::Null);
    assert!(said.json_lines().iter().any(has_none), "{said}");
    let said = while_time_passes(&house, || {
        let rows = "grep -E '^(FUNCTION|checkout-api-F)'";
        let line = format!("$Q functions -p prod -r eu-west-1 --alias nobody | {rows}");
        house.cli().shell(&line).assert_code(0)
    });
    assert_said("functions-no-alias", said.normalised_stdout());
}

#[test]
fn a_json_line_has_names_of_the_environment_and_no_values() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q functions -p prod -r eu-west-1 -o json")
        .assert_code(0);
    assert!(!said.stdout.contains("CANARY"), "{said}");
    let lines = said.json_lines();
    let api = lines.iter().find(|line| line["name"] == API).unwrap();
    let keys: Vec<&String> = api.as_object().unwrap().keys().collect();
    assert_said("functions-json-keys", format!("{keys:?}"));
    assert!(!api["environment"].as_array().unwrap().is_empty());
    assert_eq!(api["code"].as_str().unwrap().len(), 44);
}

#[test]
fn a_region_that_refuses_is_told_and_the_others_are_listed() {
    let house = House::named("calm");
    let place = Place::region("eu-west-1").service("lambda");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = house.cli().shell("$Q functions -p prod").assert_code(4);
    assert!(
        said.stdout.contains(" us-east-1 ") && !said.stdout.contains(" eu-west-1 "),
        "{said}"
    );
    assert!(
        said.stderr.contains("lambda:ListFunctions") && said.stderr.contains("eu-west-1"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_asked_is_said() {
    let house = House::named("calm");
    let said = house
        .cli()
        .shell("$Q functions -p prod -r 'xx-*'")
        .assert_code(2);
    assert_eq!(said.stderr, "No enabled region of prod fits `xx-*`.\n");
    let said = house.cli().shell("$Q functions checkout").assert_code(2);
    assert_eq!(said.stdout, "");
}
