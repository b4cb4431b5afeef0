//! An endpoint as a line of a table, as a JSON object, or as a change.

use super::reason::Reason;
use crate::cli::accelerators::health_word;
use crate::cli::endpoints::{Seat, exact};
use crate::cli::output::{Cell, Output, Tone};
use crate::domain::accelerator::Switch;
use crate::domain::{Health, Timestamp};
use chrono::SecondsFormat;
use serde_json::{Value, json};

pub(super) const HEADING: [&str; 8] = [
    "HEALTH",
    "ACCOUNT",
    "ACCELERATOR",
    "LISTENER",
    "REGION",
    "ENDPOINT",
    "WEIGHT",
    "REASON",
];

pub(super) fn cells(seat: &Seat<'_>, reason: Option<&Reason<'_>>) -> [Cell; 8] {
    let weight = seat.endpoint.weight;
    [
        Cell::of(seat.endpoint.health.word(), tone(seat)),
        Cell::plain(seat.scope.account.as_str()),
        Cell::plain(seat.accelerator.name.safe()),
        Cell::plain(seat.listener.words()),
        Cell::plain(seat.group.region.safe()),
        Cell::plain(seat.endpoint.name().safe()),
        Cell::plain(weight.map_or_else(|| "-".into(), |weight| weight.to_string())),
        Cell::quiet(remark(seat, reason)),
    ]
}

/// Why it is not healthy, or why that does not matter.
fn remark(seat: &Seat<'_>, reason: Option<&Reason<'_>>) -> String {
    let spared = match (seat.accelerator.switch, &seat.endpoint.health) {
        (_, Health::Healthy | Health::Unchecked) => None,
        (Switch::Disabled, _) => Some("not counted: the accelerator is disabled"),
        (Switch::Enabled, _) if !seat.counts() => Some("not counted: it has no weight"),
        (Switch::Enabled, _) => None,
    };
    let reason = reason.map(|reason| reason.words.as_str());
    let words: Vec<&str> = spared.into_iter().chain(reason).collect();
    words.join("; ")
}

fn tone(seat: &Seat<'_>) -> Tone {
    match &seat.endpoint.health {
        Health::Healthy => Tone::Well,
        Health::Unhealthy if seat.counts() => Tone::Bad,
        Health::Initial => Tone::Moving,
        Health::Unhealthy | Health::Other(_) => Tone::Plain,
        Health::Unchecked => Tone::Quiet,
    }
}

/// The endpoint as a JSON object. Escapes make every text harmless, so it is the exact one.
pub(super) fn object(seat: &Seat<'_>, reason: Option<&Reason<'_>>) -> Value {
    json!({
        "account": seat.scope.account.as_str(),
        "accelerator": seat.accelerator.name.exact(),
        "accelerator_arn": seat.accelerator.arn.exact(),
        "enabled": seat.accelerator.switch == Switch::Enabled,
        "listener": seat.listener.arn.exact(),
        "protocol": exact(seat.listener.protocol.as_ref()),
        "ports": seat.listener.ports,
        "region": seat.group.region.exact(),
        "group": seat.group.arn.exact(),
        "dial": seat.group.check.as_ref().map(|_| seat.group.dial),
        "endpoint": seat.endpoint.id.exact(),
        "type": seat.endpoint.kind.words(),
        "name": seat.endpoint.name().exact(),
        "weight": seat.endpoint.weight,
        "health": health_word(&seat.endpoint.health),
        "counts": seat.counts(),
        "reason": reason.map(Reason::object),
    })
}

/// What became of an endpoint: AWS's word, or that it has come or gone.
pub(super) fn change(
    output: Output,
    at: Timestamp,
    seat: &Seat<'_>,
    from: &str,
    reason: Option<&Reason<'_>>,
) -> String {
    let to = output.painted(&seat.endpoint.health.word(), tone(seat));
    format!(
        "{}  {}  {}  {}  {}  {}  {from} -> {to}  {}",
        at.to_rfc3339_opts(SecondsFormat::Secs, true),
        seat.scope.account,
        seat.accelerator.name.safe(),
        seat.listener.words(),
        seat.group.region.safe(),
        seat.endpoint.name().safe(),
        remark(seat, reason),
    )
    .trim_end()
    .to_owned()
}
