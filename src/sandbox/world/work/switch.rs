//! Something that is on or off, and takes a while to become the other.
//!
//! Only the turns are kept. What may not stay off for ever turns itself on again, at a time that its last turn says.

use crate::sandbox::timeline::Millis;

/// Where a switch is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Phase {
    Starting,
    On,
    Stopping,
    Off,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Switch {
    /// When it was last turned, in milliseconds since the epoch, and whether on.
    turned: (i64, bool),
    takes: Millis,
    /// How long it stays off, where it does not stay off for ever.
    patience: Option<Millis>,
}

impl Switch {
    pub(super) fn found(
        is_on: bool,
        since: i64,
        takes: Millis,
        patience: Option<Millis>,
    ) -> Switch {
        Switch {
            turned: (since, is_on),
            takes,
            patience,
        }
    }

    /// When it turns itself on again, once it is off.
    pub(in crate::sandbox) fn restarts(&self) -> Option<i64> {
        let (at, is_on) = self.turned;
        let patience = self.patience.filter(|_| !is_on)?;
        Some(at + self.takes + patience)
    }

    pub(in crate::sandbox) fn phase(&self, now: i64) -> Phase {
        let (at, is_on) = match (self.turned, self.restarts()) {
            (_, Some(restarts)) if restarts <= now => (restarts, true),
            (turned, _) => turned,
        };
        match (is_on, now < at + self.takes) {
            (true, true) => Phase::Starting,
            (true, false) => Phase::On,
            (false, true) => Phase::Stopping,
            (false, false) => Phase::Off,
        }
    }

    /// When it was last turned by somebody.
    pub(in crate::sandbox) fn turned(&self) -> i64 {
        self.turned.0
    }

    /// Which way it was last turned by somebody.
    pub(in crate::sandbox) fn is_on(&self) -> bool {
        self.turned.1
    }

    pub(in crate::sandbox) fn turn(&mut self, is_on: bool, now: i64) {
        self.turned = (now, is_on);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_takes_a_while_and_what_must_not_stay_off_comes_back() {
        let mut switch = Switch::found(true, 0, 10, Some(100));
        assert_eq!(switch.phase(50), Phase::On);
        assert_eq!(switch.restarts(), None);
        switch.turn(false, 60);
        assert_eq!(
            (switch.phase(69), switch.phase(70)),
            (Phase::Stopping, Phase::Off)
        );
        assert_eq!(switch.restarts(), Some(170));
        let later = [169, 170, 179, 180].map(|at| switch.phase(at));
        assert_eq!(
            later,
            [Phase::Off, Phase::Starting, Phase::Starting, Phase::On]
        );
        let mut patient = Switch::found(false, 0, 10, None);
        assert_eq!(patient.phase(1_000_000), Phase::Off);
        patient.turn(true, 1_000_000);
        assert_eq!(patient.phase(1_000_005), Phase::Starting);
    }
}
