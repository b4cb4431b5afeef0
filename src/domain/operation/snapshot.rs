//! What a stack was like before we changed it: all that it takes to deploy it again.
//!
//! CloudFormation keeps no earlier version. Secret (`NoEcho`) values cannot be kept: AWS never tells them.

use super::Setting;
use crate::domain::{Scope, StackId, Timestamp, Untrusted};
use serde::{Deserialize, Serialize};

/// A stack as it stood at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub scope: Scope,
    pub stack: StackId,
    pub taken: Timestamp,
    /// When the stack had been changed last.
    pub updated: Option<Timestamp>,
    /// The template as it was sent, not as it was processed.
    pub template: String,
    /// A secret one has no value, which means whatever it is at the time.
    pub parameters: Vec<Setting>,
    pub tags: Vec<(Untrusted, Untrusted)>,
    pub capabilities: Vec<String>,
    pub role: Option<Untrusted>,
    pub notifications: Vec<Untrusted>,
    pub policy: Option<String>,
}
