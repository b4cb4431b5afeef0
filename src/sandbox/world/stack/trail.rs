//! What has been done to a stack since it last stood firm: what a rollback has to take back.
//!
//! It is read off the steps that have come, so it is the same whether a scenario played them or a client, and whether
//! the operation failed by itself or was cancelled in its middle.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::standing::Passage;
use super::{Phase, Stack};
use crate::sandbox::timeline::{Step, Verb};

#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Trail {
    /// The places of resources, as they were first touched.
    pub(in crate::sandbox) touched: Vec<usize>,
    /// Those that were not there before.
    pub(in crate::sandbox) new: BTreeSet<usize>,
    /// Those that are under way at this moment.
    pub(in crate::sandbox) open: Vec<usize>,
    /// Those that a rollback has brought back already, and those that it could not.
    pub(in crate::sandbox) restored: BTreeSet<usize>,
    pub(in crate::sandbox) stuck: Vec<usize>,
    /// What the stack was when it last stood firm.
    pub(in crate::sandbox) before: Arc<Phase>,
}

impl Stack {
    pub(in crate::sandbox) fn trail(&self, now: DateTime<Utc>) -> Trail {
        let mut trail = Trail::default();
        let mut firm = true;
        for (passage, steps) in self.stepped(now) {
            if firm {
                trail = Trail {
                    before: self.before(&passage),
                    ..Trail::default()
                };
            }
            trail.new.extend(brought(&passage));
            trail.follow(&steps);
            let last = steps.iter().rfind(|step| step.resource.is_none());
            firm = last.is_some_and(|step| step.status.ends_with("_COMPLETE"));
        }
        trail
    }

    fn before(&self, passage: &Passage<'_>) -> Arc<Phase> {
        match passage {
            Passage::Done(operation) => Arc::clone(&operation.before),
            Passage::Played(episode) => Arc::new(Phase {
                definition: Arc::clone(&self.born),
                version: Arc::clone(&episode.previous),
            }),
        }
    }
}

impl Trail {
    pub(in crate::sandbox::world) fn follow(&mut self, steps: &[Step]) {
        let mut back = false;
        for step in steps {
            let Some(place) = step.resource else {
                back |= step.status.contains("ROLLBACK");
                continue;
            };
            if !self.touched.contains(&place) {
                self.touched.push(place);
            }
            self.open.retain(|open| *open != place);
            self.stuck.retain(|stuck| *stuck != place);
            if step.status.ends_with("_IN_PROGRESS") {
                self.open.push(place);
            } else if back && step.status.ends_with("_FAILED") {
                self.stuck.push(place);
            } else if back {
                self.restored.insert(place);
            }
        }
    }
}

/// The places of the resources that came with an operation.
fn brought(passage: &Passage<'_>) -> Vec<usize> {
    match passage {
        Passage::Done(operation) => operation.brought.clone().collect(),
        Passage::Played(episode) => {
            let touches = episode.script.touches.iter();
            touches
                .filter(|touch| touch.verb == Verb::Create)
                .map(|touch| touch.resource)
                .collect()
        }
    }
}
