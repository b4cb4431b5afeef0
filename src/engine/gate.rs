//! A gate for each account: shut while its credentials are no good.
//!
//! With an expired token, every region of an account would fail on its own and ask for the same refresh. Instead the
//! first worker to notice shuts the gate, the others wait at it, and one renewal task opens it again.

use crate::domain::{AccountName, Problem};
use std::collections::BTreeMap;
use tokio::sync::watch;

/// Why a gate is shut; `None` when it is open.
type State = Option<Problem>;

/// The gates of all accounts.
#[derive(Debug)]
pub(super) struct Gates(BTreeMap<AccountName, watch::Sender<State>>);

impl Gates {
    pub(super) fn new(accounts: &[AccountName]) -> Self {
        Self(
            accounts
                .iter()
                .map(|account| (account.clone(), watch::Sender::new(None)))
                .collect(),
        )
    }

    /// Shuts the gate; only the first of many who notice at once makes a difference.
    pub(super) fn shut(&self, account: &AccountName, problem: &Problem) {
        if let Some(gate) = self.0.get(account) {
            gate.send_if_modified(|state| {
                let was_open = state.is_none();
                if was_open {
                    *state = Some(problem.clone());
                }
                was_open
            });
        }
    }

    pub(super) fn open(&self, account: &AccountName) {
        if let Some(gate) = self.0.get(account) {
            gate.send_replace(None);
        }
    }

    /// Waits until the gate is open; returns at once when it is, or when there is no such account.
    pub(super) async fn passed(&self, account: &AccountName) {
        if let Some(gate) = self.0.get(account) {
            // The sender lives in `self`, so waiting cannot fail.
            let _ = gate.subscribe().wait_for(Option::is_none).await;
        }
    }

    /// Waits until the gate is shut, and says why.
    pub(super) async fn shut_by(&self, account: &AccountName) -> Problem {
        let Some(gate) = self.0.get(account) else {
            return std::future::pending().await;
        };
        match gate
            .subscribe()
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|state| state.clone())
        {
            Some(problem) => problem,
            None => std::future::pending().await,
        }
    }
}
