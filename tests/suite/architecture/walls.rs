//! The table of walls: what each room may import, and what it must never name.
//!
//! Imports go down only. One crate cannot have these walls built by Cargo, so this table and the scan beside it
//! hold them. To open a door, change the table and say why in the commit.

use super::source::{Path, Source};

/// A room of `src/`: a directory, or a single file at its top.
pub(super) struct Room {
    name: &'static str,
    /// Paths of ours it may name, without `crate::`. A room may always name itself.
    may: &'static [&'static str],
    /// Paths of others it must not name; a trailing `*` stands for every crate that begins so.
    never: &'static [&'static str],
    /// Exceptions to `never`.
    save: &'static [&'static str],
}

/// Clocks of the machine. Whoever needs the time is given it, or demo, tests and screenshots disagree.
macro_rules! but_no_clock_and {
    ($($path:literal),* $(,)?) => {
        &["std::time::SystemTime", "std::time::Instant", "chrono::Utc::now", "chrono::Local", $($path),*]
    };
}

pub(super) const ROOMS: &[Room] = &[
    Room {
        name: "domain",
        may: &[],
        never: but_no_clock_and![
            "tokio",
            "ratatui",
            "crossterm",
            "aws_*",
            "hyper",
            "std::fs",
            "std::env",
            "std::net"
        ],
        save: &[],
    },
    Room {
        name: "command",
        may: &["domain"],
        never: but_no_clock_and![
            "tokio",
            "ratatui",
            "crossterm",
            "aws_*",
            "hyper",
            "std::fs",
            "std::env",
            "std::net"
        ],
        save: &[],
    },
    Room {
        name: "config",
        may: &["domain", "command"],
        never: &["tokio", "crossterm", "aws_*", "hyper", "ratatui"],
        save: &["ratatui::style"],
    },
    Room {
        name: "aws",
        may: &["domain"],
        never: &["ratatui", "crossterm"],
        save: &[],
    },
    Room {
        name: "engine",
        may: &["domain", "aws"],
        never: &["ratatui", "crossterm", "aws_*"],
        save: &[],
    },
    Room {
        name: "app",
        may: &["domain", "command", "config", "engine::message"],
        never: but_no_clock_and![
            "tokio",
            "ratatui",
            "crossterm",
            "aws_*",
            "hyper",
            "std::fs",
            "std::env",
            "std::net"
        ],
        save: &[],
    },
    Room {
        name: "ui",
        may: &["domain", "command", "config", "app"],
        never: but_no_clock_and![
            "tokio",
            "crossterm",
            "aws_*",
            "hyper",
            "std::fs",
            "std::env",
            "std::net"
        ],
        save: &[],
    },
    Room {
        name: "cli",
        may: &["domain", "command", "config", "engine"],
        never: &["ratatui", "aws_*"],
        save: &[],
    },
    Room {
        name: "tui",
        may: &["domain", "command", "config", "engine", "app", "ui"],
        never: &["aws_*"],
        save: &[],
    },
    Room {
        // Another building: it must not share our mistakes. The SDK's codecs are codecs, not logic of ours.
        name: "sandbox",
        may: &[],
        never: &["ratatui", "crossterm", "aws_*"],
        save: &[
            "aws_smithy_cbor",
            "aws_smithy_xml",
            "aws_smithy_eventstream",
            "aws_smithy_types",
        ],
    },
    Room {
        // Wires the parts, so it names one thing of each; what they do is none of its business.
        name: "main",
        may: &[
            "domain", "config", "aws", "engine", "app", "ui::Look", "cli", "tui", "sandbox",
        ],
        never: &["ratatui", "crossterm", "aws_*"],
        save: &[],
    },
    Room {
        name: "lib",
        may: &[],
        never: &[],
        save: &[],
    },
];

impl Room {
    /// The room that a file stands in: `src/app/stacks.rs` in `app`, `src/tui.rs` in `tui`.
    pub(super) fn of(file: &str) -> Option<&'static Self> {
        let inner = file.strip_prefix("src/")?;
        let name = inner.split(['/', '.']).next()?;
        ROOMS.iter().find(|room| room.name == name)
    }

    /// Every line of `source` that looks over a wall, as a sentence each.
    pub(super) fn breaches(&self, source: &Source) -> Vec<String> {
        let wrong = source
            .paths
            .iter()
            .filter_map(|path| Some((path, self.breach(path)?)));
        wrong
            .map(|(path, why)| format!("{}:{}: `{path}`: {why}", source.name, path.line))
            .collect()
    }

    fn breach(&self, path: &Path) -> Option<String> {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            // The binary is a crate of its own and calls the library by its name.
            ["crate" | "quarterdeck", rest @ ..] if is_room(rest) => {
                let allowed = self
                    .may
                    .iter()
                    .chain([&self.name])
                    .any(|may| leads_to(may, rest));
                (!allowed).then(|| format!("`{}` may import only {:?}.", self.name, self.may))
            }
            ["crate" | "quarterdeck", ..] | [_] | [] => None,
            outside => {
                let never = self.never.iter().find(|never| leads_to(never, outside))?;
                let saved = self.save.iter().any(|save| leads_to(save, outside));
                (!saved).then(|| format!("`{}` must never name `{never}`.", self.name))
            }
        }
    }
}

fn is_room(path: &[&str]) -> bool {
    ROOMS.iter().any(|room| path.first() == Some(&room.name))
}

/// Whether `path` is at `rule` or below it.
fn leads_to(rule: &str, path: &[&str]) -> bool {
    if let Some(beginning) = rule.strip_suffix('*') {
        return path
            .first()
            .is_some_and(|first| first.starts_with(beginning));
    }
    let rule: Vec<&str> = rule.split("::").collect();
    path.starts_with(&rule)
}
