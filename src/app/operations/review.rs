//! A plan on screen: asked for, read, agreed to once or dropped.
//!
//! Nothing is run but by [`App::agree`], of a plan that could be read, whose end was seen where it loses something, and
//! in accounts that are armed. A plan that was offered and is neither run nor on screen any more is dropped.

use super::agreement::Agreement;
use super::digest::{self, Line};
use crate::app::cursor::Step;
use crate::app::notice::Severity;
use crate::app::overlay::{Overlay, Scroll};
use crate::app::{App, Effect};
use crate::config::key::Key;
use crate::domain::operation::{Consent, Member, Operation, Plan, Verb};
use crate::domain::untrusted::sanitise;
use crate::domain::{Access, AccountName, Kind, Problem, Timestamp};
use crate::engine::message::{Arming, Order, Request, Ticket};
use std::collections::BTreeSet;

/// A plan, from the moment it is asked for.
#[derive(Clone, Debug)]
pub struct Review {
    /// What is wanted, to plan it anew.
    operation: Operation,
    pub stage: Stage,
    pub scroll: Scroll,
    pub agreement: Agreement,
    /// Whether its last line was on screen.
    end: End,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub enum Stage {
    /// It is being worked out, since when.
    Asked(Ticket, Timestamp),
    Made(Box<Plan>, Vec<Line>),
    /// It could not be made.
    Failed(Problem),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Unseen,
    Seen,
}

/// Why an account may not be changed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It never may be.
    ReadOnly(AccountName),
    /// It has to be armed.
    Unarmed(AccountName),
}

impl Review {
    fn new(operation: Operation, stage: Stage) -> Self {
        Self {
            operation,
            stage,
            scroll: Scroll::default(),
            agreement: Agreement::new(Consent::Key),
            end: End::Unseen,
        }
    }

    pub fn verb(&self) -> Verb {
        match self.plan() {
            Some(plan) => plan.verb,
            None => self.operation.verb(),
        }
    }

    /// `Roll back checkout-api`, sanitised.
    pub fn title(&self) -> String {
        let target = match &self.stage {
            Stage::Made(plan, _) => plan.target.safe().into_owned(),
            Stage::Asked(..) | Stage::Failed(_) => target_of(&self.operation),
        };
        format!("{} {target}", self.verb().imperative())
    }

    pub fn plan(&self) -> Option<&Plan> {
        match &self.stage {
            Stage::Made(plan, _) => Some(plan),
            Stage::Asked(..) | Stage::Failed(_) => None,
        }
    }

    /// Whether it still has to be read to its end.
    pub fn is_unread(&self) -> bool {
        self.end == End::Unseen
            && self
                .plan()
                .is_some_and(|plan| plan.losses().next().is_some())
    }

    /// The accounts that it would change.
    pub fn accounts(&self) -> BTreeSet<&AccountName> {
        match self.plan() {
            Some(plan) => plan.members().map(|it| &it.scope.account).collect(),
            None => self.operation.accounts(),
        }
    }

    /// Whether arming its accounts would bring it further.
    pub fn wants_arms(&self) -> bool {
        match &self.stage {
            Stage::Made(plan, _) => !plan.is_idle(),
            Stage::Failed(problem) => problem.kind == Kind::Denied,
            Stage::Asked(..) => false,
        }
    }

    pub(in crate::app) fn tick(&mut self) {
        self.agreement.tick();
    }

    pub(in crate::app) fn step(&mut self, step: Step) {
        self.scroll.step(step);
    }

    pub(in crate::app) fn see_end(&mut self) {
        self.end = End::Seen;
    }

    fn take(&mut self, result: Result<Box<Plan>, Problem>) {
        self.stage = match result {
            Ok(plan) => {
                self.agreement = Agreement::new(plan.consent.clone());
                let lines = digest::lines(&plan);
                Stage::Made(plan, lines)
            }
            Err(problem) => Stage::Failed(problem),
        };
        self.scroll = Scroll::default();
        self.end = End::Unseen;
    }
}

/// What it is about, before anybody has looked.
fn target_of(operation: &Operation) -> String {
    let words = match operation {
        Operation::Deploy(deployment) => return sanitise(&deployment.stack).into_owned(),
        Operation::RollBackStack { stacks, .. }
        | Operation::Stop { stacks }
        | Operation::Start { stacks } => stacks.first().map(|stack| &stack.name),
        Operation::RollBackAlias { function, .. } => Some(function),
        Operation::Dial { group, .. }
        | Operation::Weigh { group, .. }
        | Operation::Drain { group, .. }
        | Operation::Restore { group } => Some(&group.region),
    };
    words.map_or_else(String::new, |words| words.safe().into_owned())
}

