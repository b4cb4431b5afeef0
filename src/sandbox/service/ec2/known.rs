//! The instances that EC2 knows of: those that stacks made, and the members of groups.

use super::super::{Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::scenario::InstancePlan;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::work::{GROUP, INSTANCE, Lifecycle, Made, Member, Phase, Tags};

/// How an instance stands, with the codes that EC2 has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Pending,
    Running,
    ShuttingDown,
    Terminated,
    Stopping,
    Stopped,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::ShuttingDown => "shutting-down",
            State::Terminated => "terminated",
            State::Stopping => "stopping",
            State::Stopped => "stopped",
        }
    }

    pub(super) fn code(self) -> i64 {
        match self {
            State::Pending => 0,
            State::Running => 16,
            State::ShuttingDown => 32,
            State::Terminated => 48,
            State::Stopping => 64,
            State::Stopped => 80,
        }
    }
}

impl From<Phase> for State {
    fn from(phase: Phase) -> State {
        match phase {
            Phase::Starting => State::Pending,
            Phase::On => State::Running,
            Phase::Stopping => State::Stopping,
            Phase::Off => State::Stopped,
        }
    }
}

/// Who keeps an instance.
#[derive(Clone, Debug)]
pub(super) enum Keeper {
    Stack,
    /// It is a member of the group that the stack made.
    Group,
}

#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) keeper: Keeper,
    pub(super) made: Made,
    pub(super) state: State,
    pub(super) sort: InstancePlan,
    pub(super) zone: String,
    pub(super) address: String,
    /// When it was last launched or turned, in milliseconds since the epoch.
    pub(super) since: i64,
    pub(super) tags: Tags,
}

pub(super) fn all(call: &Call<'_>) -> Vec<Known> {
    let own = call.world.made(call.spot(), INSTANCE).into_iter();
    let own = own.map(|made| of_stack(call, &made));
    let groups = call.world.made(call.spot(), GROUP).into_iter();
    let members = groups.flat_map(|made| of_group(call, &made));
    let mut all: Vec<Known> = own.chain(members).collect();
    all.sort_by(|left, right| left.id.cmp(&right.id));
    all
}

fn of_stack(call: &Call<'_>, made: &Made) -> Known {
    let now = call.now.timestamp_millis();
    call.world.instance(call.spot(), made, |instance| Known {
        id: made.physical.clone(),
        keeper: Keeper::Stack,
        state: instance.switch.phase(now).into(),
        sort: instance.sort,
        zone: format!("{}a", call.region),
        address: instance.address.clone(),
        since: instance.switch.turned(),
        tags: instance.tags.clone(),
        made: made.clone(),
    })
}

fn of_group(call: &Call<'_>, made: &Made) -> Vec<Known> {
    let now = call.now.timestamp_millis();
    let members = call
        .world
        .group(call.spot(), made, |group| group.members(now));
    let address = |id: &str| {
        let mut dice = Dice::named(call.world.seed, id);
        format!("10.40.{}.{}", dice.between(8, 40), dice.between(2, 250))
    };
    let known = members.into_iter().map(|member| Known {
        state: state_of(&member, now),
        keeper: Keeper::Group,
        sort: InstancePlan::Ordinary,
        zone: format!("{}{}", call.region, member.zone),
        address: address(&member.id),
        since: member.switch.turned(),
        tags: {
            let mut tags = member.tags;
            let key = "aws:autoscaling:groupName".to_owned();
            tags.insert(key, made.physical.clone());
            tags
        },
        made: made.clone(),
        id: member.id,
    });
    known.collect()
}

fn state_of(member: &Member, now: i64) -> State {
    match (member.lifecycle(now), member.switch.phase(now)) {
        (Lifecycle::Pending, _) => State::Pending,
        (Lifecycle::InService, phase) => phase.into(),
        (Lifecycle::Terminating, _) => State::ShuttingDown,
        (Lifecycle::Terminated, _) => State::Terminated,
    }
}

fn none(code: &str, what: &str, ids: &[String]) -> Refused {
    let words = match ids {
        [one] => format!("The {what} ID '{one}' does not exist"),
        many => format!("The {what} IDs '{}' do not exist", many.join(", ")),
    };
    Failure::new(400, code, words).into()
}

/// The instances that are named; all of them if none is.
pub(super) fn wanted(call: &Call<'_>) -> Result<Vec<Known>, Refused> {
    let ids = call.input.texts("InstanceId");
    let malformed = ids.iter().find(|id| !id.starts_with("i-"));
    if let Some(id) = malformed {
        let words = format!("Invalid id: \"{id}\"");
        return Err(Failure::new(400, "InvalidInstanceID.Malformed", words).into());
    }
    let mut all = all(call);
    if ids.is_empty() {
        return Ok(all);
    }
    let is_known = |id: &&String| all.iter().any(|known| known.id == **id);
    let missing: Vec<String> = ids.iter().filter(|id| !is_known(id)).cloned().collect();
    if !missing.is_empty() {
        return Err(none("InvalidInstanceID.NotFound", "instance", &missing));
    }
    all.retain(|known| ids.contains(&known.id));
    Ok(all)
}

/// The instance of an id, for requests that could be about anything.
pub(super) fn of(call: &Call<'_>, id: &str) -> Result<Known, Refused> {
    let mut all = all(call).into_iter();
    let found = all.find(|known| known.id == id);
    found.ok_or_else(|| {
        let (code, what) = if id.starts_with("i-") {
            ("InvalidInstanceID.NotFound", "instance")
        } else {
            ("InvalidID", "")
        };
        none(code, what, &[id.to_owned()])
    })
}
