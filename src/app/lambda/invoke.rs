//! Calling a function: the payload that is asked for, the plan that is shown, the consent, and what came back.
//!
//! Nothing is sent but by [`App::accept`] of a [`Plan`] that somebody could read: one that is accepted before it has
//! stood on screen for a moment is not, so neither a key that is held nor one pressed twice sends anything unread. A
//! plan is gone once it was accepted, so nothing is sent twice.

use super::Pointing;
use crate::app::input::Input;
use crate::app::notice::Severity;
use crate::app::operations::Agreement;
use crate::app::overlay::{Overlay, Scroll};
use crate::app::{App, Effect};
use crate::domain::operation::Consent;
use crate::domain::{
    Access, Guard, Invocation, Invoked, Problem, Region, Scope, Slot, Timestamp, Topic, Untrusted,
    untrusted::sanitise,
};
use crate::engine::message::{InvocationId, Request};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// How old a plan may be that is carried out: what it says may have changed unseen.
const OLD: TimeDelta = TimeDelta::minutes(5);

/// A payload that is being typed.
#[derive(Clone, Debug)]
pub struct Payload {
    pub scope: Scope,
    pub function: Untrusted,
    pub input: Input,
    /// Why it cannot be sent as it stands, as a sentence.
    pub complaint: Option<String>,
}

/// What will be sent where, before it is.
#[derive(Clone, Debug)]
pub struct Plan {
    pub deed: Deed,
    pub scope: Scope,
    pub asked: Invocation,
    /// Which version runs: never [`Pointing::Unread`].
    pub pointing: Pointing,
    pub guard: Guard,
    pub agreement: Agreement,
    made: Timestamp,
}

/// What a function is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Ping,
    Invoke,
}

/// Calls that have been sent and not been answered.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    last: u64,
    pub(super) waiting: BTreeMap<InvocationId, (Scope, Invocation)>,
    /// When somebody wanted to leave in spite of them.
    pub(super) leaving: Option<Timestamp>,
}

impl Deed {
    pub fn words(self) -> &'static str {
        match self {
            Self::Ping => "Ping",
            Self::Invoke => "Invoke",
        }
    }
}

impl App {
    /// The function that can be called: nothing where it stands nowhere, or may not be.
    fn callable(&mut self) -> Option<(Scope, Untrusted)> {
        let (scope, function) = self.selected_function()?;
        let (scope, name) = (scope.clone(), function.name.clone());
        let access = self.fleet.account(&scope.account).map(|it| it.access);
        let words = match access {
            Some(Access::Operate | Access::OnceArmed) if self.may_change(&scope.account) => {
                let mut waiting = self.calls.waiting.values();
                if !waiting.any(|(there, asked)| *there == scope && asked.function == name) {
                    return Some((scope, name));
                }
                format!("{} is being called; its answer is waited for.", name.safe())
            }
            Some(Access::Operate | Access::OnceArmed) => format!(
                "The account {} is not armed, so nothing is sent: press the key of `arm` first.",
                sanitise(scope.account.as_str())
            ),
            Some(Access::ReadOnly) | None => format!(
                "The account {account} is read-only, so nothing is sent: put `read_only = false` under {account} in \
                 fleet.toml.",
                account = sanitise(scope.account.as_str())
            ),
        };
        self.notices.answer(self.now, Severity::Warning, words);
        None
    }

    pub(in crate::app) fn plan_ping(&mut self) {
        if let Some((scope, name)) = self.callable() {
            let payload = self.fleet.lambda.ping.clone();
            if let Err(words) = self.plan(Deed::Ping, (&scope, &name), payload) {
                self.notices.answer(self.now, Severity::Warning, words);
            }
        }
    }

    pub(in crate::app) fn ask_for_payload(&mut self) {
        if let Some((scope, function)) = self.callable() {
            if let Err(words) = self.pointing(&scope, &function) {
                self.notices.answer(self.now, Severity::Warning, words);
                return;
            }
            self.overlays.push(Overlay::Payload(Payload {
                scope,
                function,
                input: Input::with("{}"),
                complaint: None,
            }));
        }
    }

