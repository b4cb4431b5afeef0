//! The columns of the Fleet view that lead somewhere: what Enter opens is what the number counts.

use crate::app::cursor::Step;

/// A number of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Column {
    /// Leads to the region's stacks.
    #[default]
    Stacks,
    /// Errors a minute of all functions; leads to the functions of the region.
    Errors,
    /// The slowest hundredth of all calls; leads there too.
    P99,
    /// Healthy endpoints of accelerators; leads to the gravest group of the region.
    Endpoints,
    /// What part of the traffic the dials let in; leads there too.
    Dial,
    /// Leads to the region's alarms.
    Alarms,
}

impl Column {
    pub const ALL: [Self; 6] = [
        Self::Stacks,
        Self::Errors,
        Self::P99,
        Self::Endpoints,
        Self::Dial,
        Self::Alarms,
    ];

    /// Its number, from the left.
    pub fn index(self) -> usize {
        match self {
            Self::Stacks => 0,
            Self::Errors => 1,
            Self::P99 => 2,
            Self::Endpoints => 3,
            Self::Dial => 4,
            Self::Alarms => 5,
        }
    }

    /// The next one that way; the same at either end. `is_shown` says which have found room on the screen.
    pub(super) fn neighbour(self, step: Step, is_shown: impl Fn(Self) -> bool) -> Self {
        let shown: Vec<Self> = Self::ALL.into_iter().filter(|it| is_shown(*it)).collect();
        let before = shown.iter().rfind(|it| it.index() < self.index());
        let after = shown.iter().find(|it| it.index() > self.index());
        let found = match step {
            Step::Back | Step::PageBack => before,
            Step::Forth | Step::PageForth => after,
            Step::First => shown.first(),
            Step::Last => shown.last(),
        };
        found.copied().unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_has_no_room_is_stepped_over() {
        let all = |_| true;
        let narrow =
            |column: Column| !matches!(column, Column::P99 | Column::Endpoints | Column::Dial);
        assert_eq!(Column::Errors.neighbour(Step::Forth, all), Column::P99);
        assert_eq!(
            Column::Errors.neighbour(Step::Forth, narrow),
            Column::Alarms
        );
        assert_eq!(
            Column::Alarms.neighbour(Step::Forth, narrow),
            Column::Alarms
        );
        assert_eq!(Column::Alarms.neighbour(Step::Back, narrow), Column::Errors);
        assert_eq!(Column::P99.neighbour(Step::First, all), Column::Stacks);
    }
}
