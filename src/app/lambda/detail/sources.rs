//! What calls the function by itself: queues and streams, and how that goes.

use super::line::{Known, Line, Page, Tone, sentence};
use crate::domain::{EventSource, Region, Slot, Topic, untrusted::sanitise};

pub(super) fn page(known: &Known<'_>) -> Page {
    let mut lines = Vec::new();
    let (mut failing, mut is_asking) = (Vec::new(), false);
    for scope in known.scopes {
        let topic = Topic::EventSources(known.name.clone());
        let slot = known.store.event_sources(scope, &topic);
        is_asking |= slot.is_none_or(|slot| slot.good().is_none() && slot.failing().is_none());
        failing.extend(sentence(slot).map(|it| (scope.clone(), it)));
        let region = scope.region().map_or("", Region::as_str);
        let sources = slot.and_then(Slot::value).unwrap_or_default();
        lines.extend(sources.iter().map(|source| line(source, &sanitise(region))));
    }
    // Regions side by side for each of the sources.
    lines.sort_by(|a: &Line, b| a.cells.first().cmp(&b.cells.first()));
    lines.extend(known.problems(failing));
    let excuse = if is_asking {
        "Asking what calls the function."
    } else {
        "No queue or stream calls it. It is called by whoever knows its name: an API, a rule, another function."
    };
    Page {
        lines,
        excuse: excuse.to_owned(),
    }
}

fn line(source: &EventSource, region: &str) -> Line {
    let state = source.state.exact();
    let result = source.result.as_ref().map(|it| it.safe().into_owned());
    let is_bad = result
        .as_ref()
        .is_some_and(|it| it.to_uppercase().starts_with("PROBLEM"));
    let tone = match state {
        _ if is_bad => Tone::Bad,
        "Enabled" => Tone::Good,
        "Disabled" => Tone::Quiet,
        _ if state.ends_with("ing") => Tone::Moving,
        _ => Tone::Unknown,
    };
    let reason = source.reason.as_ref().map(|it| it.safe().into_owned());
    let cells = vec![
        source
            .source
            .as_ref()
            .map_or_else(|| "self-managed".to_owned(), |arn| brief(&arn.safe())),
        source.state.safe().into_owned(),
        result.unwrap_or_else(|| "none yet".to_owned()),
        region.to_owned(),
        source
            .batch
            .map_or_else(String::new, |batch| format!("batches of {batch}")),
        reason.unwrap_or_default(),
    ];
    Line::new(tone, format!("{region} {}", source.id.safe()), cells)
}

/// `sqs orders-queue` of an ARN.
fn brief(arn: &str) -> String {
    let mut parts = arn.split(':');
    match (parts.nth(2), parts.next_back()) {
        (Some(service), Some(name)) => format!("{service} {name}"),
        _ => arn.to_owned(),
    }
}
