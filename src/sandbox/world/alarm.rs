//! A CloudWatch alarm of the world.

use chrono::{DateTime, Utc};

use crate::sandbox::scenario::AlarmState;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Alarm {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) namespace: String,
    pub(in crate::sandbox) metric: String,
    pub(in crate::sandbox) dimension: (String, String),
    pub(in crate::sandbox) threshold: f64,
    pub(in crate::sandbox) state: AlarmState,
    pub(in crate::sandbox) reason: String,
    pub(in crate::sandbox) since: DateTime<Utc>,
}
