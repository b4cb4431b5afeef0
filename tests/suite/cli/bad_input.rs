//! What the operator got wrong: one sentence, the nearest valid name, exit code 2, nothing on stdout.

use crate::support::cli::Cli;
use crate::support::house::House;

#[test]
fn an_unknown_name_is_one_sentence_with_the_nearest() {
    let house = House::named("calm");
    for (arguments, nearest) in [
        ("stacks -r eu-wset-1", "eu-west-1"),
        ("stacks -p prdo", "prod"),
        ("stacks --theme ligth", "light"),
        ("stacks --keymap vmi", "vim"),
    ] {
        let said = house.cli().shell(&format!("$Q {arguments}")).assert_code(2);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.lines().count()),
            ("", 1),
            "{arguments}: {said}"
        );
        assert!(
            said.stderr.contains(&format!("`{nearest}`")),
            "{arguments}: {said}"
        );
    }
    let said = Cli::new()
        .shell("quarterdeck sandbox --scenario dmeo")
        .assert_code(2);
    assert!(said.stderr.contains("\"demo\""), "{said}");
}

#[test]
fn without_a_terminal_there_is_no_screen() {
    for arguments in ["", "--demo"] {
        let said = Cli::new()
            .shell(&format!("quarterdeck {arguments}"))
            .assert_code(2);
        assert_eq!(said.stderr.lines().count(), 1, "{said}");
        assert!(said.stderr.contains("needs a terminal"), "{said}");
    }
}

#[test]
fn a_port_that_is_taken_is_said_with_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let said = Cli::new()
        .shell(&format!("quarterdeck sandbox --port {}", address.port()))
        .assert_code(1);
    assert_eq!(
        (said.stdout.as_str(), said.stderr.lines().count()),
        ("", 1),
        "{said}"
    );
    assert!(
        said.stderr.contains(&address.to_string()) && said.stderr.contains("`--port 0`"),
        "{said}"
    );
}

#[test]
fn a_fleet_file_that_is_no_file_is_refused_at_once() {
    let cli = Cli::new();
    for file in ["/dev/zero", "/", "pipe"] {
        let said = cli
            .shell(&format!(
                "test -p pipe || mkfifo pipe; quarterdeck stacks --config {file}"
            ))
            .assert_code(2);
        assert_eq!(said.stderr.lines().count(), 1, "{said}");
        assert!(said.stderr.contains("it is not a regular file"), "{said}");
    }
}

#[test]
fn a_fleet_file_without_a_usable_account_is_told_with_its_line() {
    let cli = Cli::new();
    cli.home().write("bad.toml", "\n[[account]]\nname = 1\n");
    let said = cli
        .shell("quarterdeck stacks --config bad.toml")
        .assert_code(2);
    assert_eq!(
        said.stderr,
        "No account of bad.toml can be used. Line 3: `name` has to be a text in quotes, not an integer.\n"
    );
}

#[test]
fn a_mistake_in_the_fleet_file_is_told_with_its_line_and_the_rest_works() {
    let house = House::named("calm");
    let cli = house.cli();
    let fleet = format!(
        "{}\n[[account]]\nname = \"broken\"\ngaurd = \"typed\"\n",
        house.sandbox.fleet()
    );
    let line = fleet.lines().count();
    cli.home().write("other.toml", &fleet);
    let said = cli.shell("$Q stacks -p prod -r eu-west-1 --config other.toml");
    assert!(
        said.stderr.contains(&format!("other.toml:{line}")) && said.stderr.contains("guard"),
        "{said}"
    );
    assert!(said.stdout.contains("checkout-api"), "{said}");
}

#[test]
fn the_help_of_the_command_line_names_every_verb_and_exit_code() {
    let said = Cli::new().shell("quarterdeck --help").assert_code(0);
    for word in [
        "stacks",
        "events",
        "sandbox",
        "completions",
        "man",
        "--demo",
        "Exit codes",
    ] {
        assert!(said.stdout.contains(word), "{word}: {said}");
    }
    for (verb, word) in [("completions bash", "complete"), ("man", ".TH quarterdeck")] {
        let said = Cli::new()
            .shell(&format!("quarterdeck {verb}"))
            .assert_code(0);
        assert!(said.stdout.contains(word), "{verb}: {said}");
    }
}

#[test]
fn a_pattern_of_regions_that_none_fits_is_said() {
    let house = House::named("calm");
    for verb in ["stacks", "events checkout-api"] {
        let said = house
            .cli()
            .shell(&format!("$Q {verb} -p prod -r 'xx-*'"))
            .assert_code(2);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.as_str()),
            ("", "No enabled region of prod fits `xx-*`.\n")
        );
    }
}

#[test]
fn a_status_that_no_stack_can_have_is_said() {
    let house = House::named("calm");
    for (status, nearest) in [
        ("UPDATE_FALIED", "UPDATE_FAILED"),
        ("faild", "failed"),
        ("ok,*_FAILURE", "failed"),
    ] {
        let said = house
            .cli()
            .shell(&format!("$Q stacks --status '{status}'"))
            .assert_code(2);
        assert_eq!(
            (said.stdout.as_str(), said.stderr.lines().count()),
            ("", 1),
            "{said}"
        );
        assert!(said.stderr.contains(&format!("`{nearest}`")), "{said}");
    }
    for status in ["update_*", "unknown", "Rolled-Back"] {
        let said = house.cli().shell(&format!("$Q stacks --status '{status}'"));
        let _ = said.assert_code(0);
    }
}
