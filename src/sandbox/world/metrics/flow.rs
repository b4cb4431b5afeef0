//! The calls of one function, minute by minute, for ever in both directions.
//!
//! A minute is worked out from its own dice, so the last minute of last year costs as much as the one
//! before now, and an hour is exactly the sum of its minutes. Times here are minutes since the epoch.

use std::ops::Range;

use super::tally::Tally;
use crate::sandbox::world::ailment::Ailment;
use crate::sandbox::world::lambda::Route;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::traffic::{LOAD, real, whole};

/// A metric of the namespace `AWS/Lambda`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Measure {
    Invocations,
    Errors,
    Throttles,
    Duration,
    ConcurrentExecutions,
}

impl Measure {
    pub(in crate::sandbox) const ALL: [Measure; 5] = [
        Measure::Invocations,
        Measure::Errors,
        Measure::Throttles,
        Measure::Duration,
        Measure::ConcurrentExecutions,
    ];

    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Measure::Invocations => "Invocations",
            Measure::Errors => "Errors",
            Measure::Throttles => "Throttles",
            Measure::Duration => "Duration",
            Measure::ConcurrentExecutions => "ConcurrentExecutions",
        }
    }

    pub(in crate::sandbox) fn parse(name: &str) -> Option<Measure> {
        Measure::ALL
            .into_iter()
            .find(|measure| measure.name() == name)
    }
}

/// Durations are spread like this around their median: thousandths of the calls, times the median.
const SPREAD: [(f64, f64); 20] = [
    (20.0, 0.278),
    (30.0, 0.369),
    (50.0, 0.453),
    (100.0, 0.566),
    (100.0, 0.690),
    (100.0, 0.809),
    (100.0, 0.933),
    (100.0, 1.072),
    (100.0, 1.236),
    (100.0, 1.449),
    (50.0, 1.672),
    (50.0, 1.882),
    (30.0, 2.127),
    (20.0, 2.352),
    (20.0, 2.620),
    (10.0, 2.939),
    (10.0, 3.299),
    (5.0, 3.810),
    (4.0, 4.533),
    (1.0, 6.111),
];
/// The mean of the above.
const MEAN: f64 = 1.16;
/// Fewer calls than these are looked at one by one.
const FEW: i64 = 40;

#[derive(Debug)]
pub(super) struct Flow {
    pub(super) seed: u64,
    /// Calls per minute on an ordinary day.
    pub(super) rate: f64,
    /// The share of them that fails.
    pub(super) errors: f64,
    /// The ordinary duration, and the longest allowed, in milliseconds.
    pub(super) median: f64,
    pub(super) timeout: f64,
    pub(super) life: Range<i64>,
    /// Whether its stack deploys versions behind an alias.
    pub(super) aliased: bool,
    /// Who answers from which minute on, in order.
    pub(super) routes: Vec<(i64, Vec<Route>)>,
    /// Reserved concurrency from which minute on, in order.
    pub(super) reserved: Vec<(i64, Option<i64>)>,
}

/// What happened in one minute.
#[derive(Debug)]
pub(super) struct Minute<'f> {
    parts: Vec<Part<'f>>,
    throttles: i64,
    concurrent: i64,
    number: i64,
    seed: u64,
}

/// One version's calls.
#[derive(Debug)]
struct Part<'f> {
    version: &'f str,
    calls: i64,
    errors: i64,
    median: f64,
    timeout: f64,
}

