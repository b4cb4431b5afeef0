//! The lines folded by what they say: a template, how often it came, and when.

use super::{Logs, Page};
use crate::app::App;
use crate::app::cursor::{Cursor, Step};
use crate::domain::log::fold::{Fold, Template};
use std::sync::Arc;

/// Lines that are folded with one event; the rest with those that follow. A line costs about a microsecond.
const BUDGET: usize = 3_000;

/// The templates, as long as they are looked at.
#[derive(Debug, Default)]
pub struct Patterns {
    fold: Fold,
    /// What the filter said when the folding began.
    filter: String,
    is_whole: bool,
    cursor: Cursor<String>,
}

impl Patterns {
    /// Most lines first.
    pub fn templates(&self) -> Vec<&Template> {
        let mut templates = self.fold.templates();
        templates.extend(self.fold.other());
        templates
    }

    pub fn cursor(&self) -> &Cursor<String> {
        &self.cursor
    }

    pub(super) fn cursor_mut(&mut self) -> &mut Cursor<String> {
        &mut self.cursor
    }

    /// Whether every line has been folded.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn settle(&mut self) {
        let templates = self.fold.templates();
        self.cursor
            .settle(templates.len(), |index| templates[index].exact().to_owned());
    }

    pub(super) fn step(&mut self, step: Step) {
        let templates = self.fold.templates();
        self.cursor.step(step, templates.len(), |index| {
            templates[index].exact().to_owned()
        });
    }

    pub(super) fn select(&mut self, row: usize) {
        let templates = self.fold.templates();
        self.cursor.select(row, templates.len(), |index| {
            templates[index].exact().to_owned()
        });
    }
}

impl Logs {
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// Folds what has come since; only while somebody looks.
    pub(super) fn fold(&mut self) {
        if self.page != Page::Patterns {
            return;
        }
        if self.patterns.filter != self.filter.text() {
            self.fold_anew();
        }
        self.patterns.is_whole = self.patterns.fold.settle(&self.book, BUDGET);
        self.patterns.settle();
    }

    pub(super) fn fold_anew(&mut self) {
        let filter = self.filter.filter().map(Arc::clone);
        self.patterns = Patterns {
            fold: filter.map_or_else(Fold::default, Fold::of),
            filter: self.filter.text().to_owned(),
            ..Patterns::default()
        };
    }
}

impl App {
    /// From a template to its lines, at the latest of them.
    pub(super) fn open_pattern(&mut self) {
        let patterns = &self.logs.patterns;
        let templates = patterns.fold.templates();
        let template = templates.get(patterns.cursor.index());
        let Some((text, example)) = template.map(|it| (it.exact().to_owned(), it.example)) else {
            return;
        };
        self.logs.page = Page::Lines;
        self.logs.keep_pattern(&text);
        self.logs.go_to(Some(example));
    }
}
