//! The program's own vocabulary as Markdown tables: what `--print` shows and the README contains.

pub use super::options::example;

use super::{Keymap, Role};
use crate::command::{COMMANDS, Context};
use std::fmt::Write;

/// Every command: its name, what it does, and its verb on the command line.
pub fn commands() -> String {
    let mut table =
        String::from("| command | what it does | command line |\n| --- | --- | --- |\n");
    for spec in COMMANDS {
        let verb = spec
            .cli
            .map(|verb| format!("`quarterdeck {verb}`"))
            .unwrap_or_default();
        let _ = writeln!(table, "| {} | {} | {verb} |", spec.name, spec.help);
    }
    table
}

/// Every command that has keys, context by context.
pub fn keymap(keymap: &Keymap) -> String {
    let mut table = String::from("| where | keys | what they do |\n| --- | --- | --- |\n");
    for spec in COMMANDS {
        for context in Context::ALL {
            let here = keymap
                .bindings()
                .filter(|(of, _, command)| *of == context && *command == spec.command);
            let keys: Vec<String> = here
                .map(|(_, sequence, _)| format!("`{sequence}`"))
                .collect();
            if !keys.is_empty() {
                let _ = writeln!(
                    table,
                    "| {} | {} | {} |",
                    context.name(),
                    keys.join(" "),
                    spec.help
                );
            }
        }
    }
    table
}

/// Every role of a theme.
pub fn roles() -> String {
    let mut table = String::from("| role | what it is for |\n| --- | --- |\n");
    for role in Role::ALL {
        let _ = writeln!(table, "| `{}` | {} |", role.name(), role.help());
    }
    table
}
