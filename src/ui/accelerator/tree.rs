//! The rows of the tree: only those in sight are drawn.

use super::facts::{group_words, mark_of_grade, mark_of_health, percent, weight_words};
use super::{age, facts};
use crate::app::accelerator::wishes::is_judged;
use crate::app::accelerator::{Fold, Found, Grade, Reason, Row, Spot, flows, flows_per_second};
use crate::app::{App, Target};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{
    AcceleratorStatus, Endpoint, EndpointGroup, Fold as Join, Grain, Health, HealthCheck, Measure,
    Metrics, Switch, Unit,
};
use crate::ui::Look;
use crate::ui::chrome::account_width;
use crate::ui::layout;
use crate::ui::look::Signs;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::{Sheet, line};
use crate::ui::spark::Spark;
use crate::ui::status::Mark;
use crate::ui::table::{Column, List, POINTER, Row as Cells, Table};
use ratatui::layout::Rect;
use ratatui::style::Style;

const TREE: usize = 0;
const HEALTH: usize = 1;
const DIAL: usize = 2;
const SINCE: usize = 3;
const DETAIL: usize = 4;
const SPARK: usize = 5;
const FLOWS: usize = 6;

/// Columns from which on there is room for more than words.
const WIDE: u16 = 100;

pub(super) fn tree(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let view = app.accelerator();
    let room = inner.width.saturating_sub(POINTER + 1);
    let is_wide = inner.width >= WIDE;
    let (tree, detail) = match inner.width {
        ..WIDE => ((22, 29), 20),
        WIDE..160 => ((27, 34), 34),
        160.. => ((34, 46), 60),
    };
    let columns = vec![
        Column::left("  ACCELERATOR", tree, 0),
        Column::left("HEALTH", (15, if is_wide { 18 } else { 15 }), 1),
        Column::right(
            if is_wide { "DIAL/SHARE" } else { "SHARE" },
            if is_wide { 12 } else { 6 },
            3,
        ),
        Column::left("CHANGES", (if room > 130 { 12 } else { 0 }, 16), 7),
        Column::left("DETAIL", (detail, u16::MAX), 2),
        Column::right("FLOWS", if is_wide { 10 } else { 0 }, 6),
        Column::right("PER s", 7, 4),
    ];
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let look = sheet.look;
    let list = List {
        len: view.rows().len(),
        cursor: view.cursor(),
        target: Target::Row,
    };
    let has_accounts = account_width(app, 16) > 0;
    // A series is drawn on the sheet itself, once the rows have their words.
    let mut charted: Vec<(Rect, &Metrics, Option<Style>)> = Vec::new();
    let window = table.rows(sheet, body, &list, |cells| {
        if let Some(row) = view.rows().get(cells.index) {
            let drawn = Branch {
                app,
                look,
                row,
                has_accounts,
                room: if is_wide { Room::Wide } else { Room::Narrow },
            };
            charted.extend(drawn.draw(cells));
        }
    });
    let (from, until) = Grain::MINUTE.window(app.now());
    for (area, metrics, tone) in charted {
        if let Some(series) = metrics.get(Measure::NewFlows) {
            let style = tone.unwrap_or_else(|| sheet.style(Role::Text));
            let spark = Spark {
                series,
                window: (until - (until - from) / 3, until),
                fold: Join::Mean,
                style,
            };
            spark.draw(sheet, line(area, 0), None);
        }
    }
    sheet.viewport.list = window;
    sheet.scrollbar(framed, body, (window.first, window.size, view.rows().len()));
}

/// A row, being drawn.
struct Branch<'a> {
    app: &'a App,
    look: &'a Look,
    row: &'a Row,
    has_accounts: bool,
    room: Room,
}

/// How much a row can say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Wide,
    Narrow,
}

