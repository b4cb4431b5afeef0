//! One alarm in full, under the list or in its place.

use super::facts::{Facts, LABEL, age, no_history};
use super::metric::Measured;
use super::{pulse, word};
use crate::app::alarms::{AlarmDetail, Line, Standing};
use crate::app::{Target, Window};
use crate::config::Role;
use crate::domain::time::{short, words};
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, Region};
use crate::ui::layout;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::status::Mark;
use crate::ui::table::{POINTER, select};
use crate::ui::text;
use ratatui::layout::Rect;

/// Columns from which on the metric has a chart beside the lines.
const WIDE: u16 = 100;
/// Rows that the lines keep whatever stands above them.
const LEAST_LINES: u16 = 5;

/// ```text
/// ╭ checkout-api-errors · eu-west-1 · ⚠ ALARM for 12m 04s ─────────────────────────────────╮
/// │ Threshold Crossed: 5 datapoints were greater than the threshold (2.0).                  │
/// │▸ watches    Errors of FunctionName checkout-fn        │ Errors Sum  41  threshold > 2   │
/// │  in alarm   > 2, 3 of 5 min                           │  50 ┤        ⢀⠔⠒⠒⠢⢄             │
/// │  function   checkout-fn →                             │   0 ┤⠤⠤⠤⠤⠤⠔                    │
/// │  history    14:31:44  OK → ALARM  Threshold Crossed…  │     ╰──────┬─────────┬─────     │
/// ╰─────────────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(in crate::ui) fn detail(sheet: &mut Sheet<'_>, area: Rect, detail: &AlarmDetail) {
    let app = sheet.app;
    let focus = if app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::Detail);
    let alarm = detail.alarm(app.store());
    title(sheet, area, (detail, alarm));
    if inner.is_empty() {
        return;
    }
    let Some(alarm) = alarm else {
        let muted = sheet.style(Role::Muted);
        let words = "The alarm is not in the list that was read last: it was deleted, or renamed.";
        sheet.pen(inner, 0).skip(2).text(words, muted);
        return;
    };
    let rest = why(sheet, inner, alarm);
    let measured = Measured::of(sheet, detail, alarm);
    let rest = match measured {
        Some(measured) if rest.width >= WIDE && rest.height >= LEAST_LINES => {
            let (left, right) = layout::left(rest, rest.width * 11 / 20);
            measured.chart(sheet, layout::inset(right, 1));
            left
        }
        Some(measured) if rest.height > LEAST_LINES + 6 => {
            let (chart, under) = layout::top(rest, (rest.height / 2).min(12));
            measured.chart(sheet, layout::inset(chart, 1));
            under
        }
        Some(measured) if rest.height > 2 => {
            let (row, under) = layout::top(rest, 1);
            measured.row(sheet, layout::inset(row, POINTER));
            under
        }
        Some(_) | None => rest,
    };
    let facts = Facts {
        app,
        look: sheet.look,
        detail,
        alarm,
    };
    lines(sheet, (area, rest), &facts);
}

/// The reason in full, as far as the lines leave room for it; what remains.
fn why(sheet: &mut Sheet<'_>, area: Rect, alarm: &Alarm) -> Rect {
    let Some(reason) = &alarm.reason else {
        return area;
    };
    let place = layout::inset(area, POINTER);
    let most = (area.height / 4).clamp(1, 4);
    let (style, ellipsis) = (sheet.style(Role::Text), sheet.signs().ellipsis);
    let reason = reason.safe();
    let mut parts = text::wrap(&reason, place.width.saturating_sub(1)).peekable();
    let mut rows = 0;
    while rows < most
        && let Some(part) = parts.next()
    {
        let is_cut = rows + 1 == most && parts.peek().is_some();
        let mut pen = sheet.pen(place, rows);
        pen.text(part, style);
        if is_cut {
            pen.text(ellipsis, style);
        }
        rows += 1;
    }
    layout::top(area, rows).1
}

/// The lines, and the one that is selected.
fn lines(sheet: &mut Sheet<'_>, (framed, area): (Rect, Rect), facts: &Facts<'_>) {
    let detail = facts.detail;
    let (len, size) = (detail.lines().len(), usize::from(area.height));
    let first = detail.cursor().first(len, size);
    let shown = detail.lines().iter().enumerate().skip(first);
    for ((index, it), row) in shown.zip(0..area.height) {
        let place = line(area, row);
        facts.line(sheet.pen(place, 0).skip(POINTER), it);
        if index == detail.cursor().index() {
            select(sheet, place);
        }
        sheet.spot(place, Target::DetailRow(index));
    }
    let has_history = detail
        .lines()
        .iter()
        .any(|line| matches!(line, Line::Transition(_)));
    if let Some(words) = no_history(facts.app, detail).filter(|_| !has_history)
        && let Ok(row) = u16::try_from(len.saturating_sub(first))
    {
        let (header, muted) = (sheet.style(Role::Header), sheet.style(Role::Muted));
        let mut pen = sheet.pen(area, row);
        pen.skip(POINTER).take(LABEL).text("history", header);
        pen.text(&words, muted);
    }
    sheet.viewport.detail = Window { first, size };
    sheet.scrollbar(framed, area, (first, size, len));
}

fn title(sheet: &mut Sheet<'_>, area: Rect, (detail, alarm): (&AlarmDetail, Option<&Alarm>)) {
    let app = sheet.app;
    let (title, muted, signs) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.signs(),
    );
    let account = if app.fleet().accounts.len() > 1 {
        format!("{}/", sanitise(detail.scope.account.as_str()))
    } else {
        String::new()
    };
    let region = sanitise(detail.scope.region().map_or("", Region::as_str));
    let place = format!(" {dot} {account}{region} {dot} ", dot = signs.dot);
    let state = alarm.map(|alarm| {
        let standing = Standing::in_store(app.store(), &detail.scope, alarm);
        let mark = Mark::of_standing(standing, signs);
        let age = alarm.since.map_or_else(String::new, |since| {
            format!("for {} ", words(app.now() - since))
        });
        let state = format!("{} {} {age}", mark.sign, word(alarm, standing));
        (state, sheet.style(mark.role))
    });
    let pulse = pulse(app, &detail.scope);
    let old = pulse.mark(sheet.look).map(|mark| {
        let why = pulse.why(sheet.look, app.now(), 30);
        let age = age(app, detail).map_or_else(String::new, |age| format!(" {}", short(age)));
        let words = format!(" {} {why}{age} ", mark.sign);
        (words, sheet.style(mark.role))
    });
    let name = detail.name.safe();
    let mut pen = sheet.title(area);
    if let Some((words, style)) = old {
        pen.right(&words, style);
    }
    let after = text::width(&place) + state.as_ref().map_or(0, |(words, _)| text::width(words));
    let room = pen
        .room()
        .saturating_sub(after + 1)
        .max(12)
        .min(text::width(&name) + 1);
    pen.take(room).text(" ", title).middle(&name, title);
    pen.text(&place, muted);
    match state {
        Some((words, style)) => _ = pen.text(&words, style),
        None => _ = pen.text("not in the list of alarms ", muted),
    }
}
