//! Leaving while a call is on its way: it goes on in AWS, and nobody would see its answer.

use crate::app::notice::Severity;
use crate::app::{App, Effect};
use chrono::TimeDelta;

/// How long the question stands; after that it is asked anew.
const ASKED: TimeDelta = TimeDelta::seconds(10);

impl App {
    /// Leaves, or says once what would be lost.
    pub(in crate::app) fn leave_calls(&mut self) -> Vec<Effect> {
        let now = self.now;
        let is_asked = self.calls.leaving.is_some_and(|at| now - at < ASKED);
        let Some((_, asked)) = self.calls.waiting.values().next().filter(|_| !is_asked) else {
            return vec![Effect::Quit];
        };
        let words = format!(
            "{} has not answered: it goes on without you, and the audit will say so. Press the key again to leave.",
            asked.target()
        );
        self.calls.leaving = Some(now);
        self.notices.answer(now, Severity::Warning, words);
        Vec::new()
    }
}
