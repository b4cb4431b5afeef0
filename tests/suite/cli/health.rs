//! `quarterdeck health`: a line for each endpoint, and a code that a probe can trust.

use super::assert_said;
use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use rustix::process::Signal;
use std::time::Duration;

fn inject(house: &House, service: &str, kind: FaultKind) {
    let place = Place::everywhere().service(service);
    house.sandbox.inject(Fault::new(place, kind));
}

/// A balancer of another account, and one in a region that nobody knows, both out of order for ten minutes.
fn strange() -> House {
    let scenario = Scenario::parse(
        r#"
        seed = 1
        [[account]]
        id = "123456789012"
        name = "prod"
        access_key = "123456789012"
        colour = "red"
        guard = "typed"
        regions = ["us-west-2", "us-east-1", "sa-east-1"]
        [[account]]
        id = "210987654321"
        name = "staging"
        access_key = "210987654321"
        colour = "blue"
        guard = "none"
        regions = ["us-east-1"]
        [[load_balancer]]
        name = "theirs"
        on.accounts = ["staging"]
        [[load_balancer.group]]
        name = "pods"
        targets = 2
        [[load_balancer]]
        name = "far"
        on.accounts = ["prod"]
        on.regions = ["sa-east-1"]
        [[load_balancer.group]]
        name = "rovers"
        targets = 1
        [[outage]]
        load_balancer = "theirs"
        kind = "code"
        code = 502
        first = -3600
        lasts = 4200
        [[outage]]
        load_balancer = "far"
        kind = "timeout"
        first = -3600
        lasts = 4200
        [[attachment]]
        name = "for-prod"
        account = "staging"
        principals = ["prod"]
        endpoint = [{ load_balancer = "theirs", region = "us-east-1" }]
        [[accelerator]]
        name = "edge"
        on.accounts = ["prod"]
        flows = 10.0
        [[accelerator.listener]]
        ports = [443]
        [[accelerator.listener.group]]
        regions = ["us-east-1"]
        endpoint = [{ load_balancer = "theirs", account = "staging", attachment = "for-prod" }]
        [[accelerator.listener.group]]
        regions = ["sa-east-1"]
        endpoint = [{ load_balancer = "far" }]
        "#,
    );
    let house = House::of(&scenario.unwrap());
    let far = FaultKind::Garbled {
        find: "sa-east-1".into(),
        bytes: b"mars-north-1".to_vec(),
    };
    inject(&house, "globalaccelerator", far);
    house
}

#[test]
fn the_gravest_comes_first_with_its_reason_and_fails_the_probe() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q health -p prod,staging")
        .assert_code(1);
    assert_said("health", said);
}

#[test]
fn a_region_in_which_all_is_well_passes_the_probe() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q health -p prod -r us-east-1")
        .assert_code(0);
    assert_said("health-well", said);
}

#[test]
fn json_names_the_target_that_is_the_cause() {
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q health -p prod -r eu-west-1 -o json")
        .assert_code(1);
    let lines = said.json_lines();
    let sick = lines.iter().find(|it| it["health"] == "UNHEALTHY").unwrap();
    assert_eq!(sick["accelerator"], "shop");
    assert_eq!(sick["counts"], true);
    let reason = &sick["reason"];
    for key in ["words", "target_group", "target", "state", "code"] {
        assert!(reason[key].is_string(), "{key}: {reason}");
    }
    let well = lines.iter().find(|it| it["health"] == "HEALTHY").unwrap();
    assert!(well["reason"].is_null(), "{well}");
}

#[test]
fn reasons_may_be_spared_or_refused_and_the_verdict_is_the_same() {
    let house = House::named("demo");
    let run = |arguments: &str| {
        let line = format!("$Q health -p prod -r eu-west-1 {arguments}");
        house.cli().shell(&line).assert_code(1)
    };
    let asked = || {
        let requests = house.sandbox.requests();
        let asked = requests
            .iter()
            .filter(|it| it.service == "elasticloadbalancing");
        asked.count()
    };
    let spared = run("--no-reasons");
    assert_eq!((asked(), spared.stderr.as_str()), (0, ""), "{spared}");
    inject(&house, "elasticloadbalancing", FaultKind::AccessDenied);
    let refused = run("");
    assert!(refused.stdout.contains("unknown: not allowed"), "{refused}");
    assert!(
        refused
            .stderr
            .contains("elasticloadbalancing:DescribeLoadBalancers"),
        "{refused}"
    );
}

