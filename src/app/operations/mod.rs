//! Operations on the screen: plans that are being read, runs that go on, and those that are over.

use super::{App, Effect};
use crate::command::Command;
use crate::engine::message::Tidings;

impl App {
    /// Runs a command that is about an operation.
    pub(super) fn run_on_operations(&mut self, _command: Command) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes in what the engine says of operations.
    pub(super) fn learn_operations(&mut self, _tidings: Tidings) {}
}
