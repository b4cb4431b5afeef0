//! One load for everybody who waits, and words for why there is none.

use super::*;
use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_types::error::ErrorMetadata;
use aws_types::sdk_config::SharedTimeSource;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// Yields once before it answers, so that everybody who asks meanwhile has to wait.
struct Source {
    loads: Arc<AtomicUsize>,
    answer: Box<dyn Fn(usize) -> Result<Keys, CredentialsError> + Send + Sync>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Source")
    }
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let load = self.loads.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            (self.answer)(load)
        })
    }
}

fn wallet(
    answer: impl Fn(usize) -> Result<Keys, CredentialsError> + Send + Sync + 'static,
) -> (super::super::wallet::Wallet, Arc<AtomicUsize>) {
    let loads = Arc::default();
    let source = Source {
        loads: Arc::clone(&loads),
        answer: Box::new(answer),
    };
    let wallet = super::super::wallet::Wallet::new(
        AccountName::new("prod"),
        "Run `aws sso login --profile prod`.".to_owned(),
        SharedCredentialsProvider::new(source),
    );
    (wallet, loads)
}

fn keys(name: &str, ends: Option<SystemTime>) -> Keys {
    Keys::new(name, "secret", None, ends, "test")
}

fn far() -> SystemTime {
    // A fixed moment far ahead: the wallet goes by the machine's clock.
    SystemTime::UNIX_EPOCH + Duration::from_hours(9_028_800)
}

#[tokio::test]
async fn waiters_share_one_load_and_one_failure() {
    let (wallet, loads) = wallet(|_| Err(CredentialsError::not_loaded_no_source()));
    let (a, b, c) = tokio::join!(
        wallet.credentials(),
        wallet.credentials(),
        wallet.credentials()
    );
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    for outcome in [a, b, c] {
        let problem = outcome.unwrap_err();
        assert_eq!(problem.kind, Kind::Expired);
        assert_eq!(
            problem.to_string(),
            "No credentials were found for prod. Run `aws sso login --profile prod`."
        );
    }
    // Whoever comes later asks again: somebody may have logged in.
    let _ = wallet.credentials().await;
    assert_eq!(loads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn good_keys_are_kept() {
    let (wallet, loads) = wallet(|_| Ok(keys("AKIA", Some(far()))));
    wallet.credentials().await.unwrap();
    wallet.credentials().await.unwrap();
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn keys_about_to_end_are_not_asked_to_be_replaced_with_every_question() {
    let soon = SharedTimeSource::default().now() + Duration::from_secs(30);
    let (wallet, loads) = wallet(move |load| match load {
        0 => Ok(keys("AKIA", Some(soon))),
        _ => Err(CredentialsError::not_loaded_no_source()),
    });
    for _ in 0..20 {
        wallet.credentials().await.unwrap();
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nobody_waits_for_a_replacement_while_the_keys_at_hand_serve() {
    let soon = SharedTimeSource::default().now() + Duration::from_secs(30);
    let (wallet, loads) = wallet(move |load| {
        let ends = if load == 0 { soon } else { far() };
        Ok(keys(&format!("AKIA{load}"), Some(ends)))
    });
    wallet.credentials().await.unwrap();
    wallet.be_late();
    let (one, another) = tokio::join!(wallet.credentials(), wallet.credentials());
    assert_eq!(one.unwrap().access_key_id(), "AKIA1");
    assert_eq!(another.unwrap().access_key_id(), "AKIA0", "the load yields");
    assert_eq!(loads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn ended_keys_are_replaced() {
    let (wallet, loads) = wallet(|load| {
        let ends = if load == 0 {
            SystemTime::UNIX_EPOCH
        } else {
            far()
        };
        Ok(keys(&format!("AKIA{load}"), Some(ends)))
    });
    wallet.credentials().await.unwrap();
    assert_eq!(wallet.credentials().await.unwrap().access_key_id(), "AKIA1");
    assert_eq!(loads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_failed_load_is_told_in_words() {
    for (cause, expected) in [
        (
            "the SSO token has expired and cannot be refreshed",
            "The SSO session of prod has ended.",
        ),
        (
            "failed to load the cached SSO token",
            "Nobody is signed in to SSO for prod.",
        ),
        (
            "cached Login token is expired",
            "The console sign-in of prod has ended.",
        ),
        (
            "no credentials found in chain. Attempted: HTTP read timeout occurred after 250ms",
            "No credentials were found for prod.",
        ),
        (
            "Error retrieving credentials: external process exited with code exit status: 1. Stderr: token hvs.secret",
            "The credentials of prod cannot be loaded: external process exited with code exit status: 1.",
        ),
        (
            "a word\u{1b}[2J nobody expected",
            "The credentials of prod cannot be loaded: a word␛[2J nobody expected.",
        ),
    ] {
        let (wallet, _) = wallet(move |_| {
            let inner = CredentialsError::provider_error(cause);
            Err(CredentialsError::provider_error(inner))
        });
        let problem = wallet.credentials().await.unwrap_err();
        assert_eq!(
            (problem.kind, problem.what.as_str()),
            (Kind::Expired, expected)
        );
    }
}

#[tokio::test]
async fn what_the_issuer_of_credentials_says_is_told_as_what_it_is() {
    for (code, message, kind, expected) in [
        (
            "ForbiddenException",
            "No access",
            Kind::Expired,
            "The credentials of prod are refused: No access. Check `sso_account_id` and `sso_role_name` in the AWS configuration.",
        ),
        (
            "ExpiredTokenException",
            "The security token included in the request is expired",
            Kind::Expired,
            "The credentials of prod are refused: The security token included in the request is expired. Run `aws sso login --profile prod`.",
        ),
        (
            "TooManyRequestsException",
            "",
            Kind::Throttled,
            "The credentials of prod cannot be fetched: AWS asks to slow down.",
        ),
        (
            "ServiceUnavailableException",
            "Try again.",
            Kind::Server,
            "The credentials of prod cannot be fetched: AWS failed on its own side.",
        ),
        (
            "",
            "",
            Kind::Server,
            "The credentials of prod cannot be fetched: AWS failed on its own side.",
        ),
    ] {
        let (wallet, _) = wallet(move |_| {
            let mut said = ErrorMetadata::builder();
            if !code.is_empty() {
                said = said.code(code).message(message);
            }
            Err(CredentialsError::provider_error(said.build()))
        });
        let problem = wallet.credentials().await.unwrap_err();
        assert_eq!(
            (problem.kind, problem.to_string()),
            (kind, expected.to_owned())
        );
    }
}

#[tokio::test]
async fn a_network_without_sso_does_not_ask_for_a_login() {
    let (wallet, _) = wallet(|_| {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        Err(CredentialsError::provider_error(refused))
    });
    let problem = wallet.credentials().await.unwrap_err();
    assert_eq!(
        problem.kind,
        Kind::Unreachable(crate::domain::Reach::Refused)
    );
}
