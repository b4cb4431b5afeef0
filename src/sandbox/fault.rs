//! What goes wrong, where, and when.
//!
//! Faults are looked up by what a request says of itself (account, region, service, operation) before any
//! of it is believed. Those that refuse are answered in words; those of the line are carried out by the
//! server: a reset, a silence, a body that stops short.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::scenario::{FaultKindPlan, FaultPlan};

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
    /// Signing name: `cloudformation`, `sts`, `monitoring`, `ec2`, `account`, `awsssoportal`.
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
    /// `find` in an answer's bytes becomes `bytes`, which need not be text.
    Garbled {
        find: String,
        bytes: Vec<u8>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FaultId(u64);

/// The faults in force, and how full their buckets are.
#[derive(Debug)]
pub(super) struct Faults {
    began: DateTime<Utc>,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    next: u64,
    known: BTreeMap<FaultId, Fault>,
    /// One bucket per fault, account and region: AWS counts each apart.
    buckets: BTreeMap<(FaultId, String, String), Bucket>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    filled: DateTime<Utc>,
}

impl Faults {
    pub(super) fn new(plans: &[FaultPlan], began: DateTime<Utc>) -> Faults {
        let faults = Faults {
            began,
            entries: Mutex::default(),
        };
        for plan in plans {
            faults.inject(planned(plan, began));
        }
        faults
    }

    pub(super) fn inject(&self, fault: Fault) -> FaultId {
        let mut entries = self.entries();
        let id = FaultId(entries.next);
        entries.next += 1;
        entries.known.insert(id, fault);
        id
    }

    pub(super) fn heal(&self, id: FaultId) {
        let mut entries = self.entries();
        entries.known.remove(&id);
        entries.buckets.retain(|(owner, _, _), _| *owner != id);
    }

    /// What is wrong for this request now, in the order of injection. A throttle is among it only if
    /// its bucket is empty; asking takes a token.
    pub(super) fn facing(&self, request: &Place, now: DateTime<Utc>) -> Vec<FaultKind> {
        let mut entries = self.entries();
        let hits: Vec<(FaultId, FaultKind)> = entries
            .known
            .iter()
            .filter(|(_, fault)| fault.place.covers(request) && self.is_on(fault, now))
            .map(|(id, fault)| (*id, fault.kind.clone()))
            .collect();
        hits.into_iter()
            .filter(|(id, kind)| match kind {
                FaultKind::Throttle { per_second, burst } => {
                    let key = (*id, request.account.clone(), request.region.clone());
                    let bucket = entries.buckets.entry(key).or_insert(Bucket {
                        tokens: *burst,
                        filled: now,
                    });
                    !bucket.take(*per_second, *burst, now)
                }
                _ => true,
            })
            .map(|(_, kind)| kind)
            .collect()
    }

    fn is_on(&self, fault: &Fault, now: DateTime<Utc>) -> bool {
        fault.spells.is_none_or(|spells| {
            let elapsed = (now - self.began).to_std().unwrap_or_default().as_millis();
            let every = spells.every.as_millis().max(1);
            // A spell ends its period, so that a world begins well.
            elapsed % every >= every.saturating_sub(spells.lasts.as_millis())
        })
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    fn take(&mut self, per_second: f64, burst: f64, now: DateTime<Utc>) -> bool {
        let waited = (now - self.filled)
            .to_std()
            .unwrap_or_default()
            .as_secs_f64();
        self.tokens = (self.tokens + waited * per_second).min(burst);
        self.filled = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

fn planned(plan: &FaultPlan, began: DateTime<Utc>) -> Fault {
    let millis = Duration::from_millis;
    let kind = match plan.kind.clone() {
        FaultKindPlan::Latency {
            millis: fixed,
            jitter,
        } => FaultKind::Latency {
            fixed: millis(fixed),
            jitter: millis(jitter),
        },
        FaultKindPlan::Throttle { per_second, burst } => FaultKind::Throttle { per_second, burst },
        FaultKindPlan::AccessDenied => FaultKind::AccessDenied,
        FaultKindPlan::Expired { issued_before } => FaultKind::Expired {
            issued_before: issued_before.map(|minutes| began - TimeDelta::minutes(minutes)),
        },
        FaultKindPlan::Reset => FaultKind::Reset,
        FaultKindPlan::Dark => FaultKind::Dark,
        FaultKindPlan::Html => FaultKind::Html,
        FaultKindPlan::Redirect { location } => FaultKind::Redirect { location },
        FaultKindPlan::Truncated => FaultKind::Truncated,
        FaultKindPlan::SlowBody { millis: pause } => FaultKind::SlowBody {
            pause: millis(pause),
        },
        FaultKindPlan::SlowClose { millis: pause } => FaultKind::SlowClose {
            pause: millis(pause),
        },
        FaultKindPlan::ServerError { status } => FaultKind::ServerError { status },
        FaultKindPlan::ClockSkew { seconds } => FaultKind::ClockSkew { seconds },
        FaultKindPlan::Garbled { find, bytes } => FaultKind::Garbled { find, bytes },
    };
    Fault {
        place: Place {
            account: plan.account.clone(),
            region: plan.region.clone(),
            service: plan.service.clone(),
            operation: plan.operation.clone(),
        },
        kind,
        spells: plan.every.zip(plan.lasts).map(|(every, lasts)| Spells {
            every: Duration::from_secs(every),
            lasts: Duration::from_secs(lasts),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn began() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn request() -> Place {
        Place::account("123456789012")
            .service("cloudformation")
            .operation("DescribeStacks")
    }

    #[test]
    fn a_pattern_covers_what_it_says_and_no_more() {
        let cases = [
            ("", "anything", true),
            ("Describe*", "DescribeStacks", true),
            ("*Stacks", "DescribeStacks", true),
            ("D*S*s", "DescribeStacks", true),
            ("Describe*", "ListStacks", false),
            ("DescribeStacks", "DescribeStackEvents", false),
            ("Describe", "DescribeStacks", false),
            ("*", "", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(covers(pattern, name), expected, "{pattern} on {name}");
        }
    }

    #[test]
    fn a_throttle_lets_its_burst_through_and_then_its_rate() {
        let faults = Faults::new(&[], began());
        let place = Place::everywhere().operation("Describe*");
        faults.inject(Fault::new(
            place,
            FaultKind::Throttle {
                per_second: 2.0,
                burst: 3.0,
            },
        ));
        let refused = |millis| {
            let now = began() + TimeDelta::milliseconds(millis);
            !faults.facing(&request(), now).is_empty()
        };
        assert_eq!(
            [0, 0, 0, 0, 400, 500, 600].map(refused),
            [false, false, false, true, true, false, true]
        );
        let elsewhere = Place {
            region: "eu-west-1".to_owned(),
            ..request()
        };
        assert!(
            faults.facing(&elsewhere, began()).is_empty(),
            "regions are counted apart"
        );
    }

    #[test]
    fn a_spell_comes_at_the_end_of_each_period() {
        let faults = Faults::new(&[], began());
        faults.inject(Fault {
            spells: Some(Spells {
                every: Duration::from_secs(60),
                lasts: Duration::from_secs(10),
            }),
            ..Fault::new(Place::everywhere(), FaultKind::Dark)
        });
        let on = |seconds| {
            !faults
                .facing(&request(), began() + TimeDelta::seconds(seconds))
                .is_empty()
        };
        assert_eq!(
            [0, 49, 50, 59, 60, 110].map(on),
            [false, false, true, true, false, true]
        );
    }

    #[test]
    fn what_is_healed_is_gone() {
        let faults = Faults::new(&[], began());
        let id = faults.inject(Fault::new(Place::everywhere(), FaultKind::Reset));
        assert_eq!(faults.facing(&request(), began()), [FaultKind::Reset]);
        faults.heal(id);
        assert!(faults.facing(&request(), began()).is_empty());
    }
}
