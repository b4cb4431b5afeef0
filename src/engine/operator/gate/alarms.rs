//! Alarms that have to stay quiet: one that is missing, not OK, or has changed since the bake began fails it.

use super::{Glance, unknown};
use crate::domain::operation::AlarmName;
use crate::domain::{Alarm, AlarmState, Reading, Scope, Timestamp, Topic};
use crate::engine::governor::Service;
use crate::engine::operator::hands::CloudHands;
use std::collections::BTreeMap;

pub(super) async fn quiet(hands: &CloudHands, names: &[AlarmName], since: Timestamp) -> Glance {
    let mut places: BTreeMap<&Scope, Vec<&AlarmName>> = BTreeMap::new();
    for name in names {
        places.entry(&name.scope).or_default().push(name);
    }
    for (scope, names) in places {
        let read = hands.shop.cloud.read(&Topic::Alarms, scope);
        let alarms = match hands.ask(Service::Alarms, scope, read).await {
            Ok(Reading::Alarms(alarms)) => alarms,
            Ok(_) => return Glance::NotYet(format!("The alarms of {scope} are not known.")),
            Err(problem) => return unknown(problem),
        };
        if let Some(why) = names
            .into_iter()
            .find_map(|name| loud(name, &alarms, since))
        {
            return Glance::Bad(why);
        }
    }
    Glance::Well
}

/// Why an alarm is not quiet, as a sentence.
fn loud(name: &AlarmName, alarms: &[Alarm], since: Timestamp) -> Option<String> {
    let (shown, scope) = (name.name.safe(), &name.scope);
    let Some(alarm) = alarms.iter().find(|alarm| alarm.name == name.name) else {
        return Some(format!("The alarm {shown} does not exist in {scope}."));
    };
    if alarm.state != AlarmState::Ok {
        return Some(format!(
            "The alarm {shown} in {scope} is {}.",
            alarm.state.word()
        ));
    }
    let changed = alarm.since.filter(|at| *at > since)?;
    let at = changed.format("%H:%M:%S");
    Some(format!(
        "The alarm {shown} in {scope} changed at {at} UTC, while it was watched."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alarm::{Actions, AlarmKind};
    use crate::domain::{AccountName, Region};

    #[test]
    fn only_an_alarm_that_was_ok_all_the_time_is_quiet() {
        let at = |second: i64| Timestamp::from_timestamp(1_795_000_000 + second, 0).unwrap();
        let name = AlarmName {
            scope: Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1")),
            name: "errors".into(),
        };
        let alarm = |state, since| Alarm {
            name: "errors".into(),
            arn: "arn".into(),
            description: None,
            state,
            reason: None,
            since,
            kind: AlarmKind::Expression("e".into()),
            actions: Actions::Enabled,
        };
        let judged = |alarms: &[Alarm]| loud(&name, alarms, at(10));
        assert_eq!(judged(&[alarm(AlarmState::Ok, Some(at(9)))]), None);
        for (alarms, words) in [
            (vec![], "does not exist"),
            (vec![alarm(AlarmState::Alarm, Some(at(1)))], "is ALARM"),
            (
                vec![alarm(AlarmState::InsufficientData, None)],
                "is INSUFFICIENT_DATA",
            ),
            (vec![alarm(AlarmState::Ok, Some(at(11)))], "changed at"),
        ] {
            let why = judged(&alarms).unwrap();
            assert!(why.contains(words), "{why}");
        }
    }
}
