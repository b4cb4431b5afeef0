//! What requests about functions have in common: which function, which version of it, which page.

use std::sync::Arc;

use super::super::{Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::world::function::{self, Function};
use crate::sandbox::world::lambda::{Lambda, Pointing, Version};

pub(super) const LATEST: &str = "$LATEST";
/// The most things on one page, asked for or not.
const PAGE: usize = 50;

/// A function and what has become of it.
pub(super) struct Found<'c> {
    pub(super) function: Function<'c>,
    pub(super) lambda: Arc<Lambda>,
    /// What the request named beside the function.
    pub(super) qualifier: Option<String>,
}

pub(super) fn invalid(message: impl Into<String>) -> Refused {
    Failure::new(400, "InvalidParameterValueException", message).into()
}

/// A member that is not as its model says.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> Refused {
    let words = format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: Member must {rule}"
    );
    Failure::new(400, "ValidationException", words).into()
}

pub(super) fn missing(message: impl Into<String>) -> Refused {
    Failure::new(404, "ResourceNotFoundException", message).into()
}

pub(super) fn stale() -> Refused {
    let words = "The Revision Id provided does not match the latest Revision Id. Call the \
                 GetFunction/GetAlias API to retrieve the latest Revision Id";
    Failure::new(412, "PreconditionFailedException", words).into()
}

pub(super) fn arn(call: &Call<'_>, name: &str) -> String {
    format!(
        "arn:aws:lambda:{}:{}:function:{name}",
        call.region, call.caller.account
    )
}

/// The functions that exist now, by name.
pub(super) fn functions<'c>(call: &Call<'c>) -> Result<Vec<Function<'c>>, Refused> {
    let estate = call.world.estate(&call.caller.account, call.region)?;
    let functions = function::functions(call.world.seed, &estate.stacks);
    let exists = |function: &Function<'_>| {
        let resources = function.stack.resources(call.now);
        let own = &function.resource.physical;
        let stands = function.stack.standing(call.now);
        stands.is_some_and(|standing| standing.deleted.is_none())
            && resources
                .iter()
                .any(|known| known.resource.physical == *own)
    };
    let mut functions: Vec<Function<'_>> = functions.filter(exists).collect();
    functions.sort_by(|left, right| left.resource.physical.cmp(&right.resource.physical));
    Ok(functions)
}

pub(super) fn known<'c>(call: &Call<'c>, function: Function<'c>) -> Found<'c> {
    let lambda = call
        .world
        .lambda(&call.caller.account, call.region, &function);
    Found {
        function,
        lambda,
        qualifier: None,
    }
}

/// The function that the request names: by name or ARN, whole or in part, with or without a qualifier.
pub(super) fn named<'c>(call: &Call<'c>) -> Result<Found<'c>, Refused> {
    let asked = call.input.text("FunctionName").unwrap_or_default();
    let bare = asked
        .split_once("function:")
        .map_or(asked.as_ref(), |(_, name)| name);
    let (name, inside) = match bare.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier.to_owned())),
        None => (bare, None),
    };
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || !name.chars().all(letter) {
        return Err(constraint(
            &format!("'{asked}'"),
            "functionName",
            "satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?\
             -[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
        ));
    }
    let elsewhere = asked.starts_with("arn:") && !asked.starts_with(&arn(call, ""));
    let found = functions(call)?
        .into_iter()
        .find(|function| function.resource.physical == name && !elsewhere);
    let function =
        found.ok_or_else(|| missing(format!("Function not found: {}", arn(call, name))))?;
    let beside = call
        .input
        .text("Qualifier")
        .map(std::borrow::Cow::into_owned);
    if let (Some(inside), Some(beside)) = (&inside, &beside)
        && inside != beside
    {
        return Err(invalid(
            "The derived qualifier from the function name does not match the specified qualifier.",
        ));
    }
    Ok(Found {
        qualifier: beside.or(inside),
        ..known(call, function)
    })
}

impl Found<'_> {
    pub(super) fn name(&self) -> &str {
        &self.function.resource.physical
    }

    /// The version that the stack has deployed.
    pub(super) fn base(&self, call: &Call<'_>) -> Option<i64> {
        self.function.deployed_version(call.now)
    }

    pub(super) fn versions(&self, call: &Call<'_>) -> Vec<Version> {
        let deployed = self.function.modified(call.now).unwrap_or(call.now);
        self.lambda.versions(self.base(call), deployed, call.now)
    }

    pub(super) fn alias(&self, call: &Call<'_>, name: &str) -> Option<Pointing> {
        let now = call.now.timestamp_millis();
        self.lambda.alias(name, self.base(call), now)
    }

    /// What `$LATEST` would be called if it were published: it is one ahead of all versions.
    pub(super) fn latest(&self, call: &Call<'_>) -> i64 {
        self.lambda.latest(self.base(call), call.now)
    }

    /// The version behind a qualifier: `None` for `$LATEST`.
    pub(super) fn version(
        &self,
        call: &Call<'_>,
        qualifier: &str,
    ) -> Result<Option<Version>, Refused> {
        let target = match self.alias(call, qualifier) {
            Some(pointing) => pointing.version,
            None => qualifier.to_owned(),
        };
        if target == LATEST {
            return Ok(None);
        }
        let mut versions = self.versions(call).into_iter();
        let found = versions.find(|version| version.number.to_string() == target);
        found.map(Some).ok_or_else(|| {
            let arn = arn(call, self.name());
            missing(format!("Function not found: {arn}:{qualifier}"))
        })
    }
}

/// The items of the page that is asked for, and the marker of the next one.
pub(super) fn page<T>(
    call: &Call<'_>,
    items: Vec<T>,
    name: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Refused> {
    let most = call.input.integer("MaxItems").unwrap_or(50);
    let Some(most) = usize::try_from(most)
        .ok()
        .filter(|most| (1..=10_000).contains(most))
    else {
        return Err(constraint(
            &format!("'{most}'"),
            "maxItems",
            "have value between 1 and 10000",
        ));
    };
    let token = |item: &T| format!("after-{}", name(item));
    let start = match call.input.text("Marker") {
        None => 0,
        Some(marker) => items
            .iter()
            .position(|item| marker == token(item))
            .map(|place| place + 1)
            .ok_or_else(|| invalid("Invalid Marker"))?,
    };
    let most = most.min(PAGE);
    let more = items.len() > start + most;
    let page: Vec<T> = items.into_iter().skip(start).take(most).collect();
    let next = page.last().filter(|_| more).map(token);
    Ok((page, next))
}
