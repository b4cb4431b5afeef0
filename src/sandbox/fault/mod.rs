//! What goes wrong, where, and when.
//!
//! Faults are looked up by what a request says of itself (account, region, service, operation) before any
//! of it is believed. Those that refuse are answered in words; those of the line are carried out by the
//! server: a reset, a silence, a body that stops short. A stream meets them anew with every piece.

mod force;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub(super) use force::Faults;

/// A fault and where it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub place: Place,
    pub kind: FaultKind,
    /// In force now and then instead of always.
    pub spells: Option<Spells>,
}

impl Fault {
    /// A fault that is in force everywhere in `place`, always.
    pub fn new(place: Place, kind: FaultKind) -> Fault {
        Fault {
            place,
            kind,
            spells: None,
        }
    }
}

/// Patterns of what a fault covers. An empty one covers everything; `*` stands for any letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Account id.
    pub account: String,
    pub region: String,
    /// Signing name: `cloudformation`, `logs`, `lambda`, `sts`, `monitoring`, `ec2`, `account`, `awsssoportal`.
    pub service: String,
    pub operation: String,
}

impl Place {
    pub fn everywhere() -> Place {
        Place::default()
    }

    pub fn region(region: &str) -> Place {
        Place {
            region: region.to_owned(),
            ..Place::default()
        }
    }

    pub fn account(account: &str) -> Place {
        Place {
            account: account.to_owned(),
            ..Place::default()
        }
    }

    #[must_use]
    pub fn service(self, service: &str) -> Place {
        Place {
            service: service.to_owned(),
            ..self
        }
    }

    #[must_use]
    pub fn operation(self, operation: &str) -> Place {
        Place {
            operation: operation.to_owned(),
            ..self
        }
    }

    fn covers(&self, request: &Place) -> bool {
        covers(&self.account, &request.account)
            && covers(&self.region, &request.region)
            && covers(&self.service, &request.service)
            && covers(&self.operation, &request.operation)
    }
}

fn covers(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    if pattern.is_empty() || pattern == name {
        return true;
    }
    let Some(mut rest) = name.strip_prefix(first).filter(|_| pattern.contains('*')) else {
        return false;
    };
    let mut last = "";
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        (rest, last) = (after, piece);
    }
    last.is_empty() || rest.is_empty() || name.ends_with(last)
}

/// On for `lasts`, then off until the next `every` has passed, counted from the world's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spells {
    pub every: Duration,
    pub lasts: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// Every answer comes late.
    Latency {
        fixed: Duration,
        jitter: Duration,
    },
    /// A bucket of `burst` requests that fills at `per_second`; what is over is answered `Rate exceeded`.
    Throttle {
        per_second: f64,
        burst: f64,
    },
    AccessDenied,
    /// Credentials are answered as expired: all, or those issued before a time.
    Expired {
        issued_before: Option<DateTime<Utc>>,
    },
    /// The connection is reset, without an answer.
    Reset,
    /// The request is taken and never answered.
    Dark,
    /// The login page of somebody's network, with status 200.
    Html,
    Redirect {
        location: String,
    },
    /// The body stops halfway, although more was promised.
    Truncated,
    /// The body comes a little at a time, each `pause` apart.
    SlowBody {
        pause: Duration,
    },
    /// Everything has come, but the end is not said for `pause`.
    SlowClose {
        pause: Duration,
    },
    ServerError {
        status: u16,
    },
    /// The region's clock is off by so many seconds (ahead if positive), and judges signatures by it.
    ClockSkew {
        seconds: i64,
    },
    /// A stream is cut off after so many updates; an answer that is whole at once is not.
    Severed {
        after: u32,
    },
    /// `find` in an answer's bytes becomes `bytes`, which need not be text.
    Garbled {
        find: String,
        bytes: Vec<u8>,
    },
}

impl FaultKind {
    /// What stands in a log line for half a surrogate pair, where [`FaultKind::lone_surrogates`] is in force.
    pub const SURROGATE: &str = "@@SURROGATE@@";
    /// What ends the string it stands in, where [`FaultKind::broken_json`] is in force.
    pub const BROKEN: &str = "@@BROKEN@@";

    /// JSON answers carry `\ud83d` without its other half, which no parser of text can read.
    pub fn lone_surrogates() -> FaultKind {
        FaultKind::Garbled {
            find: FaultKind::SURROGATE.to_owned(),
            bytes: br"\ud83d".to_vec(),
        }
    }

    /// JSON answers that hold the mark are no JSON.
    pub fn broken_json() -> FaultKind {
        FaultKind::Garbled {
            find: FaultKind::BROKEN.to_owned(),
            bytes: b"\"".to_vec(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FaultId(u64);

#[cfg(test)]
mod tests;
