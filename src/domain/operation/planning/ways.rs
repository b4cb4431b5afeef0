//! What may be done to a stack in which state. Nobody's guess: where a status is not known, nothing is done.

use crate::domain::StackStatus;

/// How a stack is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeployWay {
    /// It is made.
    Create,
    Update,
    /// It failed and was left as it is: CloudFormation takes an update only if that may be left as it is, too.
    Retry,
    /// Why not, as sentences.
    Refuse(&'static str),
}

/// How a stack is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackWay {
    /// `CancelUpdateStack`
    Cancel,
    /// `RollbackStack`
    RollBack,
    /// `ContinueUpdateRollback`
    Continue,
    /// It is at rest: what was there before is deployed again.
    Redeploy,
    /// Why not, as sentences.
    Refuse(&'static str),
}

const BUSY: &str = "CloudFormation is working on it: wait until it has come to rest.";
const DEAD: &str =
    "Nothing but deleting it is possible, which Quarterdeck does not do: delete it, then deploy.";
const STUCK: &str = "Its rollback is stuck: go on with that first, with `R`.";
const DELETING: &str =
    "It could not be deleted completely: delete what is left of it, then deploy it anew.";
const IMPORT: &str =
    "Taking back an import failed: CloudFormation offers nothing, so look at its events.";
const UNKNOWN: &str = "Quarterdeck does not know this state, so it only watches.";

/// What a deployment does; `None` is a stack that does not exist.
pub fn deploy_way(status: Option<&StackStatus>) -> DeployWay {
    use StackStatus as S;
    let Some(status) = status else {
        return DeployWay::Create;
    };
    match status {
        S::DeleteComplete | S::ReviewInProgress => DeployWay::Create,
        S::CreateComplete
        | S::UpdateComplete
        | S::UpdateRollbackComplete
        | S::ImportComplete
        | S::ImportRollbackComplete => DeployWay::Update,
        S::CreateFailed | S::UpdateFailed => DeployWay::Retry,
        S::RollbackComplete | S::RollbackFailed => DeployWay::Refuse(DEAD),
        S::UpdateRollbackFailed => DeployWay::Refuse(STUCK),
        S::DeleteFailed => DeployWay::Refuse(DELETING),
        S::ImportRollbackFailed => DeployWay::Refuse(IMPORT),
        S::CreateInProgress
        | S::RollbackInProgress
        | S::DeleteInProgress
        | S::UpdateInProgress
        | S::UpdateCompleteCleanupInProgress
        | S::UpdateRollbackInProgress
        | S::UpdateRollbackCompleteCleanupInProgress
        | S::ImportInProgress
        | S::ImportRollbackInProgress => DeployWay::Refuse(BUSY),
        S::Other(_) => DeployWay::Refuse(UNKNOWN),
    }
}

/// The way back that a state leaves.
pub fn back_way(status: &StackStatus) -> BackWay {
    use StackStatus as S;
    match status {
        S::UpdateInProgress => BackWay::Cancel,
        S::CreateFailed | S::UpdateFailed => BackWay::RollBack,
        S::UpdateRollbackFailed => BackWay::Continue,
        S::CreateComplete
        | S::UpdateComplete
        | S::UpdateRollbackComplete
        | S::ImportComplete
        | S::ImportRollbackComplete => BackWay::Redeploy,
        S::CreateInProgress => BackWay::Refuse(
            "CloudFormation has no way to cancel the making of a stack: wait for its end.",
        ),
        S::RollbackComplete => BackWay::Refuse(
            "It was never made completely, so there is nothing to go back to; it can only be deleted.",
        ),
        S::RollbackFailed => BackWay::Refuse(
            "Taking back its making failed; it can only be deleted, and its events say what is in the way.",
        ),
        S::ReviewInProgress => BackWay::Refuse(
            "It consists of a change set that was never executed: there is nothing to go back to.",
        ),
        S::UpdateCompleteCleanupInProgress => BackWay::Refuse(
            "The update has succeeded and old resources are being removed: wait until that has ended, then roll back.",
        ),
        S::RollbackInProgress
        | S::UpdateRollbackInProgress
        | S::UpdateRollbackCompleteCleanupInProgress
        | S::ImportRollbackInProgress => {
            BackWay::Refuse("It is on its way back already: wait for its end.")
        }
        S::ImportInProgress => BackWay::Refuse(BUSY),
        S::DeleteInProgress | S::DeleteComplete => {
            BackWay::Refuse("It is deleted: there is nothing to go back to.")
        }
        S::DeleteFailed => {
            BackWay::Refuse("It could not be deleted completely: there is nothing to go back to.")
        }
        S::ImportRollbackFailed => BackWay::Refuse(IMPORT),
        S::Other(_) => BackWay::Refuse(UNKNOWN),
    }
}

