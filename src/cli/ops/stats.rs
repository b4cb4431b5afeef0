//! `ops stats`: how often what was done to a target succeeded, and how long it and each of its waves took.

use super::Known;
use crate::cli::output::{self, Cell, Format};
use crate::cli::{Exit, Session};
use crate::domain::operation::{Outcome, Run, Verb, WaveRun};
use crate::domain::{Untrusted, json, time};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeMap;
use std::io;

/// A verb and its target, and one of its waves or all of them.
type Subject = (Verb, Untrusted, Option<usize>);

/// What is known of a subject.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    good: usize,
    /// Of those that have succeeded: one that ended early says nothing of how long it takes.
    took: Vec<TimeDelta>,
}

pub(super) fn print(session: &Session, known: &Known, format: Format) -> io::Result<Exit> {
    let tallies = tallies(&known.runs);
    match format {
        Format::Table if tallies.is_empty() => {
            output::say("No operation has ended yet.");
        }
        Format::Table => {
            let rows: Vec<[Cell; 7]> = tallies
                .iter()
                .map(|((verb, target, wave), tally)| {
                    let wave = wave.map_or_else(|| "all".to_owned(), |it| (it + 1).to_string());
                    [
                        Cell::plain(verb.name()),
                        Cell::plain(target.safe()),
                        Cell::plain(wave),
                        Cell::plain(tally.runs.to_string()),
                        Cell::plain(format!("{} %", tally.percent())),
                        Cell::plain(tally.words(50)),
                        Cell::plain(tally.words(90)),
                    ]
                })
                .collect();
            let heading = ["VERB", "TARGET", "WAVE", "RUNS", "SUCCEEDED", "P50", "P90"];
            session.output.table(&heading, &rows)?;
        }
        Format::Json => {
            for ((verb, target, wave), tally) in &tallies {
                let seconds = |percent| tally.percentile(percent).map(|it| it.num_seconds());
                output::line(&json::text(&json!({
                    "verb": verb.name(),
                    "target": target.exact(),
                    "wave": wave.map(|wave| wave + 1),
                    "runs": tally.runs,
                    "succeeded": tally.good,
                    "p50_seconds": seconds(50),
                    "p90_seconds": seconds(90),
                })))?;
            }
        }
    }
    Ok(Exit::Done)
}

fn tallies(runs: &[Run]) -> BTreeMap<Subject, Tally> {
    let mut tallies: BTreeMap<Subject, Tally> = BTreeMap::new();
    for run in runs {
        let Some((ended, outcome)) = &run.outcome else {
            continue;
        };
        let of = |wave| (run.plan.verb, run.plan.target.clone(), wave);
        let took =
            matches!(outcome, Outcome::Succeeded | Outcome::Unchanged).then(|| *ended - run.began);
        tallies.entry(of(None)).or_default().count(took);
        for (number, wave) in run.waves.iter().enumerate() {
            if wave.began.is_some() {
                let tally = tallies.entry(of(Some(number))).or_default();
                tally.count(duration(wave));
            }
        }
    }
    tallies
}

/// How long a wave took that has succeeded.
fn duration(wave: &WaveRun) -> Option<TimeDelta> {
    use crate::domain::operation::MemberState::{Succeeded, Unchanged};
    let is_good = |state| matches!(state, &Succeeded | &Unchanged);
    let mut members = wave.members.iter();
    if !members.all(|member| is_good(&member.state)) {
        return None;
    }
    let last = wave.members.iter().filter_map(|member| member.ended).max();
    Some(last? - wave.began?)
}

impl Tally {
    /// `took` is none where it did not succeed.
    fn count(&mut self, took: Option<TimeDelta>) {
        self.runs += 1;
        if let Some(took) = took {
            self.good += 1;
            self.took.push(took);
            self.took.sort();
        }
    }

    fn percent(&self) -> usize {
        self.good * 100 / self.runs.max(1)
    }

    /// The least time within which so many in a hundred were done.
    fn percentile(&self, percent: usize) -> Option<TimeDelta> {
        let rank = (self.took.len() * percent).div_ceil(100);
        self.took.get(rank.saturating_sub(1)).copied()
    }

    fn words(&self, percent: usize) -> String {
        let took = self.percentile(percent);
        took.map_or_else(|| "-".to_owned(), time::words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_taken() {
        let mut tally = Tally::default();
        assert_eq!((tally.percent(), tally.percentile(50)), (0, None));
        for seconds in [40, 10, 30, 20] {
            tally.count(Some(TimeDelta::seconds(seconds)));
        }
        tally.count(None);
        assert_eq!(tally.percent(), 80);
        for (percent, seconds) in [(50, 20), (90, 40), (100, 40), (1, 10)] {
            let took = tally.percentile(percent);
            assert_eq!(took, Some(TimeDelta::seconds(seconds)), "{percent}");
        }
    }
}
