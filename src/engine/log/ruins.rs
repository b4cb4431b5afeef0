//! The spans of a source that cannot be read. Pure.

use crate::domain::log::Millis;

/// Spans by their first and last millisecond, sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruins(Vec<(Millis, Millis)>);

impl Ruins {
    pub(super) fn add(&mut self, from: Millis, until: Millis) {
        self.0.push((from, until));
        self.0.sort_unstable();
    }

    /// The first stretch between `from` and `until` without any: its first and last millisecond, where it has one.
    pub(super) fn clear(
        &self,
        mut from: Millis,
        until: Option<Millis>,
    ) -> Option<(Millis, Option<Millis>)> {
        let mut end = until;
        for (first, last) in &self.0 {
            if *last < from {
                continue;
            }
            if *first > from {
                end = Some(end.map_or(first - 1, |end| end.min(first - 1)));
                break;
            }
            from = last + 1;
        }
        until
            .is_none_or(|until| from <= until)
            .then_some((from, end))
    }

    /// The nearest moment at or before `at` that is not inside one.
    pub(super) fn before(&self, mut at: Millis) -> Millis {
        for (first, last) in self.0.iter().rev() {
            if (*first..=*last).contains(&at) {
                at = first - 1;
            }
        }
        at
    }

    /// Forgets those that ended before a moment.
    pub(super) fn forget(&mut self, before: Millis) {
        self.0.retain(|(_, last)| *last >= before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_goes_around_them() {
        let mut ruins = Ruins::default();
        assert_eq!(ruins.clear(5, None), Some((5, None)));
        ruins.add(20, 29);
        ruins.add(10, 19);
        for (from, until, clear) in [
            (5, None, Some((5, Some(9)))),
            (5, Some(7), Some((5, Some(7)))),
            (10, None, Some((30, None))),
            (15, Some(40), Some((30, Some(40)))),
            (15, Some(29), None),
            (31, None, Some((31, None))),
        ] {
            assert_eq!(ruins.clear(from, until), clear, "{from} {until:?}");
        }
        for (at, before) in [(30, 30), (29, 9), (10, 9), (5, 5)] {
            assert_eq!(ruins.before(at), before);
        }
        ruins.forget(25);
        assert_eq!(ruins.clear(10, None), Some((10, Some(19))));
    }
}
