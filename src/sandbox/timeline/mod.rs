//! Scripted change: what happens to a stack, and when.
//!
//! A [`Script`] is an operation written down as steps at offsets from its start; an [`Episode`] is one
//! playing of it; a [`Routine`] plays scripts in turn for ever. What a stack looks like at a time is
//! read off the steps up to that time, so it is a function of (seed, scenario, time) and nothing else.

mod episode;
mod script;

pub(super) use episode::{Appearance, Episode, Routine, Turn};
pub(super) use script::{Ending, Script, Step, Touch, beginning};

/// What is done, to a stack or to one resource of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Update,
    Delete,
}

impl Verb {
    pub(super) fn in_progress(self) -> &'static str {
        match self {
            Verb::Create => "CREATE_IN_PROGRESS",
            Verb::Update => "UPDATE_IN_PROGRESS",
            Verb::Delete => "DELETE_IN_PROGRESS",
        }
    }

    pub(super) fn complete(self) -> &'static str {
        match self {
            Verb::Create => "CREATE_COMPLETE",
            Verb::Update => "UPDATE_COMPLETE",
            Verb::Delete => "DELETE_COMPLETE",
        }
    }

    pub(super) fn failed(self) -> &'static str {
        match self {
            Verb::Create => "CREATE_FAILED",
            Verb::Update => "UPDATE_FAILED",
            Verb::Delete => "DELETE_FAILED",
        }
    }

    fn cancelled(self) -> &'static str {
        match self {
            Verb::Create => "Resource creation cancelled",
            Verb::Update => "Resource update cancelled",
            Verb::Delete => "Resource deletion cancelled",
        }
    }

    fn infinitive(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }
}

/// Offsets and spans inside a script.
pub(super) type Millis = i64;

#[cfg(test)]
mod tests;
