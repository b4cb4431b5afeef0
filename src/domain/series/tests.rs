//! The ring against a plain map, and what it is folded into against plain computation.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

fn at(second: i64) -> Timestamp {
    DateTime::from_timestamp(1_700_000_040 + second, 0).unwrap()
}

fn known(series: &Series) -> Vec<(i64, f64)> {
    series
        .points()
        .filter_map(|(moment, value)| Some(((moment - at(0)).num_seconds(), value?)))
        .collect()
}

#[test]
fn a_series_that_was_told_nothing_knows_nothing() {
    for series in [Series::new(MINUTE, 5), Series::of(MINUTE, at(0), [])] {
        assert!(series.is_blank());
        assert_eq!(
            (series.sum(), series.most(), series.latest()),
            (None, None, None)
        );
        assert_eq!(series.at(at(0)), None);
        assert_eq!(series.spread(3, at(0), at(180), Fold::Sum), [None; 3]);
    }
    assert_eq!(Series::new(MINUTE, 5).from(), None);
    assert_eq!(Series::new(MINUTE, 5).points().len(), 0);
}

#[test]
fn periods_begin_where_cloudwatchs_do() {
    let mut series = Series::new(MINUTE, 3);
    series.put(at(59), 1.0);
    series.put(at(61), 2.0);
    assert_eq!(known(&series), [(0, 1.0), (60, 2.0)]);
    assert_eq!(series.from(), Some(at(-60)));
    assert_eq!(series.until(), Some(at(120)));
    assert_eq!(series.at(at(119)), Some(2.0));
    assert_eq!(series.at(at(120)), None);
    assert_eq!(series.latest(), Some((at(60), 2.0)));
}

#[test]
fn the_newest_may_come_first() {
    let mut series = Series::new(MINUTE, 3);
    series.put(at(120), 3.0);
    series.put(at(0), 1.0);
    series.put(at(-60), 9.0);
    assert_eq!(known(&series), [(0, 1.0), (120, 3.0)], "too old is let go");
}

#[test]
fn a_partial_answer_erases_nothing() {
    let mut series = Series::of(MINUTE, at(0), [Some(1.0), Some(2.0), None]);
    series.merge(&Series::of(MINUTE, at(60), [None, Some(3.0)]));
    assert_eq!(known(&series), [(0, 1.0), (60, 2.0), (120, 3.0)]);
    series.merge(&Series::of(TimeDelta::minutes(5), at(0), [Some(7.0)]));
    series.merge(&Series::new(MINUTE, 3));
    series.put(at(60), f64::NAN);
    series.put(at(600), f64::INFINITY);
    assert_eq!(known(&series), [(0, 1.0), (60, 2.0), (120, 3.0)]);
}

#[test]
fn silence_becomes_a_gap() {
    let mut series = Series::of(MINUTE, at(0), [Some(1.0), Some(2.0)]);
    series.reach(at(60));
    assert_eq!(series.until(), Some(at(120)), "never back");
    series.reach(at(190));
    assert_eq!(
        series.until(),
        Some(at(180)),
        "a period that is not over is no gap yet"
    );
    assert_eq!(known(&series), [(60, 2.0)]);
    series.reach(at(6_000));
    assert!(series.is_blank());
    assert_eq!(series.points().len(), 2);
}

#[test]
fn the_same_is_equal_and_another_is_not() {
    let one = Series::of(MINUTE, at(0), [None, Some(2.0), None]);
    let mut other = Series::new(MINUTE, 3);
    other.put(at(-600), 5.0);
    other.put(at(60), 2.0);
    assert_ne!(one, other);
    other.reach(at(180));
    assert_eq!(one, other);
    assert_ne!(one, Series::of(MINUTE, at(0), [None, Some(2.0), Some(0.0)]));
}

#[test]
fn the_ends_of_the_calendar_do_no_harm() {
    let mut series = Series::new(TimeDelta::zero(), 2);
    series.put(Timestamp::MIN_UTC, 1.0);
    series.put(Timestamp::MAX_UTC, 2.0);
    assert_eq!(series.latest().map(|(_, value)| value), Some(2.0));
    let (from, until) = (Timestamp::MIN_UTC, Timestamp::MAX_UTC);
    assert_eq!(series.spread(1, from, until, Fold::Sum).len(), 1);
    assert_eq!(series.coarse(4, until, from, Fold::Sum).sum(), None);
    assert!(series.coarse(4, from, until, Fold::Sum).points().len() <= 5);
    assert_eq!(
        Series::of(MINUTE, at(0), [Some(f64::MAX); 2]).sum(),
        Some(f64::MAX)
    );
}

#[test]
fn coarse_values_stay_when_the_window_moves() {
    let series = Series::of(MINUTE, at(0), (0..60).map(|minute| Some(f64::from(minute))));
    let early = series.coarse(10, at(0), at(3_000), Fold::Most);
    let later = series.coarse(10, at(120), at(3_120), Fold::Most);
    assert_eq!(early.period(), TimeDelta::minutes(5));
    let shared: Vec<_> = later
        .points()
        .filter(|point| early.points().any(|known| known == *point))
        .collect();
    assert!(shared.len() >= 9, "{shared:?}");
}

