//! The detail of one stack: pages of lines, with what explains a failure on top.

mod cause;
mod changes;
mod drift;
mod events;
mod resources;
mod template;
mod values;

use super::chrome::filtered;
use super::layout;
use super::pulse::Pulse;
use super::sheet::{Focus, Sheet, line};
use super::status::{Mark, progress};
use super::table::{List, Row, Table};
use super::text;
use crate::app::detail::{Detail, Line, Tab};
use crate::app::{App, Target, Window, wishes};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Failing, Region, Stack, Topic};
use ratatui::layout::Rect;
use ratatui::style::Style;

/// ```text
/// ╭ checkout-api · eu-west-1 · ✗ UPDATE_ROLLBACK_FAILED ───────────────────────────╮
/// │ Events  Resources  Outputs  Parameters  Template  Change sets  Drift        2s │
/// │ ✗ root cause  CheckoutFn in checkout-api-web · AWS::Lambda::Function           │
/// │   Resource handler returned: "Memory limit exceeded"                           │
/// │  TIME      RESOURCE     STATUS          REASON                                 │
/// │▸ 14:30:58  CheckoutFn   ✗ UPDATE_FAILED Resource handler returned: "Memory li… │
/// ╰────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn detail(sheet: &mut Sheet<'_>, area: Rect, detail: &Detail) {
    let focus = if sheet.app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::Detail);
    title(sheet, area, detail);
    if inner.is_empty() {
        return;
    }
    let (head, rest) = layout::top(inner, 1);
    tabs(sheet, layout::inset(head, 1), detail);
    let view = Page::of(sheet.app, detail);
    let rest = match (detail.tab(), detail.cause(sheet.app.store())) {
        (Tab::Events, Some(event)) => cause::cause(sheet, rest, (detail, event)),
        _ => rest,
    };
    if detail.lines().is_empty() {
        empty(sheet, rest, detail);
        return;
    }
    let window = match detail.tab() {
        Tab::Events => events::events(sheet, rest, &view),
        Tab::Resources => resources::resources(sheet, rest, &view),
        Tab::Outputs => values::outputs(sheet, rest, &view),
        Tab::Parameters => values::parameters(sheet, rest, &view),
        Tab::Template => template::template(sheet, rest, &view),
        Tab::ChangeSets => changes::change_sets(sheet, rest, &view),
        Tab::Drift => drift::drift(sheet, rest, &view),
    };
    sheet.viewport.detail = window;
    sheet.scrollbar(
        area,
        rest,
        (window.first, window.size, detail.lines().len()),
    );
}

/// What the pages draw from.
struct Page<'a> {
    app: &'a App,
    detail: &'a Detail,
    stack: Option<&'a Stack>,
}

impl<'a> Page<'a> {
    fn of(app: &'a App, detail: &'a Detail) -> Self {
        Self {
            app,
            detail,
            stack: detail.stack(app.store()),
        }
    }

    /// The topic of the page; the stack's own for pages that came with it.
    fn topic(&self) -> Topic {
        self.detail.topic().unwrap_or(Topic::Stacks)
    }

