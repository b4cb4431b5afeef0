//! What the cursor has come to rest on: only that is asked about, for asking costs money.
//!
//! Going through a list asks for nothing on the way, and neither do the first rows of a list that is still coming in.

use super::Key;
use crate::app::viewport::Window;
use crate::domain::{AccountName, Timestamp, Untrusted};
use chrono::TimeDelta;

/// How long a cursor has to stay to be at rest.
const RESTED: TimeDelta = TimeDelta::seconds(1);
/// The same in ticks, for a clock that stands still.
const TICKS: u8 = 4;

/// Where the cursor rests.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest {
    /// What was selected last, and since when.
    seen: Option<(Key, Timestamp)>,
    /// For how many ticks.
    ticks: u8,
    /// What it rested on last, and which rows were on screen then.
    on: Option<(AccountName, Untrusted)>,
    window: Window,
}

impl Rest {
    /// The function that may be asked about.
    pub(super) fn on(&self) -> Option<&(AccountName, Untrusted)> {
        self.on.as_ref()
    }

    /// The rows that may be asked about.
    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// Takes note of what is selected.
    pub(super) fn look(&mut self, selected: Option<&Key>, now: Timestamp) {
        if self.seen.as_ref().map(|(key, _)| key) != selected {
            self.seen = selected.map(|key| (key.clone(), now));
            self.ticks = 0;
        }
    }

    pub(super) fn tick(&mut self, selected: Option<&Key>, window: Window, now: Timestamp) {
        self.look(selected, now);
        self.ticks = self.ticks.saturating_add(1);
        if let Some(((account, name, _), since)) = &self.seen
            && (now - *since >= RESTED || self.ticks > TICKS)
        {
            self.window = window;
            if self.on.as_ref() != Some(&(account.clone(), name.clone())) {
                self.on = Some((account.clone(), name.clone()));
            }
        }
    }

    /// Nothing is on screen until the cursor has come to rest again.
    pub(super) fn forget(&mut self) {
        self.seen = None;
        self.ticks = 0;
        self.window = Window::default();
    }

    /// Somebody went straight to a function: nothing lies on the way.
    pub(super) fn take(&mut self, account: &AccountName, name: &Untrusted) {
        self.on = Some((account.clone(), name.clone()));
    }
}
