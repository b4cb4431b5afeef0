//! How a tail ends, by what was read and what was not.

use crate::cli::Exit;
use crate::domain::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// How the sources have fared, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Those that were read at some time.
    answered: BTreeSet<usize>,
    /// Why one cannot be read, at present or for ever.
    failing: BTreeMap<usize, Problem>,
}

impl Outcome {
    /// A source was read.
    pub(super) fn answer(&mut self, source: usize) {
        self.answered.insert(source);
    }

    /// Takes note of why a source cannot be read, if so; tells why it could not before.
    pub(super) fn stand(&mut self, source: usize, problem: Option<&Problem>) -> Option<Problem> {
        match problem {
            Some(problem) => self.failing.insert(source, problem.clone()),
            None => self.failing.remove(&source),
        }
    }

    /// The end, for so many sources, and where it could not be asked which there are.
    ///
    /// Where something was read, what fails at the end is never the whole.
    pub(super) fn exit(&self, sources: usize, places: &[&Problem]) -> Exit {
        let problems = self.failing.values().chain(places.iter().copied());
        let problems: Vec<Problem> = problems.cloned().collect();
        match Exit::after(sources + places.len(), &problems) {
            Exit::Done => Exit::Done,
            _ if !self.answered.is_empty() => Exit::Partial,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;

    #[test]
    fn what_was_read_counts_by_sources_whatever_fails_later() {
        let denied = Problem::new(Kind::Denied, "No.");
        let server = Problem::new(Kind::Server, "Oh.");
        let mut outcome = Outcome::default();
        outcome.stand(1, Some(&denied));
        assert_eq!(outcome.exit(2, &[]), Exit::Partial, "one may still come");
        outcome.stand(0, Some(&denied));
        assert_eq!(outcome.exit(2, &[]), Exit::Refused);
        outcome.stand(0, None);
        outcome.answer(0);
        assert_eq!(outcome.exit(2, &[]), Exit::Partial, "of one region");
        outcome.stand(0, Some(&server));
        assert_eq!(outcome.exit(2, &[]), Exit::Partial, "it was read before");
        outcome.stand(0, None);
        outcome.stand(1, None);
        assert_eq!(outcome.exit(2, &[]), Exit::Done);
        assert_eq!(outcome.exit(2, &[&denied]), Exit::Partial);
    }
}