    /// Takes the payload that was typed; what is no JSON stays, with a sentence.
    pub(in crate::app) fn take_payload(&mut self, mut payload: Payload) {
        let text = payload.input.text().trim().to_owned();
        let planned = match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(_) => self.plan(Deed::Invoke, (&payload.scope, &payload.function), text),
            Err(error) => Err(format!("This is no JSON: {error}.")),
        };
        if let Err(complaint) = planned {
            payload.complaint = Some(complaint);
            self.overlays.push(Overlay::Payload(payload));
        }
    }

    /// Where the fleet's alias of a function points, else a sentence that says why nobody knows and what to do.
    fn pointing(&self, scope: &Scope, function: &Untrusted) -> Result<Pointing, String> {
        let (alias, topic) = (&self.fleet.lambda.alias, Topic::Aliases(function.clone()));
        let pointing = Pointing::of(&self.store, (scope, &topic), alias);
        if pointing != Pointing::Unread {
            return Ok(pointing);
        }
        let slot = self.store.aliases(scope, &topic);
        let why = match slot.and_then(Slot::failing) {
            Some(failing) => format!(
                "could not be read, so nothing is sent: {} Try again once it can be.",
                failing.problem
            ),
            None => "was not read yet, so nothing is sent: wait a moment and try again.".to_owned(),
        };
        Err(format!(
            "Where {} points {why}",
            self.alias_of(scope, function)
        ))
    }

    /// `ACTIVE of checkout-api in eu-west-1`
    fn alias_of(&self, scope: &Scope, function: &Untrusted) -> String {
        format!(
            "{} of {} in {}",
            sanitise(&self.fleet.lambda.alias),
            function.safe(),
            sanitise(scope.region().map_or("", Region::as_str))
        )
    }

    fn plan(
        &mut self,
        deed: Deed,
        (scope, function): (&Scope, &Untrusted),
        payload: String,
    ) -> Result<(), String> {
        let pointing = self.pointing(scope, function)?;
        let alias = || Untrusted::new(self.fleet.lambda.alias.as_str());
        let account = self.fleet.account(&scope.account);
        let guard = account.map_or(Guard::Typed, |account| account.guard);
        let plan = Plan {
            deed,
            asked: Invocation {
                qualifier: pointing.version().map(|_| alias()),
                function: function.clone(),
                payload,
            },
            pointing,
            guard,
            scope: scope.clone(),
            agreement: Agreement::new(match guard {
                Guard::None | Guard::Confirm => Consent::Key,
                Guard::Typed => Consent::Typed(function.exact().to_owned()),
            }),
            made: self.now,
        };
        self.overlays.push(Overlay::Plan(Box::new(plan)));
        Ok(())
    }

    /// Says why what a plan told is not so any more, or may not be.
    fn staleness(&self, plan: &Plan) -> Option<String> {
        if self.now - plan.made > OLD {
            let minutes = OLD.num_minutes();
            return Some(format!(
                "Nothing was sent: the plan is older than {minutes} minutes. Plan it again."
            ));
        }
        let (scope, function) = (&plan.scope, &plan.asked.function);
        let now = match self.pointing(scope, function) {
            Ok(now) => now,
            Err(words) => return Some(words),
        };
        let version = |pointing: &Pointing| match pointing {
            Pointing::At(version) => version.clone(),
            Pointing::Absent | Pointing::Unread => "nothing".to_owned(),
        };
        (now != plan.pointing).then(|| {
            format!(
                "Nothing was sent: {} points to {} now, and the plan said {}. Plan it again.",
                self.alias_of(scope, function),
                version(&now),
                version(&plan.pointing)
            )
        })
    }

    /// Sends what was planned, if somebody has consented.
    pub(in crate::app) fn carry_out(&mut self, mut plan: Box<Plan>) -> Vec<Effect> {
        if !plan.agreement.is_given() {
            self.overlays.push(Overlay::Plan(plan));
            return Vec::new();
        }
        if let Some(words) = self.staleness(&plan) {
            self.notices.answer(self.now, Severity::Warning, words);
            return Vec::new();
        }
        let Plan { scope, asked, .. } = *plan;
        self.calls.last += 1;
        let id = InvocationId(self.calls.last);
        let region = sanitise(scope.region().map_or("", Region::as_str)).into_owned();
        let words = format!("Calling {} in {region}.", asked.target());
        self.notices.answer(self.now, Severity::Info, words);
        self.calls
            .waiting
            .insert(id, (scope.clone(), asked.clone()));
        vec![Effect::Ask(Request::Invoke(id, scope, asked))]
    }

    /// An answer came, or none: shown in full, beneath whatever is being typed.
    pub(in crate::app) fn tell_invoked(
        &mut self,
        id: InvocationId,
        result: &Result<Invoked, Problem>,
        took: TimeDelta,
    ) {
        let Some((scope, asked)) = self.calls.waiting.remove(&id) else {
            return;
        };
        let region = sanitise(scope.region().map_or("", Region::as_str)).into_owned();
        let target = asked.target();
        let (severity, brief) = match result {
            Ok(Invoked { error: None, .. }) => (Severity::Info, "answered"),
            Ok(Invoked { error: Some(_), .. }) => (Severity::Error, "failed"),
            Err(_) => (Severity::Error, "was not called, or its answer was lost"),
        };
        let words = format!("{target} in {region} {brief}.");
        self.notices.answer(self.now, severity, words);
        let overlay = Overlay::Text {
            title: format!("{target} · {region}"),
            text: account_of(&asked, result, took).join("⏎"),
            scroll: Scroll::default(),
        };
        self.overlays.insert(0, overlay);
    }
}

/// What came of a call, a line for each fact, sanitised.
fn account_of(
    asked: &Invocation,
    result: &Result<Invoked, Problem>,
    took: TimeDelta,
) -> Vec<String> {
    let millis = took.num_milliseconds();
    let mut lines = Vec::new();
    match result {
        Ok(invoked) => {
            lines.push(match &invoked.error {
                None => format!("Answered in {millis} ms."),
                Some(error) => format!("Failed after {millis} ms: {}.", error.safe()),
            });
            if let Some(version) = &invoked.version {
                lines.push(format!("Version {} ran.", version.safe()));
            }
            lines.push("— sent".to_owned());
            lines.push(sanitise(&asked.payload).into_owned());
            lines.push("— answer".to_owned());
            lines.extend(text(&invoked.payload, "It answered nothing."));
            lines.push("— end of its log".to_owned());
            lines.extend(text(&invoked.log, "It logged nothing."));
        }
        Err(problem) => {
            lines.push(problem.what.clone());
            lines.extend(problem.hint.clone());
            lines.push(format!("After {millis} ms. Whether it ran is in its log."));
            lines.push("— sent".to_owned());
            lines.push(sanitise(&asked.payload).into_owned());
            lines.extend(problem.request.as_ref().map(|id| format!("Request {id}")));
        }
    }
    lines
}

fn text(text: &Untrusted, nothing: &str) -> Vec<String> {
    if text.is_empty() {
        return vec![nothing.to_owned()];
    }
    text.safe_lines(0)
        .map(std::borrow::Cow::into_owned)
        .collect()
}
