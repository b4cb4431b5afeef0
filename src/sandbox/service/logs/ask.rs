//! What requests about logs have in common: which group, how many, and how AWS words what is wrong.

use std::sync::Arc;

use super::Call;
use crate::sandbox::failure::Failure;
use crate::sandbox::service::Refused;
use crate::sandbox::world::logs::Group;

pub(super) fn invalid(message: impl Into<String>) -> Refused {
    Failure::new(400, "InvalidParameterException", message).into()
}

/// A member that is not as its model says.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> Refused {
    invalid(format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: Member must {rule}"
    ))
}

pub(super) fn missing(what: &str) -> Refused {
    let words = format!("The specified log {what} does not exist.");
    Failure::new(400, "ResourceNotFoundException", words).into()
}

pub(super) fn exists(what: &str) -> Refused {
    let words = format!("The specified log {what} already exists");
    Failure::new(400, "ResourceAlreadyExistsException", words).into()
}

/// Milliseconds since the epoch.
pub(super) fn now(call: &Call<'_>) -> i64 {
    call.now.timestamp_millis()
}

/// A member that has to be there.
pub(super) fn required(call: &Call<'_>, member: &str) -> Result<String, Refused> {
    match call.input.text(member) {
        Some(text) => Ok(text.into_owned()),
        None => Err(constraint("null", member, "not be null")),
    }
}

/// The group of that name, which is written as names of groups are.
pub(super) fn named(call: &Call<'_>, name: &str) -> Result<Arc<Group>, Refused> {
    let found = call
        .world
        .log_group(&call.caller.account, call.region, name)?;
    match found {
        Some(group) if group.name == name => Ok(group),
        Some(_) | None => {
            check_name(name)?;
            Err(missing("group"))
        }
    }
}

/// The group that a request names by `logGroupName` or by `logGroupIdentifier`, a name or an ARN.
pub(super) fn group(call: &Call<'_>) -> Result<Arc<Group>, Refused> {
    let name = call.input.text("logGroupName");
    let identifier = call.input.text("logGroupIdentifier");
    match (name, identifier) {
        (Some(name), None) => named(call, &name),
        (None, Some(identifier)) => {
            // The form with `:*` is for policies.
            if identifier.contains('*') {
                let rule = r"satisfy regular expression pattern: [\w#+=/:,.@-]*";
                return Err(constraint(
                    &format!("'{identifier}'"),
                    "logGroupIdentifier",
                    rule,
                ));
            }
            let found = call
                .world
                .log_group(&call.caller.account, call.region, &identifier)?;
            found.ok_or_else(|| missing("group"))
        }
        (Some(_), Some(_)) => Err(invalid(
            "logGroupName and logGroupIdentifier are mutually exclusive parameters.",
        )),
        (None, None) => Err(constraint("null", "logGroupName", "not be null")),
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Refused> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-_/#".contains(letter);
    let value = format!("'{name}'");
    if !name.chars().all(plain) {
        let rule = r"satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+";
        return Err(constraint(&value, "logGroupName", rule));
    }
    if name.len() > 512 {
        return Err(constraint(
            &value,
            "logGroupName",
            "have length less than or equal to 512",
        ));
    }
    Ok(())
}

/// The `limit` of a request, between one and the most that the operation gives.
pub(super) fn limit(call: &Call<'_>, most: usize) -> Result<usize, Refused> {
    let Some(asked) = call.input.integer("limit") else {
        return Ok(most);
    };
    let value = format!("'{asked}'");
    match usize::try_from(asked) {
        Err(_) | Ok(0) => Err(constraint(
            &value,
            "limit",
            "have value greater than or equal to 1",
        )),
        Ok(limit) if limit > most => Err(constraint(
            &value,
            "limit",
            &format!("have value less than or equal to {most}"),
        )),
        Ok(limit) => Ok(limit),
    }
}

/// A time in milliseconds since the epoch, if the request has one.
pub(super) fn time(call: &Call<'_>, member: &str) -> Result<Option<i64>, Refused> {
    let time = call.input.integer(member);
    match time {
        Some(negative) if negative < 0 => {
            let value = format!("'{negative}'");
            Err(constraint(
                &value,
                member,
                "have value greater than or equal to 0",
            ))
        }
        Some(_) | None => Ok(time),
    }
}
