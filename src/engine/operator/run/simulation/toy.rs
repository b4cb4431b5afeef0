//! A small AWS: stacks, dials and what can be stopped, with the rules that matter here, other operators, and a line that
//! breaks wherever a test wants it to.
//!
//! It holds a grudge: whatever a run should never have sent is kept in [`Toy::sins`].

use crate::aws::Miscarriage;
use crate::domain::operation::{
    Call, Power, PowerState, Processes, Sight, Sizes, Spread, StackSight, Thing, Trace,
};
use crate::domain::{Kind, Problem, Reach, StackStatus, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::Instant;

/// How long a stack and a dial are on their way.
const TAKES: Duration = Duration::from_secs(5);

/// How a line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// The request does not arrive.
    Before,
    /// It does, and the answer gets lost.
    After,
    Throttled,
}

#[derive(Debug, Default)]
pub(super) struct Toy {
    pub(super) stacks: BTreeMap<String, Stack>,
    pub(super) dials: BTreeMap<String, (f64, Option<Instant>)>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) databases: BTreeMap<String, Power>,
    pub(super) memories: BTreeMap<String, String>,
    /// Every change that was really made, in order.
    pub(super) done: Vec<String>,
    /// What should never have been sent.
    pub(super) sins: Vec<String>,
    /// How the next calls that change something break, by their number.
    pub(super) breaks: BTreeMap<usize, Break>,
    /// A seeded fault: whoever looks at a stack sees it as it was before anybody did anything.
    pub(super) is_stale: bool,
    /// Calls that have arrived or should have.
    pub(super) calls: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stack {
    pub(super) status: &'static str,
    pub(super) updated: i64,
    /// What is deployed.
    pub(super) version: u32,
    before: u32,
    until: Option<Instant>,
    /// What follows when the time has come.
    pub(super) next: &'static str,
    /// Whether the next deployment fails.
    pub(super) fails: bool,
    pub(super) tokens: BTreeSet<String>,
    /// Whether the newest operation is somebody else's.
    is_overtaken: bool,
    /// Change sets: which version each would deploy, and whether it can be executed.
    pub(super) change_sets: BTreeMap<String, (u32, &'static str)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) sizes: Sizes,
    pub(super) suspended: BTreeSet<String>,
}

impl Stack {
    pub(super) fn new(version: u32) -> Self {
        Self {
            status: "UPDATE_COMPLETE",
            updated: 0,
            version,
            before: version,
            until: None,
            next: "",
            fails: false,
            tokens: BTreeSet::new(),
            is_overtaken: false,
            change_sets: BTreeMap::new(),
        }
    }

    /// Lets what is due happen.
    fn settle(&mut self) {
        while self.until.is_some_and(|until| Instant::now() >= until) {
            self.until = None;
            self.status = self.next;
            match self.status {
                "UPDATE_ROLLBACK_IN_PROGRESS" => self.go("UPDATE_ROLLBACK_COMPLETE"),
                "UPDATE_ROLLBACK_COMPLETE" => self.version = self.before,
                _ => {}
            }
        }
    }

    fn go(&mut self, next: &'static str) {
        self.next = next;
        self.until = Some(Instant::now() + TAKES);
    }

    /// Somebody else deploys something.
    pub(super) fn touched(&mut self) {
        self.updated += 1;
        self.version = 99;
        self.is_overtaken = true;
        for (_, state) in self.change_sets.values_mut() {
            *state = "OBSOLETE";
        }
    }

    /// Somebody else executes the very change set that was reviewed.
    pub(super) fn executed_by_another(&mut self) {
        self.touched();
        if let Some(change_set) = self.change_sets.get_mut("next") {
            change_set.1 = "EXECUTE_COMPLETE";
        }
    }
}

fn moment(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_timestamp(1_700_000_000 + seconds, 0)
}

pub(super) fn seen(stack: &Stack) -> crate::domain::operation::Seen {
    crate::domain::operation::Seen {
        status: stack.status.to_owned(),
        updated: moment(stack.updated),
    }
}

impl Toy {
    pub(super) fn look(&mut self, call: &Call) -> Sight {
        match call {
            Call::ExecuteChangeSet { stack, .. } | Call::CancelUpdateStack { stack, .. } => {
                let Some(now) = self.stacks.get_mut(stack.exact()) else {
                    return Sight::Gone;
                };
                now.settle();
                if self.is_stale {
                    return Sight::Stack(StackSight {
                        status: StackStatus::UpdateComplete,
                        reason: None,
                        updated: moment(0),
                        trace: Trace::Absent,
                        change_set: Some("AVAILABLE".into()),
                        progress: None,
                        cause: None,
                    });
                }
                let token = call.token().map(|token| token.as_str().to_owned());
                let is_there = token.is_some_and(|token| now.tokens.contains(&token));
                let change_set = call
                    .change_set()
                    .and_then(|name| now.change_sets.get(name.exact()));
                Sight::Stack(StackSight {
                    status: StackStatus::parse(now.status),
                    reason: None,
                    updated: moment(now.updated),
                    trace: match (is_there, now.is_overtaken) {
                        (true, false) => Trace::Newest,
                        (true, true) => Trace::Overtaken(None),
                        (false, _) => Trace::Absent,
                    },
                    change_set: change_set.map(|(_, state)| (*state).into()),
                    progress: None,
                    cause: now
                        .fails
                        .then(|| ("Function".into(), "It does not start.".into())),
                })
            }
            Call::SetDial { group, .. } => match self.dials.get(group.exact()) {
                Some((percent, until)) => Sight::Dial {
                    percent: *percent,
                    reach: match until {
                        Some(until) if Instant::now() < *until => Spread::InProgress,
                        Some(_) | None => Spread::Deployed,
                    },
                },
                None => Sight::Gone,
            },
            Call::Remember { thing, .. } => {
                Sight::Memory(self.memories.get(thing.name().exact()).cloned())
            }
            Call::SetProcesses { group, .. } => {
                let group = &self.groups[group.exact()];
                Sight::Suspended(group.suspended.iter().cloned().collect())
            }
            Call::SetSizes { group, .. } => {
                let sizes = self.groups[group.exact()].sizes;
                Sight::Sizes {
                    sizes,
                    serving: sizes.desired,
                    instances: sizes.desired,
                }
            }
            Call::SetPower { thing, .. } => {
                Sight::Power(match self.databases[thing.name().exact()] {
                    Power::On => PowerState::On,
                    Power::Off => PowerState::Off,
                })
            }
            other => panic!("the toy has no {}", other.action()),
        }
    }

    /// A call arrives, or should: as the line lets it.
    pub(super) fn carry_out(&mut self, call: &Call) -> Result<Option<String>, Miscarriage> {
        self.calls += 1;
        let lost = || Problem::new(Kind::Unreachable(Reach::Reset), "The line broke.");
        match self.breaks.get(&self.calls) {
            Some(Break::Before) => Err(Miscarriage::Unknown(lost())),
            Some(Break::After) => {
                // Whatever AWS said, nobody heard it.
                let _ = self.arrive(call);
                Err(Miscarriage::Unknown(lost()))
            }
            Some(Break::Throttled) => {
                let problem = Problem::new(Kind::Throttled, "Rate exceeded.");
                Err(Miscarriage::Refused(problem))
            }
            None => self.arrive(call),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one short arm for each call")]
    fn arrive(&mut self, call: &Call) -> Result<Option<String>, Miscarriage> {
        let request = Some(format!("r-{}", self.calls));
        let refused = |what: &str| Err(Miscarriage::Refused(Problem::new(Kind::Invalid, what)));
        match call {
            Call::ExecuteChangeSet {
                stack: name,
                change_set,
                token,
                seen: reviewed,
                ..
            } => {
                let Some(stack) = self.stacks.get_mut(name.exact()) else {
                    return refused("Stack does not exist.");
                };
                stack.settle();
                if stack.tokens.contains(token.as_str()) {
                    self.sins.push(format!("{} was sent again", token.as_str()));
                    return Err(Miscarriage::AlreadyTaken);
                }
                let Some((version, "AVAILABLE")) =
                    stack.change_sets.get(change_set.exact()).copied()
                else {
                    return refused("InvalidChangeSetStatus.");
                };
                if *reviewed != seen(stack) {
                    self.sins.push(format!("{name} was executed unreviewed"));
                }
                stack.tokens.insert(token.as_str().to_owned());
                stack
                    .change_sets
                    .insert(change_set.exact().to_owned(), (version, "EXECUTE_COMPLETE"));
                stack.is_overtaken = false;
                stack.status = "UPDATE_IN_PROGRESS";
                stack.updated += 1;
                (stack.before, stack.version) = (stack.version, version);
                let next = if stack.fails {
                    "UPDATE_ROLLBACK_IN_PROGRESS"
                } else {
                    "UPDATE_COMPLETE"
                };
                stack.go(next);
                self.done.push(format!("deploy {version} to {name}"));
            }
            Call::CancelUpdateStack {
                stack: name, token, ..
            } => {
                let stack = self.stacks.get_mut(name.exact()).expect("it is there");
                stack.settle();
                if stack.is_overtaken {
                    self.sins
                        .push(format!("somebody else's {name} was cancelled"));
                }
                if stack.status != "UPDATE_IN_PROGRESS" {
                    return refused("CancelUpdateStack cannot be called now.");
                }
                stack.tokens.insert(token.as_str().to_owned());
                stack.status = "UPDATE_ROLLBACK_IN_PROGRESS";
                stack.go("UPDATE_ROLLBACK_COMPLETE");
                self.done.push(format!("cancel {name}"));
            }
            Call::SetDial {
                group,
                before,
                after,
            } => {
                let now = self.dials.get_mut(group.exact()).expect("it is there");
                if (now.0 - after).abs() < f64::EPSILON {
                    self.sins
                        .push(format!("{group} was dialled to {after} again"));
                } else if (now.0 - before).abs() > f64::EPSILON {
                    self.sins.push(format!("{group} was not at {before}"));
                }
                *now = (*after, Some(Instant::now() + TAKES));
                self.done.push(format!("dial {group} to {after}"));
            }
            Call::Remember {
                thing,
                before,
                after,
            } => {
                let name = thing.name().exact().to_owned();
                if self.memories.get(&name) != before.as_ref() {
                    self.sins
                        .push(format!("{name} did not remember {before:?}"));
                }
                if after.as_ref().is_some_and(|it| it.starts_with("v1:0-0-")) {
                    self.sins.push(format!("{name} is to remember nothing"));
                }
                match after {
                    Some(value) => self.memories.insert(name.clone(), value.clone()),
                    None => self.memories.remove(&name),
                };
                self.done.push(format!("remember {after:?} of {name}"));
            }
            Call::SetProcesses {
                group,
                processes,
                to,
            } => {
                let now = self.groups.get_mut(group.exact()).expect("it is there");
                for process in processes {
                    match to {
                        Processes::Suspended => now.suspended.insert(process.clone()),
                        Processes::Resumed => now.suspended.remove(process),
                    };
                }
                self.done
                    .push(format!("processes of {} {to:?}", group.exact()));
            }
            Call::SetSizes {
                group,
                before,
                after,
            } => {
                let now = self.groups.get_mut(group.exact()).expect("it is there");
                if now.sizes != *before {
                    self.sins
                        .push(format!("{} was not {before}", group.exact()));
                }
                now.sizes = *after;
                self.done.push(format!("size {} to {after}", group.exact()));
            }
            Call::SetPower {
                thing: Thing::Database(name, _),
                to,
            } => {
                let before = self.databases.insert(name.exact().to_owned(), *to);
                if before == Some(*to) {
                    self.sins
                        .push(format!("{} was switched {to:?} again", name.exact()));
                }
                self.done.push(format!("power {} {to:?}", name.exact()));
            }
            other => panic!("the toy has no {}", other.action()),
        }
        Ok(request)
    }
}
