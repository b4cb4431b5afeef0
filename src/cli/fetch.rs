//! Asks the engine a list of questions once, and waits until each is answered or given up.

use super::{Exit, Session, output};
use crate::domain::store::Attempt;
use crate::domain::untrusted::sanitise;
use crate::domain::{Account, Fleet, Kind, Problem, RegionChoice, Scope, Store, Topic};
use crate::engine::message::{Cadence, Request, Wish};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// How often something that may pass (a timeout, throttling) is tried before it is given up.
const PATIENCE: u32 = 3;

/// After so much silence it is said who is waited for.
const SILENCE: Duration = Duration::from_secs(3);

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) store: Store,
    /// Where no answer was to be had, and why. A refused discovery stands here under the account as a whole.
    pub(super) problems: BTreeMap<Scope, Problem>,
}

impl Fetched {
    /// Asks for the stacks of the whole fleet; tells which scopes that is.
    pub(super) async fn stacks(&mut self, session: &mut Session) -> Vec<Scope> {
        self.everywhere(session, Topic::Stacks).await
    }

    /// Puts a question in every scope of the fleet; tells which scopes that is.
    pub(super) async fn everywhere(&mut self, session: &mut Session, topic: Topic) -> Vec<Scope> {
        let scopes = self.scopes(session).await;
        let questions = scopes.iter().map(|scope| (topic.clone(), scope.clone()));
        self.ask(session, questions.collect()).await;
        scopes
    }

    /// The scopes of the fleet, after asking which regions an account has where the fleet says "enabled".
    pub(super) async fn scopes(&mut self, session: &mut Session) -> Vec<Scope> {
        let accounts = session.fleet.accounts.clone();
        let discovered = accounts
            .iter()
            .filter(|account| matches!(account.regions, RegionChoice::Enabled { .. }));
        let questions = discovered.map(|account| (Topic::Regions, Scope::global(&account.name)));
        self.ask(session, questions.collect()).await;
        // Where discovery was refused, the home region is asked all the same.
        let regions = |account| self.store.regions_of(account).into_iter();
        let scopes = accounts.iter().flat_map(|account| {
            regions(account).map(|region| Scope::regional(&account.name, &region))
        });
        scopes.collect()
    }

    /// Says each problem once: an account without credentials has the same one in every region.
    pub(super) fn say_problems(&self) {
        let mut said = BTreeSet::new();
        for problem in self.problems.values().map(ToString::to_string) {
            if !said.contains(&problem) {
                output::say(&problem);
                said.insert(problem);
            }
        }
    }

    /// The end of a verb that needed answers of these scopes.
    ///
    /// Problems elsewhere count beside them: regions that were not discovered, or not looked through, are missing.
    pub(super) fn exit<'a>(&'a self, needed: impl IntoIterator<Item = &'a Scope>) -> Exit {
        let asked: BTreeSet<&Scope> = needed.into_iter().chain(self.problems.keys()).collect();
        let problems: Vec<Problem> = self.problems.values().cloned().collect();
        Exit::after(asked.len(), &problems)
    }

    /// Asks for a topic in each of the scopes.
    pub(super) async fn ask(&mut self, session: &mut Session, questions: Vec<(Topic, Scope)>) {
        self.ask_for(session, questions, Patience::Silent).await;
    }

    /// Asks, says after a while who has not answered, and goes on without them after `patience`, if there is one. Tells
    /// which questions are still open.
    pub(super) async fn ask_aloud(
        &mut self,
        session: &mut Session,
        questions: Vec<(Topic, Scope)>,
        patience: Option<Duration>,
    ) -> BTreeSet<(Topic, Scope)> {
        self.ask_for(session, questions, Patience::Aloud(patience))
            .await
    }

    async fn ask_for(
        &mut self,
        session: &mut Session,
        questions: Vec<(Topic, Scope)>,
        patience: Patience,
    ) -> BTreeSet<(Topic, Scope)> {
        let wish = |(topic, scope): &(Topic, Scope)| Wish {
            topic: topic.clone(),
            scope: scope.clone(),
            cadence: Cadence::Once,
        };
        session
            .engine
            .submit(Request::Watch(questions.iter().map(wish).collect()))
            .await;
        let mut open: BTreeSet<(Topic, Scope)> = questions.into_iter().collect();
        let mut failures: BTreeMap<(Topic, Scope), u32> = BTreeMap::new();
        let began = Instant::now();
        let (mut word, end) = match patience {
            Patience::Silent => (None, None),
            Patience::Aloud(end) => (Some(began + SILENCE), end.map(|end| began + end)),
        };
        while !open.is_empty() {
            let update = tokio::select! {
                update = session.updates.recv() => update,
                () = until(word) => {
                    word = None;
                    output::say(&waiting(&open));
                    continue;
                }
                () = until(end) => break,
            };
            let Some(update) = update else {
                break;
            };
            for attempt in update.attempts() {
                self.give_up_or_keep(attempt, &mut open, &mut failures);
            }
        }
        open
    }

    fn give_up_or_keep(
        &mut self,
        attempt: Attempt,
        open: &mut BTreeSet<(Topic, Scope)>,
        failures: &mut BTreeMap<(Topic, Scope), u32>,
    ) {
        let key = (attempt.topic.clone(), attempt.scope.clone());
        let is_ours = open.contains(&key);
        match &attempt.result {
            // The engine tells more than was asked, and who we are is no answer to which regions we have.
            Ok(_) if is_ours => {
                open.remove(&key);
                failures.remove(&key);
                // Another question of the same place may have been given up.
                let mut failed = failures.keys().filter(|(_, scope)| *scope == key.1);
                if failed.all(|failed| open.contains(failed)) {
                    self.problems.remove(&attempt.scope);
                }
            }
            // The whole account waits for credentials: none of its questions will be answered.
            Err(problem) if problem.kind == Kind::Expired => {
                for (_, scope) in open
                    .iter()
                    .filter(|(_, scope)| scope.account == attempt.scope.account)
                {
                    self.problems.insert(scope.clone(), problem.clone());
                }
                open.retain(|(_, scope)| scope.account != attempt.scope.account);
            }
            Err(problem) if is_ours => {
                let failed = failures.entry(key.clone()).or_default();
                *failed += 1;
                if !may_pass(problem.kind) || *failed >= PATIENCE {
                    open.remove(&key);
                    self.problems.insert(attempt.scope.clone(), problem.clone());
                }
            }
            Ok(_) | Err(_) => {}
        }
        self.store.absorb(attempt);
    }
}

