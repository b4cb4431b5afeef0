//! What a query of Logs Insights brought home, and the answers of several regions as one table.

use crate::domain::{Scope, Untrusted};
use std::cmp::Ordering;

/// The field that every event's row has: where the event is. For machines.
const POINTER: &str = "@ptr";
/// What rows are sorted by when the query does not say.
const TIME: &str = "@timestamp";
/// Dollars per GB that a query scans; <https://aws.amazon.com/cloudwatch/pricing>, us-east-1, November 2026. Some
/// regions ask up to half as much again, so it is shown with an "≈".
const DOLLARS_PER_GB: f64 = 0.005;

/// How far a query has come, in AWS's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryStatus {
    /// It waits for its turn.
    #[default]
    Scheduled,
    Running,
    Complete,
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// It ran for an hour, and AWS gave up.
    Timeout,
    /// AWS says so itself, or says something new.
    Unknown,
}

/// What a query has worked through. Counts are AWS's, which gives them as fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QueryStatistics {
    pub records_matched: f64,
    pub records_scanned: f64,
    pub bytes_scanned: f64,
}

/// A row: fields and their values, in the order of the query.
pub type QueryRow = Vec<(Untrusted, Untrusted)>;

/// What one region has answered so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryResults {
    pub status: QueryStatus,
    pub statistics: QueryStatistics,
    pub rows: Vec<QueryRow>,
}

/// The rows of every region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTable<'a> {
    /// The fields, in the order in which they first appear.
    pub columns: Vec<&'a Untrusted>,
    pub rows: Vec<TableRow<'a>>,
}

/// A row and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow<'a> {
    pub scope: &'a Scope,
    /// A value for each column; `None` where this row has no such field.
    pub values: Vec<Option<&'a Untrusted>>,
    /// Where the event of the row is, for asking AWS for the whole of it.
    pub pointer: Option<&'a Untrusted>,
}

impl QueryStatus {
    pub fn parse(word: &str) -> Self {
        match word {
            "Scheduled" => Self::Scheduled,
            "Running" => Self::Running,
            "Complete" => Self::Complete,
            "Failed" => Self::Failed,
            "Cancelled" => Self::Cancelled,
            "Timeout" => Self::Timeout,
            _ => Self::Unknown,
        }
    }

    /// Whether nothing more will come.
    pub fn is_final(self) -> bool {
        match self {
            Self::Complete | Self::Failed | Self::Cancelled | Self::Timeout => true,
            Self::Scheduled | Self::Running | Self::Unknown => false,
        }
    }
}

impl QueryStatistics {
    /// What was scanned costs about so many dollars.
    pub fn dollars(&self) -> f64 {
        self.bytes_scanned / 1e9 * DOLLARS_PER_GB
    }
}

impl<'a> QueryTable<'a> {
    /// Puts the answers of several regions into one table, in the order that the query asks for.
    ///
    /// Where it asks for none, events are sorted by their times, the newest first, as Insights itself does; rows of
    /// `stats` stay with their region, because an average of averages is none.
    pub fn merge(
        query: &str,
        answers: impl IntoIterator<Item = (&'a Scope, &'a QueryResults)>,
    ) -> Self {
        let mut columns: Vec<&'a Untrusted> = Vec::new();
        let mut rows: Vec<TableRow<'a>> = Vec::new();
        for (scope, answer) in answers {
            for fields in &answer.rows {
                let mut row = TableRow {
                    scope,
                    values: Vec::with_capacity(columns.len()),
                    pointer: None,
                };
                for (field, value) in fields {
                    if field.exact() == POINTER {
                        row.pointer = Some(value);
                        continue;
                    }
                    let known = columns.iter().position(|column| *column == field);
                    let at = known.unwrap_or_else(|| {
                        columns.push(field);
                        columns.len() - 1
                    });
                    row.values.resize(row.values.len().max(at + 1), None);
                    row.values[at] = Some(value);
                }
                rows.push(row);
            }
        }
        for row in &mut rows {
            row.values.resize(columns.len(), None);
        }
        let mut table = Self { columns, rows };
        table.sort(&order(query));
        table
    }

