//! What a key would act on: stacks, functions and groups as wishes, from whatever is selected.

use crate::app::accelerator::{self, Spot};
use crate::app::{App, View};
use crate::domain::operation::{GroupWish, OperationId, StackWish};
use crate::domain::{AccountName, AlarmState, EndpointGroup, Phase, Scope, Slot, Stack, Untrusted};

/// A stack that is meant, and the others of its name.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    pub here: StackWish,
    /// All of them, the one that is meant too.
    pub everywhere: Vec<StackWish>,
}

fn wish(scope: &Scope, stack: &Stack) -> StackWish {
    StackWish {
        scope: scope.clone(),
        name: stack.name.clone(),
        id: Some(stack.id.clone()),
    }
}

impl App {
    /// The selected stack, where it stands, and the same name in every region that is looked at.
    pub(super) fn aimed_stack(&self) -> Option<Aim> {
        let (scope, stack) = self.selected_stack()?;
        Some(self.aim(scope, stack))
    }

    pub(super) fn aim(&self, scope: &Scope, stack: &Stack) -> Aim {
        let scopes = self.stacks.scopes().iter();
        let same = scopes.filter(|other| other.account == scope.account);
        let everywhere = same.filter_map(|other| {
            let known = self.store.stacks(other).and_then(Slot::value)?;
            let twin = known
                .iter()
                .find(|it| it.name == stack.name && it.parent.is_none());
            twin.map(|twin| wish(other, twin))
        });
        Aim {
            here: wish(scope, stack),
            everywhere: everywhere.collect(),
        }
    }

    /// The stacks of a region that an operator would roll back, the most troubled first; where none is, those that
    /// changed last.
    pub(super) fn stacks_to_roll_back(&self, scope: &Scope) -> Vec<&Stack> {
        let known = self.store.stacks(scope).and_then(Slot::value);
        let known = known.unwrap_or_default().iter();
        let mut roots: Vec<&Stack> = known.filter(|stack| stack.parent.is_none()).collect();
        roots.sort_by_key(|stack| std::cmp::Reverse(stack.touched()));
        let (mut first, rest): (Vec<&Stack>, Vec<&Stack>) = roots
            .into_iter()
            .partition(|stack| stack.status.phase() < Phase::Moving);
        first.extend(rest);
        first
    }

    /// The regions in which the selected function stands, the selected one first.
    pub(super) fn aimed_function(&self) -> Option<(Untrusted, Vec<Scope>)> {
        let (scope, function) = self.selected_function()?;
        let mut scopes = vec![scope.clone()];
        scopes.extend(self.function_elsewhere(scope, &function.name));
        Some((function.name.clone(), scopes))
    }

    fn function_elsewhere(&self, scope: &Scope, name: &Untrusted) -> Vec<Scope> {
        let others = self.stacks.scopes().iter();
        let others = others.filter(|other| other.account == scope.account && *other != scope);
        let stands = |other: &&Scope| {
            let known = self.store.functions(other).and_then(Slot::value);
            known.is_some_and(|known| known.iter().any(|it| it.name == *name))
        };
        others.filter(stands).cloned().collect()
    }

    /// The functions of a region that are in trouble: by their own alarms, and by what their view knows of them.
    pub(super) fn functions_in_trouble(&self, scope: &Scope) -> Vec<Untrusted> {
        let alarms = self.store.alarms(scope).and_then(Slot::value);
        let ringing = alarms.unwrap_or_default().iter();
        let ringing = ringing.filter(|alarm| alarm.state == AlarmState::Alarm);
        let mut names: Vec<Untrusted> = ringing.filter_map(|it| it.function().cloned()).collect();
        let view = self.lambda();
        let column = view
            .columns()
            .iter()
            .position(|column| Some(column) == scope.region());
        let rows = view.rows().iter();
        let rows = rows.filter(|row| row.account == scope.account);
        let is_troubled = |row: &&crate::app::lambda::Row| {
            let cell = column.and_then(|column| row.cells.get(column)?.as_ref());
            cell.is_some_and(|cell| cell.health.is_trouble())
        };
        names.extend(rows.filter(is_troubled).map(|row| row.name.clone()));
        names.sort();
        names.dedup();
        names
    }

