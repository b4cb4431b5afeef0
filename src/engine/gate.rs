//! A gate for each account: shut while its credentials are no good.
//!
//! With an expired token, every region of an account would fail on its own and ask for the same refresh. Instead the
//! first worker to notice shuts the gate, the others wait at it, and one renewal task opens it again.

use crate::domain::{AccountName, Problem};
use std::collections::BTreeMap;
use tokio::sync::{Notify, watch};

/// The gates of all accounts.
#[derive(Debug)]
pub(super) struct Gates(BTreeMap<AccountName, Gate>);

#[derive(Debug)]
struct Gate {
    state: watch::Sender<State>,
    /// Somebody wants new credentials to be looked for now.
    knock: Notify,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// Why it is shut; `None` when it is open.
    shut: Option<Problem>,
    /// A worker was refused in words that may mean the region or the key: who we are has to be asked.
    is_doubted: bool,
    turn: Turn,
}

/// How often a gate has been opened. What is refused with the credentials of one turn says nothing about those of
/// the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn(u64);

/// What a renewal task is woken for.
#[derive(Debug)]
pub(super) enum Call {
    /// The gate was shut for this reason.
    Shut(Problem),
    /// Somebody doubts that the account's credentials are good.
    Doubt,
}

impl Gates {
    pub(super) fn new(accounts: &[AccountName]) -> Self {
        let gate = || Gate {
            state: watch::Sender::default(),
            knock: Notify::new(),
        };
        Self(
            accounts
                .iter()
                .map(|account| (account.clone(), gate()))
                .collect(),
        )
    }

    /// Shuts the gate; only the first of many who notice at once makes a difference, and none who set out before it
    /// was last opened.
    pub(super) fn shut(&self, account: &AccountName, turn: Turn, problem: &Problem) {
        self.change(account, |state| {
            let is_news = state.shut.is_none() && state.turn == turn;
            if is_news {
                state.shut = Some(problem.clone());
            }
            is_news
        });
    }

    /// Says that the credentials may be no good.
    pub(super) fn doubt(&self, account: &AccountName, turn: Turn) {
        self.change(account, |state| {
            let is_news = state.shut.is_none() && state.turn == turn && !state.is_doubted;
            state.is_doubted |= is_news;
            is_news
        });
    }

    /// Says that they are good after all.
    pub(super) fn trust(&self, account: &AccountName) {
        self.change(account, |state| std::mem::take(&mut state.is_doubted));
    }

    pub(super) fn open(&self, account: &AccountName) {
        self.change(account, |state| {
            *state = State {
                turn: Turn(state.turn.0 + 1),
                ..State::default()
            };
            true
        });
    }

    /// The turn of an open gate, or why it is shut. One that does not exist is open.
    pub(super) fn look(&self, account: &AccountName) -> Result<Turn, Problem> {
        let Some(gate) = self.0.get(account) else {
            return Ok(Turn::default());
        };
        let state = gate.state.borrow();
        state.shut.clone().map_or(Ok(state.turn), Err)
    }

    /// Waits until the gate is open.
    pub(super) async fn passed(&self, account: &AccountName) {
        self.until(account, |state| state.shut.is_none()).await;
    }

    /// Waits until the gate is no longer as it was in `turn`: it is shut, or has been opened once more.
    pub(super) async fn moved(&self, account: &AccountName, turn: Turn) {
        let moved = |state: &State| state.shut.is_some() || state.turn != turn;
        if self.until(account, moved).await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until the account's renewal task has something to do.
    pub(super) async fn called(&self, account: &AccountName) -> Call {
        let called = |state: &State| state.shut.is_some() || state.is_doubted;
        match self.until(account, called).await {
            Some(state) => state.shut.map_or(Call::Doubt, Call::Shut),
            None => std::future::pending().await,
        }
    }

    /// Has new credentials looked for now wherever they are missing, if anywhere among `accounts`.
    pub(super) fn knock(&self, among: impl Fn(&AccountName) -> bool) {
        let meant = self.0.iter().filter(|(account, _)| among(account));
        meant.for_each(|(_, gate)| gate.knock.notify_waiters());
    }

    /// Waits for the next [`Gates::knock`]; an earlier one does not count.
    pub(super) async fn knocked(&self, account: &AccountName) {
        match self.0.get(account) {
            Some(gate) => gate.knock.notified().await,
            None => std::future::pending().await,
        }
    }

    fn change(&self, account: &AccountName, change: impl FnOnce(&mut State) -> bool) {
        if let Some(gate) = self.0.get(account) {
            gate.state.send_if_modified(change);
        }
    }

    /// Waits for a state; `None` when there is no such account.
    async fn until(&self, account: &AccountName, fits: impl Fn(&State) -> bool) -> Option<State> {
        let mut states = self.0.get(account)?.state.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let state = states.wait_for(|state| fits(state)).await.ok()?;
        Some(state.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;

    #[test]
    fn an_answer_to_old_credentials_does_not_shut_out_new_ones() {
        let account = AccountName::new("prod");
        let gates = Gates::new(std::slice::from_ref(&account));
        let problem = Problem::new(Kind::Expired, "The credentials of prod have ended.");
        let before = gates.look(&account).unwrap();
        gates.shut(&account, before, &problem);
        assert_eq!(gates.look(&account), Err(problem.clone()));
        gates.open(&account);
        gates.shut(&account, before, &problem);
        gates.doubt(&account, before);
        let now = gates.look(&account).unwrap();
        assert_ne!(now, before);
        gates.shut(&account, now, &problem);
        assert!(gates.look(&account).is_err());
    }
}
