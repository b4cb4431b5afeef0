//! One region of the table: what it is called, how it does, and why it is not known better.

use super::reach::Reached;
use super::vital::Vitals;
use super::{
    ACCOUNT, AGE, ALARMS, API, CHANGE, DIAL, DRIFT, ENDPOINTS, ERRORS, P99, REGION, STACKS,
    TROUBLE, known, region_name,
};
use crate::app::App;
use crate::app::fleet::{Counts, Row};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Slot, Stack};
use crate::ui::Look;
use crate::ui::pulse::Pulse;
use crate::ui::status::{Mark, progress};
use crate::ui::table::Row as Cells;
use crate::ui::text;
use ratatui::style::Style;

/// How wide each kind of count is, so that equal shapes stand under each other.
pub(super) struct Shape {
    digits: [u16; 5],
}

impl Shape {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut digits = [0; 5];
        for row in rows {
            for (most, count) in digits.iter_mut().zip(Self::counts(row.counts)) {
                if count > 0 {
                    *most = (*most).max(width_of(count));
                }
            }
        }
        Self { digits }
    }

    fn counts(counts: Counts) -> [usize; 5] {
        [
            counts.well,
            counts.failed,
            counts.moving,
            counts.partial,
            counts.other,
        ]
    }

    pub(super) fn width(&self) -> u16 {
        // A count, a blank and its shape; a blank between kinds.
        let shown = self.digits.iter().filter(|digits| **digits > 0);
        shown
            .map(|digits| digits + 3)
            .sum::<u16>()
            .saturating_sub(1)
            .max(6)
    }
}

fn width_of(count: usize) -> u16 {
    u16::try_from(count.checked_ilog10().unwrap_or(0) + 1).unwrap_or(u16::MAX)
}

/// One region, being drawn.
pub(super) struct RegionRow<'a> {
    pub(super) app: &'a App,
    pub(super) look: &'a Look,
    pub(super) row: &'a Row,
    pub(super) shape: &'a Shape,
}

