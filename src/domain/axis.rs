//! The axis of a chart: round values that cover a range, as many as its rows hold.
//!
//! Ticks are whole multiples of a step of 1, 2 or 5 times a power of ten, and never fewer than two: an axis
//! has a height whatever its values are.

mod times;

pub use times::{TimeAxis, TimeTick};

/// Intervals between ticks at most: the labels of twice as many still differ in their first two digits.
const MOST: usize = 8;

/// Values beyond this, to both sides of nought, are drawn at the edge.
const LARGEST: f64 = 1e290;

/// Values nearer to nought than this are nought.
const SMALLEST: f64 = 1e-290;

/// Where an axis begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// At nought, or below it where there are values below it.
    Zero,
    /// At the least value.
    Least,
}

/// Round values that cover a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    step: Step,
    /// The first tick and the last, in steps from nought.
    low: f64,
    high: f64,
}

/// 1, 2 or 5 times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    digit: f64,
    power: i32,
}

impl Axis {
    /// The axis for values from the least to the most, on so many rows.
    pub fn of(values: impl IntoIterator<Item = f64>, rows: usize, floor: Floor) -> Self {
        let (mut least, mut most) = match floor {
            Floor::Zero => (0.0, 0.0),
            Floor::Least => (f64::INFINITY, f64::NEG_INFINITY),
        };
        for value in values.into_iter().filter(|value| value.is_finite()) {
            let value = value.clamp(-LARGEST, LARGEST);
            least = value.min(least);
            most = value.max(most);
        }
        if least > most {
            (least, most) = (0.0, 0.0);
        }
        let intervals = (rows.saturating_sub(1) / 2).clamp(1, MOST);
        let size = most.abs().max(least.abs());
        if size < SMALLEST {
            return Self {
                step: Step {
                    digit: 1.0,
                    power: 0,
                },
                low: 0.0,
                high: 1.0,
            };
        }
        // Values that differ by less than a double can tell would have ticks that are all the same.
        let span = (most - least).max(size * 1e-9);
        #[expect(clippy::cast_precision_loss, reason = "eight at most")]
        let mut step = Step::at_least(span / intervals as f64);
        loop {
            let axis = Self {
                step,
                low: step.floor(least),
                high: step.ceil(most),
            };
            let axis = if axis.low < axis.high {
                axis
            } else {
                Self {
                    high: axis.low + 1.0,
                    ..axis
                }
            };
            // A range on both sides of nought, or of a step, cannot have fewer than two.
            if axis.intervals() <= intervals.max(2) {
                return axis;
            }
            step = step.next();
        }
    }

    /// The value at its foot.
    pub fn low(&self) -> f64 {
        self.step.times(self.low)
    }

    /// The value at its top.
    pub fn high(&self) -> f64 {
        self.step.times(self.high)
    }

    /// From one tick to the next.
    pub fn step(&self) -> f64 {
        self.step.times(1.0)
    }

    /// Its round values, from the foot up.
    pub fn ticks(&self) -> impl DoubleEndedIterator<Item = f64> {
        let axis = *self;
        (0..=self.intervals()).map(move |tick| {
            #[expect(clippy::cast_precision_loss, reason = "eight at most")]
            let along = axis.low + tick as f64;
            axis.step.times(along)
        })
    }

    /// Where a value stands on so many dots, from 0 at the top to the last at the foot. What lies beyond an end
    /// stands there.
    pub fn place(&self, value: f64, dots: usize) -> usize {
        let last = dots.saturating_sub(1);
        let share = (self.high() - value) / (self.high() - self.low());
        share_of(share, last)
    }

    fn intervals(&self) -> usize {
        whole(self.high - self.low)
    }
}

impl Step {
    /// The least step that is not less than a size above nought.
    fn at_least(size: f64) -> Self {
        let power = size.log10().floor();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "powers of ten of doubles have three digits"
        )]
        let mut step = Self {
            digit: 1.0,
            power: power as i32,
        };
        // What is less by a rounding error is not less.
        while step.times(1.0) < size * (1.0 - 1e-9) {
            step = step.next();
        }
        step
    }

    fn next(self) -> Self {
        let Self { digit, power } = self;
        if digit < 2.0 {
            Self { digit: 2.0, power }
        } else if digit < 5.0 {
            Self { digit: 5.0, power }
        } else {
            Self {
                digit: 1.0,
                power: power + 1,
            }
        }
    }

    /// So many steps. Divided by a power rather than multiplied by its inverse, so that three times 0.1 is 0.3.
    fn times(self, count: f64) -> f64 {
        let power = 10.0_f64.powi(self.power.abs());
        if self.power < 0 {
            count * self.digit / power
        } else {
            count * self.digit * power
        }
    }

    /// The last step that is not above a value.
    fn floor(self, value: f64) -> f64 {
        (value / self.times(1.0) + 1e-9).floor()
    }

    /// The first step that is not below a value.
    fn ceil(self, value: f64) -> f64 {
        (value / self.times(1.0) - 1e-9).ceil()
    }
}