/// How somebody waits.
#[derive(Clone, Copy, Debug)]
enum Patience {
    Silent,
    /// Says after a while for whom; goes on without them after so long, if there is an end to it.
    Aloud(Option<Duration>),
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

fn waiting(open: &BTreeSet<(Topic, Scope)>) -> String {
    let scopes: BTreeSet<String> = open.iter().map(|(_, scope)| scope.to_string()).collect();
    format!("Waiting for {}.", Vec::from_iter(scopes).join(", "))
}

/// Says that no region is left to ask, and what was asked for.
pub(super) fn nowhere(fleet: &Fleet) -> String {
    let globs = |account: &Account| match &account.regions {
        RegionChoice::Listed(_) => Vec::new(),
        RegionChoice::Enabled { matching } => matching.clone(),
    };
    let asked: BTreeSet<String> = fleet.accounts.iter().flat_map(globs).collect();
    let accounts: Vec<&str> = fleet
        .accounts
        .iter()
        .map(|account| account.name.as_str())
        .collect();
    let accounts = sanitise(&accounts.join(", ")).into_owned();
    if asked.is_empty() {
        return format!("There is no region to ask in {accounts}.");
    }
    let asked = Vec::from_iter(asked).join("`, `");
    format!(
        "No enabled region of {accounts} fits `{}`.",
        sanitise(&asked)
    )
}

/// Says that something was not found, and where it may be all the same.
pub(super) fn unasked<'a>(
    noun: &str,
    wanted: &str,
    scopes: impl Iterator<Item = &'a Scope>,
) -> String {
    let name = |scope: &Scope| match scope.region() {
        Some(_) => scope.to_string(),
        // Its regions could not be discovered.
        None => format!("other regions of {scope}"),
    };
    let scopes: Vec<String> = scopes.map(name).collect();
    format!(
        "No {noun} `{}` was found, but it may stand where nothing could be asked: {}.",
        sanitise(wanted),
        scopes.join(", ")
    )
}

/// Whether the same question may be answered a moment later.
fn may_pass(kind: Kind) -> bool {
    match kind {
        Kind::Throttled | Kind::Unreachable(_) | Kind::Garbled | Kind::Server => true,
        Kind::Denied
        | Kind::Expired
        | Kind::NotRecognized
        | Kind::Missing
        | Kind::Invalid
        | Kind::ClockSkew
        | Kind::Capped
        | Kind::Bug => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Reading, Region};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn what_was_given_up_is_not_forgotten_when_another_question_there_succeeds() {
        let scope = Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"));
        let topic = |name: &str| Topic::Aliases(name.into());
        let attempt = |name: &str, result: Result<Reading, Problem>| Attempt {
            topic: topic(name),
            scope: scope.clone(),
            at: DateTime::UNIX_EPOCH,
            took: TimeDelta::zero(),
            result,
            retry: None,
        };
        let denied = || Err(Problem::new(Kind::Denied, "No."));
        let slow = || Err(Problem::new(Kind::Throttled, "Slow."));
        let good = || Ok(Reading::Aliases(Vec::new()));
        let ends = |answers: Vec<(&str, Result<Reading, Problem>)>| {
            let mut fetched = Fetched::default();
            let mut open = ["a", "b"].map(|name| (topic(name), scope.clone())).into();
            let mut failures = BTreeMap::new();
            for (name, result) in answers {
                fetched.give_up_or_keep(attempt(name, result), &mut open, &mut failures);
            }
            assert!(open.is_empty());
            fetched.problems.len()
        };
        assert_eq!(ends(vec![("a", denied()), ("b", good())]), 1);
        assert_eq!(ends(vec![("a", good()), ("b", denied())]), 1);
        assert_eq!(ends(vec![("a", slow()), ("b", good()), ("a", good())]), 0);
    }
}
