//! A service that keeps a number of containers running, and the target that scales it.
//!
//! The desired number is true at once; the containers follow one by one. Where a scalable target's minimum is above
//! the desired number, the target puts the service back up a while later: at a time that is certain from the moment
//! in which it became so, whoever asks, and when.

use super::{Made, Tags};
use crate::sandbox::scenario::WorkPlan;
use crate::sandbox::timeline::Millis;

/// How long the first container takes to come or go, and each one after it.
const FIRST: Millis = 4_000;
const EACH: Millis = 1_500;
/// How long Application Auto Scaling takes to notice.
const NOTICED: Millis = 30_000;
/// For one whose stack says nothing of how far it scales.
const ORDINARY: (i64, i64) = (2, 12);

/// What scales a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Target {
    pub(in crate::sandbox) min: i64,
    pub(in crate::sandbox) max: i64,
    /// Scaling in, scaling out, and by the clock.
    pub(in crate::sandbox) suspended: [bool; 3],
    /// When it was registered as it is, in milliseconds since the epoch.
    pub(in crate::sandbox) since: i64,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Service {
    pub(in crate::sandbox) desired: i64,
    /// When the desired number was last changed, and how many ran then.
    pub(in crate::sandbox) changed: (i64, i64),
    pub(in crate::sandbox) target: Option<Target>,
    pub(in crate::sandbox) tags: Tags,
}

impl Service {
    pub(super) fn found(made: &Made, words: &WorkPlan) -> Service {
        let bounds = words.scalable.or(made.scales.then_some(ORDINARY));
        let desired = words.tasks.unwrap_or(3);
        Service {
            desired,
            changed: (made.born, desired),
            target: bounds.map(|(min, max)| Target {
                min,
                max,
                suspended: [false; 3],
                since: made.born,
            }),
            tags: made.tags.clone(),
        }
    }

    /// How many run at a time.
    pub(in crate::sandbox) fn running(&self, now: i64) -> i64 {
        let (at, from) = self.changed;
        let since = now - at - FIRST;
        let moved = if since < 0 { 0 } else { since / EACH + 1 };
        if self.desired > from {
            (from + moved).min(self.desired)
        } else {
            (from - moved).max(self.desired)
        }
    }

    pub(in crate::sandbox) fn pending(&self, now: i64) -> i64 {
        (self.desired - self.running(now)).max(0)
    }

    pub(in crate::sandbox) fn want(&mut self, desired: i64, now: i64) {
        let running = self.running(now);
        if desired != self.desired {
            self.changed = (now, running);
            self.desired = desired;
        }
    }

    /// Lets happen what happens by itself until now.
    pub(super) fn settle(&mut self, now: i64) {
        let Some(target) = self.target else { return };
        let noticed = self.changed.0.max(target.since) + NOTICED;
        let [in_, out, _] = target.suspended;
        if noticed > now {
            return;
        }
        if self.desired < target.min && !out {
            self.want(target.min, noticed);
        } else if self.desired > target.max && !in_ {
            self.want(target.max, noticed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(min: i64) -> Service {
        Service {
            desired: 4,
            changed: (0, 4),
            target: Some(Target {
                min,
                max: 8,
                suspended: [false; 3],
                since: 0,
            }),
            tags: Tags::new(),
        }
    }

    #[test]
    fn containers_follow_the_desired_number_one_by_one() {
        let mut service = service(0);
        service.want(0, 100_000);
        assert_eq!(service.running(103_000), 4);
        assert_eq!(service.running(104_000), 3);
        assert_eq!(service.running(108_500), 0);
        service.want(2, 200_000);
        assert_eq!((service.running(203_000), service.pending(203_000)), (0, 2));
        assert_eq!((service.running(206_000), service.pending(206_000)), (2, 0));
    }

    #[test]
    fn a_target_whose_minimum_is_above_puts_the_service_back_up() {
        let mut scaled = service(2);
        scaled.settle(100_000);
        assert_eq!(scaled.desired, 4);
        scaled.want(0, 100_000);
        scaled.settle(129_999);
        assert_eq!(scaled.desired, 0);
        scaled.settle(500_000);
        assert_eq!((scaled.desired, scaled.changed.0), (2, 130_000));
        let mut held = service(2);
        if let Some(target) = &mut held.target {
            target.suspended = [false, true, false];
        }
        held.want(0, 100_000);
        held.settle(500_000);
        assert_eq!(held.desired, 0, "scaling out is suspended");
    }
}
