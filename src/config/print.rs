//! The program's own vocabulary as Markdown tables: what `--print` shows and the README contains.

pub use super::options::example;

use super::{Keymap, Role};
use crate::command::{COMMANDS, Context, Spec};
use std::fmt::Write;

/// Every command: its name, what it does, and its verb on the command line.
pub fn commands() -> String {
    let mut table =
        String::from("| command | what it does | command line |\n| --- | --- | --- |\n");
    for spec in COMMANDS {
        let _ = writeln!(table, "| {} | {} | {} |", spec.name, spec.help, verb(spec));
    }
    table
}

/// Every command with all that leads to it: keys, place by place, and the verb.
pub fn reference(keymap: &Keymap) -> String {
    let mut table = String::from(
        "| command | keys | what it does | command line |\n| --- | --- | --- | --- |\n",
    );
    for spec in COMMANDS {
        let places = Context::ALL.into_iter().filter_map(|context| {
            let keys = keys(keymap, context, spec)?;
            Some(format!("{}: {keys}", context.name()))
        });
        let places = places.collect::<Vec<_>>().join("; ");
        let verb = verb(spec);
        let _ = writeln!(
            table,
            "| {} | {places} | {} | {verb} |",
            spec.name, spec.help
        );
    }
    table
}

/// Every command that has keys, context by context.
pub fn keymap(keymap: &Keymap) -> String {
    let mut table = String::from("| where | keys | what they do |\n| --- | --- | --- |\n");
    for spec in COMMANDS {
        for context in Context::ALL {
            if let Some(keys) = keys(keymap, context, spec) {
                let _ = writeln!(table, "| {} | {keys} | {} |", context.name(), spec.help);
            }
        }
    }
    table
}

/// The keys of a command in one place, if it has any there.
fn keys(keymap: &Keymap, context: Context, spec: &Spec) -> Option<String> {
    let here = keymap
        .bindings()
        .filter(|(of, _, command)| *of == context && *command == spec.command);
    let keys: Vec<String> = here
        .map(|(_, sequence, _)| format!("`{sequence}`"))
        .collect();
    (!keys.is_empty()).then(|| keys.join(" "))
}

fn verb(spec: &Spec) -> String {
    spec.cli
        .map(|verb| format!("`quarterdeck {verb}`"))
        .unwrap_or_default()
}

/// Every role of a theme.
pub fn roles() -> String {
    let mut table = String::from("| role | what it is for |\n| --- | --- |\n");
    for role in Role::ALL {
        let _ = writeln!(table, "| `{}` | {} |", role.name(), role.help());
    }
    table
}
