//! What a row or a link says, in words and roles: each is told from the data and from nothing else.

use crate::app::accelerator::Grade;
use crate::app::accelerator::wishes::{flows_scope, flows_topic};
use crate::config::Role;
use crate::domain::{
    Accelerator, AcceleratorArn, AccountName, Endpoint, EndpointGroup, GroupHealth, Health, Measure,
    Metrics, Slot, Store, Untrusted,
};
use crate::ui::look::Signs;
use crate::ui::status::Mark;
use chrono::TimeDelta;

/// A flow older than this says nothing of now.
const PRESENT: TimeDelta = TimeDelta::minutes(10);

pub(in crate::ui) fn mark_of_grade(grade: Grade, signs: &Signs) -> Mark {
    let (sign, role) = match grade {
        Grade::FailsOpen => (signs.failed, Role::Danger),
        Grade::Down => (signs.failed, Role::Error),
        Grade::Degraded => (signs.partial, Role::Warn),
        Grade::Empty => (signs.stopped, Role::Warn),
        Grade::Starting => (signs.moving, Role::Moving),
        Grade::Unknown => (signs.unknown, Role::Unknown),
        Grade::Well => (signs.ok, Role::Ok),
        Grade::Unchecked | Grade::Off => (signs.stopped, Role::Muted),
    };
    Mark { sign, role }
}

pub(super) fn mark_of_health(health: &Health, signs: &Signs) -> Mark {
    let (sign, role) = match health {
        Health::Unhealthy => (signs.failed, Role::Error),
        Health::Initial => (signs.moving, Role::Moving),
        Health::Other(_) => (signs.unknown, Role::Unknown),
        Health::Healthy => (signs.ok, Role::Ok),
        Health::Unchecked => (signs.stopped, Role::Muted),
    };
    Mark { sign, role }
}

/// `1 of 3 healthy`
pub(super) fn group_words(group: &EndpointGroup) -> String {
    let (healthy, all) = group.counts();
    match group.health() {
        GroupHealth::Empty => "no endpoint".to_owned(),
        GroupHealth::Unchecked => format!("{all} not checked"),
        GroupHealth::Starting
        | GroupHealth::Down
        | GroupHealth::Degraded
        | GroupHealth::Healthy => format!("{healthy} of {all} healthy"),
    }
}

/// Hundredths, without noughts behind the point.
pub(in crate::ui) fn percent(value: f64) -> String {
    let words = format!("{value:.1}");
    format!("{} %", words.trim_end_matches('0').trim_end_matches('.'))
}

/// `128 · 50 %`: the weight, and the share of the group that it comes to.
pub(super) fn weight_words(group: &EndpointGroup, endpoint: &Endpoint, signs: &Signs) -> String {
    let Some(weight) = endpoint.weight else {
        return String::new();
    };
    match group.share(endpoint) {
        Some(share) => format!("{weight} {} {}", signs.dot, percent(share)),
        None => format!("{weight} {} ?", signs.dot),
    }
}

/// What goes through an accelerator or one group of it.
pub(in crate::ui) fn flows<'s>(
    store: &'s Store,
    account: &AccountName,
    accelerator: &Accelerator,
    group: Option<(&AcceleratorArn, &Untrusted)>,
) -> Option<&'s Metrics> {
    let topic = flows_topic(&accelerator.arn, group);
    store.metrics(&flows_scope(account), &topic).and_then(Slot::value)
}

/// New flows a second in the newest minute that anything is known of, if that is the present.
pub(in crate::ui) fn flows_per_second(metrics: &Metrics, now: crate::domain::Timestamp) -> Option<f64> {
    let series = metrics.get(Measure::NewFlows)?;
    let (at, value) = series.latest()?;
    let seconds = f64::from(i32::try_from(series.period().num_seconds()).ok()?.max(1));
    (now - at < PRESENT).then_some(value / seconds)
}
