//! Which sources are meant by what was chosen, and the tail that follows them.

use super::meter::Meter;
use super::{Logs, Page, Source, Tail, label, tail};
use crate::domain::log::histogram::Histogram;
use crate::domain::log::{LogBook, Selector};
use crate::domain::{LogSource, Problem, Region, Scope, Slot, Store, Timestamp, Topic};
use crate::engine::message::TailId;
use std::collections::{BTreeMap, BTreeSet};

impl Logs {
    /// Why what was chosen was not found, once everybody has answered.
    pub fn nowhere(&self, store: &Store, scopes: &[Scope]) -> Option<String> {
        let questions = self.questions(store, scopes);
        let is_answered =
            |(topic, scope): &(Topic, Scope)| said(store, topic, scope) != Said::Nothing;
        if questions.is_empty() || !questions.iter().all(is_answered) {
            return None;
        }
        let failing = questions
            .iter()
            .find_map(|(topic, scope)| match said(store, topic, scope) {
                Said::Failed(problem) => Some(problem.to_string()),
                Said::Nothing | Said::Answer => None,
            });
        Some(
            failing.unwrap_or_else(|| "There is no such group in any of these regions.".to_owned()),
        )
    }

    /// What has to be known to tell which sources are meant.
    pub(super) fn questions(&self, store: &Store, scopes: &[Scope]) -> Vec<(Topic, Scope)> {
        let mut questions = Vec::new();
        for scope in scopes {
            for selector in &self.chosen {
                let topics = selector.questions(store, scope).into_iter();
                questions.extend(topics.map(|topic| (topic, scope.clone())));
            }
        }
        questions
    }

    /// Works out which sources are meant, from what is known by now.
    pub(super) fn settle(
        &mut self,
        store: &Store,
        scopes: &[Scope],
        regions: Vec<Region>,
        now: Timestamp,
    ) {
        if self.regions != regions {
            self.regions = regions;
            self.name();
        }
        if self.chosen.is_empty() && self.tail.is_none() {
            return;
        }
        let is_narrowed = self.tail.as_ref().is_some_and(|tail| {
            tail.sources()
                .iter()
                .any(|source| !scopes.contains(&source.at.scope))
        });
        let mut wanted: Vec<LogSource> = Vec::new();
        for scope in scopes {
            let groups = self
                .chosen
                .iter()
                .flat_map(|selector| selector.groups(store, scope));
            let groups: BTreeSet<_> = groups.collect();
            wanted.extend(groups.into_iter().map(|group| LogSource {
                scope: scope.clone(),
                group,
            }));
        }
        let mut unreached = BTreeMap::new();
        for (topic, scope) in self.questions(store, scopes) {
            let followed = self.tail.iter().flat_map(Tail::sources);
            let is_found = match &topic {
                Topic::LogGroups(name) => followed
                    .map(|source| &source.at)
                    .chain(&wanted)
                    .any(|at| at.scope == scope && at.group == *name),
                _ => false,
            };
            if let (Said::Failed(problem), false) = (said(store, &topic, &scope), is_found) {
                unreached.entry(scope).or_insert_with(|| problem.clone());
            }
        }
        self.unreached = unreached;
        if is_narrowed {
            let kept = self
                .tail
                .iter()
                .flat_map(Tail::sources)
                .map(|source| &source.at);
            let kept = kept.filter(|at| scopes.contains(&at.scope)).cloned();
            wanted = kept.chain(wanted).collect();
            self.drop_tail();
        }
        self.follow(wanted, now);
    }

    /// Follows these too.
    pub(super) fn follow(&mut self, wanted: Vec<LogSource>, now: Timestamp) {
        match &mut self.tail {
            _ if wanted.is_empty() => return,
            Some(tail) => {
                if !tail.grow(wanted) {
                    return;
                }
            }
            None => self.start_tail(wanted, now - tail::SINCE),
        }
        self.name();
    }

    /// Follows these and nothing else. What was followed and still is goes on without a break.
    pub(in crate::app) fn choose(&mut self, chosen: BTreeSet<Selector>) {
        let is_kept = |source: &Source| {
            let group = Selector::Group(source.at.group.exact().to_owned());
            chosen.contains(&group)
        };
        let mut sources = self.tail.iter().flat_map(Tail::sources);
        if !chosen.is_superset(&self.chosen) && !sources.all(is_kept) {
            self.drop_tail();
        }
        self.chosen = chosen;
        self.page = Page::Lines;
    }

