//! From pages to lines: the merge, the tests, and when it is enough.

use super::super::{Exit, output};
use super::Plan;
use super::printer::Printer;
use super::sift::Sift;
use super::sink::FULL;
use super::tally::Tally;
use crate::domain::log::confluence::{Merged, Rest};
use crate::domain::log::{Confluence, LogSource, Millis};
use crate::engine::log::Page;
use regex::Regex;
use std::ops::ControlFlow;
use std::time::Duration;

/// Everything that an event passes through on its way to a line.
pub(super) struct Turn<'a> {
    pub(super) merge: Confluence<Page>,
    pub(super) tally: Tally,
    /// Lines that are to be written.
    pub(super) lines: Vec<u8>,
    printer: Printer<'a>,
    sift: Sift,
    fail_on: Option<Regex>,
    first: Option<u64>,
    /// Why it is enough, once it is.
    pub(super) verdict: Option<Exit>,
}

impl<'a> Turn<'a> {
    /// Sources that have read up to `present` count as caught up; a range has none.
    pub(super) fn new(plan: Plan<'a>, first: Option<u64>, present: Option<Millis>) -> Self {
        Self {
            merge: Confluence::new(present),
            tally: Tally::default(),
            lines: Vec::with_capacity(FULL + FULL / 4),
            printer: plan.printer,
            sift: plan.sift,
            fail_on: plan.fail_on,
            first,
            verdict: None,
        }
    }

    /// Adds sources; they are numbered as they come.
    pub(super) fn add(&mut self, sources: &[LogSource], now: Duration) {
        self.printer.add(sources);
        for source in sources {
            self.tally.add(source);
            self.merge.add(now);
        }
    }

    /// Makes lines of the events that are due, until there are enough to write.
    pub(super) fn print(&mut self, now: Duration) -> Rest {
        let Self {
            merge,
            tally,
            lines,
            printer,
            sift,
            ..
        } = self;
        let (first, fail_on, verdict) = (self.first, &self.fail_on, &mut self.verdict);
        if verdict.is_some() {
            return Rest::Empty;
        }
        merge.drain(
            now,
            |Merged {
                 source,
                 event,
                 late,
                 ..
             }| {
                tally.read(source, late);
                let message = event.exact();
                if !sift.keeps(message) {
                    return ControlFlow::Continue(());
                }
                if let Err(sentence) = printer.write(lines, source, event, late) {
                    output::say(&sentence);
                    *verdict = Some(Exit::Usage);
                    return ControlFlow::Break(());
                }
                let printed = tally.print();
                if fail_on.as_ref().is_some_and(|bad| bad.is_match(message)) {
                    *verdict = Some(Exit::Failed);
                } else if Some(printed) == first {
                    *verdict = Some(Exit::Done);
                }
                if verdict.is_some() || lines.len() >= FULL {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        )
    }

    /// Colours for all regions of the fleet, so that a region's does not depend on who else writes.
    pub(super) fn colour<'r>(&mut self, regions: impl Iterator<Item = &'r crate::domain::Region>) {
        self.printer.colour(regions.cloned());
    }
}
