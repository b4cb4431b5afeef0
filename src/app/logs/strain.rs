//! A filter or a search over the book: what was typed, the sieve that works on it, and what is wrong with it.

use crate::domain::log::{Filter, LogBook, Sieve, SieveName, SiftJob, Sifted};
use std::sync::Arc;

/// Lines that are sifted at once when a page comes; the rest is done elsewhere, and comes back in pieces.
const AT_ONCE: usize = 2_000;

/// What was typed, and what it keeps.
#[derive(Debug)]
pub(super) struct Strain {
    name: SieveName,
    text: String,
    sieve: Option<Sieve>,
}

impl Strain {
    pub(super) fn new(name: u64) -> Self {
        Self {
            name: SieveName { name, turn: 0 },
            text: String::new(),
            sieve: None,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn sieve(&self) -> Option<&Sieve> {
        self.sieve.as_ref()
    }

    pub(super) fn filter(&self) -> Option<&Arc<Filter>> {
        self.sieve.as_ref().map(Sieve::filter)
    }

    /// Puts another filter in force; one that lets everything pass is none.
    pub(super) fn set(&mut self, text: &str, filter: Filter) {
        text.clone_into(&mut self.text);
        self.name.turn += 1;
        self.sieve = (!filter.is_open()).then(|| Sieve::new(self.name, Arc::new(filter)));
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.sieve = None;
    }

    /// Begins anew, for another book.
    pub(super) fn start_over(&mut self) {
        self.name.turn += 1;
        self.sieve = self
            .sieve
            .take()
            .map(|sieve| Sieve::new(self.name, Arc::clone(sieve.filter())));
    }

    /// Follows the book; answers with the work that somebody else has to do.
    pub(super) fn settle(&mut self, book: &LogBook) -> Option<SiftJob> {
        self.sieve.as_mut()?.settle(book, AT_ONCE)
    }

    pub(super) fn accept(&mut self, book: &LogBook, sifted: &Sifted) {
        if let Some(sieve) = &mut self.sieve {
            sieve.accept(book, sifted);
        }
    }
}
