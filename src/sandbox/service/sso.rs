//! The SSO portal: a token for role credentials; and its token service, which renews tokens.

use chrono::TimeDelta;

use super::{Answer, Call};
use crate::sandbox::credential::Session;
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;

const SESSION: TimeDelta = TimeDelta::hours(1);

pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.operation {
        "GetRoleCredentials" => role_credentials(call),
        "CreateToken" => renewed_token(call),
        _ => Err(call.unknown_operation()),
    }
}

fn role_credentials(call: &Call<'_>) -> Answer {
    let invalid = |message: &str| Failure::new(400, "InvalidRequestException", message);
    let role = call
        .input
        .text("roleName")
        .ok_or_else(|| invalid("roleName is required."))?;
    let account = call
        .input
        .text("accountId")
        .ok_or_else(|| invalid("accountId is required."))?;
    let bearer = call.input.text("accessToken").unwrap_or_default();
    let token = call
        .world
        .tokens
        .iter()
        .find(|token| {
            token.secret == bearer && token.expires.is_none_or(|expires| call.now < expires)
        })
        .ok_or_else(|| {
            Failure::new(
                401,
                "UnauthorizedException",
                "Session token not found or invalid",
            )
        })?;
    if !call.world.accounts.contains_key(account.as_ref()) {
        return Err(Failure::new(404, "ResourceNotFoundException", "No such account.").into());
    }
    if !token.roles.iter().any(|known| *known == role) {
        return Err(Failure::new(403, "ForbiddenException", "No access").into());
    }
    let session = Session {
        account: account.into_owned(),
        role: format!("AWSReservedSSO_{role}_0123456789abcdef"),
        name: "operator".to_owned(),
        issued: call.now,
        expires: call.now + SESSION,
    };
    Ok(Map::new().with(
        "roleCredentials",
        Map::new()
            .with("accessKeyId", session.access_key())
            .with("secretAccessKey", session.secret())
            .with("sessionToken", session.token())
            // The portal counts milliseconds, unlike everybody else.
            .with("expiration", session.expires.timestamp() * 1_000),
    ))
}

/// The token that goes with a refresh token, for as long as it lasts.
fn renewed_token(call: &Call<'_>) -> Answer {
    let asked = call.input.text("refreshToken").unwrap_or_default();
    let token = call
        .world
        .tokens
        .iter()
        .find(|token| token.refresh.as_deref() == Some(asked.as_ref()))
        .ok_or_else(|| {
            Failure::new(
                400,
                "InvalidGrantException",
                "Invalid refresh token provided",
            )
        })?;
    let left = token
        .expires
        .map_or(TimeDelta::hours(8), |expires| expires - call.now);
    Ok(Map::new()
        .with("accessToken", token.secret.as_str())
        .with("tokenType", "Bearer")
        .with("expiresIn", left.num_seconds().max(0))
        .with("refreshToken", asked.as_ref()))
}
