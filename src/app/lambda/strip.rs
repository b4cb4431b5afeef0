//! The small multiples: how one function, or everything of an account, does in each region, one row for each.

use super::facts::Pointing;
use super::row::{Cell, Ground, Health, Row};
use crate::app::stacks::Skew;
use crate::domain::outlier::{ERROR_RATE, P99, outliers};
use crate::domain::{AccountName, Grain, Subject, Topic, Vitals};

/// One region.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Index into [`LambdaView::scopes`](super::LambdaView::scopes).
    pub scope: usize,
    pub alias: Pointing,
    pub alias_skew: Skew,
    /// `None` while nobody has answered.
    pub vitals: Option<Vitals>,
    pub rate_stands_out: bool,
    pub p99_stands_out: bool,
    pub alarms: usize,
    pub health: Health,
}

/// What the small multiples are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shown {
    /// The selected function.
    #[default]
    Function,
    /// Every function of the account, as one.
    Account,
}

/// The regions in which a function stands, worst first.
pub(super) fn of_function(ground: &Ground<'_>, row: &Row) -> Vec<Strip> {
    let topic = Topic::Metrics(Subject::Function(row.name.clone()), Grain::MINUTE);
    let strip = |cell: &Cell| Strip {
        scope: cell.place.scope,
        alias: cell.alias.clone(),
        alias_skew: cell.alias_skew,
        vitals: vitals(ground, cell.place.scope, &topic),
        rate_stands_out: false,
        p99_stands_out: false,
        alarms: cell.alarms,
        health: cell.health,
    };
    ranked(row.cells.iter().flatten().map(strip).collect())
}

/// The regions of an account, worst first.
pub(super) fn of_account(ground: &Ground<'_>, account: &AccountName) -> Vec<Strip> {
    let topic = Topic::Metrics(Subject::Lambda, Grain::MINUTE);
    let scopes = ground.scopes.iter().enumerate();
    let strips = scopes.filter(|(_, scope)| scope.account == *account);
    let strip = |(index, scope)| Strip {
        scope: index,
        alias: Pointing::Unread,
        alias_skew: Skew::None,
        vitals: vitals(ground, index, &topic),
        rate_stands_out: false,
        p99_stands_out: false,
        alarms: ground.alarms(scope).values().sum(),
        health: Health::Unknown,
    };
    ranked(strips.map(strip).collect())
}

fn vitals(ground: &Ground<'_>, scope: usize, topic: &Topic) -> Option<Vitals> {
    let slot = ground.store.metrics(ground.scopes.get(scope)?, topic)?;
    Some(Vitals::of(slot.value()?, slot.good().map(|good| good.at)?))
}

/// Sets the regions against each other, and puts the worst first; equals stay as they stand in the fleet.
fn ranked(mut strips: Vec<Strip>) -> Vec<Strip> {
    let figures = |of: fn(&Vitals) -> Option<f64>| {
        let figures = strips.iter().map(|strip| of(&strip.vitals?));
        figures.collect::<Vec<_>>()
    };
    let rates = outliers(&figures(|vitals| vitals.rate), ERROR_RATE);
    let slow = outliers(&figures(|vitals| vitals.p99), P99);
    for (strip, (rate, p99)) in strips.iter_mut().zip(rates.into_iter().zip(slow)) {
        let rate = rate && strip.vitals.is_some_and(|vitals| vitals.fails_repeatedly());
        (strip.rate_stands_out, strip.p99_stands_out) = (rate, p99);
        let is_failing = strip.vitals.is_some_and(|vitals| vitals.is_failing());
        let judged = match strip.vitals {
            _ if strip.alarms > 0 => Health::Alarm,
            _ if rate || is_failing => Health::Errors,
            // What the row knows has to do.
            None => strip.health,
            vitals => Health::by_figures(vitals),
        };
        strip.health = match strip.health {
            Health::Broken | Health::Skewed => strip.health.min(judged),
            Health::Alarm | Health::Errors | Health::Unknown | Health::Quiet | Health::Well => {
                judged
            }
        };
    }
    strips.sort_by(|a, b| {
        let rate = |strip: &Strip| strip.vitals.and_then(|vitals| vitals.rate).unwrap_or(0.0);
        let graver = a.health.trouble().cmp(&b.health.trouble());
        let is_trouble = a.health.is_trouble() && b.health.is_trouble();
        let worse = if is_trouble {
            rate(b).total_cmp(&rate(a))
        } else {
            std::cmp::Ordering::Equal
        };
        graver
            .then(worse)
            .then((!a.p99_stands_out).cmp(&!b.p99_stands_out))
    });
    strips
}

impl Strip {
    /// What is asked for to draw it.
    pub fn topic(shown: Shown, function: &crate::domain::Untrusted) -> Topic {
        let subject = match shown {
            Shown::Function => Subject::Function(function.clone()),
            Shown::Account => Subject::Lambda,
        };
        Topic::Metrics(subject, Grain::MINUTE)
    }
}
