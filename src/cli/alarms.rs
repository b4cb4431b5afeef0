//! `quarterdeck alarms`: every CloudWatch alarm of every region, those in alarm first.
//!
//! An alarm that is quiet because nothing arrives sees nothing, and is told as `BLIND` beside its state. That takes a
//! look at its metric, which costs, so only alarms are looked at that may be blind; one that nobody could look at is
//! `OK?`, as on the screen.

use super::arguments::texts;
use super::fetch::{Fetched, nowhere};
use super::output::{self, Cell, Format, Tone};
use super::{Exit, Session};
use crate::config::near;
use crate::domain::alarm::{Actions, Standing};
use crate::domain::json;
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, AlarmKind, AlarmState, MetricId, Region, Scope, Sight, Slot, Topic};
use crate::domain::{Untrusted, Watch};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value, json};
use std::io;

/// Which alarms, and what else is wanted of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAlarms {
    /// As they were written.
    states: Vec<String>,
    look: Look,
    verdict: Verdict,
}

/// Which alarms' metrics are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Those of alarms that may be blind.
    Doubted,
    Every,
}

/// What an alarm means for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Nothing,
    Failure,
}

/// A word of `--state`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Of(AlarmState),
    Blind,
}

const BLIND: &str = "BLIND";
const STATES: [&str; 4] = ["ALARM", "INSUFFICIENT_DATA", "OK", "blind"];

/// Adds what `alarms` takes.
pub(super) fn verb(command: Command) -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    command
        .arg(
            Arg::new("state")
                .long("state")
                .value_name("STATE")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help("Only these: ALARM, INSUFFICIENT_DATA, OK, or blind: whose metric has no data"),
        )
        .arg(flag("check-all", "Look for data of every alarm's metric, at $0.01 for a thousand, not only of those that may be quiet because none arrives"))
        .arg(flag("fail-on-alarm", "End with exit code 1 if any alarm is in ALARM, also one that --state leaves out"))
}

pub(super) fn by_verb(matches: &ArgMatches) -> WantedAlarms {
    WantedAlarms {
        states: texts(matches, "state"),
        look: if matches.get_flag("check-all") {
            Look::Every
        } else {
            Look::Doubted
        },
        verdict: if matches.get_flag("fail-on-alarm") {
            Verdict::Failure
        } else {
            Verdict::Nothing
        },
    }
}

/// An alarm where it stands, and whether it sees.
struct Row<'f> {
    scope: &'f Scope,
    alarm: &'f Alarm,
    sight: Sight,
    standing: Standing,
}

pub(super) async fn run(
    session: &mut Session,
    wanted: &WantedAlarms,
    format: Format,
) -> io::Result<Exit> {
    let states: Result<Vec<State>, String> =
        wanted.states.iter().map(|it| State::parse(it)).collect();
    let states = match states {
        Ok(states) => states,
        Err(sentence) => {
            output::say(&sentence);
            return Ok(Exit::Usage);
        }
    };
    let mut fetched = Fetched::default();
    let scopes = fetched.everywhere(session, Topic::Alarms).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Ok(Exit::Usage);
    }
    let questions = listed(&fetched, &scopes)
        .filter(|(_, alarm)| wanted.looks_at(alarm) && may_fit(&states, alarm))
        .filter_map(|(scope, alarm)| Some((alarm.sight_topic()?, scope.clone())));
    let questions = questions.collect();
    fetched.ask(session, questions).await;
    let sight = |scope: &Scope, alarm: &Alarm| {
        let topic = alarm.sight_topic();
        let slot = topic.and_then(|topic| fetched.store.metrics(scope, &topic));
        alarm.sight(slot.and_then(Slot::value))
    };
    let mut rows: Vec<Row<'_>> = listed(&fetched, &scopes)
        .map(|(scope, alarm)| Row {
            scope,
            alarm,
            sight: sight(scope, alarm),
            standing: Standing::in_store(&fetched.store, scope, alarm),
        })
        .filter(|row| states.is_empty() || states.iter().any(|state| state.fits(row)))
        .collect();
    rows.sort_by_key(|row| (row.gravity(), row.standing, &row.alarm.name, row.scope));
    match format {
        Format::Table => table(session, &rows)?,
        Format::Json => {
            for row in &rows {
                output::line(&json::text(&row.object()))?;
            }
        }
    }
    fetched.say_problems();
    // Whatever is listed: a probe that asks for the blind ones must not end well while others ring.
    let rings = listed(&fetched, &scopes).any(|(_, alarm)| alarm.state == AlarmState::Alarm);
    Ok(if wanted.verdict == Verdict::Failure && rings {
        Exit::Failed
    } else {
        fetched.exit(&scopes)
    })
}

