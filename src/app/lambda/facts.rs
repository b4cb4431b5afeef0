//! What is known of functions beyond their list, function by function.
//!
//! Worked out once when it is heard, and kept when the store forgets it: rows that are not on screen are not asked
//! about, and must not lose their place in the order for it. What is too old to go by is not told.

use crate::domain::{
    FunctionState, Grain, Scope, Slot, Store, Subject, Timestamp, Topic, Untrusted, UpdateStatus,
    Vitals,
};
use chrono::TimeDelta;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Figures are asked for every five minutes; those that missed three turns say nothing of now.
const OLD: TimeDelta = TimeDelta::minutes(15);

/// Where the fleet's alias of a function points.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Pointing {
    /// Nobody has told.
    #[default]
    Unread,
    /// The function has no such alias.
    Absent,
    /// To this version, and to shares of several while there are several.
    At(String),
}

/// What is known of one function in one region.
#[derive(Clone, Debug, Default)]
pub(super) struct Fact {
    pub(super) alias: Pointing,
    figures: Option<(Timestamp, Vitals)>,
    /// Nobody could tell its figures when they were last asked for.
    pub(super) is_refused: bool,
    /// Its state or its last update says that it failed.
    pub(super) is_broken: bool,
}

/// What is known of all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts(BTreeMap<Scope, HashMap<Untrusted, Fact>>);

impl Pointing {
    /// By what the store has for a topic of aliases.
    pub fn of(store: &Store, (scope, topic): (&Scope, &Topic), alias: &str) -> Self {
        let Some(aliases) = store.aliases(scope, topic).and_then(Slot::value) else {
            return Self::Unread;
        };
        let ours = aliases.iter().find(|it| it.name.exact() == alias);
        ours.map_or(Self::Absent, |alias| Self::At(alias.words()))
    }

    pub fn version(&self) -> Option<&str> {
        match self {
            Self::At(version) => Some(version),
            Self::Unread | Self::Absent => None,
        }
    }
}

impl Fact {
    /// How it does, as far as that is known as of now.
    pub(super) fn vitals(&self, now: Timestamp) -> Option<Vitals> {
        let (at, vitals) = self.figures?;
        (now - at < OLD).then_some(vitals)
    }
}

impl Facts {
    /// The facts of a region.
    pub(super) fn of(&self, scope: &Scope) -> Option<&HashMap<Untrusted, Fact>> {
        self.0.get(scope)
    }

    /// Takes note of what an attempt has brought; tells whether it was about a function at all.
    pub(super) fn learn(&mut self, store: &Store, heard: &Heard<'_>, alias: &str) -> Relevance {
        let Heard {
            topic, scope, at, ..
        } = heard;
        match topic {
            Topic::Functions => self.forget_others(store, scope),
            Topic::Aliases(name) => {
                let pointing = Pointing::of(store, (scope, topic), alias);
                if pointing != Pointing::Unread {
                    self.note(scope, name).alias = pointing;
                }
            }
            Topic::Function(name) => {
                let known = store.configuration(scope, topic).and_then(Slot::value);
                if let Some(condition) = known.and_then(|it| it.condition.as_ref()) {
                    self.note(scope, name).is_broken = condition.state == FunctionState::Failed
                        || condition.update == UpdateStatus::Failed;
                }
            }
            Topic::Metrics(Subject::Function(name) | Subject::Errors(name), grain)
                if *grain == Grain::MINUTE =>
            {
                let known = store.metrics(scope, topic).and_then(Slot::value);
                let vitals = known.map(|metrics| Vitals::of(metrics, *at));
                let fact = self.note(scope, name);
                fact.is_refused = !heard.is_answer;
                if let (Some(vitals), true) = (vitals, heard.is_answer) {
                    fact.figures = Some((*at, vitals));
                }
            }
            Topic::Metrics(..)
            | Topic::Versions(_)
            | Topic::EventSources(_)
            | Topic::Concurrency(_)
            | Topic::LambdaLimits
            | Topic::Owner(_)
            | Topic::Alarms
            | Topic::AlarmHistory(_)
            | Topic::LastErrors(_) => {}
            Topic::Identity
            | Topic::Regions
            | Topic::Stacks
            | Topic::Events(_)
            | Topic::Resources(_)
            | Topic::Template(_)
            | Topic::ChangeSets(_)
            | Topic::Drift(_)
            | Topic::LogGroups(_)
            | Topic::FunctionLog(_)
            | Topic::Accelerators
            | Topic::Listeners(_, _)
            | Topic::Attachments
            | Topic::Balancer(_)
            | Topic::Parameters(_) => return Relevance::None,
        }
        Relevance::Lambda
    }

    fn note(&mut self, scope: &Scope, function: &Untrusted) -> &mut Fact {
        let here = self.0.entry(scope.clone()).or_default();
        here.entry(function.clone()).or_default()
    }

    /// Functions that are gone have no facts.
    fn forget_others(&mut self, store: &Store, scope: &Scope) {
        let listed = store.functions(scope).and_then(Slot::value);
        if let (Some(functions), Some(here)) = (listed, self.0.get_mut(scope)) {
            let names: HashSet<&Untrusted> = functions.iter().map(|it| &it.name).collect();
            here.retain(|name, _| names.contains(name));
        }
    }
}

/// An attempt that the store has taken in.
pub(in crate::app) struct Heard<'a> {
    pub(in crate::app) topic: &'a Topic,
    pub(in crate::app) scope: &'a Scope,
    pub(in crate::app) at: Timestamp,
    pub(in crate::app) is_answer: bool,
}

/// Whether something was said that only the Lambda and Alarms views show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Relevance {
    None,
    Lambda,
}
