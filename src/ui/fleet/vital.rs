//! How a region's functions do, and how its alarms stand: three columns of the Fleet view.
//!
//! *No data is not zero*: what is not known is a dash, what is old is dimmed and says why.

use crate::app::App;
use crate::app::alarms::{Tally, cadence};
use crate::app::fleet::Row;
use crate::app::wishes::{totals_period, totals_topic};
use crate::config::Role;
use crate::domain::{Extent, Fold, Grain, Measure, Metrics, Series, Slot, Timestamp, Unit};
use crate::ui::Look;
use crate::ui::pen::Pen;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::spark::Spark;
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Columns of the figure behind the sparkline.
pub(super) const FIGURE: u16 = 6;

/// What is known of a region's functions and alarms.
pub(super) struct Vitals<'a> {
    app: &'a App,
    look: &'a Look,
    row: &'a Row,
    metrics: Option<&'a Metrics>,
    read: Option<Timestamp>,
    /// How far the metrics can be believed.
    pub(super) pulse: Pulse<'a>,
    /// How far the alarms can be believed.
    pub(super) alarms: Pulse<'a>,
}

impl<'a> Vitals<'a> {
    pub(super) fn of(app: &'a App, look: &'a Look, row: &'a Row) -> Self {
        let slot = app.store().metrics(&row.scope, &totals_topic());
        let period = Some(totals_period(app));
        let alarms = app.store().alarms(&row.scope);
        Self {
            app,
            look,
            row,
            metrics: slot.and_then(Slot::value),
            read: slot.and_then(Slot::good).map(|good| good.at),
            pulse: Pulse::of(slot, app.now(), period),
            alarms: Pulse::of(alarms, app.now(), cadence(app).period()),
        }
    }

    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    /// The role of what is known, or that of what is old.
    fn role(&self, role: Role) -> Role {
        self.pulse.tone().unwrap_or(role)
    }

    /// Errors a minute, as a figure at the right end; in its place why there is none.
    pub(super) fn errors(&self, mut pen: Pen<'_>) {
        match (self.metrics, self.pulse) {
            (None, Pulse::Failing { .. }) => {
                let why = self.pulse.why(self.look, self.app.now(), pen.room());
                pen.text(&why, self.style(Role::Error));
            }
            (None, _) => {
                let sign = self.look.signs().unseen;
                pen.right(sign, self.style(Role::Unknown));
            }
            (Some(metrics), _) => {
                let (words, role) = match self.row.vital.errors {
                    None => (self.look.signs().nothing.to_owned(), Role::Muted),
                    Some(errors) if self.row.vital.errors_stand_out => {
                        (format!("{}!", Unit::Count.words(errors)), Role::Error)
                    }
                    Some(0.0) => ("0".to_owned(), Role::Muted),
                    Some(errors) => (Unit::Count.words(errors), Role::Text),
                };
                pen.right(&words, self.style(self.role(role)));
                self.doubt(&mut pen, metrics);
            }
        }
    }

    /// A sign before the figure of what is old, or may lack something.
    fn doubt(&self, pen: &mut Pen<'_>, metrics: &Metrics) {
        let signs = self.look.signs();
        let (sign, role) = match (self.pulse, &metrics.extent) {
            (Pulse::Failing { .. }, _) => (signs.alarm, Role::Error),
            (Pulse::Stale(_), _) => (signs.alarm, Role::Stale),
            (_, Extent::Partial(_)) => (signs.partial, Role::Warn),
            (Pulse::Fresh(_) | Pulse::Unseen, Extent::Whole) => return,
        };
        let style = self.style(role);
        pen.right(" ", style).right(sign, style);
    }

    /// The highest bar that the sparkline would have: rows share a scale, or noise would look like trouble.
    pub(super) fn most(&self, cell: Rect) -> Option<f64> {
        self.errors_over_time()?.most(spark_room(cell).width)
    }

    /// Errors over three hours, in the room before the figure.
    pub(super) fn spark(&self, sheet: &mut Sheet<'_>, cell: Rect, most: Option<f64>) {
        let area = spark_room(cell);
        if let Some(spark) = self.errors_over_time().filter(|_| area.width > 0) {
            spark.draw(sheet, area, most);
        }
    }

    fn errors_over_time(&self) -> Option<Spark<'a>> {
        // What is old ends where it was read, and does not look like silence since.
        let now = self.read.unwrap_or(self.app.now());
        let role = if self.row.vital.errors_stand_out {
            Role::Error
        } else {
            Role::Muted
        };
        Some(Spark {
            series: self.series(Measure::Errors)?,
            window: Grain::MINUTE.window(now),
            fold: Fold::Most,
            style: self.style(self.role(role)),
        })
    }

    fn series(&self, measure: Measure) -> Option<&'a Series> {
        self.metrics?.get(measure)
    }

    pub(super) fn p99(&self, mut pen: Pen<'_>) {
        if self.metrics.is_none() {
            return;
        }
        let vital = self.row.vital;
        let (words, role) = match vital.p99.map(|it| Unit::Milliseconds.words(it)) {
            None => (self.look.signs().nothing.to_owned(), Role::Muted),
            Some(words) if vital.p99_stands_out => (format!("{words}!"), Role::Error),
            Some(words) => (words, Role::Text),
        };
        pen.right(&words, self.style(self.role(role)));
    }

    /// How many alarms are in alarm, and how many see nothing: `4 ⚠ 1 ⊘`; a tick where all are in order.
    pub(super) fn alarms(&self, mut pen: Pen<'_>) {
        let signs = self.look.signs();
        let Some(tally) = self.row.alarms else {
            let (sign, role) = match self.alarms {
                Pulse::Failing { .. } => (signs.unknown, Role::Error),
                Pulse::Unseen | Pulse::Fresh(_) | Pulse::Stale(_) => (signs.unseen, Role::Unknown),
            };
            pen.text(sign, self.style(role));
            return;
        };
        let tone = |role| self.style(self.alarms.tone().unwrap_or(role));
        if let Pulse::Failing { .. } = self.alarms {
            pen.right(signs.alarm, self.style(Role::Error));
        }
        if tally.total() == 0 {
            pen.text("none", tone(Role::Muted));
            return;
        }
        let counts = [
            (tally.in_alarm, signs.alarm, Role::Error),
            (tally.blind, signs.blind, Role::Warn),
            (unknown(tally), signs.unknown, Role::Unknown),
        ];
        let mut told = false;
        for (count, sign, role) in counts.into_iter().filter(|(count, ..)| *count > 0) {
            let count = count.to_string();
            // A number without its shape would say nothing; the gravest comes first.
            if told && pen.room() < text::width(&count) + 3 {
                break;
            }
            pen.skip(u16::from(told))
                .text(&count, tone(Role::Text))
                .skip(1)
                .text(sign, tone(role));
            told = true;
        }
        if !told {
            pen.text(&tally.ok.to_string(), tone(Role::Muted))
                .skip(1)
                .text(signs.ok, tone(Role::Ok));
        }
    }
}

/// The part of the cell that the sparkline has.
fn spark_room(cell: Rect) -> Rect {
    Rect {
        width: cell.width.saturating_sub(FIGURE + 2),
        ..cell
    }
}

/// Alarms of which it is not known whether they are in order.
fn unknown(tally: Tally) -> usize {
    tally.insufficient + tally.unproven + tally.other
}
