//! The first line: who we are, where we look, whether it is live, what time it is, and what we may do.

use crate::app::App;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Access, Account, Slot};
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
///  quarterdeck  prod 1234-5678-9012 · staging 2109-8765-4321      6 regions  ● live  14:32:07 UTC  READ-ONLY
/// ```
///
/// What stands on the right is always there. The accounts lose their numbers before they lose their names, and
/// those that still do not fit are counted.
pub(in crate::ui) fn header(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let (badge, badge_style) = badge(sheet);
    let live = live(sheet);
    let clock = app.now().format("%H:%M:%S UTC").to_string();
    let regions = count(app.stacks().columns().len(), "region");
    let (ordinary, muted, title) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Title),
    );
    let mut right = vec![
        (badge, badge_style),
        (clock, ordinary),
        (live.text, live.style),
        (regions, muted),
    ];
    if area.width < ROOM_FOR_CLOCK {
        right.remove(1);
    }
    let taken = |right: &[(String, Style)]| {
        right
            .iter()
            .map(|(words, _)| text::width(words) + GAP)
            .sum::<u16>()
    };
    let room = area.width.saturating_sub(1 + text::width(NAME) + GAP);
    let tight = room.saturating_sub(taken(&right));
    let loose = room.saturating_sub(taken(&right[..right.len() - 1]));
    // Who we are matters more than how many regions there are; the views say that too.
    let accounts = whole(sheet, tight, Fullness::Numbers).or_else(|| {
        right.pop();
        let numbers = whole(sheet, loose, Fullness::Numbers);
        numbers.or_else(|| whole(sheet, loose, Fullness::Names))
    });
    let accounts = accounts.unwrap_or_else(|| some(sheet, loose));

    let mut pen = sheet.pen(area, 0);
    for (words, style) in &right {
        pen.right(words, *style).right("  ", ordinary);
    }
    pen.skip(1).text(NAME, title).skip(GAP);
    for piece in &accounts {
        pen.text(&piece.text, piece.style);
    }
}

/// All accounts, if they fit.
fn whole(sheet: &Sheet<'_>, room: u16, fullness: Fullness) -> Option<Vec<Piece>> {
    let pieces = joined(sheet, &sheet.app.fleet().accounts, fullness);
    (width(&pieces) <= room).then_some(pieces)
}

/// The names of as many accounts as fit, and how many do not; nothing when not even one does.
fn some(sheet: &Sheet<'_>, room: u16) -> Vec<Piece> {
    let accounts = &sheet.app.fleet().accounts;
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

fn joined(sheet: &Sheet<'_>, accounts: &[Account], fullness: Fullness) -> Vec<Piece> {
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

/// What may leave this machine: nothing that changes anything, or operations, and in how many accounts.
fn badge(sheet: &Sheet<'_>) -> (String, Style) {
    let app: &App = sheet.app;
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

/// `1 region`, `6 regions`.
pub(in crate::ui) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
