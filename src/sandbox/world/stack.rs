//! A stack, and how it looks at a given time.
//!
//! A stack keeps its definition and what happened (or goes on happening) to it; nothing in it is ever
//! overwritten. Status, events, versions and resources are answers to "as of when?".

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::random::Dice;
use crate::sandbox::timeline::{Episode, Routine, Step, Verb};

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Stack {
    /// The ARN.
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) parameters: Vec<Parameter>,
    pub(in crate::sandbox) tags: Vec<(String, String)>,
    pub(in crate::sandbox) outputs: Vec<Output>,
    pub(in crate::sandbox) capabilities: Vec<String>,
    pub(in crate::sandbox) transform: Option<String>,
    pub(in crate::sandbox) protection: Protection,
    pub(in crate::sandbox) policy: Option<String>,
    pub(in crate::sandbox) resources: Vec<Resource>,
    pub(in crate::sandbox) parent: Option<String>,
    pub(in crate::sandbox) root: Option<String>,
    /// The exports of other stacks that this one uses.
    pub(in crate::sandbox) imports: Vec<String>,
    pub(in crate::sandbox) past: Vec<Episode>,
    pub(in crate::sandbox) routine: Option<Routine>,
    pub(in crate::sandbox) drift: Option<Drift>,
    pub(in crate::sandbox) change_sets: Vec<ChangeSet>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Protection {
    On,
    Off,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Parameter {
    pub(in crate::sandbox) key: String,
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) echo: Echo,
}

/// Whether AWS shows a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Echo {
    Shown,
    /// `NoEcho: true`, answered as `****`.
    Masked,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Output {
    pub(in crate::sandbox) key: String,
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) export: Option<String>,
    /// The value and the export as the template writes them: the same in every region.
    pub(in crate::sandbox) declared: Declared,
}

/// Texts of a blueprint, their places not filled in.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Declared {
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) export: Option<String>,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Resource {
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) physical: String,
}

/// What drift detection finds, and when it last looked.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Drift {
    pub(in crate::sandbox) checked: DateTime<Utc>,
    pub(in crate::sandbox) differences: Vec<Difference>,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Difference {
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) path: String,
    pub(in crate::sandbox) expected: String,
    pub(in crate::sandbox) actual: String,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct ChangeSet {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) created: DateTime<Utc>,
    pub(in crate::sandbox) status: ChangeSetStatus,
    pub(in crate::sandbox) version: String,
    pub(in crate::sandbox) changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum ChangeSetStatus {
    /// Made, and nobody has executed it.
    Ready,
    /// Found nothing to do, or failed otherwise.
    Failed { reason: String },
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Change {
    pub(in crate::sandbox) action: ChangeAction,
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) physical: Option<String>,
    pub(in crate::sandbox) property: String,
    pub(in crate::sandbox) before: String,
    pub(in crate::sandbox) after: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum ChangeAction {
    Add,
    Modify,
    /// A modification that cannot be made in place.
    Replace,
    Remove,
}

/// A stack as of some time.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Standing {
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) reason: Option<String>,
    pub(in crate::sandbox) created: DateTime<Utc>,
    pub(in crate::sandbox) updated: Option<DateTime<Utc>>,
    pub(in crate::sandbox) deleted: Option<DateTime<Utc>>,
    pub(in crate::sandbox) version: Arc<str>,
    /// The operation this status belongs to.
    pub(in crate::sandbox) operation: String,
    pub(in crate::sandbox) verb: Verb,
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
    pub(in crate::sandbox) token: String,
}

/// A resource as of some time.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct ResourceStanding<'s> {
    pub(in crate::sandbox) resource: &'s Resource,
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) reason: Option<String>,
    pub(in crate::sandbox) at: DateTime<Utc>,
}

impl Stack {
    /// What has begun by `now`, oldest first.
    fn episodes(&self, now: DateTime<Utc>) -> Vec<Episode> {
        let mut episodes: Vec<Episode> = self
            .past
            .iter()
            .filter(|episode| episode.started <= now)
            .cloned()
            .collect();
        if let Some(routine) = &self.routine {
            episodes.extend(routine.episodes(now));
        }
        episodes
    }

    /// How the stack stands, or `None` before it was made.
    pub(in crate::sandbox) fn standing(&self, now: DateTime<Utc>) -> Option<Standing> {
        let episodes = self.episodes(now);
        let (first, latest) = (episodes.first()?, episodes.last()?);
        let steps = latest.steps_until(now);
        let step = steps.iter().rfind(|step| step.resource.is_none())?;
        let undone = step.status.contains("ROLLBACK");
        Some(Standing {
            status: step.status,
            reason: step.reason.clone(),
            created: first.started,
            updated: episodes
                .iter()
                .rfind(|episode| episode.script.verb == Verb::Update)
                .map(|episode| episode.started),
            deleted: (latest.script.verb == Verb::Delete).then_some(latest.started),
            version: if undone {
                Arc::clone(&latest.previous)
            } else {
                Arc::clone(&latest.version)
            },
            operation: self.operation(latest),
            verb: latest.script.verb,
        })
    }

    /// The event log, newest first.
    pub(in crate::sandbox) fn events(&self, now: DateTime<Utc>) -> Vec<Event<'_>> {
        let mut events = Vec::new();
        for episode in self.episodes(now) {
            let (operation, token) = (self.operation(&episode), self.token(&episode));
            for (place, step) in episode.steps_until(now).into_iter().enumerate() {
                events.push(self.event(&episode, place, step, (operation.clone(), token.clone())));
            }
        }
        events.reverse();
        events
    }

    fn event(
        &self,
        episode: &Episode,
        place: usize,
        step: Step,
        ids: (String, String),
    ) -> Event<'_> {
        let at = episode.time_of(&step);
        let resource = step.resource.and_then(|index| self.resources.get(index));
        let id = match resource {
            Some(resource) => format!(
                "{}-{}-{}",
                resource.logical,
                step.status,
                at.format("%Y-%m-%dT%H:%M:%S%.3fZ")
            ),
            None => Dice::named(episode.number, &format!("{}/{place}", self.id)).uuid(),
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
        let mut standings: Vec<Option<ResourceStanding<'_>>> = vec![None; self.resources.len()];
        let mut gone = false;
        for episode in self.episodes(now) {
            gone = episode.script.verb == Verb::Delete;
            for step in episode.steps_until(now) {
                let at = episode.time_of(&step);
                let Some(index) = step.resource else { continue };
                let (Some(place), Some(resource)) =
                    (standings.get_mut(index), self.resources.get(index))
                else {
                    continue;
                };
                *place = Some(ResourceStanding {
                    resource,
                    status: step.status,
                    reason: step.reason,
                    at,
                });
            }
        }
        standings
            .into_iter()
            .flatten()
            // A deleted stack still shows what it had; a living one forgets what a rollback removed.
            .filter(|standing| gone || standing.status != "DELETE_COMPLETE")
            .collect()
    }

    fn operation(&self, episode: &Episode) -> String {
        Dice::named(
            episode.number,
            &format!("{}/operation", self.root.as_ref().unwrap_or(&self.id)),
        )
        .uuid()
    }

    /// The token of the client that started it; nested stacks inherit their root's.
    fn token(&self, episode: &Episode) -> String {
        let root = self.root.as_ref().unwrap_or(&self.id);
        format!(
            "deploy-{}",
            Dice::named(episode.number, &format!("{root}/token")).hex(12)
        )
    }

    /// Fills `{version}` in, the only part of a definition that changes with time.
    pub(in crate::sandbox) fn as_of(text: &str, version: &str) -> String {
        text.replace("{version}", version)
    }
}