#[test]
fn what_cannot_be_told_is_neither_healthy_nor_unhealthy() {
    let house = House::named("demo");
    let place = Place::account("210987654321").service("globalaccelerator");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = house
        .cli()
        .shell("$Q health -p prod,staging -r us-east-1")
        .assert_code(4);
    assert!(
        said.stderr.contains("globalaccelerator:ListAccelerators"),
        "{said}"
    );
    let said = house.cli().shell("$Q health -p staging").assert_code(3);
    assert_eq!(said.stdout, "");

    let house = House::named("demo");
    inject(
        &house,
        "globalaccelerator",
        FaultKind::ServerError { status: 500 },
    );
    let said = house.cli().shell("$Q health -p prod").assert_code(4);
    assert_eq!(said.stdout, "");
    assert!(said.stderr.contains("the accelerators"), "{said}");
}

#[test]
fn nothing_to_check_is_said_and_is_no_success() {
    let house = House::of(&Scenario::grid(1, 1));
    let said = house.cli().shell("$Q health").assert_code(4);
    insta::assert_snapshot!(said, @r"
    exit code 4
    --- stderr
    There is no accelerator in grid: globalaccelerator:ListAccelerators and ListCustomRoutingAccelerators, asked in us-west-2, have none. There is nothing to check.
    ");
    let house = House::named("demo");
    let said = house
        .cli()
        .shell("$Q health -p prod -r sa-east-1")
        .assert_code(4);
    insta::assert_snapshot!(said, @r"
    exit code 4
    --- stderr
    There is nothing to check: no enabled, standard accelerator has an endpoint with a weight here.
    ");
}

#[test]
fn a_balancer_of_another_account_is_asked_there_if_the_fleet_has_it() {
    let house = strange();
    let alone = house.cli().shell("$Q health -p prod").assert_code(1);
    assert_said("health-strange", &alone);
    let both = house
        .cli()
        .shell("$Q health -p prod,staging")
        .assert_code(1);
    assert!(
        both.stdout
            .contains("pods 0/2: Target.ResponseCodeMismatch"),
        "{both}"
    );
    let requests = house.sandbox.requests();
    let asked = requests
        .iter()
        .filter(|it| it.operation == "DescribeLoadBalancers");
    let places: Vec<_> = asked
        .map(|it| (it.account.as_str(), it.region.as_str()))
        .collect();
    assert!(
        places.contains(&("210987654321", "us-east-1")),
        "{places:?}"
    );
    assert!(
        !places.contains(&("123456789012", "us-east-1")),
        "{places:?}"
    );
}

#[test]
fn waiting_has_an_end_and_tells_what_is_left() {
    let house = strange();
    let said = house
        .cli()
        .shell("$Q health -p prod,staging -r us-east-1 --wait healthy --timeout 2s")
        .assert_code(1);
    insta::assert_snapshot!(said, @r"
    exit code 1
    --- stdout
    HEALTH     ACCOUNT  ACCELERATOR  LISTENER  REGION     ENDPOINT  WEIGHT  REASON
    UNHEALTHY  prod     edge         TCP 443   us-east-1  theirs    128     pods 0/2: Target.ResponseCodeMismatch, Health checks failed with these codes: [502]
    --- stderr
    After 2s 1 of 1 endpoints are not healthy.
    ");
    let said = House::named("demo")
        .cli()
        .shell("$Q health -p prod -r us-east-1 --wait healthy --timeout 1h")
        .assert_code(0);
    assert!(said.stdout.contains("HEALTHY"), "{said}");
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_asked() {
    let house = House::named("calm");
    for (arguments, part) in [
        ("--wait well", "healthy"),
        ("--wait healthy --timeout soon", "is no span of time"),
        ("--wait healthy --timeout 0s", "leaves no time to wait"),
        ("--wait healthy --timeout 10", "is no span of time"),
        ("--timeout 10m", "--wait"),
        ("--every 5s", "--every"),
        ("eu-west-1", "unexpected argument"),
    ] {
        let said = house
            .cli()
            .shell(&format!("$Q health {arguments}"))
            .assert_code(2);
        assert_eq!(said.stdout, "", "{said}");
        assert!(said.stderr.contains(part), "{said}");
    }
    assert_eq!(house.sandbox.requests().len(), 0);
}

#[test]
fn a_change_is_told_as_it_comes_and_ends_the_wait() {
    let house = strange();
    let screen = house
        .shell("exec $Q health -p prod,staging -r us-east-1 --watch --wait healthy --timeout 5m")
        .size(200, 30)
        .open();
    screen.wait_for_text("UNHEALTHY  prod");
    house.sandbox.clock().advance(Duration::from_mins(20));
    // The cadence is 15 seconds, which is longer than a test waits for a screen.
    let _ = house.cli().shell("sleep 9");
    screen.wait_for_text("UNHEALTHY -> HEALTHY");
    let _ = screen.exit().assert_code(0);
}

#[test]
fn watching_ends_with_an_interrupt() {
    let house = House::named("demo");
    let screen = house
        .shell("exec $Q health -p prod -r us-east-1 --watch --no-reasons; echo no")
        .size(200, 50)
        .open();
    screen.wait_for_text("game-sessions");
    screen.signal(Signal::INT);
    let _ = screen.exit().assert_code(0);
}