impl App {
    /// Asks what an operation would do, and shows that it is asked.
    pub(in crate::app) fn plan_operation(&mut self, operation: Operation) -> Vec<Effect> {
        let (stage, effect) = self.ask_for_plan(&operation);
        let review = Review::new(operation, stage);
        self.overlays.push(Overlay::Review(Box::new(review)));
        vec![effect]
    }

    fn ask_for_plan(&mut self, operation: &Operation) -> (Stage, Effect) {
        self.operations.tickets += 1;
        let ticket = Ticket(self.operations.tickets);
        let order = Order::Plan(ticket, Box::new(operation.clone()));
        let effect = Effect::Ask(Request::Operate(order));
        (Stage::Asked(ticket, self.now), effect)
    }

    /// A plan came, or why there is none. Whoever does not wait for it any more does not get it.
    pub(super) fn take_plan(&mut self, ticket: Ticket, result: Result<Box<Plan>, Problem>) {
        if let Ok(plan) = &result {
            self.operations.offered.insert(plan.id.clone());
        }
        for overlay in &mut self.overlays {
            if let Overlay::Review(review) = overlay
                && matches!(review.stage, Stage::Asked(asked, _) if asked == ticket)
            {
                review.take(result);
                return;
            }
        }
    }

    /// What was offered and is not on screen any more is dropped.
    pub(in crate::app) fn drop_plans(&mut self) -> Vec<Effect> {
        if self.operations.offered.is_empty() {
            return Vec::new();
        }
        let shown: BTreeSet<_> = self
            .overlays
            .iter()
            .filter_map(|overlay| match overlay {
                Overlay::Review(review) => review.plan().map(|plan| plan.id.clone()),
                _ => None,
            })
            .collect();
        let gone = self.operations.offered.difference(&shown).cloned();
        let gone: Vec<_> = gone.collect();
        self.operations.offered = shown;
        gone.into_iter()
            .map(|id| Effect::Ask(Request::Operate(Order::Drop(id))))
            .collect()
    }

    /// Why the accounts of a plan cannot be changed now: the first that cannot.
    pub fn closed(&self, review: &Review) -> Option<Closed> {
        let mut accounts = review.accounts().into_iter();
        accounts.find_map(|name| self.is_closed(name))
    }

    fn is_closed(&self, name: &AccountName) -> Option<Closed> {
        let access = self.fleet.account(name).map(|account| account.access);
        match access {
            Some(Access::Operate) => None,
            Some(Access::OnceArmed) if self.operations.armed.contains_key(name) => None,
            Some(Access::OnceArmed) => Some(Closed::Unarmed(name.clone())),
            Some(Access::ReadOnly) | None => Some(Closed::ReadOnly(name.clone())),
        }
    }

    /// Whether requests that change something leave for an account.
    pub(in crate::app) fn may_change(&self, name: &AccountName) -> bool {
        self.is_closed(name).is_none()
    }

    /// Enter: runs the plan, if everything that it takes is there.
    pub(in crate::app) fn agree(&mut self, mut review: Box<Review>) -> Vec<Effect> {
        let plan = match &review.stage {
            Stage::Made(plan, _) => plan,
            // There is nothing to agree to.
            Stage::Failed(_) => return Vec::new(),
            Stage::Asked(..) => {
                self.overlays.push(Overlay::Review(review));
                return Vec::new();
            }
        };
        if plan.is_idle() {
            return Vec::new();
        }
        if plan.expires() <= self.now {
            let (stage, effect) = self.ask_for_plan(&review.operation);
            let words = "The plan was older than five minutes: working it out anew.";
            self.notices.answer(self.now, Severity::Info, words);
            review = Box::new(Review::new(review.operation, stage));
            self.overlays.push(Overlay::Review(review));
            return vec![effect];
        }
        let complaint = match self.closed(&review) {
            Some(Closed::Unarmed(account)) => Some(format!(
                "{} is not armed: press A first.",
                sanitise(account.as_str())
            )),
            Some(Closed::ReadOnly(account)) => Some(format!(
                "{} is read-only: nothing can be run there.",
                sanitise(account.as_str())
            )),
            None if review.is_unread() => {
                Some("It loses something: read it to its end first.".to_owned())
            }
            None => None,
        };
        if let Some(words) = complaint {
            review.agreement.start_over();
            review.agreement.complain(&words);
            self.overlays.push(Overlay::Review(review));
            return Vec::new();
        }
        if !review.agreement.is_given() {
            self.overlays.push(Overlay::Review(review));
            return Vec::new();
        }
        let id = plan.id.clone();
        let text = match &plan.consent {
            Consent::Key => String::new(),
            Consent::Typed(text) => text.clone(),
        };
        self.operations.offered.remove(&id);
        let words = format!("{}: begun. 6 shows it.", review.title());
        self.notices.answer(self.now, Severity::Info, words);
        vec![Effect::Ask(Request::Operate(Order::Run(id, text)))]
    }

