//! What a click and a turn of the wheel do, by what lies under them.

use super::cursor::Step;
use super::overlay::Overlay;
use super::{App, Effect, Mouse, Target, View};
use crate::command::Command;

impl App {
    pub(super) fn mouse(&mut self, at: (u16, u16), deed: Mouse) -> Vec<Effect> {
        let Some(target) = self.viewport.hit(at) else {
            return Vec::new();
        };
        self.pending.clear();
        match deed {
            Mouse::Click => self.click(target),
            Mouse::DoubleClick => self.double_click(target),
            Mouse::WheelUp => self.wheel(target, Step::Back),
            Mouse::WheelDown => self.wheel(target, Step::Forth),
        }
    }

    fn double_click(&mut self, target: Target) -> Vec<Effect> {
        if let (Target::PickerRow(row), Some(overlay)) = (target, self.overlays.last_mut()) {
            // The first click has toggled what can be toggled; another would undo it.
            overlay.select(row);
            return self.run(Command::Accept);
        }
        let mut effects = self.click(target);
        if matches!(
            target,
            Target::Row(_) | Target::Cell { .. } | Target::DetailRow(_)
        ) {
            effects.extend(self.run(Command::Open));
        }
        effects
    }

    fn click(&mut self, target: Target) -> Vec<Effect> {
        match target {
            Target::View(view) => self.show(view),
            Target::Row(row) => match self.view {
                View::Fleet => self.fleet_view.select(row),
                View::Stacks => self.stacks.select(row),
            },
            Target::Cell { row, column } => {
                self.stacks.select(row);
                self.stacks.select_column(column);
            }
            Target::Tab(tab) => self.turn_to(|_| tab),
            Target::DetailRow(row) => {
                if let Some(detail) = &mut self.detail {
                    detail.select(row);
                }
            }
            Target::PickerRow(row) => {
                if let Some(overlay) = self.overlays.last_mut() {
                    overlay.select(row);
                    if matches!(overlay, Overlay::Scope(_)) {
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
    fn wheel(&mut self, target: Target, step: Step) -> Vec<Effect> {
        for _ in 0..3 {
            match target {
                Target::PickerRow(_) | Target::Overlay => {
                    if let Some(overlay) = self.overlays.last_mut() {
                        overlay.step(step);
                    }
                }
                Target::Detail | Target::DetailRow(_) | Target::Tab(_) => {
                    if let Some(detail) = &mut self.detail {
                        detail.step(step);
                    }
                }
                Target::Row(_) | Target::Cell { .. } | Target::List => self.step_view(step),
                Target::View(_) | Target::Command(_) => {}
            }
        }
        Vec::new()
    }
}
