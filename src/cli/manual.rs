//! `quarterdeck man`: one page for the whole program, made from the tables that the program itself reads.

use super::{Exit, command_line};
use crate::config::environment::VARIABLES;
use clap_mangen::Man;
use std::fmt::Write as _;
use std::io;

/// The files of the operator and ours, with what stands in them.
const FILES: [(&str, &str); 8] = [
    (
        "~/.config/quarterdeck/fleet.toml",
        "The fleet: accounts, regions, and how the screen looks. `quarterdeck --print config` prints an example.",
    ),
    (
        "~/.config/quarterdeck/keymap.toml",
        "Your own keys, over whichever keymap is chosen.",
    ),
    (
        "~/.config/quarterdeck/keymaps/, ~/.config/quarterdeck/themes/",
        "Keymaps and themes to choose from.",
    ),
    (
        "~/.aws/config, ~/.aws/credentials",
        "The profiles that every AWS tool reads.",
    ),
    (
        "~/.local/state/quarterdeck/quarterdeck.log",
        "What QUARTERDECK_LOG asks for.",
    ),
    (
        "~/.local/state/quarterdeck/operations/",
        "The journals of operations, and what stacks were like before each.",
    ),
    (
        "~/.local/state/quarterdeck/audit.jsonl",
        "What was done in AWS, and by whom.",
    ),
    (
        "~/.local/state/quarterdeck/panics.log",
        "Faults of Quarterdeck.",
    ),
];

/// The man page.
pub fn manual() -> io::Result<Vec<u8>> {
    let whole = Man::new(command_line());
    let mut page = Vec::new();
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    for verb in command_line().get_subcommands() {
        page.extend(command(verb)?.into_bytes());
    }
    let exits = Exit::ALL.map(|exit| (exit.code().to_string(), exit.meaning()));
    let exits = exits
        .iter()
        .map(|(code, meaning)| (code.as_str(), *meaning));
    let signal = ("128+N", Exit::BY_SIGNAL);
    page.extend(section("EXIT STATUS", exits.chain([signal])).into_bytes());
    page.extend(section("ENVIRONMENT", VARIABLES).into_bytes());
    page.extend(section("FILES", FILES).into_bytes());
    whole.render_version_section(&mut page)?;
    Ok(page)
}

/// A command of its own section; the options of every command stand above, once.
fn command(verb: &clap::Command) -> io::Result<String> {
    let name = format!("quarterdeck {}", verb.get_name());
    let man = Man::new(
        verb.clone()
            .bin_name(&name)
            .disable_help_flag(true)
            .disable_version_flag(true),
    );
    let mut parts = Vec::new();
    man.render_synopsis_section(&mut parts)?;
    man.render_description_section(&mut parts)?;
    if verb.get_arguments().next().is_some() {
        man.render_options_section(&mut parts)?;
    }
    let parts = String::from_utf8_lossy(&parts).replace(".SH ", ".SS ");
    Ok(format!(".SH \"{}\"\n{parts}", name.to_uppercase()))
}

/// A list of terms, each with a sentence.
fn section<'a>(name: &str, terms: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = format!(".SH \"{name}\"\n");
    for (term, sentence) in terms {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            ".TP\n\\fB{}\\fR\n{}",
            escaped(term),
            escaped(sentence)
        );
    }
    text
}

/// Text as roff shows it unchanged, whatever it begins with.
fn escaped(text: &str) -> String {
    // The last two are typographic signs to roff unless they are named.
    let escaped = text
        .replace('\\', "\\\\")
        .replace('-', "\\-")
        .replace('~', "\\(ti")
        .replace('`', "\\(ga");
    if text.starts_with(['.', '\'']) {
        format!("\\&{escaped}")
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_command_option_and_variable() {
        let page = String::from_utf8(manual().unwrap()).unwrap();
        for verb in command_line().get_subcommands() {
            let heading = format!(".SH \"QUARTERDECK {}\"", verb.get_name().to_uppercase());
            assert!(page.contains(&heading), "{heading}");
            for option in verb.get_arguments().filter_map(|option| option.get_long()) {
                let option = format!("\\-\\-{}", escaped(option));
                assert!(page.contains(&option), "{option}");
            }
        }
        for (variable, _) in VARIABLES {
            assert!(page.contains(&format!("\\fB{variable}\\fR")), "{variable}");
        }
        assert!(!page.contains("sandbox-at") && !page.contains("sandbox\\-at"));
    }
}
