//! What the tag on a stopped thing says: how it was before, and which operation stopped it.
//!
//! `v1:1-3-6:20261120T140000Z-stop-1234:1795183200:AlarmNotification`. Whatever is written here is read again by the
//! next operator, on another machine, perhaps a year later; so the version stands first, and what cannot be read is
//! never guessed at. Only characters that every service allows in a tag occur.

use super::super::{OperationId, Sizes};
use crate::domain::Timestamp;
use std::fmt;

const VERSION: &str = "v1";

/// What is remembered of a thing while it is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub kept: Kept,
    /// The operation that stopped it.
    pub operation: String,
    /// In seconds since 1970.
    pub since: i64,
}

/// How a thing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A group: its sizes, and the processes that were suspended with it.
    Sizes(Sizes, Vec<String>),
    /// A service: its tasks, and between which numbers it was scaled.
    Tasks(u32, Option<(u32, u32)>),
    /// It ran.
    On,
}

impl Memory {
    pub fn new(kept: Kept, operation: &OperationId, at: Timestamp) -> Self {
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "-_.".contains(*letter);
        Self {
            kept,
            operation: operation.as_str().chars().filter(is_plain).collect(),
            since: at.timestamp(),
        }
    }

    /// Reads a tag; none for what Quarterdeck did not write, or wrote in a way that it does not know any more.
    pub fn parse(tag: &str) -> Option<Self> {
        let mut fields = tag.split(':');
        if fields.next()? != VERSION {
            return None;
        }
        let (kept, operation, since) = (fields.next()?, fields.next()?, fields.next()?);
        let more = fields.next().filter(|more| !more.is_empty());
        if fields.next().is_some() {
            return None;
        }
        let numbers: Option<Vec<u32>> = kept.split('-').map(|part| part.parse().ok()).collect();
        let kept = match (kept, numbers.as_deref()) {
            ("on", _) if more.is_none() => Kept::On,
            (_, Some([least, desired, most])) => {
                let sizes = Sizes {
                    least: *least,
                    desired: *desired,
                    most: *most,
                };
                let processes = more.map(|more| more.split('+').map(str::to_owned).collect());
                Kept::Sizes(sizes, processes.unwrap_or_default())
            }
            (_, Some([tasks])) => {
                let limits = match more {
                    Some(more) => Some(pair(more)?),
                    None => None,
                };
                Kept::Tasks(*tasks, limits)
            }
            _ => return None,
        };
        Some(Self {
            kept,
            operation: operation.to_owned(),
            since: since.parse().ok()?,
        })
    }

    /// Who stopped it and when, for a sentence.
    pub fn words(&self) -> String {
        let operation = crate::domain::untrusted::sanitise(&self.operation);
        match Timestamp::from_timestamp(self.since, 0) {
            Some(at) => format!("{operation} at {}", at.format("%Y-%m-%d %H:%MZ")),
            None => operation.into_owned(),
        }
    }
}

fn pair(text: &str) -> Option<(u32, u32)> {
    let (least, most) = text.split_once('-')?;
    Some((least.parse().ok()?, most.parse().ok()?))
}

impl fmt::Display for Memory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = |out: &mut fmt::Formatter<'_>| write!(out, ":{}:{}", self.operation, self.since);
        write!(out, "{VERSION}:")?;
        match &self.kept {
            Kept::Sizes(sizes, processes) => {
                write!(out, "{sizes}")?;
                tail(out)?;
                if !processes.is_empty() {
                    write!(out, ":{}", processes.join("+"))?;
                }
                Ok(())
            }
            Kept::Tasks(tasks, limits) => {
                write!(out, "{tasks}")?;
                tail(out)?;
                if let Some((least, most)) = limits {
                    write!(out, ":{least}-{most}")?;
                }
                Ok(())
            }
            Kept::On => {
                out.write_str("on")?;
                tail(out)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};

    fn memory(kept: Kept) -> Memory {
        let at = Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap();
        Memory::new(kept, &OperationId::new("20261120T140000Z-stop-1234"), at)
    }

    fn sizes(least: u32, desired: u32, most: u32) -> Sizes {
        Sizes {
            least,
            desired,
            most,
        }
    }

    #[test]
    fn a_tag_reads_as_the_rule_says_and_back() {
        let both = vec![
            "AlarmNotification".to_owned(),
            "ScheduledActions".to_owned(),
        ];
        for (kept, tag) in [
            (
                Kept::Sizes(sizes(1, 3, 6), Vec::new()),
                "v1:1-3-6:20261120T140000Z-stop-1234:1795183200",
            ),
            (
                Kept::Sizes(sizes(1, 3, 6), both),
                "v1:1-3-6:20261120T140000Z-stop-1234:1795183200:AlarmNotification+ScheduledActions",
            ),
            (
                Kept::Tasks(4, Some((2, 10))),
                "v1:4:20261120T140000Z-stop-1234:1795183200:2-10",
            ),
            (
                Kept::Tasks(4, None),
                "v1:4:20261120T140000Z-stop-1234:1795183200",
            ),
            (Kept::On, "v1:on:20261120T140000Z-stop-1234:1795183200"),
        ] {
            let memory = memory(kept);
            assert_eq!(memory.to_string(), tag);
            assert!(tag.len() <= 256);
            assert_eq!(Memory::parse(tag), Some(memory));
        }
    }

    #[test]
    fn what_nobody_here_wrote_is_not_guessed_at() {
        for tag in [
            "",
            "1-3-6",
            "v2:1-3-6:op:1",
            "v1:1-3:op:1",
            "v1:1-3-6:op",
            "v1:1-3-6:op:yesterday",
            "v1:1-3-6:op:1:A:B",
            "v1:4:op:1:many",
            "v1:off:op:1",
        ] {
            assert_eq!(Memory::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn whoever_stopped_it_is_named_with_the_time() {
        assert_eq!(
            memory(Kept::On).words(),
            "20261120T140000Z-stop-1234 at 2026-11-20 14:00Z"
        );
    }
}
