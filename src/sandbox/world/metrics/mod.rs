//! The metrics of the world, as CloudWatch would show them.
//!
//! `AWS/Lambda` comes from the calls of the functions ([`flow`]): per function, per alias and version, and
//! without dimensions as the sum of all. `AWS/GlobalAccelerator` is in one region and comes from where the
//! flows of accelerators go. Other namespaces have what alarms watch ([`gauge`]). Nothing is kept: whatever window is asked about is worked out, and the newest minutes are there a minute or two
//! late, as they are in AWS.

mod flow;
mod gauge;
mod tally;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};

pub(in crate::sandbox) use flow::Measure;
pub(in crate::sandbox) use tally::{Statistic, Tally};

use super::World;
use super::accelerator::{HOME, Lane, Quantity, Section};
use super::function::{self, Function, Runtime};
use super::lambda::ACTIVE;
use super::random::Dice;
use super::traffic::{calls, real};
use crate::sandbox::failure::Refusal;
use flow::Flow;
use gauge::Gauge;

pub(in crate::sandbox) const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
const ACCELERATOR: &str = "AWS/GlobalAccelerator";
/// How long CloudWatch keeps points of a minute, of five minutes, and of an hour, in seconds.
const KEPT: [(i64, i64); 3] = [(60, 15 * DAY), (300, 63 * DAY), (3_600, 455 * DAY)];

/// What a metric is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sandbox) struct Metric {
    pub(in crate::sandbox) namespace: String,
    pub(in crate::sandbox) name: String,
    /// Sorted by name.
    pub(in crate::sandbox) dimensions: Vec<(String, String)>,
}

/// The metrics of an account in a region, as of some time.
#[derive(Debug)]
pub(in crate::sandbox) struct Board {
    flows: BTreeMap<String, Flow>,
    gauges: Vec<Gauge>,
    lanes: Vec<Lane>,
    seed: u64,
    /// How late figures are, in seconds.
    late: (i64, i64),
    /// Seconds since the epoch.
    now: i64,
}

/// Whose calls are counted.
enum Whose<'m> {
    Everybody,
    One(&'m Flow),
    Version(&'m Flow, &'m str),
}

impl World {
    pub(in crate::sandbox) fn board(
        &self,
        account: &str,
        region: &str,
        now: DateTime<Utc>,
    ) -> Result<Board, Refusal> {
        let estate = self.estate(account, region)?;
        let flows = function::functions(self.seed, &estate.stacks)
            .map(|function| {
                let name = function.resource.physical.clone();
                (name, self.flow(account, region, &function))
            })
            .collect();
        Ok(Board {
            flows,
            gauges: estate.alarms.iter().filter_map(Gauge::watched).collect(),
            lanes: if region == HOME {
                self.lanes(account, now.timestamp_millis())
            } else {
                Vec::new()
            },
            seed: Dice::named(self.seed, &format!("{account}/{region}/delay")).roll(),
            late: self.pace.late,
            now: now.timestamp(),
        })
    }

    fn flow(&self, account: &str, region: &str, function: &Function<'_>) -> Flow {
        let (stack, resource) = (function.stack, function.resource);
        let lambda = self.lambda(account, region, function);
        let minute = |millis: i64| millis.div_euclid(60_000);
        let tagged = stack.born.tags.iter().any(|(key, _)| key == "service");
        let share = self.share(account, region, (&stack.name, &resource.logical));
        let millis = |time: DateTime<Utc>| time.timestamp_millis();
        let born = stack.came(&resource.physical).map_or(i64::MAX, millis);
        let gone = stack.gone().map_or(i64::MAX, millis);
        let mut turns = lambda.turns();
        turns.push(born);
        turns.sort_unstable();
        let mut dice = Dice::named(
            self.seed,
            &format!("{}/{}/pace", stack.service(), resource.logical),
        );
        let pace = match function.runtime {
            Runtime::Node => 70,
            Runtime::Python => 95,
            Runtime::Java => 160,
        };
        Flow {
            seed: Dice::named(
                self.seed,
                &format!("{account}/{region}/{}/calls", resource.physical),
            )
            .roll(),
            rate: calls(&resource.logical, tagged) * share,
            errors: self.logs.plan.errors,
            median: real(pace) * real(dice.between(60, 190)) / 100.0,
            timeout: real(function.timeout) * 1_000.0,
            life: minute(born)..minute(gone),
            aliased: function.has_versions(),
            routes: turns
                .into_iter()
                // A minute belongs to whoever answered at its end.
                .map(|turn| (minute(turn), lambda.routes(turn)))
                .collect(),
            reserved: lambda
                .reservations()
                .into_iter()
                .map(|(since, limit)| (minute(since), limit))
                .collect(),
        }
    }
}

