//! Which commands can do anything now, and why the others cannot.

use super::lambda::detail::FunctionPage;
use super::{App, View, accelerator, lambda, logs, operations};
use crate::command::{Command, Context};

/// Whether a command can do anything now; otherwise why not, as a sentence for the palette and the notice line.
pub fn enabled(app: &App, command: Command) -> Result<(), &'static str> {
    use Command as C;
    let has_detail = app.detail().is_some();
    let function = app.function().filter(|_| !has_detail);
    match command {
        C::CopyName | C::CopyArn | C::ConsoleLink if app.is_at_alarms() => app
            .selected_alarm()
            .map(|_| ())
            .ok_or("No alarm is selected."),
        C::WhatIf | C::Findings if !app.is_at_accelerators() => {
            Err("This belongs to the Accelerator view.")
        }
        C::Map if app.view() != View::Fleet || has_detail => Err("This belongs to the Fleet view."),
        C::CopyName | C::CopyArn | C::ConsoleLink | C::StackLogs | C::Zoom | C::WhatIf
            if app.is_at_accelerators() =>
        {
            accelerator::enabled(app, command)
        }
        C::Deploy
        | C::Rollback
        | C::Stop
        | C::Start
        | C::Dial
        | C::Weigh
        | C::Drain
        | C::Restore
        | C::Approve
        | C::Reject
        | C::CancelRun
        | C::SkipBake
        | C::ContinueRun
        | C::ReverseRun
        | C::AbandonRun => operations::enabled(app, command),
        C::Zoom if app.open_alarm().is_some() || app.open_run().is_some() => Ok(()),
        C::Zoom if app.is_at_alarms() => Err("No alarm is open."),
        C::CopyName if app.view() == View::Operations && !has_detail => app
            .operations()
            .selected()
            .map(|_| ())
            .ok_or("No operation is selected."),
        C::InAlarm if app.view() != View::Alarms => Err("This belongs to the Alarms view."),
        C::CopyName | C::CopyArn | C::ConsoleLink | C::StackLogs | C::Layout
            if app.view() == View::Lambda && !has_detail =>
        {
            lambda::enabled(app, command)
        }
        C::CopyName | C::StackLogs if app.selected_name().is_none() => Err("No stack is selected."),
        C::CopyArn | C::ConsoleLink if app.view() == View::Logs && !has_detail => {
            Err("This copies what is known of a stack; of a line there is its text.")
        }
        C::CopyArn | C::ConsoleLink if app.selected_stack().is_none() => {
            Err("No stack is selected.")
        }
        C::Layout | C::Nested | C::NextTrouble if app.view() != View::Stacks => {
            Err("This belongs to the Stacks view.")
        }
        C::NextTab | C::PreviousTab | C::Zoom if function.is_some() => Ok(()),
        C::Filter if function.is_some_and(|it| it.page() == FunctionPage::Charts) => {
            Err("A chart has no rows to filter.")
        }
        C::Window if function.is_none_or(|it| it.page() != FunctionPage::Charts) => {
            Err("No chart is open.")
        }
        C::NextTab | C::PreviousTab | C::Zoom if !has_detail => Err("No stack is open."),
        C::Events
        | C::Resources
        | C::Outputs
        | C::Parameters
        | C::Template
        | C::ChangeSets
        | C::Drift
            if !has_detail && app.selected_stack().is_none() =>
        {
            Err("No stack is selected.")
        }
        C::Charts
        | C::Configuration
        | C::Versions
        | C::EventSources
        | C::LastErrors
        | C::Ping
        | C::Invoke
            if app.selected_function().is_none() =>
        {
            Err("No function is selected.")
        }
        C::Totals if app.view() != View::Lambda || function.is_some() => {
            Err("This belongs to the Lambda view.")
        }
        C::Open | C::Filter
            if app.view() == View::Logs && !has_detail && app.overlays().is_empty() =>
        {
            logs::enabled(app, command)
        }
        _ if command.spec().context == Context::Logs => logs::enabled(app, command),
        _ => Ok(()),
    }
}
