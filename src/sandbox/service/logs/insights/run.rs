//! A query over records.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::command::{Command, Named, Query};
use super::datum::Datum;
use super::expression::{Expression, Scope as _};
use super::record::Record;
use super::row::Row;
use super::stats::grouped;

/// What a query has found.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox::service::logs) struct Table {
    /// Each row's fields and their values; what a row does not have is left out.
    pub(in crate::sandbox::service::logs) rows: Vec<Vec<(String, String)>>,
    /// Events that passed all filters.
    pub(in crate::sandbox::service::logs) matched: usize,
    pub(in crate::sandbox::service::logs) scanned: usize,
    /// Of the messages.
    pub(in crate::sandbox::service::logs) bytes: usize,
}

/// The columns that a result has.
#[derive(Default)]
struct Columns {
    /// In the order in which commands named them.
    named: Vec<String>,
    /// Somebody has said `fields`, `display` or `stats`.
    chosen: bool,
}

impl Columns {
    fn add(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if !self.named.contains(&name) {
                self.named.push(name);
            }
        }
    }

    fn become_those(&mut self, items: &[&Named]) {
        self.named.clear();
        self.chosen = true;
        self.add(items.iter().map(|item| item.name.clone()));
    }
}

impl Query {
    /// Runs the query; `most` rows at the most, unless the query says how many itself.
    pub(in crate::sandbox::service::logs) fn run(&self, records: &[Record], most: usize) -> Table {
        let mut rows: Vec<Row<'_>> = records.iter().map(Row::of).collect();
        // Newest first, unless somebody sorts.
        rows.sort_by_key(|row| std::cmp::Reverse(row.record.map(|record| record.timestamp)));
        let mut columns = Columns::default();
        let mut matched = rows.len();
        let mut limited = false;
        let mut grouped_already = false;
        for command in &self.commands {
            match command {
                Command::Fields(items) => {
                    compute(&mut rows, items);
                    columns.chosen = true;
                    columns.add(items.iter().map(|item| item.name.clone()));
                }
                Command::Display(items) => {
                    compute(&mut rows, items);
                    columns.become_those(&items.iter().collect::<Vec<_>>());
                }
                Command::Filter(condition) => {
                    rows.retain(|row| condition.value(row).holds());
                    if !grouped_already {
                        matched = rows.len();
                    }
                }
                Command::Stats { items, by } => {
                    rows = grouped(rows, items, by);
                    grouped_already = true;
                    columns.become_those(&by.iter().chain(items).collect::<Vec<_>>());
                }
                Command::Sort(keys) => sort(&mut rows, keys),
                Command::Limit(limit) => {
                    rows.truncate(*limit);
                    limited = true;
                }
                Command::Parse { subject, cut } => {
                    let names = cut.names();
                    for row in &mut rows {
                        let text = subject.value(row).text().unwrap_or_default();
                        for (name, part) in names.iter().zip(cut.of(&text)) {
                            row.set(name, part.map_or(Datum::Missing, Datum::Text));
                        }
                    }
                    if !columns.chosen && columns.named.is_empty() {
                        columns.add(DEFAULT_COLUMNS.map(str::to_owned));
                    }
                    columns.add(names);
                }
                Command::Dedup(keys) => dedup(&mut rows, keys),
            }
        }
        if !limited {
            rows.truncate(most);
        }
        if columns.named.is_empty() {
            columns.add(DEFAULT_COLUMNS.map(str::to_owned));
        }
        Table {
            rows: rows.iter().map(|row| shown(row, &columns.named)).collect(),
            matched,
            scanned: records.len(),
            bytes: records.iter().map(|record| record.message.len()).sum(),
        }
    }
}

const DEFAULT_COLUMNS: [&str; 2] = ["@timestamp", "@message"];

/// Gives every row the columns that are more than a field of the event.
fn compute(rows: &mut [Row<'_>], items: &[Named]) {
    let is_itself =
        |item: &&Named| matches!(&item.expression, Expression::Field(name) if *name == item.name);
    for item in items.iter().filter(|item| !is_itself(item)) {
        for row in &mut *rows {
            let value = item.value(row);
            row.set(&item.name, value);
        }
    }
}

fn sort(rows: &mut Vec<Row<'_>>, keys: &[(Named, bool)]) {
    let mut keyed: Vec<(Vec<Datum>, Row<'_>)> = rows
        .drain(..)
        .map(|row| (keys.iter().map(|(key, _)| key.value(&row)).collect(), row))
        .collect();
    keyed.sort_by(|(left, _), (right, _)| {
        let pairs = left.iter().zip(right).zip(keys);
        let mut orders = pairs.map(|((left, right), (_, descending))| {
            let order = left.sorted(right);
            if *descending { order.reverse() } else { order }
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}

/// Keeps the first of those that are alike; what lacks a field is like nothing.
fn dedup(rows: &mut Vec<Row<'_>>, keys: &[Expression]) {
    let mut known: HashSet<Vec<String>> = HashSet::new();
    rows.retain(|row| {
        let values: Option<Vec<String>> = keys.iter().map(|key| key.value(row).text()).collect();
        values.is_none_or(|values| known.insert(values))
    });
}

fn shown(row: &Row<'_>, columns: &[String]) -> Vec<(String, String)> {
    let fields = columns
        .iter()
        .filter(|name| *name != "@ptr")
        .filter_map(|name| Some((name.clone(), row.field(name).text()?)));
    let pointer = row
        .record
        .map(|record| ("@ptr".to_owned(), record.ptr.clone()));
    fields.chain(pointer).collect()
}
