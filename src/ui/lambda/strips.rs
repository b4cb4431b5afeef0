//! Small multiples: the selected function in each region, worst first, one under the other.

use super::pointing;
use crate::app::App;
use crate::app::lambda::{FIGURES, Shown, Strip};
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{
    Extent, Fold, Grain, Measure, Region, Scope, Series, Slot, Topic, Unit, Untrusted,
};
use crate::ui::Look;
use crate::ui::chrome::count;
use crate::ui::layout;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::spark::Spark;
use crate::ui::status::Mark;
use crate::ui::table::{Column, POINTER, Row, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const REGION: usize = 0;
const ALIAS: usize = 1;
const SPARK: usize = 2;
const CALLS: usize = 3;
const RATE: usize = 4;
const ERRORS: usize = 5;
const THROTTLES: usize = 6;
const P50: usize = 7;
const P95: usize = 8;
const P99: usize = 9;
const CONCURRENT: usize = 10;
const NOTE: usize = 11;
const AGE: usize = 12;

/// ```text
/// │   REGION      ALIAS       INVOCATIONS, 3h     NOW  ERRORS  FAILED  THROT   P50  P95   P99  CONC          AGE │
/// │▸⚠ eu-west-1   ACTIVE→19!  ▃▃▄▄▅▅▂▁▁▁▁▁▁  311/min  41.7 %   1 297     12 901ms 1.4s  1.9s   188  1 alarm  12s │
/// ```
pub(super) fn strips(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let view = app.lambda();
    let inner = sheet.frame(area, Focus::Elsewhere);
    let strips = view.strips();
    let (head, body) = layout::top(inner, 1);
    title(
        sheet,
        area,
        strips.len().saturating_sub(usize::from(body.height)),
    );
    if inner.is_empty() {
        return;
    }
    let Some(row) = view.selected_row() else {
        return;
    };
    let regions =
        text::widest(strips.iter().filter_map(|strip| {
            Some(sanitise(view.scope_of(strip)?.region()?.as_str()).into_owned())
        }));
    let alias = sanitise(&app.fleet().lambda.alias);
    let alias_width = match view.shown {
        Shown::Function => text::width(&alias).saturating_add(5).clamp(7, 24),
        Shown::Account => 0,
    };
    // On a narrow screen the arrow and the version have to do.
    let alias_least = alias_width.min(if inner.width < 100 { 5 } else { 11 });
    let columns = vec![
        Column::left(
            "  REGION",
            (regions.clamp(6, 14) + 2, regions.clamp(6, 20) + 2),
            0,
        ),
        Column::left("ALIAS", (alias_least, alias_width), 1),
        Column::left("CALLS, 3h", (12, 60), 2),
        Column::right("NOW", 8, 2),
        Column::right("ERRORS", 7, 0),
        Column::right("FAILED", 6, 9),
        Column::right("THROT", 5, 5),
        Column::right("P50", 6, 7),
        Column::right("P95", 6, 10),
        Column::right("P99", 6, 3),
        Column::right("CONC", 5, 8),
        Column::left("", (10, 28), 4),
        Column::right("AGE", 4, 1),
    ];
    let room = inner.width.saturating_sub(POINTER + 1);
    let table = Table::new(columns, room, sheet.signs());
    table.head(sheet, head);
    let topic = Strip::topic(view.shown, &row.name);
    let window = Grain::MINUTE.window(app.now());
    let shape = table.place(SPARK, body).width;
    // One scale for all: a region with a tenth of the calls looks like it.
    let sparks = strips.iter().filter_map(|strip| {
        let series = series(app, view.scope_of(strip)?, &topic)?;
        Spark {
            series,
            window,
            fold: Fold::Mean,
            style: sheet.style(Role::Text),
        }
        .most(shape)
    });
    let most = sparks.reduce(f64::max);
    for (strip, y) in strips.iter().zip(0..body.height) {
        let Some(scope) = view.scope_of(strip) else {
            continue;
        };
        let slot = app.store().metrics(scope, &topic);
        let place = line(body, y);
        let is_selected = scope.region() == view.selected_region();
        if is_selected {
            let (pointer, style) = (sheet.signs().pointer, sheet.style(Role::Title));
            sheet.pen(place, 0).text(pointer, style);
        }
        let drawn = Drawn {
            look: sheet.look,
            strip,
            pulse: Pulse::of(slot, app.now(), Some(FIGURES)),
            extent: slot.and_then(Slot::value).map(|metrics| &metrics.extent),
            alias: &alias,
        };
        let mut cells = table.row(sheet.buffer, place, 0);
        drawn.region(&mut cells, scope);
        if strip.vitals.is_some() {
            drawn.figures(&mut cells);
        } else {
            drawn.reason(&mut cells, app.now());
        }
        if let Some(series) = series(app, scope, &topic) {
            let spark = Spark {
                series,
                window,
                fold: Fold::Mean,
                style: sheet.style(Role::Text),
            };
            let spot = table.place(SPARK, place);
            spark.draw(sheet, spot, most);
        }
    }
}

/// The calls of a region, minute by minute.
fn series<'a>(app: &'a App, scope: &Scope, topic: &Topic) -> Option<&'a Series> {
    let metrics = app.store().metrics(scope, topic)?.value()?;
    metrics.get(Measure::Invocations)
}

