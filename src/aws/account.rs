//! One account of the fleet and its current session, which can be thrown away and made anew.

use super::session::Session;
use super::warrant::Arms;
use super::{Link, profile};
use crate::domain;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::Env;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

type Opening = Arc<OnceCell<Arc<Session>>>;

#[derive(Debug)]
pub(super) struct Account {
    plan: domain::Account,
    /// Opened by the first question; everybody who asks meanwhile waits for the same opening.
    current: Mutex<Opening>,
    pub(super) arms: Arms,
}

impl Account {
    pub(super) fn new(plan: domain::Account) -> Self {
        Self {
            current: Mutex::default(),
            arms: Arms::default(),
            plan,
        }
    }

    pub(super) fn plan(&self) -> &domain::Account {
        &self.plan
    }

    pub(super) async fn session(&self, link: &Link, http: &SharedHttpClient) -> Arc<Session> {
        let opening = self.opening();
        let open = async || Arc::new(Session::open(&self.plan, link, http.clone()).await);
        opening.get_or_init(open).await.clone()
    }

    /// The next question opens a new session.
    pub(super) fn forget(&self) {
        *lock(&self.current) = Opening::default();
    }

    /// Forgets `session` unless somebody else already has: of many failing questions, one renews.
    pub(super) fn forget_this(&self, session: &Arc<Session>) {
        let mut current = lock(&self.current);
        if current.get().is_some_and(|open| Arc::ptr_eq(open, session)) {
            *current = Opening::default();
        }
    }

    pub(super) fn files(&self) -> Vec<PathBuf> {
        profile::files(&self.plan.credentials, &Env::real())
    }

    fn opening(&self) -> Opening {
        lock(&self.current).clone()
    }
}

/// Nothing that is held here can be left half done, so a panic elsewhere does not spoil it.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
