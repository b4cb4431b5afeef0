//! Alarms that changed between two readings, and the alert that is given of them.
//!
//! The first reading of a scope tells no change: nobody knows what was before. Changes wait for the next tick of the
//! clock, so that a region that falls over gives one alert, not forty, and there is at most one alert a second.

use crate::app::Alert;
use crate::domain::json::text;
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, AlarmState, Region, Scope, Slot, Store, Timestamp, Untrusted};
use serde_json::json;
use std::collections::BTreeMap;

/// Bytes that one alert hands to a command: less than a pipe takes without being read.
const TOLD_AT_MOST: usize = 48 * 1_024;
/// Bytes of a reason that are handed to a command.
const REASON_AT_MOST: usize = 1_000;

/// An alarm that went into alarm, or out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    pub at: Timestamp,
    pub scope: Scope,
    pub name: Untrusted,
    /// None where the alarm was not there before.
    pub from: Option<AlarmState>,
    pub to: AlarmState,
    pub reason: Option<Untrusted>,
}

/// The states of a scope's alarms as one reading had them; `None` before the first.
pub(in crate::app) type States = Option<BTreeMap<Untrusted, AlarmState>>;

/// The transitions that nobody was told of yet.
#[derive(Debug, Default)]
pub(in crate::app) struct Transitions(Vec<Transition>);

/// How the alarms of a scope stand now, to be compared with how they stand after the next reading.
pub(in crate::app) fn states(store: &Store, scope: &Scope) -> States {
    let alarms = store.alarms(scope).and_then(Slot::value)?;
    let state = |alarm: &Alarm| (alarm.name.clone(), alarm.state.clone());
    Some(alarms.iter().map(state).collect())
}

impl Transitions {
    /// Notes what changed since `before`.
    pub(in crate::app) fn note(
        &mut self,
        store: &Store,
        scope: &Scope,
        before: &States,
        now: Timestamp,
    ) {
        let (Some(before), Some(alarms)) = (before, store.alarms(scope).and_then(Slot::value))
        else {
            return;
        };
        for alarm in alarms {
            let from = before.get(&alarm.name);
            let is_or_was = alarm.state == AlarmState::Alarm || from == Some(&AlarmState::Alarm);
            if is_or_was && from != Some(&alarm.state) {
                self.0.push(Transition {
                    at: alarm.since.unwrap_or(now),
                    scope: scope.clone(),
                    name: alarm.name.clone(),
                    from: from.cloned(),
                    to: alarm.state.clone(),
                    reason: alarm.reason.clone(),
                });
            }
        }
    }

    /// The alert that is due: one for all that has changed.
    pub(in crate::app) fn alert(&mut self) -> Option<Alert> {
        let transitions = std::mem::take(&mut self.0);
        (!transitions.is_empty()).then(|| alert_of(&transitions))
    }
}

/// What is said of one or more transitions outside of the screen.
fn alert_of(transitions: &[Transition]) -> Alert {
    let mut lines = String::new();
    for line in transitions.iter().map(Transition::line) {
        if lines.len() + line.len() > TOLD_AT_MOST {
            break;
        }
        lines.push_str(&line);
    }
    Alert {
        text: sentence(transitions),
        lines,
    }
}

fn sentence(transitions: &[Transition]) -> String {
    if let [only] = transitions {
        return only.sentence();
    }
    let count = |wanted: fn(&Transition) -> bool| {
        let found = transitions.iter().filter(|it| wanted(it));
        found.count()
    };
    let into = count(|it| it.to == AlarmState::Alarm);
    let out = transitions.len() - into;
    let mut names = transitions
        .iter()
        .filter(|it| into == 0 || it.to == AlarmState::Alarm)
        .map(|it| format!("{} in {}", it.name.safe(), it.region()));
    let first = names.next().unwrap_or_default();
    let more = match names.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match (into, out) {
        (0, _) => format!("{out} alarms are no longer in ALARM: {first}{more}."),
        (_, 0) => format!("{into} alarms went into ALARM: {first}{more}."),
        (1, _) => format!("1 alarm went into ALARM, {out} out of it: {first}."),
        (..) => format!("{into} alarms went into ALARM, {out} out of it: {first}{more}."),
    }
}

impl Transition {
    fn region(&self) -> String {
        sanitise(self.scope.region().map_or("", Region::as_str)).into_owned()
    }

