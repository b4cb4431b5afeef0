//! The lines of `quarterdeck --tail` and `quarterdeck logs`, in every form.

use super::logs::{house, run};
use crate::support::house::House;

#[test]
fn json_and_templates_have_every_field() {
    let house = house();
    let said = run(&house, "logs /app/orders -r eu-west-1 --since 1m -o json").assert_code(0);
    let lines = said.json_lines();
    let keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "time", "account", "region", "group", "stream", "id", "ingested", "level", "message"
        ]
    );
    assert_eq!(lines[0]["time"], "2026-11-20T14:31:37.000Z");
    assert_eq!(lines[0]["level"], "INFO");
    assert_eq!(
        lines[0]["message"],
        r#"{"level":"info","order":{"id":4},"text":"tab\there"}"#
    );
    let template = "{{time}} {{account}} {{region}} {{group}} {{stream}} {{level}} {{json.order.id}} {{json.text}} {{json.none.at.all}}.";
    let said = run(
        &house,
        &format!(
            "logs /app/orders -r eu-west-1 --since 1m --format template --template '{template}'"
        ),
    );
    assert_eq!(
        said.stdout,
        "2026-11-20T14:31:37.000Z prod eu-west-1 /app/orders two INFO 4 tab  here .\n"
    );
}

#[test]
fn times_are_local_unless_they_are_asked_for_in_utc() {
    let house = house();
    let first = |arguments: &str| {
        let cli = house.cli().env("TZ", "XYZ-5:30");
        let said = cli.shell(&format!(
            "$Q logs /app/orders --since 1h --first 1 {arguments}"
        ));
        said.stdout.split(' ').next().unwrap().to_owned()
    };
    assert_eq!(first(""), "2026-11-20T19:58:07.000+05:30");
    assert_eq!(first("--utc"), "2026-11-20T14:28:07.000Z");
    assert!(first("-o json").starts_with("{\"time\":\"2026-11-20T14:28:07.000Z\""));
}

#[test]
fn what_acts_on_a_terminal_is_shown_and_json_is_exact() {
    let house = House::named("hostile");
    let command = "$Q logs /hostile/lines -r us-east-1 --since 10m";
    let said = house.cli().shell(command).assert_code(0);
    assert_eq!(said.stdout.lines().count(), 5, "one line an event");
    let acts = |character: &char| character.is_control() && *character != '\n';
    assert_eq!(said.stdout.chars().find(acts), None);
    let json = house
        .cli()
        .shell(&format!("{command} -o json"))
        .assert_code(0);
    assert_eq!(json.stdout.chars().find(acts), None);
    let messages: Vec<String> = json
        .json_lines()
        .iter()
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        messages[0],
        "\u{1b}]0;owned\u{7} then \u{1b}[2J\u{1b}[1;1H and \u{9b}31m red, bell \u{7}, backspace \u{8}\u{8}\u{8}, carriage\roverwritten."
    );
    assert!(
        messages[1].contains("\r\nnext\u{2028}line\u{85}here"),
        "{}",
        messages[1]
    );
    assert!(messages[4].len() > 999_000, "{}", messages[4].len());
    let raw = house
        .cli()
        .shell(&format!(
            "{command} --raw --format template --template '{{{{message}}}}' --first 1"
        ))
        .assert_code(0);
    assert_eq!(raw.stdout, format!("{}\n", messages[0]));
}

#[test]
fn a_terminal_gets_colours_and_no_raw_bytes() {
    let house = house();
    let screen = house
        .shell("$Q logs /app/orders --since 1h; $Q logs /app/orders --raw; echo code $?")
        .size(200, 30)
        .open();
    let ended = screen.exit().assert_code(0);
    assert!(
        ended.seen.contains("`--raw` is refused on a terminal"),
        "{}",
        ended.seen
    );
    assert!(ended.seen.contains("code 2"), "{}", ended.seen);
    let colour = |region: &str| {
        let rows = ended.seen.rows();
        let place = rows.iter().enumerate().find_map(|(row, text)| {
            let column = text.find(&format!("{region} /app"))?;
            Some((u16::try_from(column).unwrap(), u16::try_from(row).unwrap()))
        });
        let (column, row) = place.unwrap();
        ended.seen.cell(column, row).unwrap().fgcolor()
    };
    assert_ne!(colour("us-east-1"), vt100::Color::Default);
    assert_ne!(colour("us-east-1"), colour("eu-west-1"));
}
