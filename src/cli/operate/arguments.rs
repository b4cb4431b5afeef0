//! What the verbs that change something take.

use super::deploy::{self, WantedDeploy};
use super::target::{self, WantedRollback};
use super::traffic::{self, WantedTraffic};
use crate::cli::arguments::text;
use crate::command;
use clap::{Arg, ArgAction, ArgMatches, Command};

/// What is to be done, and on which terms.
#[derive(Clone, Debug)]
pub struct Operate {
    pub(super) what: What,
    pub(super) terms: Terms,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Deploy(Box<WantedDeploy>),
    Rollback(WantedRollback),
    /// A stack's name or ARN.
    Stop(String),
    Start(String),
    Traffic(WantedTraffic),
}

/// What the command line says to whatever plan comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Terms {
    pub(super) agreement: Agreement,
    pub(super) trial: Trial,
    pub(super) detail: super::Detail,
    /// A comment that approves of every gate that wants it.
    pub(in crate::cli) approval: Option<String>,
}

/// What was agreed to beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Agreement {
    None,
    /// Whatever a key is enough for.
    Yes,
    /// The text that the plan asks to be typed.
    Text(String),
}

/// Whether it is only tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    No,
    Yes,
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

fn named(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

/// Adds what one of the verbs takes.
pub(in crate::cli) fn verb(command: Command, of: command::Command) -> Command {
    let stack = || {
        Arg::new("name")
            .value_name("STACK")
            .required(true)
            .help("The stack's name, in every chosen region where it stands, or its ARN")
    };
    let command = match of {
        command::Command::Deploy => deploy::verb(command),
        command::Command::Rollback => target::verb(command),
        command::Command::Dial | command::Command::Drain | command::Command::Restore => {
            traffic::verb(command, of)
        }
        _ => command.arg(stack()),
    };
    terms(command)
        .arg(flag("dry-run", "Print the plan, and do nothing"))
        .arg(flag(
            "commands",
            "Print each call as a command line of `aws` too",
        ))
}

/// Adds how a plan is agreed to.
pub(in crate::cli) fn terms(command: Command) -> Command {
    command
        .arg(flag(
            "yes",
            "Agree to the plan, where a key press would be enough",
        ))
        .arg(
            named(
                "agree",
                "TEXT",
                "Agree to the plan with the text that it asks for",
            )
            .conflicts_with("yes"),
        )
        .arg(named(
            "approve",
            "COMMENT",
            "Approve of every gate that waits for it, with this comment",
        ))
}

pub(in crate::cli) fn terms_of(matches: &ArgMatches) -> Terms {
    let is_set = |name| matches.try_get_one::<bool>(name).ok().flatten() == Some(&true);
    Terms {
        agreement: match text(matches, "agree") {
            Some(text) => Agreement::Text(text),
            None if is_set("yes") => Agreement::Yes,
            None => Agreement::None,
        },
        trial: if is_set("dry-run") {
            Trial::Yes
        } else {
            Trial::No
        },
        detail: if is_set("commands") {
            super::Detail::Commands
        } else {
            super::Detail::Words
        },
        approval: text(matches, "approve"),
    }
}

pub(in crate::cli) fn by_verb(matches: &ArgMatches, of: command::Command) -> Operate {
    let name = || text(matches, "name").unwrap_or_default();
    Operate {
        what: match of {
            command::Command::Deploy => What::Deploy(Box::new(deploy::by_verb(matches))),
            command::Command::Rollback => What::Rollback(target::by_verb(matches)),
            command::Command::Stop => What::Stop(name()),
            command::Command::Start => What::Start(name()),
            _ => What::Traffic(traffic::by_verb(matches, of)),
        },
        terms: terms_of(matches),
    }
}
