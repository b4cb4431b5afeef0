//! What would be done, before it is: every call, what is lost, how it is undone, and what it takes to agree.

use super::field::field;
use super::page::{columns, open};
use crate::app::operations::{Agreement, Closed, Line, Review, Stage, Tone, places};
use crate::app::{App, Reach, Window};
use crate::config::Role;
use crate::domain::operation::{Consent, Plan};
use crate::domain::time::words as span;
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Guard, Slot};
use crate::ui::chrome::count;
use crate::ui::look::Look;
use crate::ui::pen::Pen;
use crate::ui::sheet::{Sheet, line};
use crate::ui::{layout, text};
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Columns for what a line is about.
const NAME: u16 = 14;
const GAP: u16 = 2;
/// Rows beneath the text: a rule, how long it holds, and what it takes to agree.
const FOOT: u16 = 3;

/// ```text
/// ╭ Roll back checkout-api ─────────────────────────────────────────────────────────────────────╮
/// │ 1 region · prod 1234-5678-9012 (guarded: the name is typed) · planned by ann                  │
/// │                                                                                               │
/// │ eu-west-1       alias ACTIVE 19 → 18                                     lambda:UpdateAlias   │
/// │ then            wait until: errors < 1 % for 5m 00s                                           │
/// │ undo            alias ACTIVE 18 → 19                                                          │
/// │───────────────────────────────────────────────────────────────────────────────────────────────│
/// │ prod is armed for 9m 41s · this holds for 4m 12s more                            y copies it  │
/// │ Type checkout-api eu-west-1 9012 to go on ▏                                                   │
/// ╰───────────────────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn review(sheet: &mut Sheet<'_>, body: Rect, review: &Review) {
    let width = columns(body, 116);
    let room = width.saturating_sub(4);
    let look = sheet.look;
    let rows = match &review.stage {
        Stage::Asked(_, since) => {
            let waited = span(sheet.app.now() - *since);
            vec![
                Row::words(
                    "Working out what would change. Nothing is changed by that.",
                    Role::Moving,
                ),
                Row::words(&format!("{waited} so far"), Role::Muted),
            ]
        }
        Stage::Failed(problem) => {
            let mut rows = paragraph(&problem.what, room, Role::Error);
            if let Some(hint) = &problem.hint {
                rows.extend(paragraph(hint, room, Role::Text));
            }
            rows.extend(
                problem
                    .request
                    .iter()
                    .map(|id| Row::words(&format!("Request {}", sanitise(id)), Role::Muted)),
            );
            rows
        }
        Stage::Made(plan, lines) => {
            let mut rows = head(sheet.app, look, plan, room);
            rows.push(Row::default());
            rows.extend(lines.iter().flat_map(|line| Row::of(line, room)));
            rows
        }
    };
    let (framed, inner) = open(
        sheet,
        body,
        (&review.title(), width, rows.len() + usize::from(FOOT)),
    );
    let (text, foot) = layout::bottom(inner, FOOT.min(inner.height));
    let size = usize::from(text.height);
    let first = review.scroll.first(rows.len(), size);
    for (row, place) in rows.iter().skip(first).zip(0..text.height) {
        row.draw(&mut sheet.pen(line(text, place), 0), look);
    }
    sheet.viewport.overlay = Window { first, size };
    sheet.viewport.reach = if first + size >= rows.len() {
        Reach::End
    } else {
        Reach::Part
    };
    sheet.scrollbar(framed, text, (first, size, rows.len()));
    let below = rows.len().saturating_sub(first + size);
    foot_of(sheet, foot, (review, below));
}

/// Where, whose, how guarded, by whom.
fn head(app: &App, look: &Look, plan: &Plan, room: u16) -> Vec<Row> {
    let dot = look.signs().dot;
    let (all, busy) = places(plan);
    let mut accounts: Vec<&AccountName> = plan.members().map(|it| &it.scope.account).collect();
    accounts.sort();
    accounts.dedup();
    let accounts: Vec<String> = accounts.into_iter().map(|name| whose(app, name)).collect();
    let mut extent = count(all, "place");
    if busy < all {
        extent = format!("{extent}, {busy} with something to do");
    }
    if plan.waves.len() > 1 {
        extent = format!("{extent} in {}", count(plan.waves.len(), "wave"));
    }
    let words = format!(
        "{extent} {dot} {} {dot} planned by {}",
        accounts.join(" and "),
        sanitise(&plan.by)
    );
    paragraph(&words, room, Role::Muted)
}

