//! A page's data, looked up in the store, and what its lines say.

use super::{Detail, Key, Line};
use crate::domain::{Slot, StackEvent, Store, Topic, Untrusted};

/// A page of a detail, with the store it points into.
pub(super) struct Page<'a> {
    pub(super) detail: &'a Detail,
    pub(super) store: &'a Store,
}

impl<'a> Page<'a> {
    pub(super) fn event(&self, index: usize) -> Option<&'a StackEvent> {
        self.detail.events(self.store).get(index)
    }

    pub(super) fn resources(&self) -> &'a [crate::domain::StackResource] {
        let topic = Topic::Resources(self.detail.id.clone());
        self.store
            .resources(&self.detail.scope, &topic)
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    pub(super) fn change_sets(&self) -> &'a [crate::domain::ChangeSet] {
        let topic = Topic::ChangeSets(self.detail.id.clone());
        self.store
            .change_sets(&self.detail.scope, &topic)
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    pub(super) fn drift(&self) -> &'a [crate::domain::ResourceDrift] {
        let topic = Topic::Drift(self.detail.id.clone());
        self.store
            .drift(&self.detail.scope, &topic)
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    pub(super) fn template(&self) -> Option<&'a crate::domain::Template> {
        let topic = Topic::Template(self.detail.id.clone());
        self.store
            .template(&self.detail.scope, &topic)
            .and_then(Slot::value)
    }

    pub(super) fn template_lines(&self) -> usize {
        self.template()
            .map_or(0, |template| template.body.line_count())
    }

    /// What the line is about: stays the same when lines come and go around it.
    pub(super) fn key(&self, line: Line) -> Key {
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
    pub(super) fn words(&self, line: Line) -> String {
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
