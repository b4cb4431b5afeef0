//! Drift: how far what exists is from what the template says.

use super::{Timestamp, Untrusted};

/// The verdict on a stack or a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum DriftStatus {
    /// Differs from the template (`DRIFTED`, `MODIFIED`).
    Drifted,
    /// Was removed by someone other than CloudFormation.
    Deleted,
    InSync,
    /// Nobody has looked, or this type cannot be looked at.
    #[default]
    NotChecked,
    Other(Untrusted),
}

impl DriftStatus {
    /// Reads `StackDriftStatus` and `StackResourceDriftStatus` alike.
    pub fn parse(word: &str) -> Self {
        match word {
            "DRIFTED" | "MODIFIED" => Self::Drifted,
            "DELETED" => Self::Deleted,
            "IN_SYNC" => Self::InSync,
            "NOT_CHECKED" | "UNKNOWN" | "UNSUPPORTED" => Self::NotChecked,
            other => Self::Other(Untrusted::new(other)),
        }
    }

    pub fn words(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Drifted => "drifted".into(),
            Self::Deleted => "deleted".into(),
            Self::InSync => "in sync".into(),
            Self::NotChecked => "not checked".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

/// One resource of `DescribeStackResourceDrifts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDrift {
    pub logical: Untrusted,
    pub physical: Option<Untrusted>,
    pub resource_type: Untrusted,
    pub status: DriftStatus,
    pub differences: Vec<Difference>,
    pub checked: Timestamp,
}

/// One property that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON pointer into the resource's properties.
    pub path: Untrusted,
    pub expected: Untrusted,
    pub actual: Untrusted,
}