impl Board {
    /// The points of a metric that are there by now: their time in seconds, oldest first. `window` is cut
    /// into periods (in seconds) from its start; a period without data is left out.
    pub(in crate::sandbox) fn points(
        &self,
        metric: &Metric,
        window: &Range<i64>,
        period: i64,
        spread: bool,
    ) -> Vec<(i64, Tally)> {
        let kept = KEPT.into_iter().rfind(|(shortest, _)| *shortest <= period);
        let Some((_, kept)) = kept else {
            // Nothing here is published more often than every minute.
            return Vec::new();
        };
        // What is long forgotten is not even looked at.
        let first = ((self.now - kept - window.start) / period).max(0);
        let count = ceiling((window.end.min(self.now + 1) - window.start).max(0), period);
        let starts = (first..count).map(|number| window.start + number * period);
        starts
            .filter(|start| start + period > self.now - kept)
            .filter_map(|start| {
                let tally = self.tally(metric, start..start + period, spread)?;
                Some((start, tally))
            })
            .collect()
    }

    /// What is there by now of one period.
    pub(in crate::sandbox) fn tally(
        &self,
        metric: &Metric,
        period: Range<i64>,
        spread: bool,
    ) -> Option<Tally> {
        let (first, last) = (ceiling(period.start, MINUTE), ceiling(period.end, MINUTE));
        let minutes = (first..last).take_while(|minute| self.is_out(*minute));
        let mut tally = Tally::default();
        if metric.namespace == "AWS/Lambda" {
            let measure = Measure::parse(&metric.name)?;
            let whose = self.whose(metric)?;
            for minute in minutes {
                self.add_minute(&mut tally, (measure, &whose), minute, spread);
            }
        } else if metric.namespace == ACCELERATOR {
            let quantity = Quantity::parse(&metric.name)?;
            let (lane, section) = self.lane(metric)?;
            for value in minutes.filter_map(|minute| lane.value(quantity, section, minute)) {
                tally.add(value, 1.0, spread);
            }
        } else {
            let gauge = self.gauges.iter().find(|gauge| gauge.metric == *metric)?;
            for value in minutes.map(|minute| gauge.value(minute)) {
                tally.add(value, 1.0, spread);
            }
        }
        (!tally.is_empty()).then_some(tally)
    }

    fn add_minute(
        &self,
        tally: &mut Tally,
        (measure, whose): (Measure, &Whose<'_>),
        minute: i64,
        spread: bool,
    ) {
        match whose {
            Whose::One(flow) => {
                if let Some(done) = flow.minute(minute) {
                    done.add_to(tally, measure, None, spread);
                }
            }
            Whose::Version(flow, version) => {
                if let Some(done) = flow.minute(minute) {
                    done.add_to(tally, measure, Some(version), spread);
                }
            }
            Whose::Everybody => {
                let done = self.flows.values().filter_map(|flow| flow.minute(minute));
                if measure == Measure::ConcurrentExecutions {
                    let at_once: i64 = done.map(|done| done.concurrent()).sum();
                    if at_once > 0 {
                        tally.add(real(at_once), 1.0, spread);
                    }
                } else {
                    done.for_each(|done| done.add_to(tally, measure, None, spread));
                }
            }
        }
    }

    /// Whether a minute has been published: one to two minutes after it is over.
    pub(in crate::sandbox) fn is_out(&self, minute: i64) -> bool {
        minute * MINUTE + self.delay(minute) <= self.now
    }

    /// Seconds from the start of a minute until it can be read.
    pub(in crate::sandbox) fn delay(&self, minute: i64) -> i64 {
        let (from, to) = self.late;
        MINUTE + Dice::numbered(self.seed, minute).between(from, to)
    }

    /// The unit of a metric that is there.
    pub(in crate::sandbox) fn unit(metric: &Metric) -> &'static str {
        match (metric.namespace.as_str(), metric.name.as_str()) {
            ("AWS/Lambda", "Duration") => "Milliseconds",
            (_, "ApproximateAgeOfOldestMessage") => "Seconds",
            (ACCELERATOR, "ProcessedBytesIn" | "ProcessedBytesOut") => "Bytes",
            _ => "Count",
        }
    }

    fn whose<'m>(&'m self, metric: &'m Metric) -> Option<Whose<'m>> {
        let names: Vec<&str> = metric
            .dimensions
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let value = |place: usize| metric.dimensions[place].1.as_str();
        match names.as_slice() {
            [] => Some(Whose::Everybody),
            ["FunctionName"] => Some(Whose::One(self.flows.get(value(0))?)),
            ["FunctionName", "Resource"] => {
                let flow = self.flows.get(value(0))?;
                (value(1) == flow.resource(value(0))).then_some(Whose::One(flow))
            }
            ["ExecutedVersion", "FunctionName", "Resource"] => {
                let flow = self.flows.get(value(1))?;
                (value(2) == flow.resource(value(1))).then_some(Whose::Version(flow, value(0)))
            }
            _ => None,
        }
    }

