//! What if this region goes away? Where the share of an endpoint group would go, on paper: nothing is asked and
//! nothing is changed.
//!
//! The rules are Global Accelerator's. A group without a healthy endpoint of a weight takes nothing; up to three
//! nearest groups are tried then, and no dial is looked at; where none of them is healthy either it fails open, to
//! whatever stands nearest to the client. How far each client is from each region we cannot know, so what goes away is
//! spread by what the remaining groups carry, and everything that comes of it is an *estimate* and is called one. What
//! is unknown stays unknown: no flow is ever made up.

use super::{
    AcceleratorArn, EndpointGroup, Gravity, GroupHealth, Health, Listener, Measure, Metrics,
    Series, Timestamp, Untrusted,
};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// How many groups are tried for a client whose own has nothing healthy.
const TRIED: usize = 3;

/// How long "now" is, in minutes: one period alone jumps about.
const NOW: i64 = 5;

/// What a group carries, in flows that begin per second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    pub now: Option<f64>,
    /// The most that any period of the time looked back on had.
    pub peak: Option<f64>,
}

/// How far back a peak is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookback {
    Hour,
    Day,
}

/// What would happen if a group went away.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    pub region: Untrusted,
    /// What it carries now, in flows per second.
    pub flow: Option<f64>,
    /// Its part of all that the listener carries, in hundredths.
    pub share: Option<f64>,
    pub course: Course,
    /// The other groups, in the listener's order, those that take nothing too.
    pub others: Vec<Remaining>,
    /// Gravest first.
    pub remarks: Vec<Remark>,
}

/// Where the traffic of a group would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// To the others, by what they carry now.
    ByFlow,
    /// To the others, and nobody knows how: evenly.
    Evenly,
    /// Nowhere: the group takes nothing as it is.
    Nothing,
    /// Nothing healthy is left: to unhealthy endpoints, whatever is nearest to each client.
    FailsOpen,
    /// Custom routing knows neither health nor failover.
    Unjudged,
}

/// What another group would have of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Remaining {
    pub group: AcceleratorArn,
    pub region: Untrusted,
    /// Its part of what goes away, in hundredths.
    pub part: f64,
    /// What it would carry in the end, in flows per second.
    pub flow: Option<f64>,
    pub peak: Option<f64>,
}

/// Something that an operator should know before it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub gravity: Gravity,
    /// A sentence.
    pub words: String,
}

impl Lookback {
    pub fn span(self) -> TimeDelta {
        match self {
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::days(1),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Hour => "the last hour",
            Self::Day => "the last 24 h",
        }
    }
}

impl Load {
    /// What a group's metrics tell of it. Silence of the last minutes is not told from nothing: it stays unknown.
    pub fn of(metrics: &Metrics, now: Timestamp, lookback: Lookback) -> Self {
        let Some(flows) = metrics.get(Measure::NewFlows) else {
            return Self::default();
        };
        let recent = recent(flows, now);
        let since = now - lookback.span();
        let seconds = seconds(flows);
        let peak = flows
            .points()
            .filter(|(at, _)| (since..now).contains(at))
            .filter_map(|(_, value)| value)
            .reduce(f64::max);
        Self {
            now: recent.map(|value| (value / seconds).max(0.0)),
            peak: peak.map(|value| (value / seconds).max(0.0)),
        }
    }
}

/// The mean of the last minutes that CloudWatch has, which is some minutes behind.
fn recent(flows: &Series, now: Timestamp) -> Option<f64> {
    let (latest, _) = flows.latest()?;
    let span = TimeDelta::minutes(NOW).max(flows.period());
    if now - latest > span * 2 + flows.period() {
        return None;
    }
    let window = flows.points().filter(|(at, _)| *at > latest - span);
    let values: Vec<f64> = window.filter_map(|(_, value)| value).collect();
    super::Fold::Mean.of(values.into_iter())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a period has far fewer than 2^52 milliseconds"
)]
fn seconds(flows: &Series) -> f64 {
    flows.period().num_milliseconds() as f64 / 1_000.0
}

