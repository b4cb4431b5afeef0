//! What an alarm has gone through: it is evaluated once a minute, and every change is kept.
//!
//! An evaluation sees what was published by its time and nothing later, so its past never changes. What a
//! client sets lasts until the next one.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::{Alarm, AlarmKind, Watch};
use crate::sandbox::failure::Refusal;
use crate::sandbox::scenario::AlarmState;
use crate::sandbox::world::metrics::{Board, MINUTE, Statistic};
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::{Estate, World};

/// A change of state.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Transition {
    pub(in crate::sandbox) at: DateTime<Utc>,
    pub(in crate::sandbox) from: AlarmState,
    pub(in crate::sandbox) to: AlarmState,
    pub(in crate::sandbox) reason: String,
    /// JSON.
    pub(in crate::sandbox) data: String,
}

/// Never empty: the first is how the world found it.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Track {
    pub(in crate::sandbox) transitions: Vec<Transition>,
    /// The minute of the last evaluation.
    until: i64,
}

/// How an evaluation ends.
struct Verdict {
    state: AlarmState,
    reason: String,
    data: String,
}

/// Points by the start of their period, once looked up.
type Points = BTreeMap<i64, Option<f64>>;

impl Track {
    pub(in crate::sandbox) fn last(&self) -> &Transition {
        let last = self.transitions.last();
        last.expect("a track begins with how the alarm was found")
    }

    fn state_at(&self, at: DateTime<Utc>) -> AlarmState {
        let until = self.transitions.iter().rfind(|change| change.at <= at);
        until.map_or(AlarmState::Ok, |change| change.to)
    }

    fn turn(&mut self, at: DateTime<Utc>, verdict: Verdict) {
        let from = self.last().to;
        if from != verdict.state {
            self.transitions.push(Transition {
                at,
                from,
                to: verdict.state,
                reason: verdict.reason,
                data: verdict.data,
            });
        }
    }
}

impl World {
    /// What the alarm has gone through by `now`.
    pub(in crate::sandbox) fn track(
        &self,
        account: &str,
        region: &str,
        alarm: &Alarm,
        now: DateTime<Utc>,
    ) -> Result<Track, Refusal> {
        let estate = self.estate(account, region)?;
        let members = match &alarm.kind {
            AlarmKind::Metric(_) => Vec::new(),
            AlarmKind::Composite(names) => self.members(account, region, (estate, names), now)?,
        };
        let board = self.board(account, region, now)?;
        let mut dice = Dice::named(self.seed, &alarm.arn);
        let (from, to) = self.pace.evaluated;
        let offset = TimeDelta::milliseconds(dice.between(from * 1_000, to * 1_000));
        let mut tracks = self.tracks.lock().unwrap_or_else(PoisonError::into_inner);
        let track = tracks
            .entry(alarm.arn.clone())
            .or_insert_with(|| self.found(alarm));
        let mut points = Points::new();
        loop {
            let minute = track.until + 1;
            let at = DateTime::from_timestamp(minute * MINUTE, 0).unwrap_or_default() + offset;
            if at > now {
                return Ok(track.clone());
            }
            track.until = minute;
            let from = track.last().to;
            let verdict = match &alarm.kind {
                AlarmKind::Metric(watch) => watch.verdict(&board, from, at, &mut points),
                AlarmKind::Composite(_) => composite(&members, at),
            };
            track.turn(at, verdict);
        }
    }

    /// Puts an alarm into a state until it is next evaluated.
    pub(in crate::sandbox) fn set_alarm(
        &self,
        (account, region): (&str, &str),
        alarm: &Alarm,
        (state, reason, data): (AlarmState, String, String),
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.track(account, region, alarm, now)?;
        let mut tracks = self.tracks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(track) = tracks.get_mut(&alarm.arn) {
            track.turn(
                now,
                Verdict {
                    state,
                    reason,
                    data,
                },
            );
        }
        Ok(())
    }

    fn members<'e>(
        &self,
        account: &str,
        region: &str,
        (estate, names): (&'e Estate, &[String]),
        now: DateTime<Utc>,
    ) -> Result<Vec<(&'e Alarm, Track)>, Refusal> {
        let alarms = estate
            .alarms
            .iter()
            .filter(|alarm| alarm.watch().is_some() && names.contains(&alarm.name));
        alarms
            .map(|alarm| Ok((alarm, self.track(account, region, alarm, now)?)))
            .collect()
    }

    /// How the world found an alarm, a day before it began.
    fn found(&self, alarm: &Alarm) -> Track {
        let (state, reason) = match &alarm.kind {
            AlarmKind::Metric(watch) if !watch.follows_calls() => {
                (watch.state, watch.reason.clone())
            }
            AlarmKind::Metric(_) | AlarmKind::Composite(_) => (
                AlarmState::Ok,
                "Threshold Crossed: no datapoints were breaching.".to_owned(),
            ),
        };
        let first = self.began - TimeDelta::days(1);
        Track {
            until: first.timestamp().div_euclid(MINUTE),
            transitions: vec![Transition {
                at: if state == AlarmState::Ok {
                    alarm.since - TimeDelta::days(2)
                } else {
                    alarm.since
                },
                from: AlarmState::InsufficientData,
                to: state,
                reason,
                data: "{}".to_owned(),
            }],
        }
    }
}

