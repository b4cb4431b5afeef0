//! What a shell is told at the end.

use crate::domain::{Kind, Problem};

/// Every way to end, with the code a script sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done.
    Done,
    /// It failed, everywhere.
    Failed,
    /// The command line or a file it names is wrong.
    Usage,
    /// Not allowed: no credentials, a denied action, or a rule of ours.
    Refused,
    /// Some regions answered and some did not.
    Partial,
    /// A fault of ours.
    Bug,
    /// By Ctrl-C, before everything asked for was done.
    Interrupted,
}

impl Exit {
    /// All but those of signals, which [`Exit::BY_SIGNAL`] tells of.
    pub const ALL: [Self; 6] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Refused,
        Self::Partial,
        Self::Bug,
    ];

    /// What the codes above 128 mean; they are made where the signal is known.
    pub const BY_SIGNAL: &str = "Ended by signal N.";

    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Partial => 4,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// For the README and the man page.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => {
                "Everything asked for was done, or there was nothing to do; `--tail`, `events --follow`, `health --watch` and `sandbox` are done at Ctrl-C."
            }
            Self::Failed => {
                "It failed, everywhere; or an operation failed, was rolled back or was cancelled; or `--fail-on` has seen what it looks for, `--fail-on-alarm` an alarm, or `health` an endpoint that is unhealthy."
            }
            Self::Usage => "The command line, or a file or a template it names, is wrong.",
            Self::Refused => {
                "Not allowed: no credentials, a denied action, a rule of Quarterdeck, a plan that nobody agreed to, or an approval that was not given."
            }
            Self::Partial => {
                "Some accounts or regions answered and some did not, or some log events or metrics could not be read, or `health` cannot tell or has nothing to check."
            }
            Self::Bug => "A fault of Quarterdeck.",
            Self::Interrupted => Self::BY_SIGNAL,
        }
    }

    /// The end of a verb that asked `asked` places and met these problems.
    pub fn after(asked: usize, problems: &[Problem]) -> Self {
        let refused = |problem: &Problem| matches!(problem.kind, Kind::Denied | Kind::Expired);
        match problems {
            [] => Self::Done,
            some if some.len() < asked => Self::Partial,
            all if all.iter().all(refused) => Self::Refused,
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_says_how_much_of_it_worked() {
        let denied = Problem::new(Kind::Denied, "No.");
        let server = Problem::new(Kind::Server, "Oh.");
        for (asked, problems, exit) in [
            (2, vec![], Exit::Done),
            (0, vec![], Exit::Done),
            (2, vec![denied.clone()], Exit::Partial),
            (2, vec![denied.clone(), denied.clone()], Exit::Refused),
            (2, vec![denied, server], Exit::Failed),
        ] {
            assert_eq!(Exit::after(asked, &problems), exit);
        }
    }
}
