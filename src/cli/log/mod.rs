//! `quarterdeck --tail GROUP…` and `quarterdeck logs GROUP…`: one stream of events, by time, over accounts and regions.
//!
//! The engine reads the sources; here their pages become one stream ([`Confluence`](crate::domain::log::Confluence)),
//! pass the operator's tests and are written as lines. Data goes to stdout. Everything that is not there and should
//! be is said on stderr when it happens, and one line at the end, and at every `USR1`, accounts for all of it.

mod arguments;
mod lookout;
mod outcome;
mod printer;
mod range;
mod sift;
mod sink;
mod sources;
mod stamp;
mod tail;
mod tally;
mod template;
mod turn;

pub use arguments::{Following, Form, Logs, Rawness, Zone};
pub(super) use arguments::{by_flag, by_verb, flag, verb};

use super::{Exit, Session, output};
use crate::engine::log::{LIVE_DOLLARS_PER_MINUTE, Manner};
use printer::Printer;
use range::Range;
use regex::Regex;
use sift::Sift;
use sources::Sources;
use std::io;
use tail::Tail;

/// What was asked for, once it makes sense.
struct Plan<'a> {
    range: Range,
    sift: Sift,
    printer: Printer<'a>,
    fail_on: Option<Regex>,
}

impl<'a> Plan<'a> {
    fn of(asked: &'a Logs, session: &Session) -> Result<Self, String> {
        let fail_on = asked.fail_on.as_deref();
        Ok(Self {
            range: Range::of(asked, session.clock.now())?,
            sift: Sift::of(asked)?,
            printer: Printer::of(asked, session.output)?,
            fail_on: fail_on
                .map(|text| sift::pattern("--fail-on", text))
                .transpose()?,
        })
    }
}

pub(super) async fn run(session: &mut Session, asked: &Logs) -> io::Result<Exit> {
    let plan = match Plan::of(asked, session) {
        Ok(plan) => plan,
        Err(sentence) => {
            output::say(&sentence);
            return Ok(Exit::Usage);
        }
    };
    if let Some(word) = asked.groups.iter().find(|word| is_nothing(word)) {
        output::say(&format!(
            "`{}` names no log group.",
            crate::domain::untrusted::sanitise(word)
        ));
        return Ok(Exit::Usage);
    }
    let following = match plan.range.until {
        Some(_) => Following::No,
        None => Following::Yes,
    };
    let found = tokio::select! {
        found = Sources::find(session, &asked.groups, following) => found,
        _ = tokio::signal::ctrl_c() => {
            output::say("Interrupted before the log groups were known: nothing was read.");
            Err(match following {
                Following::Yes => Exit::Done,
                Following::No => Exit::Interrupted,
            })
        }
    };
    let sources = match found {
        Ok(sources) => sources,
        Err(exit) => return Ok(exit),
    };
    if asked.manner == Manner::Live {
        output::say(&format!(
            "Live Tail costs ${LIVE_DOLLARS_PER_MINUTE} for each minute of each session, after 1,800 minutes a month."
        ));
    }
    Tail::start(session, asked, plan, sources).await.run().await
}

/// Whether a word asks for nothing: an unset variable of a script, mostly.
fn is_nothing(word: &str) -> bool {
    let name = word.strip_prefix("lambda:").or(word.strip_prefix("stack:"));
    name.unwrap_or(word).trim().is_empty()
}
