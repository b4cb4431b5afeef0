//! The detail of one stack: a page each for events, resources, outputs, parameters, template, change sets, drift.
//!
//! A page is a list of [`Line`]s that point into the store, worked out when the data changes. The selection follows
//! the thing on the line, so an event stays selected while newer ones arrive above it.

use super::cursor::{Cursor, Step};
use super::filter::Filter;
use crate::domain::event::root_cause;
use crate::domain::{Scope, Slot, Stack, StackEvent, StackId, Store, Topic, Untrusted};

/// A page of the detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Events,
    Resources,
    Outputs,
    Parameters,
    Template,
    ChangeSets,
    Drift,
}

/// How much of the screen the detail takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Size {
    #[default]
    Half,
    Whole,
}

/// What a line of the page shows, by position in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Event(usize),
    Resource(usize),
    Output(usize),
    Parameter(usize),
    Tag(usize),
    /// A line of the template, from nought.
    Template(usize),
    ChangeSet(usize),
    /// A change of a change set.
    Change(usize, usize),
    Drift(usize),
    /// A property of a drifted resource.
    Difference(usize, usize),
}

/// What is on a line, whatever its number.
type Key = (Untrusted, usize);

/// The detail's state.
#[derive(Clone, Debug)]
pub struct Detail {
    pub scope: Scope,
    pub id: StackId,
    pub size: Size,
    pub filter: Filter,
    tab: Tab,
    lines: Vec<Line>,
    /// Position of the event that explains the failure.
    cause: Option<usize>,
    cursor: Cursor<Key>,
    aim: Aim,
}

/// Whether the cursor still has to find the line that a page opens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    AtCause,
    Settled,
}

impl Tab {
    pub const ALL: [Self; 7] = [
        Self::Events,
        Self::Resources,
        Self::Outputs,
        Self::Parameters,
        Self::Template,
        Self::ChangeSets,
        Self::Drift,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Resources => "Resources",
            Self::Outputs => "Outputs",
            Self::Parameters => "Parameters",
            Self::Template => "Template",
            Self::ChangeSets => "Change sets",
            Self::Drift => "Drift",
        }
    }

    pub fn neighbour(self, step: Step) -> Self {
        let here = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let last = Self::ALL.len() - 1;
        let there = match step {
            Step::Back | Step::PageBack => here.checked_sub(1).unwrap_or(last),
            Step::Forth | Step::PageForth => (here + 1) % Self::ALL.len(),
            Step::First => 0,
            Step::Last => last,
        };
        Self::ALL[there]
    }
}

impl Detail {
    pub fn new(scope: Scope, id: StackId) -> Self {
        Self {
            scope,
            id,
            size: Size::default(),
            filter: Filter::default(),
            tab: Tab::default(),
            lines: Vec::new(),
            cause: None,
            cursor: Cursor::default(),
            aim: Aim::AtCause,
        }
    }

    pub fn tab(&self) -> Tab {
        self.tab
    }

