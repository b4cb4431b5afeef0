//! What is said of operations, on the screen and outside of it: that one wants somebody, failed, or ended.

use super::digest::{naming, place};
use super::standing;
use super::{Leaving, Standing};
use crate::app::notice::{About, Severity};
use crate::app::{Alert, App, Effect};
use crate::domain::json::text;
use crate::domain::operation::{
    Gate, GateState, MemberState, OperationId, Outcome, Record, Run, Stamped,
};
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Problem, Timestamp};
use crate::engine::message::Request;
use serde_json::json;

impl App {
    /// Says what has happened, where that is worth a word.
    pub(super) fn tell_happened(&mut self, id: &OperationId, stamped: &Stamped) -> Vec<Effect> {
        let Some(run) = self.operations.run(id) else {
            return Vec::new();
        };
        // What was changed is looked at anew at once, wherever it is shown.
        let mut effects = Vec::new();
        if let Record::MemberEnded { wave, member, .. } = &stamped.record {
            let scope = run.member(*wave, *member).map(|(it, _)| it.scope.clone());
            effects.extend(scope.map(|scope| Effect::Ask(Request::Refresh(Some(scope)))));
        }
        let title = title(run);
        let (severity, words) = match &stamped.record {
            Record::Finished(outcome) => ended(run, &title, outcome, stamped.at),
            Record::MemberEnded {
                wave,
                member,
                state:
                    state @ (MemberState::Failed(why)
                    | MemberState::RolledBack(why)
                    | MemberState::Stuck(why)),
            } => {
                let scope = run
                    .member(*wave, *member)
                    .map(|(planned, _)| &planned.scope);
                let here = scope.map_or_else(String::new, |scope| place(scope, naming(&run.plan)));
                let verb = match state {
                    MemberState::RolledBack(_) => "failed and was taken back",
                    MemberState::Stuck(_) => "is stuck",
                    _ => "failed",
                };
                let words = format!("{title} {verb} in {here}: {}", sanitise(why));
                (Severity::Error, words)
            }
            Record::Gate {
                wave,
                gate,
                state: GateState::Open { .. },
            } => {
                let planned = run.plan.waves.get(*wave);
                match planned.and_then(|planned| planned.gates.get(*gate)) {
                    Some(Gate::Approve { .. }) => {
                        let wave = wave + 1;
                        let words = format!("{title} waits for approval after wave {wave}.");
                        (Severity::Warning, words)
                    }
                    Some(_) | None => return effects,
                }
            }
            Record::Planned(_)
            | Record::Resumed { .. }
            | Record::WaveBegan { .. }
            | Record::Intent { .. }
            | Record::Accepted { .. }
            | Record::Ended { .. }
            | Record::Extended { .. }
            | Record::MemberEnded { .. }
            | Record::Gate { .. }
            | Record::Decided(_) => return effects,
        };
        let alert = Alert {
            lines: line(run, self.operations.standing(run), &words, stamped.at),
            text: words,
        };
        let about = About::Operation(id.clone());
        self.notices.tell(self.now, severity, about, &alert.text);
        self.operations.alerts.push(alert);
        effects.extend(self.leave_if_over());
        effects
    }

    /// What is to be said outside of the screen.
    pub(in crate::app) fn tell_alerts(&mut self) -> Vec<Effect> {
        let alerts = std::mem::take(&mut self.operations.alerts);
        alerts.into_iter().map(Effect::Alert).collect()
    }

    /// A plan was not run, or a run not taken up.
    pub(super) fn tell_refused(&mut self, id: &OperationId, problem: &Problem) {
        if self.operations.run(id).is_some_and(|run| !run.is_over()) {
            self.operations.keepers.remove(id);
        }
        let about = About::Operation(id.clone());
        let words = problem.to_string();
        self.notices.withdraw(&About::Key);
        self.notices.tell(self.now, Severity::Error, about, &words);
    }

    pub(super) fn tell_armed(&mut self, account: &AccountName, until: Option<Timestamp>) {
        let name = sanitise(account.as_str());
        let (severity, words) = match until {
            Some(until) => {
                let span = words(until - self.now);
                (Severity::Warning, format!("{name} is armed for {span}."))
            }
            None => (
                Severity::Info,
                format!("{name} is not armed any more: nothing is changed there."),
            ),
        };
        self.notices.answer(self.now, severity, words);
    }

    /// One notice as long as there is something that nobody goes on with.
    pub(super) fn tell_left_behind(&mut self) {
        let left = self.operations.runs();
        let left = left.filter(|run| self.operations.standing(run) == Standing::LeftBehind);
        let words = match left.collect::<Vec<_>>()[..] {
            [] => return self.notices.withdraw(&About::LeftBehind),
            [only] => format!("{} was left behind: see 6 Operations.", title(only)),
            ref several => {
                let count = several.len();
                format!("{count} operations were left behind: see 6 Operations.")
            }
        };
        self.notices
            .stand(Severity::Warning, About::LeftBehind, words);
    }

    /// Leaves once everything that was to be cancelled before has ended.
    fn leave_if_over(&mut self) -> Vec<Effect> {
        let is_leaving = self.operations.leaving == Some(Leaving::Cancel);
        if is_leaving && self.operations.ours().next().is_none() {
            return vec![Effect::Quit];
        }
        Vec::new()
    }
}

/// `Deploy checkout-api`, sanitised.
pub(super) fn title(run: &Run) -> String {
    format!("{} {}", run.plan.verb.imperative(), run.plan.target.safe())
}

fn ended(run: &Run, title: &str, outcome: &Outcome, at: Timestamp) -> (Severity, String) {
    let took = words(at - run.began);
    let (done, _, all) = standing::tally(run);
    match outcome {
        Outcome::Succeeded => (
            Severity::Info,
            format!("{title} succeeded in {took}: {done} of {all} places."),
        ),
        Outcome::Unchanged => (
            Severity::Info,
            format!("{title}: there was nothing to change."),
        ),
        Outcome::Failed(why) => (
            Severity::Error,
            format!("{title} failed after {took}: {}", sanitise(why)),
        ),
        Outcome::Cancelled => (
            Severity::Warning,
            format!("{title} was cancelled after {took}: {done} of {all} places are done."),
        ),
        Outcome::Rejected(why) => (
            Severity::Warning,
            format!("{title} was rejected after {took}: {}", sanitise(why)),
        ),
        Outcome::Abandoned => (
            Severity::Warning,
            format!("{title} was abandoned: AWS is left as it is."),
        ),
    }
}

/// For a program.
fn line(run: &Run, standing: Standing, words: &str, at: Timestamp) -> String {
    let told = json!({
        "at": at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "operation": run.plan.id.as_str(),
        "verb": run.plan.verb.name(),
        "target": run.plan.target.exact(),
        "state": standing.word(),
        "text": words,
    });
    format!("{}\n", text(&told))
}