impl RegionRow<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    pub(super) fn draw(&self, cells: &mut Cells<'_>) {
        let slot = self.app.store().stacks(&self.row.scope);
        let pulse = Pulse::of_stacks(self.app, &self.row.scope);
        let mark = pulse
            .mark(self.look)
            .unwrap_or_else(|| known(self.row, self.look.signs()).0);
        cells.cell(REGION).text(mark.sign, self.style(mark.role));
        let tone = pulse.tone().map(|role| self.style(role));
        cells.tone(tone);
        cells
            .cell(REGION)
            .skip(2)
            .middle(&region_name(self.row), self.style(Role::Text));
        cells.cell(ACCOUNT).text(
            &sanitise(self.row.scope.account.as_str()),
            self.style(Role::Muted),
        );
        if let Some(good) = slot.and_then(Slot::good) {
            cells.cell(API).right(
                &latency(good.took.num_milliseconds()),
                self.style(Role::Muted),
            );
            self.counts(cells);
            self.last_change(cells, &good.value);
        }
        if self.row.counts.drifted > 0 {
            cells
                .cell(DRIFT)
                .right(&self.row.counts.drifted.to_string(), self.style(Role::Warn));
        }
        let vitals = Vitals::of(self.app, self.look, self.row);
        vitals.errors(cells.cell(ERRORS));
        vitals.p99(cells.cell(P99));
        let reach = Reached::of(self.app, self.look, self.row);
        reach.endpoints(cells.cell(ENDPOINTS));
        reach.dial(cells.cell(DIAL));
        vitals.alarms(cells.cell(ALARMS));
        cells
            .cell(AGE)
            .right(&pulse.age_words(self.look), self.style(Role::Muted));
        let stacks = slot.and_then(Slot::value).unwrap_or_default();
        self.trouble(cells, (pulse, &vitals), stacks);
    }

    fn counts(&self, cells: &mut Cells<'_>) {
        let signs = self.look.signs();
        let kinds = [
            (signs.ok, Role::Ok),
            (signs.failed, Role::Error),
            (signs.moving, Role::Moving),
            (signs.partial, Role::Warn),
            (signs.unknown, Role::Unknown),
        ];
        if self.row.counts.total() == 0 {
            cells.cell(STACKS).text("none", self.style(Role::Muted));
            return;
        }
        let mut pen = cells.cell(STACKS);
        let counts = Shape::counts(self.row.counts)
            .into_iter()
            .zip(kinds)
            .zip(self.shape.digits);
        for ((count, (sign, role)), digits) in counts.filter(|(_, digits)| *digits > 0) {
            let mut part = pen.take(digits + 2);
            if count > 0 {
                part.skip(digits - width_of(count).min(digits));
                part.text(&count.to_string(), self.style(Role::Text))
                    .skip(1)
                    .text(sign, self.style(role));
            }
            pen.skip(1);
        }
    }

    /// Why the data is old, else the stack that needs attention most, else what moves.
    fn trouble(
        &self,
        cells: &mut Cells<'_>,
        (pulse, vitals): (Pulse<'_>, &Vitals<'_>),
        stacks: &[Stack],
    ) {
        let now = self.app.now();
        if !pulse.is_live() {
            // A sentence may run on over the columns that have nothing to say.
            cells.tone(None);
            let role = match pulse {
                Pulse::Failing { .. } => Role::Error,
                Pulse::Unseen => Role::Unknown,
                Pulse::Fresh(_) | Pulse::Stale(_) => Role::Stale,
            };
            let until = if pulse.age().is_none() {
                CHANGE
            } else {
                TROUBLE
            };
            let mut pen = cells.span(TROUBLE, until);
            let why = pulse.why(self.look, now, pen.room());
            pen.text(&why, self.style(role));
            return;
        }
        let Some(stack) = self
            .row
            .worst
            .or(self.row.moving)
            .and_then(|position| stacks.get(position))
        else {
            self.unread(cells, vitals);
            return;
        };
        let mark = Mark::of_phase(stack.status.phase(), self.look.signs());
        let mut pen = cells.cell(TROUBLE);
        pen.text(mark.sign, self.style(mark.role)).skip(1);
        if stack.status.phase().is_moving() {
            let name = stack.name.safe();
            let words = progress(
                stack,
                now,
                pen.room().saturating_sub(text::width(&name) + 1),
            );
            let room = pen
                .room()
                .saturating_sub(text::width(&words) + 1)
                .min(text::width(&name));
            pen.take(room).middle(&name, self.style(Role::Text));
            pen.skip(1).text(&words, self.style(mark.role));
        } else {
            pen.middle(&stack.name.safe(), self.style(Role::Text));
        }
    }

    /// Why the metrics or the alarms are old, where the stacks have nothing to say.
    fn unread(&self, cells: &mut Cells<'_>, vitals: &Vitals<'_>) {
        let unread = [("alarms", vitals.alarms), ("metrics", vitals.pulse)];
        let failing = unread
            .into_iter()
            .find(|(_, pulse)| matches!(pulse, Pulse::Failing { .. }));
        let Some((noun, pulse)) = failing else { return };
        cells.tone(None);
        let mut pen = cells.cell(TROUBLE);
        pen.text(&format!("{noun}: "), self.style(Role::Muted));
        let why = pulse.why(self.look, self.app.now(), pen.room());
        pen.text(&why, self.style(Role::Error));
    }

    fn last_change(&self, cells: &mut Cells<'_>, stacks: &[Stack]) {
        // A nested stack changes with its parent, whose name says more.
        let named = stacks.iter().filter(|stack| stack.parent.is_none());
        let Some(stack) = named.max_by_key(|stack| stack.touched()) else {
            return;
        };
        let mut pen = cells.cell(CHANGE);
        let age = short(self.app.now() - stack.touched());
        let name = stack.name.safe();
        let room = pen
            .room()
            .saturating_sub(text::width(&age) + 1)
            .min(text::width(&name));
        pen.take(room).middle(&name, self.style(Role::Muted));
        pen.skip(1).text(&age, self.style(Role::Muted));
    }
}

fn latency(milliseconds: i64) -> String {
    match milliseconds {
        ..1_000 => format!("{milliseconds}ms"),
        1_000..10_000 => format!("{}.{}s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{}s", milliseconds / 1_000),
    }
}
