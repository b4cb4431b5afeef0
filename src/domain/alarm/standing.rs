//! How much an alarm needs attention: its state as AWS tells it, and whether that state says anything.

use super::{Alarm, AlarmState, Sight};
use crate::domain::{Scope, Slot, Store};

/// Gravest first. *Unknown is never shown as healthy*: `OK` of an alarm that sees nothing is not [`Standing::Ok`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    InAlarm,
    Insufficient,
    /// AWS says that it is in order, but its metric has had no point for hours.
    Blind,
    /// AWS says that it is in order, which it may say because nothing arrives, and nobody has looked at the metric yet.
    Unproven,
    /// A state that AWS has and we do not know.
    Other,
    Ok,
}

/// How many alarms stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub in_alarm: usize,
    pub insufficient: usize,
    pub blind: usize,
    pub unproven: usize,
    pub other: usize,
    pub ok: usize,
}

impl Standing {
    pub fn of(alarm: &Alarm, sight: Sight) -> Self {
        match (&alarm.state, sight) {
            (AlarmState::Alarm, _) => Self::InAlarm,
            (AlarmState::InsufficientData, _) => Self::Insufficient,
            (AlarmState::Ok | AlarmState::Other(_), Sight::Blind) => Self::Blind,
            (AlarmState::Other(_), Sight::Clear | Sight::Unknown) => Self::Other,
            (AlarmState::Ok, Sight::Unknown) => Self::Unproven,
            (AlarmState::Ok, Sight::Clear) => Self::Ok,
        }
    }

    /// By what is known of the alarm's metric. Only an alarm that [may be blind](Alarm::may_be_blind) has
    /// to prove that it sees: to look at every metric would cost money.
    pub fn in_store(store: &Store, scope: &Scope, alarm: &Alarm) -> Self {
        Self::of(alarm, sight(store, scope, alarm))
    }

    pub fn is_in_order(self) -> bool {
        match self {
            Self::Ok => true,
            Self::InAlarm | Self::Insufficient | Self::Blind | Self::Unproven | Self::Other => {
                false
            }
        }
    }
}

/// Whether an alarm sees what it watches, as far as anybody has looked.
pub fn sight(store: &Store, scope: &Scope, alarm: &Alarm) -> Sight {
    let measured = alarm
        .sight_topic()
        .and_then(|topic| store.metrics(scope, &topic)?.value());
    match alarm.sight(measured) {
        Sight::Unknown if !alarm.may_be_blind() => Sight::Clear,
        sight => sight,
    }
}

impl Tally {
    /// Of the alarms of a scope; `None` while they have never been read.
    pub fn of(store: &Store, scope: &Scope) -> Option<Self> {
        let alarms = store.alarms(scope).and_then(Slot::value)?;
        let mut tally = Self::default();
        for alarm in alarms {
            tally.add(Standing::in_store(store, scope, alarm));
        }
        Some(tally)
    }

    pub fn add(&mut self, standing: Standing) {
        let count = match standing {
            Standing::InAlarm => &mut self.in_alarm,
            Standing::Insufficient => &mut self.insufficient,
            Standing::Blind => &mut self.blind,
            Standing::Unproven => &mut self.unproven,
            Standing::Other => &mut self.other,
            Standing::Ok => &mut self.ok,
        };
        *count += 1;
    }

    pub fn total(self) -> usize {
        self.in_alarm + self.insufficient + self.blind + self.unproven + self.other + self.ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alarm::tests::watching;

    #[test]
    fn ok_of_an_alarm_that_sees_nothing_is_not_in_order() {
        for (state, sight, standing) in [
            ("ALARM", Sight::Blind, Standing::InAlarm),
            ("INSUFFICIENT_DATA", Sight::Blind, Standing::Insufficient),
            ("OK", Sight::Blind, Standing::Blind),
            ("OK", Sight::Unknown, Standing::Unproven),
            ("OK", Sight::Clear, Standing::Ok),
            ("NEW", Sight::Clear, Standing::Other),
            ("NEW", Sight::Blind, Standing::Blind),
        ] {
            let alarm = Alarm {
                state: AlarmState::parse(state),
                ..watching(60)
            };
            let found = Standing::of(&alarm, sight);
            assert_eq!(found, standing, "{state} {sight:?}");
            assert_eq!(found.is_in_order(), standing == Standing::Ok);
        }
    }
}