    /// Draws a table of the detail's lines below its headings.
    fn table(
        &self,
        sheet: &mut Sheet<'_>,
        area: Rect,
        table: &Table,
        mut draw: impl FnMut(&mut Row<'_>, Line),
    ) -> Window {
        let (head, body) = layout::top(area, 1);
        table.head(sheet, head);
        let lines = self.detail.lines();
        let list = List {
            len: lines.len(),
            cursor: self.detail.cursor(),
            target: Target::DetailRow,
        };
        table.rows(sheet, body, &list, |row| {
            if let Some(line) = lines.get(row.index) {
                draw(row, *line);
            }
        })
    }
}

/// Columns that a table of the detail has for its cells.
fn room(area: Rect) -> u16 {
    area.width.saturating_sub(super::table::POINTER + 1)
}

/// A resource's type without what nearly all of them begin with.
fn short_type(kind: &str) -> &str {
    kind.strip_prefix("AWS::").unwrap_or(kind)
}

/// A reason without the words that every resource handler begins with; `Enter` shows it whole.
fn gist(reason: &str) -> &str {
    let gist = reason
        .strip_prefix("Resource handler returned message: ")
        .unwrap_or(reason);
    gist.strip_prefix('"').unwrap_or(gist)
}

fn title(sheet: &mut Sheet<'_>, area: Rect, detail: &Detail) {
    let app = sheet.app;
    let (title, muted, signs) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.signs(),
    );
    let stack = detail.stack(app.store());
    let name = stack.map_or_else(|| sanitise(detail.id.name()), |stack| stack.name.safe());
    let region = sanitise(detail.scope.region().map_or("", Region::as_str));
    let state: Option<(String, Style)> = stack.map(|stack| {
        let mark = Mark::of_phase(stack.status.phase(), signs);
        let words = if stack.status.phase().is_moving() {
            progress(stack, app.now(), u16::MAX)
        } else {
            stack.status.to_string()
        };
        (format!("{} {words} ", mark.sign), sheet.style(mark.role))
    });
    let account = if app.fleet().accounts.len() > 1 {
        format!("{}/", sanitise(detail.scope.account.as_str()))
    } else {
        String::new()
    };
    let place = format!(" {dot} {account}{region} {dot} ", dot = signs.dot);
    let look = sheet.look;
    let mut pen = sheet.title(area);
    let after = text::width(&place) + state.as_ref().map_or(0, |(words, _)| text::width(words));
    let room = pen
        .room()
        .saturating_sub(after + 1)
        .max(12)
        .min(text::width(&name) + 1);
    pen.take(room).text(" ", title).middle(&name, title);
    pen.text(&place, muted);
    match state {
        Some((words, style)) => _ = pen.text(&words, style),
        // Created since the last reading, or deleted.
        None => _ = pen.text("not in the list of stacks ", muted),
    }
    if !detail.filter.text().is_empty() {
        filtered(&mut pen, look, &detail.filter);
    }
}

/// The pages, and on the right how old this one is.
fn tabs(sheet: &mut Sheet<'_>, area: Rect, detail: &Detail) {
    let (words, style) = freshness(sheet, pulse(sheet.app, detail), area.width / 3);
    sheet.pen(area, 0).right(&words, style);
    let end = area.right().saturating_sub(text::width(&words) + 1);
    let mut x = area.x;
    // Where not all titles fit, those before the present one go first.
    let titles: u16 = Tab::ALL
        .iter()
        .map(|tab| text::width(tab.title()) + 2)
        .sum();
    let fits = x + titles <= end + 2;
    let here = Tab::ALL
        .iter()
        .position(|tab| *tab == detail.tab())
        .unwrap_or(0);
    let first = if fits { 0 } else { here.saturating_sub(2) };
    for tab in Tab::ALL.into_iter().skip(first) {
        let width = text::width(tab.title()) + 2;
        if x + width > end + 1 {
            break;
        }
        let style = if tab == detail.tab() {
            sheet.style(Role::Title).patch(sheet.style(Role::Selection))
        } else {
            sheet.style(Role::Muted)
        };
        let spot = Rect { x, width, ..area };
        sheet
            .pen(spot, 0)
            .text(" ", style)
            .text(tab.title(), style)
            .text(" ", style);
        sheet.spot(spot, Target::Tab(tab));
        x += width;
    }
}

