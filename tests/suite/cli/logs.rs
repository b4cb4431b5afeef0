//! `quarterdeck --tail` and `quarterdeck logs`: what is read, what is said, and how it ends.

use crate::support::cli::Said;
use crate::support::house::House;
use crate::support::screen::Signal;
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::Duration;

/// Three regions, and every line known.
const WORLD: &str = r#"
seed = 7

[logs]
rate = 0.0

[[account]]
id = "123456789012"
name = "prod"
colour = "red"
guard = "typed"
access_key = "123456789012"
regions = ["us-east-1", "eu-west-1", "us-west-2"]

[blueprint.shop]
resources = ["Api AWS::Lambda::Function", "Own AWS::Logs::LogGroup", "Role AWS::IAM::Role"]

[[stack]]
name = "shop"
blueprint = "shop"
version = "v1"
on.regions = ["us-east-1", "eu-west-1"]

[[log_line]]
group = "/app/orders"
on.regions = ["us-east-1"]
stream = "one"
at = -240.0
message = "INFO order 1 taken"

[[log_line]]
group = "/app/orders"
on.regions = ["eu-west-1"]
stream = "two"
at = -239.5
message = "ERROR order 2 failed"

[[log_line]]
group = "/app/orders"
on.regions = ["us-east-1"]
stream = "one"
at = -239.0
message = "WARN order 3 is slow\n"

[[log_line]]
group = "/app/orders"
on.regions = ["eu-west-1"]
stream = "two"
at = -30.0
message = '{"level":"info","order":{"id":4},"text":"tab\there"}'

[[log_line]]
group = "/app/orders"
on.regions = ["eu-west-1"]
stream = "two"
at = -10.0
late = 20.0
message = "INFO order 5 comes late"

[[log_line]]
group = "/app/payments"
on.regions = ["us-west-2"]
stream = "pay"
at = -100.0
message = "INFO paid"
"#;

pub(super) fn house() -> House {
    House::of(&Scenario::parse(WORLD).unwrap())
}

fn deny(house: &House, region: &str) {
    let place = Place::region(region).service("logs");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
}

pub(super) fn run(house: &House, arguments: &str) -> Said {
    house.cli().shell(&format!("$Q {arguments}"))
}

#[test]
fn regions_come_as_one_stream_by_time_and_the_last_line_accounts_for_it() {
    let house = house();
    let said = run(&house, "logs /app/orders --since 1h").assert_code(0);
    assert_eq!(
        said.stdout,
        "2026-11-20T14:28:07.000Z us-east-1 /app/orders INFO order 1 taken\n\
         2026-11-20T14:28:07.500Z eu-west-1 /app/orders ERROR order 2 failed\n\
         2026-11-20T14:28:08.000Z us-east-1 /app/orders WARN order 3 is slow\n\
         2026-11-20T14:31:37.000Z eu-west-1 /app/orders {\"level\":\"info\",\"order\":{\"id\":4},\"text\":\"tab\\there\"}\n"
    );
    let expected = "`/app/orders` exists in 2 of 3 regions that answered: prod/us-east-1, prod/eu-west-1.\n\
         4 events read from 2 log groups (prod/eu-west-1 2, prod/us-east-1 2), 4 printed; \
         0 late, 0 repeats left out, no holes, not sampled, throttled never.";
    assert!(said.stderr.starts_with(expected), "{said}");
    let said = run(&house, "logs /app/orders --since 1h --until 3m").assert_code(0);
    assert!(
        said.stderr.ends_with("throttled never.\n"),
        "long over, so all of it is there: {said}"
    );
}

#[test]
fn a_tail_until_now_reads_what_is_there_and_ends() {
    let house = house();
    let said = run(&house, "--tail /app/orders --since 10m --until now").assert_code(0);
    assert_eq!(said.stdout.lines().count(), 4, "{said}");
}

#[test]
fn what_makes_no_sense_is_one_sentence_and_code_2() {
    let house = house();
    for (arguments, part) in [
        ("logs ''", "names no log group"),
        ("--tail g lambda:", "`lambda:` names no log group"),
        ("--tail g --end 5m", "`--until now` reads what is there"),
        ("logs g --since 1h --until 2h", "is not after the start"),
        ("logs g --since 5y", "`y` is none of"),
        ("logs g --since yesterday", "is no moment"),
        ("logs g --for 5m", "nothing is followed here"),
        (
            "logs g --grep '(a'",
            "`--grep` cannot be read: unclosed group",
        ),
        ("logs g --level eror", "did you mean `ERROR`?"),
        ("logs g --format template", "needs a `--template`"),
        ("logs g --template x", "is for `--format template`"),
        (
            "logs g --format template --template '{{x'",
            "The template cannot be read",
        ),
        (
            "logs /app/order",
            "no log group `/app/order` here; did you mean `/app/orders`?",
        ),
        ("logs payment", "did you mean `/app/payments`?"),
        ("logs '/nothing/*'", "No log group fits `/nothing/*`."),
        (
            "logs stack:shpo",
            "no stack `shpo` here; did you mean `shop`?",
        ),
        (
            "logs lambda:nobody",
            "no function with a log group `nobody` here",
        ),
        ("logs \"$(printf '\\033[2J')\"", "no log group `␛[2J` here"),
    ] {
        let said = run(&house, arguments).assert_code(2);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.lines().count()),
            ("", 1),
            "{arguments}: {said}"
        );
        assert!(said.stderr.contains(part), "{arguments}: {said}");
    }
}

