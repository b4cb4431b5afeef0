//! A metric over time: one value per period, or none, for the last so many periods.
//!
//! *No data is not zero*: a period of which nothing is known has no value, whatever is done to the series, and a
//! column of a spread has a value only where a period in it has one. What was read once stays until it is told
//! otherwise or too old: an answer that comes late, or only in part, erases nothing.

use super::Timestamp;
use chrono::{DateTime, TimeDelta};
use std::ops::Range;

/// A metric over time: one value per period, or none.
///
/// A ring: its window is as many periods wide as it was made for and ends with the newest it was told of. Newer
/// readings move the window on; what they do not say again is kept. Periods begin at whole multiples since the
/// epoch, as CloudWatch's do.
#[derive(Clone, Debug)]
pub struct Series {
    /// In milliseconds, at least one.
    period: i64,
    /// The number, counted from the epoch, of the period after the window; `None` while nothing was told.
    end: Option<i64>,
    /// Period `n` is kept at `n` modulo the length; NaN is no data. Outside the window everything is NaN.
    ring: Box<[f64]>,
}

/// How several values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    Sum,
    Mean,
    Most,
}

impl Fold {
    /// One value for several; `None` for none.
    pub fn of(self, values: impl Iterator<Item = f64>) -> Option<f64> {
        let (mut count, mut sum, mut most) = (0.0, 0.0, f64::NEG_INFINITY);
        for value in values {
            count += 1.0;
            sum += value;
            most = most.max(value);
        }
        let folded = match self {
            Self::Sum => sum,
            Self::Mean => sum / count,
            Self::Most => most,
        };
        // A sum beyond what can be told is as much as can be told: a value must not become no data.
        (count > 0.0).then(|| folded.clamp(f64::MIN, f64::MAX))
    }
}

impl Series {
    /// A series that knows nothing yet and remembers so many periods.
    pub fn new(period: TimeDelta, slots: usize) -> Self {
        Self {
            period: period.num_milliseconds().max(1),
            end: None,
            ring: vec![f64::NAN; slots].into(),
        }
    }

    /// The values of the periods from a moment on, and room for no more.
    pub fn of(
        period: TimeDelta,
        from: Timestamp,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        let values: Vec<f64> = values
            .into_iter()
            .map(|value| value.filter(|value| value.is_finite()).unwrap_or(f64::NAN))
            .collect();
        let mut series = Self::new(period, values.len());
        let first = series.number(from);
        series.advance(first.saturating_add(signed(values.len())));
        for (number, value) in (first..).zip(values) {
            series.set(number, value);
        }
        series
    }

    /// Notes the value of the period that holds a moment. What is older than the window is let go, what is newer
    /// moves it on; a value that is no number says nothing.
    pub fn put(&mut self, at: Timestamp, value: f64) {
        if value.is_finite() {
            let number = self.number(at);
            self.advance(number.saturating_add(1));
            self.set(number, value);
        }
    }

    /// Takes over what a newer reading says. Of what it has no value for, ours stays. A series of another period
    /// says nothing that could be compared, and is let go.
    pub fn merge(&mut self, newer: &Self) {
        let Some(end) = newer.end.filter(|_| newer.period == self.period) else {
            return;
        };
        self.advance(end);
        for (number, value) in newer.window().map(|number| (number, newer.value(number))) {
            if let Some(value) = value {
                self.set(number, value);
            }
        }
    }

    /// Moves the window on until it ends with the last period that was over at a moment, so that silence becomes
    /// a gap. It never moves back.
    pub fn reach(&mut self, until: Timestamp) {
        self.advance(self.number(until));
    }

