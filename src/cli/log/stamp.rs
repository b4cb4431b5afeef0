//! Times of events as text, quickly: neighbours mostly share a second.

use super::arguments::Zone;
use crate::domain::log::{Millis, timestamp};
use chrono::{DateTime, Local, TimeZone};
use std::fmt::Display;

/// A clock face. What it shows always says how far it is from UTC.
#[derive(Debug)]
pub(super) struct Stamp {
    zone: Zone,
    /// The second that the texts are about.
    second: Option<i64>,
    /// Up to the seconds.
    head: String,
    /// Behind the milliseconds.
    tail: String,
}

impl Stamp {
    pub(super) fn new(zone: Zone) -> Self {
        Self {
            zone,
            second: None,
            head: String::new(),
            tail: String::new(),
        }
    }

    /// Adds `2026-11-20T14:32:07.123Z`, or with the offset of the local time.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, time: Millis) {
        let second = time.div_euclid(1_000);
        if self.second != Some(second) {
            self.second = Some(second);
            let moment = timestamp(time);
            match self.zone {
                Zone::Utc => self.show(&moment, "Z"),
                Zone::Local => {
                    let local = moment.with_timezone(&Local);
                    let offset = local.format("%:z").to_string();
                    self.show(&local, if offset == "+00:00" { "Z" } else { &offset });
                }
            }
        }
        out.extend_from_slice(self.head.as_bytes());
        out.push(b'.');
        let millis = time.rem_euclid(1_000);
        for digit in [millis / 100, millis / 10 % 10, millis % 10] {
            out.push(b'0' + u8::try_from(digit).unwrap_or_default());
        }
        out.extend_from_slice(self.tail.as_bytes());
    }

    fn show<Z: TimeZone>(&mut self, moment: &DateTime<Z>, offset: &str)
    where
        Z::Offset: Display,
    {
        self.head = moment.format("%Y-%m-%dT%H:%M:%S").to_string();
        offset.clone_into(&mut self.tail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_millisecond_is_shown_whatever_came_before() {
        let mut stamp = Stamp::new(Zone::Utc);
        for (time, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (999, "1970-01-01T00:00:00.999Z"),
            (1_795_530_727_045, "2026-11-24T14:32:07.045Z"),
            (1, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            let mut out = Vec::new();
            stamp.write(&mut out, time);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