    fn sort(&mut self, order: &[(String, Direction)]) {
        let column = |name: &str| self.columns.iter().position(|known| known.exact() == name);
        let mut keys: Vec<(usize, Direction)> = order
            .iter()
            .filter_map(|(name, direction)| Some((column(name)?, *direction)))
            .collect();
        if order.is_empty() {
            keys.extend(column(TIME).map(|time| (time, Direction::Descending)));
        }
        // Stable: what is alike stays in the order of its region.
        self.rows.sort_by(|a, b| {
            keys.iter()
                .map(|(at, direction)| direction.of(a.values[*at], b.values[*at]))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    /// How two values stand; one that is missing comes last either way.
    fn of(self, a: Option<&Untrusted>, b: Option<&Untrusted>) -> Ordering {
        match (a, b, self) {
            (Some(a), Some(b), Self::Ascending) => compare(a.exact(), b.exact()),
            (Some(a), Some(b), Self::Descending) => compare(b.exact(), a.exact()),
            (a, b, _) => a.is_none().cmp(&b.is_none()),
        }
    }
}

/// Numbers by their size, and before everything else; times are written so that their text sorts.
fn compare(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

/// What the last `sort` of a query sorts by; nothing when it has none, or another `stats` after it.
fn order(query: &str) -> Vec<(String, Direction)> {
    let mut order = Vec::new();
    for command in split(query, '|') {
        let (verb, rest) = command
            .split_once(char::is_whitespace)
            .unwrap_or((command.as_str(), ""));
        if verb.eq_ignore_ascii_case("sort") {
            order = split(rest, ',').iter().map(|term| term_of(term)).collect();
        } else if verb.eq_ignore_ascii_case("stats") {
            order.clear();
        }
    }
    order
}

/// "count(*) desc"
fn term_of(term: &str) -> (String, Direction) {
    let (field, direction) = match term.rsplit_once(char::is_whitespace) {
        Some((field, word)) if word.eq_ignore_ascii_case("desc") => (field, Direction::Descending),
        Some((field, word)) if word.eq_ignore_ascii_case("asc") => (field, Direction::Ascending),
        _ => (term, Direction::Ascending),
    };
    (field.trim().trim_matches('`').to_owned(), direction)
}

/// The parts of a text between separators, but not those inside of quotes, patterns, brackets and comments.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut depth = 0_u32;
    let mut last = ' ';
    for sign in text.lines().flat_map(|line| line.chars().chain(['\n'])) {
        match (quote, sign) {
            (Some('#'), '\n') => quote = None,
            (Some(open), sign) if sign == open && open != '#' && last != '\\' => quote = None,
            (None, '"' | '\'' | '`' | '#') => quote = Some(sign),
            // A pattern follows a blank or a bracket; between two fields it divides.
            (None, '/') if last.is_whitespace() || last == '(' => quote = Some('/'),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, sign) if sign == separator && depth == 0 => {
                parts.push(String::new());
                last = sign;
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut()
            && quote != Some('#')
        {
            part.push(sign);
        }
        last = sign;
    }
    let trimmed = parts.iter().map(|part| part.trim().to_owned());
    trimmed.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Region};

    fn scope(region: &str) -> Scope {
        Scope::regional(&AccountName::new("prod"), &Region::new(region))
    }

    fn results(rows: &[&[(&str, &str)]]) -> QueryResults {
        let pair = |(field, value): &(&str, &str)| (Untrusted::from(*field), (*value).into());
        QueryResults {
            rows: rows
                .iter()
                .map(|row| row.iter().map(pair).collect())
                .collect(),
            ..QueryResults::default()
        }
    }

    /// Region and values of each row.
    fn shown(table: &QueryTable<'_>) -> Vec<String> {
        let row = |row: &TableRow<'_>| {
            let values = row
                .values
                .iter()
                .map(|value| value.map_or("-", Untrusted::exact));
            let region = row.scope.region().map(Region::as_str).unwrap_or_default();
            let words: Vec<_> = [region].into_iter().chain(values).collect();
            words.join(" ")
        };
        table.rows.iter().map(row).collect()
    }

    #[test]
    fn events_of_all_regions_come_newest_first() {
        let (a, b) = (scope("a"), scope("b"));
        let of_a = results(&[
            &[("@timestamp", "2026-11-20 14:00:03.000"), ("@ptr", "p")],
            &[("@timestamp", "2026-11-20 14:00:01.000")],
        ]);
        let of_b = results(&[&[
            ("@message", "hello"),
            ("@timestamp", "2026-11-20 14:00:02.000"),
        ]]);
        let table = QueryTable::merge("fields @timestamp", [(&a, &of_a), (&b, &of_b)]);
        assert_eq!(
            shown(&table),
            [
                "a 2026-11-20 14:00:03.000 -",
                "b 2026-11-20 14:00:02.000 hello",
                "a 2026-11-20 14:00:01.000 -"
            ]
        );
        assert_eq!(table.rows[0].pointer.map(Untrusted::exact), Some("p"));
        let columns: Vec<_> = table.columns.iter().map(|column| column.exact()).collect();
        assert_eq!(columns, ["@timestamp", "@message"]);
    }

    #[test]
    fn the_rows_of_stats_stay_with_their_region_unless_the_query_sorts_them() {
        let (a, b) = (scope("a"), scope("b"));
        let of_a = results(&[
            &[("level", "ERROR"), ("n", "9")],
            &[("level", "INFO"), ("n", "100")],
        ]);
        let of_b = results(&[&[("level", "ERROR"), ("n", "20")], &[("level", "INFO")]]);
        let merged = |query: &str| shown(&QueryTable::merge(query, [(&a, &of_a), (&b, &of_b)]));
        let plain = "stats count(*) as n by level";
        assert_eq!(
            merged(plain),
            ["a ERROR 9", "a INFO 100", "b ERROR 20", "b INFO -"]
        );
        assert_eq!(
            merged(&format!("{plain} | sort n desc")),
            ["a INFO 100", "b ERROR 20", "a ERROR 9", "b INFO -"]
        );
        assert_eq!(
            merged(&format!("{plain} | SORT level, n DESC | limit 5")),
            ["b ERROR 20", "a ERROR 9", "a INFO 100", "b INFO -"]
        );
    }

    #[test]
    fn a_sort_is_found_wherever_it_stands_and_not_in_a_text() {
        let found = |query: &str| {
            let order = order(query);
            let words = order.iter().map(|(name, direction)| match direction {
                Direction::Ascending => name.clone(),
                Direction::Descending => format!("-{name}"),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        for (query, expected) in [
            ("", ""),
            ("fields @message | limit 5", ""),
            ("sort @timestamp desc", "-@timestamp"),
            ("sort a | filter b | sort c asc", "c"),
            ("filter @message like /x | sort y/ | sort b", "b"),
            ("filter @message = \"a | sort y\"", ""),
            ("fields a/b | sort `my field` desc", "-my field"),
            (
                "stats count(*) by bin(5m)\n| sort count(*) desc, bin(5m)",
                "-count(*) bin(5m)",
            ),
            ("sort a | stats max(b) by a", ""),
            ("fields a # # | sort b\n| limit 1", ""),
            ("filter strcontains(a, \"\\\"|sort\") | sort a", "a"),
        ] {
            assert_eq!(found(query), expected, "{query}");
        }
    }

    #[test]
    fn what_was_scanned_has_a_price() {
        let statistics = QueryStatistics {
            bytes_scanned: 40e9,
            ..QueryStatistics::default()
        };
        assert!((statistics.dollars() - 0.2).abs() < 1e-9);
    }
}
