//! The first line: who we are, where we look, whether it is live, what time it is, and what we may do.

use super::narrowed::Narrowed;
use crate::app::App;
use crate::app::choice::Choosable;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Access, Account, Slot, Spending};
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

const NAME: &str = "quarterdeck";
const GAP: u16 = 2;
/// Narrower than this, the clock gives way to the name of an account.
const ROOM_FOR_CLOCK: u16 = 56;

/// A piece of the line.
struct Piece {
    text: String,
    style: Style,
}

/// ```text
///  quarterdeck  prod 1234-5678-9012 · staging 2109-8765-4321   ≈ $0.19/h  6 regions  ● live  14:32:07 UTC  READ-ONLY
/// ```
///
/// What stands on the right is always there, and what `@` dropped stands in the regions' place. The accounts lose their numbers before they lose their names, and
/// those that still do not fit are counted.
pub(in crate::ui) fn header(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let (badge, badge_style) = badge(sheet);
    let live = live(sheet);
    let clock = app.now().format("%H:%M:%S UTC").to_string();
    let (ordinary, muted, title) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Title),
    );
    let mut right = vec![
        (badge, badge_style),
        (clock, ordinary),
        (live.text, live.style),
    ];
    if area.width < ROOM_FOR_CLOCK {
        right.remove(1);
    }
    let taken = right
        .iter()
        .map(|(words, _)| text::width(words) + GAP)
        .sum::<u16>();
    let room = area
        .width
        .saturating_sub(1 + text::width(NAME) + GAP + taken);
    let (accounts, extent) = match Narrowed::of(app) {
        None => {
            let regions = count(app.stacks().columns().len(), "region");
            let (accounts, fits) = beside(sheet, room, text::width(&regions) + GAP);
            (accounts, fits.then_some((regions, muted)))
        }
        Some(narrowed) => {
            let (accounts, words) = narrow(sheet, room, &narrowed);
            (accounts, Some((words, sheet.style(Role::Warn))))
        }
    };
    right.extend(extent);
    // What metrics cost is told where everything else has found its place; that they are not read, a notice says too.
    if let Some(meter) = meter(sheet) {
        let used = right.iter().map(|(words, _)| text::width(words) + GAP);
        let used = used.sum::<u16>() + 1 + text::width(NAME) + GAP + width(&accounts);
        if used + text::width(&meter.0) + GAP <= area.width {
            right.push(meter);
        }
    }
    let taken = right
        .iter()
        .map(|(words, _)| text::width(words) + GAP)
        .sum::<u16>();

    let mut pen = sheet.pen(area, 0);
    for (words, style) in &right {
        pen.right(words, *style).right("  ", ordinary);
    }
    pen.skip(1);
    // Our name is the least that can be said here.
    if area.width >= 1 + text::width(NAME) + GAP + taken {
        pen.text(NAME, title).skip(GAP);
    }
    for piece in &accounts {
        pen.text(&piece.text, piece.style);
    }
}

/// The accounts, and whether so many more columns are left beside them: who we are matters more than how many
/// regions there are; the views say that too.
fn beside(sheet: &Sheet<'_>, room: u16, more: u16) -> (Vec<Piece>, bool) {
    if let Some(accounts) = whole(sheet, room.saturating_sub(more), Fullness::Numbers) {
        return (accounts, true);
    }
    let accounts = whole(sheet, room, Fullness::Numbers)
        .or_else(|| whole(sheet, room, Fullness::Names))
        .unwrap_or_else(|| some(sheet, room));
    (accounts, false)
}

/// The accounts that are looked at, and what was dropped: that is always there, if need be in its short form.
fn narrow(sheet: &Sheet<'_>, room: u16, narrowed: &Narrowed) -> (Vec<Piece>, String) {
    let dot = sheet.signs().dot;
    let beside = |words: &str| room.saturating_sub(text::width(words) + GAP);
    for words in [narrowed.long(dot), narrowed.short(dot)] {
        for fullness in [Fullness::Numbers, Fullness::Names] {
            if let Some(accounts) = whole(sheet, beside(&words), fullness) {
                return (accounts, words);
            }
        }
    }
    let words = narrowed.short(dot);
    (some(sheet, beside(&words)), words)
}

/// The accounts that are looked at: one that was dropped is not who we are here.
fn chosen<'a>(sheet: &Sheet<'a>) -> Vec<&'a Account> {
    let app = sheet.app;
    let accounts = app.fleet().accounts.iter();
    accounts
        .filter(|account| app.choice().has(&Choosable::Account(account.name.clone())))
        .collect()
}

/// All accounts, if they fit.
fn whole(sheet: &Sheet<'_>, room: u16, fullness: Fullness) -> Option<Vec<Piece>> {
    let pieces = joined(sheet, &chosen(sheet), fullness);
    (width(&pieces) <= room).then_some(pieces)
}

/// The names of as many accounts as fit, and how many do not; nothing when not even one does.
fn some(sheet: &Sheet<'_>, room: u16) -> Vec<Piece> {
    let accounts = chosen(sheet);
    let fitting = (1..accounts.len()).rev().map(|shown| {
        let mut names = joined(sheet, &accounts[..shown], Fullness::Names);
        let text = format!(" +{}", accounts.len() - shown);
        let style = sheet.style(Role::Muted);
        names.push(Piece { text, style });
        names
    });
    let mut fitting = fitting.filter(|names| width(names) <= room);
    fitting.next().unwrap_or_default()
}

