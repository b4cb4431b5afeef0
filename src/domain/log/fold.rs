//! Folding: lines that differ in numbers, ids and names only, counted as one.
//!
//! What varies becomes a placeholder; what is left is the template. How many templates there are is bounded: lines of
//! further ones are counted together. Counts are of what was seen, also of what the book has let go since.

use super::book::LogBook;
use super::field;
use super::filter::Filter;
use super::level::Level;
use super::line::{Line, LineId};
use super::mask;
use super::tally::Tally;
use super::walk::Walk;
use super::{LineKind, Millis};
use crate::domain::untrusted::sanitise;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Templates that are told apart.
const TEMPLATES: usize = 2_000;
/// Columns of a template's sparkline: ten minutes.
const COLUMNS: usize = 60;

/// Lines that look alike.
#[derive(Clone, Debug)]
pub struct Template {
    text: String,
    pub count: u64,
    /// Times of the earliest and of the latest line.
    pub first: Millis,
    pub last: Millis,
    /// How many of each level, in the order of [`Level::ALL`], and how many that tell none.
    pub levels: [u64; Level::ALL.len() + 1],
    pub tally: Tally,
    /// The latest line.
    pub example: LineId,
}

/// The templates of a book's lines.
#[derive(Debug, Default)]
pub struct Fold {
    walk: Walk,
    filter: Option<Arc<Filter>>,
    templates: Vec<Template>,
    numbers: HashMap<String, usize>,
    /// Lines of templates beyond those that are told apart.
    other: Option<Template>,
    scratch: String,
}

impl Fold {
    /// Folds the lines that a filter keeps.
    pub fn of(filter: Arc<Filter>) -> Self {
        Self {
            filter: Some(filter),
            ..Self::default()
        }
    }

    /// Folds up to `budget` lines that were not folded yet; answers whether that was all. A line costs about a
    /// microsecond.
    pub fn settle(&mut self, book: &LogBook, budget: usize) -> bool {
        let mut walk = std::mem::take(&mut self.walk);
        let filter = self.filter.clone();
        let is_done = walk.visit(book, budget, |line| {
            let is_kept = filter
                .as_ref()
                .is_none_or(|filter| filter.keeps(&line, book.sources()));
            if is_kept && line.kind == LineKind::Event {
                self.add(&line);
            }
        });
        self.walk = walk;
        is_done
    }

    /// The templates, those of most lines first.
    pub fn templates(&self) -> Vec<&Template> {
        let mut sorted: Vec<_> = self.templates.iter().collect();
        sorted.sort_by(|a, b| b.count.cmp(&a.count).then(b.last.cmp(&a.last)));
        sorted
    }

    /// The lines of all further templates.
    pub fn other(&self) -> Option<&Template> {
        self.other.as_ref()
    }

    fn add(&mut self, line: &Line<'_>) {
        self.scratch.clear();
        write(line.exact(), &mut self.scratch);
        if let Some(&number) = self.numbers.get(&self.scratch) {
            self.templates[number].add(line);
        } else if self.templates.len() < TEMPLATES {
            self.numbers
                .insert(self.scratch.clone(), self.templates.len());
            self.templates
                .push(Template::of(line, self.scratch.clone()));
        } else if let Some(other) = &mut self.other {
            other.add(line);
        } else {
            self.other = Some(Template::of(line, "other lines".to_owned()));
        }
    }
}

impl Template {
    fn of(line: &Line<'_>, text: String) -> Self {
        let mut template = Self {
            text,
            count: 0,
            first: line.time,
            last: line.time,
            levels: [0; Level::ALL.len() + 1],
            tally: Tally::new(COLUMNS),
            example: line.id,
        };
        template.add(line);
        template
    }

    fn add(&mut self, line: &Line<'_>) {
        self.count += 1;
        self.first = self.first.min(line.time);
        self.last = self.last.max(line.time);
        self.levels[line.level.map_or(Level::ALL.len(), |level| level as usize)] += 1;
        self.tally.add(line.time);
        self.example = self.example.max(line.id);
    }

    /// The words that all its lines have, with placeholders for the others; what [`Filter::of_template`] wants.
    pub fn exact(&self) -> &str {
        &self.text
    }

    /// The same, harmless to a terminal.
    pub fn safe(&self) -> Cow<'_, str> {
        sanitise(&self.text)
    }

    /// The level of most of its lines that tell one.
    pub fn level(&self) -> Option<Level> {
        let counts = Level::ALL
            .into_iter()
            .zip(self.levels)
            .filter(|&(_, count)| count > 0);
        counts
            .max_by_key(|&(_, count)| count)
            .map(|(level, _)| level)
    }
}

/// The template of a message.
pub fn template(message: &str) -> String {
    let mut text = String::new();
    write(message, &mut text);
    text
}

/// Of JSON, what it says is folded, and not the names of its fields.
fn write(message: &str, out: &mut String) {
    let value = if message.trim_ascii_start().starts_with('{') {
        field::json(message)
    } else {
        None
    };
    let said = value.as_ref().and_then(|value| {
        let names = ["message", "msg", "event", "error", "errorMessage"];
        names.into_iter().find_map(|name| value.get(name)?.as_str())
    });
    mask::write(said.unwrap_or(message), out);
}

#[cfg(test)]
mod tests {
    use super::super::LogEvents;
    use super::*;

    #[test]
    fn lines_that_differ_in_values_only_are_one_template() {
        let mut book = LogBook::default();
        let mut fold = Fold::default();
        for minute in 0..3 {
            let mut page = LogEvents::default();
            for request in 0..100 {
                let time = minute * 60_000 + request;
                page.push(
                    "s",
                    (time, time),
                    "",
                    &format!("INFO took {request} ms for user-{minute}{request}"),
                );
            }
            page.push(
                "s",
                (minute, minute),
                "",
                &format!("{{\"level\":\"error\",\"msg\":\"lost {minute}\"}}"),
            );
            book.absorb(0, &page, minute * 60_000);
            while !fold.settle(&book, 37) {}
        }
        let seen: Vec<_> = fold
            .templates()
            .iter()
            .map(|template| {
                (
                    template.exact().to_owned(),
                    template.count,
                    template.level(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (
                    "INFO took <num> ms for <id>".to_owned(),
                    300,
                    Some(Level::Info)
                ),
                ("lost <num>".to_owned(), 3, Some(Level::Error)),
            ]
        );
        let first = fold.templates()[0];
        let filter = Filter::of_template(first.exact());
        let kept = book.lines_from(0).filter(|line| filter.keeps(line, &[]));
        assert_eq!(kept.count(), 300);
        assert_eq!((first.first, first.last), (0, 120_099));
        assert_eq!(first.tally.until(120_000, 13).iter().sum::<u32>(), 300);
    }

    #[test]
    fn templates_beyond_the_bound_are_counted_together() {
        let mut book = LogBook::default();
        let mut page = LogEvents::default();
        let word = |n: usize| ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][n % 10];
        for n in 0..TEMPLATES + 50 {
            let text = format!(
                "{}{}{}{}",
                word(n),
                word(n / 10),
                word(n / 100),
                word(n / 1_000)
            );
            page.push("s", (0, 0), "", &format!("x{text}x"));
        }
        book.absorb(0, &page, 0);
        let mut fold = Fold::default();
        assert!(fold.settle(&book, usize::MAX));
        assert_eq!(fold.templates().len(), TEMPLATES);
        assert_eq!(fold.other().map(|other| other.count), Some(50));
    }
}
