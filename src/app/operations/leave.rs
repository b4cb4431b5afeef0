//! Leaving while something runs or is on its way: stay, leave it to AWS, or cancel it first.

use super::menu::{Errand, Leaving, steer};
use super::news::title;
use crate::app::notice::Severity;
use crate::app::overlay::Overlay;
use crate::app::{App, Effect};
use crate::config::key::Key;
use crate::domain::operation::{OperationId, Steered};

impl App {
    /// Leaves, or asks what is to become of what runs.
    pub(in crate::app) fn leave_house(&mut self) -> Vec<Effect> {
        let running: Vec<String> = self.operations.ours().map(title).collect();
        let Some(first) = running.first() else {
            return self.leave_calls();
        };
        let title = match running.len() {
            1 => format!("{first} is running"),
            several => format!("{several} operations are running"),
        };
        let row = |label: &str, note: &str, errand| (label.to_owned(), note.to_owned(), errand);
        let rows = vec![
            row("stay", "Go on watching.", Errand::Nothing),
            row(
                "detach",
                "Leave. AWS goes on; the next start offers to take it up.",
                Errand::Leave(Leaving::Detach),
            ),
            row(
                "cancel",
                "Begin nothing new, cancel what can be, then leave.",
                Errand::Leave(Leaving::Cancel),
            ),
        ];
        self.choose(title, rows)
    }

    pub(super) fn leave_so(&mut self, leaving: Leaving) -> Vec<Effect> {
        self.operations.leaving = Some(leaving);
        match leaving {
            Leaving::Detach => vec![Effect::Quit],
            Leaving::Cancel => {
                let ours = self.operations.ours();
                let ours: Vec<OperationId> = ours.map(|run| run.plan.id.clone()).collect();
                if ours.is_empty() {
                    return vec![Effect::Quit];
                }
                let words = "Cancelling what runs; this closes once it has ended.";
                self.notices.answer(self.now, Severity::Warning, words);
                let ours = ours.into_iter();
                ours.map(|id| steer(id, Steered::Cancel)).collect()
            }
        }
    }

    /// Whether this is a second Ctrl-C, which leaves at once: what AWS has begun goes on.
    pub(in crate::app) fn is_second_interrupt(&self, key: &Key) -> bool {
        let is_asking = match self.overlays.last() {
            Some(Overlay::Menu(menu)) => {
                let mut values = menu.picker.values();
                values.any(|errand| matches!(errand, Errand::Leave(_)))
            }
            Some(_) | None => false,
        };
        is_asking && "ctrl-c".parse() == Ok(*key)
    }
}