impl<'a> Branch<'a> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    fn signs(&self) -> &'static Signs {
        self.look.signs()
    }

    /// Draws the words; what comes back is where a series goes.
    fn draw(&self, cells: &mut Cells<'_>) -> Option<(Rect, &'a Metrics, Option<Style>)> {
        match self.row.spot {
            Spot::Apart => {
                let words = "Custom routing: by port to subnets, without health";
                cells
                    .span(TREE, DETAIL)
                    .text(words, self.style(Role::Header));
                return None;
            }
            Spot::Account => {
                self.account(cells);
                return None;
            }
            Spot::Accelerator(_) | Spot::Listener(..) | Spot::Group(..) | Spot::Endpoint(..) => {}
        }
        let found = self.row.found(self.app.store())?;
        let pulse = age::of_accelerator(self.app, &self.row.account, found.accelerator);
        let tone = pulse.tone().map(|role| self.style(role));
        self.name(cells, &found, tone);
        cells.tone(tone);
        match (found.endpoint, found.group) {
            (Some(endpoint), Some(group)) => self.endpoint(cells, (group, endpoint)),
            (_, Some(group)) => self.group(cells, &found, group),
            (_, None) if found.listener.is_some() => self.listener(cells, &found),
            (_, None) => self.accelerator(cells, &found, pulse),
        }
        cells.tone(tone);
        let is_accelerator = found.listener.is_none();
        let metrics = self
            .metrics(&found)
            .filter(|_| !is_accelerator || pulse.is_live())?;
        if let Some(flows) = flows_per_second(metrics, self.app.now()) {
            let words = Unit::Count.words(flows);
            cells.cell(FLOWS).right(&words, self.style(Role::Text));
        }
        Some((cells.place(SPARK), metrics, tone))
    }

    fn metrics(&self, found: &Found<'a>) -> Option<&'a Metrics> {
        let store = self.app.store();
        let group = match (found.listener, found.group, found.endpoint) {
            (Some(listener), Some(group), None) => Some((&listener.arn, &group.region)),
            (None, None, None) => None,
            _ => return None,
        };
        flows(store, &self.row.account, found.accelerator, group)
    }

    /// The fold, the shape and the name.
    fn name(&self, cells: &mut Cells<'_>, found: &Found<'_>, tone: Option<Style>) {
        let signs = self.signs();
        let mark = match found.endpoint {
            Some(endpoint) => mark_of_health(&endpoint.health, signs),
            None => mark_of_grade(self.row.grade, signs),
        };
        let fold = match self.row.fold {
            Fold::Open => signs.open,
            Fold::Closed => signs.closed,
            Fold::Leaf => " ",
        };
        let (title, muted, ordinary) = (
            self.style(Role::Title),
            self.style(Role::Muted),
            self.style(Role::Text),
        );
        let mut pen = cells.cell(TREE);
        let indent = match self.room {
            Room::Wide => 2,
            Room::Narrow => 1,
        };
        pen.skip(self.row.depth() * indent)
            .text(fold, muted)
            .skip(1);
        let ink = |style: Style| tone.map_or(style, |tone| style.patch(tone));
        pen.text(mark.sign, ink(self.style(mark.role))).skip(1);
        match (found.endpoint, found.group, found.listener) {
            (Some(endpoint), _, _) => {
                let kind = endpoint.kind.words();
                let name = endpoint.name();
                let room = pen.room().saturating_sub(crate::ui::text::width(kind) + 1);
                pen.take(room.min(crate::ui::text::width(&name.safe())))
                    .middle(&name.safe(), ink(ordinary));
                pen.skip(1).text(kind, ink(muted));
            }
            (None, Some(group), _) => _ = pen.middle(&group.region.safe(), ink(ordinary)),
            (None, None, Some(listener)) => _ = pen.middle(&listener.words(), ink(ordinary)),
            (None, None, None) => {
                pen.middle(&found.accelerator.name.safe(), ink(title));
                if self.has_accounts {
                    let account = sanitise(self.row.account.as_str());
                    pen.skip(1).text(&account, ink(muted));
                }
            }
        }
    }

    fn account(&self, cells: &mut Cells<'_>) {
        let (app, account) = (self.app, &self.row.account);
        let pulse = age::of_list(app, account);
        let name = sanitise(account.as_str());
        let mark = pulse.mark(self.look).unwrap_or(Mark {
            sign: self.signs().stopped,
            role: Role::Muted,
        });
        let mut pen = cells.span(TREE, FLOWS);
        pen.skip(2).text(mark.sign, self.style(mark.role)).skip(1);
        pen.text(&name, self.style(Role::Title)).skip(2);
        let words = age::words(pulse, self.look).unwrap_or_else(|| {
            "has no accelerator: globalaccelerator:ListAccelerators answered with none.".to_owned()
        });
        let role = match pulse {
            Pulse::Failing { .. } => Role::Error,
            Pulse::Stale(_) => Role::Stale,
            Pulse::Fresh(_) | Pulse::Unseen => Role::Muted,
        };
        pen.text(&words, self.style(role));
    }

    fn accelerator(&self, cells: &mut Cells<'_>, found: &Found<'_>, pulse: Pulse<'_>) {
        let (app, accelerator) = (self.app, found.accelerator);
        let word = accelerator.status.word();
        let since = app.accelerator().moving_since(&accelerator.arn);
        let (words, role) = match (&accelerator.status, accelerator.switch, since) {
            (_, Switch::Disabled, _) => ("disabled".into(), Role::Muted),
            (AcceleratorStatus::InProgress, _, Some(since)) => {
                let words = format!("{word} {}", short(app.now() - since));
                (words.into(), Role::Moving)
            }
            (AcceleratorStatus::InProgress, _, None) => (word, Role::Moving),
            (AcceleratorStatus::Deployed, _, _) => (word, Role::Ok),
            (AcceleratorStatus::Other(_), _, _) => (word, Role::Unknown),
        };
        cells.cell(HEALTH).text(&words, self.style(role));
        if let Some(words) = age::words(pulse, self.look).filter(|_| is_judged(accelerator)) {
            // What went through it then says nothing of now: the sentence has that room too.
            cells.tone(None);
            let mark = pulse.mark(self.look);
            let mut pen = cells.span(DETAIL, FLOWS);
            if let Some(mark) = mark {
                pen.text(mark.sign, self.style(mark.role)).skip(1);
            }
            pen.text(&words, self.style(Role::Stale));
            return;
        }
        let mut pen = cells.cell(DETAIL);
        let names = [&accelerator.dns, &accelerator.dual_stack_dns];
        for name in names.into_iter().flatten() {
            pen.text(&name.safe(), self.style(Role::Muted)).skip(1);
        }
        for address in &accelerator.addresses {
            pen.skip(1).text(&address.safe(), self.style(Role::Muted));
        }
    }

    fn listener(&self, cells: &mut Cells<'_>, found: &Found<'_>) {
        let Some(listener) = found.listener else {
            return;
        };
        let mut pen = cells.cell(HEALTH);
        if self.row.grade == Grade::FailsOpen {
            // Said as loudly when it is old: traffic goes there all the same.
            pen.text(" FAIL-OPEN ", self.style(Role::Danger));
        } else if listener.groups.is_empty() {
            pen.text("no group", self.style(Role::Warn));
        }
        let mut pen = cells.span(DETAIL, FLOWS);
        if self.row.grade == Grade::FailsOpen {
            let words = match self.room {
                Room::Wide => "nothing is healthy, so traffic goes to all of it",
                Room::Narrow => "traffic goes to all",
            };
            pen.text(words, self.style(Role::Error)).skip(2);
        }
        if let Some(affinity) = &listener.affinity {
            let words = format!("affinity {}", affinity.safe());
            pen.text(&words, self.style(Role::Muted));
        }
    }

    fn group(&self, cells: &mut Cells<'_>, found: &Found<'_>, group: &EndpointGroup) {
        let mark = mark_of_grade(self.row.grade, self.signs());
        let words = group_words(group);
        cells.cell(HEALTH).text(&words, self.style(mark.role));
        if self.row.grade == Grade::Unchecked {
            return;
        }
        let dial = if group.dial < 100.0 {
            Role::Warn
        } else {
            Role::Text
        };
        cells
            .cell(DIAL)
            .right(&percent(group.dial), self.style(dial));
        let mut pen = cells.cell(DETAIL);
        if found.listener.is_some_and(|it| it.ignores_dial(group)) {
            let words = match self.room {
                Room::Wide => "dial ignored in failover",
                Room::Narrow => "dial ignored",
            };
            pen.text(words, self.style(Role::Warn)).skip(2);
        }
        if group.endpoints.is_empty() {
            let words = match self.room {
                Room::Wide => "no endpoint was ever registered",
                Room::Narrow => "never registered",
            };
            pen.text(words, self.style(Role::Warn)).skip(2);
        }
        let muted = self.style(Role::Muted);
        let balancers = group
            .endpoints
            .iter()
            .filter(|it| it.kind.is_balancer())
            .count();
        if balancers > 0 && balancers == group.endpoints.len() {
            let words = match self.room {
                Room::Wide => "the balancers' own checks decide",
                Room::Narrow => "balancers decide",
            };
            pen.text(words, muted);
        } else if let Some(check) = &group.check {
            pen.text(&check_words(check, self.signs()), muted);
            if balancers > 0 {
                pen.skip(2).text("balancers by their own", muted);
            }
        }
        for (from, to) in &group.overrides {
            let becomes = self.signs().becomes;
            pen.skip(2).text(&format!("{from} {becomes} {to}"), muted);
        }
    }

    fn endpoint(&self, cells: &mut Cells<'_>, (group, endpoint): (&EndpointGroup, &Endpoint)) {
        let app = self.app;
        let signs = self.signs();
        let mark = mark_of_health(&endpoint.health, signs);
        let past = facts::past(app, &self.row.account, group, endpoint);
        let age = past.as_ref().and_then(|past| past.age_words(app.now()));
        let words = format!("{} {}", endpoint.health.word(), age.unwrap_or_default());
        cells
            .cell(HEALTH)
            .text(words.trim_end(), self.style(mark.role));
        let weight = match (self.room, group.share(endpoint)) {
            (Room::Wide, _) => weight_words(group, endpoint, signs),
            (Room::Narrow, Some(share)) => percent(share),
            (Room::Narrow, None) => "?".to_owned(),
        };
        let role = if endpoint.is_weighted() {
            Role::Text
        } else {
            Role::Muted
        };
        cells.cell(DIAL).right(&weight, self.style(role));
        if let Some(words) = past.and_then(|past| past.changes_words(app.now())) {
            cells.cell(SINCE).text(&words, self.style(Role::Muted));
        }
        let reason = Reason::of(
            (app.fleet(), app.store()),
            &self.row.account,
            (group, endpoint),
        );
        let role = match (&endpoint.health, &reason) {
            (_, Reason::Asking | Reason::None) => Role::Muted,
            (_, Reason::Refused(_)) => Role::Warn,
            (Health::Unhealthy, _) => Role::Error,
            (_, _) => Role::Text,
        };
        // Nothing flows through an endpoint that anybody measures: its reason has that room too.
        let mut pen = cells.span(DETAIL, FLOWS);
        let foreign = facts::foreign(app, &self.row.account, endpoint);
        if let (Some(words), Room::Wide) = (foreign, self.room) {
            pen.text(&words, self.style(Role::Muted)).skip(2);
            if let Reason::Elsewhere(_) = reason {
                pen.text("health without reasons", self.style(Role::Muted));
                return;
            }
        }
        let words = match self.room {
            Room::Wide => reason.words(),
            Room::Narrow => reason.brief(),
        };
        pen.text(&words, self.style(role));
    }
}

/// `HTTP :80 /api/v1/health every 30 s ×3`
fn check_words(check: &HealthCheck, signs: &Signs) -> String {
    let port = check
        .port
        .map_or_else(String::new, |port| format!(" :{port}"));
    let path = check.path.as_ref();
    let path = path.map_or_else(String::new, |path| format!(" {}", path.safe()));
    let (protocol, every) = (check.protocol.safe(), check.interval);
    format!(
        "{protocol}{port}{path} every {every} s {}{}",
        signs.times, check.threshold
    )
}
