//! What requests about accelerators have in common: which one, which listener, which group, and how AWS words what is
//! wrong.

use super::super::{Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::value::Map;
use crate::sandbox::world::accelerator::{
    Accelerator, Change, Group, GroupSetup, InProgress, Listener, Place, Setup,
};

/// A refusal that the model has a shape for. Its message is called `Message`; older clients read `message`.
fn modelled(code: &str, words: impl Into<String>) -> Refused {
    let failure = Failure::new(400, code, words);
    let members = Map::new().with("Message", &failure.message);
    Failure { members, ..failure }.into()
}

pub(super) fn invalid(words: impl Into<String>) -> Refused {
    modelled("InvalidArgumentException", words)
}

pub(super) fn invalid_token() -> Refused {
    modelled(
        "InvalidNextTokenException",
        "There isn't another item to return. The specified token is not valid.",
    )
}

pub(super) fn denied(words: impl Into<String>) -> Refused {
    modelled("AccessDeniedException", words)
}

pub(super) fn too_many(words: impl Into<String>) -> Refused {
    modelled("LimitExceededException", words)
}

pub(super) fn no_accelerator(arn: &str) -> Refused {
    let words = format!("The accelerator {arn} does not exist.");
    modelled("AcceleratorNotFoundException", words)
}

pub(super) fn no_listener(arn: &str) -> Refused {
    let words = format!("The listener {arn} does not exist.");
    modelled("ListenerNotFoundException", words)
}

pub(super) fn no_group(arn: &str) -> Refused {
    let words = format!("The endpoint group {arn} does not exist.");
    modelled("EndpointGroupNotFoundException", words)
}

pub(super) fn no_attachment(arn: &str) -> Refused {
    let words = format!("The cross-account attachment {arn} does not exist.");
    modelled("AttachmentNotFoundException", words)
}

pub(super) fn in_progress(arn: &str) -> Refused {
    let words = format!(
        "There's already a transaction in progress for {arn}. Another transaction can't be processed."
    );
    modelled("TransactionInProgressException", words)
}

/// A listener of an accelerator.
pub(super) struct FoundListener<'c> {
    pub(super) accelerator: &'c Accelerator,
    pub(super) listener: &'c Listener,
    pub(super) place: usize,
}

/// A group, and where it is.
pub(super) struct FoundGroup<'c> {
    pub(super) accelerator: &'c Accelerator,
    pub(super) group: &'c Group,
    pub(super) place: Place,
}

/// The caller's accelerators of a kind that are there by now, oldest first.
pub(super) fn accelerators<'c>(
    call: &Call<'c>,
    routing: RoutingPlan,
) -> impl Iterator<Item = &'c Accelerator> {
    let now = call.now.timestamp_millis();
    let known = call.world.accounts.get(&call.caller.account);
    let known = known.into_iter().flat_map(|account| &account.accelerators);
    known.filter(move |one| one.routing == routing && one.created <= now)
}

fn arn(call: &Call<'_>, member: &str) -> Result<String, Refused> {
    let arn = call.input.text(member).unwrap_or_default().into_owned();
    if arn.starts_with("arn:aws:globalaccelerator:") {
        Ok(arn)
    } else {
        Err(invalid(format!(
            "The value of {member} is not an ARN of Global Accelerator: '{arn}'."
        )))
    }
}

/// The accelerator that `AcceleratorArn` names.
pub(super) fn accelerator<'c>(
    call: &Call<'c>,
    routing: RoutingPlan,
) -> Result<&'c Accelerator, Refused> {
    let arn = arn(call, "AcceleratorArn")?;
    let mut known = accelerators(call, routing);
    known
        .find(|accelerator| accelerator.arn == arn)
        .ok_or_else(|| no_accelerator(&arn))
}

/// The listener that `ListenerArn` names.
pub(super) fn listener<'c>(
    call: &Call<'c>,
    routing: RoutingPlan,
) -> Result<FoundListener<'c>, Refused> {
    let arn = arn(call, "ListenerArn")?;
    let listeners = accelerators(call, routing).flat_map(|accelerator| {
        let listeners = accelerator.listeners.iter().enumerate();
        listeners.map(move |(place, listener)| FoundListener {
            accelerator,
            listener,
            place,
        })
    });
    let mut found = listeners.filter(|found| found.listener.arn == arn);
    found.next().ok_or_else(|| no_listener(&arn))
}

/// The group that `EndpointGroupArn` names.
pub(super) fn group<'c>(call: &Call<'c>) -> Result<FoundGroup<'c>, Refused> {
    let arn = arn(call, "EndpointGroupArn")?;
    for accelerator in accelerators(call, RoutingPlan::Standard) {
        for (listener, of) in accelerator.listeners.iter().enumerate() {
            for (group, found) in of.groups.iter().enumerate() {
                if found.arn == arn {
                    return Ok(FoundGroup {
                        accelerator,
                        group: found,
                        place: (listener, group),
                    });
                }
            }
        }
    }
    Err(no_group(&arn))
}

impl FoundGroup<'_> {
    pub(super) fn setup(&self, at: i64) -> GroupSetup {
        let setup = self.accelerator.setup(at);
        let (listener, group) = self.place;
        setup.groups[listener][group].clone()
    }

    /// Sets the group up anew.
    pub(super) fn change(&self, call: &Call<'_>, setup: GroupSetup) -> Result<(), Refused> {
        let change = Change::Group(self.place, Box::new(setup));
        changed(call, self.accelerator, vec![change])
    }
}

/// Makes changes, if nobody else's are in progress.
pub(super) fn changed(
    call: &Call<'_>,
    accelerator: &Accelerator,
    changes: Vec<Change>,
) -> Result<(), Refused> {
    accelerator
        .change(call.now.timestamp_millis(), changes)
        .map_err(|InProgress| in_progress(&accelerator.arn))
}

/// Whether changes could be made now.
pub(super) fn is_free(call: &Call<'_>, accelerator: &Accelerator) -> Result<(), Refused> {
    if accelerator.is_in_progress(call.now.timestamp_millis()) {
        return Err(in_progress(&accelerator.arn));
    }
    Ok(())
}

/// How an accelerator is set up now.
pub(super) fn setup(call: &Call<'_>, accelerator: &Accelerator) -> Setup {
    accelerator.setup(call.now.timestamp_millis())
}

/// A whole number of the input, if it is there, within its bounds.
pub(super) fn whole(
    input: &Map,
    member: &str,
    (least, most): (i64, i64),
) -> Result<Option<i64>, Refused> {
    let Some(value) = input.get(member) else {
        return Ok(None);
    };
    let number = value
        .integer()
        .filter(|number| (least..=most).contains(number));
    number.map(Some).ok_or_else(|| {
        invalid(format!(
            "The value of {member} must be between {least} and {most}."
        ))
    })
}