impl Remaining {
    /// What it would carry, in hundredths of its own peak; unknown where it has never carried anything.
    pub fn of_peak(&self) -> Option<f64> {
        let peak = self.peak.filter(|peak| *peak > 0.0)?;
        Some(self.flow? / peak * 100.0)
    }

    /// What is left to its own peak, in flows per second.
    pub fn headroom(&self) -> Option<f64> {
        Some((self.peak? - self.flow?).max(0.0))
    }
}

/// What would happen if `gone` of a listener went away, given what its groups carry.
pub fn departure(
    listener: &Listener,
    gone: &EndpointGroup,
    loads: &BTreeMap<AcceleratorArn, Load>,
    lookback: Lookback,
) -> Departure {
    let load = |group: &EndpointGroup| loads.get(&group.arn).copied().unwrap_or_default();
    let others: Vec<&EndpointGroup> = listener
        .groups
        .iter()
        .filter(|group| group.arn != gone.arn)
        .collect();
    let flow = load(gone).now;
    let (course, parts) = spread(gone, &others, &load);
    let remaining: Vec<Remaining> = others
        .iter()
        .zip(parts)
        .map(|(group, part)| {
            let Load { now, peak } = load(group);
            let extra = if part > 0.0 {
                flow.map(|flow| flow * part / 100.0)
            } else {
                Some(0.0)
            };
            Remaining {
                group: group.arn.clone(),
                region: group.region.clone(),
                part,
                flow: now.zip(extra).map(|(now, extra)| now + extra),
                peak,
            }
        })
        .collect();
    let mut departure = Departure {
        region: gone.region.clone(),
        flow,
        share: share(listener, gone, &load),
        course,
        others: remaining,
        remarks: Vec::new(),
    };
    departure.remarks = remarks(&departure, &others, lookback);
    departure
}

/// Whether traffic may be sent to a group because something in it is healthy.
fn takes(group: &EndpointGroup) -> bool {
    let healthy =
        |endpoint: &super::Endpoint| endpoint.is_weighted() && endpoint.health == Health::Healthy;
    group.endpoints.iter().any(healthy)
}

/// A group's part of all that its listener carries, in hundredths; unknown where any part of it is.
fn share(
    listener: &Listener,
    gone: &EndpointGroup,
    load: &impl Fn(&EndpointGroup) -> Load,
) -> Option<f64> {
    let flows: Option<Vec<f64>> = listener.groups.iter().map(|it| load(it).now).collect();
    let all: f64 = flows?.into_iter().sum();
    (all > 0.0).then_some(load(gone).now? / all * 100.0)
}

/// How what goes away is spread over the others, in hundredths of it.
fn spread(
    gone: &EndpointGroup,
    others: &[&EndpointGroup],
    load: &impl Fn(&EndpointGroup) -> Load,
) -> (Course, Vec<f64>) {
    let nothing = vec![0.0; others.len()];
    let is_unjudged = |group: &&EndpointGroup| group.health() == GroupHealth::Unchecked;
    if is_unjudged(&gone) || others.iter().any(is_unjudged) {
        return (Course::Unjudged, nothing);
    }
    let takers = others.iter().filter(|group| takes(group)).count();
    if takers == 0 {
        return (Course::FailsOpen, nothing);
    }
    // A group that is down may still be failing open, but not while a healthy one is there to take its share.
    if !takes(gone) {
        return (Course::Nothing, nothing);
    }
    let flows: Option<Vec<f64>> = others
        .iter()
        .filter(|group| takes(group))
        .map(|group| undialled(group, load(group).now))
        .collect();
    let all: f64 = flows.iter().flatten().sum();
    let by_flow = flows.is_some() && all > 0.0 && all.is_finite();
    let parts = others.iter().map(|group| match () {
        () if !takes(group) => 0.0,
        () if by_flow => undialled(group, load(group).now).unwrap_or_default() / all * 100.0,
        () => 100.0 / f64::from(u32::try_from(takers).unwrap_or(u32::MAX)),
    });
    let course = if by_flow {
        Course::ByFlow
    } else {
        Course::Evenly
    };
    (course, parts.collect())
}

