//! One row per alarm, and one for each region that cannot be read.

use super::{nothing, pulse, short_word, word};
use crate::app::Target;
use crate::app::alarms::{AlarmsView, Entry, Row, owner};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, AlarmKind, Region, Scope, Slot};
use crate::ui::chrome::account_width;
use crate::ui::layout;
use crate::ui::pen::Pen;
use crate::ui::pulse::{Pulse, reason};
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, List, POINTER, Row as Cells, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const NAME: usize = 0;
const STATE: usize = 1;
const ACCOUNT: usize = 2;
const REGION: usize = 3;
const SINCE: usize = 4;
const WATCHES: usize = 5;
const OWNER: usize = 6;
const REASON: usize = 7;
const AGE: usize = 8;

/// Columns from which on the state has room for AWS's own word.
const WIDE: u16 = 150;

/// ```text
/// │    ALARM                STATE    REGION      SINCE  WATCHES                  BELONGS TO    REASON       AGE │
/// │▸ ⚠ checkout-errors      ALARM    eu-west-1      2m  Errors of … > 2, 5 min   checkout-fn   Threshold…    7s │
/// │  ⚠ eu-north-1           throttled               4m  retry in 8s · known of it is what was read 4m ago    4m │
/// │  ⊘ queue-age            BLIND    us-east-1      3d  …                                                    7s │
/// ```
pub(super) fn list(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let view = app.alarms();
    let scopes = view.scopes();
    let alarms = view.rows().iter();
    let alarms = alarms.filter_map(|row| view.alarm(app.store(), *row));
    let names = text::widest(alarms.map(|(_, alarm)| alarm.name.safe()));
    let regions = text::widest(scopes.iter().filter_map(Scope::region).map(Region::as_str));
    let account = account_width(app, 12);
    let room = inner.width.saturating_sub(POINTER + 1);
    let is_wide = room >= WIDE;
    let state = if is_wide { 17 } else { 8 };
    // On a narrow screen the name tells most of what is watched.
    let watches = if room < 90 { (13, 56) } else { (26, 60) };
    let columns = vec![
        Column::left("  ALARM", (22, names.clamp(20, 40) + 2), 0),
        Column::left("STATE", (state, state), 1),
        Column::left("ACCOUNT", (account, account), 4),
        Column::left("REGION", (regions.clamp(6, 14), regions.clamp(6, 20)), 1),
        Column::right("SINCE", 5, 2),
        Column::left("WATCHES", watches, 3),
        Column::left("BELONGS TO", (12, 32), 6),
        Column::left("REASON", (24, u16::MAX), 7),
        Column::right("AGE", 4, 5),
    ];
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let look = sheet.look;
    let pulses: Vec<Pulse<'_>> = scopes.iter().map(|scope| pulse(app, scope)).collect();
    let rows = List {
        len: view.rows().len(),
        cursor: view.cursor(),
        target: Target::Row,
    };
    let window = table.rows(sheet, body, &rows, |cells| {
        let Some(row) = view.rows().get(cells.index) else {
            return;
        };
        let Some(pulse) = pulses.get(row.scope()).copied() else {
            return;
        };
        let place = Place {
            app,
            look,
            view,
            pulse,
            is_wide,
        };
        match row {
            Row::Alarm(entry) => place.alarm(cells, *entry),
            Row::Failing(scope) => place.failing(cells, *scope),
        }
    });
    sheet.viewport.list = window;
    let len = view.rows().len();
    sheet.scrollbar(framed, body, (window.first, window.size, len));
    if len == 0 {
        nothing(sheet, body);
    }
}

/// Where a row is drawn.
struct Place<'a> {
    app: &'a crate::app::App,
    look: &'a crate::ui::Look,
    view: &'a AlarmsView,
    pulse: Pulse<'a>,
    is_wide: bool,
}