fn width(pieces: &[Piece]) -> u16 {
    pieces.iter().map(|piece| text::width(&piece.text)).sum()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fullness {
    Numbers,
    Names,
}

fn joined(sheet: &Sheet<'_>, accounts: &[&Account], fullness: Fullness) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(accounts.len() * 4);
    for (index, account) in accounts.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece {
                text: format!(" {} ", sheet.signs().dot),
                style: sheet.style(Role::Muted),
            });
        }
        pieces.push(Piece {
            text: sanitise(account.name.as_str()).into_owned(),
            style: colour(sheet, account),
        });
        describe(sheet, account, fullness, &mut pieces);
    }
    pieces
}

/// The account's own colour on its name, so that `prod` is seen before it is read.
fn colour(sheet: &Sheet<'_>, account: &Account) -> Style {
    let tint = account
        .colour
        .as_deref()
        .map(|colour| sheet.look.theme.tint(colour))
        .unwrap_or_default();
    sheet
        .style(Role::Text)
        .patch(tint)
        .add_modifier(Modifier::BOLD)
}

/// The account's number and how long its keys last, or what it lacks.
fn describe(sheet: &Sheet<'_>, account: &Account, fullness: Fullness, pieces: &mut Vec<Piece>) {
    let (app, signs) = (sheet.app, sheet.signs());
    let mut say = |text: String, role: Role| {
        let style = sheet.style(role);
        pieces.push(Piece { text, style });
    };
    let slot = app.store().identity(&account.name);
    if let Some(failing) = slot.and_then(Slot::failing) {
        match fullness {
            Fullness::Numbers => say(
                format!(" {} {}", signs.failed, failing.problem.brief()),
                Role::Error,
            ),
            Fullness::Names => say(format!(" {}", signs.failed), Role::Error),
        }
        return;
    }
    let Some(identity) = slot.and_then(Slot::value) else {
        say(format!(" {}", signs.unseen), Role::Unknown);
        return;
    };
    if fullness == Fullness::Numbers {
        say(format!(" {}", identity.grouped_id()), Role::Muted);
    }
    if let (Fullness::Numbers, Some(ends)) =
        (fullness, identity.expires.filter(|ends| *ends > app.now()))
    {
        // How long, not when: the clock beside it may be on another day.
        say(format!(" keys {}", short(ends - app.now())), Role::Muted);
    }
}

/// How much of what is on screen is as fresh as it should be.
fn live(sheet: &Sheet<'_>) -> Piece {
    let (app, signs) = (sheet.app, sheet.signs());
    let scopes = app.stacks().scopes();
    let (mut live, mut unseen) = (0, 0);
    for scope in scopes {
        match Pulse::of_stacks(app, scope) {
            Pulse::Fresh(_) => live += 1,
            Pulse::Unseen => unseen += 1,
            Pulse::Stale(_) | Pulse::Failing { .. } => {}
        }
    }
    let all = scopes.len();
    let (text, role) = if all == 0 {
        (format!("{} no region", signs.unknown), Role::Unknown)
    } else if live == all && !app.is_watched() {
        (format!("{} idle", signs.live), Role::Muted)
    } else if live == all {
        (format!("{} live", signs.live), Role::Ok)
    } else if live + unseen == all {
        (
            format!("{} {live}/{all} asking", signs.unseen),
            Role::Moving,
        )
    } else if live == 0 {
        (format!("{} not live", signs.failed), Role::Error)
    } else {
        (format!("{} {live}/{all} live", signs.partial), Role::Warn)
    };
    Piece {
        text,
        style: sheet.style(role),
    }
}

/// What an hour of metrics costs, and whether the cap holds them back; nothing while nothing was asked.
fn meter(sheet: &Sheet<'_>) -> Option<(String, Style)> {
    let bill = sheet.app.bill();
    let (cap, role) = match bill.spending {
        Spending::AsWished if bill.calls == 0 => return None,
        Spending::AsWished => (String::new(), Role::Muted),
        Spending::Stretched => (format!(", cap {}", bill.cap), Role::Warn),
        Spending::Stopped => (format!(", cap {} reached", bill.cap), Role::Error),
    };
    let words = format!("{} {}/h{cap}", sheet.signs().about, bill.hourly);
    Some((words, sheet.style(role)))
}

/// What may leave this machine: nothing that changes anything, or operations, and in how many accounts.
fn badge(sheet: &Sheet<'_>) -> (String, Style) {
    let app: &App = sheet.app;
    if let Some(armed) = armed(sheet) {
        return armed;
    }
    let accounts = &app.fleet().accounts;
    let operable = accounts
        .iter()
        .filter(|account| account.access == Access::Operate)
        .count();
    if operable == 0 {
        (" READ-ONLY ".to_owned(), sheet.style(Role::Badge))
    } else if operable == accounts.len() {
        (" OPS ".to_owned(), sheet.style(Role::Danger))
    } else {
        (
            format!(" OPS {operable}/{} ", accounts.len()),
            sheet.style(Role::Danger),
        )
    }
}

/// Which account is armed, and for how long: the one that is first to be held back again.
fn armed(sheet: &Sheet<'_>) -> Option<(String, Style)> {
    let app: &App = sheet.app;
    let armed = app.operations().armed();
    let (name, until) = armed.iter().min_by_key(|(_, until)| **until)?;
    let left = (*until - app.now()).num_seconds().max(0);
    let name = match armed.len() {
        1 => sanitise(name.as_str()).into_owned(),
        several => several.to_string(),
    };
    let words = format!(" ARMED {name} {}:{:02} ", left / 60, left % 60);
    Some((words, sheet.style(Role::Danger)))
}

/// `1 region`, `6 regions`.
pub(in crate::ui) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
