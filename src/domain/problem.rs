//! What went wrong, in a sentence a person can act on.
//!
//! [`Problem`] is the only error that reaches a screen. The sentence and the hint are written once, by the room
//! that knows (`aws::problem`, `config`); everyone else passes them on. Text from outside enters through
//! [`Untrusted`](super::Untrusted) and is already harmless here.

use std::fmt;

/// What failed, in which words, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: Kind,
    /// One sentence: what failed, in which account and region, and why.
    pub what: String,
    /// One imperative sentence: what to do next.
    pub hint: Option<String>,
    /// AWS's request id, for a support case.
    pub request: Option<String>,
}

/// The kinds of failure that somebody reacts to differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// AWS understood and refused: an action is not allowed.
    Denied,
    /// Credentials ended, are missing or cannot be refreshed; the account waits for new ones.
    Expired,
    /// AWS asks to slow down.
    Throttled,
    /// The token is unknown here: a region that the account has not enabled, or a wrong key.
    NotRecognized,
    /// The thing asked for does not exist.
    Missing,
    /// The request itself was refused as wrong.
    Invalid,
    /// The clocks of this machine and AWS disagree too far.
    ClockSkew,
    /// Asking costs money, and the operator's cap is spent.
    Capped,
    /// Nothing came back.
    Unreachable(Reach),
    /// Something came back that is not an answer of AWS: a login page, a cut-off body.
    Garbled,
    /// AWS failed on its own side.
    Server,
    /// A fault of ours.
    Bug,
}

/// How a service could not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    Dns,
    Refused,
    Reset,
    TimedOut,
    Certificate,
    Redirected,
    Other,
}

impl Problem {
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            hint: None,
            request: None,
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The reason in two or three words, for a table cell.
    pub fn brief(&self) -> &'static str {
        match self.kind {
            Kind::Denied => "not allowed",
            Kind::Expired => "no credentials",
            Kind::Throttled => "throttled",
            Kind::NotRecognized => "not enabled",
            Kind::Missing => "not found",
            Kind::Invalid => "refused",
            Kind::ClockSkew => "clock is off",
            Kind::Capped => "cap reached",
            Kind::Unreachable(Reach::Dns) => "name not found",
            Kind::Unreachable(Reach::Refused) => "connection refused",
            Kind::Unreachable(Reach::Reset) => "connection reset",
            Kind::Unreachable(Reach::TimedOut) => "timed out",
            Kind::Unreachable(Reach::Certificate) => "bad certificate",
            Kind::Unreachable(Reach::Redirected) => "redirected",
            Kind::Unreachable(Reach::Other) => "unreachable",
            Kind::Garbled => "not an AWS answer",
            Kind::Server => "AWS error",
            Kind::Bug => "our fault",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)?;
        if let Some(hint) = &self.hint {
            write!(out, " {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