/// What can happen to a series. Values are whole, so that their sums are exact.
#[derive(Clone, Debug)]
enum Step {
    Put(i64, i32),
    Merge(i64, Vec<Option<i32>>),
    Reach(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let second = -4_000i64..4_000;
    let values = prop::collection::vec(prop::option::of(0i32..1_000), 0..20);
    prop_oneof![
        (second.clone(), 0i32..1_000).prop_map(|(second, value)| Step::Put(second, value)),
        (second.clone(), values).prop_map(|(from, values)| Step::Merge(from, values)),
        second.prop_map(Step::Reach),
    ]
}

/// The plain thing: every value by its period, of which the last so many count.
#[derive(Default)]
struct Plain {
    values: BTreeMap<i64, f64>,
    end: Option<i64>,
}

impl Plain {
    fn step(&mut self, step: &Step, slots: i64) {
        let number = |second: i64| at(second).timestamp().div_euclid(60);
        let (told, end) = match step {
            Step::Put(second, value) => {
                (vec![(number(*second), *value)], Some(number(*second) + 1))
            }
            Step::Merge(from, values) => (
                (number(*from)..)
                    .zip(values)
                    .filter_map(|(number, value)| Some((number, (*value)?)))
                    .collect(),
                Some(number(*from) + signed(values.len())),
            ),
            Step::Reach(second) => (Vec::new(), Some(number(*second))),
        };
        self.end = self.end.max(end);
        let first = self.end.unwrap_or_default() - slots;
        self.values.extend(
            told.into_iter()
                .map(|(number, value)| (number, f64::from(value))),
        );
        self.values.retain(|number, _| *number >= first);
    }
}

proptest! {
    #[test]
    fn a_ring_is_the_end_of_a_map(steps in prop::collection::vec(step(), 0..30), slots in 0usize..40) {
        let (mut series, mut plain) = (Series::new(MINUTE, slots), Plain::default());
        for step in &steps {
            match step {
                Step::Put(second, value) => series.put(at(*second), f64::from(*value)),
                Step::Merge(from, values) => {
                    let values = values.iter().map(|value| value.map(f64::from));
                    series.merge(&Series::of(MINUTE, at(*from), values));
                }
                Step::Reach(second) => series.reach(at(*second)),
            }
            plain.step(step, signed(slots));
        }
        let found: Vec<_> = series
            .points()
            .filter_map(|(moment, value)| Some((moment.timestamp() / 60, value?)))
            .collect();
        let expected: Vec<_> = plain.values.iter().map(|(number, value)| (*number, *value)).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(series.until().map(|end| end.timestamp() / 60), plain.end);
        prop_assert_eq!(series.points().len(), if plain.end.is_some() { slots } else { 0 });
        prop_assert_eq!(series.is_blank(), plain.values.is_empty());
        let sum = (!plain.values.is_empty()).then(|| plain.values.values().sum::<f64>());
        prop_assert_eq!(series.sum(), sum);
        prop_assert_eq!(series.most(), plain.values.values().copied().reduce(f64::max));
        prop_assert_eq!(
            series.latest().map(|(moment, value)| (moment.timestamp() / 60, value)),
            plain.values.last_key_value().map(|(number, value)| (*number, *value))
        );
    }

    #[test]
    fn columns_are_what_plain_folding_makes_of_them(
        values in prop::collection::vec(prop::option::of(0i32..1_000), 0..60),
        columns in 0usize..50,
        (from, length) in (-2_000i64..4_000, 0i64..5_000),
    ) {
        let series = Series::of(MINUTE, at(0), values.iter().map(|value| value.map(f64::from)));
        let until = from + length;
        let mut plain: Vec<Vec<f64>> = vec![Vec::new(); columns];
        for (second, value) in known(&series) {
            if (from..until).contains(&second) && columns > 0 {
                let column = (second - from) * signed(columns) / length;
                plain[usize::try_from(column).unwrap()].push(value);
            }
        }
        for (fold, plainly) in [
            (Fold::Sum, (|values| values.iter().sum()) as fn(&[f64]) -> f64),
            (Fold::Mean, |values| values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap())),
            (Fold::Most, |values| values.iter().copied().fold(f64::MIN, f64::max)),
        ] {
            let spread = series.spread(columns, at(from), at(until), fold);
            let expected: Vec<_> = plain
                .iter()
                .map(|values| (!values.is_empty()).then(|| plainly(values)))
                .collect();
            prop_assert_eq!(spread, expected, "{:?}", fold);
        }
    }

    #[test]
    fn coarse_sums_are_the_sums_and_gaps_stay_gaps(
        values in prop::collection::vec(prop::option::of(0i32..1_000), 1..60),
        most in 1usize..50,
    ) {
        let series = Series::of(MINUTE, at(0), values.iter().map(|value| value.map(f64::from)));
        let (from, until) = (series.from().unwrap(), series.until().unwrap());
        let coarse = series.coarse(most, from, until, Fold::Sum);
        prop_assert!(coarse.points().len() <= most + 1);
        prop_assert_eq!(coarse.sum(), series.sum());
        for (moment, value) in coarse.points() {
            let within = series
                .points()
                .filter(|(begin, _)| (moment..moment + coarse.period()).contains(begin));
            prop_assert_eq!(value.is_some(), within.filter_map(|(_, value)| value).count() > 0);
        }
    }
}
