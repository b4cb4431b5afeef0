//! A page's data, looked up in the store, and what its lines say.

use super::{Detail, Key, Line};
use crate::domain::{Slot, StackEvent, Store, Topic, Untrusted};
use std::borrow::Cow;

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

    /// The line as a filter sees it.
    pub(super) fn words(&self, line: Line) -> String {
        self.fields(line).join(" ")
    }

    /// Everything the line says, field by field, sanitised, what matters first.
    pub(super) fn fields(&self, line: Line) -> Vec<Cow<'a, str>> {
        let stack = self.detail.stack(self.store);
        let fields: Option<Vec<Option<&Untrusted>>> = match line {
            Line::Event(index) => self.event(index).map(|it| {
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
            Line::Resource(index) => self.resources().get(index).map(|it| {
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
                    .template()
                    .and_then(|it| it.body.safe_lines(number).next());
                return text.into_iter().collect();
            }
            Line::ChangeSet(set) => self.change_sets().get(set).map(|it| {
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
                .change_sets()
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
                let Some(it) = self.drift().get(resource) else {
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
                .drift()
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
