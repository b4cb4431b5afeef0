//! One resource's part in a change set.

use serde_json::Value as Json;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Change {
    pub(in crate::sandbox) action: Action,
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) kind: String,
    /// What it is called by the service that made it, if it is there already.
    pub(in crate::sandbox) physical: Option<String>,
    /// What of it is changed; nothing if it comes or goes.
    pub(in crate::sandbox) details: Vec<Detail>,
    /// `DeletionPolicy: Retain` (or a snapshot): what leaves the stack stays in the account.
    pub(in crate::sandbox) policy: Keeping,
    /// The resource as it is and as it would be.
    pub(in crate::sandbox) before: Option<Json>,
    pub(in crate::sandbox) after: Option<Json>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Action {
    Add,
    Modify,
    Remove,
}

/// What becomes of a resource that is not wanted any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sandbox) enum Keeping {
    #[default]
    Delete,
    Retain,
    Snapshot,
}

impl Keeping {
    pub(in crate::sandbox) fn said(policy: Option<&str>) -> Keeping {
        match policy {
            Some("Retain") => Keeping::Retain,
            Some("Snapshot") => Keeping::Snapshot,
            Some(_) | None => Keeping::Delete,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Detail {
    pub(in crate::sandbox) attribute: Attribute,
    /// The property, for [`Attribute::Properties`].
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) before: Option<String>,
    pub(in crate::sandbox) after: Option<String>,
    pub(in crate::sandbox) recreation: Recreation,
    pub(in crate::sandbox) source: Source,
    /// The parameter or resource that brings it about.
    pub(in crate::sandbox) cause: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Attribute {
    Properties,
    Metadata,
    CreationPolicy,
    UpdatePolicy,
    DeletionPolicy,
    UpdateReplacePolicy,
    Tags,
}

impl Attribute {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Attribute::Properties => "Properties",
            Attribute::Metadata => "Metadata",
            Attribute::CreationPolicy => "CreationPolicy",
            Attribute::UpdatePolicy => "UpdatePolicy",
            Attribute::DeletionPolicy => "DeletionPolicy",
            Attribute::UpdateReplacePolicy => "UpdateReplacePolicy",
            Attribute::Tags => "Tags",
        }
    }
}

/// Whether a change to a property makes a new resource of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sandbox) enum Recreation {
    Never,
    Conditionally,
    Always,
}

impl Recreation {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Recreation::Never => "Never",
            Recreation::Conditionally => "Conditionally",
            Recreation::Always => "Always",
        }
    }

    /// How a resource as a whole says it.
    pub(in crate::sandbox) fn replacement(self) -> &'static str {
        match self {
            Recreation::Never => "False",
            Recreation::Conditionally => "Conditional",
            Recreation::Always => "True",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Source {
    DirectModification,
    ParameterReference,
    ResourceReference,
}

impl Source {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Source::DirectModification => "DirectModification",
            Source::ParameterReference => "ParameterReference",
            Source::ResourceReference => "ResourceReference",
        }
    }
}

impl Change {
    /// Whether the resource will be another one afterwards.
    pub(in crate::sandbox) fn recreation(&self) -> Recreation {
        let details = self.details.iter().map(|detail| detail.recreation);
        details.max().unwrap_or(Recreation::Never)
    }

    /// Whether nothing but a new resource will do.
    pub(in crate::sandbox) fn replaces(&self) -> bool {
        self.action == Action::Modify && self.recreation() == Recreation::Always
    }

    /// The action that a stack policy knows it by; what comes anew no policy speaks of.
    pub(in crate::sandbox) fn guarded(&self) -> Option<&'static str> {
        match self.action {
            Action::Add => None,
            Action::Modify if self.replaces() => Some("Update:Replace"),
            Action::Modify => Some("Update:Modify"),
            Action::Remove => Some("Update:Delete"),
        }
    }
}