/// A share of the way to a last dot, to the nearest.
fn share_of(share: f64, last: usize) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        reason = "nobody draws on so many dots that a double cannot count them"
    )]
    let along = share.clamp(0.0, 1.0) * last as f64;
    whole(along).min(last)
}

/// A number that is not negative, to the nearest; what is no number is nought.
fn whole(number: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of floats goes to the nearest end of the range, and that of NaN to nought"
    )]
    let whole = number.round() as usize;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Unit;
    use proptest::prelude::*;

    fn ticks(values: &[f64], rows: usize, floor: Floor) -> Vec<f64> {
        Axis::of(values.iter().copied(), rows, floor)
            .ticks()
            .collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (values, rows, expected) in [
            (vec![1_204.0], 9, vec![0.0, 500.0, 1_000.0, 1_500.0]),
            (vec![0.3], 7, vec![0.0, 0.1, 0.2, 0.3]),
            (vec![41.7], 5, vec![0.0, 50.0]),
            (vec![3.0, 1.0], 1, vec![0.0, 5.0]),
            (vec![0.0, 0.0], 20, vec![0.0, 1.0]),
            (vec![], 20, vec![0.0, 1.0]),
            (vec![f64::NAN, f64::INFINITY], 20, vec![0.0, 1.0]),
            (vec![-3.0, 2.0], 3, vec![-5.0, 0.0, 5.0]),
        ] {
            assert_eq!(
                ticks(&values, rows, Floor::Zero),
                expected,
                "{values:?} on {rows}"
            );
        }
        assert_eq!(
            ticks(&[880.0, 901.0], 9, Floor::Least),
            [880.0, 890.0, 900.0, 910.0]
        );
        assert_eq!(ticks(&[900.0], 9, Floor::Least), [900.0, 900.000_000_5]);
    }

    #[test]
    fn values_stand_between_the_ends() {
        let axis = Axis::of([80.0], 12, Floor::Zero);
        assert_eq!((axis.low(), axis.high()), (0.0, 80.0));
        let places = [0.0, 40.0, 80.0, 900.0, -1.0, f64::NAN].map(|value| axis.place(value, 41));
        assert_eq!(places, [40, 20, 0, 0, 40, 0]);
        assert_eq!(axis.place(40.0, 0), 0);
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            prop::num::f64::ANY,
            Just(0.0),
            0.0f64..2_000.0,
            (1.0f64..10.0, -12i32..15).prop_map(|(digit, power)| digit * 10.0_f64.powi(power)),
        ]
    }

    proptest! {
        #[test]
        fn ticks_rise_by_a_round_step_around_the_values(
            values in prop::collection::vec(value(), 0..6),
            rows in 0usize..90,
            from_zero in any::<bool>(),
        ) {
            let floor = if from_zero { Floor::Zero } else { Floor::Least };
            let axis = Axis::of(values.iter().copied(), rows, floor);
            let ticks: Vec<f64> = axis.ticks().collect();
            prop_assert!((2..=(rows.saturating_sub(1) / 2).clamp(2, MOST) + 1).contains(&ticks.len()), "{ticks:?}");
            prop_assert!(ticks.is_sorted_by(|one, next| one < next), "{ticks:?}");
            let step = format!("{:.9e}", axis.step());
            let digits = step.split('e').next();
            prop_assert!(matches!(digits, Some("1.000000000" | "2.000000000" | "5.000000000")), "{step}");
            let slack = axis.step() * 1e-6;
            for value in values.into_iter().filter(|value| value.is_finite()) {
                let value = value.clamp(-LARGEST, LARGEST);
                prop_assert!(axis.low() <= value + slack && value - slack <= axis.high() || value.abs() < SMALLEST, "{value} on {axis:?}");
            }
            if from_zero {
                prop_assert!(axis.low() <= 0.0 && 0.0 <= axis.high());
                prop_assert!(ticks.contains(&0.0), "{ticks:?}");
            }
            // Each on a row of its own, where there are rows enough for two.
            let places: Vec<usize> = ticks.iter().map(|tick| axis.place(*tick, rows * 4) / 4).collect();
            prop_assert!(rows < 5 || places.is_sorted_by(|one, next| one > next), "{places:?}");
        }

        #[test]
        fn labels_fit_and_differ(most in 0.1f64..1e12, rows in 1usize..90) {
            let axis = Axis::of([most], rows, Floor::Zero);
            for unit in [Unit::Count, Unit::PerMinute, Unit::Percent, Unit::Milliseconds, Unit::None] {
                let mut labels: Vec<String> = axis.ticks().map(|tick| unit.words(tick)).collect();
                prop_assert!(labels.iter().all(|label| label.len() <= 8), "{labels:?}");
                let all = labels.len();
                labels.dedup();
                prop_assert_eq!(labels.len(), all, "{:?}", labels);
            }
        }
    }
}
