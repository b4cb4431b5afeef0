//! Drawing: functions of the app and a look, into a buffer. They read, and change nothing.
//!
//! [`draw`] is the one entry. What it drew where comes back as a [`Viewport`], so that the mouse and the page keys
//! know the screen that is really there. Rows are worked out in `app`; here only those in sight are built. All
//! text from outside passes the sanitiser on its way to a `pen`.

mod accelerator;
mod alarms;
mod chart;
mod chrome;
mod detail;
mod fleet;
mod function;
mod grid;
mod lambda;
mod layout;
mod logs;
mod look;
mod operations;
mod overlay;
mod pen;
mod pulse;
mod sheet;
mod spark;
mod stacks;
mod status;
mod table;
mod text;

pub use look::Look;

use crate::app::detail::Size;
use crate::app::{App, View, Viewport};
use crate::config::Role;
use layout::Areas;
use ratatui::Frame;
use ratatui::layout::Rect;
use sheet::Sheet;

/// Draws the whole screen.
///
/// ```text
/// ┌ header ────────────────────────────────────────────────────────────────┐
/// │ quarterdeck  accounts            regions  live  clock  READ-ONLY       │
/// ├ tabs ──────────────────────────────────────────────────────────────────┤
/// │ 1 Fleet  2 Stacks  4 Logs                                 1 problem  ! │
/// ├ followed, while an operation goes on ──────────────────────────────────┤
/// │ ↻ Deploy checkout-api  RUNNING  wave 2 of 3              1 of 6 done   │
/// ├ body ──────────────────────────────────────────────────────────────────┤
/// │ Fleet: regions                     Stacks: matrix or list; Logs: lines │
/// │ ┌ World ──────┐ ┌ Now ───────┐     ┌ detail of one stack ────────────┐ │
/// │ └─────────────┘ └────────────┘     └─────────────────────────────────┘ │
/// ├ standing, while there is one ──────────────────────────────────────────┤
/// │ The credentials of prod have ended. …                                  │
/// ├ footer ────────────────────────────────────────────────────────────────┤
/// │ ↵ open  @ scope  / filter                        : commands  ? help    │
/// └────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// The answer to a key and the filter being typed take the footer's place; pickers and texts lie above the body.
pub fn draw(app: &App, look: &Look, frame: &mut Frame<'_>) -> Viewport {
    let screen = frame.area();
    let mut sheet = Sheet {
        app,
        look,
        buffer: frame.buffer_mut(),
        viewport: start(app.viewport()),
    };
    let style = sheet.style(Role::Text);
    sheet.paint(screen, style);
    if layout::is_too_small(screen) {
        too_small(&mut sheet, screen);
        return sheet.viewport;
    }
    let standing = u16::from(chrome::standing(app).is_some());
    let followed = u16::from(app.operations().foremost(app.now()).is_some());
    let areas = Areas::of(screen, (followed, standing));
    chrome::header(&mut sheet, areas.header);
    chrome::tabs(&mut sheet, areas.tabs);
    operations::follow(&mut sheet, areas.followed);
    body(&mut sheet, areas.body);
    chrome::stand(&mut sheet, areas.standing);
    chrome::footer(&mut sheet, areas.footer);
    overlay::overlays(&mut sheet, &areas);
    sheet.viewport
}

/// The view, and under it or in its place the detail of a stack.
fn body(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    // A list that is short leaves its room to the detail.
    let half = |share: u16| {
        let least = area.height * share / 20;
        least.max(area.height.saturating_sub(list_rows(app)))
    };
    let share = |size: Size, half: u16| match size {
        Size::Whole => layout::bottom(area, area.height),
        Size::Half => layout::bottom(area, half),
    };
    let list = match (app.detail(), app.open_alarm(), app.function()) {
        (Some(detail), ..) => {
            let (list, under) = share(detail.size, half(11));
            detail::detail(sheet, under, detail);
            list
        }
        (None, Some(alarm), _) => {
            let (list, under) = share(alarm.size, half(11));
            alarms::detail(sheet, under, alarm);
            list
        }
        (None, None, Some(open)) => {
            let (list, under) = share(open.size, half(14));
            function::function(sheet, under, open);
            list
        }
        (None, None, None) => match (app.open_run(), app.open_chain()) {
            (Some(run), _) => {
                let (list, under) = share(run.size, half(13));
                operations::story(sheet, under, run);
                list
            }
            (None, Some(chain)) => {
                let (list, under) = share(chain.size, half(11));
                accelerator::chain(sheet, under, chain);
                list
            }
            (None, None) => area,
        },
    };
    match app.view() {
        _ if list.is_empty() => {}
        View::Fleet => fleet::fleet(sheet, list),
        View::Stacks => stacks::stacks(sheet, list),
        View::Lambda if app.function().is_some() => lambda::functions(sheet, list),
        View::Lambda => lambda::lambda(sheet, list),
        View::Logs => logs::logs(sheet, list),
        View::Accelerator => accelerator::accelerator(sheet, list),
        View::Alarms => alarms::alarms(sheet, list),
        View::Operations => operations::operations(sheet, list),
    }
}

/// The rows that the view would fill: its own, its heading, its frame, and one that shows where it ends.
fn list_rows(app: &App) -> u16 {
    let rows = match app.view() {
        View::Fleet => app.fleet_view().rows().len(),
        View::Stacks => app.stacks().len(),
        View::Logs => app.logs().view().len(),
        View::Alarms => app.alarms().rows().len(),
        View::Operations => operations::list_rows(app),
        View::Lambda => app.lambda().len(),
        View::Accelerator => app.accelerator().rows().len(),
    };
    u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(5)
}

/// What is not drawn this time stays as it was, so that a list comes back where it was left.
fn start(last: &Viewport) -> Viewport {
    Viewport {
        spots: Vec::with_capacity(last.spots.len()),
        ..Viewport {
            spots: Vec::new(),
            ..last.clone()
        }
    }
}

fn too_small(sheet: &mut Sheet<'_>, screen: Rect) {
    let style = sheet.style(Role::Warn);
    let words = format!(
        "too small (least: {}x{})",
        layout::NARROWEST,
        layout::LOWEST
    );
    sheet.pen(screen, screen.height / 2).text(&words, style);
}