/// What would come to a group if its dial let all of it in: failover looks at no dial. Behind a closed one nobody can
/// see how much that is.
fn undialled(group: &EndpointGroup, flow: Option<f64>) -> Option<f64> {
    let open = group.dial / 100.0;
    (open > 0.0).then_some(flow? / open)
}

fn remarks(departure: &Departure, others: &[&EndpointGroup], lookback: Lookback) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut say = |gravity, words: String| remarks.push(Remark { gravity, words });
    let region = departure.region.safe();
    match departure.course {
        Course::Unjudged => {
            say(
                Gravity::Note,
                "Custom routing knows neither health nor failover: what goes to a region stays there.".into(),
            );
        }
        Course::FailsOpen => {
            say(
                Gravity::Grave,
                format!(
                    "Without {region} nothing is left: it fails open, and clients are sent to unhealthy endpoints."
                ),
            );
        }
        Course::Nothing => {
            say(
                Gravity::Note,
                format!("{region} takes nothing as it is: nothing would move."),
            );
        }
        Course::ByFlow => {
            say(
                Gravity::Note,
                "An estimate: spread by what the other groups carry now; how far they are from each client is unknown."
                    .into(),
            );
        }
        Course::Evenly => {
            say(
                Gravity::Note,
                "An estimate: spread evenly, because what the other groups carry or would attract is unknown.".into(),
            );
        }
    }
    if departure.spreads() {
        for (remaining, group) in departure.others.iter().zip(others) {
            if remaining.part > 0.0 {
                remark_on(remaining, group, lookback, &mut say);
            }
        }
        // Nobody tells who is among whose three nearest.
        let down = departure.others.iter().filter(|it| it.part <= 0.0);
        let down: Vec<_> = down.map(|it| it.region.safe()).collect();
        if down.len() >= TRIED {
            say(
                Gravity::Doubtful,
                format!(
                    "Only the three nearest groups are tried: clients nearest to {} may find none that is healthy.",
                    down.join(", ")
                ),
            );
        }
    }
    // Stable, so that groups stay in the listener's order.
    remarks.sort_by_key(|remark| remark.gravity);
    remarks
}

/// What one that takes a part of it should make one think of.
fn remark_on(
    remaining: &Remaining,
    group: &EndpointGroup,
    lookback: Lookback,
    say: &mut impl FnMut(Gravity, String),
) {
    let region = remaining.region.safe();
    match remaining.of_peak() {
        Some(percent) if percent > 100.0 => say(
            Gravity::Doubtful,
            format!(
                "{region} would carry {percent:.0} % of its peak of {}.",
                lookback.words()
            ),
        ),
        Some(_) => {}
        None if remaining.flow.is_some() && remaining.peak == Some(0.0) => say(
            Gravity::Doubtful,
            format!(
                "{region} carried nothing in {}: whether it can carry this is unknown.",
                lookback.words()
            ),
        ),
        None => say(
            Gravity::Note,
            format!("What {region} carries is unknown, and so is what it would."),
        ),
    }
    if group.dial < 100.0 {
        say(
            Gravity::Note,
            format!(
                "The dial of {region} stands at {} %; failover looks at no dial.",
                group.dial
            ),
        );
    }
    if group.health() == GroupHealth::Degraded {
        let (healthy, all) = group.counts();
        say(
            Gravity::Doubtful,
            format!("{region} is degraded: {healthy} of {all} endpoints are healthy."),
        );
    }
}

impl Departure {
    /// Whether the others would take it.
    pub fn spreads(&self) -> bool {
        match self.course {
            Course::ByFlow | Course::Evenly => true,
            Course::Nothing | Course::FailsOpen | Course::Unjudged => false,
        }
    }
}

#[cfg(test)]
mod tests;
