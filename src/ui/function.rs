//! The detail of one function: charts over every region, and pages of lines.

mod charts;
mod legend;
mod lines;

use super::layout;
use super::look::Look;
use super::pulse::Pulse;
use super::sheet::{Focus, Sheet};
use super::status::Mark;
use super::text;
use crate::app::lambda::detail::{FunctionDetail, FunctionPage, Span};
use crate::app::lambda::{FIGURES, FUNCTIONS};
use crate::app::{App, Target};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Scope, Topic};
use chrono::TimeDelta;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// ```text
/// ╭ checkout-api · eu-west-1 · ⚠ 2 alarms · last 3 h · at 14:05 UTC ───────────────╮
/// │ Charts  Configuration  Versions  Event sources  Last errors                 12s │
/// │ Errors                              Invocations/min                             │
/// │  40 % ┤        ⡏⠉⠉⠉⠉                 60 ┤⠒⠒⠒⠒⠒⠒⠒                                │
/// │    REGION      ALIAS       NOW       ERRORS  FAILED  THROT   P50   P95   P99    │
/// │▸ ● eu-west-1   ACTIVE→19!  311/min   41.7 %   1 297     12  901ms …             │
/// ╰─────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn function(sheet: &mut Sheet<'_>, area: Rect, open: &FunctionDetail) {
    let focus = if sheet.app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::Detail);
    title(sheet, area, open);
    if inner.is_empty() {
        return;
    }
    let (head, rest) = layout::top(inner, 1);
    tabs(sheet, layout::inset(head, 1), open);
    match open.page() {
        FunctionPage::Charts => charts::charts(sheet, (area, rest), open),
        FunctionPage::Configuration
        | FunctionPage::Versions
        | FunctionPage::Sources
        | FunctionPage::Errors => lines::lines(sheet, (area, rest), open),
    }
}

fn title(sheet: &mut Sheet<'_>, area: Rect, open: &FunctionDetail) {
    let (app, signs) = (sheet.app, sheet.signs());
    let (title, muted) = (sheet.style(Role::Title), sheet.style(Role::Muted));
    let dot = signs.dot;
    let region = open.region().and_then(Scope::region);
    let region = sanitise(region.map_or("", Region::as_str));
    let account = if app.fleet().accounts.len() > 1 {
        format!("{}/", sanitise(open.account.as_str()))
    } else {
        String::new()
    };
    let health = app.lambda().health_of(open.region(), &open.name);
    let mark = health.map(|health| Mark::of_health(health, signs));
    let mark = mark.map(|mark| (mark.sign, sheet.style(mark.role)));
    let look = sheet.look;
    let mut after = format!(" {dot} {account}{region} ");
    if open.page() == FunctionPage::Charts {
        let at = match open.at() {
            Some(at) => {
                let form = match open.span() {
                    Span::Hour | Span::ThreeHours => "%H:%M",
                    Span::Day | Span::Week => "%d %b %H:%M",
                };
                format!("at {} UTC", at.format(form))
            }
            None => "newest".to_owned(),
        };
        let moment = format!("{dot} last {} {dot} {at} ", open.span().words());
        after.push_str(&moment);
    }
    let mut pen = sheet.title(area);
    let name = open.name.safe();
    let room = pen.room().saturating_sub(text::width(&after) + 4);
    pen.text(" ", title);
    if let Some((sign, style)) = mark {
        pen.text(sign, style).text(" ", title);
    }
    pen.take(room.max(12).min(text::width(&name)))
        .middle(&name, title);
    pen.text(&after, muted);
    if !open.filter.text().is_empty() {
        super::chrome::filtered(&mut pen, look, &open.filter);
    }
}

/// The pages, and on the right how old this one is.
fn tabs(sheet: &mut Sheet<'_>, area: Rect, open: &FunctionDetail) {
    let (words, style) = freshness(sheet.app, sheet.look, open, area.width / 3);
    sheet.pen(area, 0).right(&words, style);
    let end = area.right().saturating_sub(text::width(&words) + 1);
    let widths = FunctionPage::ALL.map(|page| text::width(page.title()) + 2);
    let all: u16 = widths.iter().sum();
    let here = FunctionPage::ALL
        .iter()
        .position(|page| *page == open.page());
    // Where not all titles fit, those before the present one go first.
    let fits = area.x + all <= end + 2;
    let first = if fits {
        0
    } else {
        here.unwrap_or(0).saturating_sub(1)
    };
    let mut x = area.x;
    for (page, width) in FunctionPage::ALL.into_iter().zip(widths).skip(first) {
        if x + width > end + 1 {
            break;
        }
        let style = if page == open.page() {
            sheet.style(Role::Title).patch(sheet.style(Role::Selection))
        } else {
            sheet.style(Role::Muted)
        };
        let spot = Rect { x, width, ..area };
        let mut pen = sheet.pen(spot, 0);
        pen.text(" ", style)
            .text(page.title(), style)
            .text(" ", style);
        sheet.spot(spot, Target::FunctionPage(page));
        x += width;
    }
}

/// The age of the page in its worst region, or why it has none.
fn freshness(app: &App, look: &Look, open: &FunctionDetail, room: u16) -> (String, Style) {
    let pulses = open.regions().iter().map(|scope| pulse(app, open, scope));
    let Some(worst) = pulses.max_by_key(|pulse| (pulse.gravity(), pulse.age())) else {
        return (String::new(), look.style(Role::Muted));
    };
    let age = worst.age().map(short).unwrap_or_default();
    match worst.mark(look) {
        None => (age, look.style(Role::Muted)),
        Some(mark) => {
            let why = worst.why(look, app.now(), room);
            (format!("{} {why} {age}", mark.sign), look.style(mark.role))
        }
    }
}

/// How far what a page shows of a region can be believed.
fn pulse<'a>(app: &'a App, open: &FunctionDetail, scope: &Scope) -> Pulse<'a> {
    let (store, now, name) = (app.store(), app.now(), || open.name.clone());
    let every = |period: TimeDelta| Some(period);
    match open.page() {
        FunctionPage::Charts => {
            let slot = store.metrics(scope, &open.topic());
            Pulse::of(slot, now, every(open.span().cadence()))
        }
        FunctionPage::Configuration => {
            let slot = store.configuration(scope, &Topic::Function(name()));
            match slot {
                Some(_) => Pulse::of(slot, now, every(FIGURES)),
                None => Pulse::of(store.functions(scope), now, every(FUNCTIONS)),
            }
        }
        FunctionPage::Versions => {
            let slot = store.versions(scope, &Topic::Versions(name()));
            Pulse::of(slot, now, every(FIGURES))
        }
        FunctionPage::Sources => {
            let slot = store.event_sources(scope, &Topic::EventSources(name()));
            Pulse::of(slot, now, every(FIGURES))
        }
        FunctionPage::Errors => {
            let group = open.function(store, scope).map(|it| it.log_group.clone());
            let slot = group.and_then(|group| store.last_errors(scope, &Topic::LastErrors(group)));
            Pulse::of(slot, now, every(FIGURES))
        }
    }
}

/// The colour of a region, the same as in the logs.
fn colour(app: &App, look: &Look, scope: &Scope) -> Style {
    let regions = app.logs().regions();
    let place = regions.iter().position(|it| Some(it) == scope.region());
    let place = place.unwrap_or(regions.len()) % Role::REGIONS.len();
    look.style(Role::REGIONS[place])
}
