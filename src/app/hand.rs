//! What the mouse does, and what is typed or pasted into a field.

use super::cursor::Step;
use super::input::Typed;
use super::overlay::Overlay;
use super::{App, Effect, Target, View};
use crate::command::Command;
use crate::config::key::Key;

impl App {
    pub(super) fn click(&mut self, target: Target) -> Vec<Effect> {
        match target {
            Target::View(view) => self.show(view),
            Target::Row(row) => match self.view {
                View::Fleet => self.fleet_view.select(row),
                View::Stacks => self.stacks.select(row),
                View::Lambda => self.lambda.select(row, &self.store, self.now),
                View::Alarms => self.alarms.select(row),
                View::Operations => self.operations.select(row),
                View::Accelerator => self.accelerator.select(row),
                View::Logs => {
                    let spot = self.viewport.lines.get(row).copied();
                    self.logs.select(row, spot);
                }
            },
            Target::Cell { row, column } => match self.view {
                View::Fleet => {
                    self.fleet_view.select(row);
                    self.fleet_view.select_column(column);
                }
                View::Lambda => {
                    self.lambda.select(row, &self.store, self.now);
                    self.lambda.select_column(column);
                }
                View::Stacks | View::Logs | View::Accelerator | View::Operations | View::Alarms => {
                    self.stacks.select(row);
                    self.stacks.select_column(column);
                }
            },
            Target::Tab(tab) => self.turn_to(|_| tab),
            Target::FunctionPage(page) => self.turn_function(|_| page),
            Target::DetailRow(row) => {
                if let Some(detail) = &mut self.detail {
                    detail.select(row);
                } else if let Some(chain) = self.chain_with_keys() {
                    chain.select(row);
                } else if let Some(alarm) = self.alarm_with_keys() {
                    alarm.select(row);
                } else if let Some(function) = &mut self.function {
                    function.select(row);
                    self.settle_lambda();
                }
            }
            Target::PickerRow(row) => {
                if let Some(overlay) = self.overlays.last_mut() {
                    overlay.select(row);
                    if matches!(overlay, Overlay::Scope(_) | Overlay::Groups(_)) {
                        return self.run(Command::Toggle);
                    }
                }
            }
            Target::Command(command) => return self.run(command),
            Target::List | Target::Detail | Target::Overlay => {}
        }
        Vec::new()
    }

    /// The wheel moves what is under it, whatever has the keys.
    pub(super) fn wheel(&mut self, target: Target, step: Step) -> Vec<Effect> {
        for _ in 0..3 {
            match target {
                Target::PickerRow(_) | Target::Overlay => {
                    if let Some(overlay) = self.overlays.last_mut() {
                        overlay.step(step);
                    }
                }
                Target::Detail
                | Target::DetailRow(_)
                | Target::Tab(_)
                | Target::FunctionPage(_) => {
                    if let Some(detail) = &mut self.detail {
                        detail.step(step);
                    } else if let Some(alarm) = self.alarm_with_keys() {
                        alarm.step(step);
                    } else if let Some(run) = self.run_with_keys() {
                        run.scroll.step(step);
                    } else {
                        self.step_function(step);
                    }
                }
                Target::Row(_) | Target::Cell { .. } | Target::List => self.step_view(step),
                Target::View(_) | Target::Command(_) => {}
            }
        }
        Vec::new()
    }

    pub(super) fn paste(&mut self, text: &str) {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(picker)) => picker.paste(text),
            Some(Overlay::Scope(scope)) => scope.picker.paste(text),
            Some(Overlay::Groups(groups)) => groups.picker.paste(text),
            Some(Overlay::Filter { input, .. }) => {
                input.paste(text);
                self.filter_as_typed();
            }
            Some(Overlay::Prompt(prompt)) => {
                prompt.input.paste(text);
                self.prompt_as_typed();
            }
            // A payload is often written over several lines.
            Some(Overlay::Payload(payload)) => {
                payload.input.paste(&text.replace(['\r', '\n'], " "));
                payload.complaint = None;
            }
            Some(Overlay::Plan(plan)) => plan.agreement.refuse_paste(),
            Some(Overlay::Review(review)) => review.agreement.refuse_paste(),
            Some(Overlay::Menu(menu)) => menu.picker.paste(text),
            Some(Overlay::Asked(asked)) => asked.paste(text),
            Some(
                Overlay::Help(_)
                | Overlay::Problems(_)
                | Overlay::Sources(_)
                | Overlay::Brief(_)
                | Overlay::Confirm(_)
                | Overlay::Text { .. },
            )
            | None => {}
        }
    }

    pub(super) fn type_into_overlay(&mut self, key: &Key) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Palette(picker)) => _ = picker.key(key),
            Some(Overlay::Scope(scope)) => _ = scope.picker.key(key),
            Some(Overlay::Groups(groups)) => _ = groups.picker.key(key),
            Some(Overlay::Filter { input, .. }) => {
                input.key(key);
                self.filter_as_typed();
            }
            Some(Overlay::Prompt(prompt)) => {
                if prompt.input.key(key) == Typed::Edited {
                    self.prompt_as_typed();
                }
            }
            Some(Overlay::Payload(payload)) => {
                payload.input.key(key);
                payload.complaint = None;
            }
            Some(Overlay::Plan(plan)) => plan.agreement.key(key),
            Some(Overlay::Review(_)) => return self.key_of_review(key),
            Some(Overlay::Menu(menu)) => _ = menu.picker.key(key),
            Some(Overlay::Asked(asked)) => {
                asked.input.key(key);
                asked.complaint = None;
            }
            Some(Overlay::Confirm(_)) => match key.typed() {
                Some('y' | 'Y') => return self.accept(),
                Some('n' | 'N' | 'q') => self.cancel(),
                Some(_) | None => {}
            },
            Some(
                Overlay::Help(_)
                | Overlay::Problems(_)
                | Overlay::Sources(_)
                | Overlay::Brief(_)
                | Overlay::Text { .. },
            )
            | None => {}
        }
        Vec::new()
    }
}
