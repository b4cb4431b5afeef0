//! In which order and layout rows stand.

use super::notice::Severity;
use super::stacks::{Direction, Layout, NestedStacks};
use super::{App, View};
use crate::command::Command;

impl App {
    pub(super) fn sort(&mut self, command: Command) {
        let turned = |direction| match direction {
            Direction::Normal => Direction::Reversed,
            Direction::Reversed => Direction::Normal,
        };
        if self.function.is_some() {
            return;
        }
        match (self.view, command) {
            (View::Fleet, Command::Sort) => self.fleet_view.order = self.fleet_view.order.next(),
            (View::Fleet, _) => self.fleet_view.direction = turned(self.fleet_view.direction),
            (View::Alarms, Command::Sort) => self.alarms.order = self.alarms.order.next(),
            (View::Alarms, _) => self.alarms.direction = turned(self.alarms.direction),
            // Lines and operations stand by their times.
            (View::Logs | View::Accelerator | View::Operations, _) => return,
            (View::Lambda, Command::Sort) => self.lambda.order = self.lambda.order.next(),
            (View::Lambda, _) => self.lambda.direction = turned(self.lambda.direction),
            (View::Stacks, Command::Sort) => self.stacks.order = self.stacks.order.next(),
            (View::Stacks, _) => self.stacks.direction = turned(self.stacks.direction),
        }
        self.settle();
        let order = match self.view {
            View::Fleet => self.fleet_view.order.words(),
            View::Stacks => self.stacks.order.words(),
            View::Alarms => self.alarms.order.words(),
            View::Lambda => self.lambda.order.words(),
            View::Logs | View::Accelerator | View::Operations => return,
        };
        self.notices
            .answer(self.now, Severity::Info, format!("Sorted by {order}."));
    }

    pub(super) fn arrange(&mut self, command: Command) {
        match command {
            Command::Layout if self.view == View::Lambda => self.turn_lambda(),
            Command::Layout => {
                let chosen = self.stacks.chosen();
                self.stacks.layout = match self.stacks.layout {
                    Layout::Matrix => Layout::List,
                    Layout::List => Layout::Matrix,
                };
                self.settle();
                if let Some((account, name, region)) = chosen {
                    self.stacks.go_to(&account, &name, &region);
                }
            }
            Command::Nested => {
                self.stacks.nested = match self.stacks.nested {
                    NestedStacks::Hidden => NestedStacks::Shown,
                    NestedStacks::Shown => NestedStacks::Hidden,
                };
                self.settle();
            }
            _ => {
                if !self.stacks.next_trouble(&self.store) {
                    self.notices
                        .answer(self.now, Severity::Info, "No stack needs attention.");
                }
            }
        }
    }
}