impl Flow {
    /// `None` where nobody called: Lambda publishes nothing then.
    pub(super) fn minute(&self, number: i64) -> Option<Minute<'_>> {
        if !self.life.contains(&number) {
            return None;
        }
        let mut dice = Dice::numbered(self.seed, number);
        let mean = self.rate * load(number);
        let asked = whole(mean * (0.8 + 0.4 * dice.fraction()) + dice.fraction());
        if asked == 0 {
            return None;
        }
        let noise = 0.92 + 0.16 * dice.fraction();
        let routes = self.routes_at(number);
        let slower = |route: &Route| route.ailment.map_or(1.0, |ailment| ailment.slower);
        let busy: f64 = routes
            .iter()
            .map(|route| route.weight * (self.median * slower(route) * MEAN).min(self.timeout))
            .sum();
        let limit = self.reserved_at(number);
        let capacity = limit.map_or(asked, |limit| {
            whole(real(limit) * 60_000.0 / busy.max(1.0)).min(asked)
        });
        // What is slow piles up, and some of it is turned away.
        let pressed = routes
            .iter()
            .map(|route| route.weight * (slower(route) - 1.0))
            .sum::<f64>();
        let spilled = whole(real(capacity) * (pressed * 0.006).min(0.06) + dice.fraction() * 0.999);
        let spilled = if pressed > 2.0 {
            spilled.min(capacity)
        } else {
            0
        };
        let calls = capacity - spilled;
        let parts = self.parts(routes, calls, noise, &mut dice);
        let at_once = real(calls) * busy / 60_000.0 * (1.2 + 0.6 * dice.fraction());
        Some(Minute {
            parts,
            throttles: asked - calls,
            concurrent: whole(at_once + 0.999)
                .max(calls.min(1))
                .min(limit.unwrap_or(i64::MAX)),
            number,
            seed: self.seed,
        })
    }

    fn parts<'f>(
        &'f self,
        routes: &'f [Route],
        calls: i64,
        noise: f64,
        dice: &mut Dice,
    ) -> Vec<Part<'f>> {
        let mut left = calls;
        let mut parts = Vec::with_capacity(routes.len());
        for (place, route) in routes.iter().enumerate().rev() {
            let own = if place == 0 {
                left
            } else {
                whole(real(calls) * route.weight + dice.fraction()).min(left)
            };
            left -= own;
            let Ailment { share, slower, .. } = route.ailment.unwrap_or(Ailment {
                since: 0,
                share: self.errors,
                slower: 1.0,
            });
            // Half of the spread of a coin that is thrown as often.
            let expected = real(own) * share;
            let errors = expected * (0.85 + 0.3 * dice.fraction()) + dice.fraction();
            parts.push(Part {
                version: &route.version,
                calls: own,
                errors: whole(errors).min(own),
                median: self.median * slower * noise,
                timeout: self.timeout,
            });
        }
        parts
    }

    fn routes_at(&self, minute: i64) -> &[Route] {
        let later = self.routes.partition_point(|(since, _)| *since <= minute);
        self.routes
            .get(later.saturating_sub(1))
            .map_or(&[], |(_, routes)| routes)
    }

    fn reserved_at(&self, minute: i64) -> Option<i64> {
        let later = self.reserved.partition_point(|(since, _)| *since <= minute);
        self.reserved.get(later.checked_sub(1)?)?.1
    }
}

impl Minute<'_> {
    pub(super) fn concurrent(&self) -> i64 {
        self.concurrent
    }

    /// Adds what the minute says of a measure; of one version only, if one is named.
    pub(super) fn add_to(
        &self,
        tally: &mut Tally,
        measure: Measure,
        version: Option<&str>,
        spread: bool,
    ) {
        if measure == Measure::ConcurrentExecutions {
            tally.add(real(self.concurrent), 1.0, spread);
            return;
        }
        for (place, part) in self.parts.iter().enumerate() {
            if version.is_some_and(|version| version != part.version) {
                continue;
            }
            let calls = real(part.calls);
            match measure {
                Measure::Invocations => tally.add(1.0, calls, spread),
                Measure::Errors => {
                    tally.add(0.0, calls - real(part.errors), spread);
                    tally.add(1.0, real(part.errors), spread);
                }
                Measure::Throttles => {
                    tally.add(0.0, calls, spread);
                    // Who is turned away has not met a version; the first takes the blame.
                    if place + 1 == self.parts.len() {
                        tally.add(1.0, real(self.throttles), spread);
                    }
                }
                Measure::Duration => self.durations(part, tally, spread),
                Measure::ConcurrentExecutions => {}
            }
        }
    }

    fn durations(&self, part: &Part<'_>, tally: &mut Tally, spread: bool) {
        let took = |times: f64| ((part.median * times).min(part.timeout) * 100.0).round() / 100.0;
        if part.calls >= FEW {
            for (thousandths, times) in SPREAD {
                tally.add(
                    took(times),
                    real(part.calls) * thousandths / 1_000.0,
                    spread,
                );
            }
            return;
        }
        let mut dice = Dice::numbered(self.seed ^ 0xd0_7a71, self.number);
        for _ in 0..part.calls {
            let mut fallen = dice.fraction() * 1_000.0;
            let times = SPREAD.iter().find(|(thousandths, _)| {
                fallen -= thousandths;
                fallen < 0.0
            });
            let times = times.map_or(1.0, |(_, times)| *times);
            tally.add(took(times * (0.97 + 0.06 * dice.fraction())), 1.0, spread);
        }
    }
}

/// Times the ordinary load, from one hour's to the next's without a step.
fn load(minute: i64) -> f64 {
    let of = |hour: i64| {
        let place = usize::try_from(hour.rem_euclid(24)).unwrap_or(0);
        real(LOAD[place]) / 100.0
    };
    let (hour, past) = (minute.div_euclid(60), real(minute.rem_euclid(60)) / 60.0);
    of(hour) * (1.0 - past) + of(hour + 1) * past
}
