//! How every source of the logs stands: last event, last poll, its share of the quota, and what holds it up.

use super::page::{columns, lines, open};
use crate::app::logs::{INTERVAL, Source};
use crate::app::overlay::Scroll;
use crate::config::Role;
use crate::domain::Timestamp;
use crate::domain::log::timestamp;
use crate::domain::time::short;
use crate::ui::chrome::account_width;
use crate::ui::look::Signs;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
/// ╭ Sources · a call every 2s at most ─────────────────────────────────────────────────────────╮
/// │  REGION     GROUP                     EVENT  POLL  CALLS/s  STATE                           │
/// │● eu-west-1  /aws/lambda/checkout-api     2s    1s     2.50  polled                          │
/// │✗ us-east-1  /aws/lambda/orders           4m   41s     0.00  throttled · retry in 8s         │
/// ╰─────────────────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn sources(sheet: &mut Sheet<'_>, body: Rect, scroll: Scroll) {
    let app = sheet.app;
    let logs = app.logs();
    let Some(tail) = logs.tail() else { return };
    let (now, signs) = (app.now(), sheet.signs());
    let sources = tail.sources();
    let unreached: Vec<_> = logs.unreached().iter().collect();
    let rows = sources.len() + unreached.len() + 1;
    let width = columns(body, 140);
    let title = format!(
        "Sources {} a call every {} at most",
        signs.dot,
        short(INTERVAL)
    );
    let places = open(sheet, body, (&title, width, rows));
    let has_accounts = account_width(app, 12) > 0;
    let place_of = |source: &Source| match source.at.scope.region() {
        Some(region) if !has_accounts => region.to_string(),
        Some(_) | None => source.at.scope.to_string(),
    };
    let region = text::widest(sources.iter().map(place_of)).clamp(6, 24);
    let groups = text::widest(sources.iter().map(|source| source.at.group.safe()));
    // The frame, the blanks, the other columns, and what a state is worth.
    let taken = 4 + 2 + region + 3 * 2 + 5 + 4 + 7 + 2 * 2 + 18;
    let group = groups.clamp(5, width.saturating_sub(taken).max(10));
    let (header, muted, ordinary) = (
        sheet.style(Role::Header),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
    );
    let fleet = logs.regions();
    let look = sheet.look;
    lines(sheet, places, (scroll, rows), |mut pen, index| {
        let Some(source) = index.checked_sub(1).and_then(|index| sources.get(index)) else {
            if index == 0 {
                pen.skip(2).take(region).text("REGION", header);
                pen.skip(2).take(group).text("GROUP", header);
                for title in ["EVENT", "POLL", "CALLS/s"] {
                    pen.skip(2).take(column(title)).right(title, header);
                }
                pen.skip(2).text("STATE", header);
            } else if let Some((scope, problem)) = unreached.get(index - 1 - sources.len()) {
                let error = look.style(Role::Error);
                pen.text(signs.failed, error).skip(1);
                let name = match scope.region() {
                    Some(region) if !has_accounts => region.to_string(),
                    Some(_) | None => scope.to_string(),
                };
                let name = crate::domain::untrusted::sanitise(&name).into_owned();
                pen.take(region).middle(&name, error);
                pen.skip(2).text(&problem.to_string(), error);
            }
            return;
        };
        let (sign, role, words) = state(source, now, signs);
        let place = fleet
            .iter()
            .position(|known| Some(known) == source.at.scope.region());
        let colour = Role::REGIONS[place.unwrap_or(fleet.len()) % Role::REGIONS.len()];
        let age = |at: Option<Timestamp>| {
            at.map_or_else(|| signs.nothing.to_owned(), |at| short(now - at))
        };
        pen.text(sign, look.style(role)).skip(1);
        let name = crate::domain::untrusted::sanitise(&place_of(source)).into_owned();
        pen.take(region).middle(&name, look.style(colour));
        pen.skip(2)
            .take(group)
            .middle(&source.at.group.safe(), ordinary);
        let newest = source.state.newest.map(timestamp);
        pen.skip(2).take(column("EVENT")).right(&age(newest), muted);
        pen.skip(2)
            .take(column("POLL"))
            .right(&age(source.state.polled), muted);
        let share = format!("{:.2}", source.state.share);
        pen.skip(2).take(column("CALLS/s")).right(&share, muted);
        pen.skip(2).text(&words, look.style(role));
    });
}

fn column(title: &str) -> u16 {
    text::width(title)
}

fn state(source: &Source, now: Timestamp, signs: &Signs) -> (&'static str, Role, String) {
    let dot = signs.dot;
    let state = &source.state;
    let retry = state.retry.map_or_else(String::new, |retry| {
        format!(" {dot} retry in {}", short(retry - now))
    });
    let holes = match source.holes {
        0 => String::new(),
        1 => format!(" {dot} 1 span not read"),
        holes => format!(" {dot} {holes} spans not read"),
    };
    match (&source.ended, &state.failing, state.live) {
        (Some(Err(problem)), _, _) => (signs.failed, Role::Error, problem.to_string()),
        (Some(Ok(())), _, _) => (signs.stopped, Role::Muted, "read to its end".to_owned()),
        (None, Some(problem), _) => (
            signs.failed,
            Role::Error,
            format!("{problem}{retry}{holes}"),
        ),
        (None, None, Some(live)) if live.is_sampled => (
            signs.partial,
            Role::Danger,
            format!("SAMPLED: lines are left out{holes}"),
        ),
        (None, None, Some(_)) => (signs.live, Role::Ok, format!("LIVE{holes}")),
        (None, None, None) if state.polled.is_none() => {
            (signs.unseen, Role::Unknown, "asking".to_owned())
        }
        (None, None, None) => {
            let why = state.not_live.as_ref();
            let why = why.map_or_else(String::new, |why| format!(" {dot} no Live Tail: {why}"));
            (signs.live, Role::Ok, format!("polled{holes}{why}"))
        }
    }
}
