//! Metric math: what expressions make of metrics.
//!
//! A value is a number, a series, several series, or a text. Series meet point by point: where one of two
//! has no point, the result has none.

mod functions;
mod parse;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::Refused;
use super::ask::invalid;
use super::data::{Query, What};
use super::search;
use crate::sandbox::world::metrics::{Board, MINUTE};
use parse::{Operator, Tree};

/// Points in order of time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) label: String,
    /// Seconds between two points.
    pub(super) period: i64,
    /// Seconds since the epoch, and the value.
    pub(super) points: Vec<(i64, f64)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Number(f64),
    Series(Series),
    Many(Vec<Series>),
    Text(String),
}

/// Something to be said beside a result.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    pub(super) code: &'static str,
    pub(super) value: String,
}

/// The queries of a request, and those whose results are known already.
pub(super) struct Known<'q> {
    queries: &'q [Query],
    board: &'q Board,
    /// Seconds since the epoch.
    window: Range<i64>,
    now: i64,
    results: BTreeMap<&'q str, Outcome>,
    /// What is being worked out: an expression must not need itself.
    open: BTreeSet<&'q str>,
    messages: Vec<(String, Message)>,
    searched: u64,
}

type Calculated = Result<Outcome, String>;

impl<'q> Known<'q> {
    pub(super) fn new(
        queries: &'q [Query],
        board: &'q Board,
        window: Range<i64>,
        now: i64,
    ) -> Known<'q> {
        Known {
            queries,
            board,
            window,
            now,
            results: BTreeMap::new(),
            open: BTreeSet::new(),
            messages: Vec::new(),
            searched: 0,
        }
    }

    /// How many metrics searches have found.
    pub(super) fn searched(&self) -> u64 {
        self.searched
    }

    pub(super) fn messages(&self, id: &str) -> impl Iterator<Item = &Message> {
        let own = self.messages.iter().filter(move |(of, _)| of == id);
        own.map(|(_, message)| message)
    }

    /// The series that a query comes to.
    pub(super) fn result(&mut self, query: &'q Query) -> Result<Vec<Series>, Refused> {
        let outcome = self
            .outcome(query)
            .map_err(|why| invalid(format!("Error in expression '{}': {why}.", query.id)))?;
        match outcome {
            Outcome::Series(series) => Ok(vec![series]),
            Outcome::Many(series) => Ok(series),
            Outcome::Number(_) | Outcome::Text(_) => Err(invalid(format!(
                "Error in expression '{}': The expression must return a time series or a set of time series.",
                query.id
            ))),
        }
    }

    fn outcome(&mut self, query: &'q Query) -> Calculated {
        if let Some(known) = self.results.get(query.id.as_str()) {
            return Ok(known.clone());
        }
        if !self.open.insert(&query.id) {
            return Err(format!(
                "The expression refers to itself through {}",
                query.id
            ));
        }
        let outcome = match &query.what {
            What::Stat(stat) => Outcome::Series(Series {
                label: stat.metric.name.clone(),
                period: stat.period,
                points: stat.points(self.board, &self.window),
            }),
            What::Expression(text) => self.expression(query, text)?,
        };
        self.open.remove(query.id.as_str());
        self.results.insert(&query.id, outcome.clone());
        Ok(outcome)
    }

    fn expression(&mut self, query: &'q Query, text: &str) -> Calculated {
        let tree = parse::parse(text)?;
        let mut outcome = self.value(&tree, query)?;
        if let Outcome::Series(series) = &mut outcome {
            series.label.clone_from(&query.id);
        }
        Ok(outcome)
    }

    fn value(&mut self, tree: &Tree, query: &'q Query) -> Calculated {
        Ok(match tree {
            Tree::Number(number) => Outcome::Number(*number),
            Tree::Text(text) => Outcome::Text(text.clone()),
            Tree::Name(name) => {
                let queries: &'q [Query] = self.queries;
                let named = queries.iter().find(|query| query.id == *name);
                let named = named.ok_or_else(|| format!("Undefined variable {name}"))?;
                self.outcome(named)?
            }
            Tree::Negative(inner) => {
                let inner = self.value(inner, query)?;
                combined(Operator::Subtract, Outcome::Number(0.0), inner)?
            }
            Tree::Binary(operator, left, right) => {
                let left = self.value(left, query)?;
                combined(*operator, left, self.value(right, query)?)?
            }
            Tree::List(items) => {
                let mut all = Vec::new();
                for item in items {
                    match self.value(item, query)? {
                        Outcome::Series(series) => all.push(series),
                        Outcome::Many(series) => all.extend(series),
                        Outcome::Number(_) | Outcome::Text(_) => {
                            return Err("A list can have time series only".to_owned());
                        }
                    }
                }
                Outcome::Many(all)
            }
            Tree::Call(name, arguments) => self.call(name, arguments, query)?,
        })
    }

    fn call(&mut self, name: &str, arguments: &[Tree], query: &'q Query) -> Calculated {
        if name == "METRICS" {
            return self.metrics(arguments, query);
        }
        if name == "SEARCH" {
            return self.search(arguments, query);
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(match argument {
                // How gaps are filled is a word, not a variable.
                Tree::Name(word) if ["REPEAT", "LINEAR"].contains(&word.as_str()) => {
                    Outcome::Text(word.clone())
                }
                other => self.value(other, query)?,
            });
        }
        let published = (self.now - 2 * MINUTE).min(self.window.end);
        functions::apply(name, values, &(self.window.start..published))
    }

    /// `METRICS()`, or those with a word in their ids.
    fn metrics(&mut self, arguments: &[Tree], query: &'q Query) -> Calculated {
        let word = match arguments {
            [] => "",
            [Tree::Text(word)] => word,
            _ => return Err("METRICS takes one string".to_owned()),
        };
        let queries: &'q [Query] = self.queries;
        let mut all = Vec::new();
        for other in queries {
            let is_metric = matches!(other.what, What::Stat(_));
            if is_metric
                && other.id != query.id
                && other.id.contains(word)
                && let Outcome::Series(series) = self.outcome(other)?
            {
                let label = other.label.as_ref().unwrap_or(&other.id).clone();
                all.push(Series { label, ..series });
            }
        }
        Ok(Outcome::Many(all))
    }

    fn search(&mut self, arguments: &[Tree], query: &'q Query) -> Calculated {
        let (text, statistic, period) = match arguments {
            [Tree::Text(text), Tree::Text(statistic)] => (text, statistic, query.period),
            [
                Tree::Text(text),
                Tree::Text(statistic),
                Tree::Number(period),
            ] => {
                let period = crate::sandbox::world::traffic::whole(*period);
                (text, statistic, Some(period))
            }
            _ => return Err("SEARCH takes two strings and a period".to_owned()),
        };
        let found = search::search(self.board, text, statistic, period.unwrap_or(300))?;
        self.searched += u64::try_from(found.stats.len()).unwrap_or(u64::MAX);
        if found.cut {
            let message = Message {
                code: "MaxMetricsExceeded",
                value:
                    "Maximum number of allowed metrics exceeded. Your search may have been limited."
                        .to_owned(),
            };
            self.messages.push((query.id.clone(), message));
        }
        let series = found.stats.iter().map(|(label, stat)| Series {
            label: label.clone(),
            period: stat.period,
            points: stat.points(self.board, &self.window),
        });
        Ok(Outcome::Many(series.collect()))
    }
}

