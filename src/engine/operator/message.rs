//! What is asked of the operator, and what he tells. Plain data.

use crate::domain::operation::{Operation, OperationId, Plan, Run, Stamped, Steered};
use crate::domain::{AccountName, Problem, Timestamp};
use chrono::TimeDelta;

/// How long an account stays armed.
pub const ARMED: TimeDelta = TimeDelta::minutes(10);

/// What the operator is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Works out what an operation would do. Changes no resource; a change set may be made, where the account is armed.
    Plan(Ticket, Box<Operation>),
    /// A plan is not wanted any more; what was made for it is deleted.
    Drop(OperationId),
    /// Runs a plan that this engine has made, once. The text is what was typed to agree, empty for a key.
    Run(OperationId, String),
    /// Says something to a run; to one that another process runs, through a file beside its journal.
    Steer(OperationId, Steered),
    /// Takes up a run that nobody runs any more. The text is what was typed to agree to reverse it, empty for a key and
    /// for all else: that was agreed to when it began.
    TakeUp(OperationId, Onward, String),
    /// Tells of every run that this machine knows.
    Runs,
    /// Lets requests that change something leave for an account, for [`ARMED`] from now; none again with `Off`.
    Arm(AccountName, Arming),
}

/// A question for a plan, as whoever wants it numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What is to become of a run that was left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Onward {
    /// On, from where AWS says it stands.
    Continue,
    /// Back: what is done is undone.
    Reverse,
    /// Nothing more is done; AWS is left as it is.
    Abandon,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arming {
    On,
    Off,
}

/// Who goes on with a run that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keeper {
    /// This engine.
    Ourselves,
    /// Another process, on this machine.
    Another,
    /// Nobody any more: it can be taken up.
    Nobody,
}

/// What the operator tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Tidings {
    /// What an operation would do, or why that cannot be said.
    Planned(Ticket, Result<Box<Plan>, Problem>),
    /// A plan was not run, a run not taken up, or a word to it not passed on: why. Also of a run that had to be left
    /// where it stands, because it could not be written down any more.
    Refused(OperationId, Problem),
    /// Something has happened to a run; the first record brings its plan. Of a run that was taken up, what had happened
    /// before is not told again: [`Order::Runs`] tells it, and the numbers of the records tell what is new.
    Happened(OperationId, Box<Stamped>),
    /// How far the present step of a member is, in words. Not written down anywhere.
    Progress {
        run: OperationId,
        wave: usize,
        member: usize,
        words: String,
    },
    /// Every run that this machine knows, newest first; those of other processes as far as they have got.
    Runs(Result<Vec<Run>, Problem>),
    /// Who goes on with a run that has not ended; told after [`Tidings::Runs`] of each such run. Without a word, a run
    /// of which nothing has [happened](Tidings::Happened) here is nobody's.
    Kept(OperationId, Keeper),
    /// Until when an account is armed; none when it is not.
    Armed(AccountName, Option<Timestamp>),
}