/// Every alarm that is known, by scope.
fn listed<'f>(
    fetched: &'f Fetched,
    scopes: &'f [Scope],
) -> impl Iterator<Item = (&'f Scope, &'f Alarm)> {
    let of = |scope: &'f Scope| {
        let slot = fetched.store.alarms(scope);
        slot.and_then(Slot::value).unwrap_or_default()
    };
    scopes
        .iter()
        .flat_map(move |scope| of(scope).iter().map(move |alarm| (scope, alarm)))
}

impl WantedAlarms {
    fn looks_at(&self, alarm: &Alarm) -> bool {
        match self.look {
            Look::Every => true,
            Look::Doubted => alarm.may_be_blind(),
        }
    }
}

/// Whether the alarm is listed whatever is found out, or may be: others are not worth a look that costs.
fn may_fit(states: &[State], alarm: &Alarm) -> bool {
    let fits = |state: &State| match state {
        State::Of(state) => *state == alarm.state,
        State::Blind => true,
    };
    states.is_empty() || states.iter().any(fits)
}

impl State {
    /// Reads a word of `--state`. An empty list because of a typing error looks like good news.
    fn parse(text: &str) -> Result<Self, String> {
        match AlarmState::parse(&text.to_uppercase()) {
            AlarmState::Other(word) if word.exact() == BLIND => Ok(Self::Blind),
            AlarmState::Other(_) => {
                let shown = sanitise(text);
                Err(match near(text, STATES) {
                    Some(near) => format!("There is no state `{shown}`; did you mean `{near}`?"),
                    None => format!("There is no state `{shown}`: take {}.", STATES.join(", ")),
                })
            }
            state @ (AlarmState::Alarm | AlarmState::InsufficientData | AlarmState::Ok) => {
                Ok(Self::Of(state))
            }
        }
    }

    fn fits(&self, row: &Row<'_>) -> bool {
        match self {
            Self::Of(state) => *state == row.alarm.state,
            Self::Blind => row.sight == Sight::Blind,
        }
    }
}

impl Row<'_> {
    /// Those in alarm, then those that see nothing, then the others.
    fn gravity(&self) -> u8 {
        match (&self.alarm.state, self.sight) {
            (AlarmState::Alarm, _) => 0,
            (_, Sight::Blind) => 1,
            (_, Sight::Clear | Sight::Unknown) => 2,
        }
    }

    fn state(&self) -> Cell {
        let word = self.alarm.state.word();
        if self.sight == Sight::Blind {
            return Cell::of(format!("{word} {BLIND}"), Tone::Bad);
        }
        match self.standing {
            Standing::InAlarm | Standing::Blind => Cell::of(word, Tone::Bad),
            Standing::Insufficient | Standing::Other => Cell::plain(word),
            Standing::Unproven => Cell::plain(format!("{word}?")),
            Standing::Ok => Cell::of(word, Tone::Well),
        }
    }

    /// The alarm as a JSON object. Escapes make every text harmless, so it is the exact one.
    fn object(&self) -> Value {
        let alarm = self.alarm;
        let exact = |text: &Option<Untrusted>| text.as_ref().map(|text| text.exact().to_owned());
        let state = match &alarm.state {
            AlarmState::Other(word) => word.exact().into(),
            known @ (AlarmState::Alarm | AlarmState::InsufficientData | AlarmState::Ok) => {
                known.word()
            }
        };
        let mut object = json!({
            "account": self.scope.account.as_str(),
            "region": self.scope.region().map(Region::as_str),
            "name": alarm.name.exact(),
            "arn": alarm.arn.exact(),
            "description": exact(&alarm.description),
            "state": state,
            "sight": match self.sight {
                Sight::Clear => "clear",
                Sight::Blind => "blind",
                Sight::Unknown => "unknown",
            },
            "since": alarm.since.map(|at| at.to_rfc3339()),
            "reason": exact(&alarm.reason),
            "actions_enabled": alarm.actions == Actions::Enabled,
            "function": alarm.function().map(Untrusted::exact),
        });
        match &alarm.kind {
            AlarmKind::Metric(watch) => object["watch"] = watched(watch),
            AlarmKind::Expression(expression) => object["expression"] = expression.exact().into(),
            AlarmKind::Composite { rule, members } => {
                let members: Vec<&str> = members.iter().map(Untrusted::exact).collect();
                object["rule"] = rule.exact().into();
                object["members"] = members.into();
            }
        }
        object
    }
}

