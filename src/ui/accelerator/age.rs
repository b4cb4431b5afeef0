//! How far what is shown of an accelerator can be believed: a control plane that fails makes it old, never ill.

use crate::app::App;
use crate::app::accelerator::{listeners_slot, wishes};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::{Accelerator, AccountName, Slot};
use crate::ui::look::Look;
use crate::ui::pulse::Pulse;
use chrono::TimeDelta;

/// The age of everything an account has.
pub(in crate::ui) struct Age {
    /// Of the oldest answer.
    pub(in crate::ui) known: Option<TimeDelta>,
    pub(in crate::ui) is_failing: bool,
    pub(in crate::ui) is_stale: bool,
}

impl Age {
    pub(in crate::ui) fn role(&self) -> Role {
        match (self.is_failing, self.is_stale) {
            (true, _) => Role::Error,
            (false, true) => Role::Stale,
            (false, false) => Role::Muted,
        }
    }
}

/// Of the list of accelerators of an account.
pub(super) fn of_list<'a>(app: &'a App, account: &AccountName) -> Pulse<'a> {
    let period = wishes::accelerators_cadence(app, account).period();
    Pulse::of(app.store().accelerators(account), app.now(), period)
}

/// Of what hangs on one accelerator.
pub(super) fn of_accelerator<'a>(
    app: &'a App,
    account: &AccountName,
    accelerator: &Accelerator,
) -> Pulse<'a> {
    let slot = listeners_slot(app.store(), account, accelerator);
    let period = wishes::listeners_cadence(app, accelerator).period();
    Pulse::of(slot, app.now(), period)
}

/// Of the health of all that an account has; where it has nothing, of that.
pub(in crate::ui) fn of_account(app: &App, account: &AccountName) -> Age {
    let list = of_list(app, account);
    let mut age = Age {
        known: None,
        is_failing: matches!(list, Pulse::Failing { .. }),
        is_stale: false,
    };
    let known = app.store().accelerators(account).and_then(Slot::value);
    for accelerator in known.unwrap_or_default() {
        let pulse = of_accelerator(app, account, accelerator);
        age.is_failing |= matches!(pulse, Pulse::Failing { .. });
        if wishes::is_judged(accelerator) {
            age.is_stale |= matches!(pulse, Pulse::Stale(_));
            age.known = age.known.max(pulse.age());
        }
    }
    age.known = age.known.or(list.age());
    age
}

/// `control plane timed out · last known 43s ago`: why it is not live, in words.
pub(super) fn words(pulse: Pulse<'_>, look: &Look) -> Option<String> {
    let dot = look.signs().dot;
    let last = pulse.age().map_or_else(
        || format!(" {dot} never known"),
        |age| format!(" {dot} last known {} ago", short(age)),
    );
    match pulse {
        Pulse::Fresh(_) => None,
        Pulse::Unseen => Some("asking Global Accelerator".to_owned()),
        Pulse::Stale(_) => Some(format!("overdue{last}")),
        Pulse::Failing { failing, .. } => {
            Some(format!("control plane {}{last}", failing.problem.brief()))
        }
    }
}
