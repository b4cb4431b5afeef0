//! What each command does.

use super::choice::Choice;
use super::cursor::Step;
use super::detail::{Size, Tab};
use super::enabled::enabled;
use super::filter::Filter;
use super::fleet::Column;
use super::input::Input;
use super::notice::{About, Severity};
use super::overlay::{Overlay, ScopePicker, Scroll};
use super::picker::{Item, Picker};
use super::{App, Effect, View};
use crate::command::{COMMANDS, Command, Context};
use crate::engine::message::Request;

impl App {
    #[expect(
        clippy::too_many_lines,
        reason = "an arm for each command, and nothing else"
    )]
    pub(super) fn run(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        if let Err(why) = enabled(self, command) {
            self.notices.answer(self.now, Severity::Info, why);
            return Vec::new();
        }
        match command {
            C::Palette => self.open_palette(),
            C::Help => self.read(Overlay::Help(Scroll::default())),
            C::Problems => self.read(Overlay::Problems(Scroll::default())),
            C::Scope => {
                let choosable = Choice::choosable(&self.fleet, &self.store);
                self.overlays.push(Overlay::Scope(ScopePicker::new(
                    choosable,
                    self.choice.clone(),
                )));
            }
            C::Filter => self.ask_for_rows(),
            C::ViewFleet => self.show(View::Fleet),
            C::ViewStacks => self.show(View::Stacks),
            C::ViewLambda => self.show(View::Lambda),
            C::ViewLogs => self.show(View::Logs),
            C::ViewAccelerator => self.show(View::Accelerator),
            C::ViewAlarms => {
                self.alarms.only = None;
                self.show(View::Alarms);
            }
            C::StackLogs if self.open_chain().is_some() => self.follow_endpoint(),
            C::StackLogs if self.selected_function_name().is_some() => self.follow_function(),
            C::StackLogs => self.follow_stack(),
            C::NextView | C::PreviousView => self.turn_view(command),
            C::Refresh => return vec![self.refresh()],
            C::CopyName | C::CopyArn | C::ConsoleLink => {
                return self.copy(command).into_iter().collect();
            }
            C::NextTheme => return vec![Effect::NextTheme],
            C::Redraw => return vec![Effect::Redraw],
            C::Suspend => return vec![Effect::Suspend],
            // Reading something, `q` is done with it, as in the detail.
            C::Quit if !self.overlays.is_empty() || self.open_alarm().is_some() => self.back(),
            C::Quit if self.open_chain().is_some() || self.open_run().is_some() => self.back(),
            C::Quit => return self.leave_house(),
            C::Back => self.back(),
            C::Up => self.step(Step::Back),
            C::Down => self.step(Step::Forth),
            C::PageUp => self.step(Step::PageBack),
            C::PageDown => self.step(Step::PageForth),
            C::Top => self.step(Step::First),
            C::Bottom => self.step(Step::Last),
            C::Left => self.step_sideways(Step::Back),
            C::Right => self.step_sideways(Step::Forth),
            C::Open => self.open(),
            C::Sort | C::Reverse => self.sort(command),
            C::Layout | C::Nested | C::NextTrouble => self.arrange(command),
            C::NextTab | C::PreviousTab if self.function.is_some() => self.run_on_lambda(command),
            C::NextTab => self.turn_to(|tab| tab.neighbour(Step::Forth)),
            C::PreviousTab => self.turn_to(|tab| tab.neighbour(Step::Back)),
            C::Events => self.turn_to(|_| Tab::Events),
            C::Resources => self.turn_to(|_| Tab::Resources),
            C::Outputs => self.turn_to(|_| Tab::Outputs),
            C::Parameters => self.turn_to(|_| Tab::Parameters),
            C::Template => self.turn_to(|_| Tab::Template),
            C::ChangeSets => self.turn_to(|_| Tab::ChangeSets),
            C::Drift => self.turn_to(|_| Tab::Drift),
            C::Zoom if self.is_at_accelerators() => self.zoom_chain(),
            C::Zoom if self.is_at_alarms() => self.zoom_alarm(),
            C::Zoom if self.open_run().is_some() => self.zoom_run(),
            C::Zoom => self.zoom(),
            C::Toggle | C::ToggleAll => self.toggle(command),
            C::Accept => return self.accept(),
            C::Cancel => self.cancel(),
            C::LogGroups
            | C::Follow
            | C::Search
            | C::NextHit
            | C::PreviousHit
            | C::Wrap
            | C::TimeFormat
            | C::Mark
            | C::NextMark
            | C::Patterns
            | C::GoToTime
            | C::Sources
            | C::LiveTail
            | C::Insights
            | C::Export
            | C::CopyLine => return self.run_on_logs(command),
            C::Totals
            | C::Ping
            | C::Invoke
            | C::Charts
            | C::Configuration
            | C::Versions
            | C::EventSources
            | C::LastErrors
            | C::Window => self.run_on_lambda(command),
            C::InAlarm => self.toggle_trouble(),
            C::WhatIf => self.ask_what_if(),
            C::Findings => self.list_findings(),
            C::Map => self.fleet_view.turn_map(),
            C::ViewOperations
            | C::Arm
            | C::Deploy
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
            | C::AbandonRun => return self.run_on_operations(command),
            C::Tail | C::Health | C::Sandbox | C::Completions | C::Manual => {}
        }
        Vec::new()
    }

    /// Gives the detail the whole screen, or gives it back.
    fn zoom(&mut self) {
        let size = match (&mut self.detail, &mut self.function) {
            (Some(detail), _) => Some(&mut detail.size),
            (None, function) => function.as_mut().map(|it| &mut it.size),
        };
        if let Some(size) = size {
            *size = match *size {
                Size::Half => Size::Whole,
                Size::Whole => Size::Half,
            };
        }
    }

    fn toggle(&mut self, command: Command) {
        if let Some(overlay) = self.overlays.last_mut() {
            overlay.toggle(command);
        }
    }

    fn turn_view(&mut self, command: Command) {
        let here = View::ALL
            .iter()
            .position(|view| *view == self.view)
            .unwrap_or(0);
        let step = if command == Command::NextView {
            1
        } else {
            View::ALL.len() - 1
        };
        self.show(View::ALL[(here + step) % View::ALL.len()]);
    }

    fn refresh(&mut self) -> Effect {
        // Also the regions that did not know us: they may have been enabled meanwhile.
        self.store.forget_refusals();
        self.settle();
        self.notices
            .answer(self.now, Severity::Info, "Asking every region again.");
        Effect::Ask(Request::Refresh(None))
    }

    /// The filter of whatever has the keys; the logs have one of their own kind.
    pub fn filter(&self) -> Option<&Filter> {
        match (&self.detail, self.view) {
            (Some(detail), _) => Some(&detail.filter),
            (None, View::Fleet) => Some(&self.fleet_view.filter),
            (None, View::Stacks) => Some(&self.stacks.filter),
            (None, View::Alarms) => Some(&self.alarms.filter),
            (None, View::Operations) => Some(&self.operations.filter),
            (None, View::Lambda) => Some(match &self.function {
                Some(function) => &function.filter,
                None => &self.lambda.filter,
            }),
            (None, View::Accelerator) => Some(&self.accelerator.filter),
            (None, View::Logs) => None,
        }
    }

    fn ask_for_rows(&mut self) {
        match self.filter().cloned() {
            Some(before) => self.overlays.push(Overlay::Filter {
                input: Input::with(before.text()),
                before,
            }),
            None => self.ask_for_filter(),
        }
    }

    fn set_filter(&mut self, filter: Filter) {
        match (&mut self.detail, self.view) {
            (Some(detail), _) => detail.filter = filter,
            (None, View::Fleet) => self.fleet_view.filter = filter,
            (None, View::Stacks) => self.stacks.filter = filter,
            (None, View::Alarms) => self.alarms.filter = filter,
            (None, View::Operations) => self.operations.filter = filter,
            (None, View::Lambda) => match &mut self.function {
                Some(function) => function.filter = filter,
                None => self.lambda.filter = filter,
            },
            (None, View::Accelerator) => self.accelerator.filter = filter,
            (None, View::Logs) => {}
        }
        self.settle();
    }

    pub(super) fn filter_as_typed(&mut self) {
        if let Some(Overlay::Filter { input, .. }) = self.overlays.last() {
            let filter = Filter::parse(input.text());
            self.set_filter(filter);
        }
    }

    pub(super) fn show(&mut self, view: View) {
        self.overlays.clear();
        self.detail = None;
        self.function = None;
        self.behind.clear();
        self.view = view;
        self.lambda.turn_away();
        self.settle();
    }

    /// Opens something to read, in the place of what is being read.
    fn read(&mut self, overlay: Overlay) {
        self.overlays.clear();
        self.overlays.push(overlay);
    }

    fn back(&mut self) {
        let is_filtered = self
            .filter()
            .is_some_and(|filter| !filter.text().is_empty());
        if self.overlays.pop().is_some()
            || (self.detail.is_none()
                && (self.leave_alarm() || self.leave_chain() || self.leave_run()))
        {
            // It was what lay on top.
        } else if is_filtered {
            self.set_filter(Filter::default());
        } else if self.detail.take().is_some() {
            self.detail = self.behind.pop();
            self.settle();
        } else if self.view == View::Alarms && self.alarms.only.take().is_some() {
            self.settle();
        } else if self.function.take().is_some() {
            self.settle_lambda();
        } else if self.is_map_open() {
            self.fleet_view.turn_map();
        } else if self.view == View::Logs {
            self.leave_logs();
        } else if self.view != View::Fleet {
            self.show(View::Fleet);
        } else {
            self.notices.withdraw(&About::Start);
        }
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        match self.overlays.pop() {
            Some(Overlay::Palette(picker)) => picker
                .selected()
                .map(|command| self.run(*command))
                .unwrap_or_default(),
            Some(Overlay::Scope(scope)) => {
                self.choice = scope.choice;
                self.settle();
                if self
                    .detail
                    .as_ref()
                    .is_some_and(|detail| !self.stacks.scopes().contains(&detail.scope))
                {
                    self.show(self.view);
                }
                Vec::new()
            }
            Some(Overlay::Groups(groups)) => {
                self.take_groups(groups);
                Vec::new()
            }
            Some(Overlay::Prompt(prompt)) => self.take_prompt(prompt),
            Some(Overlay::Payload(payload)) => {
                self.take_payload(payload);
                Vec::new()
            }
            Some(Overlay::Plan(plan)) => self.carry_out(plan),
            Some(Overlay::Review(review)) => self.agree(review),
            Some(Overlay::Menu(menu)) => match menu.picker.selected().cloned() {
                Some(errand) => self.take_errand(errand),
                None => Vec::new(),
            },
            Some(Overlay::Asked(asked)) => self.take_answer(asked),
            Some(Overlay::Confirm(question)) => {
                self.confirmed(&question);
                Vec::new()
            }
            // The filter has been in force since it was typed.
            Some(
                Overlay::Filter { .. }
                | Overlay::Help(_)
                | Overlay::Problems(_)
                | Overlay::Sources(_)
                | Overlay::Brief(_)
                | Overlay::Text { .. },
            )
            | None => Vec::new(),
        }
    }

    pub(super) fn cancel(&mut self) {
        match self.overlays.pop() {
            Some(Overlay::Filter { before, .. }) => self.set_filter(before),
            Some(Overlay::Prompt(prompt)) => self.cancel_prompt(&prompt),
            Some(_) | None => {}
        }
    }

    fn open_palette(&mut self) {
        let contexts = [
            Context::Global,
            Context::List,
            Context::Fleet,
            Context::Stacks,
            Context::Detail,
            Context::Lambda,
            Context::Function,
            Context::Logs,
            Context::Accelerator,
            Context::Alarms,
            Context::Operations,
        ];
        let fits = |context: Context| contexts.contains(&context) && context != Context::List;
        let items = COMMANDS
            .iter()
            .filter(|spec| fits(spec.context) && spec.command != Command::Palette);
        let items = items.map(|spec| Item {
            value: spec.command,
            label: spec.name.to_owned(),
            note: spec.help.to_owned(),
        });
        self.overlays
            .push(Overlay::Palette(Picker::new(items.collect())));
    }

    fn step(&mut self, step: Step) {
        if let Some(overlay) = self.overlays.last_mut() {
            overlay.step(step);
        } else if let Some(detail) = &mut self.detail {
            detail.step(step);
        } else if let Some(alarm) = self.alarm_with_keys() {
            alarm.step(step);
        } else if self.function.is_some() {
            self.step_function(step);
        } else {
            self.step_view(step);
        }
    }

    pub(super) fn step_view(&mut self, step: Step) {
        match self.view {
            View::Fleet => self.fleet_view.step(step),
            View::Stacks => self.stacks.step(step),
            View::Lambda => self.lambda.step(step, &self.store, self.now),
            View::Accelerator => self.step_accelerators(step),
            View::Logs => self.logs.step(step),
            View::Alarms => self.alarms.step(step),
            View::Operations => self.operations.step(step),
        }
    }

    /// Left and right: columns of the matrix, pages of the detail.
    fn step_sideways(&mut self, step: Step) {
        if !self.overlays.is_empty() {
        } else if self.detail.is_some() {
            self.turn_to(|tab| tab.neighbour(step));
        } else if self.view == View::Accelerator {
            self.step_in_tree(step);
        } else if self.view == View::Stacks {
            self.stacks.step_column(step);
        } else if self.view == View::Fleet {
            let shown = self.viewport.shown_columns();
            let is_shown = |column: Column| shown.is_empty() || shown.contains(&column.index());
            self.fleet_view.step_column(step, is_shown);
        } else if self.function.is_some() {
            self.step_function_sideways(step);
        } else if self.view == View::Lambda {
            self.lambda.step_column(step);
        } else if self.view == View::Logs {
            self.step_message(step);
        }
    }
}
