//! What an operator should know of the changes to a stack that exists, before he agrees to them.

use super::desk::{Desk, warns};
use crate::domain::operation::planning::{StackPolicy, destroys, losses};
use crate::domain::operation::{Hazard, Snapshot};
use crate::domain::stack::Protection;
use crate::domain::{Change, DriftStatus, Scope, Stack, Untrusted};

/// Whether the stack's policy counts for an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policed {
    Yes,
    /// It is got past, this once.
    No,
}

/// The hazards of these changes, the losses first.
pub(super) async fn of_changes(
    desk: &Desk,
    scope: &Scope,
    stack: &Stack,
    changes: &[Change],
    (snapshot, policed): (Option<&Snapshot>, Policed),
) -> Vec<Hazard> {
    let mut hazards = losses(changes);
    let policy = snapshot.and_then(|snapshot| StackPolicy::parse(snapshot.policy.as_ref()?));
    if let (Some(policy), Policed::Yes) = (policy, policed) {
        hazards.extend(denials(&policy, changes));
    }
    if destroys(changes) {
        if stack.protected == Protection::On {
            hazards.push(warns(
                "Termination protection is on; it keeps the stack from being deleted, not what is in it.",
            ));
        }
        hazards.extend(exports(desk, scope, stack).await);
    }
    if stack.drift == DriftStatus::Drifted {
        hazards.push(warns(
            "The stack has drifted: what was changed by hand may be overwritten, or be in the way.",
        ));
    }
    hazards
}

fn denials(policy: &StackPolicy, changes: &[Change]) -> Vec<Hazard> {
    let denied = changes
        .iter()
        .filter_map(|change| Some((change, policy.denies(change)?)));
    denied
        .map(|(change, action)| {
            warns(format!(
                "The stack policy denies {action} of {}: the update fails there, unless the policy is overridden.",
                change.logical.safe()
            ))
        })
        .collect()
}

/// Exports of the stack that others use.
pub(super) async fn exports(desk: &Desk, scope: &Scope, stack: &Stack) -> Vec<Hazard> {
    let has_exports = stack.outputs.iter().any(|output| output.export.is_some());
    if !has_exports {
        return Vec::new();
    }
    match desk.shop.cloud.exports_in_use(scope, stack).await {
        Ok(exports) => exports
            .iter()
            .filter(|(_, users)| !users.is_empty())
            .map(|(export, users)| {
                let users: Vec<_> = users.iter().map(Untrusted::safe).collect();
                warns(format!(
                    "{} is imported by {}: AWS refuses to change or delete it.",
                    export.safe(),
                    users.join(", ")
                ))
            })
            .collect(),
        Err(problem) => vec![warns(format!(
            "Whether others import what it exports is not known. {}",
            problem.what
        ))],
    }
}
