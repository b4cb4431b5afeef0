//! What it means that a change has no good answer: was it done, or is that unknown?
//!
//! Only what AWS has clearly refused, or what certainly never left, was not done. Everything else is unknown until
//! somebody has looked.

use crate::aws::problem::{Asking, Failure, Fate};
use crate::domain::{Kind, Problem};

/// Why a call that changes something has no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miscarriage {
    /// It was not done.
    Refused(Problem),
    /// It was taken before, under the same token.
    AlreadyTaken,
    /// Nobody knows whether it was done: it has to be looked at.
    Unknown(Problem),
}

impl Miscarriage {
    /// For whoever only wants to know why.
    pub(in crate::aws) fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) | Self::Unknown(problem) => problem,
            Self::AlreadyTaken => {
                Problem::new(Kind::Invalid, "AWS has taken this very request before.")
            }
        }
    }
}

/// A failure, and whether the change itself was on its way when it came.
#[derive(Clone, Debug)]
pub(in crate::aws) enum Mishap {
    /// Something that had to be known before could not be read, or was not as it should be.
    Before(Failure),
    Sending(Failure),
}

impl From<Failure> for Mishap {
    fn from(failure: Failure) -> Self {
        Self::Before(failure)
    }
}

impl Mishap {
    /// Whatever the SDK says of a request that changes something.
    pub(super) fn sending(error: impl Into<Failure>) -> Self {
        Self::Sending(error.into())
    }

    /// The thing is not as it was planned for: how it is, as a sentence.
    pub(super) fn changed(what: impl Into<String>) -> Self {
        let problem = Problem::new(Kind::Invalid, what).hint("Plan it again.");
        Self::Before(Failure::Worded(problem))
    }

    pub(in crate::aws) fn told(&self, asking: &Asking<'_>) -> Miscarriage {
        match self {
            Self::Before(failure) => Miscarriage::Refused(asking.problem(failure)),
            Self::Sending(failure) => match failure.fate() {
                Fate::NotDone => Miscarriage::Refused(asking.problem(failure)),
                Fate::Taken => Miscarriage::AlreadyTaken,
                Fate::Unknown => Miscarriage::Unknown(asking.problem(failure)),
            },
        }
    }
}
