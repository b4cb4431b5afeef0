//! The leave to change something in an account, and the arming that it takes.
//!
//! A [`Warrant`] is made here alone, and every request that changes something is sent under one: the wall refuses it
//! otherwise. It outlives the arming that it was made under, because what was agreed to is carried through. It is kept
//! with the task that sends, so that nothing that is sent beside it is covered too.

use crate::domain::{Access, AccountName, Kind, Problem, Timestamp};
use std::sync::{Mutex, PoisonError};

/// Leave to change something in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warrant {
    account: AccountName,
}

tokio::task_local! {
    static HELD: Warrant;
}

impl Warrant {
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// Whatever `deed` sends to the account is covered.
    pub(super) async fn cover<T>(&self, deed: impl Future<Output = T>) -> T {
        HELD.scope(self.clone(), deed).await
    }
}

/// Whether what is sent now is covered in this account.
pub(super) fn is_held(account: &AccountName) -> bool {
    HELD.try_with(|warrant| warrant.account == *account)
        .unwrap_or(false)
}

/// Until when an account is armed.
#[derive(Debug, Default)]
pub(super) struct Arms(Mutex<Option<Timestamp>>);

impl Arms {
    pub(super) fn set(&self, until: Option<Timestamp>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    /// Gives leave, or says why not and how to get it.
    pub(super) fn warrant(
        &self,
        account: &AccountName,
        access: Access,
        now: Timestamp,
    ) -> Result<Warrant, Problem> {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let warrant = Warrant {
            account: account.clone(),
        };
        match access {
            Access::Operate => Ok(warrant),
            Access::OnceArmed if until.is_some_and(|until| now < until) => Ok(warrant),
            Access::OnceArmed => Err(Problem::new(
                Kind::Denied,
                format!("{account} is read-only until it is armed, so nothing was sent."),
            )
            .hint("Arm it with `A`, which holds for ten minutes.")),
            Access::ReadOnly => Err(Problem::new(
                Kind::Denied,
                format!("{account} is read-only, so nothing was sent."),
            )
            .hint(format!(
                "Take `read_only = true` from {account} in fleet.toml, and start without `--read-only`."
            ))),
        }
    }
}
