//! How each region stands, in a few words: how old its newest line is, and what holds it up.

use crate::app::logs::{Chip, INTERVAL, Tail};
use crate::config::Role;
use crate::domain::Timestamp;
use crate::domain::log::timestamp;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::ui::chrome::account_width;
use crate::ui::look::Signs;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use chrono::TimeDelta;
use ratatui::layout::Rect;

const GAP: u16 = 2;

/// A region in words.
struct Worded {
    sign: &'static str,
    sign_role: Role,
    region: String,
    colour: Role,
    words: String,
    role: Role,
    /// What needs attention comes first.
    is_well: bool,
}

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fullness {
    /// `line 2s ago · asked 1s ago · 2.5 calls/s`
    Full,
    /// `2s`
    Brief,
}

/// The chips of every region, as fully as they fit into so many rows.
pub(super) struct Chips {
    chips: Vec<Worded>,
    pub(super) rows: u16,
}

impl Chips {
    pub(super) fn of(sheet: &Sheet<'_>, tail: &Tail, (width, most): (u16, u16)) -> Self {
        let full = words(sheet, tail, Fullness::Full);
        let rows = needed(&full, width);
        if rows <= most {
            return Self { chips: full, rows };
        }
        let mut words = words(sheet, tail, Fullness::Brief);
        let rows = needed(&words, width);
        if rows > most {
            words.sort_by_key(|chip| chip.is_well);
        }
        Self {
            chips: words,
            rows: rows.min(most),
        }
    }

    /// ```text
    ///  ● eu-west-1 2s  ● us-east-1 1s  ✗ ap-southeast-1 throttled · retry in 8s
    /// ```
    pub(super) fn draw(self, sheet: &mut Sheet<'_>, area: Rect) {
        let mut left = self.chips.len();
        let mut words = self.chips.into_iter().peekable();
        for row in 0..area.height {
            let mut x = 1;
            // The last row says how many more there are.
            let is_last = row + 1 == area.height;
            let fits = |chip: &Worded, x: u16, left: usize| {
                let more = if is_last && left > 1 { 4 } else { 0 };
                x + chip.width() + more <= area.width
            };
            while let Some(chip) = words.next_if(|chip| fits(chip, x, left)) {
                let styles = [chip.sign_role, chip.colour, chip.role].map(|role| sheet.style(role));
                let mut pen = sheet.pen(area, row);
                pen.skip(x).text(chip.sign, styles[0]).skip(1);
                pen.text(&chip.region, styles[1])
                    .skip(1)
                    .text(&chip.words, styles[2]);
                x += chip.width() + GAP;
                left -= 1;
            }
            if is_last && left > 0 {
                let muted = sheet.style(Role::Muted);
                sheet
                    .pen(area, row)
                    .skip(x)
                    .text(&format!("+{left}"), muted);
            }
        }
    }
}

fn needed(words: &[Worded], width: u16) -> u16 {
    let (mut rows, mut x) = (1, 1);
    for chip in words {
        if x + chip.width() > width && x > 1 {
            rows += 1;
            x = 1;
        }
        x += chip.width() + GAP;
    }
    rows
}

fn words(sheet: &Sheet<'_>, tail: &Tail, fullness: Fullness) -> Vec<Worded> {
    let app = sheet.app;
    let signs = sheet.signs();
    let has_accounts = account_width(app, 12) > 0;
    let fleet = app.logs().regions();
    // In the fleet's order, whoever answered first.
    let mut regions = tail.regions();
    let unreached = app.logs().unreached();
    for region in unreached.keys().filter_map(|scope| scope.region()) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions.sort_by_key(|region| fleet.iter().position(|known| known == *region));
    regions
        .into_iter()
        .map(|region| {
            let mut chip = tail.chip(region);
            let mut unreached = unreached.iter();
            let silent = unreached.find(|(scope, _)| scope.region() == Some(region));
            chip.failing = chip.failing.or(silent);
            let place = fleet.iter().position(|known| known == region);
            let state = State::of(&chip, app.now(), signs, (fullness, has_accounts));
            Worded {
                sign: state.sign,
                sign_role: state.sign_role,
                region: sanitise(region.as_str()).into_owned(),
                colour: Role::REGIONS[place.unwrap_or(fleet.len()) % Role::REGIONS.len()],
                words: state.words,
                role: state.role,
                is_well: matches!(state.sign_role, Role::Ok | Role::Unknown),
            }
        })
        .collect()
}

/// A sign, and the words behind it.
struct State {
    sign: &'static str,
    sign_role: Role,
    words: String,
    role: Role,
}

impl State {
    fn of(
        chip: &Chip<'_>,
        now: Timestamp,
        signs: &Signs,
        (fullness, has_accounts): (Fullness, bool),
    ) -> Self {
        let dot = signs.dot;
        if let Some((scope, problem)) = chip.failing {
            let who = if has_accounts {
                format!("{} ", scope.account)
            } else {
                String::new()
            };
            let retry = match chip.retry.map(|retry| retry - now) {
                Some(wait) if wait > TimeDelta::zero() => {
                    format!(" {dot} retry in {}", short(wait))
                }
                Some(_) => format!(" {dot} retrying"),
                None => String::new(),
            };
            return Self {
                sign: signs.failed,
                sign_role: Role::Error,
                words: format!("{}{}{retry}", sanitise(&who), problem.brief()),
                role: Role::Error,
            };
        }
        let Some(polled) = chip.polled else {
            return Self {
                sign: signs.unseen,
                sign_role: Role::Unknown,
                words: "asking".to_owned(),
                role: Role::Muted,
            };
        };
        let newest = chip.newest.map(|newest| short(now - timestamp(newest)));
        let line = match (newest, fullness) {
            (None, _) => "no line".to_owned(),
            (Some(age), Fullness::Full) => format!("line {age} ago"),
            (Some(age), Fullness::Brief) => age,
        };
        let asked = now - polled;
        let holes = match chip.holes {
            0 => String::new(),
            1 => format!(" {dot} 1 gap"),
            gaps => format!(" {dot} {gaps} gaps"),
        };
        let (mark, role) = match chip.live {
            Some(live) if live.is_sampled => (" SAMPLED", Role::Danger),
            Some(_) => (" LIVE", Role::Ok),
            None => ("", Role::Muted),
        };
        // Twice the time between two polls is late, as everywhere.
        let is_overdue = chip.live.is_none() && asked > INTERVAL * 2 + TimeDelta::seconds(1);
        let words = match fullness {
            _ if is_overdue => format!("{line} {dot} asked {} ago{holes}", short(asked)),
            Fullness::Brief => format!("{line}{mark}{holes}"),
            Fullness::Full => {
                let (asked, share) = (short(asked), chip.share);
                format!("{line} {dot} asked {asked} ago {dot} {share:.1} calls/s{mark}{holes}")
            }
        };
        let (sign, sign_role, role) = match (is_overdue, chip.holes) {
            (true, _) => (signs.alarm, Role::Stale, Role::Stale),
            (false, 0) => (signs.live, Role::Ok, role),
            (false, _) => (signs.partial, Role::Warn, Role::Warn),
        };
        Self {
            sign,
            sign_role,
            words,
            role,
        }
    }
}

impl Worded {
    fn width(&self) -> u16 {
        text::width(self.sign) + 1 + text::width(&self.region) + 1 + text::width(&self.words)
    }
}