    /// `checkout-api-errors in eu-west-1 went into ALARM: Threshold Crossed: …`
    fn sentence(&self) -> String {
        let (name, region) = (self.name.safe(), self.region());
        let mut words = if self.to == AlarmState::Alarm {
            format!("{name} in {region} went into ALARM")
        } else {
            format!("{name} in {region} went from ALARM to {}", self.to.word())
        };
        match &self.reason {
            Some(reason) => {
                words.push_str(": ");
                words.push_str(&reason.safe());
            }
            None => words.push('.'),
        }
        words
    }

    /// A line of JSON, exact; whatever could act on a terminal is escaped.
    fn line(&self) -> String {
        let reason = self.reason.as_ref().map(|reason| {
            let reason = reason.exact();
            let end = reason.floor_char_boundary(REASON_AT_MOST);
            reason.get(..end).unwrap_or_default()
        });
        let transition = json!({
            "at": self.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "account": self.scope.account.as_str(),
            "region": self.scope.region().map(Region::as_str),
            "alarm": self.name.exact(),
            "from": self.from.as_ref().map(AlarmState::word),
            "to": self.to.word(),
            "reason": reason,
        });
        format!("{}\n", text(&transition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{alarm, alarms_reading, at, scope};

    fn told(readings: &[&[(&str, &str)]]) -> Option<Alert> {
        let mut store = Store::default();
        let mut transitions = Transitions::default();
        let place = scope("prod", "eu-west-1");
        for reading in readings {
            let before = states(&store, &place);
            let alarms = reading.iter().map(|(name, state)| alarm(name, state));
            store.absorb(alarms_reading("prod", "eu-west-1", 0, alarms.collect()));
            transitions.note(&store, &place, &before, at(0));
        }
        transitions.alert()
    }

    fn words(readings: &[&[(&str, &str)]]) -> String {
        told(readings).map(|alert| alert.text).unwrap_or_default()
    }

    #[test]
    fn the_first_reading_tells_no_change() {
        assert_eq!(words(&[&[("a", "ALARM")]]), "");
        assert_eq!(words(&[&[("a", "OK")], &[("a", "OK")]]), "");
        assert_eq!(words(&[&[("a", "OK")], &[("a", "INSUFFICIENT_DATA")]]), "");
        assert_eq!(words(&[&[("a", "ALARM")], &[]]), "");
    }

    #[test]
    fn changes_are_told_one_by_one_or_summed_up() {
        assert_eq!(
            words(&[&[("a", "OK")], &[("a", "ALARM")]]),
            "a in eu-west-1 went into ALARM: because"
        );
        assert_eq!(
            words(&[&[("a", "ALARM")], &[("a", "OK")]]),
            "a in eu-west-1 went from ALARM to OK: because"
        );
        assert_eq!(
            words(&[&[], &[("a", "ALARM")]]),
            "a in eu-west-1 went into ALARM: because"
        );
        assert_eq!(
            words(&[
                &[("a", "OK"), ("b", "OK"), ("c", "ALARM")],
                &[("a", "ALARM"), ("b", "ALARM"), ("c", "OK")]
            ]),
            "2 alarms went into ALARM, 1 out of it: a in eu-west-1 and 1 more."
        );
        assert_eq!(
            words(&[
                &[("a", "ALARM"), ("b", "ALARM")],
                &[("a", "OK"), ("b", "OK")]
            ]),
            "2 alarms are no longer in ALARM: a in eu-west-1 and 1 more."
        );
    }

    #[test]
    fn a_program_gets_a_line_of_json_for_each_change() {
        let alert = told(&[&[("a\u{1b}[2J", "OK")], &[("a\u{1b}[2J", "ALARM")]]).unwrap();
        assert_eq!(
            alert.lines,
            "{\"at\":\"2026-11-20T13:59:00Z\",\"account\":\"prod\",\"region\":\"eu-west-1\",\
             \"alarm\":\"a\\u001b[2J\",\"from\":\"OK\",\"to\":\"ALARM\",\"reason\":\"because\"}\n"
        );
        assert!(alert.text.starts_with("a␛[2J in"), "{}", alert.text);
        let hostile = "a\u{9b}31m\u{202e}";
        let alert = told(&[&[(hostile, "OK")], &[(hostile, "ALARM")]]).unwrap();
        assert!(
            alert.lines.contains(r#""alarm":"a\u009b31m\u202e""#),
            "{}",
            alert.lines
        );
    }
}