/// How far the page can be believed; outputs and parameters came with the stack.
fn pulse<'a>(app: &'a App, detail: &Detail) -> Pulse<'a> {
    let (store, scope, now) = (app.store(), &detail.scope, app.now());
    let (Some(topic), Some(cadence)) = (detail.topic(), wishes::detail_cadence(app, detail)) else {
        return Pulse::of_stacks(app, scope);
    };
    let period = cadence.period();
    match topic {
        Topic::Events(_) => Pulse::of(store.events(scope, &topic), now, period),
        Topic::Resources(_) => Pulse::of(store.resources(scope, &topic), now, period),
        Topic::Template(_) => Pulse::of(store.template(scope, &topic), now, period),
        Topic::ChangeSets(_) => Pulse::of(store.change_sets(scope, &topic), now, period),
        Topic::Drift(_) => Pulse::of(store.drift(scope, &topic), now, period),
        Topic::Identity
        | Topic::Regions
        | Topic::Stacks
        | Topic::LogGroups(_)
        | Topic::FunctionLog(_)
        | Topic::Functions
        | Topic::Function(_)
        | Topic::Versions(_)
        | Topic::Aliases(_)
        | Topic::EventSources(_)
        | Topic::Concurrency(_)
        | Topic::LambdaLimits
        | Topic::Owner(_)
        | Topic::Metrics(_, _)
        | Topic::Alarms
        | Topic::AlarmHistory(_)
        | Topic::LastErrors(_)
        | Topic::Accelerators
        | Topic::Listeners(_, _)
        | Topic::Attachments
        | Topic::Balancer(_)
        | Topic::Parameters(_) => Pulse::of_stacks(app, scope),
    }
}

/// The age of the page, or why it has none.
fn freshness(sheet: &Sheet<'_>, pulse: Pulse<'_>, room: u16) -> (String, Style) {
    let age = pulse.age().map(short);
    match pulse.mark(sheet.look) {
        None => (age.unwrap_or_default(), sheet.style(Role::Muted)),
        Some(mark) => {
            let why = pulse.why(sheet.look, sheet.app.now(), room);
            let age = age.map(|age| format!(" {age}")).unwrap_or_default();
            (format!("{} {why}{age}", mark.sign), sheet.style(mark.role))
        }
    }
}

/// Says why a page has no lines.
fn empty(sheet: &mut Sheet<'_>, area: Rect, detail: &Detail) {
    let muted = sheet.style(Role::Muted);
    let area = layout::inset(area, 2);
    let words = match pulse(sheet.app, detail) {
        Pulse::Failing { age: None, failing } => {
            problem(sheet, area, failing);
            return;
        }
        Pulse::Unseen => format!(
            "Asking AWS for {}.",
            detail.topic().map_or("the stack", |topic| topic.noun())
        ),
        _ if !detail.filter.is_open() => "No line matches the filter.".to_owned(),
        Pulse::Fresh(_) | Pulse::Stale(_) | Pulse::Failing { .. } => {
            nothing(detail.tab()).to_owned()
        }
    };
    sheet.pen(area, 0).text(&words, muted);
}

fn nothing(tab: Tab) -> &'static str {
    match tab {
        Tab::Events => "No event is left; AWS keeps them for 90 days.",
        Tab::Resources => "The stack has no resources.",
        Tab::Outputs => "The stack has no outputs.",
        Tab::Parameters => "The stack has neither parameters nor tags.",
        Tab::Template => "The template is empty.",
        Tab::ChangeSets => "No change set waits.",
        Tab::Drift => {
            "Drift has not been looked for. CloudFormation detects it when it is asked to."
        }
    }
}

/// A problem in full, where there is nothing else to show.
fn problem(sheet: &mut Sheet<'_>, area: Rect, failing: &Failing) {
    let (error, ordinary) = (sheet.style(Role::Error), sheet.style(Role::Text));
    let problem = &failing.problem;
    let what = text::wrap(&problem.what, area.width).map(|line| (line, error));
    let hint = problem
        .hint
        .iter()
        .flat_map(|hint| text::wrap(hint, area.width))
        .map(|line| (line, ordinary));
    for ((words, style), row) in what.chain(hint).zip(0..area.height) {
        sheet.pen(line(area, row), 0).text(words, style);
    }
}
