//! Pipes: plain bytes, and a closed one is no error. (Scorecard 6.)

use crate::support::cli::Cli;
use crate::support::house::House;
use quarterdeck::domain::untrusted::sanitise;
use serde_json::Value;

#[test]
fn a_pipe_gets_no_escape_sequence_whatever_the_data_says() {
    let house = House::named("hostile");
    for arguments in [
        "stacks",
        "stacks -o json",
        "stacks --nested",
        "functions",
        "functions --aliases -o json",
        "alarms",
        "alarms -o json",
        "events \"$(printf 'escape\\033[31mred')\"",
        "events \"$(printf 'escape\\033[31mred')\" -o json",
    ] {
        let said = house.cli().shell(&format!("$Q {arguments}"));
        let acting: Vec<char> = said
            .stdout
            .chars()
            .chain(said.stderr.chars())
            .filter(|character| acts(*character) && !joins(*character))
            .collect();
        assert_eq!(acting, Vec::<char>::new(), "{arguments}");
        assert!(said.stdout.lines().count() > 1, "{arguments}: {said}");
    }
}

/// Whether the sanitiser would not show it as it is.
fn acts(character: char) -> bool {
    let alone = character.to_string();
    character != '\n' && sanitise(&alone) != alone
}

/// What may stand in a table between emoji, where the sanitiser leaves it.
fn joins(character: char) -> bool {
    matches!(character, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

#[test]
fn json_escapes_what_acts_and_stays_exact() {
    let house = House::named("hostile");
    let said = house.cli().shell("$Q stacks -o json");
    assert!(!said.stdout.chars().any(acts), "{said}");
    let texts: String = said.json_lines().iter().flat_map(texts).collect();
    for hostile in ['\x1b', '\u{9b}', '\u{202e}'] {
        assert!(texts.contains(hostile), "{hostile:?}: {said}");
    }
}

/// Every text in a value, keys too.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| [vec![key.clone()], texts(value)].concat())
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

#[test]
fn colours_come_only_when_asked_for() {
    let house = House::named("calm");
    let said = house
        .cli()
        .shell("$Q stacks --color always -r eu-west-1")
        .assert_code(0);
    assert!(said.stdout.contains('\x1b'));
    let said = house
        .cli()
        .env("NO_COLOR", "1")
        .shell("$Q stacks -r eu-west-1")
        .assert_code(0);
    assert!(!said.stdout.contains('\x1b'));
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let house = House::named("calm");
    let said = house.cli().shell("{ $Q stacks; echo $? >&2; } | head -n 1");
    assert_eq!(
        (said.stdout.lines().count(), said.stderr.as_str()),
        (1, "0\n"),
        "{said}"
    );
}

/// What is printed without asking AWS.
const PRINTED: [&str; 7] = [
    "completions bash",
    "completions fish",
    "man",
    "--print commands",
    "--print keymap",
    "--print roles",
    "--print config",
];

#[test]
fn what_nobody_reads_is_no_fault_of_ours() {
    let cli = Cli::new();
    for arguments in PRINTED {
        // The reader says that it is gone before the first byte is written.
        let said = cli.shell(&format!(
            "mkfifo gone; {{ read -r _ < gone; quarterdeck {arguments}; echo $? >&2; }} | {{ exec <&-; echo > gone; }}; rm gone"
        ));
        assert_eq!(said.stderr, "0\n", "{arguments}: {said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_in_a_sentence() {
    let house = House::named("calm");
    let cli = house.cli();
    let others = ["stacks", "stacks -o json", "sandbox --port 0"];
    for arguments in PRINTED.iter().chain(&others) {
        let said = cli
            .shell(&format!("$Q {arguments} > /dev/full"))
            .assert_code(1);
        assert_eq!(
            said.stderr,
            "Standard output cannot be written: No space left on device (os error 28).\n",
            "{arguments}"
        );
    }
}
