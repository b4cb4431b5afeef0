//! EC2 instances: whether they run, whether they can be stopped, and the tag that remembers.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::aws::query::{self, EC2, Form, child, list, members, tag, word};
use crate::aws::session::Session;
use crate::domain::operation::{MEMORY, Power, PowerState};
use crate::domain::{Region, Untrusted};
use roxmltree::Node;

/// As many values as one filter may have.
const PAGE: usize = 200;

/// The tag that AWS puts on what a group has started.
const GROUP: &str = "aws:autoscaling:groupName";

/// An instance as it is now.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) id: Untrusted,
    pub(super) power: PowerState,
    pub(super) memory: Option<String>,
    pub(super) fixed: Option<String>,
}

/// Those of these instances that exist; a filter, because a question by id fails as a whole when one is gone.
pub(super) async fn find(
    session: &Session,
    place: &Region,
    ids: &[&Untrusted],
) -> Result<Vec<Instance>, Failure> {
    let mut found = Vec::new();
    for ids in ids.chunks(PAGE) {
        let form = Form::new()
            .with("Filter.1.Name", "instance-id")
            .each("Filter.1.Value.", ids.iter().map(|id| id.exact()));
        let answer = query::ask(session, place, EC2, ("DescribeInstances", &form)).await?;
        let reservations = list(&answer, "reservationSet", |reservation| {
            members(reservation, "instancesSet")
                .filter_map(instance)
                .collect::<Vec<_>>()
        })?;
        found.extend(reservations.into_iter().flatten());
    }
    Ok(found)
}

pub(super) async fn one(
    session: &Session,
    place: &Region,
    id: &Untrusted,
) -> Result<Option<Instance>, Failure> {
    let found = find(session, place, &[id]).await?;
    Ok(found.into_iter().find(|instance| instance.id == *id))
}

pub(super) async fn set_power(
    session: &Session,
    place: &Region,
    id: &Untrusted,
    to: Power,
) -> Result<Option<String>, Mishap> {
    let form = Form::new().with("InstanceId.1", id.exact());
    let operation = match to {
        Power::Off => "StopInstances",
        Power::On => "StartInstances",
    };
    send(session, place, (operation, &form)).await
}

pub(super) async fn remember(
    session: &Session,
    place: &Region,
    id: &Untrusted,
    memory: Option<&str>,
) -> Result<Option<String>, Mishap> {
    let form = Form::new()
        .with("ResourceId.1", id.exact())
        .with("Tag.1.Key", MEMORY);
    if let Some(value) = memory {
        let form = form.with("Tag.1.Value", value);
        return send(session, place, ("CreateTags", &form)).await;
    }
    send(session, place, ("DeleteTags", &form)).await
}

async fn send(
    session: &Session,
    place: &Region,
    asked: (&'static str, &Form),
) -> Result<Option<String>, Mishap> {
    let sent = query::send(session, place, EC2, asked).await;
    Ok(sent.map_err(Mishap::Sending)?.request)
}

/// None where it was terminated, which AWS remembers for an hour.
fn instance(shape: Node<'_, '_>) -> Option<Instance> {
    let state = child(shape, "instanceState").and_then(|state| word(state, "name"));
    let power = match state.unwrap_or_default() {
        "running" => PowerState::On,
        "pending" => PowerState::TurningOn,
        "stopping" => PowerState::TurningOff,
        "stopped" => PowerState::Off,
        "terminated" => return None,
        other => PowerState::Other(other.into()),
    };
    Some(Instance {
        id: query::text(shape, "instanceId"),
        power,
        memory: tag(shape, "tagSet", MEMORY),
        fixed: fixed(shape),
    })
}

/// Why it cannot be stopped, where it cannot.
fn fixed(shape: Node<'_, '_>) -> Option<String> {
    if let Some(group) = tag(shape, "tagSet", GROUP) {
        let group = Untrusted::new(group);
        return Some(format!(
            "It belongs to the Auto Scaling group {}, which would replace it.",
            group.safe()
        ));
    }
    if word(shape, "instanceLifecycle") == Some("spot") {
        return Some("It is a spot instance, which AWS may not start again.".to_owned());
    }
    (word(shape, "rootDeviceType") == Some("instance-store"))
        .then(|| "Its root is an instance store, which a stop would lose.".to_owned())
}
