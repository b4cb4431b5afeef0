//! How each region stands, in a few words: how old its newest line is, and what holds it up.

use crate::app::logs::{Chip, Tail};
use crate::config::Role;
use crate::domain::log::timestamp;
use crate::domain::time::short;
use crate::domain::Timestamp;
use crate::ui::chrome::account_width;
use crate::ui::look::Signs;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use chrono::TimeDelta;
use ratatui::layout::Rect;

const GAP: u16 = 2;

/// A region in words.
struct Words {
    sign: &'static str,
    sign_role: Role,
    region: String,
    colour: Role,
    words: String,
    role: Role,
    /// What needs attention comes first.
    is_well: bool,
}

/// How many rows the chips need.
pub(super) fn rows(sheet: &Sheet<'_>, tail: &Tail, width: u16) -> u16 {
    let words = words(sheet, tail);
    let mut rows = 1;
    let mut left = width;
    for chip in &words {
        if left < chip.width() {
            rows += 1;
            left = width;
        }
        left = left.saturating_sub(chip.width() + GAP);
    }
    rows
}

/// ```text
///  ● eu-west-1 2s · 2.5/s  ● us-east-1 1s · 5.0/s  ✗ ap-southeast-1 throttled · retry in 8s
/// ```
pub(super) fn chips(sheet: &mut Sheet<'_>, area: Rect, tail: &Tail) {
    let mut words = words(sheet, tail);
    let whole = rows(sheet, tail, area.width) <= area.height;
    if !whole {
        words.sort_by_key(|chip| chip.is_well);
    }
    let mut left = words.len();
    let mut words = words.into_iter().peekable();
    for row in 0..area.height {
        let mut pen_room = area.width.saturating_sub(1);
        let mut x = 1;
        while let Some(chip) = words.next_if(|chip| chip.width() + 4 <= pen_room || whole && chip.width() <= pen_room) {
            let (sign, region, style) =
                (sheet.style(chip.sign_role), sheet.style(chip.colour), sheet.style(chip.role));
            let mut pen = sheet.pen(area, row);
            pen.skip(x)
                .text(chip.sign, sign)
                .skip(1)
                .text(&chip.region, region)
                .skip(1)
                .text(&chip.words, style);
            x += chip.width() + GAP;
            pen_room = pen_room.saturating_sub(chip.width() + GAP);
            left -= 1;
        }
        if row + 1 == area.height && left > 0 {
            let muted = sheet.style(Role::Muted);
            sheet.pen(area, row).skip(x).text(&format!("+{left}"), muted);
        }
    }
}

fn words(sheet: &Sheet<'_>, tail: &Tail) -> Vec<Words> {
    let app = sheet.app;
    let signs = sheet.signs();
    let has_accounts = account_width(app, 12) > 0;
    let regions = app.logs().regions();
    let scopes = tail.regions().into_iter();
    scopes
        .map(|scope| {
            let chip = tail.chip(scope);
            let place = regions.iter().position(|region| Some(region) == scope.region());
            let colour = Role::REGIONS[place.unwrap_or(regions.len()) % Role::REGIONS.len()];
            let region = match scope.region() {
                Some(region) if !has_accounts => region.to_string(),
                Some(_) | None => scope.to_string(),
            };
            let (sign, sign_role, words, role) = state(&chip, app.now(), signs);
            Words {
                sign,
                sign_role,
                region: crate::domain::untrusted::sanitise(&region).into_owned(),
                colour,
                words,
                role,
                is_well: sign_role == Role::Ok || sign_role == Role::Moving,
            }
        })
        .collect()
}

/// The sign of a region's state, and the state in words.
fn state(chip: &Chip<'_>, now: Timestamp, signs: &Signs) -> (&'static str, Role, String, Role) {
    let dot = signs.dot;
    if let Some(problem) = chip.failing {
        let retry = chip.retry.map(|retry| {
            let wait = retry - now;
            if wait > TimeDelta::zero() {
                format!(" {dot} retry in {}", short(wait))
            } else {
                format!(" {dot} retrying")
            }
        });
        let words = format!("{}{}", problem.brief(), retry.unwrap_or_default());
        return (signs.failed, Role::Error, words, Role::Error);
    }
    let Some(polled) = chip.polled else {
        return (signs.unseen, Role::Unknown, "asking".to_owned(), Role::Muted);
    };
    let age = chip.newest.map(|newest| short(now - timestamp(newest)));
    let age = age.unwrap_or_else(|| "no line".to_owned());
    if let Some(live) = chip.live {
        let (mark, role) = if live.is_sampled { ("SAMPLED", Role::Danger) } else { ("LIVE", Role::Ok) };
        return (signs.live, Role::Ok, format!("{age} {dot} {mark}"), role);
    }
    let since = now - polled;
    // Twice the time between two polls is late, as everywhere.
    let is_overdue = since > crate::app::logs::INTERVAL * 2 + TimeDelta::seconds(1);
    if is_overdue {
        let words = format!("{age} {dot} asked {} ago", short(since));
        return (signs.alarm, Role::Stale, words, Role::Stale);
    }
    let words = format!("{age} {dot} {:.1}/s", chip.share);
    (signs.live, Role::Ok, words, Role::Muted)
}

impl Words {
    fn width(&self) -> u16 {
        text::width(self.sign) + 1 + text::width(&self.region) + 1 + text::width(&self.words)
    }
}
