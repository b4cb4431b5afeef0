//! What `ops` takes.

use crate::cli::arguments::text;
use crate::cli::operate::{self, terms_of};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgMatches, Command};

/// What is wanted, and of which run.
#[derive(Clone, Debug)]
pub struct Ops {
    pub(super) action: Action,
    pub(super) id: Option<String>,
    /// What goes with an approval, a rejection or an end to baking.
    pub(super) comment: String,
    pub(super) terms: operate::Terms,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    List,
    Show,
    Stats,
    Resume,
    Reverse,
    Abandon,
    Approve,
    Reject,
    Cancel,
    SkipBake,
}

const ACTIONS: [(&str, Action, &str); 10] = [
    (
        "list",
        Action::List,
        "Every operation that this machine knows, unfinished ones first",
    ),
    (
        "show",
        Action::Show,
        "What an operation was to do, and what has become of it",
    ),
    (
        "stats",
        Action::Stats,
        "How often operations succeed and how long they take, by target and wave",
    ),
    (
        "resume",
        Action::Resume,
        "Go on with one that nobody runs any more, from where AWS stands",
    ),
    (
        "reverse",
        Action::Reverse,
        "Undo what one that nobody runs any more has done",
    ),
    (
        "abandon",
        Action::Abandon,
        "Leave one that nobody runs any more as it is",
    ),
    ("approve", Action::Approve, "Let the next wave begin"),
    ("reject", Action::Reject, "End one before its next wave"),
    (
        "cancel",
        Action::Cancel,
        "Begin nothing new, and cancel updates of stacks that can be",
    ),
    (
        "skip-bake",
        Action::SkipBake,
        "End the waiting between two waves",
    ),
];

/// Adds what `ops` takes.
pub(in crate::cli) fn verb(command: Command) -> Command {
    let actions = ACTIONS.map(|(name, _, help)| PossibleValue::new(name).help(help));
    let command = command
        .arg(
            Arg::new("action")
                .value_name("ACTION")
                .value_parser(PossibleValuesParser::new(actions))
                .default_value("list")
                .help("What is wanted"),
        )
        .arg(Arg::new("id").value_name("ID").help(
            "The operation, by its id or the beginning or end of it; without one, the newest",
        ))
        .arg(
            Arg::new("comment")
                .long("comment")
                .value_name("TEXT")
                .help("What goes with an approval, a rejection, or an end to the baking"),
        );
    operate::terms(command)
}

pub(in crate::cli) fn by_verb(matches: &ArgMatches) -> Ops {
    let word = text(matches, "action").unwrap_or_default();
    let found = ACTIONS.iter().find(|(name, _, _)| *name == word);
    Ops {
        action: found.map_or(Action::List, |(_, action, _)| *action),
        id: text(matches, "id"),
        comment: text(matches, "comment").unwrap_or_default(),
        terms: terms_of(matches),
    }
}
