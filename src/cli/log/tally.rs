//! What became of every event, for the line at the end.

use crate::domain::log::{LogSource, Millis};
use crate::domain::{Kind, Scope};
use crate::engine::log::SourceState;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sources: Vec<(Scope, u64)>,
    printed: u64,
    late: u64,
    /// Events that came again and were left out.
    repeated: u64,
    holes: u64,
    /// Sources whose events the service thinned out.
    sampled: BTreeSet<usize>,
    throttled: u64,
}

impl Tally {
    pub(super) fn add(&mut self, source: &LogSource) {
        self.sources.push((source.scope.clone(), 0));
    }

    pub(super) fn read(&mut self, source: usize, late: Option<Millis>) {
        if let Some((_, read)) = self.sources.get_mut(source) {
            *read += 1;
        }
        self.late += u64::from(late.is_some());
    }

    /// Counts a printed event, and says the how manieth it is.
    pub(super) fn print(&mut self) -> u64 {
        self.printed += 1;
        self.printed
    }

    pub(super) fn repeat(&mut self, events: u64) {
        self.repeated += events;
    }

    pub(super) fn miss(&mut self) {
        self.holes += 1;
    }

    /// Takes note of how a source stands; says whether it is the first that is sampled.
    pub(super) fn note(&mut self, source: usize, state: &SourceState) -> Sampling {
        if let Some(problem) = &state.failing
            && problem.kind == Kind::Throttled
        {
            self.throttled += 1;
        }
        let is_sampled = state.live.is_some_and(|live| live.is_sampled);
        if is_sampled && self.sampled.insert(source) {
            Sampling::Begins
        } else {
            Sampling::AsBefore
        }
    }

    /// The line.
    pub(super) fn line(&self) -> String {
        let mut scopes: BTreeMap<&Scope, u64> = BTreeMap::new();
        for (scope, read) in &self.sources {
            *scopes.entry(scope).or_default() += read;
        }
        let each: Vec<String> = scopes
            .iter()
            .map(|(scope, read)| format!("{scope} {}", grouped(*read)))
            .collect();
        let read = scopes.values().sum();
        format!(
            "{} read from {} ({}), {} printed; {} late, {} left out, {}, {}, throttled {}.",
            count(read, "event"),
            count(self.sources.len() as u64, "log group"),
            each.join(", "),
            grouped(self.printed),
            grouped(self.late),
            count(self.repeated, "repeat"),
            match self.holes {
                0 => "no holes".into(),
                holes => count(holes, "hole"),
            },
            match self.sampled.len() as u64 {
                0 => "not sampled".into(),
                sampled => format!("{} sampled", count(sampled, "group")),
            },
            match self.throttled {
                0 => "never".into(),
                1 => "once".into(),
                times => format!("{} times", grouped(times)),
            },
        )
    }
}

/// What changed about sampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sampling {
    AsBefore,
    Begins,
}

fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Problem, Region, Untrusted};

    fn source(region: &str, group: &str) -> LogSource {
        LogSource {
            scope: Scope::regional(&AccountName::new("prod"), &Region::new(region)),
            group: Untrusted::from(group),
        }
    }

    #[test]
    fn the_line_accounts_for_everything() {
        let mut tally = Tally::default();
        for (region, group) in [
            ("us-east-1", "/a"),
            ("eu-west-1", "/a"),
            ("eu-west-1", "/b"),
        ] {
            tally.add(&source(region, group));
        }
        assert_eq!(
            tally.line(),
            "0 events read from 3 log groups (prod/eu-west-1 0, prod/us-east-1 0), 0 printed; \
             0 late, 0 repeats left out, no holes, not sampled, throttled never."
        );
        for _ in 0..1_000 {
            tally.read(1, None);
            tally.print();
        }
        tally.read(2, Some(7));
        tally.read(0, None);
        tally.repeat(1);
        tally.miss();
        let throttled = SourceState {
            failing: Some(Problem::new(Kind::Throttled, "Slow down.")),
            ..SourceState::default()
        };
        assert_eq!(tally.note(0, &throttled), Sampling::AsBefore);
        assert_eq!(
            tally.line(),
            "1,002 events read from 3 log groups (prod/eu-west-1 1,001, prod/us-east-1 1), 1,000 printed; \
             1 late, 1 repeat left out, 1 hole, not sampled, throttled once."
        );
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
