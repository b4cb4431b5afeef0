//! A CloudFormation stack as `DescribeStacks` tells of it.

use super::{DriftStatus, StackStatus, Timestamp, Untrusted};
use std::fmt;
use std::sync::Arc;

/// A stack's ARN: the identity that survives rename-free re-creation, and what every call after the first uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId(Arc<str>);

/// One stack in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    pub id: StackId,
    pub name: Untrusted,
    pub status: StackStatus,
    pub reason: Option<Untrusted>,
    pub description: Option<Untrusted>,
    pub created: Timestamp,
    pub updated: Option<Timestamp>,
    /// The stack that this one is nested in.
    pub parent: Option<StackId>,
    pub tags: Vec<Tag>,
    pub parameters: Vec<Parameter>,
    pub outputs: Vec<Output>,
    pub drift: DriftStatus,
    pub protected: Protection,
    /// The role CloudFormation acts with.
    pub role: Option<Untrusted>,
}

/// Termination protection, which a delete has to respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Protection {
    #[default]
    Off,
    On,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: Untrusted,
    pub value: Untrusted,
}

/// A parameter. A `NoEcho` value never gets here: AWS sends `****`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub key: Untrusted,
    pub value: Untrusted,
    /// What an SSM-typed parameter resolved to.
    pub resolved: Option<Untrusted>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    pub key: Untrusted,
    pub value: Untrusted,
    pub description: Option<Untrusted>,
    pub export: Option<Untrusted>,
}

impl StackId {
    pub fn new(arn: impl Into<Arc<str>>) -> Self {
        Self(arn.into())
    }

    /// The ARN as AWS wrote it; goes back to AWS, never to a screen.
    pub fn exact(&self) -> &str {
        &self.0
    }

    /// The name inside the ARN (`…:stack/NAME/uuid`), or the whole text when it has another form.
    pub fn name(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or(&self.0)
    }
}

impl fmt::Display for StackId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&super::untrusted::sanitise(&self.0))
    }
}

impl Stack {
    /// When it was last touched.
    pub fn touched(&self) -> Timestamp {
        self.updated.unwrap_or(self.created)
    }

    pub fn tag(&self, key: &str) -> Option<&Untrusted> {
        self.tags
            .iter()
            .find(|tag| tag.key.exact() == key)
            .map(|tag| &tag.value)
    }
}
