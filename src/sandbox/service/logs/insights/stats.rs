//! `stats`: rows in groups, and what is said of each group.

use std::collections::{BTreeSet, HashMap};

use super::command::Named;
use super::datum::{Datum, exact};
use super::expression::{Expression, Scope};
use super::row::Row;

/// A function over the rows of a group.
#[derive(Clone, Debug)]
pub(super) struct Aggregate {
    pub(super) kind: AggregateKind,
    /// `None` for `count(*)`.
    pub(super) argument: Option<Box<Expression>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum AggregateKind {
    Count,
    CountDistinct,
    Sum,
    Average,
    Least,
    Greatest,
    Deviation,
    /// The value below which so many percent are.
    Percentile(f64),
    /// Of the first row by time.
    Earliest,
    Latest,
}

impl AggregateKind {
    pub(super) fn named(name: &str) -> Option<AggregateKind> {
        Some(match name.to_lowercase().as_str() {
            "count" => AggregateKind::Count,
            "count_distinct" => AggregateKind::CountDistinct,
            "sum" => AggregateKind::Sum,
            "avg" => AggregateKind::Average,
            "min" => AggregateKind::Least,
            "max" => AggregateKind::Greatest,
            "stddev" => AggregateKind::Deviation,
            // The rank is the second argument.
            "pct" | "percentile" | "median" => AggregateKind::Percentile(50.0),
            "earliest" => AggregateKind::Earliest,
            "latest" => AggregateKind::Latest,
            _ => return None,
        })
    }
}

impl Aggregate {
    pub(super) fn over(&self, rows: &[Row<'_>]) -> Datum {
        let Some(argument) = &self.argument else {
            return counted(rows.len());
        };
        if matches!(self.kind, AggregateKind::Earliest | AggregateKind::Latest) {
            return self.at_an_end(argument, rows);
        }
        let values = rows.iter().map(|row| argument.value(row));
        let present = values.filter(|value| !value.is_missing());
        match self.kind {
            AggregateKind::Count => counted(present.count()),
            AggregateKind::CountDistinct => {
                let distinct: BTreeSet<String> = present.filter_map(|value| value.text()).collect();
                counted(distinct.len())
            }
            kind => {
                let mut numbers: Vec<f64> = present.filter_map(|value| value.number()).collect();
                numbers.sort_by(f64::total_cmp);
                said_of(kind, &numbers).map_or(Datum::Missing, Datum::Number)
            }
        }
    }

    /// The value in the first or last row by time.
    fn at_an_end(&self, argument: &Expression, rows: &[Row<'_>]) -> Datum {
        let time = |row: &&Row<'_>| row.record.map(|record| record.timestamp);
        let row = match self.kind {
            AggregateKind::Earliest => rows.iter().min_by_key(time),
            _ => rows.iter().max_by_key(time),
        };
        row.map_or(Datum::Missing, |row| argument.value(row))
    }
}

fn counted(count: usize) -> Datum {
    Datum::Number(exact(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// `numbers` are sorted.
fn said_of(kind: AggregateKind, numbers: &[f64]) -> Option<f64> {
    let (least, greatest) = (*numbers.first()?, *numbers.last()?);
    let sum: f64 = numbers.iter().sum();
    let count = exact(i64::try_from(numbers.len()).ok()?);
    let mean = sum / count;
    Some(match kind {
        AggregateKind::Sum => sum,
        AggregateKind::Average => mean,
        AggregateKind::Least => least,
        AggregateKind::Greatest => greatest,
        AggregateKind::Deviation => {
            let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
            (squares / count).sqrt()
        }
        AggregateKind::Percentile(rank) => {
            let below = numbers
                .iter()
                .zip(1_u32..)
                .find(|(_, place)| f64::from(*place) * 100.0 >= rank * count);
            below.map_or(greatest, |(number, _)| *number)
        }
        AggregateKind::Count
        | AggregateKind::CountDistinct
        | AggregateKind::Earliest
        | AggregateKind::Latest => return None,
    })
}

/// One group while its row is made: what it is grouped by and what was said of it so far have names.
struct Group<'g, 'r> {
    rows: &'g [Row<'r>],
    said: &'g Row<'r>,
}

impl Scope for Group<'_, '_> {
    fn field(&self, name: &str) -> Datum {
        self.said.field(name)
    }

    fn rows(&self) -> &[Row<'_>] {
        self.rows
    }
}

/// One row for each group, in the order in which their first rows came.
pub(super) fn grouped<'r>(rows: Vec<Row<'r>>, items: &[Named], by: &[Named]) -> Vec<Row<'r>> {
    let mut places: HashMap<Vec<Option<String>>, usize> = HashMap::new();
    let mut groups: Vec<(Vec<Datum>, Vec<Row<'r>>)> = Vec::new();
    for row in rows {
        let values: Vec<Datum> = by.iter().map(|key| key.value(&row)).collect();
        let key = values.iter().map(Datum::text).collect();
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, members)) => members.push(row),
            None => groups.push((values, vec![row])),
        }
    }
    let said = groups.into_iter().map(|(values, rows)| {
        let mut said = Row {
            record: None,
            computed: Vec::new(),
        };
        for (key, value) in by.iter().zip(values) {
            said.set(&key.name, value);
        }
        for item in items {
            let group = Group {
                rows: &rows,
                said: &said,
            };
            let value = item.expression.value(&group);
            said.set(&item.name, value);
        }
        said
    });
    said.collect()
}
