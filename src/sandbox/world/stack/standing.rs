//! A stack as of some time: its status, its events, its resources.
//!
//! What a scenario plays and what clients do are both passages of a stack's life. The first client to do something
//! ends the scenario's routine, and whoever begins while another operation is under way ends that one: steps that
//! had not come by then never will.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::random::Dice;
use super::{Definition, Kind, Operation, Resource, Stack};
use crate::sandbox::timeline::{Episode, Step};

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Standing<'s> {
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) reason: Option<String>,
    pub(in crate::sandbox) created: DateTime<Utc>,
    pub(in crate::sandbox) updated: Option<DateTime<Utc>>,
    pub(in crate::sandbox) deleted: Option<DateTime<Utc>>,
    pub(in crate::sandbox) version: Arc<str>,
    pub(in crate::sandbox) definition: &'s Arc<Definition>,
    /// The operation this status belongs to.
    pub(in crate::sandbox) operation: String,
    pub(in crate::sandbox) kind: Kind,
}

/// A line of the event log.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Event<'s> {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) at: DateTime<Utc>,
    /// `None` is the stack itself.
    pub(in crate::sandbox) resource: Option<&'s Resource>,
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) reason: Option<String>,
    pub(in crate::sandbox) operation: String,
    pub(in crate::sandbox) token: Option<String>,
}

/// A resource as of some time.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct ResourceStanding<'s> {
    pub(in crate::sandbox) resource: &'s Resource,
    /// Where it stands among all that the stack ever had.
    pub(in crate::sandbox) place: usize,
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) reason: Option<String>,
    pub(in crate::sandbox) at: DateTime<Utc>,
}

/// A part of a stack's life.
pub(super) enum Passage<'s> {
    Played(Episode),
    Done(&'s Operation),
}

impl Passage<'_> {
    fn started(&self) -> DateTime<Utc> {
        match self {
            Passage::Played(episode) => episode.started,
            Passage::Done(operation) => operation.started,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Passage::Played(episode) => episode.script.verb.into(),
            Passage::Done(operation) => operation.kind,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Passage::Played(episode) => episode.number,
            Passage::Done(operation) => operation.number,
        }
    }

    fn steps_until(&self, now: DateTime<Utc>) -> Vec<Step> {
        match self {
            Passage::Played(episode) => episode.steps_until(now),
            Passage::Done(operation) => operation.steps_until(now),
        }
    }
}

