//! STS: who am I, and may I be somebody else.

use chrono::TimeDelta;

use super::{Answer, Call};
use crate::sandbox::credential::Session;
use crate::sandbox::failure::{Failure, Refusal};
use crate::sandbox::value::Map;

const SHORTEST: i64 = 900;
const LONGEST: i64 = 43_200;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    // A region that is switched off does not know the account's keys.
    call.estate()?;
    match call.operation {
        "GetCallerIdentity" => Ok(Map::new()
            .with("Arn", &call.caller.arn)
            .with("UserId", &call.caller.user_id)
            .with("Account", &call.caller.account)),
        "AssumeRole" => assume_role(call),
        _ => Err(call.unknown_operation()),
    }
}

fn assume_role(call: &Call<'_>) -> Answer {
    let arn = call.required("RoleArn")?;
    let name = call.required("RoleSessionName")?;
    let Some((account, role)) = arn
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.split_once(":role/"))
        .map(|(account, path)| (account, path.rsplit('/').next().unwrap_or(path)))
    else {
        return Err(Failure::validation(format!("{arn} is invalid")).into());
    };
    let seconds = call.input.integer("DurationSeconds").unwrap_or(3_600);
    if !(SHORTEST..=LONGEST).contains(&seconds) {
        let (bound, word) = if seconds < SHORTEST {
            (SHORTEST, "greater")
        } else {
            (LONGEST, "less")
        };
        return Err(Failure::validation(format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: \
             Member must have value {word} than or equal to {bound}"
        ))
        .into());
    }
    if !call.world.accounts.contains_key(account) {
        return Err(Refusal::Denied {
            caller: call.caller.arn.clone(),
            action: "sts:AssumeRole".to_owned(),
            resource: arn,
        }
        .into());
    }
    let session = Session {
        account: account.to_owned(),
        role: role.to_owned(),
        name: name.clone(),
        issued: call.now,
        // Whole seconds: that is what the key can carry.
        expires: call.now - TimeDelta::nanoseconds(i64::from(call.now.timestamp_subsec_nanos()))
            + TimeDelta::seconds(seconds),
    };
    let role_id = format!("AROASANDBOX{}", call.world.role_suffix(&session));
    Ok(Map::new()
        .with(
            "AssumedRoleUser",
            Map::new()
                .with("AssumedRoleId", format!("{role_id}:{name}"))
                .with(
                    "Arn",
                    format!("arn:aws:sts::{account}:assumed-role/{role}/{name}"),
                ),
        )
        .with(
            "Credentials",
            Map::new()
                .with("AccessKeyId", session.access_key())
                .with("SecretAccessKey", session.secret())
                .with("SessionToken", session.token())
                .with("Expiration", session.expires),
        ))
}
