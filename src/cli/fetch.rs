//! Asks the engine a list of questions once, and waits until each is answered or given up.

use super::Session;
use crate::domain::store::Attempt;
use crate::domain::{Kind, Problem, RegionChoice, Scope, Store, Topic};
use crate::engine::message::{Cadence, Request, Update, Wish};
use std::collections::{BTreeMap, BTreeSet};

/// How often something that may pass (a timeout, throttling) is tried before it is given up.
const PATIENCE: u32 = 3;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) store: Store,
    /// Where no answer was to be had, and why.
    pub(super) problems: BTreeMap<Scope, Problem>,
}

impl Fetched {
    /// Asks for a topic in each of the scopes.
    pub(super) async fn ask(&mut self, session: &mut Session, questions: Vec<(Topic, Scope)>) {
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
        while !open.is_empty() {
            let Some(update) = session.updates.recv().await else {
                break;
            };
            let Update::Attempt(attempt) = update else {
                continue;
            };
            self.give_up_or_keep(attempt, &mut open, &mut failures);
        }
    }

    fn give_up_or_keep(
        &mut self,
        attempt: Attempt,
        open: &mut BTreeSet<(Topic, Scope)>,
        failures: &mut BTreeMap<(Topic, Scope), u32>,
    ) {
        let key = (attempt.topic.clone(), attempt.scope.clone());
        match &attempt.result {
            Ok(_) => {
                open.remove(&key);
                self.problems.remove(&attempt.scope);
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
            Err(problem) => {
                let failed = failures.entry(key.clone()).or_default();
                *failed += 1;
                if !may_pass(problem.kind) || *failed >= PATIENCE {
                    open.remove(&key);
                    self.problems.insert(attempt.scope.clone(), problem.clone());
                }
            }
        }
        self.store.absorb(attempt);
    }
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
        | Kind::Bug => false,
    }
}

/// The scopes of the fleet, after asking which regions an account has where the fleet says "enabled".
pub(super) async fn scopes(session: &mut Session, fetched: &mut Fetched) -> Vec<Scope> {
    let discovered =
        |account: &&crate::domain::Account| matches!(account.regions, RegionChoice::Enabled { .. });
    let accounts: Vec<_> = session
        .fleet
        .accounts
        .iter()
        .filter(discovered)
        .map(|account| Scope::global(&account.name))
        .collect();
    fetched
        .ask(
            session,
            accounts
                .into_iter()
                .map(|scope| (Topic::Regions, scope))
                .collect(),
        )
        .await;
    // A refused discovery is told once; the home region is asked all the same.
    for problem in std::mem::take(&mut fetched.problems).values() {
        session.output.say(&problem.to_string());
    }
    let regions = |account| fetched.store.regions_of(account);
    let accounts = session.fleet.accounts.iter();
    accounts
        .flat_map(|account| {
            regions(account)
                .into_iter()
                .map(|region| Scope::regional(&account.name, &region))
        })
        .collect()
}
