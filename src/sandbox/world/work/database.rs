//! A database, or a cluster of them: both are stopped and started as one.
//!
//! AWS starts again what has been stopped for seven days, so that it does not miss what has to be mended.

use chrono::{DateTime, TimeDelta, Utc};

use super::switch::Switch;
use super::{Made, Tags};
use crate::sandbox::scenario::WorkPlan;
use crate::sandbox::timeline::Millis;

/// How long one takes to stop, and to start.
const TAKES: Millis = 20_000;
const SEVEN_DAYS: Millis = 7 * 86_400_000;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Database {
    pub(in crate::sandbox) switch: Switch,
    pub(in crate::sandbox) tags: Tags,
}

impl Database {
    pub(super) fn found(made: &Made, words: &WorkPlan, began: DateTime<Utc>) -> Database {
        // One that is found stopped was stopped yesterday: it cannot have been long ago.
        let since = if words.stopped {
            (began - TimeDelta::days(1)).timestamp_millis()
        } else {
            made.born
        };
        Database {
            switch: Switch::found(!words.stopped, since, TAKES, Some(SEVEN_DAYS)),
            tags: made.tags.clone(),
        }
    }
}
