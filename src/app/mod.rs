//! State and update. No terminal, no clock, no I/O, no async.
//!
//! [`App::update`] is the only function that changes what the operator sees: an [`Event`] goes in, [`Effect`]s come
//! out. Keys are routed from the top: overlay, detail, view, house. The keymap turns keys into commands; what a
//! command does stands in `act.rs`.

mod act;
pub mod choice;
pub mod cursor;
pub mod detail;
mod editions;
pub mod event;
pub mod filter;
pub mod fleet;
mod hand;
pub mod input;
pub mod link;
pub mod notice;
pub mod overlay;
pub mod picker;
pub mod stacks;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod viewport;
pub mod wishes;

pub use act::enabled;
pub use event::{Effect, Event, Focus, Mouse};
pub use viewport::{Area, Target, Viewport, Window};

use crate::command::{Command, Context};
use crate::config::key::Key;
use crate::config::keymap::{Keymap, Resolution};
use crate::domain::time::words;
use crate::domain::{
    Failing, Fleet, Kind, Scope, Slot, Stack, StackId, Store, Timestamp, Topic, Untrusted,
};
use crate::engine::message::{Request, Update, Wish};
use choice::{Choice, Nowhere};
use detail::Detail;
use editions::{Edition, Editions, edition};
use fleet::FleetView;
use notice::{About, Notices, Severity};
use overlay::Overlay;
use stacks::Stacks;
use std::collections::BTreeSet;

/// A page of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum View {
    #[default]
    Fleet,
    Stacks,
}

impl View {
    pub const ALL: [Self; 2] = [Self::Fleet, Self::Stacks];

    pub fn title(self) -> &'static str {
        match self {
            Self::Fleet => "Fleet",
            Self::Stacks => "Stacks",
        }
    }
}

/// Whether texts may be put on the terminal's clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Clipboard {
    #[default]
    On,
    Off,
}

/// Everything that the screen is a picture of.
#[derive(Debug)]
pub struct App {
    fleet: Fleet,
    keymap: Keymap,
    store: Store,
    now: Timestamp,
    choice: Choice,
    view: View,
    fleet_view: FleetView,
    stacks: Stacks,
    detail: Option<Detail>,
    overlays: Vec<Overlay>,
    notices: Notices,
    /// Keys of a sequence that is not complete.
    pending: Vec<Key>,
    viewport: Viewport,
    /// What the engine was asked for last.
    wishes: Vec<Wish>,
    editions: Editions,
    last_key: Timestamp,
    focus: Focus,
    clipboard: Clipboard,
}

impl App {
    /// A screen that knows nothing yet; `now` is the clock's first word.
    pub fn new(fleet: Fleet, keymap: Keymap, now: Timestamp) -> Self {
        let mut app = Self {
            fleet,
            keymap,
            store: Store::default(),
            now,
            choice: Choice::default(),
            view: View::default(),
            fleet_view: FleetView::default(),
            stacks: Stacks::default(),
            detail: None,
            overlays: Vec::new(),
            notices: Notices::default(),
            pending: Vec::new(),
            viewport: Viewport::default(),
            wishes: Vec::new(),
            editions: Editions::default(),
            last_key: now,
            focus: Focus::Gained,
            clipboard: Clipboard::default(),
        };
        app.settle();
        app
    }

    /// Says what the files had to say at the start.
    pub fn warn(&mut self, severity: Severity, text: impl Into<String>) {
        self.notices.stand(severity, About::Start, text);
    }

    /// Says whether the operator lets us copy; without a word, we may.
    pub fn let_copy(&mut self, clipboard: Clipboard) {
        self.clipboard = clipboard;
    }

    /// The first wishes, before anything has happened.
    pub fn start(&mut self) -> Vec<Effect> {
        self.ask_anew().into_iter().collect()
    }

