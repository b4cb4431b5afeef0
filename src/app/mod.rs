//! State and update. No terminal, no clock, no I/O, no async.
//!
//! [`App::update`] is the only function that changes what the operator sees: an [`Event`] goes in, [`Effect`]s come
//! out; it stands in `update.rs`. Keys are routed from the top: overlay, detail, view, house. The keymap turns keys into commands; what a
//! command does stands in `act.rs`.

pub mod accelerator;
mod act;
pub mod alarms;
mod alert;
mod arrange;
pub mod choice;
mod copy;
pub mod cursor;
pub mod detail;
mod editions;
mod enabled;
pub mod event;
pub mod filter;
pub mod fleet;
mod hand;
pub mod input;
pub mod lambda;
pub mod link;
pub mod logs;
pub mod notice;
mod open;
pub mod operations;
pub mod overlay;
pub mod picker;
pub mod stacks;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod update;
pub mod viewport;
pub mod wishes;

pub use alert::Alert;
pub use enabled::enabled;
pub use event::{Effect, Event, Focus, Mouse};
pub use viewport::{Area, Reach, Target, Viewport, Window};

use crate::command::Context;
use crate::config::key::Key;
use crate::config::keymap::Keymap;
use crate::domain::{Bill, Failing, Fleet, Kind, Scope, Slot, Stack, Store, Timestamp, Untrusted};
use crate::engine::message::Wish;
use accelerator::AcceleratorView;
use alarms::{AlarmsView, Transitions};
use choice::{Choice, Nowhere};
use detail::Detail;
use editions::Editions;
use fleet::FleetView;
use lambda::LambdaView;
use lambda::detail::FunctionDetail;
use lambda::invoke::Calls;
use logs::Logs;
use notice::{About, Notices, Severity};
use operations::Operations;
use overlay::Overlay;
use stacks::Stacks;

/// A page of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum View {
    #[default]
    Fleet,
    Stacks,
    Lambda,
    Logs,
    Accelerator,
    Operations,
    Alarms,
}

