//! What the code of a service says while it works: JSON in some services, words with levels in others.

use std::ops::Range;

use super::{Fate, Said, one_of, stamp};
use crate::sandbox::world::function::Runtime;
use crate::sandbox::world::random::Dice;

/// Whose lines they are, and how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox::world::logs) struct Persona {
    pub(in crate::sandbox::world::logs) service: String,
    pub(in crate::sandbox::world::logs) runtime: Runtime,
    pub(in crate::sandbox::world::logs) style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox::world::logs) enum Style {
    /// One object a line, with `level`, `message` and figures.
    Json,
    /// Words behind a level, the way the runtime's own logger writes them.
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

impl Level {
    fn word(self, runtime: Runtime) -> &'static str {
        match (self, runtime) {
            (Level::Debug, _) => "DEBUG",
            (Level::Info, _) => "INFO",
            (Level::Warn, Runtime::Python) => "WARNING",
            (Level::Warn, _) => "WARN",
            (Level::Error, _) => "ERROR",
        }
    }
}

/// One thing that is said: words for people and members for machines.
pub(super) struct Remark {
    pub(super) level: Level,
    pub(super) message: String,
    /// Members beside the message, each `"name":value`.
    pub(super) members: String,
}

impl Persona {
    /// The lines of one piece of work between its start and its end.
    pub(super) fn work(
        &self,
        id: &str,
        span: Range<i64>,
        fate: Fate,
        dice: &mut Dice,
        said: &mut Said,
    ) {
        let count = match fate {
            Fate::Fine => dice.between(1, 5),
            Fate::Slow | Fate::Failed | Fate::Throttled => dice.between(3, 7),
            Fate::TimedOut | Fate::Exhausted => dice.between(2, 5),
        };
        let thing = self.thing(dice);
        let length = span.end - span.start;
        for place in 0..count {
            let at = span.start + length * place / count;
            let remark = match (fate, place) {
                (Fate::Slow, place) if place + 1 == count => slow(length),
                (Fate::TimedOut, place) if place + 1 == count => waiting(dice),
                (Fate::Throttled, place) if place > 0 => retrying(place, dice),
                _ => self.ordinary(&thing, place, dice),
            };
            said.push((at, self.written(&remark, id, at)));
        }
    }

    /// What the work is about: an order, a job, a resource.
    fn thing(&self, dice: &mut Dice) -> String {
        match self.service.as_str() {
            "checkout" | "orders" | "payments" | "shipping" | "ledger" => {
                format!("ord-{}", dice.hex(8))
            }
            "gco" => format!("job-{}", dice.hex(10)),
            "catalog" | "search" => format!("sku-{}", dice.between(10_000, 99_999)),
            "identity" => format!("usr-{}", dice.hex(6)),
            _ => format!("item-{}", dice.between(100, 9_999)),
        }
    }

    fn ordinary(&self, thing: &str, place: i64, dice: &mut Dice) -> Remark {
        let latency = dice.between(3, 180);
        let (name, phrases): (&str, &[&str]) = match self.service.as_str() {
            "checkout" | "orders" | "payments" | "shipping" | "ledger" => ("orderId", &ORDER),
            "gco" => ("jobId", &JOB),
            "catalog" | "search" => ("sku", &SEARCH),
            "identity" => ("userId", &SIGN_IN),
            _ => ("item", &CHORE),
        };
        let step = usize::try_from(place).unwrap_or(0) % phrases.len();
        let phrase = phrases[step];
        let level = match dice.between(0, 100) {
            0..8 => Level::Debug,
            8..97 => Level::Info,
            _ => Level::Warn,
        };
        let message = match level {
            Level::Warn => format!("{phrase} slower than usual"),
            Level::Debug | Level::Info | Level::Error => phrase.to_owned(),
        };
        let mut members = format!("\"{name}\":\"{thing}\",\"latencyMs\":{latency}");
        if place == 0 && name == "orderId" {
            let (cents, items) = (dice.between(499, 48_999), dice.between(1, 9));
            let country = one_of(dice, &["DE", "US", "FR", "JP", "SG", "GB"]);
            members.push_str(&format_order(cents, items, country));
        }
        Remark {
            level,
            message,
            members,
        }
    }

    /// A remark as this service writes it down.
    pub(super) fn written(&self, remark: &Remark, id: &str, at: i64) -> String {
        let (stamp, level) = (stamp(at), remark.level.word(self.runtime));
        let Remark {
            message, members, ..
        } = remark;
        match (self.style, self.runtime) {
            (Style::Json, _) => format!(
                "{{\"level\":\"{level}\",\"timestamp\":\"{stamp}\",\"message\":\"{message}\",\
                 \"service\":\"{}\",{members},\"requestId\":\"{id}\"}}\n",
                self.service
            ),
            (Style::Plain, Runtime::Python) => {
                format!("[{level}]\t{stamp}\t{id}\t{message} {}\n", flat(members))
            }
            (Style::Plain, Runtime::Node) => {
                format!("{stamp}\t{id}\t{level}\t{message} {}\n", flat(members))
            }
            (Style::Plain, Runtime::Java) => {
                format!(
                    "{stamp} {id} {level} {}.Handler - {message} {}\n",
                    self.service,
                    flat(members)
                )
            }
        }
    }
}

/// What is done one after the other, by kind of work.
const ORDER: [&str; 7] = [
    "order accepted",
    "price computed",
    "stock reserved",
    "payment authorised",
    "order persisted",
    "receipt queued",
    "metrics flushed",
];
const JOB: [&str; 5] = [
    "queue polled",
    "job admitted",
    "manifest applied",
    "endpoint registered",
    "weights rebalanced",
];
const SEARCH: [&str; 3] = ["query answered", "facets counted", "cache filled"];
const SIGN_IN: [&str; 3] = ["session renewed", "permission checked", "token issued"];
const CHORE: [&str; 5] = ["listed", "checked", "copied", "tagged", "reported"];

fn format_order(cents: i64, items: i64, country: &str) -> String {
    format!(
        ",\"amount\":{}.{:02},\"currency\":\"EUR\",\"items\":{items},\"customer\":{{\"country\":\"{country}\"}}",
        cents / 100,
        cents % 100
    )
}

/// Members as `name=value` words.
fn flat(members: &str) -> String {
    members
        .replace("\":", "=")
        .replace(",\"", " ")
        .replace(['"', '{', '}'], "")
}

fn slow(length: i64) -> Remark {
    Remark {
        level: Level::Warn,
        message: "upstream answered late".to_owned(),
        members: format!("\"upstream\":\"pricing\",\"latencyMs\":{length}"),
    }
}

fn waiting(dice: &mut Dice) -> Remark {
    let upstream = one_of(dice, &["pricing", "payments", "inventory", "dynamodb"]);
    Remark {
        level: Level::Warn,
        message: format!("still waiting for {upstream}"),
        members: format!(
            "\"upstream\":\"{upstream}\",\"attempt\":{}",
            dice.between(1, 4)
        ),
    }
}

fn retrying(attempt: i64, dice: &mut Dice) -> Remark {
    Remark {
        level: Level::Warn,
        message: "throttled by dynamodb, trying again".to_owned(),
        members: format!("\"attempt\":{attempt},\"waitMs\":{}", dice.between(50, 900)),
    }
}