    /// The groups that a key would act on: the selected one, or those of the selected region.
    pub(super) fn aimed_groups(&self) -> Vec<(GroupWish, String, &EndpointGroup)> {
        if self.is_at_accelerators() {
            return self.selected_group().into_iter().collect();
        }
        match (self.view, self.fleet_view.selected(), &self.detail) {
            (View::Fleet, Some(row), None) => self.groups_of(&row.scope),
            _ => Vec::new(),
        }
    }

    fn selected_group(&self) -> Option<(GroupWish, String, &EndpointGroup)> {
        let row = self.accelerator.selected()?;
        let found = row.found(&self.store)?;
        let group = found.group?;
        let name = found.accelerator.name.safe().into_owned();
        Some((group_wish(&row.account, group), name, group))
    }

    fn groups_of(&self, scope: &Scope) -> Vec<(GroupWish, String, &EndpointGroup)> {
        let Some(region) = scope.region() else {
            return Vec::new();
        };
        let known = self
            .store
            .accelerators(&scope.account)
            .and_then(Slot::value);
        let mut groups = Vec::new();
        for accelerator in known.unwrap_or_default() {
            let listeners = accelerator::listeners(&self.store, &scope.account, accelerator);
            for listener in listeners.unwrap_or_default() {
                let here = listener.groups.iter();
                let here = here.filter(|group| group.region.exact() == region.as_str());
                groups.extend(here.map(|group| {
                    let name = format!("{} {}", accelerator.name.safe(), listener.words());
                    (group_wish(&scope.account, group), name, group)
                }));
            }
        }
        groups
    }

    /// The endpoint that a weight would be set of: its group, its id, its weight.
    pub(super) fn aimed_endpoint(&self) -> Option<(GroupWish, Untrusted, Option<u8>)> {
        if !self.is_at_accelerators() {
            return None;
        }
        let row = self.accelerator.selected()?;
        let Spot::Endpoint(..) = row.spot else {
            return None;
        };
        let found = row.found(&self.store)?;
        let endpoint = found.endpoint?;
        let group = group_wish(&row.account, found.group?);
        Some((group, endpoint.id.clone(), endpoint.weight))
    }

    /// The run that a key would act on.
    pub(super) fn aimed_run(&self) -> Option<OperationId> {
        (self.view == View::Operations && self.detail.is_none())
            .then(|| self.operations.selected().cloned())
            .flatten()
    }

    /// The account of what is selected; the only one where there is one.
    pub(super) fn aimed_account(&self) -> Option<AccountName> {
        let fleet = &self.fleet.accounts;
        if let [only] = &fleet[..] {
            return Some(only.name.clone());
        }
        if let Some(detail) = &self.detail {
            return Some(detail.scope.account.clone());
        }
        match self.view {
            View::Fleet => Some(self.fleet_view.selected()?.scope.account.clone()),
            View::Stacks => Some(self.stacks.cursor().key()?.0.clone()),
            View::Lambda => Some(self.selected_function_name()?.0.clone()),
            View::Accelerator => Some(self.accelerator.selected()?.account.clone()),
            View::Alarms => Some(self.selected_alarm()?.0.account.clone()),
            View::Operations => {
                let id = self.aimed_run()?;
                let run = self.operations.run(&id)?;
                let member = run.plan.members().next()?;
                Some(member.scope.account.clone())
            }
            View::Logs => None,
        }
    }
}

fn group_wish(account: &AccountName, group: &EndpointGroup) -> GroupWish {
    GroupWish {
        scope: Scope::global(account),
        group: group.arn.clone(),
        region: group.region.clone(),
    }
}