/// `prod 1234-5678-9012 (guarded: the name is typed)`
fn whose(app: &App, name: &AccountName) -> String {
    let identity = app.store().identity(name).and_then(Slot::value);
    let digits = identity.map_or_else(String::new, |it| format!(" {}", it.grouped_id()));
    let guard = match app.fleet().account(name).map(|account| account.guard) {
        Some(Guard::None) => "not guarded",
        Some(Guard::Confirm) => "guarded: asks",
        Some(Guard::Typed) | None => "guarded: the name is typed",
    };
    format!("{}{digits} ({guard})", sanitise(name.as_str()))
}

/// A row of the text.
#[derive(Debug, Default)]
struct Row {
    indent: u16,
    name: String,
    words: String,
    note: String,
    role: Option<Role>,
    is_loud: bool,
}

impl Row {
    fn words(words: &str, role: Role) -> Self {
        Self {
            words: words.to_owned(),
            role: Some(role),
            ..Self::default()
        }
    }

    /// A line of the plan, over as many rows as it takes.
    fn of(line: &Line, room: u16) -> Vec<Self> {
        let indent = u16::from(line.depth) * 2;
        let role = match line.tone {
            Tone::Plain => Role::Text,
            Tone::Muted => Role::Muted,
            Tone::Title => Role::Title,
            Tone::Added => Role::Ok,
            Tone::Changed => Role::Moving,
            Tone::Warning => Role::Warn,
            Tone::Danger => Role::Danger,
        };
        let before = if line.tone == Tone::Title {
            0
        } else {
            indent + NAME + GAP
        };
        let left = room.saturating_sub(before);
        let note = text::width(&line.note);
        let mut rows: Vec<Self> = text::wrap(&line.words, left.max(8))
            .map(|words| Self {
                indent: before,
                words: words.to_owned(),
                role: Some(role),
                ..Self::default()
            })
            .collect();
        if rows.is_empty() {
            rows.push(Self::default());
        }
        // A note stands at the end of the words where there is room for it, or on a row of its own: never do the words
        // make way for it, or a narrow screen would have them in a ribbon.
        let last = rows
            .last_mut()
            .filter(|last| text::width(&last.words) + GAP + note <= left);
        match last {
            Some(last) => last.note.clone_from(&line.note),
            None => rows.extend(text::wrap(&line.note, left.max(8)).map(|words| Self {
                indent: before,
                words: words.to_owned(),
                role: Some(Role::Muted),
                ..Self::default()
            })),
        }
        if let Some(first) = rows.first_mut() {
            first.name.clone_from(&line.name);
            if !line.name.is_empty() {
                first.indent = indent;
            }
            first.is_loud = line.tone == Tone::Danger;
        }
        rows
    }

    fn draw(&self, pen: &mut Pen<'_>, look: &Look) {
        let style = |role| look.style(role);
        let role = self.role.unwrap_or(Role::Text);
        if !self.note.is_empty() {
            pen.right(&self.note, style(Role::Muted))
                .right("  ", style(Role::Text));
        }
        pen.skip(self.indent);
        if !self.name.is_empty() {
            let name = if self.is_loud { role } else { Role::Header };
            pen.take(NAME).middle(&self.name, style(name));
            pen.skip(GAP);
        }
        pen.text(&self.words, style(role));
    }
}

fn paragraph(words: &str, room: u16, role: Role) -> Vec<Row> {
    let lines = text::wrap(words, room);
    lines.map(|words| Row::words(words, role)).collect()
}

