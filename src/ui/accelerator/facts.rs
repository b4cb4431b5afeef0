//! What a row or a link says, in words and roles: each is told from the data and from nothing else.

use crate::app::App;
use crate::app::accelerator::{Grade, attachment, grouped, id_of};
use crate::config::Role;
use crate::domain::time::{short, words};
use crate::domain::untrusted::sanitise;
use crate::domain::{
    AccountName, Endpoint, EndpointGroup, GroupHealth, Health, Scope, Sighting, Since, Timestamp,
    Untrusted,
};
use crate::ui::look::Signs;
use crate::ui::status::Mark;

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
pub(in crate::ui) fn group_words(group: &EndpointGroup) -> String {
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

/// What was seen of an endpoint since the program began.
pub(super) fn past<'s>(
    app: &'s App,
    account: &AccountName,
    group: &EndpointGroup,
    endpoint: &Endpoint,
) -> Option<Past<'s>> {
    let scope = Scope::global(account);
    let sighting = app.store().sighting(&scope, &group.arn, &endpoint.id)?;
    Some(Past { sighting })
}

/// Since when an endpoint is as it is, and how often that changed.
#[derive(Clone, Copy)]
pub(super) struct Past<'s> {
    sighting: &'s Sighting,
}

impl Past<'_> {
    /// `2m`, or `>2m` where it was so before anybody looked; none where it was never otherwise.
    pub(super) fn age_words(self, now: Timestamp) -> Option<String> {
        match self.sighting.since {
            Since::Seen(at) => Some(short(now - at)),
            Since::AtLeast(at) => match self.sighting.health {
                Health::Healthy | Health::Unchecked => None,
                Health::Unhealthy | Health::Initial | Health::Other(_) => {
                    Some(format!(">{}", short(now - at)))
                }
            },
        }
    }

    /// `3 times, 2m ago`
    pub(super) fn changes_words(self, now: Timestamp) -> Option<String> {
        let last = self.sighting.turns().next_back()?;
        let times = self.sighting.changes;
        Some(format!("{times}, {} ago", short(now - last.at)))
    }

    /// All of it, as a sentence has it.
    pub(super) fn words(self, now: Timestamp) -> String {
        let since = match self.sighting.since {
            Since::Seen(at) => format!("for {}", words(now - at)),
            Since::AtLeast(at) => format!("for at least {}", words(now - at)),
        };
        let changes = match self.sighting.changes {
            0 => "no change seen".to_owned(),
            1 => "1 change seen".to_owned(),
            changes => format!("{changes} changes seen"),
        };
        format!("{since}, {changes}")
    }
}

/// `account 2109-8765-4321 by staging-checkout`, of an endpoint that is not of the accelerator's account.
pub(super) fn foreign(app: &App, account: &AccountName, endpoint: &Endpoint) -> Option<String> {
    let digits = Untrusted::new(endpoint.account()?);
    let own = id_of(app.store(), account)?;
    if *own == digits {
        return None;
    }
    let accounts = app.fleet().accounts.iter();
    let named = accounts
        .map(|account| &account.name)
        .find(|name| id_of(app.store(), name) == Some(&digits));
    let of = named.map_or_else(
        || format!("account {}", grouped(&digits)),
        |name| format!("of {}", sanitise(name.as_str())),
    );
    let by = attachment(app.store(), &endpoint.id)
        .map_or_else(String::new, |it| format!(" by {}", it.name.safe()));
    Some(format!("{of}{by}"))
}