impl Place<'_> {
    fn alarm(&self, cells: &mut Cells<'_>, entry: Entry) {
        let (store, now) = (self.app.store(), self.app.now());
        let Some((scope, alarm)) = self.view.alarm(store, Row::Alarm(entry)) else {
            return;
        };
        let style = |role| self.look.style(role);
        let mark = Mark::of_standing(entry.standing, self.look.signs());
        cells.tone(self.pulse.tone().map(style));
        cells
            .cell(NAME)
            .text(mark.sign, style(mark.role))
            .skip(1)
            .middle(&alarm.name.safe(), style(Role::Text));
        let word = if self.is_wide {
            word(alarm, entry.standing)
        } else {
            short_word(alarm, entry.standing)
        };
        cells.cell(STATE).text(&word, style(mark.role));
        self.whereabouts(cells, scope);
        if let Some(since) = alarm.since {
            let age = short(now - since);
            cells.cell(SINCE).right(&age, style(Role::Muted));
        }
        self.watches(cells.cell(WATCHES), alarm, entry.members);
        if let Some(owner) = owner(store, scope, alarm) {
            cells.cell(OWNER).middle(&owner, style(Role::Text));
        }
        if let Some(reason) = &alarm.reason {
            cells.cell(REASON).text(&reason.safe(), style(Role::Muted));
        }
        self.age(cells);
    }

    /// What it watches. The threshold keeps its place; of a composite alarm, how many of its members are in alarm.
    fn watches(&self, mut pen: Pen<'_>, alarm: &Alarm, (in_alarm, all): (usize, usize)) {
        let text = self.look.style(Role::Text);
        match &alarm.kind {
            AlarmKind::Metric(watch) => {
                let condition = format!(" {}", watch.condition());
                let subject = watch.subject();
                let room = pen.room().saturating_sub(text::width(&condition)).max(6);
                pen.take(room.min(text::width(&subject)))
                    .text(&subject, text);
                pen.text(&condition, text);
            }
            AlarmKind::Composite { .. } => {
                pen.text(&format!("{in_alarm} of {all} in alarm"), text);
            }
            AlarmKind::Expression(_) => _ = pen.text(&alarm.watches(), text),
        }
    }

    /// A region whose alarms cannot be read: why, and how old what is known of it is.
    fn failing(&self, cells: &mut Cells<'_>, scope: usize) {
        let style = |role| self.look.style(role);
        let signs = self.look.signs();
        let Some(scope) = self.view.scopes().get(scope) else {
            return;
        };
        let Some(failing) = self.app.store().alarms(scope).and_then(Slot::failing) else {
            return;
        };
        let error = style(Role::Error);
        cells
            .cell(NAME)
            .text(signs.unknown, error)
            .skip(1)
            .text("alarms not read", error);
        let state = self.pulse.age().map_or("UNREAD", |_| "OLD");
        cells.cell(STATE).text(state, error);
        self.whereabouts(cells, scope);
        let since = short(self.app.now() - failing.since);
        cells.cell(SINCE).right(&since, style(Role::Muted));
        let mut pen = cells.span(WATCHES, REASON);
        let words = match self.pulse.age() {
            // Where there is no room for a sentence, a word or two.
            _ if pen.room() < 40 => reason(failing, self.look, self.app.now(), pen.room()),
            Some(age) => format!(
                "What is shown of it is {} old. {}",
                short(age),
                failing.problem.what
            ),
            None => failing.problem.what.clone(),
        };
        pen.text(&words, style(Role::Text));
        self.age(cells);
    }

    fn whereabouts(&self, cells: &mut Cells<'_>, scope: &Scope) {
        let muted = self.look.style(Role::Muted);
        let region = sanitise(scope.region().map_or("", Region::as_str));
        cells
            .cell(ACCOUNT)
            .text(&sanitise(scope.account.as_str()), muted);
        cells.cell(REGION).middle(&region, muted);
    }

    fn age(&self, cells: &mut Cells<'_>) {
        let words = self.pulse.age_words(self.look);
        cells.cell(AGE).right(&words, self.look.style(Role::Muted));
    }
}
