//! The one writer: an event goes in, the state changes, effects come out.
//!
//! Synchronous, without a clock and without I/O, so that a list of events replays a session.

use super::detail::Detail;
use super::editions::{Edition, edition};
use super::lambda::{Heard, Relevance};
use super::notice::{About, Severity};
use super::operations::ask_for_runs;
use super::overlay::Overlay;
use super::{
    App, Effect, Event, Mouse, Reach, Target, View, Viewport, accelerator, alarms, cursor, wishes,
};
use crate::command::Command;
use crate::config::key::Key;
use crate::config::keymap::Resolution;
use crate::domain::store::Attempt;
use crate::domain::time::words;
use crate::domain::{Dollars, Kind, Scope, Slot, Spending, StackId, Topic};
use crate::engine::message::{Request, Update};
use std::collections::BTreeSet;

impl App {
    /// The first wishes, before anything has happened.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.ask_anew().into_iter().collect();
        effects.push(ask_for_runs());
        effects
    }

    /// Takes one event in. The only way anything here changes.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        // Lines come in floods, and change nothing that is asked of anybody but the logs.
        let event = match event {
            Event::Engine(Update::Log(id, news)) => {
                self.logs.learn(id, news);
                return self.ask_for_logs();
            }
            Event::Engine(Update::Sifted(sifted)) => {
                self.logs.accept(&sifted);
                return self.ask_for_logs();
            }
            event => event,
        };
        let mut effects = match event {
            Event::Key(key) => {
                self.last_key = self.now;
                self.key(key)
            }
            Event::Mouse { at, deed } => {
                self.last_key = self.now;
                self.mouse(at, deed)
            }
            Event::Paste(text) => {
                self.paste(&text);
                Vec::new()
            }
            Event::Resized => Vec::new(),
            Event::Focus(focus) => {
                self.focus = focus;
                Vec::new()
            }
            Event::Tick(now) => {
                self.now = now;
                self.notices.expire(now);
                self.tick_logs();
                self.rest_lambda();
                match self.overlays.last_mut() {
                    Some(Overlay::Plan(plan)) => plan.agreement.tick(),
                    Some(Overlay::Review(review)) => review.tick(),
                    Some(_) | None => {}
                }
                self.operations.tick(now);
                let mut effects = self.tell_alerts();
                effects.extend(self.alert());
                effects
            }
            Event::Alerted(complaint) => {
                self.notices.answer(self.now, Severity::Warning, complaint);
                Vec::new()
            }
            Event::Written(result) => {
                self.tell_written(result);
                Vec::new()
            }
            Event::Engine(Update::Operation(tidings)) => self.learn_operations(tidings),
            Event::Engine(update) => {
                self.learn(update);
                Vec::new()
            }
            Event::Drawn(viewport) => self.drawn(viewport),
        };
        effects.extend(self.ask_anew());
        effects.extend(self.ask_for_logs());
        effects.extend(self.drop_plans());
        effects
    }

    fn ask_for_logs(&mut self) -> Vec<Effect> {
        self.logs.ask().into_iter().map(Effect::Ask).collect()
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        if self.is_second_interrupt(&key) {
            return vec![Effect::Quit];
        }
        self.pending.push(key);
        match self.keymap.resolve(self.contexts(), &self.pending) {
            Resolution::Run(command) => {
                self.pending.clear();
                self.run(command)
            }
            Resolution::Prefix(_) => Vec::new(),
            Resolution::Nothing => {
                let keys = std::mem::take(&mut self.pending);
                // A sequence that leads nowhere is dropped whole; a lone key may be text.
                if keys.len() == 1 {
                    return self.type_into_overlay(&key);
                }
                Vec::new()
            }
        }
    }

    fn mouse(&mut self, at: (u16, u16), deed: Mouse) -> Vec<Effect> {
        let Some(target) = self.viewport.hit(at) else {
            return Vec::new();
        };
        self.pending.clear();
        match deed {
            Mouse::Click => self.click(target),
            Mouse::DoubleClick => self.double_click(target),
            Mouse::WheelUp => self.wheel(target, cursor::Step::Back),
            Mouse::WheelDown => self.wheel(target, cursor::Step::Forth),
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

    fn learn(&mut self, update: Update) {
        match update {
            Update::Attempt(attempt) => {
                let (scope, topic) = (attempt.scope.clone(), attempt.topic.clone());
                let (at, is_answer) = (attempt.at, attempt.result.is_ok());
                let before = (topic == Topic::Alarms && is_answer)
                    .then(|| alarms::states(&self.store, &scope))
                    .flatten();
                self.store.absorb(attempt);
                let heard = Heard {
                    topic: &topic,
                    scope: &scope,
                    at,
                    is_answer,
                };
                self.transitions
                    .note(&self.store, &scope, &before, self.now);
                self.note_accelerators(&topic);
                if accelerator::wishes::is_ours(&topic) {
                    self.settle_accelerators();
                    self.settle_reach();
                    return;
                }
                if self.learn_lambda(&heard) == Relevance::Lambda {
                    self.settle_lambda();
                    if let Topic::Owner(_) = topic {
                        self.settle_accelerators();
                    }
                    if alarms::concerns(&topic) {
                        self.settle_alarms();
                    }
                    return;
                }
                match &topic {
                    Topic::Identity => self.tell_credentials(&scope.account),
                    Topic::Stacks if is_answer => self.forget_editions(&scope),
                    Topic::Template(id) if is_answer => self.note_edition(&scope, id),
                    Topic::Stacks
                    | Topic::Template(_)
                    | Topic::Regions
                    | Topic::Events(_)
                    | Topic::Resources(_)
                    | Topic::ChangeSets(_)
                    | Topic::Drift(_)
                    | Topic::LogGroups(_)
                    | Topic::FunctionLog(_)
                    | Topic::Functions
                    | Topic::Function(_)
                    | Topic::Versions(_)
                    | Topic::Aliases(_)
                    | Topic::EventSources(_)
                    | Topic::Concurrency(_)
                    | Topic::LambdaLimits
                    | Topic::Owner(_)
                    | Topic::Metrics(_, _)
                    | Topic::Alarms
                    | Topic::AlarmHistory(_)
                    | Topic::LastErrors(_)
                    | Topic::Accelerators
                    | Topic::Listeners(_, _)
                    | Topic::Attachments
                    | Topic::Balancer(_)
                    | Topic::Parameters(_) => {}
                }
                self.settle();
            }
            Update::Measured(attempts) => self.learn_metrics(attempts),
            Update::Slept(span) => {
                let slept = format!(
                    "The machine slept for {}; asking every region again.",
                    words(span)
                );
                self.notices.answer(self.now, Severity::Info, slept);
            }
            Update::Spent(bill) => {
                self.bill = bill;
                self.tell_spending();
            }
            Update::Invoked(id, _, result, took) => self.tell_invoked(id, &result, took),
            Update::Query(id, news) => self.logs.answer(id, news),
            Update::Log(id, news) => self.logs.learn(id, news),
            Update::Sifted(sifted) => self.logs.accept(&sifted),
            // Asks for something, and so was taken in before.
            Update::Operation(_) => {}
        }
    }

    /// Takes in what one request measured, and works out once what shows it.
    fn learn_metrics(&mut self, attempts: Vec<Attempt>) {
        let (mut flows, mut functions, mut watched) = (0, 0, 0);
        for attempt in attempts {
            let (scope, topic) = (attempt.scope.clone(), attempt.topic.clone());
            let (at, is_answer) = (attempt.at, attempt.result.is_ok());
            self.store.absorb(attempt);
            if accelerator::wishes::is_ours(&topic) {
                flows += 1;
                continue;
            }
            self.learn_lambda(&Heard {
                topic: &topic,
                scope: &scope,
                at,
                is_answer,
            });
            functions += 1;
            watched += usize::from(alarms::concerns(&topic));
        }
        if flows > 0 {
            self.settle_accelerators();
            self.settle_reach();
        }
        if functions > 0 {
            self.settle_lambda();
        }
        if watched > 0 {
            self.settle_alarms();
        }
    }

    /// The present state of a stack, as the list has it.
    fn edition(&self, scope: &Scope, id: &StackId) -> Option<Edition> {
        let stacks = self.store.stacks(scope)?.value()?;
        stacks.iter().find(|stack| stack.id == *id).map(edition)
    }

    /// Remembers what a template was read for; it is asked for again where its stack went on meanwhile.
    fn note_edition(&mut self, scope: &Scope, id: &StackId) {
        let now = self.edition(scope, id);
        if !self.editions.read(scope, id, now) {
            self.wishes
                .retain(|wish| (wish.topic.stack(), &wish.scope) != (Some(id), scope));
        }
    }

    fn forget_editions(&mut self, scope: &Scope) {
        let stacks = self.store.stacks(scope).and_then(Slot::value);
        let listed: BTreeSet<&StackId> = stacks
            .unwrap_or_default()
            .iter()
            .map(|stack| &stack.id)
            .collect();
        let open = self.detail.as_ref().map(|detail| &detail.id);
        self.editions
            .forget(scope, |id| listed.contains(id) || open == Some(id));
    }

    /// One notice for each account whose credentials ended, withdrawn when new ones work.
    fn tell_credentials(&mut self, account: &crate::domain::AccountName) {
        let about = About::Credentials(account.clone());
        let failing = self.store.identity(account).and_then(Slot::failing);
        match failing {
            Some(failing) if failing.problem.kind == Kind::Expired => {
                self.notices
                    .stand(Severity::Error, about, failing.problem.to_string());
            }
            Some(_) | None => self.notices.withdraw(&about),
        }
    }

    /// One alert for every alarm that has changed since the last, outside of the screen and on it.
    fn alert(&mut self) -> Option<Effect> {
        let alert = self.transitions.alert()?;
        let (severity, about) = (Severity::Warning, About::Alarms);
        self.notices.tell(self.now, severity, about, &alert.text);
        Some(Effect::Alert(alert))
    }

    /// One notice while the cap keeps metrics from being read.
    fn tell_spending(&mut self) {
        match self.bill.spending {
            Spending::AsWished | Spending::Stretched => self.notices.withdraw(&About::Metrics),
            Spending::Stopped => {
                let spent = Dollars::of_metrics(self.bill.metrics);
                let words = format!(
                    "Metrics are not read: they have cost {spent} in the last hour, and the cap is {}. \
                     What is shown of them grows old until the hour has moved on.",
                    self.bill.cap
                );
                self.notices.stand(Severity::Warning, About::Metrics, words);
            }
        }
    }

    pub(super) fn drawn(&mut self, viewport: Viewport) -> Vec<Effect> {
        let mut is_unfinished = false;
        match self.view {
            View::Fleet => self.fleet_view.cursor_mut().drawn(viewport.list),
            View::Stacks => {
                self.stacks.cursor_mut().drawn(viewport.list);
                self.stacks.column_mut().drawn(viewport.columns);
            }
            View::Lambda => self.lambda.drawn(viewport.list, viewport.columns),
            View::Alarms => self.alarms.cursor_mut().drawn(viewport.list),
            View::Operations => self.operations.cursor_mut().drawn(viewport.list),
            View::Accelerator => self.accelerator.cursor_mut().drawn(viewport.list),
            View::Logs => is_unfinished = self.logs.drawn(&viewport),
        }
        if let Some(detail) = &mut self.detail {
            detail.cursor_mut().drawn(viewport.detail);
        } else if let Some(chain) = self.chain_with_keys() {
            chain.cursor_mut().drawn(viewport.detail);
        } else if let Some(alarm) = self.alarm_with_keys() {
            alarm.cursor_mut().drawn(viewport.detail);
        } else if let Some(run) = self.run_with_keys() {
            run.scroll.drawn(viewport.detail);
        } else if let Some(function) = &mut self.function {
            function.drawn(viewport.detail);
        }
        if let Some(overlay) = self.overlays.last_mut() {
            overlay.drawn(viewport.overlay);
            if let (Overlay::Review(review), Reach::End) = (overlay, viewport.reach) {
                review.see_end();
            }
        }
        self.viewport = viewport;
        is_unfinished.then_some(Effect::Again).into_iter().collect()
    }

    /// Works every view out anew; cheap enough to do whenever anything was learnt.
    pub(super) fn settle(&mut self) {
        let scopes = self.choice.scopes(&self.fleet, &self.store);
        self.stacks.settle(&self.store, scopes, &self.fleet.version);
        self.settle_alarms();
        if let Some(detail) = &mut self.detail {
            detail.settle(&self.store);
        }
        self.settle_lambda();
        self.choose_accelerators();
        self.settle_accelerators();
        self.settle_logs();
        self.operations.settle();
    }

    /// How clients reach the regions, where that is on screen.
    fn settle_reach(&mut self) {
        if self.view == View::Fleet {
            let scopes = self.stacks.scopes();
            self.fleet_view.settle(&self.store, scopes, self.now);
        }
    }

    /// What shows alarms and the figures of whole regions, without the stacks.
    fn settle_alarms(&mut self) {
        let scopes = self.stacks.scopes();
        self.fleet_view.settle(&self.store, scopes, self.now);
        self.alarms.settle(&self.store, scopes);
    }

    /// Asks the engine for the present wishes, if they are not what was asked last.
    pub(super) fn ask_anew(&mut self) -> Option<Effect> {
        let wishes = wishes::wishes(self);
        if wishes == self.wishes {
            return None;
        }
        let detail = self.detail.as_ref();
        let kept: BTreeSet<(Scope, Topic)> = self
            .store
            .metrics_and_owners()
            .filter(|(scope, topic)| wishes::keeps(self, scope, topic))
            .cloned()
            .collect();
        self.store.forget_details(|scope, topic| {
            let is_wished = wishes
                .binary_search_by(|wish| (&wish.topic, &wish.scope).cmp(&(topic, scope)))
                .is_ok();
            let is_open =
                |detail: &&Detail| detail.scope == *scope && topic.stack() == Some(&detail.id);
            is_wished
                || kept.contains(&(scope.clone(), topic.clone()))
                || detail.as_ref().is_some_and(is_open)
        });
        for wish in &wishes {
            if let Topic::Template(id) = &wish.topic
                && self.wishes.binary_search(wish).is_err()
            {
                let now = self.edition(&wish.scope, id);
                self.editions.ask(&wish.scope, id, now);
            }
        }
        self.wishes.clone_from(&wishes);
        Some(Effect::Ask(Request::Watch(wishes)))
    }
}
