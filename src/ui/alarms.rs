//! The Alarms view: what is wrong, anywhere, and what only looks as if it were not.

mod detail;
mod facts;
mod list;
mod metric;

pub(super) use detail::detail;

use super::chrome::{Narrowed, count, filtered, nowhere};
use super::pulse::Pulse;
use super::sheet::{Focus, Sheet};
use crate::app::alarms::{Direction, Shown, Standing, cadence};
use crate::app::{App, Target};
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, AlarmState, Scope};
use ratatui::layout::Rect;
use std::borrow::Cow;

/// The list of alarms.
pub(super) fn alarms(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let has_keys = app.detail().is_none() && app.open_alarm().is_none();
    let focus = if has_keys && app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::List);
    title(sheet, area);
    if !inner.is_empty() {
        list::list(sheet, area, inner);
    }
}

/// How far the alarms of a scope can be believed.
fn pulse<'a>(app: &'a App, scope: &Scope) -> Pulse<'a> {
    let slot = app.store().alarms(scope);
    Pulse::of(slot, app.now(), cadence(app).period())
}

/// What an alarm's state is called: AWS's own word, unless that would say more than is known.
pub(super) fn word(alarm: &Alarm, standing: Standing) -> Cow<'_, str> {
    match standing {
        Standing::Blind => "BLIND".into(),
        Standing::Unproven => "OK?".into(),
        Standing::InAlarm | Standing::Insufficient | Standing::Other | Standing::Ok => {
            alarm.state.word()
        }
    }
}

/// The same where there is little room.
fn short_word(alarm: &Alarm, standing: Standing) -> Cow<'_, str> {
    match alarm.state {
        AlarmState::InsufficientData => "NO DATA".into(),
        AlarmState::Alarm | AlarmState::Ok | AlarmState::Other(_) => word(alarm, standing),
    }
}

/// `Alarms · 3 in alarm · 2 blind · 48 in 12 regions · sorted by trouble`
fn title(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, look, signs) = (sheet.app, sheet.look, sheet.signs());
    let view = app.alarms();
    let style = |role| look.style(role);
    let (title, muted, dot) = (style(Role::Title), style(Role::Muted), signs.dot);
    let tally = view.tally();
    let mut pen = sheet.title(area);
    pen.text(" Alarms ", title);
    // What hides rows is never left out for want of room.
    if let Some(only) = &view.only {
        let words = format!("only {} ", sanitise(&only.to_string()));
        pen.text(&format!("{dot} "), muted)
            .text(&words, style(Role::Match));
    }
    if !view.filter.text().is_empty() {
        filtered(&mut pen, look, &view.filter);
        pen.text(&format!("({} shown) ", view.rows().len()), muted);
    }
    // How far it can be believed comes before how much of it there is.
    let (mut failing, mut overdue, mut unseen) = (0, 0, 0);
    let is_meant = |scope: &&Scope| view.only.as_ref().is_none_or(|only| only == *scope);
    for scope in view.scopes().iter().filter(is_meant) {
        match pulse(app, scope) {
            Pulse::Failing { .. } => failing += 1,
            Pulse::Stale(_) => overdue += 1,
            Pulse::Unseen => unseen += 1,
            Pulse::Fresh(_) => {}
        }
    }
    let noun = if app.fleet().accounts.len() > 1 {
        "scope"
    } else {
        "region"
    };
    for (number, words, role) in [
        (tally.in_alarm, "in alarm".to_owned(), Role::Error),
        (tally.insufficient, "without data".to_owned(), Role::Unknown),
        (tally.blind, "blind".to_owned(), Role::Warn),
        (tally.unproven, "unproven".to_owned(), Role::Unknown),
        (failing, plural(failing, noun, "not read"), Role::Error),
        (overdue, plural(overdue, noun, "overdue"), Role::Stale),
    ] {
        if number > 0 {
            pen.text(&format!("{dot} "), muted)
                .text(&format!("{number} {words} "), style(role));
        }
    }
    let of_all = format!(
        "{} in {} ",
        tally.total(),
        count(view.scopes().iter().filter(is_meant).count(), noun)
    );
    pen.text(&format!("{dot} {of_all}"), muted);
    if unseen > 0 {
        let words = format!("asking {unseen} more ");
        pen.text(&format!("{dot} "), muted)
            .text(&words, style(Role::Moving));
    }
    if view.shown == Shown::Trouble {
        pen.text(&format!("{dot} "), muted)
            .text("only what is not in order ", style(Role::Match));
    }
    if let Some(narrowed) = Narrowed::of(app) {
        pen.text(&format!("{dot} "), muted)
            .text(&narrowed.long(dot), style(Role::Warn))
            .text(" ", muted);
    }
    let turned = match view.direction {
        Direction::Normal => "",
        Direction::Reversed => ", reversed",
    };
    let order = view.order.words();
    pen.text(&format!("{dot} sorted by {order}{turned} "), muted);
}

/// `regions overdue`: what so many of a thing are.
fn plural(number: usize, noun: &str, words: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{noun}{ending} {words}")
}

/// Says why there are no rows.
fn nothing(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let view = app.alarms();
    let muted = sheet.style(Role::Muted);
    let words = if let Some(why) = nowhere(app) {
        why
    } else if !view.filter.is_open() {
        "No alarm matches the filter."
    } else if view.only.is_none() && view.answered() < view.scopes().len() {
        "Asking every region for its alarms."
    } else if view.tally().total() == 0 {
        "There is no alarm in any of these regions."
    } else {
        "Every alarm is in order, as far as they can see."
    };
    sheet.pen(area, 0).skip(2).text(words, muted);
}
