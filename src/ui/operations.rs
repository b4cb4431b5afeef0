//! The Operations view: what goes on, what is over, and one of them in full.

mod list;
mod story;

pub(super) use list::list_rows;
pub(super) use story::story;

use super::chrome::filtered;
use super::look::Signs;
use super::pen::Pen;
use super::sheet::{Focus, Sheet};
use super::text;
use crate::app::Target;
use crate::app::operations::{Mark, Operations, Standing, tally, wave};
use crate::command::Command;
use crate::config::Role;
use crate::domain::Region;
use crate::domain::operation::{MemberState, Run};
use crate::domain::time::words as span;
use crate::domain::untrusted::sanitise;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The list of runs.
pub(super) fn operations(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let has_keys = app.detail().is_none() && app.open_run().is_none() && app.overlays().is_empty();
    let focus = if has_keys {
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

/// `Operations · 1 running · 12 from this machine`
fn title(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, look, signs) = (sheet.app, sheet.look, sheet.signs());
    let view = app.operations();
    let (title, muted) = (look.style(Role::Title), look.style(Role::Muted));
    let mut pen = sheet.title(area);
    pen.text(" Operations ", title);
    if !view.filter.text().is_empty() {
        filtered(&mut pen, look, &view.filter);
        pen.text(&format!("({} shown) ", view.rows().len()), muted);
    }
    let count = |wanted: fn(Standing) -> bool| {
        let runs = view.runs().filter(|run| wanted(view.standing(run)));
        runs.count()
    };
    for (number, words, role) in [
        (
            count(|it| it == Standing::Approval),
            "want approval",
            Role::Warn,
        ),
        (count(|it| it == Standing::Failing), "failing", Role::Error),
        (
            count(|it| it == Standing::LeftBehind),
            "left behind",
            Role::Warn,
        ),
        (
            count(|it| matches!(it, Standing::Running | Standing::Elsewhere)),
            "running",
            Role::Moving,
        ),
    ] {
        if number > 0 {
            pen.text(&format!("{} ", signs.dot), muted)
                .text(&format!("{number} {words} "), look.style(role));
        }
    }
    let words = format!("{} {} known on this machine ", signs.dot, view.total());
    pen.text(&words, muted);
}

/// The shape of a run, and what it means.
pub(super) fn mark(standing: Standing, signs: &Signs) -> (&'static str, Role) {
    match standing {
        Standing::Approval => (signs.alarm, Role::Warn),
        Standing::Failing | Standing::Failed => (signs.failed, Role::Error),
        Standing::LeftBehind => (signs.unknown, Role::Warn),
        Standing::Running | Standing::Elsewhere => (signs.moving, Role::Moving),
        Standing::Rejected | Standing::Cancelled => (signs.undoing, Role::Warn),
        Standing::Abandoned => (signs.stopped, Role::Muted),
        Standing::Succeeded => (signs.ok, Role::Ok),
        Standing::Unchanged => (signs.ok, Role::Muted),
    }
}

/// The same of a line of a story.
fn sign(mark: Mark, signs: &Signs) -> (&'static str, Role) {
    match mark {
        Mark::None | Mark::Heading => (" ", Role::Text),
        Mark::Waiting => (signs.stopped, Role::Muted),
        Mark::Going => (signs.moving, Role::Moving),
        Mark::Done => (signs.ok, Role::Ok),
        Mark::Failed => (signs.failed, Role::Error),
        Mark::Back => (signs.undoing, Role::Warn),
        Mark::Wanted => (signs.alarm, Role::Warn),
    }
}

/// A bar of so many columns, of which a share is full.
fn bar(pen: &mut Pen<'_>, (share, width): (f64, u16), signs: &Signs, (full, rest): (Style, Style)) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a few columns is a few columns"
    )]
    let done = ((share.clamp(0.0, 1.0) * f64::from(width)).round()) as u16;
    for column in 0..width {
        if column < done {
            pen.text(signs.bars[8], full);
        } else {
            pen.text(signs.dot, rest);
        }
    }
}