/// The rule, what holds for how long, and what it takes.
fn foot_of(sheet: &mut Sheet<'_>, foot: Rect, (review, below): (&Review, usize)) {
    let (app, look, signs) = (sheet.app, sheet.look, sheet.signs());
    let style = |role| look.style(role);
    let (border, muted, key) = (style(Role::Border), style(Role::Muted), style(Role::Key));
    let mut pen = sheet.pen(foot, 0);
    if below > 0 {
        let words = format!(" {below} more below ");
        pen.right(
            &words,
            style(if review.is_unread() {
                Role::Warn
            } else {
                Role::Muted
            }),
        );
    }
    for _ in 0..pen.room() {
        pen.text(signs.border.horizontal_top, border);
    }
    let closed = app.closed(review);
    let mut pen = sheet.pen(foot, 1);
    let is_made = review.plan().is_some();
    if is_made {
        let keys = if review.agreement.takes_text() && closed.is_none() {
            "ctrl-y"
        } else {
            "y"
        };
        pen.right("copies it", muted)
            .right(" ", muted)
            .right(keys, key)
            .right("  ", muted);
    }
    let is_armed = armed(app, review, &mut pen, look);
    if let Some(plan) = review.plan() {
        let left = plan.expires() - app.now();
        let (words, role) = if left > chrono::TimeDelta::zero() {
            (format!("this holds for {} more", span(left)), Role::Muted)
        } else {
            (
                "this is too old: Enter works it out anew".to_owned(),
                Role::Warn,
            )
        };
        if is_armed {
            pen.text(&format!(" {} ", signs.dot), muted);
        }
        pen.text(&words, style(role));
    }
    let mut pen = sheet.pen(foot, 2);
    match (&review.stage, closed) {
        (Stage::Asked(..), _) => leave(&mut pen, look, "drops it"),
        (Stage::Failed(_), _) if !review.wants_arms() => leave(&mut pen, look, "leaves it"),
        (Stage::Made(plan, _), _) if plan.is_idle() => {
            pen.text("There is nothing to do. ", style(Role::Ok));
            leave(&mut pen, look, "leaves it");
        }
        (_, Some(Closed::ReadOnly(account))) => {
            let words = format!(
                "{} is read-only: this is to be read, not run. ",
                sanitise(account.as_str())
            );
            pen.text(&words, style(Role::Warn));
            leave(&mut pen, look, "leaves it");
        }
        (_, Some(Closed::Unarmed(account))) => {
            complain(&mut pen, &review.agreement, look);
            let minutes = crate::app::operations::ARMED_MINUTES;
            pen.text("A", key).text(
                &format!(
                    " arms {} for {minutes} minutes, ",
                    sanitise(account.as_str())
                ),
                muted,
            );
            leave(&mut pen, look, "leaves it");
        }
        (Stage::Failed(_), None) => leave(&mut pen, look, "leaves it"),
        (Stage::Made(..), None) => consent(&mut pen, &review.agreement, look),
    }
}

/// For how long the accounts are armed; tells whether anything was said.
fn armed(app: &App, review: &Review, pen: &mut Pen<'_>, look: &Look) -> bool {
    let armed = app.operations().armed();
    let accounts = review.accounts();
    let mut until = accounts
        .iter()
        .filter_map(|name| Some((*name, armed.get(*name)?)));
    let Some((name, until)) = until.next() else {
        return false;
    };
    let words = format!(
        "{} is armed for {}",
        sanitise(name.as_str()),
        span(*until - app.now())
    );
    pen.text(&words, look.style(Role::Warn));
    true
}

fn leave(pen: &mut Pen<'_>, look: &Look, words: &str) {
    let (key, muted) = (look.style(Role::Key), look.style(Role::Muted));
    pen.text("Esc", key)
        .text(" ", muted)
        .text(words, muted)
        .text(".", muted);
}

fn complain(pen: &mut Pen<'_>, agreement: &Agreement, look: &Look) {
    if let Some(complaint) = &agreement.complaint {
        let style: Style = look.style(Role::Warn);
        pen.right(&format!("{} {complaint}", look.signs().failed), style);
    }
}

/// What it takes to agree, and what of it is missing.
pub(super) fn consent(pen: &mut Pen<'_>, agreement: &Agreement, look: &Look) {
    let (key, muted) = (look.style(Role::Key), look.style(Role::Muted));
    complain(pen, agreement, look);
    match &agreement.asked {
        Consent::Key => {
            pen.text("Enter", key).text(" runs it, ", muted);
            leave(pen, look, "leaves it");
        }
        Consent::Typed(name) => {
            pen.text("Type ", muted).text(&sanitise(name), key);
            pen.text(" to go on ", muted);
            field(pen, &agreement.input, look);
        }
    }
}