    /// The accelerator that a metric is about, and which section of it.
    fn lane<'m>(&'m self, metric: &'m Metric) -> Option<(&'m Lane, Section<'m>)> {
        let value = |name: &str| {
            let mut dimensions = metric.dimensions.iter();
            dimensions
                .find(|(own, _)| own == name)
                .map(|(_, value)| value.as_str())
        };
        let (listener, region) = (value("Listener"), value("EndpointGroup"));
        let named = 1 + usize::from(listener.is_some()) + usize::from(region.is_some());
        if metric.dimensions.len() != named || (region.is_some() && listener.is_none()) {
            return None;
        }
        let accelerator = value("Accelerator")?;
        let lane = self.lanes.iter().find(|lane| lane.id == accelerator)?;
        Some((lane, Section { listener, region }))
    }

    /// Everything that has data, sorted. Metrics that had none for two weeks are forgotten.
    pub(in crate::sandbox) fn metrics(&self) -> Vec<Metric> {
        let of = |measure: Measure, dimensions: Vec<(String, String)>| Metric {
            namespace: "AWS/Lambda".to_owned(),
            name: measure.name().to_owned(),
            dimensions,
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut metrics = Vec::new();
        let since = (self.now - 14 * DAY).div_euclid(MINUTE);
        let living = self.flows.iter().filter(|(_, flow)| {
            flow.life.end > since && flow.life.start <= self.now.div_euclid(MINUTE)
        });
        for (name, flow) in living {
            let own = pair("FunctionName", name);
            let resource = pair("Resource", &flow.resource(name));
            for measure in Measure::ALL {
                metrics.push(of(measure, vec![own.clone()]));
                metrics.push(of(measure, vec![own.clone(), resource.clone()]));
                for version in flow.versions() {
                    let executed = pair("ExecutedVersion", version);
                    let all = vec![executed, own.clone(), resource.clone()];
                    metrics.push(of(measure, all));
                }
            }
        }
        if !metrics.is_empty() {
            metrics.extend(Measure::ALL.map(|measure| of(measure, Vec::new())));
        }
        metrics.extend(self.gauges.iter().map(|gauge| gauge.metric.clone()));
        let used = self.lanes.iter().filter(|lane| lane.is_used());
        metrics.extend(used.flat_map(|lane| of_lane(lane, self.now.div_euclid(MINUTE))));
        metrics.sort();
        metrics.dedup();
        metrics
    }
}

/// Every metric of an accelerator that has points: of the whole, of its listeners, and of their groups.
fn of_lane(lane: &Lane, now: i64) -> Vec<Metric> {
    /// Minutes at which is looked whether a metric says anything: two weeks of them would take long.
    const SAMPLES: [i64; 6] = [3, 60, 360, 1_440, 4_320, 10_080];
    let metrics = lane.sections().into_iter().flat_map(|section| {
        // Sorted by name.
        let dimensions = [
            ("Accelerator", Some(lane.id.as_str())),
            ("EndpointGroup", section.region),
            ("Listener", section.listener),
        ];
        let dimensions = dimensions.into_iter();
        let dimensions: Vec<(String, String)> = dimensions
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        let speaks = move |quantity: &Quantity| {
            let mut samples = SAMPLES.into_iter();
            samples.any(|ago| lane.value(*quantity, section, now - ago).is_some())
        };
        let quantities = Quantity::ALL.into_iter().filter(speaks);
        quantities.map(move |quantity| Metric {
            namespace: ACCELERATOR.to_owned(),
            name: quantity.name().to_owned(),
            dimensions: dimensions.clone(),
        })
    });
    metrics.collect()
}

fn ceiling(number: i64, of: i64) -> i64 {
    number.div_euclid(of) + i64::from(number.rem_euclid(of) != 0)
}

impl Flow {
    /// What callers name: the alias, or the function itself where it has none.
    fn resource(&self, name: &str) -> String {
        let has_alias = self.aliased
            || self
                .routes
                .iter()
                .any(|(_, routes)| routes.iter().any(|route| !route.version.is_empty()));
        if has_alias {
            format!("{name}:{ACTIVE}")
        } else {
            name.to_owned()
        }
    }

    /// The versions that an alias divided its calls between.
    fn versions(&self) -> impl Iterator<Item = &str> {
        let divided = self.routes.iter().filter(|(_, routes)| routes.len() > 1);
        divided.flat_map(|(_, routes)| routes.iter().map(|route| route.version.as_str()))
    }
}

#[cfg(test)]
mod tests;