    pub fn show(&mut self, tab: Tab) {
        if self.tab != tab {
            self.tab = tab;
            self.cursor = Cursor::default();
            self.lines.clear();
            self.aim = Aim::AtCause;
            self.filter = Filter::default();
        }
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn cursor(&self) -> &Cursor<Key> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Key> {
        &mut self.cursor
    }

    pub fn selected(&self) -> Option<Line> {
        self.lines.get(self.cursor.index()).copied()
    }

    /// What has to be asked for the present page; outputs and parameters came with the stack.
    pub fn topic(&self) -> Option<Topic> {
        let id = self.id.clone();
        match self.tab {
            Tab::Events => Some(Topic::Events(id)),
            Tab::Resources => Some(Topic::Resources(id)),
            Tab::Template => Some(Topic::Template(id)),
            Tab::ChangeSets => Some(Topic::ChangeSets(id)),
            Tab::Drift => Some(Topic::Drift(id)),
            Tab::Outputs | Tab::Parameters => None,
        }
    }

    /// The stack as the list knows it; `None` when it is gone, or nested and not listed.
    pub fn stack<'s>(&self, store: &'s Store) -> Option<&'s Stack> {
        store
            .stacks(&self.scope)?
            .value()?
            .iter()
            .find(|stack| stack.id == self.id)
    }

    pub fn events<'s>(&self, store: &'s Store) -> &'s [StackEvent] {
        store
            .events(&self.scope, &Topic::Events(self.id.clone()))
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    /// The event that explains the failure, once the events are known.
    pub fn cause<'s>(&self, store: &'s Store) -> Option<&'s StackEvent> {
        self.events(store).get(self.cause?)
    }

    /// Works the page out anew.
    pub fn settle(&mut self, store: &Store) {
        let events = self.events(store);
        self.cause = root_cause(&self.id, events)
            .and_then(|cause| events.iter().position(|event| std::ptr::eq(event, cause)));
        self.lines = self.page(store);
        if !self.filter.is_open() {
            let page = Page {
                detail: self,
                store,
            };
            let kept = self
                .lines
                .iter()
                .copied()
                .filter(|line| self.filter.keeps(&page.words(*line)))
                .collect();
            self.lines = kept;
        }
        let keys: Vec<Key> = self
            .lines
            .iter()
            .map(|line| {
                Page {
                    detail: self,
                    store,
                }
                .key(*line)
            })
            .collect();
        if self.aim == Aim::AtCause && !self.lines.is_empty() {
            self.aim = Aim::Settled;
            let opens_on = match (self.tab, self.cause) {
                (Tab::Events, Some(cause)) => self
                    .lines
                    .iter()
                    .position(|line| *line == Line::Event(cause))
                    .unwrap_or(0),
                _ => 0,
            };
            self.cursor
                .select(opens_on, keys.len(), |index| keys[index].clone());
        }
        self.cursor.settle(keys.len(), |index| keys[index].clone());
    }

    pub fn step(&mut self, store: &Store, step: Step) {
        let keys: Vec<Key> = self
            .lines
            .iter()
            .map(|line| {
                Page {
                    detail: self,
                    store,
                }
                .key(*line)
            })
            .collect();
        self.cursor
            .step(step, keys.len(), |index| keys[index].clone());
    }

    pub fn select(&mut self, store: &Store, index: usize) {
        let keys: Vec<Key> = self
            .lines
            .iter()
            .map(|line| {
                Page {
                    detail: self,
                    store,
                }
                .key(*line)
            })
            .collect();
        self.cursor
            .select(index, keys.len(), |index| keys[index].clone());
    }

    /// The stack that the selected line leads to.
    pub fn leads_to(&self, store: &Store) -> Option<StackId> {
        let page = Page {
            detail: self,
            store,
        };
        match self.selected()? {
            Line::Event(index) => page.event(index)?.nested().or_else(|| {
                let event = page.event(index)?;
                (event.stack != self.id).then(|| event.stack.clone())
            }),
            Line::Resource(index) => {
                let resource = page.resources().get(index)?;
                let physical = resource.physical.as_ref()?;
                (resource.resource_type.exact() == crate::domain::event::STACK_TYPE)
                    .then(|| StackId::new(physical.exact()))
            }
            Line::Output(_)
            | Line::Parameter(_)
            | Line::Tag(_)
            | Line::Template(_)
            | Line::ChangeSet(_)
            | Line::Change(..)
            | Line::Drift(_)
            | Line::Difference(..) => None,
        }
    }

    /// The selected line in full, for reading and copying.
    pub fn selected_text(&self, store: &Store) -> Option<String> {
        Some(
            Page {
                detail: self,
                store,
            }
            .words(self.selected()?),
        )
    }

    fn page(&self, store: &Store) -> Vec<Line> {
        let page = Page {
            detail: self,
            store,
        };
        let stack = self.stack(store);
        match self.tab {
            Tab::Events => (0..self.events(store).len()).map(Line::Event).collect(),
            Tab::Resources => (0..page.resources().len()).map(Line::Resource).collect(),
            Tab::Outputs => (0..stack.map_or(0, |stack| stack.outputs.len()))
                .map(Line::Output)
                .collect(),
            Tab::Parameters => {
                let (parameters, tags) =
                    stack.map_or((0, 0), |stack| (stack.parameters.len(), stack.tags.len()));
                (0..parameters)
                    .map(Line::Parameter)
                    .chain((0..tags).map(Line::Tag))
                    .collect()
            }
            Tab::Template => (0..page.template_lines()).map(Line::Template).collect(),
            Tab::ChangeSets => {
                let sets = page.change_sets().iter().enumerate();
                sets.flat_map(|(set, it)| {
                    [Line::ChangeSet(set)]
                        .into_iter()
                        .chain((0..it.changes.len()).map(move |change| Line::Change(set, change)))
                })
                .collect()
            }
            Tab::Drift => {
                let resources = page.drift().iter().enumerate();
                resources
                    .flat_map(|(resource, it)| {
                        [Line::Drift(resource)].into_iter().chain(
                            (0..it.differences.len())
                                .map(move |difference| Line::Difference(resource, difference)),
                        )
                    })
                    .collect()
            }
        }
    }
}

