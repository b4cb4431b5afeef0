//! A page's data, looked up in the store once, and what its lines say.

use super::{Detail, Key, Line, Tab};
use crate::app::filter::Filter;
use crate::domain::{
    ChangeSet, ResourceDrift, Slot, Stack, StackEvent, StackResource, Store, Template, Topic,
    Untrusted,
};
use std::borrow::Cow;

/// What the store knows about a stack. Looked up once: a page may have thousands of lines.
pub(super) struct Page<'a> {
    pub(super) stack: Option<&'a Stack>,
    pub(super) events: &'a [StackEvent],
    pub(super) resources: &'a [StackResource],
    template: Option<&'a Template>,
    change_sets: &'a [ChangeSet],
    drift: &'a [ResourceDrift],
}

impl<'a> Page<'a> {
    pub(super) fn of(detail: &Detail, store: &'a Store) -> Self {
        let (scope, id) = (&detail.scope, || detail.id.clone());
        Self {
            stack: detail.stack(store),
            events: detail.events(store),
            resources: store
                .resources(scope, &Topic::Resources(id()))
                .and_then(Slot::value)
                .unwrap_or_default(),
            template: store
                .template(scope, &Topic::Template(id()))
                .and_then(Slot::value),
            change_sets: store
                .change_sets(scope, &Topic::ChangeSets(id()))
                .and_then(Slot::value)
                .unwrap_or_default(),
            drift: store
                .drift(scope, &Topic::Drift(id()))
                .and_then(Slot::value)
                .unwrap_or_default(),
        }
    }

    /// The lines that pass the filter.
    pub(super) fn lines(&self, tab: Tab, filter: &Filter) -> Vec<Line> {
        if filter.is_open() {
            return self.all_lines(tab);
        }
        if tab == Tab::Template {
            // One walk through the text: to look a line up by its number is a walk of its own.
            let text = self.template.iter().flat_map(|it| it.body.safe_lines(0));
            let kept = text.enumerate().filter(|(_, words)| filter.keeps(words));
            return kept.map(|(number, _)| Line::Template(number)).collect();
        }
        let mut lines = self.all_lines(tab);
        lines.retain(|line| filter.keeps(&self.fields(*line).join(" ")));
        lines
    }

    fn all_lines(&self, tab: Tab) -> Vec<Line> {
        let count = |of: fn(&Stack) -> usize| 0..self.stack.map_or(0, of);
        match tab {
            Tab::Events => (0..self.events.len()).map(Line::Event).collect(),
            Tab::Resources => (0..self.resources.len()).map(Line::Resource).collect(),
            Tab::Outputs => count(|stack| stack.outputs.len())
                .map(Line::Output)
                .collect(),
            Tab::Parameters => count(|stack| stack.parameters.len())
                .map(Line::Parameter)
                .chain(count(|stack| stack.tags.len()).map(Line::Tag))
                .collect(),
            Tab::Template => {
                let lines = self.template.map_or(0, |it| it.body.line_count());
                (0..lines).map(Line::Template).collect()
            }
            Tab::ChangeSets => {
                let sets = self.change_sets.iter().enumerate();
                sets.flat_map(|(set, it)| {
                    [Line::ChangeSet(set)]
                        .into_iter()
                        .chain((0..it.changes.len()).map(move |change| Line::Change(set, change)))
                })
                .collect()
            }
            Tab::Drift => {
                let resources = self.drift.iter().enumerate();
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

    /// What the line is about: stays the same when lines come and go around it.
    pub(super) fn key(&self, line: Line) -> Key {
        let stack = self.stack;
        let name = match line {
            Line::Event(index) => self.events.get(index).map(|event| event.id.clone()),
            Line::Resource(index) => self
                .resources
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
                self.change_sets.get(set).map(|set| set.id.clone())
            }
            Line::Drift(resource) | Line::Difference(resource, _) => {
                self.drift.get(resource).map(|drift| drift.logical.clone())
            }
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
        (name, number)
    }

    /// Everything the line says, field by field, sanitised, what matters first.
    pub(super) fn fields(&self, line: Line) -> Vec<Cow<'a, str>> {
        let stack = self.stack;
        let fields: Option<Vec<Option<&Untrusted>>> = match line {
            Line::Event(index) => self.events.get(index).map(|it| {
                let reason = it.reason.as_ref();
                vec![
                    Some(&it.logical),
                    Some(&it.status),
                    reason,
                    Some(&it.resource_type),
                    it.physical.as_ref(),
                    Some(&it.stack_name),
                ]
            }),
            Line::Resource(index) => self.resources.get(index).map(|it| {
                let (physical, reason) = (it.physical.as_ref(), it.reason.as_ref());
                vec![
                    Some(&it.logical),
                    Some(&it.resource_type),
                    Some(&it.status),
                    physical,
                    reason,
                ]
            }),
            Line::Output(index) => stack.and_then(|stack| stack.outputs.get(index)).map(|it| {
                vec![
                    Some(&it.key),
                    Some(&it.value),
                    it.export.as_ref(),
                    it.description.as_ref(),
                ]
            }),
            Line::Parameter(index) => stack
                .and_then(|stack| stack.parameters.get(index))
                .map(|it| vec![Some(&it.key), Some(&it.value), it.resolved.as_ref()]),
            Line::Tag(index) => stack
                .and_then(|stack| stack.tags.get(index))
                .map(|it| vec![Some(&it.key), Some(&it.value)]),
            Line::Template(number) => {
                let text = self
                    .template
                    .and_then(|it| it.body.safe_lines(number).next());
                return text.into_iter().collect();
            }
            Line::ChangeSet(set) => self.change_sets.get(set).map(|it| {
                let (reason, description) = (it.reason.as_ref(), it.description.as_ref());
                vec![
                    Some(&it.name),
                    Some(&it.status),
                    Some(&it.execution),
                    reason,
                    description,
                ]
            }),
            Line::Change(set, change) => self
                .change_sets
                .get(set)
                .and_then(|it| it.changes.get(change))
                .map(|it| {
                    let (replacement, physical) = (it.replacement.as_ref(), it.physical.as_ref());
                    vec![
                        Some(&it.action),
                        Some(&it.logical),
                        Some(&it.resource_type),
                        replacement,
                        physical,
                    ]
                }),
            Line::Drift(resource) => {
                let Some(it) = self.drift.get(resource) else {
                    return Vec::new();
                };
                let names = [
                    Some(&it.logical),
                    Some(&it.resource_type),
                    it.physical.as_ref(),
                ];
                let names = names.into_iter().flatten().map(Untrusted::safe);
                return names.chain([it.status.words()]).collect();
            }
            Line::Difference(resource, difference) => self
                .drift
                .get(resource)
                .and_then(|it| it.differences.get(difference))
                .map(|it| vec![Some(&it.path), Some(&it.expected), Some(&it.actual)]),
        };
        fields
            .into_iter()
            .flatten()
            .flatten()
            .map(Untrusted::safe)
            .collect()
    }
}
