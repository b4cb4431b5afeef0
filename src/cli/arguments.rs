//! The command line: built from the table of verbs, read into a [`Door`].

use super::accelerators::{self, WantedAccelerators};
use super::alarms::{self, WantedAlarms};
use super::events::Follow;
use super::functions::{self, WantedFunctions};
use super::health::{self, WantedHealth};
use super::log::{self, Logs};
use super::metrics::{self, WantedMetrics};
use super::operate::{self, Operate};
use super::ops::{self, Ops};
use super::output::Format;
use super::stacks::{Fingerprints, Nested};
use crate::command::{self, COMMANDS, Spec};
use crate::config::{Flags, Glyphs, When};
use crate::domain::Timestamp;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, value_parser};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Arguments {
    pub flags: Flags,
    pub door: Door,
    /// For tests: the address of a sandbox that somebody else runs.
    pub sandbox_at: Option<SocketAddr>,
    /// For tests and screenshots: the moment at which the house's clock stands still.
    pub now: Option<Timestamp>,
    /// For tests: where to panic.
    pub panic: Option<String>,
}

/// The ways in.
#[derive(Clone, Debug)]
pub enum Door {
    Screen,
    /// The screen on a sandbox of its own.
    Demo(String),
    Verb(Verb),
    Sandbox {
        port: u16,
        scenario: String,
    },
    Completions(clap_complete::Shell),
    Manual,
    Print(Print),
}

/// What can be said on the command line about the fleet.
#[derive(Clone, Debug)]
pub enum Verb {
    Stacks {
        statuses: Vec<String>,
        nested: Nested,
        fingerprints: Fingerprints,
        format: Format,
    },
    Events {
        stack: String,
        follow: Follow,
        format: Format,
    },
    Functions {
        wanted: WantedFunctions,
        format: Format,
    },
    Metrics {
        wanted: WantedMetrics,
        format: Format,
    },
    Alarms {
        wanted: WantedAlarms,
        format: Format,
    },
    Accelerators {
        wanted: WantedAccelerators,
        format: Format,
    },
    Health {
        wanted: WantedHealth,
        format: Format,
    },
    /// Whatever changes something.
    Operate {
        asked: Box<Operate>,
        format: Format,
    },
    Ops {
        asked: Box<Ops>,
        format: Format,
    },
    /// By `--tail` or by `logs`. Boxed, because it is larger than all else together.
    Logs(Box<Logs>),
}

/// The program's own vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Print {
    Commands,
    Keymap,
    Roles,
    Config,
}

/// The scenario of a demo that names none.
const DEMO: &str = "demo";
/// The port that other small AWS servers use too.
const PORT: u16 = 4566;

/// The command line as clap knows it: for parsing, completions and the man page.
pub fn command_line() -> Command {
    let mut line = Command::new("quarterdeck")
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .long_about(concat!(
            env!("CARGO_PKG_DESCRIPTION"),
            "\n\nWithout a command it opens the screen: CloudFormation stacks of every account and region side by side."
        ))
        .after_help(exit_codes())
        .args(global())
        .args(hidden())
        .arg(
            Arg::new("demo")
                .long("demo")
                .value_name("SCENARIO")
                .num_args(0..=1)
                .default_missing_value(DEMO)
                .help("Open the screen on a sandbox with a fleet of its own; nothing leaves this machine"),
        )
        .arg(
            Arg::new("print")
                .long("print")
                .value_name("WHAT")
                .value_parser(value_parser!(Print))
                .help("Print the commands, the keys, the theme roles or an example fleet file"),
        );
    line = log::flag(line);
    for spec in COMMANDS {
        if let Some(verb) = spec.cli {
            line = line.subcommand(subcommand(verb, spec));
        }
    }
    line
}