/// A page's data, looked up in the store.
struct Page<'a> {
    detail: &'a Detail,
    store: &'a Store,
}

impl<'a> Page<'a> {
    fn event(&self, index: usize) -> Option<&'a StackEvent> {
        self.detail.events(self.store).get(index)
    }

    fn resources(&self) -> &'a [crate::domain::StackResource] {
        let topic = Topic::Resources(self.detail.id.clone());
        self.store
            .resources(&self.detail.scope, &topic)
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    fn change_sets(&self) -> &'a [crate::domain::ChangeSet] {
        let topic = Topic::ChangeSets(self.detail.id.clone());
        self.store
            .change_sets(&self.detail.scope, &topic)
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    fn drift(&self) -> &'a [crate::domain::ResourceDrift] {
        let topic = Topic::Drift(self.detail.id.clone());
        self.store
            .drift(&self.detail.scope, &topic)
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    fn template(&self) -> Option<&'a crate::domain::Template> {
        let topic = Topic::Template(self.detail.id.clone());
        self.store
            .template(&self.detail.scope, &topic)
            .and_then(Slot::value)
    }

    fn template_lines(&self) -> usize {
        self.template()
            .map_or(0, |template| template.body.line_count())
    }

    /// What the line is about: stays the same when lines come and go around it.
    fn key(&self, line: Line) -> Key {
        let stack = self.detail.stack(self.store);
        let name = match line {
            Line::Event(index) => self.event(index).map(|event| event.id.clone()),
            Line::Resource(index) => self
                .resources()
                .get(index)
                .map(|resource| resource.logical.clone()),
            Line::Output(index) => stack
                .and_then(|stack| stack.outputs.get(index))
                .map(|output| output.key.clone()),
            Line::Parameter(index) => stack
                .and_then(|stack| stack.parameters.get(index))
                .map(|parameter| parameter.key.clone()),
            Line::Tag(index) => stack
                .and_then(|stack| stack.tags.get(index))
                .map(|tag| tag.key.clone()),
            Line::ChangeSet(set) | Line::Change(set, _) => {
                self.change_sets().get(set).map(|set| set.id.clone())
            }
            Line::Drift(resource) | Line::Difference(resource, _) => self
                .drift()
                .get(resource)
                .map(|drift| drift.logical.clone()),
            Line::Template(_) => None,
        };
        // What remains is told apart by its number within the thing it belongs to.
        let number = match line {
            Line::Event(_)
            | Line::Resource(_)
            | Line::Output(_)
            | Line::ChangeSet(_)
            | Line::Drift(_)
            | Line::Parameter(_) => 0,
            Line::Tag(_) => 1,
            Line::Change(_, number) | Line::Difference(_, number) => number + 1,
            Line::Template(number) => number,
        };
        (name.unwrap_or_else(|| Untrusted::new("")), number)
    }

    /// Everything the line says, sanitised, as a filter sees it.
    fn words(&self, line: Line) -> String {
        fn joined<'t>(parts: impl IntoIterator<Item = Option<&'t Untrusted>>) -> String {
            let mut words = String::new();
            for part in parts.into_iter().flatten() {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(&part.safe());
            }
            words
        }
        let stack = self.detail.stack(self.store);
        let words = match line {
            Line::Event(index) => self.event(index).map(|event| {
                joined([
                    Some(&event.logical),
                    Some(&event.status),
                    event.reason.as_ref(),
                    Some(&event.resource_type),
                    event.physical.as_ref(),
                    Some(&event.stack_name),
                ])
            }),
            Line::Resource(index) => self.resources().get(index).map(|resource| {
                joined([
                    Some(&resource.logical),
                    Some(&resource.resource_type),
                    Some(&resource.status),
                    resource.physical.as_ref(),
                    resource.reason.as_ref(),
                ])
            }),
            Line::Output(index) => stack
                .and_then(|stack| stack.outputs.get(index))
                .map(|output| {
                    joined([
                        Some(&output.key),
                        Some(&output.value),
                        output.export.as_ref(),
                        output.description.as_ref(),
                    ])
                }),
            Line::Parameter(index) => {
                stack
                    .and_then(|stack| stack.parameters.get(index))
                    .map(|parameter| {
                        joined([
                            Some(&parameter.key),
                            Some(&parameter.value),
                            parameter.resolved.as_ref(),
                        ])
                    })
            }
            Line::Tag(index) => stack
                .and_then(|stack| stack.tags.get(index))
                .map(|tag| joined([Some(&tag.key), Some(&tag.value)])),
            Line::Template(number) => self.template().and_then(|it| {
                it.body
                    .safe_lines(number)
                    .next()
                    .map(std::borrow::Cow::into_owned)
            }),
            Line::ChangeSet(set) => self.change_sets().get(set).map(|set| {
                joined([
                    Some(&set.name),
                    Some(&set.status),
                    Some(&set.execution),
                    set.reason.as_ref(),
                    set.description.as_ref(),
                ])
            }),
            Line::Change(set, change) => self
                .change_sets()
                .get(set)
                .and_then(|set| set.changes.get(change))
                .map(|change| {
                    joined([
                        Some(&change.action),
                        Some(&change.logical),
                        Some(&change.resource_type),
                        change.replacement.as_ref(),
                        change.physical.as_ref(),
                    ])
                }),
            Line::Drift(resource) => self.drift().get(resource).map(|drift| {
                format!(
                    "{} {}",
                    joined([
                        Some(&drift.logical),
                        Some(&drift.resource_type),
                        drift.physical.as_ref()
                    ]),
                    drift.status.words()
                )
            }),
            Line::Difference(resource, difference) => self
                .drift()
                .get(resource)
                .and_then(|it| it.differences.get(difference))
                .map(|it| joined([Some(&it.path), Some(&it.expected), Some(&it.actual)])),
        };
        words.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{at, event, scope, stack, store};
    use crate::domain::Reading;
    use crate::domain::store::Attempt;
    use chrono::TimeDelta;

    fn tell(store: &mut Store, id: &StackId, events: Vec<StackEvent>) {
        store.absorb(Attempt {
            topic: Topic::Events(id.clone()),
            scope: scope("prod", "eu-west-1"),
            at: at(0),
            took: TimeDelta::zero(),
            result: Ok(Reading::Events(events)),
            retry: None,
        });
    }

    #[test]
    fn a_failed_stack_opens_on_its_root_cause_and_stays_there() {
        let api = stack("api", "UPDATE_ROLLBACK_FAILED", "v1");
        let id = api.id.clone();
        let mut world = store([("prod", "eu-west-1", vec![api])]);
        let mut events = vec![
            event(
                &id,
                3,
                "Other",
                "UPDATE_FAILED",
                "Resource update cancelled",
            ),
            event(&id, 2, "Fn", "UPDATE_FAILED", "Memory limit exceeded"),
            event(&id, 1, "Fn", "UPDATE_IN_PROGRESS", ""),
        ];
        tell(&mut world, &id, events.clone());
        let mut detail = Detail::new(scope("prod", "eu-west-1"), id.clone());
        detail.settle(&world);
        assert_eq!(detail.selected(), Some(Line::Event(1)));

        events.insert(0, event(&id, 4, "api", "UPDATE_ROLLBACK_IN_PROGRESS", ""));
        tell(&mut world, &id, events);
        detail.settle(&world);
        assert_eq!(
            detail.selected(),
            Some(Line::Event(2)),
            "newer events arrive above it"
        );
    }

    #[test]
    fn tabs_go_round() {
        assert_eq!(Tab::Drift.neighbour(Step::Forth), Tab::Events);
        assert_eq!(Tab::Events.neighbour(Step::Back), Tab::Drift);
    }
}
