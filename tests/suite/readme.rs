//! The README's tables are made from the program's own; this compares them, or with `QUARTERDECK_UPDATE=1` writes them.

use quarterdeck::cli::Exit;
use quarterdeck::config::Keymap;
use quarterdeck::config::print;
use std::fmt::Write;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

#[test]
fn the_generated_parts_of_the_readme_are_up_to_date() {
    let written = std::fs::read_to_string(README).unwrap();
    let mut fresh = written.clone();
    for (part, text) in parts() {
        fresh = replaced(&fresh, part, &text);
    }
    if crate::support::update() {
        std::fs::write(README, fresh).unwrap();
    } else {
        assert!(
            fresh == written,
            "The README is stale. Run `QUARTERDECK_UPDATE=1 cargo test readme` and look at the difference."
        );
    }
}

fn parts() -> Vec<(&'static str, String)> {
    vec![
        (
            "policy",
            format!("```json\n{}\n```\n", quarterdeck::aws::reading_policy()),
        ),
        ("commands", print::reference(&Keymap::standard())),
        ("exit codes", exit_codes()),
        (
            "configuration",
            format!("```toml\n{}```\n", print::example()),
        ),
        ("roles", print::roles()),
    ]
}

fn exit_codes() -> String {
    let mut rows = String::from("| exit code | meaning |\n| --- | --- |\n");
    for exit in Exit::ALL {
        writeln!(rows, "| {} | {} |", exit.code(), exit.meaning()).unwrap();
    }
    writeln!(rows, "| 128 + N | {} |", Exit::BY_SIGNAL).unwrap();
    rows
}

/// Puts `text` between the markers of `part`.
fn replaced(readme: &str, part: &str, text: &str) -> String {
    let opening = format!("<!-- generated: {part} -->\n");
    let (before, rest) = readme
        .split_once(&opening)
        .unwrap_or_else(|| panic!("The README has no place for {part}."));
    let (_, after) = rest
        .split_once("<!-- /generated -->")
        .expect("every opening marker has a closing one");
    format!(
        "{before}{opening}{}\n<!-- /generated -->{after}",
        text.trim_end()
    )
}
