//! A list that typing narrows: the palette and the scope picker.

use super::cursor::{Cursor, Step};
use super::input::{Input, Typed};
use crate::config::key::Key;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What can be picked, and what typing has left of it.
#[derive(Clone, Debug)]
pub struct Picker<T> {
    items: Vec<Item<T>>,
    input: Input,
    hits: Vec<Hit>,
    cursor: Cursor<usize>,
}

/// One thing to pick, and the words it is found by.
#[derive(Clone, Debug)]
pub struct Item<T> {
    pub value: T,
    /// Shown, and searched.
    pub label: String,
    /// Beside it, searched too.
    pub note: String,
}

/// An item that matches, and which characters of `label note` matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub item: usize,
    pub matched: Vec<u32>,
}

impl<T> Picker<T> {
    pub fn new(items: Vec<Item<T>>) -> Self {
        let mut picker = Self {
            items,
            input: Input::default(),
            hits: Vec::new(),
            cursor: Cursor::default(),
        };
        picker.narrow();
        picker
    }

    /// Puts other items in the place of those there are; what is typed and what is selected stay.
    pub fn renew(&mut self, items: Vec<Item<T>>)
    where
        T: Clone + PartialEq,
    {
        let selected = self.selected().cloned().filter(|_| self.cursor.is_chosen());
        self.items = items;
        self.narrow();
        let again = selected.and_then(|selected| {
            let mut hits = self.hits.iter();
            hits.position(|hit| self.items[hit.item].value == selected)
        });
        if let Some(index) = again {
            self.select(index);
        }
    }

    pub fn input(&self) -> &Input {
        &self.input
    }

    pub fn cursor(&self) -> &Cursor<usize> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<usize> {
        &mut self.cursor
    }

    /// What matches, best first.
    pub fn hits(&self) -> impl ExactSizeIterator<Item = (&Item<T>, &Hit)> {
        self.hits.iter().map(|hit| (&self.items[hit.item], hit))
    }

    pub fn selected(&self) -> Option<&T> {
        let hit = self.hits.get(self.cursor.index())?;
        Some(&self.items[hit.item].value)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|item| &item.value)
    }

    pub fn step(&mut self, step: Step) {
        let hits = &self.hits;
        self.cursor.step(step, hits.len(), |index| hits[index].item);
    }

    pub fn select(&mut self, index: usize) {
        let hits = &self.hits;
        self.cursor
            .select(index, hits.len(), |index| hits[index].item);
    }

    pub fn key(&mut self, key: &Key) -> Typed {
        let typed = self.input.key(key);
        if typed == Typed::Edited {
            self.narrow();
            self.select(0);
        }
        typed
    }

    pub fn paste(&mut self, text: &str) {
        self.input.paste(text);
        self.narrow();
        self.select(0);
    }

    fn narrow(&mut self) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(
            self.input.text(),
            CaseMatching::Ignore,
            Normalization::Smart,
        );
        let mut buffer = Vec::new();
        let mut scored: Vec<(u8, u32, Hit)> = Vec::new();
        for (item, candidate) in self.items.iter().enumerate() {
            // What matches in the label alone comes before what needs the words beside it.
            let texts = [
                candidate.label.clone(),
                format!("{} {}", candidate.label, candidate.note),
            ];
            for (tier, text) in (0_u8..).zip(&texts) {
                let mut matched = Vec::new();
                if let Some(score) =
                    pattern.indices(Utf32Str::new(text, &mut buffer), &mut matcher, &mut matched)
                {
                    matched.sort_unstable();
                    matched.dedup();
                    scored.push((tier, score, Hit { item, matched }));
                    break;
                }
            }
        }
        scored.sort_by_key(|(tier, score, hit)| (*tier, std::cmp::Reverse(*score), hit.item));
        self.hits = scored.into_iter().map(|(_, _, hit)| hit).collect();
        let hits = &self.hits;
        self.cursor.settle(hits.len(), |index| hits[index].item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker() -> Picker<&'static str> {
        let item = |label: &str| label.to_owned();
        Picker::new(
            ["stacks", "scope", "sort", "change-sets"]
                .map(|value| Item {
                    value,
                    label: item(value),
                    note: String::new(),
                })
                .into(),
        )
    }

    #[test]
    fn typing_narrows_and_enter_takes_the_best() {
        let mut picker = picker();
        assert_eq!(picker.hits().len(), 4);
        for letter in ["s", "c"] {
            picker.key(&letter.parse().unwrap());
        }
        assert_eq!(picker.selected(), Some(&"scope"));
        picker.key(&"ctrl-u".parse().unwrap());
        assert_eq!(picker.hits().len(), 4);
    }

    #[test]
    fn nothing_matches_and_nothing_is_selected() {
        let mut picker = picker();
        picker.paste("qqq");
        assert_eq!((picker.hits().len(), picker.selected()), (0, None));
    }
}