impl Stack {
    /// What has begun by `now`, oldest first.
    fn passages(&self, now: DateTime<Utc>) -> Vec<Passage<'_>> {
        let real = |operation: &&Operation| operation.called_off.get().is_none();
        let mut done = self.operations.iter().filter(real);
        let first = done.next().map(|first| first.started);
        let alone = first.map_or(now, |first| first.min(now));
        let past = self.past.iter();
        let past = past.filter(|episode| episode.started <= now).cloned();
        let routine = self.routine.iter();
        let routine = routine.flat_map(|routine| routine.episodes(alone));
        let done = self.operations.iter().filter(real);
        let done = done.filter(|operation| operation.started <= now);
        past.chain(routine)
            .map(Passage::Played)
            .chain(done.map(Passage::Done))
            .collect()
    }

    /// Calls off what has not begun by `now`.
    pub(in crate::sandbox) fn call_off(&self, now: DateTime<Utc>) {
        let coming = self.operations.iter();
        for operation in coming.filter(|operation| operation.started > now) {
            operation.called_off.get_or_init(|| ());
        }
    }

    /// The passages, each with the steps of it that have come.
    pub(super) fn stepped(&self, now: DateTime<Utc>) -> Vec<(Passage<'_>, Vec<Step>)> {
        let passages = self.passages(now);
        // Of a scenario's own, none begins before the one before it is over.
        let next = passages.iter().skip(1).map(|next| match next {
            Passage::Played(_) => None,
            Passage::Done(operation) => Some(operation.started - TimeDelta::milliseconds(1)),
        });
        let until: Vec<DateTime<Utc>> = next
            .chain([None])
            .map(|ended| ended.map_or(now, |ended| ended.min(now)))
            .collect();
        passages
            .into_iter()
            .zip(until)
            .map(|(passage, until)| {
                let steps = passage.steps_until(until);
                (passage, steps)
            })
            .collect()
    }

    /// How the stack stands, or `None` before it was made.
    pub(in crate::sandbox) fn standing(&self, now: DateTime<Utc>) -> Option<Standing<'_>> {
        let passages = self.passages(now);
        let (first, latest) = (passages.first()?, passages.last()?);
        let steps = latest.steps_until(now);
        let step = steps.iter().rfind(|step| step.resource.is_none())?;
        let undone = step.status.contains("ROLLBACK");
        let (definition, version) = match latest {
            Passage::Played(episode) if undone => (&self.born, &episode.previous),
            Passage::Played(episode) => (&self.born, &episode.version),
            Passage::Done(operation) => {
                let phase = if undone {
                    &operation.before
                } else {
                    &operation.after
                };
                (&phase.definition, &phase.version)
            }
        };
        let updated = passages.iter().rfind(|passage| match passage.kind() {
            Kind::Update | Kind::Rollback | Kind::ContinueRollback => true,
            Kind::Create => passage.started() > first.started(),
            Kind::Review | Kind::Delete => false,
        });
        Some(Standing {
            status: step.status,
            reason: step.reason.clone(),
            created: first.started(),
            updated: updated.map(Passage::started),
            deleted: (latest.kind() == Kind::Delete).then(|| latest.started()),
            version: Arc::clone(version),
            definition,
            operation: self.operation(latest.number()),
            kind: latest.kind(),
        })
    }

    /// The event log, newest first.
    pub(in crate::sandbox) fn events(&self, now: DateTime<Utc>) -> Vec<Event<'_>> {
        let mut events = Vec::new();
        for (passage, steps) in self.stepped(now) {
            let ids = (self.operation(passage.number()), self.token(&passage));
            for (place, step) in steps.into_iter().enumerate() {
                events.push(self.event(&passage, place, step, ids.clone()));
            }
        }
        events.reverse();
        events
    }

    fn event(
        &self,
        passage: &Passage<'_>,
        place: usize,
        step: Step,
        ids: (String, Option<String>),
    ) -> Event<'_> {
        let at = passage.started() + TimeDelta::milliseconds(step.at);
        let resource = step.resource.and_then(|index| self.resources.get(index));
        let id = match resource {
            Some(resource) => format!(
                "{}-{}-{}",
                resource.logical,
                step.status,
                at.format("%Y-%m-%dT%H:%M:%S%.3fZ")
            ),
            None => Dice::named(passage.number(), &format!("{}/{place}", self.id)).uuid(),
        };
        Event {
            id,
            at,
            resource,
            status: step.status,
            reason: step.reason,
            operation: ids.0,
            token: ids.1,
        }
    }

    /// The resources that exist or are coming to be, in the template's order.
    pub(in crate::sandbox) fn resources(&self, now: DateTime<Utc>) -> Vec<ResourceStanding<'_>> {
        let resources: Vec<&Resource> = self.resources.iter().collect();
        let mut standings: Vec<Option<ResourceStanding<'_>>> = vec![None; resources.len()];
        let mut gone = false;
        for (passage, steps) in self.stepped(now) {
            gone = passage.kind() == Kind::Delete;
            for step in steps {
                let Some(index) = step.resource else { continue };
                let (Some(place), Some(resource)) =
                    (standings.get_mut(index), resources.get(index))
                else {
                    continue;
                };
                *place = Some(ResourceStanding {
                    resource,
                    place: index,
                    status: step.status,
                    reason: step.reason,
                    at: passage.started() + TimeDelta::milliseconds(step.at),
                });
            }
        }
        let mut standings: Vec<ResourceStanding<'_>> = standings
            .into_iter()
            .flatten()
            // A deleted stack still shows what it had; a living one forgets what a rollback removed.
            .filter(|standing| gone || standing.status != "DELETE_COMPLETE")
            .filter(|standing| gone || standing.status != "DELETE_SKIPPED")
            .collect();
        if self.operations.iter().next().is_some() {
            one_of_each(&mut standings);
        }
        standings
    }

    fn operation(&self, number: u64) -> String {
        let root = self.root.as_ref().unwrap_or(&self.id);
        Dice::named(number, &format!("{root}/operation")).uuid()
    }

    /// The token of the client that started it; nested stacks inherit their root's.
    fn token(&self, passage: &Passage<'_>) -> Option<String> {
        match passage {
            Passage::Done(operation) => operation.token.clone(),
            Passage::Played(episode) => {
                let root = self.root.as_ref().unwrap_or(&self.id);
                let mut dice = Dice::named(episode.number, &format!("{root}/token"));
                Some(format!("deploy-{}", dice.hex(12)))
            }
        }
    }
}

/// Where a resource is being replaced, there are two of its name: the one that stays stands for both.
fn one_of_each(standings: &mut Vec<ResourceStanding<'_>>) {
    let leaving = |standing: &ResourceStanding<'_>| standing.status.starts_with("DELETE");
    let all = standings.clone();
    standings.retain(|own| {
        let mut others = all.iter().filter(|other| {
            other.place != own.place && other.resource.logical == own.resource.logical
        });
        !others.any(|other| match (leaving(own), leaving(other)) {
            (true, false) => true,
            (false, true) => false,
            (true, true) | (false, false) => other.place > own.place,
        })
    });
}
