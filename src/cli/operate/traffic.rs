//! `dial`, `drain`, `restore`: the endpoint group of one region of an accelerator.

use crate::cli::arguments::text;
use crate::cli::endpoints::{self, Regions};
use crate::cli::fetch::Fetched;
use crate::cli::output;
use crate::cli::{Exit, Session};
use crate::command;
use crate::config::seconds;
use crate::domain::operation::{GroupWish, Operation};
use crate::domain::untrusted::sanitise;
use crate::domain::{Accelerator, EndpointGroup, Routing, Scope};
use clap::{Arg, ArgMatches, Command};

/// Which group, and what is wanted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedTraffic {
    /// The accelerator by name or ARN, or the group by ARN.
    name: String,
    regions: Regions,
    change: Change,
}

/// As it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Dial(String),
    Drain(Option<String>),
    Restore,
}

/// Adds what one of the verbs takes.
pub(super) fn verb(command: Command, of: command::Command) -> Command {
    let name = Arg::new("name")
        .value_name("ACCELERATOR")
        .required(true)
        .help("The accelerator, by name or ARN, with `-r` for the region; or the endpoint group's ARN");
    let command = command.arg(name);
    match of {
        command::Command::Dial => command.arg(
            Arg::new("percent")
                .value_name("PERCENT")
                .required(true)
                .help("How much of its traffic the region takes: 0 to 100"),
        ),
        command::Command::Drain => command.arg(
            Arg::new("restore-after")
                .long("restore-after")
                .value_name("SPAN")
                .help("Dial it up again by itself after so long: 30m, 2h"),
        ),
        _ => command,
    }
}

pub(super) fn by_verb(matches: &ArgMatches, of: command::Command) -> WantedTraffic {
    WantedTraffic {
        name: text(matches, "name").unwrap_or_default(),
        regions: Regions::by_verb(matches),
        change: match of {
            command::Command::Dial => Change::Dial(text(matches, "percent").unwrap_or_default()),
            command::Command::Drain => Change::Drain(text(matches, "restore-after")),
            _ => Change::Restore,
        },
    }
}

pub(super) async fn operation(
    session: &mut Session,
    wanted: &WantedTraffic,
) -> Result<Operation, Exit> {
    let said = |sentence: String| {
        output::say(&sentence);
        Exit::Usage
    };
    // What cannot be read is said before anything is asked.
    let (percent, restore_after) = match &wanted.change {
        Change::Dial(text) => (percent(text).map_err(said)?, None),
        Change::Drain(Some(text)) => (0.0, Some(seconds(text).map_err(said)?)),
        Change::Drain(None) | Change::Restore => (0.0, None),
    };
    let group = group(session, wanted).await?;
    Ok(match wanted.change {
        Change::Dial(_) => Operation::Dial { group, percent },
        Change::Drain(_) => Operation::Drain {
            group,
            restore_after,
        },
        Change::Restore => Operation::Restore { group },
    })
}

/// Reads `50` or `50%`. The error is a sentence.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    let number: Option<f64> = number.parse().ok();
    let number = number.filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| {
        let text = sanitise(text);
        format!("`{text}` is no dial: write a number from 0 to 100.")
    })
}

/// The one group that is meant.
async fn group(session: &mut Session, wanted: &WantedTraffic) -> Result<GroupWish, Exit> {
    let mut fetched = Fetched::default();
    let questions = endpoints::survey(&mut fetched, session).await;
    let branches = endpoints::branches(&fetched.store, &questions, &wanted.regions);
    let is_named = |accelerator: &Accelerator| {
        accelerator.name.exact() == wanted.name || accelerator.arn.exact() == wanted.name
    };
    let mut known = endpoints::accelerators(&fetched.store, &questions);
    let named = known.any(|(_, accelerator)| is_named(accelerator));
    let mut found: Vec<(&Scope, &EndpointGroup)> = Vec::new();
    for branch in &branches {
        let accelerator = branch.accelerator;
        if accelerator.routing != Routing::Standard {
            continue;
        }
        if let Some(group) = branch.group
            && (is_named(accelerator) || group.arn.exact() == wanted.name)
        {
            found.push((branch.scope, group));
        }
    }
    let name = sanitise(&wanted.name);
    match found.as_slice() {
        [(scope, group)] => Ok(GroupWish {
            scope: (*scope).clone(),
            group: group.arn.clone(),
            region: group.region.clone(),
        }),
        [] => {
            fetched.say_problems();
            let exit = endpoints::exit(&fetched, &questions);
            output::say(&if named {
                format!("The accelerator `{name}` has no endpoint group in that region.")
            } else {
                format!("There is no accelerator or endpoint group `{name}` here.")
            });
            Err(match exit {
                Exit::Done => Exit::Usage,
                exit => exit,
            })
        }
        several => {
            let groups: Vec<String> = several
                .iter()
                .map(|(_, group)| format!("{} in {}", group.arn, group.region.safe()))
                .collect();
            output::say(&format!(
                "`{name}` has {} endpoint groups here; choose one with `-r`, or by its ARN: {}.",
                groups.len(),
                groups.join(", ")
            ));
            Err(Exit::Usage)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "what is written is what is read")]
    fn a_dial_is_a_number_from_nought_to_a_hundred() {
        for (text, number) in [("0", 0.0), ("50%", 50.0), ("12.5", 12.5), ("100 %", 100.0)] {
            assert_eq!(percent(text).unwrap(), number, "{text}");
        }
        for text in ["", "half", "-1", "101", "NaN", "inf", "\u{1b}[2J"] {
            let sentence = percent(text).unwrap_err();
            assert!(sentence.contains("is no dial"), "{sentence}");
            assert!(!sentence.contains('\u{1b}'));
        }
    }
}