    /// Follows one source and nothing else, from a moment on, through a filter.
    pub(in crate::app) fn follow_only(
        &mut self,
        source: LogSource,
        (from, seek): (Timestamp, Option<Timestamp>),
        filter: &str,
    ) {
        self.drop_tail();
        self.chosen.clear();
        self.page = Page::Lines;
        self.clear_search();
        self.clear_filter();
        self.start_tail(vec![source], from);
        self.name();
        self.reader.follow();
        if !filter.is_empty() {
            self.filter_as_typed(filter);
        }
        if let Some(at) = seek {
            self.go_to_time(at);
        }
    }

    /// Reads everything anew from another moment on.
    pub(super) fn start_from(&mut self, from: Timestamp) {
        let sources: Vec<LogSource> = self
            .tail
            .iter()
            .flat_map(Tail::sources)
            .map(|it| it.at.clone())
            .collect();
        self.drop_tail();
        if !sources.is_empty() {
            self.start_tail(sources, from);
            self.name();
        }
    }

    fn start_tail(&mut self, sources: Vec<LogSource>, from: Timestamp) {
        self.tails += 1;
        self.tail = Some(Tail::new(TailId(self.tails), sources, from));
    }

    /// Ends the tail, and forgets its lines: other sources have other numbers.
    fn drop_tail(&mut self) {
        if let Some(tail) = self.tail.take() {
            self.ended.push(tail.id);
        }
        self.book = LogBook::default();
        self.meter = Meter::default();
        self.errors = Histogram::default();
        self.fold_anew();
        self.filter.start_over();
        self.search.start_over();
        self.reader.start_over();
        self.labels.clear();
    }

    /// Names the sources anew, for the lines and for the filter.
    fn name(&mut self) {
        let Some(tail) = &self.tail else { return };
        let sources = tail.sources().iter().map(|source| &source.at);
        self.labels = label::labels(sources.clone(), &self.regions);
        let sources: Vec<LogSource> = sources.cloned().collect();
        self.book.set_sources(&sources);
    }
}

/// What has come of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said<'s> {
    Nothing,
    /// Something is known, however old.
    Answer,
    /// It has never been answered, and cannot be now.
    Failed(&'s Problem),
}

impl<'s> Said<'s> {
    fn of<T: ?Sized>(slot: Option<&'s Slot<T>>) -> Self {
        let Some(slot) = slot else {
            return Self::Nothing;
        };
        match (slot.value(), slot.failing()) {
            (Some(_), _) => Self::Answer,
            (None, Some(failing)) => Self::Failed(&failing.problem),
            (None, None) => Self::Nothing,
        }
    }
}

fn said<'s>(store: &'s Store, topic: &Topic, scope: &Scope) -> Said<'s> {
    match topic {
        Topic::LogGroups(_) => Said::of(store.log_groups(scope, topic)),
        // Where Lambda cannot be asked, the group that it would name is looked for.
        Topic::FunctionLog(_) => match Said::of(store.function_log(scope, topic)) {
            Said::Failed(_) => Said::Answer,
            said => said,
        },
        Topic::Resources(_) => Said::of(store.resources(scope, topic)),
        Topic::Stacks => Said::of(store.stacks(scope)),
        Topic::Identity
        | Topic::Regions
        | Topic::Events(_)
        | Topic::Template(_)
        | Topic::ChangeSets(_)
        | Topic::Drift(_)
        | Topic::Functions
        | Topic::Function(_)
        | Topic::Versions(_)
        | Topic::Aliases(_)
        | Topic::EventSources(_)
        | Topic::Concurrency(_)
        | Topic::LambdaLimits
        | Topic::Owner(_)
        | Topic::Metrics(_, _)
        | Topic::Alarms
        | Topic::AlarmHistory(_)
        | Topic::LastErrors(_)
        | Topic::Accelerators
        | Topic::Listeners(_, _)
        | Topic::Attachments
        | Topic::Balancer(_)
        | Topic::Parameters(_) => Said::Answer,
    }
}
