//! Pipes: plain bytes, and a closed one is no error. (Scorecard 6.)

use crate::support::house::House;

#[test]
fn a_pipe_gets_no_escape_sequence_whatever_the_data_says() {
    let house = House::named("hostile");
    for arguments in ["stacks", "stacks -o json", "stacks --nested"] {
        let said = house.cli().shell(&format!("$Q {arguments}"));
        let bytes = said.stdout.bytes().chain(said.stderr.bytes());
        let controls: Vec<u8> = bytes
            .filter(|byte| *byte < 0x20 && *byte != b'\n' || *byte == 0x7f)
            .collect();
        assert_eq!(controls, Vec::<u8>::new(), "{arguments}");
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