/// A region, being drawn.
struct Drawn<'a> {
    look: &'a Look,
    strip: &'a Strip,
    pulse: Pulse<'a>,
    extent: Option<&'a Extent>,
    alias: &'a str,
}

impl Drawn<'_> {
    fn region(&self, cells: &mut Row<'_>, scope: &Scope) {
        let look = self.look;
        let mark = Mark::of_health(self.strip.health, look.signs());
        let tone = self.pulse.tone().map(|role| look.style(role));
        cells.tone(tone);
        let name = sanitise(scope.region().map_or("", Region::as_str));
        cells
            .cell(REGION)
            .text(mark.sign, look.style(mark.role))
            .skip(1)
            .middle(&name, look.style(Role::Text));
        let points = (&self.strip.alias, self.strip.alias_skew);
        pointing(&mut cells.cell(ALIAS), self.alias, points, look);
    }

    fn figures(&self, cells: &mut Row<'_>) {
        let look = self.look;
        let (text, muted, bad) = (
            look.style(Role::Text),
            look.style(Role::Muted),
            look.style(Role::Error),
        );
        let vitals = self.strip.vitals.unwrap_or_default();
        let words = |figure: Option<f64>, unit: Unit| {
            figure.map_or_else(
                || look.signs().nothing.to_owned(),
                |figure| unit.words(figure),
            )
        };
        let is_bad = self.strip.rate_stands_out || vitals.is_failing();
        let rate = if is_bad { bad } else { text };
        let some = |figure: Option<f64>| {
            let is_some = figure.is_some_and(|figure| figure > 0.0);
            if is_some { text } else { muted }
        };
        let slow = if self.strip.p99_stands_out { bad } else { text };
        for (column, figure, unit, style) in [
            (CALLS, vitals.invocations, Unit::PerMinute, text),
            (RATE, vitals.rate, Unit::Percent, rate),
            (ERRORS, vitals.errors, Unit::Count, some(vitals.errors)),
            (
                THROTTLES,
                vitals.throttles,
                Unit::Count,
                some(vitals.throttles),
            ),
            (P50, vitals.p50, Unit::Milliseconds, muted),
            (P95, vitals.p95, Unit::Milliseconds, muted),
            (P99, vitals.p99, Unit::Milliseconds, slow),
            (CONCURRENT, vitals.concurrent, Unit::Count, muted),
        ] {
            cells.cell(column).right(&words(figure, unit), style);
        }
        self.note(cells);
        let age = self.pulse.age_words(look);
        cells.cell(AGE).right(&age, muted);
    }

    /// What else there is to know: alarms, what is missing, why it is old.
    fn note(&self, cells: &mut Row<'_>) {
        let (look, signs) = (self.look, self.look.signs());
        let mut pen = cells.cell(NOTE);
        if self.strip.alarms > 0 {
            let words = format!("{} {}", signs.alarm, count(self.strip.alarms, "alarm"));
            pen.text(&words, look.style(Role::Error)).skip(1);
        }
        if let Some(Extent::Partial(why)) = self.extent {
            let why = why.as_ref().map(Untrusted::safe);
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            let words = format!("{} partial{why}", signs.partial);
            pen.text(&words, look.style(Role::Warn));
        }
    }

    /// There is nothing: because nobody has answered, or nobody can.
    fn reason(&self, cells: &mut Row<'_>, now: crate::domain::Timestamp) {
        let look = self.look;
        cells.tone(None);
        let mut pen = cells.span(SPARK, AGE);
        match self.pulse {
            Pulse::Failing { failing, .. } => {
                let error = look.style(Role::Error);
                pen.text(look.signs().unknown, error).skip(1);
                let brief = self.pulse.why(look, now, pen.room());
                // The sentence where there is room for it, else why in two words.
                let sentence = failing.problem.to_string();
                let fits = text::width(&sentence) <= pen.room();
                pen.text(if fits { &sentence } else { &brief }, error);
            }
            Pulse::Unseen => {
                let style = look.style(Role::Unknown);
                pen.text("asking", style);
            }
            Pulse::Fresh(_) | Pulse::Stale(_) => {
                let muted = look.style(Role::Muted);
                pen.text("no data", muted);
            }
        }
    }
}

/// `checkout-api · last 3h by the minute · figures of the last 10m`
fn title(sheet: &mut Sheet<'_>, area: Rect, hidden: usize) {
    let app = sheet.app;
    let view = app.lambda();
    let (title, muted, warn) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Warn),
    );
    let dot = sheet.signs().dot;
    let Some(row) = view.selected_row() else {
        return;
    };
    let is_one_of_many = app.fleet().accounts.len() > 1;
    let account = sanitise(row.account.as_str());
    let mut pen = sheet.title(area);
    pen.text(" ", title);
    match view.shown {
        Shown::Function => {
            pen.middle(&row.name.safe(), title).text(" ", title);
            if is_one_of_many {
                pen.text(&format!("{dot} {account} "), muted);
            }
        }
        Shown::Account => {
            let words = format!("All functions of {account} ");
            pen.text(&words, title);
        }
    }
    if hidden > 0 {
        let words = format!("{dot} {} more ", count(hidden, "region"));
        pen.text(&words, warn);
    }
    pen.text(&format!("{dot} figures of the last 10m "), muted);
}
