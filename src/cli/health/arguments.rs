//! What `health` takes.

use crate::cli::arguments::text;
use crate::cli::endpoints::Regions;
use crate::domain::log::moment::duration;
use crate::domain::untrusted::sanitise;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::time::Duration;

/// How long it waits when nobody says so.
const TIMEOUT: &str = "10m";

/// Which endpoints, and what else is wanted of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedHealth {
    pub(super) regions: Regions,
    pub(super) reasons: Reasons,
    pub(super) watching: Watching,
    /// As it was written, if something is waited for.
    pub(super) timeout: Option<String>,
}

/// Whether the balancers are asked why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reasons {
    Asked,
    Spared,
}

/// Whether changes are printed as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watching {
    No,
    /// Until somebody interrupts, or what is waited for has come.
    Yes,
}

/// Adds what `health` takes.
pub(in crate::cli) fn verb(command: Command) -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    command
        .arg(flag("no-reasons", "Do not ask load balancers why an endpoint is not healthy"))
        .arg(flag("watch", "Then print every change, looked for every 15 seconds, until interrupted: Ctrl-C ends it with exit code 0"))
        .arg(
            Arg::new("wait")
                .long("wait")
                .value_name("STATE")
                .value_parser(PossibleValuesParser::new(["healthy"]))
                .help("Wait until every endpoint is healthy, INITIAL ones too; ends with 1 if they are not in time"),
        )
        .arg(
            Arg::new("timeout")
                .long("timeout")
                .value_name("SPAN")
                .requires("wait")
                .help("How long --wait waits: 90s, 10m, 1h [default: 10m]"),
        )
        .after_help("Ends with 0 when every enabled, standard accelerator's endpoint with a weight is healthy or checked for the first time (INITIAL), with 1 when one is unhealthy, with 3 or 4 when that cannot be told, and with 4 when there is nothing to check.")
}

pub(in crate::cli) fn by_verb(matches: &ArgMatches) -> WantedHealth {
    let waits = text(matches, "wait").is_some();
    WantedHealth {
        regions: Regions::by_verb(matches),
        reasons: if matches.get_flag("no-reasons") {
            Reasons::Spared
        } else {
            Reasons::Asked
        },
        watching: if matches.get_flag("watch") {
            Watching::Yes
        } else {
            Watching::No
        },
        timeout: waits.then(|| text(matches, "timeout").unwrap_or_else(|| TIMEOUT.into())),
    }
}

impl WantedHealth {
    /// How long to wait, if anything is waited for. The error is a sentence.
    pub(super) fn patience(&self) -> Result<Option<Duration>, String> {
        let Some(text) = &self.timeout else {
            return Ok(None);
        };
        match duration(text)?.to_std() {
            Ok(patience) if !patience.is_zero() => Ok(Some(patience)),
            Ok(_) | Err(_) => Err(format!(
                "`--timeout {}` leaves no time to wait: write `90s`, `10m` or `1h`.",
                sanitise(text)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Door, Verb, parse};

    fn wanted(words: &str) -> Result<WantedHealth, clap::Error> {
        let door = parse(format!("quarterdeck health {words}").split_whitespace())?.door;
        let Door::Verb(Verb::Health { wanted, .. }) = door else {
            panic!("{door:?}");
        };
        Ok(wanted)
    }

    #[test]
    fn what_is_waited_for_has_an_end() {
        for (words, seconds) in [
            ("", None),
            ("--watch", None),
            ("--wait healthy", Some(600)),
            ("--wait healthy --timeout 90s --watch", Some(90)),
        ] {
            let patience = wanted(words).unwrap().patience();
            assert_eq!(patience, Ok(seconds.map(Duration::from_secs)), "{words}");
        }
        for words in ["--wait well", "--timeout 5m", "--wait"] {
            assert!(wanted(words).is_err(), "{words}");
        }
        for (timeout, part) in [
            ("0s", "leaves no time"),
            ("soon", "is no span of time"),
            ("10", "is no span of time"),
            ("5y", "`y` is none of"),
            ("99999999999999999999h", "is no span of time"),
        ] {
            let asked = wanted(&format!("--wait healthy --timeout {timeout}")).unwrap();
            let sentence = asked.patience().unwrap_err();
            assert!(
                sentence.contains(part) && sentence.ends_with('.'),
                "{sentence}"
            );
        }
    }
}
