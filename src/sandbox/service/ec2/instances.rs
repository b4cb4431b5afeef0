//! Instances as they are.

use chrono::DateTime;

use super::super::{Answer, Call, Refused, page};
use super::known::{self, Known, State};
use crate::sandbox::failure::Failure;
use crate::sandbox::scenario::InstancePlan;
use crate::sandbox::value::{Map, Value};

fn invalid(words: impl Into<String>) -> Refused {
    Failure::new(400, "InvalidParameterValue", words).into()
}

fn is_spot(known: &Known) -> bool {
    known.sort == InstancePlan::Spot
}

fn passes(known: &Known, filter: &Map) -> Result<bool, Refused> {
    let wanted = filter.texts("Value");
    let name = filter.text("Name").unwrap_or_default();
    let is = |own: &str| wanted.iter().any(|value| value == own);
    Ok(match name.as_ref() {
        "instance-id" => is(&known.id),
        "instance-state-name" => is(known.state.name()),
        "instance-state-code" => is(&known.state.code().to_string()),
        "instance-lifecycle" => is(if is_spot(known) { "spot" } else { "scheduled" }),
        "tag-key" => known.tags.keys().any(|key| is(key)),
        name => match name.strip_prefix("tag:") {
            Some(key) => known.tags.get(key).is_some_and(|value| is(value)),
            None => return Err(invalid(format!("The filter '{name}' is invalid"))),
        },
    })
}

/// Those of some instances that all filters of the request let through.
fn filtered(call: &Call<'_>, all: Vec<Known>) -> Result<Vec<Known>, Refused> {
    let filters = call.input.list("Filter").iter().filter_map(Value::map);
    let mut left = all;
    for filter in filters {
        let passed = left.iter().map(|known| passes(known, filter));
        let passed: Vec<bool> = passed.collect::<Result<_, Refused>>()?;
        let mut passed = passed.into_iter();
        left.retain(|_| passed.next().unwrap_or(false));
    }
    Ok(left)
}

fn paged(call: &Call<'_>, all: Vec<Known>) -> Result<(Vec<Known>, Option<String>), Refused> {
    let asked = call.input.integer("MaxResults");
    if asked.is_some() && call.input.get("InstanceId").is_some() {
        let words = "The parameter instancesSet cannot be used with the parameter maxResults";
        return Err(Failure::new(400, "InvalidParameterCombination", words).into());
    }
    let most = usize::try_from(asked.unwrap_or(1_000)).ok();
    let Some(most) = most.filter(|most| (5..=1_000).contains(most)) else {
        let words = "Value is not between 5 and 1000. If above maximum, use 1000.";
        return Err(invalid(words));
    };
    let token = call.input.text("NextToken");
    let cut = page::cut(all, most, token.as_deref(), |known| known.id.clone());
    cut.ok_or_else(|| invalid("The token is not valid."))
}

pub(super) fn state(state: State) -> Map {
    Map::new()
        .with("code", state.code())
        .with("name", state.name())
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let found = filtered(call, known::wanted(call)?)?;
    let (page, next) = paged(call, found)?;
    let reservations = page.iter().map(|known| {
        let reservation = known.id.replacen("i-", "r-", 1);
        Map::new()
            .with("reservationId", reservation)
            .with("ownerId", &call.caller.account)
            .with("groupSet", Value::List(Vec::new()))
            .with("instancesSet", vec![described(known)])
    });
    Ok(Map::new()
        .with("reservationSet", reservations.collect::<Value>())
        .with_some("nextToken", next))
}

fn described(known: &Known) -> Map {
    let since = DateTime::from_timestamp_millis(known.since).unwrap_or_default();
    let stamp = since.format("%Y-%m-%d %H:%M:%S GMT");
    let (reason, why) = match known.state {
        State::Pending | State::Running => (String::new(), None),
        State::Stopping | State::Stopped | State::ShuttingDown | State::Terminated => (
            format!("User initiated ({stamp})"),
            Some("Client.UserInitiatedShutdown: User initiated shutdown"),
        ),
    };
    let why = why.map(|message| {
        Map::new()
            .with("code", "Client.UserInitiatedShutdown")
            .with("message", message)
    });
    let tags = known.tags.iter();
    let tags = tags.map(|(key, value)| Map::new().with("key", key).with("value", value));
    Map::new()
        .with("instanceId", &known.id)
        .with("imageId", "ami-0c0ffee0c0ffee000")
        .with("instanceState", state(known.state))
        .with("privateDnsName", "")
        .with("dnsName", "")
        .with("reason", reason)
        .with("instanceType", "m7g.large")
        .with("launchTime", since)
        .with(
            "placement",
            Map::new()
                .with("availabilityZone", &known.zone)
                .with("groupName", "")
                .with("tenancy", "default"),
        )
        .with("monitoring", Map::new().with("state", "disabled"))
        .with("privateIpAddress", &known.address)
        .with_some("stateReason", why)
        .with("architecture", "arm64")
        .with(
            "rootDeviceType",
            match known.sort {
                InstancePlan::Ordinary | InstancePlan::Spot => "ebs",
                InstancePlan::InstanceStore => "instance-store",
            },
        )
        .with("rootDeviceName", "/dev/xvda")
        .with_some("instanceLifecycle", is_spot(known).then_some("spot"))
        .with("tagSet", tags.collect::<Value>())
}

pub(super) fn status(call: &Call<'_>) -> Answer {
    let mut found = filtered(call, known::wanted(call)?)?;
    // Unless somebody asks for all, AWS tells of those that run.
    if !call.input.says("IncludeAllInstances") {
        found.retain(|known| known.state == State::Running);
    }
    let (page, next) = paged(call, found)?;
    let checked = |known: &Known| {
        let status = match known.state {
            State::Running => "ok",
            State::Pending => "initializing",
            State::ShuttingDown | State::Terminated | State::Stopping | State::Stopped => {
                "not-applicable"
            }
        };
        Map::new().with("status", status)
    };
    let written = page.iter().map(|known| {
        Map::new()
            .with("instanceId", &known.id)
            .with("availabilityZone", &known.zone)
            .with("instanceState", state(known.state))
            .with("systemStatus", checked(known))
            .with("instanceStatus", checked(known))
    });
    Ok(Map::new()
        .with("instanceStatusSet", written.collect::<Value>())
        .with_some("nextToken", next))
}