#[test]
fn a_pattern_that_cloudwatch_refuses_is_said_once_and_is_code_2() {
    let house = house();
    for verb in ["logs", "--tail"] {
        let said = run(&house, &format!("{verb} '/app/*' --filter '{{ $.level = '")).assert_code(2);
        let (account, refusals): (Vec<&str>, Vec<&str>) = said
            .stderr
            .lines()
            .filter(|line| !line.contains("exists in"))
            .partition(|line| line.contains("events read"));
        assert_eq!((account.len(), refusals.len()), (1, 1), "{said}");
    }
}

#[test]
fn one_region_that_refuses_is_one_line_and_the_others_go_on() {
    let house = house();
    deny(&house, "us-east-1");
    let said = run(&house, "logs /app/orders --since 1h").assert_code(4);
    assert_eq!(said.stdout.lines().count(), 2, "{said}");
    let lines: Vec<&str> = said.stderr.lines().collect();
    assert!(
        lines[0].contains("us-east-1") && lines[0].contains("logs:DescribeLogGroups"),
        "{said}"
    );
    assert!(lines[2].contains("Not read: prod/us-east-1."), "{said}");
    assert_eq!(lines.len(), 3, "{said}");
    deny(&house, "");
    let said = run(&house, "logs /app/orders --since 1h").assert_code(3);
    assert_eq!(said.stdout, "", "{said}");
}

#[test]
fn what_may_stand_in_a_region_that_refuses_keeps_nobody_from_reading_the_rest() {
    let house = house();
    deny(&house, "us-east-1");
    let said = run(&house, "logs /app/orders /app/gone --since 1h").assert_code(4);
    assert_eq!(said.stdout.lines().count(), 2, "{said}");
    assert!(
        said.stderr.contains("`/app/gone`, but it may stand where"),
        "{said}"
    );
}

#[test]
fn a_region_in_which_only_events_are_refused_is_told_too() {
    let house = house();
    let place = Place::region("eu-west-1")
        .service("logs")
        .operation("FilterLogEvents");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let said = run(&house, "logs /app/orders --since 1h").assert_code(4);
    assert_eq!(said.stdout.lines().count(), 2, "{said}");
    assert!(said.stderr.contains("logs:FilterLogEvents"), "{said}");
}

#[test]
fn a_region_that_refuses_while_the_others_are_followed_is_told_once_and_in_the_code() {
    let house = house();
    let place = Place::region("eu-west-1")
        .service("logs")
        .operation("FilterLogEvents");
    house
        .sandbox
        .inject(Fault::new(place, FaultKind::AccessDenied));
    let screen = house
        .shell("exec $Q --tail /app/orders --since 1h")
        .size(200, 30)
        .open();
    screen.wait_for_text("logs:FilterLogEvents");
    screen.wait_for_text("order 3 is slow");
    screen.signal(Signal::INT);
    let _ = screen.exit().assert_code(4);
}

#[test]
fn functions_and_stacks_lead_to_their_groups() {
    let house = House::named("demo");
    let groups = |selector: &str| {
        let said = house.cli().shell(&format!(
            "$Q logs {selector} -p prod -r us-east-1,eu-west-1 --since 10m -o json"
        ));
        let mut groups: Vec<String> = said
            .json_lines()
            .iter()
            .map(|line| {
                format!(
                    "{} {}",
                    line["region"].as_str().unwrap(),
                    line["group"].as_str().unwrap()
                )
            })
            .collect();
        groups.sort();
        groups.dedup();
        groups
    };
    assert_eq!(
        groups("lambda:checkout-api-Function"),
        [
            "eu-west-1 /aws/lambda/checkout-api-Function",
            "us-east-1 /aws/lambda/checkout-api-Function"
        ]
    );
    let stack = groups("stack:checkout-api");
    assert!(
        stack.contains(&"eu-west-1 /aws/lambda/checkout-api-Function".to_owned()),
        "{stack:?}"
    );
    assert!(
        stack.iter().any(|group| group.contains("Workers")),
        "nested stacks too: {stack:?}"
    );
    assert_eq!(groups("'/aws/lambda/checkout-api-F*'").len(), 2);
}