    pub fn period(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.period)
    }

    /// How many periods it remembers.
    pub fn slots(&self) -> usize {
        self.ring.len()
    }

    /// Where its window begins; `None` while it was told nothing.
    pub fn from(&self) -> Option<Timestamp> {
        self.end.map(|_| self.moment(self.window().start))
    }

    /// Where its window ends: the first moment after it.
    pub fn until(&self) -> Option<Timestamp> {
        self.end.map(|end| self.moment(end))
    }

    /// The value of the period that holds a moment.
    pub fn at(&self, moment: Timestamp) -> Option<f64> {
        let number = self.number(moment);
        self.window()
            .contains(&number)
            .then(|| self.value(number))
            .flatten()
    }

    /// The beginning of every period of the window, and its value.
    pub fn points(
        &self,
    ) -> impl DoubleEndedIterator<Item = (Timestamp, Option<f64>)> + ExactSizeIterator {
        let slots = if self.end.is_some() {
            self.ring.len()
        } else {
            0
        };
        let first = self.window().start;
        (0..slots).map(move |slot| {
            let number = first.saturating_add(signed(slot));
            (self.moment(number), self.value(number))
        })
    }

    /// The newest period that has a value.
    pub fn latest(&self) -> Option<(Timestamp, f64)> {
        self.points()
            .rev()
            .find_map(|(at, value)| Some((at, value?)))
    }

    /// Whether it has no value at all.
    pub fn is_blank(&self) -> bool {
        self.ring.iter().all(|value| value.is_nan())
    }

    /// The sum of its values.
    pub fn sum(&self) -> Option<f64> {
        Fold::Sum.of(self.values(self.window()))
    }

    /// The greatest of its values.
    pub fn most(&self) -> Option<f64> {
        Fold::Most.of(self.values(self.window()))
    }

    /// Its values folded into so many columns of the time from one moment until another.
    ///
    /// A period counts in the column that holds its beginning, and only there: the columns' sums are the sum of
    /// the values. Where there are more columns than periods, some therefore hold none; to draw, [`Self::coarse`].
    pub fn spread(
        &self,
        columns: usize,
        from: Timestamp,
        until: Timestamp,
        fold: Fold,
    ) -> Vec<Option<f64>> {
        let (from, until) = (from.timestamp_millis(), until.timestamp_millis());
        let span = i128::from(until.saturating_sub(from).max(0));
        let (count, window) = (columns.max(1) as i128, self.window());
        // The first period that begins in a column or after it.
        let first = |column: usize| {
            let along = (column as i128 * span + count - 1) / count;
            let begin = from.saturating_add(i64::try_from(along).unwrap_or(i64::MAX));
            let number = begin.div_euclid(self.period);
            let number = if begin.rem_euclid(self.period) == 0 {
                number
            } else {
                number.saturating_add(1)
            };
            number.clamp(window.start, window.end)
        };
        (0..columns)
            .map(|column| fold.of(self.values(first(column)..first(column + 1))))
            .collect()
    }

    /// The same from one moment until another, in at most so many values and one: each of as many whole periods
    /// as it takes. They are joined from the epoch on, so that a drawing does not shimmer while its window moves;
    /// the first and the last may therefore reach beyond it.
    pub fn coarse(&self, most: usize, from: Timestamp, until: Timestamp, fold: Fold) -> Self {
        let span = until
            .timestamp_millis()
            .saturating_sub(from.timestamp_millis());
        let Ok(most) = i64::try_from(most.max(1)) else {
            return self.clone();
        };
        let periods = span.max(0).saturating_add(self.period - 1) / self.period;
        let joined = (periods / most + i64::from(periods % most > 0)).max(1);
        let period = self.period.saturating_mul(joined);
        let begin = from.timestamp_millis().div_euclid(period);
        let last = until
            .timestamp_millis()
            .saturating_sub(1)
            .div_euclid(period);
        let columns = usize::try_from(last.saturating_sub(begin).saturating_add(1)).unwrap_or(0);
        let (begin, end) = (
            begin.saturating_mul(period),
            last.saturating_add(1).saturating_mul(period),
        );
        let values = self.spread(columns, moment(begin), moment(end), fold);
        Self::of(TimeDelta::milliseconds(period), moment(begin), values)
    }

    /// The numbers of the periods in the window.
    fn window(&self) -> Range<i64> {
        self.end
            .map_or(0..0, |end| end.saturating_sub(signed(self.ring.len()))..end)
    }

    /// The number of the period that holds a moment.
    fn number(&self, moment: Timestamp) -> i64 {
        moment.timestamp_millis().div_euclid(self.period)
    }

    /// When a period begins.
    fn moment(&self, number: i64) -> Timestamp {
        moment(number.saturating_mul(self.period))
    }

    /// Where a period is kept; `None` in a series that keeps none.
    fn place(&self, number: i64) -> Option<usize> {
        usize::try_from(number.checked_rem_euclid(signed(self.ring.len()))?).ok()
    }

    /// The value of a period in the window.
    fn value(&self, number: i64) -> Option<f64> {
        let value = *self.ring.get(self.place(number)?)?;
        (!value.is_nan()).then_some(value)
    }

    fn values(&self, numbers: Range<i64>) -> impl Iterator<Item = f64> {
        numbers.filter_map(|number| self.value(number))
    }

    fn set(&mut self, number: i64, value: f64) {
        if !self.window().contains(&number) {
            return;
        }
        if let Some(place) = self.place(number)
            && let Some(kept) = self.ring.get_mut(place)
        {
            *kept = value;
        }
    }

    /// Moves the window's end on, and forgets what falls out of it.
    fn advance(&mut self, end: i64) {
        let slots = signed(self.ring.len());
        match self.end {
            Some(known) if known >= end => return,
            Some(known) if end.saturating_sub(known) < slots => {
                for number in known..end {
                    if let Some(place) = self.place(number)
                        && let Some(kept) = self.ring.get_mut(place)
                    {
                        *kept = f64::NAN;
                    }
                }
            }
            Some(_) | None => self.ring.fill(f64::NAN),
        }
        self.end = Some(end);
    }
}

/// Two series are the same when they say the same of the same periods.
impl PartialEq for Series {
    fn eq(&self, other: &Self) -> bool {
        let window = self.window();
        (self.period, self.end, self.ring.len()) == (other.period, other.end, other.ring.len())
            && window
                .into_iter()
                .all(|number| self.value(number) == other.value(number))
    }
}

/// A moment in milliseconds since the epoch; beyond the calendar, its end.
fn moment(millis: i64) -> Timestamp {
    let end = if millis < 0 {
        DateTime::<chrono::Utc>::MIN_UTC
    } else {
        DateTime::<chrono::Utc>::MAX_UTC
    };
    DateTime::from_timestamp_millis(millis).unwrap_or(end)
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
