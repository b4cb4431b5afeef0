//! A change of a change set, as far as it is the same in every region.

use super::digest::Tone;
use crate::domain::{Change, Untrusted};

/// What of a change is the same in every region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fingerprint {
    pub(super) action: String,
    logical: String,
    kind: String,
    replacement: Option<String>,
    parts: Vec<String>,
}

impl Fingerprint {
    pub(super) fn of(change: &Change) -> Self {
        let safe = |text: &Untrusted| text.safe().into_owned();
        Self {
            action: safe(&change.action),
            logical: safe(&change.logical),
            kind: safe(&change.resource_type),
            replacement: change.replacement.as_ref().map(safe),
            parts: change.scope.iter().map(safe).collect(),
        }
    }

    fn is_replaced(&self) -> bool {
        matches!(self.replacement.as_deref(), Some("True" | "Conditional"))
    }

    pub(super) fn is_grave(&self) -> bool {
        self.action == "Remove" || self.is_replaced()
    }

    pub(super) fn tone(&self) -> Tone {
        match self.action.as_str() {
            _ if self.is_grave() => Tone::Danger,
            "Add" => Tone::Added,
            _ => Tone::Changed,
        }
    }

    /// `OrdersTable  AWS::DynamoDB::Table  REPLACED  (Properties)`
    pub(super) fn words(&self) -> String {
        let mut words = format!("{} {}", self.logical, self.kind);
        match self.replacement.as_deref() {
            Some("True") => words.push_str(" — replaced"),
            Some("Conditional") => words.push_str(" — perhaps replaced"),
            Some(_) | None => {}
        }
        if !self.parts.is_empty() {
            words.push_str(" — ");
            words.push_str(&self.parts.join(", "));
        }
        words
    }
}