/// The line under the tabs that follows the most important run.
///
/// ```text
///  ↻ Deploy checkout-api  RUNNING  wave 2 of 3  eu-west-1 3/11 resources      1 of 6 done  4m 10s of 6m 02s   6
/// ```
pub(super) fn follow(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, look, signs) = (sheet.app, sheet.look, sheet.signs());
    let Some(run) = app.operations().foremost(app.now()) else {
        return;
    };
    let view = app.operations();
    let standing = view.standing(run);
    let (shape, role) = mark(standing, signs);
    let style = |role| look.style(role);
    let (done, bad, all) = tally(run);
    let mut pen = sheet.pen(area, 0);
    let keys = app
        .keymap()
        .keys_for(Command::ViewOperations, app.contexts());
    if let Some(key) = keys.first() {
        pen.right(" ", style(Role::Muted))
            .right(&key.label(look.glyphs), style(Role::Key));
        pen.right("  ", style(Role::Muted));
    }
    let end = run.outcome.as_ref().map_or(app.now(), |(at, _)| *at);
    let took = match view.usual(run) {
        Some(usual) if !standing.is_over() => {
            format!("{} of {}", span(end - run.began), span(usual))
        }
        Some(_) | None => span(end - run.began),
    };
    pen.right(&took, style(Role::Muted))
        .right("  ", style(Role::Muted));
    pen.right(&format!("{done} of {all} done"), style(Role::Text));
    pen.right("  ", style(Role::Muted));
    pen.skip(1).text(shape, style(role)).skip(1);
    let title = format!("{} {}", run.plan.verb.imperative(), run.plan.target.safe());
    pen.text(&title, style(Role::Title)).skip(2);
    pen.text(standing.word(), style(role));
    if bad > 0 && !standing.is_over() {
        pen.text(&format!(" {bad} failed"), style(Role::Error));
    }
    if run.plan.waves.len() > 1 && !standing.is_over() {
        let (now, of) = wave(run);
        pen.skip(2)
            .text(&format!("wave {now} of {of}"), style(Role::Muted));
    }
    if let Some(words) = present(view, run) {
        pen.skip(2).text(&words, style(Role::Muted));
    }
    sheet.spot(area, Target::Command(Command::ViewOperations));
}

/// What is going on at this moment, at the first place where anything is.
fn present(view: &Operations, run: &Run) -> Option<String> {
    let mut going = run.waves.iter().enumerate().flat_map(|(wave, of)| {
        let members = of.members.iter().enumerate();
        members.filter_map(move |(member, it)| {
            (it.state == MemberState::Running).then_some((wave, member))
        })
    });
    let (wave, member) = going.next()?;
    let (planned, it) = run.member(wave, member)?;
    let region = planned
        .scope
        .region()
        .map(|region| sanitise(region.as_str()));
    let region = region.unwrap_or_default();
    let words = view.progress(&run.plan.id, wave, member).map(str::to_owned);
    let words = words.unwrap_or_else(|| {
        let (done, all) = it.progress();
        format!("{done}/{all}")
    });
    let more = going.count();
    let here = match &*region {
        "" => words,
        region => format!("{region} {words}"),
    };
    Some(match more {
        0 => here,
        more => format!("{here}, and {more} more"),
    })
}

/// The places of a run, in as much room as there is: names, or how many.
fn places(run: &Run, room: u16) -> String {
    let mut names: Vec<String> = run
        .plan
        .members()
        .map(|member| {
            let region = member.scope.region();
            let name = region.map_or(member.scope.account.as_str(), Region::as_str);
            sanitise(name).into_owned()
        })
        .collect();
    names.sort();
    names.dedup();
    let all = names.join(" ");
    match &names[..] {
        [only] => only.clone(),
        _ if text::width(&all) <= room => all,
        several => format!("{} regions", several.len()),
    }
}
