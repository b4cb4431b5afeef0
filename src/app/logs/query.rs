//! A question to CloudWatch Logs Insights over the chosen groups, and the answers of every region as one table.

use super::{Logs, Page};
use crate::app::App;
use crate::app::cursor::{Cursor, Step};
use crate::domain::log::moment;
use crate::domain::log::{QueryResults, QueryTable};
use crate::domain::{LogSource, Problem, Scope, Timestamp};
use crate::engine::message::{QueryId, QueryNews, QuerySpec, Request};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far back a query looks when it does not begin with a span.
const SPAN: TimeDelta = TimeDelta::hours(1);
/// What is proposed the first time.
pub(super) const PROPOSED: &str =
    "1h fields @timestamp, @message | filter @message like /ERROR/ | limit 100";

/// One question, and what has come of it.
#[derive(Debug)]
pub struct Query {
    id: QueryId,
    /// As it was typed, span and all.
    typed: String,
    text: String,
    pub from: Timestamp,
    pub until: Timestamp,
    answers: BTreeMap<Scope, Answer>,
    columns: Vec<String>,
    rows: Vec<QueryLine>,
    cursor: Cursor<usize>,
}

/// What a region has said.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub results: Option<Arc<QueryResults>>,
    pub failing: Option<Problem>,
    pub ended: Option<Result<(), Problem>>,
}

/// A row of the table, harmless to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryLine {
    pub scope: Scope,
    pub values: Vec<String>,
}

impl Query {
    pub fn answers(&self) -> &BTreeMap<Scope, Answer> {
        &self.answers
    }

    /// The fields, in the order of the query.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    pub fn rows(&self) -> &[QueryLine] {
        &self.rows
    }

    pub fn cursor(&self) -> &Cursor<usize> {
        &self.cursor
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether some region has not said all it will say.
    pub fn is_running(&self) -> bool {
        self.answers.values().any(|answer| answer.ended.is_none())
    }

    /// About what it has cost so far.
    pub fn dollars(&self) -> f64 {
        let results = self
            .answers
            .values()
            .filter_map(|answer| answer.results.as_ref());
        results.map(|results| results.statistics.dollars()).sum()
    }

    /// The selected row, field by field.
    pub(super) fn selected_text(&self) -> Option<String> {
        let row = self.rows.get(self.cursor.index())?;
        let fields = self.columns.iter().zip(&row.values);
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        // The sign of a line break is where the page that shows it breaks.
        Some(format!("{}⏎{}", row.scope, fields.join("⏎")))
    }

    pub(super) fn step(&mut self, step: Step) {
        self.cursor.step(step, self.rows.len(), |index| index);
    }

    pub(super) fn select(&mut self, row: usize) {
        self.cursor.select(row, self.rows.len(), |index| index);
    }

    pub(super) fn cursor_mut(&mut self) -> &mut Cursor<usize> {
        &mut self.cursor
    }

    fn gather(&mut self) {
        let answers = self
            .answers
            .iter()
            .filter_map(|(scope, answer)| Some((scope, answer.results.as_deref()?)));
        let table = QueryTable::merge(&self.text, answers);
        self.columns = table
            .columns
            .iter()
            .map(|name| name.safe().into_owned())
            .collect();
        let rows = table.rows.iter().map(|row| QueryLine {
            scope: row.scope.clone(),
            values: row
                .values
                .iter()
                .map(|value| value.map_or_else(String::new, |value| value.safe().into_owned()))
                .collect(),
        });
        self.rows = rows.collect();
        self.cursor.settle(self.rows.len(), |index| index);
    }
}

impl Logs {
    pub fn query(&self) -> Option<&Query> {
        self.query.as_ref()
    }

    /// What the prompt begins with.
    pub(super) fn proposed_query(&self) -> String {
        self.query
            .as_ref()
            .map_or_else(|| PROPOSED.to_owned(), |query| query.typed.clone())
    }

    /// Takes in what a query tells.
    pub(in crate::app) fn answer(&mut self, id: QueryId, news: QueryNews) {
        let Some(query) = self.query.as_mut().filter(|query| query.id == id) else {
            return;
        };
        match news {
            QueryNews::Results(scope, results) => {
                let answer = query.answers.entry(scope).or_default();
                (answer.results, answer.failing) = (Some(results), None);
                query.gather();
            }
            QueryNews::Failing(scope, problem) => {
                query.answers.entry(scope).or_default().failing = Some(problem);
            }
            QueryNews::Ended(scope, result) => {
                query.answers.entry(scope).or_default().ended = Some(result);
            }
        }
    }

    /// Has AWS stop what still runs; what was answered stays.
    pub(super) fn stop_query(&mut self) {
        if let Some(query) = self.query.as_ref().filter(|query| query.is_running()) {
            self.requests.push(Request::Unquery(query.id));
        }
    }
}

impl App {
    /// Puts a question to every region of the chosen groups. The error is a sentence.
    pub(super) fn query(&mut self, typed: &str) -> Result<(), String> {
        let typed = typed.trim();
        let (span, text) = spanned(typed);
        if text.is_empty() {
            return Err("A query needs words, such as `fields @timestamp, @message`.".to_owned());
        }
        let sources: Vec<LogSource> = self
            .logs
            .tail
            .iter()
            .flat_map(super::Tail::sources)
            .map(|it| it.at.clone())
            .collect();
        self.logs.stop_query();
        self.logs.queries += 1;
        let id = QueryId(self.logs.queries);
        let (from, until) = (self.now - span, self.now);
        let scopes = sources.iter().map(|source| source.scope.clone());
        self.logs.query = Some(Query {
            id,
            typed: typed.to_owned(),
            text: text.to_owned(),
            from,
            until,
            answers: scopes.map(|scope| (scope, Answer::default())).collect(),
            columns: Vec::new(),
            rows: Vec::new(),
            cursor: Cursor::default(),
        });
        self.logs.page = Page::Insights;
        self.logs.requests.push(Request::Query(QuerySpec {
            id,
            text: text.to_owned(),
            sources,
            from,
            until,
        }));
        Ok(())
    }
}

/// `3h fields @message`: how far back, and the query.
fn spanned(typed: &str) -> (TimeDelta, &str) {
    let spanned = typed
        .split_once(char::is_whitespace)
        .and_then(|(first, rest)| {
            let span = moment::duration(first).ok()?;
            Some((span, rest.trim_start()))
        });
    spanned.unwrap_or((SPAN, typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_may_begin_with_how_far_back_it_looks() {
        assert_eq!(
            spanned("3h fields @message"),
            (TimeDelta::hours(3), "fields @message")
        );
        assert_eq!(spanned("stats count(*)"), (SPAN, "stats count(*)"));
        assert_eq!(spanned("2d"), (SPAN, "2d"));
    }
}
