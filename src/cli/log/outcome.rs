//! How a tail ends, by what was read and what was not.

use crate::cli::Exit;
use crate::domain::Problem;
use crate::domain::log::{Millis, timestamp};
use crate::engine::log::SourceState;
use chrono::SecondsFormat;
use std::collections::BTreeMap;

/// How the sources have fared, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Those that were read at some time, with the moment before which nothing is still expected.
    answered: BTreeMap<usize, Millis>,
    has_holes: bool,
    /// Why one cannot be read, at present or for ever.
    failing: BTreeMap<usize, Problem>,
}

impl Outcome {
    /// A source was read.
    pub(super) fn answer(&mut self, source: usize) {
        self.answered.entry(source).or_insert(Millis::MIN);
    }

    /// Takes note of how a source stands.
    pub(super) fn note(&mut self, source: usize, state: &SourceState) {
        if state.polled.is_some() {
            let settled = state.settled.unwrap_or(Millis::MIN);
            self.answered.insert(source, settled);
        }
    }

    /// Something could not be read.
    pub(super) fn miss(&mut self) {
        self.has_holes = true;
    }

    /// What is to be said of a tail that was to read everything before `until`, where it may not be everything.
    pub(super) fn doubt(&self, until: Millis) -> Option<String> {
        let read = self.answered.iter();
        let whole = read.filter(|(source, _)| !self.failing.contains_key(source));
        let settled = *whole.map(|(_, settled)| settled).min()?;
        (settled > Millis::MIN && settled < until).then(|| {
            let settled = timestamp(settled).to_rfc3339_opts(SecondsFormat::Secs, true);
            format!("What happened from {settled} on may not all be there yet.")
        })
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
    /// Where something was read, what is missing at the end is never the whole.
    pub(super) fn exit(&self, sources: usize, places: &[&Problem]) -> Exit {
        let problems = self.failing.values().chain(places.iter().copied());
        let problems: Vec<Problem> = problems.cloned().collect();
        match Exit::after(sources + places.len(), &problems) {
            Exit::Done if !self.has_holes => Exit::Done,
            Exit::Done => Exit::Partial,
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
        outcome.miss();
        assert_eq!(outcome.exit(2, &[]), Exit::Partial, "a hole");
    }

    #[test]
    fn an_end_that_is_too_near_for_certainty_is_told() {
        let second = 1_795_185_097_000;
        let settled = |settled| SourceState {
            polled: Some(timestamp(second)),
            settled: Some(settled),
            ..SourceState::default()
        };
        let mut outcome = Outcome::default();
        assert_eq!(outcome.doubt(second), None, "nothing was read");
        outcome.note(0, &settled(second));
        assert_eq!(outcome.doubt(second), None);
        outcome.note(1, &settled(second - 120_000));
        assert_eq!(
            outcome.doubt(second).unwrap(),
            "What happened from 2026-11-20T14:29:37Z on may not all be there yet."
        );
        outcome.stand(1, Some(&Problem::new(Kind::Denied, "No.")));
        assert_eq!(outcome.doubt(second), None, "its failure is told");
    }
}
