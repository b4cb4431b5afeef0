//! Operations in words: what a call does, and what a gate waits for, each on one line and sanitised.

use super::{AliasTarget, Call, Gate, OnFailure, Power, Processes, Thing, Verb};
use crate::domain::Untrusted;
use crate::domain::untrusted::sanitise;
use std::fmt::Write as _;

impl Verb {
    pub const ALL: [Self; 8] = [
        Self::Deploy,
        Self::Rollback,
        Self::Stop,
        Self::Start,
        Self::Dial,
        Self::Weigh,
        Self::Drain,
        Self::Restore,
    ];

    /// As it is typed, and as names of operations have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Rollback => "rollback",
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Dial => "dial",
            Self::Weigh => "weigh",
            Self::Drain => "drain",
            Self::Restore => "restore",
        }
    }

    /// For a title, before what it is about: `Roll back checkout-api`.
    pub fn imperative(self) -> &'static str {
        match self {
            Self::Deploy => "Deploy",
            Self::Rollback => "Roll back",
            Self::Stop => "Stop",
            Self::Start => "Start",
            Self::Dial => "Dial",
            Self::Weigh => "Weigh",
            Self::Drain => "Drain",
            Self::Restore => "Restore",
        }
    }
}

impl AliasTarget {
    /// `18`, or `18 and 19 at 10 %`.
    pub fn words(&self) -> String {
        let mut words = self.version.safe().into_owned();
        for (version, part) in &self.weights {
            // Writing to a string cannot fail.
            let _ = write!(words, " and {} at {} %", version.safe(), part * 100.0);
        }
        words
    }
}

impl Thing {
    /// `group orders-workers`
    pub fn words(&self) -> String {
        let kind = match self {
            Self::Group(_) => "group",
            Self::Service(_) => "service",
            Self::Instance(_) => "instance",
            Self::Database(..) => "database",
            Self::Cluster(..) => "cluster",
        };
        format!("{kind} {}", short(self.name()))
    }
}

/// What stands behind the last slash of an ARN.
fn short(name: &Untrusted) -> String {
    let name = name.safe();
    name.rsplit('/').next().unwrap_or(&name).to_owned()
}

impl Call {
    /// What it does, on one line, sanitised: `alias ACTIVE 19 → 18`.
    pub fn words(&self) -> String {
        match self {
            Self::ExecuteChangeSet { failing, .. } => match failing {
                OnFailure::RollBack => "execute the change set".to_owned(),
                OnFailure::Stay => {
                    "execute the change set, and leave a failure as it is".to_owned()
                }
            },
            Self::UpdateStack { .. } => {
                "update past the stack policy, for this update only".to_owned()
            }
            Self::CancelUpdateStack { .. } => "cancel the update".to_owned(),
            Self::RollbackStack { seen, .. } if seen.status == "CREATE_FAILED" => {
                "roll back: the stack was never stable, so this deletes all of it".to_owned()
            }
            Self::RollbackStack { .. } => "roll back to the last stable state".to_owned(),
            Self::ContinueUpdateRollback { skip, .. } if skip.is_empty() => {
                "go on with the rollback".to_owned()
            }
            Self::ContinueUpdateRollback { skip, .. } => {
                let skip: Vec<_> = skip.iter().map(Untrusted::safe).collect();
                format!("go on with the rollback without {}", skip.join(", "))
            }
            Self::SetStackPolicy { .. } => "set the stack policy".to_owned(),
            Self::UpdateAlias {
                alias,
                before,
                after,
                ..
            } => {
                let alias = sanitise(alias);
                format!("alias {alias} {} → {}", before.words(), after.words())
            }
            Self::SetDial { before, after, .. } => format!("dial {before} % → {after} %"),
            Self::SetWeight {
                endpoint,
                before,
                after,
                ..
            } => format!("weight of {} {before} → {after}", short(endpoint)),
            Self::Remember { thing, after, .. } => match after {
                Some(value) => format!("{}: remember {}", thing.words(), sanitise(value)),
                None => format!("{}: forget what it was like", thing.words()),
            },
            Self::SetProcesses {
                group,
                processes,
                to,
            } => {
                let verb = match to {
                    Processes::Suspended => "suspend",
                    Processes::Resumed => "resume",
                };
                let processes = processes.join(", ");
                format!("group {}: {verb} {}", group.safe(), sanitise(&processes))
            }
            Self::SetSizes {
                group,
                before,
                after,
            } => format!("group {}: {before} → {after}", group.safe()),
            Self::SetTasks {
                service,
                before,
                after,
            } => format!("service {}: {before} → {after} tasks", short(service)),
            Self::SetTaskLimits {
                service,
                before,
                after,
            } => format!(
                "service {}: scaled between {} and {} → {} and {}",
                short(service),
                before.0,
                before.1,
                after.0,
                after.1
            ),
            Self::SetPower { thing, to } => {
                let verb = match to {
                    Power::Off => "stop",
                    Power::On => "start",
                };
                format!("{verb} {}", thing.words())
            }
        }
    }
}

impl Gate {
    /// What it waits for, sanitised: `bake for 5m 00s with 3 alarms`.
    pub fn words(&self) -> String {
        let span = |seconds: &u32| {
            crate::domain::time::words(chrono::TimeDelta::seconds((*seconds).into()))
        };
        match self {
            Self::Bake { seconds, alarms } if alarms.is_empty() => {
                format!("bake for {}", span(seconds))
            }
            Self::Bake { seconds, alarms } => {
                format!(
                    "bake for {}, watching {} alarms",
                    span(seconds),
                    alarms.len()
                )
            }
            Self::Approve { words } if words.is_empty() => "approval".to_owned(),
            Self::Approve { words } => format!("approval: {}", sanitise(words)),
            Self::Http { url, .. } => format!("GET {} answers", sanitise(url)),
            Self::Endpoints { .. } => "endpoints are healthy".to_owned(),
            Self::Errors {
                percent, seconds, ..
            } => format!("errors < {percent} % for {}", span(seconds)),
            Self::Command { line, .. } => format!("`{}` ends well", sanitise(&line.join(" "))),
            Self::Window { days, from, until } => {
                let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
                let days = if days.is_empty() {
                    String::new()
                } else {
                    format!("{} ", sanitise(&days.join(", ")))
                };
                format!("the hours {days}{}–{} UTC", clock(*from), clock(*until))
            }
            Self::Drained { .. } => "nothing new comes any more".to_owned(),
            Self::Wait { seconds } => format!("wait {}", span(seconds)),
        }
    }
}
