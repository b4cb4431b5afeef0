//! The faults in force.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Fault, FaultId, FaultKind, Place, Spells};
use crate::sandbox::bucket::Bucket;
use crate::sandbox::scenario::{FaultKindPlan, FaultPlan};

/// The faults in force, and how full their buckets are.
#[derive(Debug)]
pub(in crate::sandbox) struct Faults {
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

impl Faults {
    pub(in crate::sandbox) fn new(plans: &[FaultPlan], began: DateTime<Utc>) -> Faults {
        let faults = Faults {
            began,
            entries: Mutex::default(),
        };
        for plan in plans {
            faults.inject(planned(plan, began));
        }
        faults
    }

    pub(in crate::sandbox) fn inject(&self, fault: Fault) -> FaultId {
        let mut entries = self.entries();
        let id = FaultId(entries.next);
        entries.next += 1;
        entries.known.insert(id, fault);
        id
    }

    pub(in crate::sandbox) fn heal(&self, id: FaultId) {
        let mut entries = self.entries();
        entries.known.remove(&id);
        entries.buckets.retain(|(owner, _, _), _| *owner != id);
    }

    /// What is wrong for this request now, in the order of injection. A throttle is among it only if
    /// its bucket is empty; asking takes a token.
    pub(in crate::sandbox) fn facing(&self, request: &Place, now: DateTime<Utc>) -> Vec<FaultKind> {
        let mut entries = self.entries();
        let hits = self.in_force(&entries, request, now);
        hits.into_iter()
            .filter(|(id, kind)| match kind {
                FaultKind::Throttle { per_second, burst } => {
                    let key = (*id, request.account.clone(), request.region.clone());
                    let bucket = entries
                        .buckets
                        .entry(key)
                        .or_insert_with(|| Bucket::full(*burst, now));
                    !bucket.take(*per_second, *burst, now)
                }
                _ => true,
            })
            .map(|(_, kind)| kind)
            .collect()
    }

    /// What is wrong for a stream that was let in long ago: the line, and no longer who may ask how often.
    pub(in crate::sandbox) fn on_the_line(
        &self,
        request: &Place,
        now: DateTime<Utc>,
    ) -> Vec<FaultKind> {
        let hits = self.in_force(&self.entries(), request, now);
        hits.into_iter()
            .map(|(_, kind)| kind)
            .filter(|kind| !matches!(kind, FaultKind::Throttle { .. }))
            .collect()
    }

    fn in_force(
        &self,
        entries: &Entries,
        request: &Place,
        now: DateTime<Utc>,
    ) -> Vec<(FaultId, FaultKind)> {
        let known = entries.known.iter();
        known
            .filter(|(_, fault)| fault.place.covers(request) && self.is_on(fault, now))
            .map(|(id, fault)| (*id, fault.kind.clone()))
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
        FaultKindPlan::Severed { after } => FaultKind::Severed { after },
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