fn watched(watch: &Watch) -> Value {
    let MetricId {
        namespace,
        name,
        dimensions,
        statistic,
        period,
        unit,
    } = &watch.metric;
    let dimensions: Map<String, Value> = dimensions
        .iter()
        .map(|(name, value)| (name.exact().to_owned(), value.exact().into()))
        .collect();
    json!({
        "namespace": namespace.exact(),
        "metric": name.exact(),
        "dimensions": dimensions,
        "statistic": statistic.exact(),
        "period": period,
        "unit": unit.as_ref().map(Untrusted::exact),
        "comparison": watch.comparison.exact(),
        "threshold": watch.threshold,
        "periods": watch.periods,
        "datapoints": watch.datapoints,
        "missing": watch.missing.exact(),
    })
}

fn table(session: &Session, rows: &[Row<'_>]) -> io::Result<()> {
    let now = session.clock.now();
    let row = |row: &Row<'_>| {
        let alarm = row.alarm;
        let since = alarm.since.map(|at| format!("{} ago", words(now - at)));
        let reason = alarm.reason.as_ref().map(Untrusted::safe);
        [
            Cell::plain(alarm.name.safe()),
            Cell::plain(row.scope.account.as_str()),
            Cell::plain(row.scope.region().map_or("", Region::as_str)),
            row.state(),
            Cell::plain(since.unwrap_or_else(|| "-".into())),
            Cell::plain(alarm.watches()),
            Cell::quiet(reason.unwrap_or_default()),
        ]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    session.output.table(
        &[
            "ALARM", "ACCOUNT", "REGION", "STATE", "SINCE", "WATCHES", "REASON",
        ],
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{alarm, scope};

    #[test]
    fn ok_of_an_alarm_that_nobody_could_look_at_is_not_told_as_well() {
        let alarm = alarm("a", "OK");
        let scope = scope("prod", "eu-west-1");
        for (sight, words, tone) in [
            (Sight::Clear, "OK", Tone::Well),
            (Sight::Unknown, "OK?", Tone::Plain),
            (Sight::Blind, "OK BLIND", Tone::Bad),
        ] {
            let row = Row {
                scope: &scope,
                alarm: &alarm,
                sight,
                standing: Standing::of(&alarm, sight),
            };
            let cell = row.state();
            assert_eq!((cell.text.as_str(), cell.tone), (words, tone));
        }
    }

    #[test]
    fn a_state_is_read_in_any_case_and_another_word_is_refused_with_the_nearest() {
        assert_eq!(State::parse("alarm"), Ok(State::Of(AlarmState::Alarm)));
        assert_eq!(
            State::parse("Insufficient_Data"),
            Ok(State::Of(AlarmState::InsufficientData))
        );
        assert_eq!(State::parse("blind"), Ok(State::Blind));
        assert_eq!(State::parse("BLIND"), Ok(State::Blind));
        for (text, part) in [
            ("alrm", "did you mean `ALARM`?"),
            ("insufficient", "did you mean `INSUFFICIENT_DATA`?"),
            ("deaf-and-dumb", "take ALARM, INSUFFICIENT_DATA, OK, blind."),
            ("", "There is no state"),
            ("\u{1b}[2J", "␛[2J"),
        ] {
            let sentence = State::parse(text).unwrap_err();
            assert!(sentence.contains(part), "{text}: {sentence}");
        }
    }
}
