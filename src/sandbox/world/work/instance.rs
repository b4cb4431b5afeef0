//! An instance that a stack made, and that no group keeps.

use super::switch::Switch;
use super::{Made, Tags};
use crate::sandbox::scenario::{InstancePlan, WorkPlan};
use crate::sandbox::timeline::Millis;
use crate::sandbox::world::random::Dice;

/// How long an instance takes to run, and to stop.
pub(in crate::sandbox) const TAKES: Millis = 10_000;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Instance {
    pub(in crate::sandbox) switch: Switch,
    pub(in crate::sandbox) sort: InstancePlan,
    pub(in crate::sandbox) address: String,
    pub(in crate::sandbox) tags: Tags,
}

impl Instance {
    pub(super) fn found(made: &Made, words: &WorkPlan, mut dice: Dice) -> Instance {
        let mut tags = made.tags.clone();
        tags.insert(
            "Name".to_owned(),
            format!("{}/{}", made.stack, made.logical),
        );
        Instance {
            switch: Switch::found(!words.stopped, made.born, TAKES, None),
            sort: words.instance,
            address: format!("10.40.{}.{}", dice.between(8, 40), dice.between(2, 250)),
            tags,
        }
    }
}
