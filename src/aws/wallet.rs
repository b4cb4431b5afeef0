//! An account's credentials, loaded once for everybody who waits for them.
//!
//! The SDK's own identity cache would do the caching, but inside a request: under the request's timeouts, with
//! an `AssumeRole` denial that looks like the denial of the request, and without telling when the credentials
//! end. So the wallet is asked before a request is made, and the SDK's cache is switched off: there is one.

use super::problem;
use crate::domain::{AccountName, Problem};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_types::sdk_config::SharedTimeSource;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// How long before their end credentials are replaced; the old ones still serve if that fails.
const EARLY: Duration = Duration::from_mins(1);

/// Between two attempts to replace credentials that still serve.
const PAUSE: Duration = Duration::from_secs(15);

/// A `credential_process` may wait for a finger on a security key.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(super) struct Wallet {
    owner: AccountName,
    renewal: String,
    provider: SharedCredentialsProvider,
    clock: SharedTimeSource,
    hand: Mutex<Hand>,
    /// Held by whoever loads, for as long as that takes.
    loading: tokio::sync::Mutex<()>,
    /// Counts loads, so that whoever waited for one shares its outcome instead of starting the next: seventeen
    /// regions must not run a failing `credential_process` seventeen times.
    loads: AtomicU64,
}

/// What is at hand, and when something else was last asked for.
#[derive(Debug, Default)]
struct Hand {
    held: Held,
    tried: Option<SystemTime>,
}

#[derive(Clone, Debug, Default)]
enum Held {
    #[default]
    Nothing,
    Keys(Credentials),
    Failure(Problem),
}

impl Wallet {
    pub(super) fn new(
        owner: AccountName,
        renewal: String,
        provider: SharedCredentialsProvider,
    ) -> Self {
        Self {
            owner,
            renewal,
            provider,
            clock: SharedTimeSource::default(),
            hand: Mutex::default(),
            loading: tokio::sync::Mutex::default(),
            loads: AtomicU64::new(0),
        }
    }

    /// The credentials, loaded when there are none or when they are about to end.
    ///
    /// Nobody waits for a load while the keys at hand still serve, but the one who loads.
    pub(super) async fn credentials(&self) -> Result<Credentials, Problem> {
        let loads = self.loads.load(Ordering::Acquire);
        let (held, is_early) = self.at_hand();
        let loading = match held {
            Held::Keys(keys) if is_early || self.lasts(&keys, EARLY) => return Ok(keys),
            Held::Keys(keys) => match self.loading.try_lock() {
                Ok(loading) => loading,
                Err(_) => return Ok(keys),
            },
            Held::Nothing | Held::Failure(_) => self.loading.lock().await,
        };
        // Somebody else may have loaded before the lock was ours.
        let shared = self.loads.load(Ordering::Acquire) != loads;
        match self.at_hand() {
            (Held::Keys(keys), is_early) if shared || is_early || self.lasts(&keys, EARLY) => {
                return Ok(keys);
            }
            (Held::Failure(problem), _) if shared => return Err(problem),
            _ => {}
        }
        self.hand().tried = Some(self.clock.now());
        let loaded = self.load().await;
        let outcome = self.take_up(loaded);
        self.loads.fetch_add(1, Ordering::Release);
        drop(loading);
        outcome
    }

    /// What a load brought, or the keys at hand: STS or SSO may be down while those are still good to their end.
    fn take_up(&self, loaded: Result<Credentials, Problem>) -> Result<Credentials, Problem> {
        let mut hand = self.hand();
        match (loaded, &hand.held) {
            (Ok(keys), _) => {
                hand.held = Held::Keys(keys.clone());
                Ok(keys)
            }
            (Err(_), Held::Keys(keys)) if self.lasts(keys, Duration::ZERO) => Ok(keys.clone()),
            (Err(problem), _) => {
                hand.held = Held::Failure(problem.clone());
                Err(problem)
            }
        }
    }

    /// What is held, keys only while they serve, and whether it is early to ask for anything else.
    fn at_hand(&self) -> (Held, bool) {
        let hand = self.hand();
        let held = match &hand.held {
            Held::Keys(keys) if !self.lasts(keys, Duration::ZERO) => Held::Nothing,
            held => held.clone(),
        };
        let is_early = hand
            .tried
            .is_some_and(|tried| self.clock.now() < tried + PAUSE);
        (held, is_early)
    }

    /// Forgets when something was last asked for.
    #[cfg(test)]
    pub(super) fn be_late(&self) {
        self.hand().tried = None;
    }

    /// Nothing that is held can be left half done, so a panic elsewhere does not spoil it.
    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn renewal(&self) -> &str {
        &self.renewal
    }

    async fn load(&self) -> Result<Credentials, Problem> {
        tokio::time::timeout(PATIENCE, self.provider.provide_credentials())
            .await
            .unwrap_or_else(|_elapsed| Err(CredentialsError::provider_timed_out(PATIENCE)))
            .map_err(|error| problem::of_credentials(&self.owner, &self.renewal, &error))
    }

    /// Whether the keys last for longer than `rest`, by the clock that AWS goes by, not by the house's.
    fn lasts(&self, keys: &Credentials, rest: Duration) -> bool {
        keys.expiry()
            .is_none_or(|end| end > self.clock.now() + rest)
    }
}

impl ProvideCredentials for Wallet {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        // The problem travels inside the SDK's error and is found there again, see `problem::Failure`.
        future::ProvideCredentials::new(async {
            self.credentials()
                .await
                .map_err(CredentialsError::provider_error)
        })
    }
}
