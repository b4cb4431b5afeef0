//! Why an account has no credentials.

use super::{chain, code, network, quote};
use crate::domain::{AccountName, Kind, Problem, Reach};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// Words a failed load. `renewal` is the sentence that says how to get new credentials.
pub(in crate::aws) fn of_credentials(
    account: &AccountName,
    renewal: &str,
    error: &CredentialsError,
) -> Problem {
    tracing::debug!(%account, error = %aws_smithy_types::error::display::DisplayErrorContext(error), "no credentials");
    if let Some(refusal) = chain(error).find_map(|cause| cause.downcast_ref::<AssumeRoleError>()) {
        return of_role(account, renewal, refusal);
    }
    if let Some((reach, _)) = network::during_transfer(error) {
        return unreachable(account, reach);
    }
    let expired = |why: String| Problem::new(Kind::Expired, why).hint(renewal);
    match error {
        CredentialsError::ProviderTimedOut(_) => unreachable(account, Reach::TimedOut),
        CredentialsError::CredentialsNotLoaded(_) if error.source().is_none() => {
            expired(format!("No credentials were found for {account}."))
        }
        _ => expired(format!(
            "The credentials of {account} cannot be loaded: {}",
            quote(&why(error))
        )),
    }
}

fn unreachable(account: &AccountName, reach: Reach) -> Problem {
    Problem::new(
        Kind::Unreachable(reach),
        format!(
            "The credentials of {account} cannot be fetched: what issues them cannot be reached."
        ),
    )
    .hint("Check the network; the last credentials are used as long as they are good.")
}

fn of_role(account: &AccountName, renewal: &str, refusal: &AssumeRoleError) -> Problem {
    let message = refusal.message().unwrap_or_default();
    let code = refusal.code().unwrap_or_default();
    match code::verdict(400, code, message) {
        code::Verdict::Denied => Problem::new(
            Kind::Denied,
            format!("Not allowed to assume the role of {account}."),
        )
        .hint("Needs `sts:AssumeRole`, and the role's trust policy has to allow it."),
        code::Verdict::Throttled => Problem::new(
            Kind::Throttled,
            format!("Could not assume the role of {account}: AWS asks to slow down."),
        ),
        code::Verdict::Expired
        | code::Verdict::NotRecognized
        | code::Verdict::Missing
        | code::Verdict::Invalid
        | code::Verdict::Server => Problem::new(
            Kind::Expired,
            format!("Could not assume the role of {account}: {}", quote(message)),
        )
        .hint(renewal),
    }
}

/// The deepest cause says it best: the layers above repeat that there was an error.
fn why(error: &CredentialsError) -> String {
    chain(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
