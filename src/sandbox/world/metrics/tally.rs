//! What CloudWatch keeps of many values: how many, their sum, the ends, and how they are spread.

/// Values of one period, each with how often it occurred.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::sandbox) struct Tally {
    count: f64,
    sum: f64,
    ends: Option<(f64, f64)>,
    spread: Vec<(f64, f64)>,
}

/// What is asked of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sandbox) enum Statistic {
    SampleCount,
    Sum,
    Average,
    Minimum,
    Maximum,
    /// Between 0 and 100.
    Percentile(f64),
    /// The mean of what is at or below a percentile.
    TrimmedMean(f64),
}

impl Statistic {
    /// `Sum`, `Average`, `p99`, `p99.9`, `tm90` and their like.
    pub(in crate::sandbox) fn parse(text: &str) -> Option<Statistic> {
        let share = |digits: &str| {
            let plain = digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
            let number: f64 = digits.parse().ok().filter(|_| plain)?;
            (0.0..=100.0).contains(&number).then_some(number)
        };
        match text {
            "SampleCount" => Some(Statistic::SampleCount),
            "Sum" => Some(Statistic::Sum),
            "Average" => Some(Statistic::Average),
            "Minimum" => Some(Statistic::Minimum),
            "Maximum" => Some(Statistic::Maximum),
            _ => match (text.strip_prefix("tm"), text.strip_prefix('p')) {
                (Some(digits), _) => share(digits).map(Statistic::TrimmedMean),
                (None, Some(digits)) => share(digits).map(Statistic::Percentile),
                (None, None) => None,
            },
        }
    }

    /// Whether the values themselves are needed, and not only their sum and ends.
    pub(in crate::sandbox) fn needs_spread(self) -> bool {
        matches!(self, Statistic::Percentile(_) | Statistic::TrimmedMean(_))
    }
}

impl Tally {
    /// Counts a value that occurred so often; `spread` says whether somebody will ask for percentiles.
    pub(super) fn add(&mut self, value: f64, often: f64, spread: bool) {
        if often <= 0.0 {
            return;
        }
        self.count += often;
        self.sum += value * often;
        let (least, most) = self.ends.unwrap_or((value, value));
        self.ends = Some((least.min(value), most.max(value)));
        if spread {
            self.spread.push((value, often));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_none()
    }

    /// `None` if there is nothing to say.
    pub(in crate::sandbox) fn statistic(&self, statistic: Statistic) -> Option<f64> {
        let (least, most) = self.ends?;
        Some(match statistic {
            Statistic::SampleCount => self.count,
            Statistic::Sum => self.sum,
            Statistic::Average => self.sum / self.count,
            Statistic::Minimum => least,
            Statistic::Maximum => most,
            Statistic::Percentile(share) => self.sorted_until(share).last()?.0,
            Statistic::TrimmedMean(share) => {
                let kept = self.sorted_until(share);
                let count: f64 = kept.iter().map(|(_, often)| often).sum();
                kept.iter().map(|(value, often)| value * often).sum::<f64>() / count
            }
        })
    }

    /// The values up to and with the one at which so many per cent are reached.
    fn sorted_until(&self, share: f64) -> Vec<(f64, f64)> {
        let mut values = self.spread.clone();
        values.sort_by(|left, right| left.0.total_cmp(&right.0));
        let wanted = self.count * share / 100.0;
        let mut reached = 0.0;
        let mut place = 0;
        for (at, (_, often)) in values.iter().enumerate() {
            place = at;
            reached += often;
            // Shares of a whole do not add up to it exactly.
            if reached + 1e-9 >= wanted {
                break;
            }
        }
        values.truncate(place + 1);
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_those_of_the_values() {
        let mut tally = Tally::default();
        for value in 1..=100 {
            tally.add(f64::from(value), 1.0, true);
        }
        for (name, value) in [
            ("SampleCount", 100.0),
            ("Sum", 5_050.0),
            ("Average", 50.5),
            ("Minimum", 1.0),
            ("Maximum", 100.0),
            ("p50", 50.0),
            ("p99", 99.0),
            ("p99.9", 100.0),
            ("p0", 1.0),
            ("tm90", 45.5),
        ] {
            let statistic = Statistic::parse(name).unwrap();
            assert_eq!(tally.statistic(statistic), Some(value), "{name}");
        }
        assert_eq!(Tally::default().statistic(Statistic::Sum), None);
    }

    #[test]
    fn what_is_no_statistic_is_not_taken_for_one() {
        for name in ["sum", "p", "p101", "p-1", "pinf", "tmx", "Median", ""] {
            assert_eq!(Statistic::parse(name), None, "{name}");
        }
    }
}
