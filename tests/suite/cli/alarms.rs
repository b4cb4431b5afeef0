//! `quarterdeck alarms`: those in alarm first, and those that see nothing marked.

use super::assert_said;
use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place};

#[test]
fn alarms_come_first_then_the_blind_then_the_others() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q alarms -p prod -r eu-west-1,us-west-2 | cut -c 1-150")
        .assert_code(0);
    assert_said("alarms", said);
}

#[test]
fn a_json_line_says_everything_of_each_kind() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q alarms -p prod -r eu-west-1 --state alarm -o json")
        .assert_code(0);
    assert_said("alarms-json", said.normalised_stdout());
}

#[test]
fn only_alarms_that_say_that_nothing_arrived_are_looked_at() {
    let house = House::named("demo");
    let paid = || house.sandbox.bill().metrics;
    let run = |arguments: &str| {
        let line = format!("$Q alarms -p prod -r us-west-2 {arguments} -o json");
        house.cli().shell(&line).assert_code(0).json_lines()
    };
    let alarms = run("--state alarm,ok").len();
    let some = paid();
    assert!(
        0 < some && usize::try_from(some).unwrap() < alarms,
        "{some} of {alarms}"
    );
    run("--state alarm");
    assert_eq!(paid(), some, "those that ring see");
    let blind = run("--state BLIND");
    assert!(!blind.is_empty() && blind.iter().all(|it| it["sight"] == "blind"));
    let before = paid();
    let all = run("--check-all");
    assert!(paid() > before + some);
    let unknown = all.iter().filter(|it| it["sight"] == "unknown").count();
    assert_eq!(unknown, 0);
}

#[test]
fn an_alarm_fails_a_probe_only_if_it_is_asked_to() {
    let house = House::named("demo");
    for (arguments, code) in [
        ("-r eu-west-1", 0),
        ("-r eu-west-1 --fail-on-alarm", 1),
        ("-r eu-west-1 --state ok --fail-on-alarm", 1),
        ("-r us-west-2 --fail-on-alarm", 0),
    ] {
        let said = house.cli().shell(&format!("$Q alarms -p prod {arguments}"));
        assert_eq!(said.code(), Some(code), "{arguments}: {said}");
    }
}

#[test]
fn a_state_that_no_alarm_can_have_is_said() {
    let house = House::named("calm");
    for (state, nearest) in [
        ("ALRM", "ALARM"),
        ("insufficient-data", "INSUFFICIENT_DATA"),
        ("ok,blnd", "blind"),
    ] {
        let said = house
            .cli()
            .shell(&format!("$Q alarms --state '{state}'"))
            .assert_code(2);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.lines().count()),
            ("", 1),
            "{said}"
        );
        assert!(said.stderr.contains(&format!("`{nearest}`")), "{said}");
    }
}

#[test]
fn a_region_that_refuses_is_told_and_the_others_are_listed() {
    let house = House::named("demo");
    let place = Place::region("eu-west-1").service("monitoring");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = house
        .cli()
        .shell("$Q alarms -p prod -r eu-west-1,us-west-2")
        .assert_code(4);
    assert!(
        said.stdout.contains(" us-west-2 ") && !said.stdout.contains(" eu-west-1 "),
        "{said}"
    );
    assert!(said.stderr.contains("cloudwatch:DescribeAlarms"), "{said}");
}
