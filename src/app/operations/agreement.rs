//! Agreeing to a plan: a key, or a text that is typed, and neither unread.
//!
//! A plan is agreed to after it has stood for two ticks of the clock: a key that is held, or pressed twice, comes
//! sooner. A paste never agrees.

use crate::app::input::Input;
use crate::config::key::Key;
use crate::domain::operation::Consent;

/// Ticks of the clock that a plan has to stand before it can be accepted: half a second at most.
const TICKS: u8 = 2;

/// What it takes to agree, and how far that has come.
#[derive(Clone, Debug)]
pub struct Agreement {
    pub asked: Consent,
    /// What has been typed.
    pub input: Input,
    /// What is missing, as a sentence.
    pub complaint: Option<String>,
    /// For how many ticks the plan has stood.
    stood: u8,
}

impl Agreement {
    pub fn new(asked: Consent) -> Self {
        Self {
            asked,
            input: Input::default(),
            complaint: None,
            stood: 0,
        }
    }

    /// Whether letters are text.
    pub fn takes_text(&self) -> bool {
        match self.asked {
            Consent::Key => false,
            Consent::Typed(_) => true,
        }
    }

    /// Time went on.
    pub(in crate::app) fn tick(&mut self) {
        self.stood = self.stood.saturating_add(1);
    }

    /// It has to be read anew.
    pub(in crate::app) fn start_over(&mut self) {
        self.stood = 0;
    }

    pub(in crate::app) fn complain(&mut self, words: &str) {
        self.complaint = Some(words.to_owned());
    }

    pub(in crate::app) fn refuse_paste(&mut self) {
        self.complain("A paste does not consent: type it.");
    }

    pub(in crate::app) fn key(&mut self, key: &Key) {
        if self.takes_text() {
            self.input.key(key);
        }
        self.complaint = None;
    }

    /// Whether somebody has agreed; otherwise says what is missing.
    pub(in crate::app) fn is_given(&mut self) -> bool {
        let is_unread = self.stood < TICKS;
        // A key that is held comes again before the next tick.
        self.stood = 0;
        if is_unread {
            self.complain("Read it first, then press Enter.");
            return false;
        }
        match &self.asked {
            Consent::Typed(text) if self.input.text().trim() != text => {
                self.stood = TICKS;
                self.complain("That is not it.");
                false
            }
            Consent::Key | Consent::Typed(_) => {
                self.complaint = None;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stood(asked: Consent, ticks: u8) -> Agreement {
        let mut agreement = Agreement::new(asked);
        (0..ticks).for_each(|_| agreement.tick());
        agreement
    }

    #[test]
    fn a_key_agrees_once_it_could_be_read() {
        for (ticks, is_given) in [(0, false), (1, false), (2, true)] {
            assert_eq!(stood(Consent::Key, ticks).is_given(), is_given, "{ticks}");
        }
        let mut held = stood(Consent::Key, 1);
        // Each press that comes too early starts the waiting anew.
        for _ in 0..5 {
            assert!(!held.is_given());
            held.tick();
        }
    }

    #[test]
    fn what_is_typed_has_to_be_the_text() {
        let mut agreement = stood(Consent::Typed("api eu".to_owned()), 2);
        assert!(!agreement.is_given());
        for key in ["a", "p", "i", "space", "e", "u"] {
            agreement.key(&key.parse().unwrap());
        }
        assert!(agreement.is_given());
        agreement.tick();
        agreement.tick();
        agreement.key(&"x".parse().unwrap());
        assert!(!agreement.is_given());
    }
}