    /// Takes one event in. The only way anything here changes.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
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
                Vec::new()
            }
            Event::Engine(update) => {
                self.learn(update);
                Vec::new()
            }
            Event::Drawn(viewport) => {
                self.drawn(viewport);
                Vec::new()
            }
        };
        effects.extend(self.ask_anew());
        effects
    }

    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Why there is no region to look at; `None` where there is one.
    pub fn nowhere(&self) -> Option<Nowhere> {
        let is_empty = self.stacks.scopes().is_empty();
        is_empty.then(|| self.choice.nowhere(&self.fleet, &self.store))
    }

    pub fn view(&self) -> View {
        self.view
    }

    pub fn fleet_view(&self) -> &FleetView {
        &self.fleet_view
    }

    pub fn stacks(&self) -> &Stacks {
        &self.stacks
    }

    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()
    }

    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    pub fn pending(&self) -> &[Key] {
        &self.pending
    }

    pub fn viewport(&self) -> &Viewport {
        &self.viewport
    }

    /// Whether somebody is likely to be looking.
    pub fn is_watched(&self) -> bool {
        self.focus == Focus::Gained && self.now - self.last_key < wishes::IDLE
    }

    /// Where keys are looked up, innermost first: derived from what is open, never stored.
    pub fn contexts(&self) -> &'static [Context] {
        match (self.overlays.last(), &self.detail, self.view) {
            (Some(Overlay::Palette(_) | Overlay::Scope(_) | Overlay::Filter { .. }), _, _) => {
                &[Context::Picker]
            }
            (Some(Overlay::Help(_) | Overlay::Problems(_) | Overlay::Text { .. }), _, _) => {
                &[Context::List, Context::Global]
            }
            (None, Some(_), _) => &[Context::Detail, Context::List, Context::Global],
            (None, None, View::Stacks) => &[Context::Stacks, Context::List, Context::Global],
            (None, None, View::Fleet) => &[Context::Fleet, Context::List, Context::Global],
        }
    }

    /// The stack that a key would act on, and where it stands.
    pub fn selected_stack(&self) -> Option<(&Scope, &Stack)> {
        if let Some(detail) = &self.detail {
            return detail
                .stack(&self.store)
                .map(|stack| (&detail.scope, stack));
        }
        match self.view {
            View::Stacks => {
                let cell = self.stacks.selected()?;
                let scope = self.stacks.scopes().get(cell.place.scope)?;
                Some((scope, self.stacks.stack(&self.store, cell.place)?))
            }
            View::Fleet => None,
        }
    }

    /// The name that a key would act on; a row of the matrix has one whether or not the stack stands in the column.
    pub fn selected_name(&self) -> Option<&Untrusted> {
        match (&self.detail, self.view) {
            (None, View::Stacks) => self.stacks.selected_name(),
            _ => self.selected_stack().map(|(_, stack)| &stack.name),
        }
    }

    /// Everything that fails now: where, and how.
    pub fn problems(&self) -> Vec<(Scope, &Failing)> {
        let accounts = self.fleet.accounts.iter().flat_map(|account| {
            let identity = self.store.identity(&account.name).and_then(Slot::failing);
            let regions = self.store.regions(&account.name).and_then(Slot::failing);
            [identity, regions]
                .into_iter()
                .flatten()
                .map(|failing| (Scope::global(&account.name), failing))
        });
        // Regions that turned out not to be enabled have no row; here they say why.
        let hidden = self.fleet.accounts.iter().flat_map(|account| {
            let regions = self.store.regions_of(account).into_iter();
            regions
                .map(|region| Scope::regional(&account.name, &region))
                .filter(|scope| self.store.is_not_enabled(scope))
        });
        let regions = self
            .stacks
            .scopes()
            .iter()
            .cloned()
            .chain(hidden)
            .filter_map(|scope| {
                let failing = self.store.stacks(&scope)?.failing()?;
                // What ails the whole account is said once, with the account.
                (failing.problem.kind != Kind::Expired).then_some((scope, failing))
            });
        accounts.chain(regions).collect()
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
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
                    self.type_into_overlay(&key);
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
                let is_answer = attempt.result.is_ok();
                self.store.absorb(attempt);
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
                    | Topic::Drift(_) => {}
                }
                self.settle();
            }
            Update::Slept(span) => {
                let slept = format!(
                    "The machine slept for {}; asking every region again.",
                    words(span)
                );
                self.notices.answer(self.now, Severity::Info, slept);
            }
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

    fn drawn(&mut self, viewport: Viewport) {
        match self.view {
            View::Fleet => self.fleet_view.cursor_mut().drawn(viewport.list),
            View::Stacks => {
                self.stacks.cursor_mut().drawn(viewport.list);
                self.stacks.column_mut().drawn(viewport.columns);
            }
        }
        if let Some(detail) = &mut self.detail {
            detail.cursor_mut().drawn(viewport.detail);
        }
        if let Some(overlay) = self.overlays.last_mut() {
            overlay.drawn(viewport.overlay);
        }
        self.viewport = viewport;
    }

    /// Works every view out anew; cheap enough to do whenever anything was learnt.
    fn settle(&mut self) {
        let scopes = self.choice.scopes(&self.fleet, &self.store);
        self.fleet_view.settle(&self.store, &scopes);
        self.stacks.settle(&self.store, scopes, &self.fleet.version);
        if let Some(detail) = &mut self.detail {
            detail.settle(&self.store);
        }
    }

    /// Asks the engine for the present wishes, if they are not what was asked last.
    fn ask_anew(&mut self) -> Option<Effect> {
        let wishes = wishes::wishes(self);
        if wishes == self.wishes {
            return None;
        }
        let detail = self.detail.as_ref();
        self.store.forget_details(|scope, topic| {
            detail.is_some_and(|detail| detail.scope == *scope && topic.stack() == Some(&detail.id))
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