fn subcommand(verb: &'static str, spec: &Spec) -> Command {
    // Clap shows help without the full stop everywhere else.
    let command = Command::new(verb).about(spec.help.trim_end_matches('.'));
    let output = || {
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("FORMAT")
            .value_parser(value_parser!(Format))
            .default_value("table")
            .help("A table for reading, or one JSON object per line")
    };
    match spec.command {
        command::Command::ViewStacks => command
            .arg(
                Arg::new("status")
                    .long("status")
                    .value_name("STATUS")
                    .action(ArgAction::Append)
                    .value_delimiter(',')
                    .help("Only these: AWS's words, globs (*_FAILED), or ok, moving, failed, rolled-back, rolling-back, review"),
            )
            .arg(
                Arg::new("fingerprints")
                    .long("fingerprints")
                    .action(ArgAction::SetTrue)
                    .help("Tell versions by the templates' hashes where the fleet file names nothing else: a call for each stack"),
            )
            .arg(Arg::new("nested").long("nested").action(ArgAction::SetTrue).help("List nested stacks too"))
            .arg(output()),
        command::Command::Events => command
            .arg(Arg::new("stack").value_name("STACK").required(true).help("The stack's name, wherever it stands, or its ARN"))
            .arg(Arg::new("follow").short('f').long("follow").action(ArgAction::SetTrue).help("Go on until interrupted: Ctrl-C ends it with exit code 0"))
            .arg(output()),
        command::Command::ViewLambda => functions::verb(command).arg(output()),
        command::Command::Charts => metrics::verb(command).arg(output()),
        command::Command::ViewAlarms => alarms::verb(command).arg(output()),
        command::Command::ViewAccelerator => command.arg(output()),
        command::Command::Health => health::verb(command).arg(output()),
        command::Command::Tail => log::verb(command),
        of @ (command::Command::Deploy
        | command::Command::Rollback
        | command::Command::Stop
        | command::Command::Start
        | command::Command::Dial
        | command::Command::Drain
        | command::Command::Restore) => operate::verb(command, of).arg(output()),
        command::Command::ViewOperations => ops::verb(command).arg(output()),
        command::Command::Sandbox => command
            .arg(
                Arg::new("port")
                    .long("port")
                    .value_name("PORT")
                    .value_parser(value_parser!(u16))
                    .default_value("4566")
                    .help("The port to listen on; 0 for any that is free"),
            )
            .arg(Arg::new("scenario").long("scenario").value_name("NAME").default_value(DEMO).help("The world to serve")),
        command::Command::Completions => {
            command.arg(Arg::new("shell").value_name("SHELL").required(true).value_parser(value_parser!(clap_complete::Shell)))
        }
        _ => command,
    }
}

fn global() -> Vec<Arg> {
    let list = |name: &'static str, short: char| {
        Arg::new(name)
            .short(short)
            .long(name)
            .action(ArgAction::Append)
            .value_delimiter(',')
            .global(true)
    };
    let path = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .global(true)
    };
    let name = |name: &'static str| Arg::new(name).long(name).value_name("NAME").global(true);
    vec![
        list("profile", 'p')
            .value_name("PROFILE")
            .help("Accounts of the fleet file, or AWS profiles; lists and globs"),
        list("region", 'r')
            .value_name("REGION")
            .help("Regions; lists and globs, '*' for every enabled one"),
        path("config").help("The fleet file, instead of fleet.toml in the configuration directory"),
        name("theme").help("The theme"),
        name("keymap").help("The keymap"),
        Arg::new("read-only")
            .long("read-only")
            .action(ArgAction::SetTrue)
            .global(true)
            .help(
                "Refuse every request that could change something, whatever the fleet file allows",
            ),
        Arg::new("ascii")
            .long("ascii")
            .action(ArgAction::SetTrue)
            .global(true)
            .help("Draw with ASCII characters only"),
        Arg::new("color")
            .long("color")
            .value_name("WHEN")
            .value_parser(
                PossibleValuesParser::new(When::NAMES).try_map(|name| name.parse::<When>()),
            )
            .default_value("auto")
            .global(true)
            .help("Use colours"),
    ]
}

fn hidden() -> Vec<Arg> {
    vec![
        Arg::new("sandbox-at")
            .long("sandbox-at")
            .value_parser(value_parser!(SocketAddr))
            .hide(true)
            .global(true),
        Arg::new("now")
            .long("now")
            .value_parser(value_parser!(Timestamp))
            .hide(true)
            .global(true),
        Arg::new("panic").long("panic").hide(true).global(true),
    ]
}

fn exit_codes() -> String {
    use std::fmt::Write;
    let mut text = String::from("Exit codes:\n");
    for exit in super::Exit::ALL {
        let _ = writeln!(text, "  {:>3}  {}", exit.code(), exit.meaning());
    }
    let _ = write!(text, "  128+N  {}", super::Exit::BY_SIGNAL);
    text
}

