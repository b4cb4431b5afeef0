//! A stack's status: AWS's word, and what that word means for an operator.

use std::fmt;
use std::sync::Arc;

macro_rules! statuses {
    ($($variant:ident = $word:literal => $phase:ident),+ $(,)?) => {
        /// CloudFormation's `StackStatus`; a word we do not know yet is kept, never an error.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StackStatus {
            $($variant,)+
            Other(Arc<str>),
        }
        impl StackStatus {
            /// Every status that has a name of its own here.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn parse(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.into()),
                }
            }
            /// AWS's own word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
            pub fn phase(&self) -> Phase {
                match self {
                    $(Self::$variant => Phase::$phase,)+
                    // AWS names its statuses by a rule, so an unknown one still says this much.
                    Self::Other(word) if word.ends_with("_IN_PROGRESS") => Phase::Moving,
                    Self::Other(word) if word.ends_with("_FAILED") => Phase::Failed,
                    Self::Other(_) => Phase::Unknown,
                }
            }
        }
    };
}

statuses! {
    CreateInProgress = "CREATE_IN_PROGRESS" => Moving,
    CreateFailed = "CREATE_FAILED" => Failed,
    CreateComplete = "CREATE_COMPLETE" => Settled,
    RollbackInProgress = "ROLLBACK_IN_PROGRESS" => RollingBack,
    RollbackFailed = "ROLLBACK_FAILED" => Failed,
    RollbackComplete = "ROLLBACK_COMPLETE" => Failed,
    DeleteInProgress = "DELETE_IN_PROGRESS" => Moving,
    DeleteFailed = "DELETE_FAILED" => Failed,
    DeleteComplete = "DELETE_COMPLETE" => Gone,
    UpdateInProgress = "UPDATE_IN_PROGRESS" => Moving,
    UpdateCompleteCleanupInProgress = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => Moving,
    UpdateComplete = "UPDATE_COMPLETE" => Settled,
    UpdateFailed = "UPDATE_FAILED" => Failed,
    UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS" => RollingBack,
    UpdateRollbackFailed = "UPDATE_ROLLBACK_FAILED" => Failed,
    UpdateRollbackCompleteCleanupInProgress = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => RollingBack,
    UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE" => RolledBack,
    ReviewInProgress = "REVIEW_IN_PROGRESS" => Review,
    ImportInProgress = "IMPORT_IN_PROGRESS" => Moving,
    ImportComplete = "IMPORT_COMPLETE" => Settled,
    ImportRollbackInProgress = "IMPORT_ROLLBACK_IN_PROGRESS" => RollingBack,
    ImportRollbackFailed = "IMPORT_ROLLBACK_FAILED" => Failed,
    ImportRollbackComplete = "IMPORT_ROLLBACK_COMPLETE" => RolledBack,
}

/// What a status means, from worst to calmest: the order in which trouble is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Stuck or dead: a person has to act.
    Failed,
    /// On the way back.
    RollingBack,
    /// Stable, but the last operation failed and was undone.
    RolledBack,
    /// On the way.
    Moving,
    /// A word we do not know.
    Unknown,
    /// Only a change set exists.
    Review,
    /// At rest, and well.
    Settled,
    /// Deleted.
    Gone,
}

impl Phase {
    /// Whether AWS is working on it right now.
    pub fn is_moving(self) -> bool {
        matches!(self, Self::Moving | Self::RollingBack)
    }

    /// Whether it needs somebody's attention.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::RollingBack | Self::RolledBack)
    }
}

impl fmt::Display for StackStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An unknown status is AWS's text and passes the sanitiser like any other.
        match self {
            Self::Other(word) => out.pad(&super::untrusted::sanitise(word)),
            known => out.pad(known.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_survives_its_own_word() {
        for status in StackStatus::ALL {
            assert_eq!(StackStatus::parse(status.as_str()), *status);
        }
    }

    #[test]
    fn unknown_statuses_still_say_whether_they_move_or_failed() {
        for (word, phase) in [
            ("MIGRATE_IN_PROGRESS", Phase::Moving),
            ("MIGRATE_FAILED", Phase::Failed),
            ("MIGRATE_COMPLETE", Phase::Unknown),
        ] {
            assert_eq!(StackStatus::parse(word).phase(), phase, "{word}");
        }
    }

    #[test]
    fn a_status_moves_exactly_when_its_word_says_so() {
        for status in StackStatus::ALL
            .iter()
            .filter(|status| **status != StackStatus::ReviewInProgress)
        {
            assert_eq!(
                status.phase().is_moving(),
                status.as_str().ends_with("_IN_PROGRESS"),
                "{status}"
            );
        }
    }
}