impl View {
    pub const ALL: [Self; 7] = [
        Self::Fleet,
        Self::Stacks,
        Self::Lambda,
        Self::Logs,
        Self::Accelerator,
        Self::Operations,
        Self::Alarms,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Fleet => "Fleet",
            Self::Stacks => "Stacks",
            Self::Lambda => "Lambda",
            Self::Logs => "Logs",
            Self::Accelerator => "Accelerator",
            Self::Operations => "Operations",
            Self::Alarms => "Alarms",
        }
    }

    /// The same where there is little room.
    pub fn short_title(self) -> &'static str {
        match self {
            Self::Accelerator => "Accel",
            Self::Operations => "Ops",
            Self::Fleet | Self::Stacks | Self::Lambda | Self::Logs | Self::Alarms => self.title(),
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
    lambda: LambdaView,
    logs: Logs,
    accelerator: AcceleratorView,
    alarms: AlarmsView,
    operations: Operations,
    detail: Option<Detail>,
    /// The function that is open in the Lambda view.
    function: Option<FunctionDetail>,
    /// The details that led to the present one, a nested stack's parents; Esc goes back through them.
    behind: Vec<Detail>,
    /// Calls of functions that have not been answered.
    calls: Calls,
    overlays: Vec<Overlay>,
    notices: Notices,
    remarks: Vec<String>,
    /// Alarms that changed, of which nobody was told yet.
    transitions: Transitions,
    /// What metrics cost at present.
    bill: Bill,
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
            lambda: LambdaView::default(),
            logs: Logs::default(),
            accelerator: AcceleratorView::default(),
            alarms: AlarmsView::default(),
            operations: Operations::default(),
            detail: None,
            function: None,
            behind: Vec::new(),
            calls: Calls::default(),
            overlays: Vec::new(),
            notices: Notices::default(),
            remarks: Vec::new(),
            transitions: Transitions::default(),
            bill: Bill::default(),
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
        self.remarks.push(text.into());
        let words = match &self.remarks[..] {
            [only] => only.clone(),
            several => format!(
                "{} things in your files are not as they should be; see the problems.",
                several.len()
            ),
        };
        self.notices.withdraw(&About::Start);
        self.notices.stand(severity, About::Start, words);
    }

    /// What the files had to say at the start; stays when the notice of it is gone.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Says whether the operator lets us copy; without a word, we may.
    pub fn let_copy(&mut self, clipboard: Clipboard) {
        self.clipboard = clipboard;
    }

    /// Says how this machine's time is told from a moment; without a word, it is UTC.
    pub fn set_zone(&mut self, zone: logs::Zone) {
        self.logs.set_zone(zone);
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

    pub fn lambda(&self) -> &LambdaView {
        &self.lambda
    }

    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    pub fn accelerator(&self) -> &AcceleratorView {
        &self.accelerator
    }

    pub fn alarms(&self) -> &AlarmsView {
        &self.alarms
    }

    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()
    }

    /// The function that is open.
    pub fn function(&self) -> Option<&FunctionDetail> {
        self.function.as_ref()
    }

    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// What metrics cost at present.
    pub fn bill(&self) -> &Bill {
        &self.bill
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
            (
                Some(
                    Overlay::Palette(_)
                    | Overlay::Scope(_)
                    | Overlay::Filter { .. }
                    | Overlay::Groups(_)
                    | Overlay::Prompt(_)
                    | Overlay::Payload(_)
                    | Overlay::Plan(_)
                    | Overlay::Review(_)
                    | Overlay::Menu(_)
                    | Overlay::Asked(_)
                    | Overlay::Confirm(_),
                ),
                _,
                _,
            ) => &[Context::Picker],
            (
                Some(
                    Overlay::Help(_)
                    | Overlay::Problems(_)
                    | Overlay::Sources(_)
                    | Overlay::Brief(_)
                    | Overlay::Text { .. },
                ),
                _,
                _,
            ) => &[Context::List, Context::Global],
            (None, Some(_), _) => &[Context::Detail, Context::List, Context::Global],
            (None, None, View::Stacks) => &[Context::Stacks, Context::List, Context::Global],
            (None, None, View::Fleet) => &[Context::Fleet, Context::List, Context::Global],
            (None, None, View::Lambda) if self.function.is_some() => {
                &[Context::Function, Context::List, Context::Global]
            }
            (None, None, View::Lambda) => &[Context::Lambda, Context::List, Context::Global],
            (None, None, View::Logs) => &[Context::Logs, Context::List, Context::Global],
            (None, None, View::Accelerator) => {
                &[Context::Accelerator, Context::List, Context::Global]
            }
            (None, None, View::Operations) => {
                &[Context::Operations, Context::List, Context::Global]
            }
            (None, None, View::Alarms) => &[Context::Alarms, Context::List, Context::Global],
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
            View::Fleet
            | View::Lambda
            | View::Logs
            | View::Accelerator
            | View::Operations
            | View::Alarms => None,
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
            let regions = regions
                .filter(|failing| failing.problem.kind != Kind::Expired || identity.is_none());
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
        let others = self
            .stacks
            .scopes()
            .iter()
            .flat_map(|scope| self.problems_beside_stacks(scope));
        let accelerators = self.accelerator.problems(&self.store);
        let all = accounts.chain(regions).chain(others);
        all.chain(accelerators).collect()
    }

    /// What fails of a region's alarms and metrics, where that is not what ails its stacks too.
    fn problems_beside_stacks(&self, scope: &Scope) -> Vec<(Scope, &Failing)> {
        let of_stacks = self.store.stacks(scope).and_then(Slot::failing);
        let alarms = self.store.alarms(scope).and_then(Slot::failing);
        let metrics = self.store.metrics(scope, &wishes::totals_topic());
        let failing = [alarms, metrics.and_then(Slot::failing)];
        let is_news = |failing: &&Failing| {
            let kind = failing.problem.kind;
            // What ails the whole account is said with it, and a cap that is reached in a notice of its own.
            kind != Kind::Expired
                && kind != Kind::Capped
                && of_stacks.is_none_or(|other| other.problem.kind != kind)
        };
        let failing = failing.into_iter().flatten().filter(is_news);
        failing.map(|failing| (scope.clone(), failing)).collect()
    }
}
