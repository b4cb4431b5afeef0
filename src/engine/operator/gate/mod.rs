//! One look at whether a gate would let through. A gate asks and never changes anything.

mod alarms;
mod endpoints;
mod flows;
pub(super) mod window;

use super::hands::CloudHands;
use super::{errand, story};
use crate::aws::Outside;
use crate::domain::operation::{Gate, Run};
use crate::domain::untrusted::sanitise;
use crate::domain::{Problem, Timestamp};
use std::time::Duration;

/// How long an address has for one answer.
const ANSWER: Duration = Duration::from_secs(10);

/// What a look says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Glance {
    /// All is as it has to be.
    Well,
    /// It is not, or it could not be found out: what, as a sentence.
    NotYet(String),
    /// It will not be any more: why, as a sentence.
    Bad(String),
}

/// Looks once at what a gate asks for. One that only waits has nothing to look at.
pub(super) async fn glance(
    hands: &CloudHands,
    run: &Run,
    wave: usize,
    gate: &Gate,
    since: Timestamp,
) -> Glance {
    match gate {
        Gate::Bake { alarms, .. } => alarms::quiet(hands, alarms, since).await,
        Gate::Http { url, .. } => http(hands, url).await,
        Gate::Endpoints { .. } => endpoints::healthy(hands, run, wave).await,
        Gate::Errors {
            scope,
            function,
            alias,
            percent,
            ..
        } => {
            let asked = (function, alias.as_str(), *percent);
            flows::errors(hands, scope, asked, since).await
        }
        Gate::Command { line, seconds } => {
            let patience = Duration::from_secs((*seconds).into());
            match errand::run(line, story::of(run), patience).await {
                Ok(()) => Glance::Well,
                Err(why) => {
                    let name = line.first().map_or("", String::as_str);
                    Glance::Bad(format!("`{}` {why}.", sanitise(name)))
                }
            }
        }
        Gate::Drained { group, .. } => flows::drained(hands, run, group, since).await,
        Gate::Approve { .. } | Gate::Window { .. } | Gate::Wait { .. } => Glance::Well,
    }
}

async fn http(hands: &CloudHands, url: &str) -> Glance {
    match hands.shop.cloud.outside(url, Outside::Get, ANSWER).await {
        Ok(200..=299) => Glance::Well,
        Ok(status) => Glance::NotYet(format!("{} answers {status}.", sanitise(url))),
        Err(problem) => Glance::NotYet(problem.what),
    }
}

fn unknown(problem: Problem) -> Glance {
    Glance::NotYet(problem.what)
}
