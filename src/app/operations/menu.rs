//! A choice of a few things to do, where a key alone does not say which.

use super::asked::Question;
use crate::app::overlay::Overlay;
use crate::app::picker::{Item, Picker};
use crate::app::{App, Effect};
use crate::domain::operation::{Operation, OperationId, Steered};
use crate::engine::message::{Onward, Order, Request};

/// What can be chosen from.
#[derive(Clone, Debug)]
pub struct Menu {
    /// Sanitised.
    pub title: String,
    pub picker: Picker<Errand>,
}

/// What is done when a row is chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    Nothing,
    Plan(Box<Operation>),
    Ask(Box<Question>),
    /// The next choice.
    Choose(String, Vec<(String, String, Errand)>),
    Steer(OperationId, Steered),
    /// With what was typed to agree.
    TakeUp(OperationId, Onward, String),
    Leave(Leaving),
}

/// How somebody leaves while something runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// What runs in AWS goes on; it can be taken up again.
    Detach,
    /// What runs is cancelled, and we leave once it has ended.
    Cancel,
}

impl Menu {
    /// Rows: label, what it means, what is done.
    pub fn new(title: impl Into<String>, rows: Vec<(String, String, Errand)>) -> Self {
        let items = rows
            .into_iter()
            .map(|(label, note, value)| Item { value, label, note });
        Self {
            title: title.into(),
            picker: Picker::new(items.collect()),
        }
    }
}

impl App {
    pub(super) fn choose(
        &mut self,
        title: impl Into<String>,
        rows: Vec<(String, String, Errand)>,
    ) -> Vec<Effect> {
        self.overlays.push(Overlay::Menu(Menu::new(title, rows)));
        Vec::new()
    }

    /// Does what a row of a menu says.
    pub(in crate::app) fn take_errand(&mut self, errand: Errand) -> Vec<Effect> {
        match errand {
            Errand::Nothing => Vec::new(),
            Errand::Plan(operation) => self.plan_operation(*operation),
            Errand::Ask(question) => self.ask_about(*question),
            Errand::Choose(title, rows) => self.choose(title, rows),
            Errand::Steer(id, steered) => vec![steer(id, steered)],
            Errand::TakeUp(id, onward, text) => {
                self.operations.take_up(&id, onward);
                let order = Order::TakeUp(id, onward, text);
                vec![Effect::Ask(Request::Operate(order))]
            }
            Errand::Leave(leaving) => self.leave_so(leaving),
        }
    }
}

/// Says something to a run.
pub(super) fn steer(id: OperationId, steered: Steered) -> Effect {
    Effect::Ask(Request::Operate(Order::Steer(id, steered)))
}