/// Whether the things of a stack may be stopped and started: only while CloudFormation leaves them alone.
pub fn halt_way(status: &StackStatus) -> Result<(), &'static str> {
    match deploy_way(Some(status)) {
        DeployWay::Update => Ok(()),
        DeployWay::Create => Err("There is nothing in it."),
        DeployWay::Retry => {
            Err("Its last operation failed and was left as it is: roll it back or deploy it first.")
        }
        DeployWay::Refuse(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deploy: create, update, retry or not; back: cancel, roll back, continue, redeploy or not; stop: whether.
    const TABLE: &[(&str, char, char, bool)] = &[
        ("CREATE_IN_PROGRESS", '-', '-', false),
        ("CREATE_FAILED", 'r', 'b', false),
        ("CREATE_COMPLETE", 'u', 's', true),
        ("ROLLBACK_IN_PROGRESS", '-', '-', false),
        ("ROLLBACK_FAILED", '-', '-', false),
        ("ROLLBACK_COMPLETE", '-', '-', false),
        ("DELETE_IN_PROGRESS", '-', '-', false),
        ("DELETE_FAILED", '-', '-', false),
        ("DELETE_COMPLETE", 'c', '-', false),
        ("UPDATE_IN_PROGRESS", '-', 'x', false),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", '-', '-', false),
        ("UPDATE_COMPLETE", 'u', 's', true),
        ("UPDATE_FAILED", 'r', 'b', false),
        ("UPDATE_ROLLBACK_IN_PROGRESS", '-', '-', false),
        ("UPDATE_ROLLBACK_FAILED", '-', 'n', false),
        (
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            '-',
            '-',
            false,
        ),
        ("UPDATE_ROLLBACK_COMPLETE", 'u', 's', true),
        ("REVIEW_IN_PROGRESS", 'c', '-', false),
        ("IMPORT_IN_PROGRESS", '-', '-', false),
        ("IMPORT_COMPLETE", 'u', 's', true),
        ("IMPORT_ROLLBACK_IN_PROGRESS", '-', '-', false),
        ("IMPORT_ROLLBACK_FAILED", '-', '-', false),
        ("IMPORT_ROLLBACK_COMPLETE", 'u', 's', true),
        ("MIGRATE_IN_PROGRESS", '-', '-', false),
        ("MIGRATE_COMPLETE", '-', '-', false),
        ("", '-', '-', false),
    ];

    #[test]
    fn every_state_has_its_ways_and_no_other() {
        for (word, deploy, back, halts) in TABLE {
            let status = StackStatus::parse(word);
            let found = match deploy_way(Some(&status)) {
                DeployWay::Create => 'c',
                DeployWay::Update => 'u',
                DeployWay::Retry => 'r',
                DeployWay::Refuse(why) => {
                    assert!(why.ends_with('.'), "{word}: {why}");
                    '-'
                }
            };
            assert_eq!(found, *deploy, "deploy {word}");
            let found = match back_way(&status) {
                BackWay::Cancel => 'x',
                BackWay::RollBack => 'b',
                BackWay::Continue => 'n',
                BackWay::Redeploy => 's',
                BackWay::Refuse(why) => {
                    assert!(why.ends_with('.'), "{word}: {why}");
                    '-'
                }
            };
            assert_eq!(found, *back, "back {word}");
            assert_eq!(halt_way(&status).is_ok(), *halts, "stop {word}");
        }
        for status in StackStatus::ALL {
            let is_listed = TABLE.iter().any(|row| row.0 == status.as_str());
            assert!(is_listed, "{status} is not in the table");
        }
        assert_eq!(deploy_way(None), DeployWay::Create);
    }
}
