//! From when to when, and whether anything follows.

use super::arguments::{Following, Logs};
use crate::domain::Timestamp;
use crate::domain::log::Moment;
use crate::domain::log::moment::duration;
use chrono::{SecondsFormat, TimeDelta};

/// How far back it goes when nobody says so.
const WHEN_FOLLOWING: TimeDelta = TimeDelta::minutes(5);
const WHEN_NOT: TimeDelta = TimeDelta::days(1);

/// What to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The first moment of interest.
    pub(super) from: Timestamp,
    /// The first moment that is of none; `None`: follow.
    pub(super) until: Option<Timestamp>,
    /// How long to follow.
    pub(super) lasting: Option<TimeDelta>,
}

impl Range {
    /// The range that was asked for. The error is a sentence.
    ///
    /// Who follows has no end to name, except `--until now`: that reads what is there, and ends. An end that is
    /// still to come is now, because what nobody has written yet cannot be read.
    pub(super) fn of(asked: &Logs, now: Timestamp) -> Result<Self, String> {
        let moment = |text: &Option<String>| text.as_deref().map(Moment::parse).transpose();
        let (since, until) = (moment(&asked.since)?, moment(&asked.until)?);
        let lasting = asked.lasting.as_deref().map(duration).transpose()?;
        let follows = asked.following == Following::Yes && until != Some(Moment::Now);
        if follows && until.is_some() {
            return Err("Following has no end to name: `--until now` reads what is there and ends, `--for` follows for a while, and `quarterdeck logs` reads any range.".into());
        }
        if !follows && lasting.is_some() {
            return Err("`--for` says how long to follow, and nothing is followed here.".into());
        }
        let default = if follows { WHEN_FOLLOWING } else { WHEN_NOT };
        let from = since.unwrap_or(Moment::Ago(default)).when(now);
        if follows {
            if from > now {
                return Err(format!("`--since` is still to come: {}.", shown(from)));
            }
            return Ok(Self {
                from,
                until: None,
                lasting,
            });
        }
        let until = until.unwrap_or(Moment::Now).when(now).min(now);
        if until <= from {
            return Err(format!(
                "The end is not after the start: from {} until {}.",
                shown(from),
                shown(until)
            ));
        }
        Ok(Self {
            from,
            until: Some(until),
            lasting: None,
        })
    }
}

fn shown(time: Timestamp) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Door, Verb, parse};

    fn range(words: &str) -> Result<Range, String> {
        let words = format!("quarterdeck {words}");
        let door = parse(words.split(' ').map(|word| word.replace('_', " ")))
            .unwrap()
            .door;
        let Door::Verb(Verb::Logs(asked)) = door else {
            panic!("{door:?}");
        };
        Range::of(&asked, "2026-11-20T14:00:00Z".parse().unwrap())
    }

    #[test]
    fn defaults_depend_on_whether_it_follows() {
        for (words, from, until) in [
            ("--tail g", "2026-11-20T13:55:00Z", None),
            ("logs g --follow", "2026-11-20T13:55:00Z", None),
            ("logs g --tail --start 2h", "2026-11-20T12:00:00Z", None),
            (
                "logs g",
                "2026-11-19T14:00:00Z",
                Some("2026-11-20T14:00:00Z"),
            ),
            (
                "--tail g --until now",
                "2026-11-19T14:00:00Z",
                Some("2026-11-20T14:00:00Z"),
            ),
            (
                "--tail g --since 10m --until now",
                "2026-11-20T13:50:00Z",
                Some("2026-11-20T14:00:00Z"),
            ),
            (
                "logs g --since 3d --end 2d",
                "2026-11-17T14:00:00Z",
                Some("2026-11-18T14:00:00Z"),
            ),
            (
                "logs g --start 2026-11-20_13:00 --end 2026-11-20_15:00",
                "2026-11-20T13:00:00Z",
                Some("2026-11-20T14:00:00Z"),
            ),
        ] {
            let found = range(words).unwrap();
            let time = |text: &str| text.parse::<Timestamp>().unwrap();
            assert_eq!(
                (found.from, found.until),
                (time(from), until.map(time)),
                "{words}"
            );
        }
        assert_eq!(
            range("--tail g --for 90s").unwrap().lasting,
            Some(TimeDelta::seconds(90))
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_a_sentence() {
        for (words, part) in [
            ("--tail g --until 1m", "has no end to name"),
            ("logs g -f --end 2026-11-20", "has no end to name"),
            ("logs g --since 1h --until 2h", "is not after the start"),
            ("logs g --since 1h --until 1h", "is not after the start"),
            ("logs g --since 2027-01-01", "is not after the start"),
            ("--tail g --since 2027-01-01", "is still to come"),
            ("logs g --since 5y", "`y` is none of"),
            ("logs g --for 5m", "nothing is followed"),
            ("--tail g --for soon", "is no span"),
        ] {
            let sentence = range(words).unwrap_err();
            assert!(
                sentence.contains(part) && sentence.ends_with('.'),
                "{words}: {sentence}"
            );
        }
    }
}
