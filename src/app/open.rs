//! What Enter opens: from a region to its stacks, from a stack to its detail, from a line to the whole of it.

use super::detail::{Detail, Tab};
use super::fleet::Column;
use super::notice::Severity;
use super::overlay::{Overlay, Scroll};
use super::{App, View};
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Slot, StackId};

impl App {
    pub(super) fn open(&mut self) {
        if !self.overlays.is_empty() {
            // A text is open; there is nothing further in it.
        } else if let Some(detail) = &self.detail {
            match detail.leads_to(&self.store) {
                Some(id) => self.open_stack(detail.scope.clone(), id),
                None => self.open_text(),
            }
        } else {
            match self.view {
                View::Stacks => match self.selected_stack() {
                    Some((scope, stack)) => self.open_stack(scope.clone(), stack.id.clone()),
                    None => self.notices.answer(
                        self.now,
                        Severity::Info,
                        "The stack does not stand in this region.",
                    ),
                },
                View::Fleet => self.open_cell(),
                View::Lambda if self.function.is_some() => self.open_from_function(),
                View::Lambda => self.open_selected_function(),
                View::Alarms => self.open_in_alarms(),
                View::Operations => self.operations.open_selected(),
                View::Accelerator => self.open_in_accelerators(),
                View::Logs => self.open_line(),
            }
        }
    }

    pub(super) fn open_stack(&mut self, scope: Scope, id: StackId) {
        let size = self
            .detail
            .as_ref()
            .map(|detail| detail.size)
            .unwrap_or_default();
        let mut detail = Detail::new(scope, id);
        detail.size = size;
        detail.settle(&self.store);
        self.behind.extend(self.detail.replace(detail));
    }

    /// From a number of a region to what it counts.
    fn open_cell(&mut self) {
        let Some(row) = self.fleet_view.selected() else {
            return;
        };
        let scope = row.scope.clone();
        match self.fleet_view.column() {
            Column::Stacks => self.open_region(),
            Column::Errors | Column::P99 => self.show_lambda_at(&scope),
            Column::Endpoints | Column::Dial => self.show_accelerators_at(&scope),
            Column::Alarms => self.show_alarms_at(&scope),
        }
    }

    /// From a region to its stacks, at the one that needs attention most.
    fn open_region(&mut self) {
        let Some(row) = self.fleet_view.selected() else {
            return;
        };
        let scope = row.scope.clone();
        let worst = row.worst.or(row.moving);
        let stacks = self
            .store
            .stacks(&scope)
            .and_then(Slot::value)
            .unwrap_or_default();
        let name = worst
            .and_then(|position| stacks.get(position))
            .map(|stack| stack.name.clone());
        self.show(View::Stacks);
        let Some(region) = scope.region() else { return };
        let name = name.or_else(|| self.stacks.selected_name().cloned());
        match name {
            Some(name) => self.stacks.go_to(&scope.account, &name, region),
            None => {
                if let Some(column) = self
                    .stacks
                    .columns()
                    .iter()
                    .position(|column| column == region)
                {
                    self.stacks.select_column(column);
                }
            }
        }
    }

    /// The selected line in full.
    fn open_text(&mut self) {
        let Some(detail) = &self.detail else { return };
        let Some(text) = detail.selected_text(&self.store) else {
            return;
        };
        let title = format!("{} · {}", sanitise(detail.id.name()), detail.tab().title());
        self.overlays.push(Overlay::Text {
            title,
            text,
            scroll: Scroll::default(),
        });
    }

    pub(super) fn turn_to(&mut self, tab: impl FnOnce(Tab) -> Tab) {
        if self.detail.is_none() {
            self.open();
        }
        if let Some(detail) = &mut self.detail {
            detail.show(tab(detail.tab()));
            detail.settle(&self.store);
        }
    }
}
