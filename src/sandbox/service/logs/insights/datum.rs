//! What a field of a query holds, and how two of them compare.
//!
//! Logs are text, so a text that is a number counts as one wherever a number is asked for.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum {
    /// The event has no such field.
    Missing,
    Flag(bool),
    Number(f64),
    Text(String),
    /// Milliseconds since the epoch.
    Time(i64),
}

impl Datum {
    pub(super) fn is_missing(&self) -> bool {
        *self == Datum::Missing
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Datum::Missing => None,
            Datum::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Datum::Number(number) => Some(*number),
            Datum::Text(text) => numeric(text),
            Datum::Time(millis) => Some(exact(*millis)),
        }
    }

    /// As a result shows it; `None` if there is nothing to show.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Datum::Missing => None,
            // JSON's booleans are ones and zeros here.
            Datum::Flag(flag) => Some(u8::from(*flag).to_string()),
            Datum::Number(number) => Some(written(*number)),
            Datum::Text(text) => Some(text.clone()),
            Datum::Time(millis) => Some(clock_time(*millis)),
        }
    }

    /// Whether a filter lets it pass.
    pub(super) fn holds(&self) -> bool {
        match self {
            Datum::Missing => false,
            Datum::Flag(flag) => *flag,
            Datum::Number(number) => *number != 0.0,
            Datum::Text(text) => !text.is_empty(),
            Datum::Time(_) => true,
        }
    }

    /// How it compares in a filter: as numbers if both are, else as text; nothing compares with what is missing.
    pub(super) fn compared(&self, other: &Datum) -> Option<Ordering> {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            _ => Some(self.text()?.cmp(&other.text()?)),
        }
    }

    /// Where it stands in a sorted list: what is missing first, then text in natural order, then numbers.
    pub(super) fn sorted(&self, other: &Datum) -> Ordering {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.total_cmp(&right),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => natural(
                &self.text().unwrap_or_default(),
                &other.text().unwrap_or_default(),
            ),
        }
    }
}

/// A text that is a number and nothing else.
fn numeric(text: &str) -> Option<f64> {
    let text = text.trim();
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Four decimals at most, and no zeros at the end.
fn written(number: f64) -> String {
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

fn clock_time(millis: i64) -> String {
    let time: DateTime<Utc> = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds and counts fit into 53 bits for ages"
)]
pub(super) fn exact(number: i64) -> f64 {
    number as f64
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a cast saturates, and what is that large is no time"
)]
pub(super) fn whole(number: f64) -> i64 {
    number as i64
}

/// Runs of digits compare by length and then by value, everything else by letters.
fn natural(left: &str, right: &str) -> Ordering {
    let (left, right) = (chunks(left), chunks(right));
    for (ours, theirs) in left.iter().zip(&right) {
        let digits = [ours, theirs].map(|chunk| chunk.starts_with(|c: char| c.is_ascii_digit()));
        let order = if digits == [true, true] {
            ours.len().cmp(&theirs.len()).then_with(|| ours.cmp(theirs))
        } else {
            ours.cmp(theirs)
        };
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

fn chunks(text: &str) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    let mut digits = false;
    for letter in text.chars() {
        match chunks.last_mut() {
            Some(chunk) if digits == letter.is_ascii_digit() => chunk.push(letter),
            _ => chunks.push(letter.to_string()),
        }
        digits = letter.is_ascii_digit();
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Datum {
        Datum::Text(text.to_owned())
    }

    #[test]
    fn numbers_in_text_compare_as_numbers() {
        assert_eq!(text("9").compared(&text("10")), Some(Ordering::Less));
        assert_eq!(text("9").compared(&text("10x")), Some(Ordering::Greater));
        assert_eq!(text("9").compared(&Datum::Missing), None);
        assert_eq!(text("nan").number(), None);
    }

    #[test]
    fn a_sorted_list_has_text_before_numbers_and_knows_digits_in_names() {
        let mut list = ["10", "node-10", "node-9", "9", "node"].map(text).to_vec();
        list.push(Datum::Missing);
        list.sort_by(Datum::sorted);
        let shown: Vec<String> = list.iter().filter_map(Datum::text).collect();
        assert_eq!(shown, ["node", "node-9", "node-10", "9", "10"]);
        assert!(list[0].is_missing());
    }

    #[test]
    fn numbers_are_written_short() {
        let shown = [3.0, 12.5, 26.333_333_3, -0.000_001, 128_000_000.0].map(written);
        assert_eq!(shown, ["3", "12.5", "26.3333", "0", "128000000"]);
        assert_eq!(clock_time(1_800_000_000_250), "2027-01-15 08:00:00.250");
    }
}
