//! The regions of the charts: their colours, and their figures at the moment that is read.

use super::colour;
use crate::app::lambda::Pointing;
use crate::app::lambda::detail::FunctionDetail;
use crate::app::stacks::Skew;
use crate::app::{Target, Window};
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{Extent, Region, Slot, Topic, Unit, Untrusted};
use crate::ui::lambda::pointing;
use crate::ui::layout;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::table::{Column, List, POINTER, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const REGION: usize = 0;
const ALIAS: usize = 1;
const CALLS: usize = 2;
const RATE: usize = 3;
const ERRORS: usize = 4;
const THROTTLES: usize = 5;
const P50: usize = 6;
const P95: usize = 7;
const P99: usize = 8;
const CONCURRENT: usize = 9;
const NOTE: usize = 10;
const AGE: usize = 11;

pub(super) fn legend(
    sheet: &mut Sheet<'_>,
    (framed, area): (Rect, Rect),
    open: &FunctionDetail,
) -> Window {
    let (app, look) = (sheet.app, sheet.look);
    let alias = sanitise(&app.fleet().lambda.alias);
    let columns = columns(open, text::width(&alias));
    let room = area.width.saturating_sub(POINTER + 1);
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(area, 1);
    table.head(sheet, head);
    let list = List {
        len: open.regions().len(),
        cursor: open.region_cursor(),
        target: Target::DetailRow,
    };
    let (text, muted, signs) = (
        look.style(Role::Text),
        look.style(Role::Muted),
        look.signs(),
    );
    let window = table.rows(sheet, body, &list, |cells| {
        let Some(scope) = open.regions().get(cells.index) else {
            return;
        };
        let slot = app.store().metrics(scope, &open.topic());
        let pulse = Pulse::of(slot, app.now(), Some(open.span().cadence()));
        let vitals = open.vitals(app.store(), scope);
        let name = sanitise(scope.region().map_or("", Region::as_str));
        let own = colour(app, look, scope);
        cells
            .cell(REGION)
            .text(signs.live, own)
            .skip(1)
            .middle(&name, own);
        cells.tone(pulse.tone().map(|role| look.style(role)));
        let aliases = Topic::Aliases(open.name.clone());
        let points = Pointing::of(app.store(), (scope, &aliases), &app.fleet().lambda.alias);
        let skew = app.lambda().alias_skew(scope, &open.name);
        let skew = skew.unwrap_or(Skew::None);
        pointing(&mut cells.cell(ALIAS), &alias, (&points, skew), look);
        let Some(vitals) = vitals else {
            cells.tone(None);
            let mut pen = cells.span(CALLS, AGE);
            let (words, role) = match pulse {
                Pulse::Failing { failing, .. } => (failing.problem.to_string(), Role::Error),
                Pulse::Unseen => ("asking".to_owned(), Role::Unknown),
                Pulse::Fresh(_) | Pulse::Stale(_) => ("no data".to_owned(), Role::Muted),
            };
            pen.text(&words, look.style(role));
            return;
        };
        let rate = if vitals.is_failing() {
            look.style(Role::Error)
        } else {
            text
        };
        for (column, figure, unit, style) in [
            (CALLS, vitals.invocations, Unit::PerMinute, text),
            (RATE, vitals.rate, Unit::Percent, rate),
            (ERRORS, vitals.errors, Unit::Count, text),
            (THROTTLES, vitals.throttles, Unit::Count, text),
            (P50, vitals.p50, Unit::Milliseconds, text),
            (P95, vitals.p95, Unit::Milliseconds, text),
            (P99, vitals.p99, Unit::Milliseconds, text),
            (CONCURRENT, vitals.concurrent, Unit::Count, text),
        ] {
            let words = figure.map_or_else(|| signs.nothing.to_owned(), |it| unit.words(it));
            cells.cell(column).right(&words, style);
        }
        if let Some(Extent::Partial(why)) = slot.and_then(Slot::value).map(|it| &it.extent) {
            let why = why.as_ref().map(Untrusted::safe).unwrap_or_default();
            let words = format!("{} partial {why}", signs.partial);
            cells.cell(NOTE).text(&words, look.style(Role::Warn));
        }
        cells.cell(AGE).right(&pulse.age_words(look), muted);
    });
    let len = open.regions().len();
    sheet.scrollbar(framed, body, (window.first, window.size, len));
    window
}

/// The columns; `alias` is how wide the alias's name is.
fn columns(open: &FunctionDetail, alias: u16) -> Vec<Column> {
    let names = open.regions().iter().filter_map(|it| it.region());
    let names = text::widest(names.map(|region| sanitise(region.as_str())));
    let alias_width = alias.saturating_add(5).clamp(7, 24);
    vec![
        Column::left(
            "  REGION",
            (names.clamp(6, 14) + 2, names.clamp(6, 20) + 2),
            0,
        ),
        Column::left("ALIAS", (5, alias_width), 2),
        Column::right("CALLS", 8, 2),
        Column::right("ERRORS", 7, 0),
        Column::right("FAILED", 6, 6),
        Column::right("THROT", 5, 5),
        Column::right("P50", 6, 4),
        Column::right("P95", 6, 8),
        Column::right("P99", 6, 3),
        Column::right("CONC", 5, 7),
        Column::left("", (0, 40), 9),
        Column::right("AGE", 4, 1),
    ]
}
