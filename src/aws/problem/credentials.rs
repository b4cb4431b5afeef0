//! Why an account has no credentials.

use super::{chain, code, network, quote};
use crate::domain::{AccountName, Kind, Problem, Reach};
use aws_config::imds::client::error::ImdsError;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// Words a failed load. `renewal` is the sentence that says how to get new credentials.
pub(in crate::aws) fn of_credentials(
    account: &AccountName,
    renewal: &str,
    error: &CredentialsError,
) -> Problem {
    if let Some(refusal) = chain(error).find_map(|cause| cause.downcast_ref::<AssumeRoleError>()) {
        return of_role(account, renewal, refusal);
    }
    let expired = |why: String| Problem::new(Kind::Expired, why).hint(renewal);
    if is_empty_handed(error) {
        return expired(format!("No credentials were found for {account}."));
    }
    if let Some((reach, _)) = network::during_transfer(error) {
        return unreachable(account, reach);
    }
    if let Some(refusal) = chain(error).find_map(|cause| cause.downcast_ref::<ErrorMetadata>()) {
        return of_issuer(account, renewal, refusal);
    }
    match error {
        CredentialsError::ProviderTimedOut(_) => unreachable(account, Reach::TimedOut),
        _ => expired(lapsed(account, error)),
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

/// A refusal of the SSO portal or of the console's sign-in, in a code that the SDK has no type for.
fn of_issuer(account: &AccountName, renewal: &str, refusal: &ErrorMetadata) -> Problem {
    let cannot = |kind: Kind, why: &str| {
        Problem::new(
            kind,
            format!("The credentials of {account} cannot be fetched: {why}"),
        )
    };
    let message = refusal.message().unwrap_or_default();
    // The SDK keeps the status to itself. What comes without a code comes from something before the service.
    let code = refusal.code().unwrap_or("InternalFailure");
    if code.starts_with("Internal") || code.starts_with("ServiceUnavailable") {
        return cannot(Kind::Server, "AWS failed on its own side.");
    }
    match code::verdict(400, code, message) {
        code::Verdict::Throttled => cannot(Kind::Throttled, "AWS asks to slow down."),
        verdict => {
            let said = if message.is_empty() { code } else { message };
            let what = format!("The credentials of {account} are refused: {}", quote(said));
            let is_role = code == "ForbiddenException" || verdict == code::Verdict::Denied;
            let hint = if is_role {
                "Check `sso_account_id` and `sso_role_name` in the AWS configuration."
            } else {
                renewal
            };
            Problem::new(Kind::Expired, what).hint(hint)
        }
    }
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

/// Whether every place was looked at and had nothing.
///
/// The metadata service is the last of them. Away from AWS it does not answer, which says nothing about the
/// network, so this is asked before any timeout is looked for.
fn is_empty_handed(error: &CredentialsError) -> bool {
    let nothing_said =
        matches!(error, CredentialsError::CredentialsNotLoaded(_)) && error.source().is_none();
    nothing_said
        || chain(error).any(|cause| {
            cause.is::<ImdsError>()
                || cause
                    .to_string()
                    .starts_with("no credentials found in chain")
        })
}

/// What became of the credentials. The providers' errors have no types of their own that could be matched on.
fn lapsed(account: &AccountName, error: &CredentialsError) -> String {
    let says = |words: &str| chain(error).any(|cause| cause.to_string().contains(words));
    if says("SSO token has expired") || says("UnauthorizedException") {
        return format!("The SSO session of {account} has ended.");
    }
    if says("failed to load the cached SSO token") {
        return format!("Nobody is signed in to SSO for {account}.");
    }
    if says("Login token is expired") || says("failed to refresh cached Login token") {
        return format!("The console sign-in of {account} has ended.");
    }
    let deepest = chain(error).last();
    let is_absent = deepest
        .and_then(|cause| cause.downcast_ref::<std::io::Error>())
        .is_some_and(|io| io.kind() == std::io::ErrorKind::NotFound);
    if is_absent && says("failed to read `") {
        return format!("Nobody is signed in for {account}.");
    }
    // The deepest cause says it best: the layers above repeat that there was an error.
    let why = deepest.map(ToString::to_string).unwrap_or_default();
    let why = why.trim_start_matches("Error retrieving credentials: ");
    // What a credential_process complains about may hold the very secret that it could not deliver.
    let why = why.split(" Stderr:").next().unwrap_or_default();
    let why = quote(why.trim_end_matches('.'));
    format!("The credentials of {account} cannot be loaded: {why}")
}
