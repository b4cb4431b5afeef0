//! The last line: the keys that work here, or the answer to the last one.

use super::notice;
use crate::app::logs::Page;
use crate::app::overlay::Overlay;
use crate::app::{App, Target, View, enabled};
use crate::command::Command;
use crate::config::Role;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// Keys that are worth naming, the most useful first. What does not fit is dropped from the end.
fn worth_naming(app: &App) -> &'static [Command] {
    use Command as C;
    match (app.overlays().last(), app.detail(), app.view()) {
        (Some(Overlay::Review(_)), _, _) => &[C::Accept, C::Cancel, C::Down, C::PageDown],
        (Some(Overlay::Scope(_) | Overlay::Groups(_)), _, _) => {
            &[C::Toggle, C::ToggleAll, C::Accept, C::Cancel]
        }
        (
            Some(
                Overlay::Palette(_)
                | Overlay::Filter { .. }
                | Overlay::Prompt(_)
                | Overlay::Payload(_)
                | Overlay::Plan(_)
                | Overlay::Menu(_)
                | Overlay::Asked(_)
                | Overlay::Confirm(_),
            ),
            _,
            _,
        ) => &[C::Accept, C::Cancel],
        (
            Some(
                Overlay::Help(_)
                | Overlay::Problems(_)
                | Overlay::Sources(_)
                | Overlay::Brief(_)
                | Overlay::Text { .. },
            ),
            _,
            _,
        ) => &[C::Back, C::Down, C::Up, C::PageDown],
        (None, Some(_), _) => OF_A_STACK,
        (None, None, View::Stacks) => &[
            C::Open,
            C::Scope,
            C::Filter,
            C::NextTrouble,
            C::Deploy,
            C::Rollback,
            C::Stop,
            C::Start,
            C::Layout,
            C::Sort,
            C::StackLogs,
            C::Events,
            C::Nested,
            C::CopyName,
            C::ConsoleLink,
            C::Problems,
            C::Refresh,
        ],
        (None, None, View::Logs) => in_logs(app),
        (None, None, View::Lambda) if app.function().is_some() => &OF_A_FUNCTION,
        (None, None, View::Lambda) => &OF_LAMBDA,
        (None, None, View::Alarms) if app.open_alarm().is_some() => &[
            C::Open,
            C::Zoom,
            C::Back,
            C::CopyName,
            C::CopyArn,
            C::ConsoleLink,
            C::Refresh,
        ],
        (None, None, View::Accelerator) => IN_THE_TREE,
        (None, None, View::Operations) => OF_OPERATIONS,
        (None, None, View::Alarms) => &[
            C::Open,
            C::Scope,
            C::Filter,
            C::Sort,
            C::InAlarm,
            C::CopyName,
            C::ConsoleLink,
            C::Problems,
            C::Refresh,
        ],
        (None, None, View::Fleet) => &[
            C::Open,
            C::Deploy,
            C::Rollback,
            C::Dial,
            C::Drain,
            C::Map,
            C::Scope,
            C::Filter,
            C::Sort,
            C::Problems,
            C::Refresh,
            C::NextTheme,
        ],
    }
}

/// The same of the logs.
fn in_logs(app: &App) -> &'static [Command] {
    use Command as C;
    match app.logs().page() {
        _ if app.logs().tail().is_none() => &[C::LogGroups, C::Scope],
        Page::Insights => &[C::Open, C::Insights, C::Back, C::CopyLine],
        Page::Patterns => &[C::Open, C::Patterns, C::Filter, C::Back, C::LogGroups],
        Page::Lines => &[
            C::Follow,
            C::Search,
            C::Filter,
            C::Open,
            C::LogGroups,
            C::Export,
            C::Patterns,
            C::GoToTime,
            C::Insights,
            C::LiveTail,
            C::Wrap,
            C::Mark,
            C::Sources,
            C::CopyLine,
        ],
    }
}

/// Of the detail of a function.
const OF_A_FUNCTION: [Command; 13] = [
    Command::Open,
    Command::NextTab,
    Command::Rollback,
    Command::Window,
    Command::Filter,
    Command::StackLogs,
    Command::Zoom,
    Command::Back,
    Command::Ping,
    Command::Invoke,
    Command::CopyName,
    Command::CopyArn,
    Command::ConsoleLink,
];

