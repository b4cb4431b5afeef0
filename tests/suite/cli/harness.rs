//! The harness of command-line runs itself, on lines of shell.

use crate::support::cli::Cli;

#[test]
fn outputs_and_the_code_are_kept_apart() {
    let said = Cli::new()
        .shell("echo out; echo err >&2; exit 4")
        .assert_code(4);
    insta::assert_snapshot!(said, @r"
    exit code 4
    --- stdout
    out
    --- stderr
    err
    ");
}

#[test]
fn what_differs_from_run_to_run_is_normalised() {
    let said = Cli::new().shell("echo $HOME/x http://127.0.0.1:43121/ 0b6cdd8a-7c9f-4d0e-9a1c-2f6f7e8a9b0c; printf '\\033[1m'");
    insta::assert_snapshot!(said.normalised_stdout(), @r"
    $HOME/x http://127.0.0.1:[port]/ [uuid]
    ␛[1m
    ");
}

#[test]
fn only_the_given_variables_arrive() {
    let said = Cli::new()
        .env("QUARTERDECK_THEME", "light")
        .shell("env | grep -c QUARTERDECK; echo $COLUMNS $TZ");
    assert_eq!(said.stdout, "1\n100 UTC\n");
}

#[test]
fn input_is_given_and_json_is_read() {
    let said = Cli::new().shell_with("cat", "{\"name\": \"a\"}\n{\"name\": \"b\"}\n");
    let names: Vec<_> = said
        .json_lines()
        .iter()
        .map(|line| line["name"].clone())
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_signal_is_not_a_code() {
    let said = Cli::new().shell("kill -9 $$");
    assert_eq!(said.code(), None);
    assert!(said.to_string().starts_with("ended by signal 9"), "{said}");
}