/// Two values with an operator between them.
fn combined(operator: Operator, left: Outcome, right: Outcome) -> Calculated {
    let along = |series: Series, with: &dyn Fn(f64) -> f64| Series {
        points: kept(series.points.iter().map(|(at, value)| (*at, with(*value)))),
        ..series
    };
    Ok(match (left, right) {
        (Outcome::Number(left), Outcome::Number(right)) => {
            Outcome::Number(operator.of(left, right))
        }
        (Outcome::Series(series), Outcome::Number(right)) => {
            Outcome::Series(along(series, &|left| operator.of(left, right)))
        }
        (Outcome::Number(left), Outcome::Series(series)) => {
            Outcome::Series(along(series, &|right| operator.of(left, right)))
        }
        (Outcome::Series(left), Outcome::Series(right)) => {
            Outcome::Series(met(left, &right, operator))
        }
        (Outcome::Many(all), Outcome::Number(right)) => Outcome::Many(
            all.into_iter()
                .map(|series| along(series, &|left| operator.of(left, right)))
                .collect(),
        ),
        (Outcome::Number(left), Outcome::Many(all)) => Outcome::Many(
            all.into_iter()
                .map(|series| along(series, &|right| operator.of(left, right)))
                .collect(),
        ),
        (Outcome::Many(all), Outcome::Series(right)) => Outcome::Many(
            all.into_iter()
                .map(|series| met(series, &right, operator))
                .collect(),
        ),
        (Outcome::Series(left), Outcome::Many(all)) => Outcome::Many(
            all.into_iter()
                .map(|series| Series {
                    label: series.label.clone(),
                    ..met(left.clone(), &series, operator)
                })
                .collect(),
        ),
        (Outcome::Many(_), Outcome::Many(_)) | (Outcome::Text(_), _) | (_, Outcome::Text(_)) => {
            return Err("The operator cannot be applied to operands of these types".to_owned());
        }
    })
}

/// Point by point, where both have one.
fn met(left: Series, right: &Series, operator: Operator) -> Series {
    let others: BTreeMap<i64, f64> = right.points.iter().copied().collect();
    let both = left
        .points
        .iter()
        .filter_map(|(at, value)| Some((*at, operator.of(*value, *others.get(at)?))));
    Series {
        points: kept(both),
        ..left
    }
}

/// What comes to no number (a division by zero) is no point.
fn kept(points: impl Iterator<Item = (i64, f64)>) -> Vec<(i64, f64)> {
    points.filter(|(_, value)| value.is_finite()).collect()
}
