//! A project of the Global Capacity Orchestrator (GCO), as an account's stacks and accelerators give it away.
//!
//! Its global stack makes one accelerator with a listener and an endpoint group per region, and its regional stacks
//! register one balancer each. Parameters of Systems Manager, in the region of the global stack, tie the two together.

use super::{Accelerator, AccountName, Region, Scope, Slot, Stack, Store, Topic, Untrusted};
use std::collections::BTreeMap;

/// What the global stack's name ends with.
const GLOBAL: &str = "-global";
/// What the accelerator's name ends with, unless it was given another.
const ACCELERATOR: &str = "-accelerator";
/// The output of the global stack that tells its accelerator.
const OUTPUT: &str = "GlobalAcceleratorArn";

/// One project in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub name: Untrusted,
    /// Where its global stack is, and its parameters; unknown while that stack has not been seen.
    pub home: Option<Region>,
    /// The ARN of its accelerator, as its global stack says.
    accelerator: Option<Untrusted>,
}

impl Project {
    /// The projects of an account, by name: those whose global stack has been seen, and those whose accelerator and
    /// one regional stack have, or could not be.
    pub fn all(store: &Store, account: &AccountName) -> Vec<Self> {
        let mut found: BTreeMap<Untrusted, Self> = BTreeMap::new();
        let accelerators = store.accelerators(account).and_then(Slot::value);
        let accelerators = || accelerators.into_iter().flatten();
        for (region, stack) in stacks(store, account) {
            let name = stack.name.exact().strip_suffix(GLOBAL).unwrap_or_default();
            let output = stack.outputs.iter().find(|it| it.key.exact() == OUTPUT);
            let is_ours = output.is_some() || accelerators().any(|it| is_named(it, name));
            if !name.is_empty() && is_ours {
                let name = Untrusted::new(name);
                let project = Self {
                    name: name.clone(),
                    home: Some(region.clone()),
                    accelerator: output.map(|it| it.value.clone()),
                };
                found.insert(name, project);
            }
        }
        for accelerator in accelerators() {
            let name = accelerator.name.exact();
            let Some(name) = name.strip_suffix(ACCELERATOR) else {
                continue;
            };
            // Many call an accelerator so; a project has a stack to go with it.
            let has_stack =
                || stacks(store, account).any(|(region, stack)| is_regional(stack, name, region));
            if !name.is_empty() && (has_stack() || is_some_unread(store, account)) {
                let name = Untrusted::new(name);
                found.entry(name.clone()).or_insert(Self {
                    name,
                    home: None,
                    accelerator: None,
                });
            }
        }
        found.into_values().collect()
    }

    /// Where its parameters are read, and how they are asked for.
    pub fn parameters(&self, account: &AccountName) -> Option<(Scope, Topic)> {
        let path = Untrusted::new(format!("/{}", self.name.exact()));
        let home = self.home.as_ref()?;
        Some((Scope::regional(account, home), Topic::Parameters(path)))
    }

    /// Whether an accelerator is the project's.
    pub fn owns(&self, accelerator: &Accelerator) -> bool {
        match &self.accelerator {
            Some(arn) => accelerator.arn.exact() == arn.exact(),
            None => is_named(accelerator, self.name.exact()),
        }
    }

    /// The regions in which the project has a regional stack, as far as stacks have been read.
    pub fn regions<'s>(&self, store: &'s Store, account: &AccountName) -> Vec<&'s Region> {
        stacks(store, account)
            .filter(|(region, stack)| is_regional(stack, self.name.exact(), region))
            .map(|(region, _)| region)
            .collect()
    }

    /// What the stack of a region is called.
    pub fn stack(&self, region: &Untrusted) -> String {
        format!("{}-{}", self.name.safe(), region.safe())
    }
}

fn is_named(accelerator: &Accelerator, project: &str) -> bool {
    accelerator.name.exact().strip_suffix(ACCELERATOR) == Some(project)
}

fn is_regional(stack: &Stack, project: &str, region: &Region) -> bool {
    let rest = stack.name.exact().strip_prefix(project);
    rest.and_then(|rest| rest.strip_prefix('-')) == Some(region.as_str())
}

/// Every stack of an account that has been read, with where it is.
fn stacks<'s>(
    store: &'s Store,
    account: &AccountName,
) -> impl Iterator<Item = (&'s Region, &'s Stack)> {
    let account = account.clone();
    store
        .all_stacks()
        .filter(move |(scope, _)| scope.account == account)
        .filter_map(|(scope, slot)| Some((scope.region()?, slot.value()?)))
        .flat_map(|(region, stacks)| stacks.iter().map(move |stack| (region, stack)))
}

/// Whether some region of the account could not say which stacks it has.
fn is_some_unread(store: &Store, account: &AccountName) -> bool {
    store
        .all_stacks()
        .any(|(scope, slot)| scope.account == *account && slot.value().is_none())
}
