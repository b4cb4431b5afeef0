//! A list that only grows, and that whoever reads may go on reading while it does.
//!
//! What clients change about a world is never overwritten: it is written below what stands there already. So a
//! reference into a ledger stays good for as long as the ledger does, no reader ever waits, and a service can borrow
//! stacks and their resources from the world as if nothing in it could change.

use std::ops::Index;
use std::sync::OnceLock;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Ledger<T> {
    /// What was there from the beginning.
    first: Vec<T>,
    rest: OnceLock<Box<Link<T>>>,
}

#[derive(Clone, Debug)]
struct Link<T> {
    item: T,
    next: OnceLock<Box<Link<T>>>,
}

impl<T> Ledger<T> {
    pub(in crate::sandbox) const fn new() -> Ledger<T> {
        Ledger {
            first: Vec::new(),
            rest: OnceLock::new(),
        }
    }

    /// Writes `item` below everything that stands there, even if somebody else is writing too.
    pub(in crate::sandbox) fn push(&self, item: T) {
        let mut link = Box::new(Link {
            item,
            next: OnceLock::new(),
        });
        let mut end = &self.rest;
        loop {
            while let Some(taken) = end.get() {
                end = &taken.next;
            }
            match end.set(link) {
                Ok(()) => return,
                Err(refused) => link = refused,
            }
        }
    }

    pub(in crate::sandbox) fn iter(&self) -> Iter<'_, T> {
        Iter {
            first: self.first.iter(),
            next: &self.rest,
        }
    }

    pub(in crate::sandbox) fn get(&self, place: usize) -> Option<&T> {
        match place.checked_sub(self.first.len()) {
            None => self.first.get(place),
            Some(beyond) => self.added().nth(beyond),
        }
    }

    pub(in crate::sandbox) fn len(&self) -> usize {
        self.first.len() + self.added().count()
    }

    pub(in crate::sandbox) fn last(&self) -> Option<&T> {
        self.added().last().or_else(|| self.first.last())
    }

    /// What came after the beginning.
    fn added(&self) -> Iter<'_, T> {
        Iter {
            first: [].iter(),
            next: &self.rest,
        }
    }
}

impl<T> From<Vec<T>> for Ledger<T> {
    fn from(first: Vec<T>) -> Ledger<T> {
        Ledger {
            first,
            rest: OnceLock::new(),
        }
    }
}

impl<T> Default for Ledger<T> {
    fn default() -> Ledger<T> {
        Ledger::new()
    }
}

/// Only of what nobody else knows yet: a world that is being built.
impl<T> Extend<T> for Ledger<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.first.extend(items);
    }
}

impl<T> Index<usize> for Ledger<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        self.get(place)
            .expect("a place was given out by the ledger")
    }
}

impl<'l, T> IntoIterator for &'l Ledger<T> {
    type Item = &'l T;
    type IntoIter = Iter<'l, T>;

    fn into_iter(self) -> Iter<'l, T> {
        self.iter()
    }
}

/// From the top to the bottom, as it is when one gets there.
#[derive(Debug)]
pub(in crate::sandbox) struct Iter<'l, T> {
    first: std::slice::Iter<'l, T>,
    next: &'l OnceLock<Box<Link<T>>>,
}

impl<'l, T> Iterator for Iter<'l, T> {
    type Item = &'l T;

    fn next(&mut self) -> Option<&'l T> {
        self.first.next().or_else(|| {
            let link = self.next.get()?;
            self.next = &link.next;
            Some(&link.item)
        })
    }
}

/// Link by link: a long list dropped as a whole would need as many stack frames.
impl<T> Drop for Ledger<T> {
    fn drop(&mut self) {
        let mut next = self.rest.take();
        while let Some(mut link) = next {
            next = link.next.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_stands_below_what_was_there() {
        let ledger = Ledger::from(vec![1, 2]);
        let second = &ledger[1];
        ledger.push(3);
        ledger.push(4);
        assert_eq!(ledger.iter().copied().collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(
            (*second, ledger.len()),
            (2, 4),
            "and what was borrowed stays"
        );
        assert_eq!((ledger.get(3), ledger.get(4)), (Some(&4), None));
        assert_eq!(ledger.last(), Some(&4));
    }

    #[test]
    fn many_may_write_at_once_and_nothing_is_lost() {
        let ledger = Ledger::new();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let ledger = &ledger;
                scope.spawn(move || (0..500).for_each(|item| ledger.push(thread * 500 + item)));
            }
        });
        let mut all: Vec<i32> = ledger.iter().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..2_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_very_long_one_is_dropped_without_climbing_down_it() {
        let ledger = Ledger::new();
        let mut end = &ledger.rest;
        for item in 0..200_000 {
            let next = OnceLock::new();
            end = &end.get_or_init(|| Box::new(Link { item, next })).next;
        }
        drop(ledger);
    }
}