    /// A key that no command has, while a plan is open.
    pub(in crate::app) fn key_of_review(&mut self, key: &Key) -> Vec<Effect> {
        let Some(Overlay::Review(review)) = self.overlays.last() else {
            return Vec::new();
        };
        let closed = self.closed(review);
        let takes_text = review.agreement.takes_text() && closed.is_none();
        let letter = key.typed();
        if is_copy(key) || (letter == Some('y') && !takes_text) {
            return self.copy_plan();
        }
        let arms = review.wants_arms().then_some(&closed);
        if let (Some(Some(Closed::Unarmed(account))), Some('A')) = (arms, letter) {
            return vec![arm(account, Arming::On)];
        }
        if let Some(Overlay::Review(review)) = self.overlays.last_mut() {
            match (takes_text, letter) {
                (true, _) => review.agreement.key(key),
                (false, Some('j')) => review.step(Step::Forth),
                (false, Some('k')) => review.step(Step::Back),
                (false, Some(' ')) => review.step(Step::PageForth),
                (false, Some('G')) => review.step(Step::Last),
                (false, Some(_) | None) => {}
            }
        }
        Vec::new()
    }

    /// All of the plan as commands of AWS's own, and what it waits for as comments.
    fn copy_plan(&mut self) -> Vec<Effect> {
        let Some(Overlay::Review(review)) = self.overlays.last() else {
            return Vec::new();
        };
        let Some(plan) = review.plan() else {
            return Vec::new();
        };
        let calls = plan.members().flat_map(Member::calls).count();
        let words = match calls {
            1 => "Copied the plan: 1 command.".to_owned(),
            calls => format!("Copied the plan: {calls} commands."),
        };
        let commands = commands(plan);
        let effect = self.put_on_clipboard_saying(commands, words);
        effect.into_iter().collect()
    }

    /// An account was armed while its plan could not be made for want of that: it is made anew.
    pub(super) fn plan_again(&mut self, account: &AccountName) -> Vec<Effect> {
        let Some(Overlay::Review(review)) = self.overlays.last() else {
            return Vec::new();
        };
        let is_failed = matches!(review.stage, Stage::Failed(_)) && review.wants_arms();
        if !is_failed || !review.accounts().contains(account) {
            return Vec::new();
        }
        let operation = review.operation.clone();
        let (stage, effect) = self.ask_for_plan(&operation);
        if let Some(Overlay::Review(review)) = self.overlays.last_mut() {
            review.stage = stage;
        }
        vec![effect]
    }

    /// Lets requests leave for the account of what is selected, or holds them back.
    pub(super) fn turn_arming(&mut self) -> Vec<Effect> {
        let Some(name) = self.aimed_account() else {
            let words = "Select something of the account that is to be armed first.";
            self.notices.answer(self.now, Severity::Info, words);
            return Vec::new();
        };
        let account = sanitise(name.as_str()).into_owned();
        let access = self.fleet.account(&name).map(|account| account.access);
        let words = match access {
            Some(Access::OnceArmed) if self.operations.armed.contains_key(&name) => {
                return vec![arm(&name, Arming::Off)];
            }
            Some(Access::OnceArmed) => return vec![arm(&name, Arming::On)],
            Some(Access::Operate) => {
                format!("{account} needs no arming: fleet.toml lets it be changed at any time.")
            }
            Some(Access::ReadOnly) | None => format!(
                "{account} is read-only for good: take `read_only = true` from it in fleet.toml to change that."
            ),
        };
        self.notices.answer(self.now, Severity::Warning, words);
        Vec::new()
    }
}

/// Whether this is the key that copies a plan even where letters are text.
fn is_copy(key: &Key) -> bool {
    "ctrl-y".parse() == Ok(*key)
}

pub(super) fn arm(account: &AccountName, arming: Arming) -> Effect {
    Effect::Ask(Request::Operate(Order::Arm(account.clone(), arming)))
}

/// A line for every call, in order; what is waited for between them is a comment.
fn commands(plan: &Plan) -> String {
    use crate::domain::operation::Step as Planned;
    let mut lines = Vec::new();
    for (index, wave) in plan.waves.iter().enumerate() {
        if plan.waves.len() > 1 {
            lines.push(format!("# wave {}", index + 1));
        }
        for member in &wave.members {
            for step in &member.steps {
                lines.push(match step {
                    Planned::Call(call) => call.command(&member.scope),
                    Planned::Gate(gate) => format!("# {}", digest::gate_words(gate)),
                });
            }
        }
        let gates = wave.gates.iter();
        lines.extend(gates.map(|gate| format!("# {}", digest::gate_words(gate))));
    }
    lines.join("\n")
}