#[test]
fn events_are_sifted_here_and_by_the_service() {
    let house = house();
    for (arguments, messages) in [
        (
            "--grep 'order [23]'",
            &["ERROR order 2 failed", "WARN order 3 is slow"][..],
        ),
        (
            "--grep taken --grep slow",
            &["INFO order 1 taken", "WARN order 3 is slow"],
        ),
        ("--exclude order.?.? --exclude level", &[]),
        (
            "--level warn",
            &["ERROR order 2 failed", "WARN order 3 is slow"],
        ),
        ("--filter ERROR", &["ERROR order 2 failed"]),
        ("--first 1", &["INFO order 1 taken"]),
    ] {
        let said = run(
            &house,
            &format!("logs /app/orders --since 1h {arguments} --format template --template '{{{{message}}}}'"),
        )
        .assert_code(0);
        let lines: Vec<&str> = said.stdout.lines().collect();
        assert_eq!(lines, messages, "{arguments}: {said}");
    }
}

#[test]
fn the_first_event_that_must_not_be_ends_it_with_code_1_after_it_was_printed() {
    let house = house();
    let said = run(&house, "--tail /app/orders --fail-on 'order 2'").assert_code(1);
    assert!(said.stdout.ends_with("ERROR order 2 failed\n"), "{said}");
    assert_eq!(said.stdout.lines().count(), 2, "{said}");
}

#[test]
fn half_a_character_costs_no_event_and_what_cannot_be_read_is_a_hole_that_is_told() {
    let house = House::named("hostile");
    let said = run(&house, "logs /hostile/poison --since 10m").assert_code(4);
    for (message, times) in [
        ("before the poison", 3),
        ("half a surrogate pair", 2),
        ("after the poison", 3),
    ] {
        assert_eq!(said.stdout.matches(message).count(), times, "{said}");
    }
    let lines: Vec<&str> = said.stderr.lines().collect();
    let hole = "Events of prod/us-east-1 /hostile/poison from 2026-11-20T14:31:27.000Z until 2026-11-20T14:31:27.000Z could not be read: ";
    assert!(lines[0].starts_with(hole), "{said}");
    assert!(
        lines[1].contains("8 printed; ") && lines[1].contains(" 1 hole,"),
        "{said}"
    );
    assert_eq!(lines.len(), 2, "{said}");
}

#[test]
fn a_reader_that_goes_ends_it_at_once_though_nothing_happens() {
    let house = house();
    let said = house.cli().shell(
        "{ $Q --tail /app/orders --since 2m; echo $? >&2; } | head -n 1; { $Q --tail /app/payments --since 1s; echo $? >&2; } | true",
    );
    let codes: Vec<&str> = said.stderr.lines().filter(|line| line.len() == 1).collect();
    assert_eq!(codes, ["0", "0"], "{said}");
    assert_eq!(said.stdout.lines().count(), 1, "{said}");
}

#[test]
fn late_events_are_marked_usr1_accounts_and_ctrl_c_ends_with_code_0() {
    let house = house();
    let screen = house
        .shell("exec $Q --tail /app/orders -r eu-west-1 --since 2m")
        .size(200, 30)
        .open();
    screen.wait_for_text("\"id\":4");
    screen.signal(Signal::USR1);
    screen.wait_for_text("1 event read from 1 log group (prod/eu-west-1 1), 1 printed; 0 late");
    house.sandbox.clock().advance(Duration::from_secs(15));
    screen.wait_for_text("INFO order 5 comes late");
    screen.signal(Signal::INT);
    let ended = screen.exit().assert_code(0);
    assert!(
        ended.seen.contains("2 events read from 1 log group"),
        "{}",
        ended.seen
    );
}

#[test]
fn an_event_that_comes_after_newer_ones_says_how_late_it_is() {
    let house = House::of(&Scenario::parse(&WORLD.replace("at = -30.0", "at = -5.0")).unwrap());
    let screen = house
        .shell("exec $Q --tail /app/orders -r eu-west-1 --since 2m")
        .size(200, 30)
        .open();
    screen.wait_for_text("\"id\":4");
    house.sandbox.clock().advance(Duration::from_secs(15));
    screen.wait_for_text("(5.000 s late) INFO order 5 comes late");
    screen.signal(Signal::INT);
    let ended = screen.exit().assert_code(0);
    assert!(ended.seen.contains("1 late"), "{}", ended.seen);
}

#[test]
fn following_for_a_while_ends_by_itself() {
    let house = house();
    let said = run(&house, "--tail /app/orders --since 1h --for 1s").assert_code(0);
    assert_eq!(said.stdout.lines().count(), 4, "{said}");
    assert!(
        said.stderr
            .lines()
            .last()
            .unwrap()
            .starts_with("4 events read"),
        "{said}"
    );
}