impl Watch {
    /// Whether its state is worked out from what functions do.
    fn follows_calls(&self) -> bool {
        self.metric.namespace == "AWS/Lambda" && !self.blind
    }

    fn verdict(
        &self,
        board: &Board,
        from: AlarmState,
        at: DateTime<Utc>,
        points: &mut Points,
    ) -> Verdict {
        if !self.follows_calls() {
            return Verdict {
                state: self.state,
                reason: self.reason.clone(),
                data: "{}".to_owned(),
            };
        }
        let mut last = at.timestamp().div_euclid(self.period) * self.period;
        let is_out = |start: i64| {
            let minute = (start + self.period) / MINUTE - 1;
            minute * MINUTE + board.delay(minute) <= at.timestamp()
        };
        while !is_out(last) {
            last -= self.period;
        }
        let statistic = Statistic::parse(&self.statistic).unwrap_or(Statistic::Sum);
        let starts = (0..self.evaluation_periods).map(|back| last - back * self.period);
        let seen: Vec<(i64, Option<f64>)> = starts
            .map(|start| {
                let value = points.entry(start).or_insert_with(|| {
                    let period = start..start + self.period;
                    let tally = board.tally(&self.metric, period, statistic.needs_spread());
                    tally.and_then(|tally| tally.statistic(statistic))
                });
                (start, *value)
            })
            .collect();
        points.retain(|start, _| *start > last - self.evaluation_periods * self.period);
        let breaches = |value: &(i64, Option<f64>)| value.1.is_some_and(|v| v > self.threshold);
        let breaching = seen.iter().filter(|value| breaches(value)).count();
        let enough = usize::try_from(self.datapoints_to_alarm).unwrap_or(1);
        // Missing data is treated as not breaching.
        let state = if breaching >= enough {
            AlarmState::Alarm
        } else {
            AlarmState::Ok
        };
        Verdict {
            reason: self.reason(&seen, from, state),
            data: self.data(&seen, at),
            state,
        }
    }

    fn reason(&self, seen: &[(i64, Option<f64>)], from: AlarmState, to: AlarmState) -> String {
        let alarming = to == AlarmState::Alarm;
        let told: Vec<String> = seen
            .iter()
            .filter_map(|(start, value)| Some((start, (*value)?)))
            .filter(|(_, value)| (*value > self.threshold) == alarming)
            .map(|(start, value)| format!("{value:?} ({})", stamp(*start, "%d/%m/%y %H:%M:%S")))
            .collect();
        let of = self.evaluation_periods;
        if told.is_empty() {
            return format!(
                "Threshold Crossed: no datapoints were received for {of} periods and {of} missing \
                 datapoints were treated as [NonBreaching]."
            );
        }
        format!(
            "Threshold Crossed: {} out of the last {of} datapoints [{}] {} greater than the threshold ({:?}) \
             (minimum {} datapoints for {} -> {} transition).",
            told.len(),
            told.join(", "),
            match (told.len(), alarming) {
                (1, true) => "was",
                (1, false) => "was not",
                (_, true) => "were",
                (_, false) => "were not",
            },
            self.threshold,
            if alarming {
                self.datapoints_to_alarm
            } else {
                of - self.datapoints_to_alarm + 1
            },
            from.name(),
            to.name(),
        )
    }

    fn data(&self, seen: &[(i64, Option<f64>)], at: DateTime<Utc>) -> String {
        const WRITTEN: &str = "%Y-%m-%dT%H:%M:%S%.3f+0000";
        let known = seen.iter().filter(|(_, value)| value.is_some());
        let evaluated: Vec<serde_json::Value> = known
            .clone()
            .map(|(start, value)| {
                serde_json::json!({"timestamp": stamp(*start, WRITTEN), "value": value})
            })
            .collect();
        let recent: Vec<Option<f64>> = known.rev().map(|(_, value)| *value).collect();
        let first = seen.last().map_or(0, |(start, _)| *start);
        serde_json::json!({
            "version": "1.0",
            "queryDate": at.format(WRITTEN).to_string(),
            "startDate": stamp(first, WRITTEN),
            "statistic": self.statistic,
            "period": self.period,
            "recentDatapoints": recent,
            "threshold": self.threshold,
            "evaluatedDatapoints": evaluated,
        })
        .to_string()
    }
}

fn composite(members: &[(&Alarm, Track)], at: DateTime<Utc>) -> Verdict {
    let ringing = members
        .iter()
        .find(|(_, track)| track.state_at(at) == AlarmState::Alarm);
    let state = if ringing.is_some() {
        AlarmState::Alarm
    } else {
        AlarmState::Ok
    };
    let latest = members.iter().filter_map(|(alarm, track)| {
        let change = track.transitions.iter().rfind(|change| change.at <= at)?;
        Some((change.at, alarm.arn.as_str()))
    });
    let (when, arn) = latest.max().unwrap_or((at, "no alarm"));
    Verdict {
        state,
        reason: format!(
            "{arn} transitioned to {} at {}",
            state.name(),
            when.format("%A %d %B, %Y %H:%M:%S UTC")
        ),
        data: serde_json::json!({
            "triggeringAlarms": [{
                "arn": arn,
                "state": {"value": state.name(), "timestamp": when.to_rfc3339_opts(SecondsFormat::Millis, true)},
            }],
        })
        .to_string(),
    }
}

fn stamp(seconds: i64, format: &str) -> String {
    let time = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    time.format(format).to_string()
}
