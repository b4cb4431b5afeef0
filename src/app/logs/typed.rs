//! What the prompts do with what is typed: the filter and the search are in force with every letter.

use super::{Ask, Logs, Page, Prompt};
use crate::domain::Timestamp;
use crate::domain::log::{Filter, FilterError, LineId, Moment, View, timestamp};
use chrono::{Days, NaiveTime};

/// Which way to look for the next hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Forth,
    Back,
}

/// What came of looking for a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Here,
    /// It lies beyond the end, on the other side.
    Around,
    /// Not yet: some lines have not been looked at.
    Searching,
    Nothing,
}

impl Logs {
    /// The filter as it is typed; one that cannot be read leaves the last good one in force.
    pub(super) fn filter_as_typed(&mut self, text: &str) {
        match Filter::parse(text) {
            Ok(filter) => {
                self.filter_complaint = None;
                self.set_filter(text, filter);
            }
            Err(error) => self.filter_complaint = Some(sentence(&error)),
        }
    }

    /// Shows the lines of a pattern only, of those that are shown.
    pub(super) fn keep_pattern(&mut self, template: &str) {
        let pattern = Filter::of_template(template);
        let both = match self.filter.filter() {
            Some(filter) => filter.and(&pattern),
            None => pattern,
        };
        let text = both.text().to_owned();
        self.set_filter(&text, both);
    }

    fn set_filter(&mut self, text: &str, filter: Filter) {
        if self.filter.text() != text {
            self.filter.set(text, filter);
            // A search is one among what the filter keeps.
            let search = self.search.text().to_owned();
            let _ = self.search_as_typed(&search);
            self.sift();
        }
    }

    pub(super) fn clear_filter(&mut self) {
        self.filter_complaint = None;
        self.filter.clear();
        let search = self.search.text().to_owned();
        let _ = self.search_as_typed(&search);
    }

    /// Searches for words, or for `~regex`. The error is a sentence.
    pub(super) fn search_as_typed(&mut self, text: &str) -> Result<(), String> {
        if text.is_empty() {
            self.search.clear();
            return Ok(());
        }
        let found = Filter::search(text).map_err(|error| error.to_string())?;
        let both = match self.filter.filter() {
            Some(filter) => filter.and(&found),
            None => found,
        };
        self.search.set(text, both);
        self.sift();
        Ok(())
    }

    pub(super) fn clear_search(&mut self) {
        self.search.clear();
        self.wants_hit = false;
    }

    /// Goes to the hit that is nearest to where the operator is, as soon as there is one.
    pub(super) fn go_to_nearest(&mut self) {
        let Some(here) = self.reader.cursor(&self.view()).map(|spot| spot.line) else {
            return;
        };
        let hit = self.hits().and_then(|hits| {
            let at = hits.row_of(here).and_then(|row| hits.line(row));
            at.or_else(|| hits.before(here))
                .or_else(|| hits.after(here))
                .map(|line| line.id)
        });
        self.wants_hit = hit.is_none() && self.found().is_some_and(|(_, is_whole)| !is_whole);
        self.go_to(hit);
    }

    /// Goes to the next hit on the way; past the end, around to the other side.
    pub(super) fn next_hit(&mut self, way: Way) -> Found {
        let here = self.reader.cursor(&self.view()).map(|spot| spot.line);
        let (Some(here), Some(hits)) = (here, self.hits()) else {
            return Found::Nothing;
        };
        let (next, around) = match way {
            Way::Forth => (hits.after(here), hits.line(0)),
            Way::Back => (hits.before(here), hits.last()),
        };
        let is_whole = self.found().is_none_or(|(_, is_whole)| is_whole);
        let (hit, found) = match (next, around) {
            (Some(line), _) => (Some(line.id), Found::Here),
            // The next one may be among the lines that have not been looked at.
            (None, _) if !is_whole => (None, Found::Searching),
            (None, Some(line)) => (Some(line.id), Found::Around),
            (None, None) => (None, Found::Nothing),
        };
        self.go_to(hit);
        found
    }

    pub(super) fn go_to(&mut self, line: Option<LineId>) {
        if let Some(line) = line {
            let view = View::new(&self.book, self.filter.sieve());
            self.reader.go_to(line, &view);
        }
    }

    /// Goes to a moment; what is not held is read anew from there on.
    pub(super) fn go_to_time(&mut self, at: Timestamp) {
        let oldest = match self.book.line(0) {
            Some(line) if self.book.dropped() > 0 => timestamp(line.time),
            Some(_) | None => self.tail.as_ref().map_or(at, super::Tail::from),
        };
        if at < oldest {
            self.start_from(at);
        }
        self.page = Page::Lines;
        let view = View::new(&self.book, self.filter.sieve());
        self.reader.seek(at.timestamp_millis(), &view);
    }
}

/// Reads what `--since` reads, and a time of the day: the last one that has been.
pub(super) fn moment(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let time = ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(text.trim(), form).ok());
    if let Some(time) = time {
        let today = now.date_naive().and_time(time).and_utc();
        let yesterday = || today.checked_sub_days(Days::new(1)).unwrap_or(today);
        return Ok(if today <= now { today } else { yesterday() });
    }
    let at = Moment::parse(text)?.when(now);
    if at > now {
        return Err("That moment has not come yet.".to_owned());
    }
    Ok(at)
}

fn sentence(error: &FilterError) -> String {
    error.to_string()
}

impl Prompt {
    /// The filter to go back to.
    pub(super) fn before(&self) -> Option<&str> {
        match &self.ask {
            Ask::Filter { before } => Some(before),
            Ask::Search | Ask::Time | Ask::Query | Ask::Export => None,
        }
    }
}