/// Of the Lambda view.
const OF_LAMBDA: [Command; 14] = [
    Command::Open,
    Command::Scope,
    Command::Filter,
    Command::Rollback,
    Command::Sort,
    Command::Layout,
    Command::Totals,
    Command::Ping,
    Command::Invoke,
    Command::StackLogs,
    Command::CopyName,
    Command::ConsoleLink,
    Command::Problems,
    Command::Refresh,
];

/// In the detail of a stack.
const OF_A_STACK: &[Command] = &[
    Command::Open,
    Command::NextTab,
    Command::Filter,
    Command::Deploy,
    Command::Rollback,
    Command::Stop,
    Command::Start,
    Command::StackLogs,
    Command::Zoom,
    Command::Back,
    Command::CopyName,
    Command::CopyArn,
    Command::ConsoleLink,
    Command::Refresh,
];

/// What is worth naming among operations.
const OF_OPERATIONS: &[Command] = &[
    Command::Open,
    Command::Approve,
    Command::Reject,
    Command::CancelRun,
    Command::SkipBake,
    Command::ContinueRun,
    Command::ReverseRun,
    Command::AbandonRun,
    Command::Filter,
    Command::Zoom,
    Command::Back,
    Command::CopyName,
];

/// What is worth naming among accelerators.
const IN_THE_TREE: &[Command] = &[
    Command::Open,
    Command::Scope,
    Command::Filter,
    Command::Dial,
    Command::Weigh,
    Command::Drain,
    Command::Restore,
    Command::WhatIf,
    Command::Findings,
    Command::StackLogs,
    Command::CopyName,
    Command::CopyArn,
    Command::Problems,
    Command::Refresh,
];

/// What stands at the right end, whatever else is dropped.
const ALWAYS: [Command; 2] = [Command::Help, Command::Palette];

/// ```text
///  ↵ open  @ scope  / filter  s sort                                          : commands  ? help
/// ```
pub(in crate::ui) fn footer(sheet: &mut Sheet<'_>, area: Rect) {
    if matches!(
        sheet.app.overlays().last(),
        Some(Overlay::Filter { .. } | Overlay::Prompt(_) | Overlay::Payload(_) | Overlay::Asked(_))
    ) {
        return;
    }
    if let Some(answer) = notice::answer(sheet.app) {
        notice::say(sheet, area, answer);
        return;
    }
    let mut end = area.right();
    if !sheet.app.overlays().last().is_some_and(takes_letters) {
        for command in ALWAYS {
            if let Some((key, title)) = label(sheet, command) {
                let width = text::width(&key) + 1 + text::width(title);
                end = end.saturating_sub(width + 2).max(area.x);
                name(
                    sheet,
                    Rect {
                        x: end + 1,
                        width,
                        ..area
                    },
                    (command, &key, title),
                );
            }
        }
    }
    let mut x = area.x.saturating_add(1);
    for command in worth_naming(sheet.app) {
        let Some((key, title)) = label(sheet, *command) else {
            continue;
        };
        let width = text::width(&key) + 1 + text::width(title);
        if x + width + 1 > end {
            break;
        }
        name(sheet, Rect { x, width, ..area }, (*command, &key, title));
        x += width + 2;
    }
}

/// Whether what is typed is text, so that `?` and `:` are no commands.
fn takes_letters(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Palette(_)
        | Overlay::Scope(_)
        | Overlay::Filter { .. }
        | Overlay::Groups(_)
        | Overlay::Prompt(_)
        | Overlay::Payload(_)
        | Overlay::Plan(_)
        | Overlay::Review(_)
        | Overlay::Menu(_)
        | Overlay::Asked(_)
        | Overlay::Confirm(_) => true,
        Overlay::Help(_)
        | Overlay::Problems(_)
        | Overlay::Sources(_)
        | Overlay::Brief(_)
        | Overlay::Text { .. } => false,
    }
}

/// The shortest key of a command that works now, and its title.
fn label(sheet: &Sheet<'_>, command: Command) -> Option<(String, &'static str)> {
    let app = sheet.app;
    enabled(app, command).ok()?;
    let keys = app.keymap().keys_for(command, app.contexts());
    Some((keys.first()?.label(sheet.look.glyphs), command.spec().title))
}

fn name(sheet: &mut Sheet<'_>, area: Rect, (command, key, title): (Command, &str, &str)) {
    let (key_style, style) = (sheet.style(Role::Key), sheet.style(Role::Muted));
    sheet
        .pen(area, 0)
        .text(key, key_style)
        .skip(1)
        .text(title, style);
    sheet.spot(area, Target::Command(command));
}
