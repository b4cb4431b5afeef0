//! Deployments that are to fail: `[[failing]]`.
//!
//! What stands here waits for a client: nothing happens by itself. The first `times` deployments of the stack in which
//! the resource changes fail there, and the ones after it succeed.

use serde::Deserialize;

use super::plan::Reach;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct FailingPlan {
    pub(in crate::sandbox) stack: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// The logical id; left out, it is the last of those that change.
    pub(in crate::sandbox) resource: Option<String>,
    pub(in crate::sandbox) reason: String,
    #[serde(default = "once")]
    pub(in crate::sandbox) times: u32,
    /// Whether taking it back fails as well, which leaves the stack in `UPDATE_ROLLBACK_FAILED`.
    #[serde(default)]
    pub(in crate::sandbox) rollback_fails: bool,
    /// Whether continuing that rollback fails again and again, until the resource is skipped.
    #[serde(default)]
    pub(in crate::sandbox) stubborn: bool,
}

fn once() -> u32 {
    1
}
