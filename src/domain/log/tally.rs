//! How many in every ten seconds: the stuff of sparklines.

use super::Millis;
use std::collections::VecDeque;

/// Milliseconds of one column.
pub const COLUMN: Millis = 10_000;

/// Counts of the last columns that anything fell into.
#[derive(Clone, Debug)]
pub struct Tally {
    columns: VecDeque<u32>,
    /// The number of the column behind the last.
    end: i64,
    most: usize,
}

impl Tally {
    /// Keeps this many columns at most.
    pub fn new(most: usize) -> Self {
        Self {
            columns: VecDeque::new(),
            end: 0,
            most,
        }
    }

    /// Counts one of this moment; one before all that is kept counts for nothing.
    pub fn add(&mut self, time: Millis) {
        let column = time.div_euclid(COLUMN);
        if self.columns.is_empty() {
            self.end = column;
        }
        // Times are anybody's word: a leap of years must not be filled with zeros.
        if column.saturating_sub(self.end) >= span(self.most) {
            self.columns.clear();
            self.end = column;
        }
        while self.end <= column {
            self.columns.push_back(0);
            self.end += 1;
        }
        let back = self.end - column;
        while span(self.columns.len()) < back && self.columns.len() < self.most {
            self.columns.push_front(0);
        }
        let place = usize::try_from(span(self.columns.len()) - back).ok();
        if let Some(count) = place.and_then(|at| self.columns.get_mut(at)) {
            *count = count.saturating_add(1);
        }
        while self.columns.len() > self.most {
            self.columns.pop_front();
        }
    }

    /// The last `columns` columns, up to the one that holds `now`, oldest first.
    pub fn until(&self, now: Millis, columns: usize) -> Vec<u32> {
        let last = now.div_euclid(COLUMN);
        let first = last - span(columns) + 1;
        let start = self.end - span(self.columns.len());
        let count = |column: i64| {
            let at = usize::try_from(column - start).ok()?;
            self.columns.get(at).copied()
        };
        (first..=last)
            .map(|column| count(column).unwrap_or(0))
            .collect()
    }
}

fn span(columns: usize) -> i64 {
    i64::try_from(columns).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_in_their_columns_in_whatever_order_they_come() {
        let mut tally = Tally::new(4);
        for time in [40_000, 20_001, 49_999, 5_000, 20_000, 60_000] {
            tally.add(time);
        }
        // The column of 5 s went when that of 60 s came.
        assert_eq!(tally.until(60_000, 7), [0, 0, 0, 0, 2, 0, 1]);
        assert_eq!(tally.until(75_000, 4), [2, 0, 1, 0]);
        assert_eq!(tally.until(1_000_000, 3), [0, 0, 0]);
    }

    #[test]
    fn a_leap_of_ages_costs_nothing() {
        let mut tally = Tally::new(3);
        for time in [0, i64::MAX, i64::MIN, i64::MAX - 1] {
            tally.add(time);
        }
        assert_eq!(tally.until(i64::MAX, 2), [0, 2]);
    }
}