/// Reads the command line. The error prints itself, in clap's words, and knows its exit code.
pub fn parse(
    words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<Arguments, clap::Error> {
    let matches = command_line().try_get_matches_from(words)?;
    let (inner, door) = match matches.subcommand() {
        Some((verb, inner)) => (inner, by_verb(verb, inner)),
        None => (&matches, by_flag(&matches)),
    };
    Ok(Arguments {
        flags: flags(inner),
        door,
        sandbox_at: inner.get_one("sandbox-at").copied(),
        now: inner.get_one("now").copied(),
        panic: inner.get_one("panic").cloned(),
    })
}

fn by_flag(matches: &ArgMatches) -> Door {
    if let Some(logs) = log::by_flag(matches) {
        return Door::Verb(Verb::Logs(Box::new(logs)));
    }
    match (
        matches.get_one::<Print>("print"),
        matches.get_one::<String>("demo"),
    ) {
        (Some(print), _) => Door::Print(*print),
        (None, Some(scenario)) => Door::Demo(scenario.clone()),
        (None, None) => Door::Screen,
    }
}

fn by_verb(verb: &str, matches: &ArgMatches) -> Door {
    let spec = COMMANDS
        .iter()
        .find(|spec| spec.cli == Some(verb))
        .expect("clap was given the verbs of the table and no other");
    let format = || matches.get_one("output").copied().unwrap_or_default();
    match spec.command {
        command::Command::ViewStacks => Door::Verb(Verb::Stacks {
            statuses: texts(matches, "status"),
            fingerprints: if matches.get_flag("fingerprints") {
                Fingerprints::Asked
            } else {
                Fingerprints::Spared
            },
            nested: if matches.get_flag("nested") {
                Nested::Shown
            } else {
                Nested::Hidden
            },
            format: format(),
        }),
        command::Command::Events => Door::Verb(Verb::Events {
            stack: text(matches, "stack").unwrap_or_default(),
            follow: if matches.get_flag("follow") {
                Follow::Yes
            } else {
                Follow::No
            },
            format: format(),
        }),
        command::Command::ViewLambda => Door::Verb(Verb::Functions {
            wanted: functions::by_verb(matches),
            format: format(),
        }),
        command::Command::Charts => Door::Verb(Verb::Metrics {
            wanted: metrics::by_verb(matches),
            format: format(),
        }),
        command::Command::ViewAlarms => Door::Verb(Verb::Alarms {
            wanted: alarms::by_verb(matches),
            format: format(),
        }),
        command::Command::ViewAccelerator => Door::Verb(Verb::Accelerators {
            wanted: accelerators::by_verb(matches),
            format: format(),
        }),
        command::Command::Health => Door::Verb(Verb::Health {
            wanted: health::by_verb(matches),
            format: format(),
        }),
        of @ (command::Command::Deploy
        | command::Command::Rollback
        | command::Command::Stop
        | command::Command::Start
        | command::Command::Dial
        | command::Command::Drain
        | command::Command::Restore) => Door::Verb(Verb::Operate {
            asked: Box::new(operate::by_verb(matches, of)),
            format: format(),
        }),
        command::Command::ViewOperations => Door::Verb(Verb::Ops {
            asked: Box::new(ops::by_verb(matches)),
            format: format(),
        }),
        command::Command::Tail => Door::Verb(Verb::Logs(Box::new(log::by_verb(matches)))),
        command::Command::Sandbox => Door::Sandbox {
            port: matches.get_one("port").copied().unwrap_or(PORT),
            scenario: text(matches, "scenario").unwrap_or_else(|| DEMO.into()),
        },
        command::Command::Completions => Door::Completions(
            matches
                .get_one("shell")
                .copied()
                .unwrap_or(clap_complete::Shell::Bash),
        ),
        command::Command::Manual => Door::Manual,
        // Whoever gives another command a verb meets this in the test that tries them all.
        other => unreachable!("`{other}` has a verb and no door"),
    }
}

fn flags(matches: &ArgMatches) -> Flags {
    Flags {
        config: matches.get_one("config").cloned(),
        profiles: texts(matches, "profile"),
        regions: texts(matches, "region"),
        theme: text(matches, "theme"),
        keymap: text(matches, "keymap"),
        glyphs: matches.get_flag("ascii").then_some(Glyphs::Ascii),
        color: matches.get_one("color").copied().unwrap_or_default(),
        read_only: matches.get_flag("read-only"),
    }
}

pub(super) fn text(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

pub(super) fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches
        .get_many::<String>(name)
        .into_iter()
        .flatten()
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command_line().debug_assert();
    }

    #[test]
    fn every_verb_of_the_table_leads_to_a_door() {
        for spec in COMMANDS.iter().filter(|spec| spec.cli.is_some()) {
            let verb = spec.cli.unwrap();
            let words: &[&str] = match verb {
                "events" => &["quarterdeck", "events", "api"],
                "metrics" => &["quarterdeck", "metrics", "api"],
                "logs" => &["quarterdeck", "logs", "/aws/lambda/api"],
                "completions" => &["quarterdeck", "completions", "fish"],
                "dial" => &["quarterdeck", "dial", "shop", "50"],
                "deploy" | "rollback" | "stop" | "start" | "drain" | "restore" => {
                    &["quarterdeck", verb, "api"]
                }
                _ => &["quarterdeck", verb],
            };
            let door = parse(words).unwrap().door;
            assert!(
                !matches!(door, Door::Screen | Door::Demo(_)),
                "{verb}: {door:?}"
            );
        }
    }

    #[test]
    fn flags_work_before_and_after_the_verb() {
        for words in [
            ["quarterdeck", "-r", "eu-*,us-east-1", "stacks"],
            ["quarterdeck", "stacks", "-r", "eu-*,us-east-1"],
        ] {
            assert_eq!(parse(words).unwrap().flags.regions, ["eu-*", "us-east-1"]);
        }
    }
}
