//! A group of instances that is kept at a size.
//!
//! The desired size is true at once; members come and go after it. When they do is certain at the moment of the
//! change, so a member's part in its life is read off the times that it keeps.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};

use super::switch::Switch;
use super::{Made, Tags, instance};
use crate::sandbox::scenario::WorkPlan;
use crate::sandbox::timeline::Millis;
use crate::sandbox::world::random::Dice;

/// What a group does by itself.
pub(in crate::sandbox) const PROCESSES: [&str; 9] = [
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
];

/// How long a member takes to come, and to go.
const COMES: Millis = 11_000;
const GOES: Millis = 12_000;
/// Between the starts of two members, of which not all come in one moment.
const STRIDE: Millis = 1_500;
/// How long the group takes to find out that a member is not well.
const CHECKED: Millis = 10_000;
/// How long EC2 still tells of an instance that is gone.
const REMEMBERED: Millis = 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Sizes {
    pub(in crate::sandbox) min: i64,
    pub(in crate::sandbox) desired: i64,
    pub(in crate::sandbox) max: i64,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct GroupTag {
    pub(in crate::sandbox) value: String,
    /// Whether instances that are launched get it too.
    pub(in crate::sandbox) propagates: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Lifecycle {
    Pending,
    InService,
    Terminating,
    /// The group has forgotten it; EC2 has not.
    Terminated,
}

/// An instance of the group. Times are milliseconds since the epoch.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Member {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) zone: char,
    pub(in crate::sandbox) launched: i64,
    pub(in crate::sandbox) ended: Option<i64>,
    /// Somebody may stop it, past the group.
    pub(in crate::sandbox) switch: Switch,
    pub(in crate::sandbox) tags: Tags,
}

/// Something that the group did, and why.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Activity {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) cause: String,
    pub(in crate::sandbox) began: i64,
    pub(in crate::sandbox) ends: i64,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Group {
    dice: Dice,
    pub(in crate::sandbox) sizes: Sizes,
    /// By process, since when.
    pub(in crate::sandbox) suspended: BTreeMap<String, i64>,
    pub(in crate::sandbox) tags: BTreeMap<String, GroupTag>,
    members: Vec<Member>,
    /// Oldest first.
    pub(in crate::sandbox) activities: Vec<Activity>,
    /// When a client last changed its sizes.
    pub(in crate::sandbox) changed: Option<i64>,
}

impl Member {
    pub(in crate::sandbox) fn lifecycle(&self, now: i64) -> Lifecycle {
        match self.ended {
            Some(ended) if ended + GOES <= now => Lifecycle::Terminated,
            Some(ended) if ended <= now => Lifecycle::Terminating,
            Some(_) | None if now < self.launched + COMES => Lifecycle::Pending,
            Some(_) | None => Lifecycle::InService,
        }
    }
}

impl Group {
    pub(super) fn found(made: &Made, words: &WorkPlan, dice: Dice) -> Group {
        let (min, desired, max) = words.sizes.unwrap_or((1, 2, 4));
        let tags = made.tags.iter().map(|(key, value)| {
            let tag = GroupTag {
                value: value.clone(),
                propagates: true,
            };
            (key.clone(), tag)
        });
        let mut group = Group {
            dice,
            sizes: Sizes { min, desired, max },
            suspended: BTreeMap::new(),
            tags: tags.collect(),
            members: Vec::new(),
            activities: Vec::new(),
            changed: None,
        };
        group.settle(made.born, "an instance was started in response to a difference between desired and actual capacity");
        group.activities.clear();
        group
    }

    /// Those that are there or have only just gone, oldest first.
    pub(in crate::sandbox) fn members(&self, now: i64) -> Vec<Member> {
        let members = self.members.iter();
        let known = members.filter(|member| {
            member.launched <= now
                && member
                    .ended
                    .is_none_or(|ended| now < ended + GOES + REMEMBERED)
        });
        known.cloned().collect()
    }

    /// What it is still about on its way to its size.
    pub(in crate::sandbox) fn moving(&self, now: i64) -> Option<&Activity> {
        self.activities.iter().find(|activity| now < activity.ends)
    }

    pub(in crate::sandbox) fn resize(&mut self, sizes: Sizes, now: i64) {
        let from = self.sizes;
        self.sizes = sizes;
        self.changed = Some(now);
        let why = format!(
            "a user request update of AutoScalingGroup constraints to min: {}, max: {}, desired: {} changing the \
             desired capacity from {} to {}",
            sizes.min, sizes.max, sizes.desired, from.desired, sizes.desired
        );
        self.settle(now, &why);
    }

    pub(in crate::sandbox) fn suspend(&mut self, process: &str, now: i64) {
        self.suspended.entry(process.to_owned()).or_insert(now);
    }

    /// Does what it has been kept from, once all of these may go on.
    pub(in crate::sandbox) fn resume(&mut self, processes: &[String], now: i64) {
        let suspended = self.suspended.len();
        self.suspended.retain(|known, _| !processes.contains(known));
        if self.suspended.len() < suspended {
            self.settle(now, "a difference between desired and actual capacity");
            self.replace_stopped(now);
        }
    }

    /// Somebody turns a member. One that stops the group takes for ill, ends it and launches another, unless it may
    /// not.
    pub(in crate::sandbox) fn turn(&mut self, id: &str, is_on: bool, now: i64) {
        if let Some(member) = self.member(id) {
            member.switch.turn(is_on, now);
        }
        if !is_on {
            self.replace_stopped(now + CHECKED);
        }
    }

    pub(in crate::sandbox) fn tag(&mut self, id: &str, then: impl FnOnce(&mut Tags)) {
        if let Some(member) = self.member(id) {
            then(&mut member.tags);
        }
    }

    fn member(&mut self, id: &str) -> Option<&mut Member> {
        let mut members = self.members.iter_mut();
        members.find(|member| member.id == id && member.ended.is_none())
    }

    fn replace_stopped(&mut self, at: i64) {
        let needed = ["HealthCheck", "ReplaceUnhealthy", "Terminate"];
        if needed.iter().any(|process| self.is_suspended(process)) {
            return;
        }
        let ill = self.members.iter();
        let ill = ill.filter(|member| member.ended.is_none() && !member.switch.is_on());
        let ill: Vec<String> = ill.map(|member| member.id.clone()).collect();
        let why = "an instance was taken out of service in response to an EC2 health check indicating it has been \
                   terminated or stopped";
        for id in ill {
            self.end(&id, at, why);
            self.settle(at, "an instance was started in response to a difference between desired and actual capacity");
        }
    }

    fn is_suspended(&self, process: &str) -> bool {
        self.suspended.contains_key(process)
    }

    /// Launches what is missing and ends what is too much, the oldest first.
    fn settle(&mut self, now: i64, why: &str) {
        let living = self.members.iter().filter(|member| member.ended.is_none());
        let living: Vec<String> = living.map(|member| member.id.clone()).collect();
        let count = i64::try_from(living.len()).unwrap_or(i64::MAX);
        let wanted = self.sizes.desired;
        if wanted < count && !self.is_suspended("Terminate") {
            let surplus = usize::try_from(count - wanted).unwrap_or(0);
            for (place, id) in (0..).zip(living.iter().take(surplus)) {
                self.end(id, now + STRIDE * Millis::min(place, 4), why);
            }
        }
        if wanted > count && !self.is_suspended("Launch") {
            for place in 0..wanted - count {
                self.launch(now + STRIDE * Millis::min(place, 4), why);
            }
        }
    }

    fn launch(&mut self, at: i64, why: &str) {
        let id = format!("i-0{}", self.dice.hex(16));
        let handed_on = self.tags.iter().filter(|(_, tag)| tag.propagates);
        let tags = handed_on
            .map(|(key, tag)| (key.clone(), tag.value.clone()))
            .collect();
        let zone = if self.members.len().is_multiple_of(2) {
            'a'
        } else {
            'b'
        };
        self.write_down(
            &format!("Launching a new EC2 instance: {id}"),
            why,
            at,
            COMES,
        );
        self.members.push(Member {
            id,
            zone,
            launched: at,
            ended: None,
            switch: Switch::found(true, at, instance::TAKES, None),
            tags,
        });
    }

    fn end(&mut self, id: &str, at: i64, why: &str) {
        if let Some(member) = self.member(id) {
            member.ended = Some(at);
        }
        self.write_down(&format!("Terminating EC2 instance: {id}"), why, at, GOES);
    }

    fn write_down(&mut self, what: &str, why: &str, began: i64, takes: Millis) {
        let stamp = DateTime::from_timestamp_millis(began).unwrap_or_default();
        let stamp = stamp.to_rfc3339_opts(SecondsFormat::Secs, true);
        let id = self.dice.uuid();
        self.activities.push(Activity {
            id,
            description: what.to_owned(),
            cause: format!("At {stamp} {why}."),
            began,
            ends: began + takes,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> Group {
        let made = Made {
            stack: "orders-batch".to_owned(),
            logical: "Nodes".to_owned(),
            physical: "orders-batch-Nodes".to_owned(),
            tags: BTreeMap::new(),
            born: 0,
            cluster: None,
            scales: false,
        };
        let words = WorkPlan {
            sizes: Some((1, 3, 6)),
            ..WorkPlan::default()
        };
        Group::found(&made, &words, Dice::named(1, "group"))
    }

    fn count(group: &Group, now: i64, lifecycle: Lifecycle) -> usize {
        let members = group.members(now);
        let mut there = members.iter();
        let wanted = there
            .by_ref()
            .filter(|member| member.lifecycle(now) == lifecycle);
        wanted.count()
    }

    const HOUR: i64 = 3_600_000;

    #[test]
    fn members_go_one_after_the_other_and_others_come() {
        let mut group = group();
        assert_eq!(count(&group, HOUR, Lifecycle::InService), 3);
        let nothing = Sizes {
            min: 0,
            desired: 0,
            max: 6,
        };
        group.resize(nothing, HOUR);
        assert_eq!(count(&group, HOUR, Lifecycle::Terminating), 1);
        assert_eq!(count(&group, HOUR + 4_000, Lifecycle::Terminating), 3);
        assert!(group.moving(HOUR + 14_000).is_some());
        assert_eq!(count(&group, HOUR + 15_000, Lifecycle::Terminated), 3);
        assert!(group.moving(HOUR + 15_000).is_none());
        let some = Sizes {
            min: 1,
            desired: 2,
            max: 6,
        };
        group.resize(some, HOUR + 20_000);
        assert_eq!(count(&group, HOUR + 22_000, Lifecycle::Pending), 2);
        assert_eq!(count(&group, HOUR + 33_000, Lifecycle::InService), 2);
    }

    #[test]
    fn what_is_suspended_does_not_happen_until_it_is_resumed() {
        let mut group = group();
        group.suspend("Terminate", HOUR);
        group.resize(
            Sizes {
                min: 0,
                desired: 0,
                max: 6,
            },
            HOUR,
        );
        assert_eq!(count(&group, HOUR + 60_000, Lifecycle::InService), 3);
        group.resume(&["Terminate".to_owned()], HOUR + 60_000);
        assert_eq!(count(&group, HOUR + 90_000, Lifecycle::InService), 0);
    }

    #[test]
    fn a_member_that_somebody_stops_is_replaced_unless_the_group_may_not() {
        let mut watched = group();
        let first = watched.members(HOUR)[0].id.clone();
        watched.turn(&first, false, HOUR);
        let later = watched.members(HOUR + 30_000);
        assert_eq!(later.len(), 4, "EC2 still tells of the one that is gone");
        assert_eq!(count(&watched, HOUR + 30_000, Lifecycle::InService), 3);
        let mut left_alone = group();
        for process in PROCESSES {
            left_alone.suspend(process, HOUR);
        }
        left_alone.turn(&first, false, HOUR);
        let kept = left_alone.members(HOUR + 60_000);
        assert!(kept.iter().all(|member| member.ended.is_none()));
        assert!(!kept[0].switch.is_on());
        left_alone.turn(&first, true, HOUR + 60_000);
        assert!(left_alone.members(HOUR + 61_000)[0].switch.is_on());
    }
}
