//! From a scenario's words to a world.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::accelerator::Builder;
use super::failing::{FailingUpdate, Failings};
use super::ledger::Ledger;
use super::logs::Logs;
use super::query::Queries;
use super::random::Dice;
use super::seat::Seats;
use super::stack::{
    ChangeSet, Declared, Definition, Difference, Drift, Echo, Output, Parameter, Policy,
    Protection, Resource, Stack,
};
use super::work::Works;
use super::{Account, Estate, Token, World, parameter, physical, play, region, shelf};
use crate::sandbox::meter::Meter;
use crate::sandbox::scenario::{
    AccountPlan, ActionPlan, Blueprint, ChangePlan, ChangeSetPlan, DriftPlan, Plan, Reach,
    StackPlan,
};
use crate::sandbox::template::{Action, Attribute, Change, Detail, Keeping, Recreation, Source};

pub(super) fn world(plan: &Plan, began: DateTime<Utc>) -> World {
    let accounts = plan.account.iter().map(|account| {
        let regions = account
            .regions
            .iter()
            .map(|region| (region.clone(), estate(plan, account, region, began)))
            .collect();
        let built = Account {
            id: account.id.clone(),
            access_key: account.access_key.clone(),
            opted_in: account.opted_in.clone(),
            regions,
            elsewhere: BTreeMap::new(),
            accelerators: Vec::new(),
        };
        (account.id.clone(), built)
    });
    let mut accounts: BTreeMap<String, Account> = accounts.collect();
    // They stand in front of what all accounts have in all regions.
    let builder = Builder::new(plan, began);
    let (attachments, hosts) = (builder.attachments(&accounts), builder.hosts());
    for account in &plan.account {
        let accelerators = builder.accelerators(account, &accounts);
        if let Some(built) = accounts.get_mut(&account.id) {
            built.elsewhere = elsewhere(built);
            built.accelerators = accelerators;
            parameter::add_planned(plan, account, built, began);
        }
    }
    let tokens = plan.token.iter().map(|token| Token {
        refresh: token.refresh.clone(),
        secret: token.token.clone(),
        roles: token.roles.clone(),
        expires: token
            .expires_in
            .map(|minutes| began + TimeDelta::minutes(minutes)),
    });
    World {
        seed: plan.seed,
        began,
        pages: plan.pages,
        pace: plan.pace,
        accounts,
        hosts,
        attachments,
        tokens: tokens.collect(),
        live_tails: Seats::default(),
        queries: Queries::default(),
        checks: std::sync::Mutex::default(),
        writing: std::sync::Mutex::default(),
        failings: failings(plan),
        logs: Logs::new(plan, began),
        lambdas: std::sync::Mutex::default(),
        works: Works::default(),
        buckets: shelf::buckets(plan),
        tracks: std::sync::Mutex::default(),
        meter: Meter::default(),
    }
}

/// An empty estate in every region that the account could use and a scenario has put nothing into.
fn elsewhere(account: &Account) -> BTreeMap<String, Estate> {
    let known = region::REGIONS.iter().filter(|region| {
        account.has_enabled(region.name) && !account.regions.contains_key(region.name)
    });
    known
        .map(|region| (region.name.to_owned(), Estate::default()))
        .collect()
}

fn failings(plan: &Plan) -> Failings {
    let planned = plan.failing.iter().map(|failing| {
        let accounts = plan.account.iter();
        let accounts = accounts.filter(|account| failing.on.accounts.contains(&account.name));
        FailingUpdate {
            stack: failing.stack.clone(),
            accounts: accounts.map(|account| account.id.clone()).collect(),
            regions: failing.on.regions.clone(),
            resource: failing.resource.clone(),
            reason: failing.reason.clone(),
            times: failing.times,
            rollback_fails: failing.rollback_fails.then(|| failing.reason.clone()),
            stubborn: failing.stubborn,
        }
    });
    Failings::new(planned.collect())
}

fn estate(plan: &Plan, account: &AccountPlan, region: &str, began: DateTime<Utc>) -> Estate {
    let site = Ground {
        plan,
        account,
        region,
        began,
    };
    let mut stacks: Vec<Stack> = plan
        .stack
        .iter()
        .filter(|stack| site.reached(&stack.on))
        .flat_map(|stack| site.tree(stack))
        .collect();
    // AWS lists stacks newest first; a seeded age stands in for history.
    stacks
        .sort_by_key(|stack| std::cmp::Reverse(stack.past.first().map(|episode| episode.started)));
    for drift in plan.drift.iter().filter(|drift| site.reached(&drift.on)) {
        site.drift(&mut stacks, drift);
    }
    for change_set in plan.change_set.iter().filter(|set| site.reached(&set.on)) {
        site.change_set(&mut stacks, change_set);
    }
    let alarms = plan.alarm.iter().filter(|alarm| site.reached(&alarm.on));
    let composites = plan.composite.iter();
    let composites = composites.filter(|alarm| site.reached(&alarm.on));
    let releases = plan.release.iter();
    let releases = releases.filter(|release| site.reached(&release.on));
    Estate {
        alarms: alarms
            .map(|alarm| site.alarm(alarm))
            .chain(composites.map(|alarm| site.composite(alarm)))
            .collect(),
        releases: releases
            .filter_map(|release| site.release(&stacks, release))
            .collect(),
        balancers: site.balancers(&stacks),
        words: site.words(&stacks),
        parameters: parameter::of_stacks(&stacks),
        stacks: stacks.into(),
    }
}

/// What a megabyte of hostile text is made of.
pub(super) const MEGABYTE_LINE: &str =
    "All work and no play makes \u{1b}[7mJack\u{1b}[0m a dull boy.\n";

/// One account in one region, about to be built on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'p> {
    pub(super) plan: &'p Plan,
    pub(super) account: &'p AccountPlan,
    pub(super) region: &'p str,
    pub(super) began: DateTime<Utc>,
}

/// A stack and its nested stacks, root first, before anything has happened to them.
pub(super) struct Tree {
    pub(super) stacks: Vec<Stack>,
    /// Beside each stack: which of its resources is which stack of the tree.
    pub(super) children: Vec<Vec<(usize, usize)>>,
}

impl Ground<'_> {
    pub(super) fn reached(&self, reach: &Reach) -> bool {
        reach.covers(&self.account.name, self.region)
    }

    pub(super) fn dice(&self, what: &str) -> Dice {
        Dice::named(
            self.plan.seed,
            &format!("{}/{}/{what}", self.account.id, self.region),
        )
    }

    pub(super) fn fill(&self, text: &str, stack: &str, service: &str) -> String {
        let filled = text
            .replace("{account}", &self.account.name)
            .replace("{account_id}", &self.account.id)
            .replace("{region}", self.region)
            .replace("{stack}", stack)
            .replace("{service}", service);
        if filled.contains("{megabyte}") {
            return filled.replace(
                "{megabyte}",
                &MEGABYTE_LINE.repeat(1_048_576 / MEGABYTE_LINE.len()),
            );
        }
        if filled.contains("{hex}") {
            let hex = self.dice(&format!("{stack}/{text}")).hex(10);
            return filled.replace("{hex}", &hex);
        }
        filled
    }

    /// Builds a stack with everything nested in it, and gives all of them a past and a routine.
    fn tree(&self, plan: &StackPlan) -> Vec<Stack> {
        let name = self.fill(&plan.name, &plan.name, "");
        let mut tree = Tree {
            stacks: Vec::new(),
            children: Vec::new(),
        };
        self.raise(&mut tree, plan, &plan.blueprint, &name, None);
        play::give_history(self, plan, &name, &mut tree);
        tree.stacks
    }

    /// Adds one stack to the tree and returns its place.
    fn raise(
        &self,
        tree: &mut Tree,
        plan: &StackPlan,
        blueprint: &str,
        name: &str,
        parent: Option<(&str, &str)>,
    ) -> usize {
        let empty = Blueprint::default();
        let blueprint = self.plan.blueprint.get(blueprint).unwrap_or(&empty);
        let mut dice = self.dice(name);
        let id = format!(
            "arn:aws:cloudformation:{}:{}:stack/{name}/{}",
            self.region,
            self.account.id,
            dice.uuid()
        );
        let root = parent.map_or(id.clone(), |(_, root)| root.to_owned());
        let place = tree.stacks.len();
        tree.stacks
            .push(self.stack(plan, blueprint, name, id.clone(), parent));
        tree.children.push(Vec::new());
        for (logical, inner) in &blueprint.nested {
            let child_name = format!("{name}-{logical}-{}", dice.suffix(13));
            let child = self.raise(tree, plan, inner, &child_name, Some((&id, &root)));
            let physical = tree.stacks[child].id.clone();
            tree.children[place].push((tree.stacks[place].resources.len(), child));
            tree.stacks[place].resources.extend([Resource {
                logical: logical.clone(),
                kind: "AWS::CloudFormation::Stack".to_owned(),
                physical,
            }]);
        }
        place
    }

    fn stack(
        &self,
        plan: &StackPlan,
        blueprint: &Blueprint,
        name: &str,
        id: String,
        parent: Option<(&str, &str)>,
    ) -> Stack {
        let service = plan
            .tags
            .get("service")
            .map_or_else(|| name.split('-').next().unwrap_or(name), String::as_str);
        let fill = |text: &str| self.fill(text, name, service);
        let mut tags: Vec<(String, String)> = plan
            .tags
            .iter()
            .map(|(key, value)| (key.clone(), fill(value)))
            .collect();
        if !plan.version.is_empty() {
            tags.push(("version".to_owned(), "{version}".to_owned()));
        }
        let shown = blueprint.parameters.iter().map(|(key, value)| Parameter {
            key: key.clone(),
            value: fill(value),
            echo: Echo::Shown,
        });
        let masked = blueprint.secrets.iter().map(|key| Parameter {
            key: key.clone(),
            value: String::new(),
            echo: Echo::Masked,
        });
        let resources = blueprint.resources.iter();
        let mut resources: Vec<Resource> = resources
            .filter_map(|resource| self.resource(name, resource))
            .collect();
        physical::gather(&mut resources);
        let outputs = blueprint.outputs.iter().map(|(key, value)| Output {
            key: key.clone(),
            value: physical::referred(&fill(value), &resources),
            description: None,
            export: blueprint.exports.get(key).map(|export| fill(export)),
            declared: Some(Declared {
                value: value.replace("{service}", service),
                export: blueprint
                    .exports
                    .get(key)
                    .map(|export| export.replace("{service}", service)),
            }),
        });
        let outputs: Vec<Output> = outputs.collect();
        let born = Definition {
            description: plan
                .description
                .as_deref()
                .filter(|_| parent.is_none())
                .map_or_else(|| fill(&blueprint.description), fill),
            parameters: shown.chain(masked).collect(),
            tags,
            outputs,
            capabilities: blueprint.capabilities.clone(),
            transform: blueprint.transform.clone(),
            imports: blueprint
                .imports
                .iter()
                .map(|import| fill(import))
                .collect(),
            ..Definition::default()
        };
        let policies = plan.policy.iter().map(|body| Policy {
            since: DateTime::UNIX_EPOCH,
            body: body.clone(),
        });
        Stack {
            born: Arc::new(born),
            protection: if plan.protected {
                Protection::On
            } else {
                Protection::Off
            },
            resources: resources.into(),
            parent: parent.map(|(parent, _)| parent.to_owned()),
            root: parent.map(|(_, root)| root.to_owned()),
            past: Vec::new(),
            routine: None,
            operations: Ledger::new(),
            policies: policies.collect::<Vec<Policy>>().into(),
            drift: None,
            change_sets: Ledger::new(),
            name: name.to_owned(),
            id,
        }
    }

    /// `"LogicalId AWS::Some::Type"`, with a physical id.
    pub(super) fn resource(&self, stack: &str, text: &str) -> Option<Resource> {
        let (logical, kind) = text.split_once(' ')?;
        let site = physical::Site {
            account: &self.account.id,
            region: self.region,
            stack,
        };
        Some(Resource {
            logical: logical.to_owned(),
            kind: kind.to_owned(),
            physical: physical::id(
                site,
                kind,
                logical,
                &mut self.dice(&format!("{stack}/{logical}")),
            ),
        })
    }

    /// A past moment, off the round minutes.
    pub(super) fn ago(&self, what: &str, minutes: i64) -> DateTime<Utc> {
        let jitter = self.dice(what).between(0, 50_000);
        self.began - TimeDelta::minutes(minutes) - TimeDelta::milliseconds(jitter)
    }

    fn drift(&self, stacks: &mut [Stack], plan: &DriftPlan) {
        let name = self.fill(&plan.stack, &plan.stack, "");
        for stack in stacks.iter_mut().filter(|stack| stack.name == name) {
            let checked = self.ago(&name, plan.minutes_ago);
            let drift = stack.drift.get_or_insert(Drift {
                checked,
                differences: Vec::new(),
            });
            drift.differences.push(Difference {
                logical: plan.resource.clone(),
                path: plan.property.clone(),
                expected: plan.expected.clone(),
                actual: plan.actual.clone(),
            });
        }
    }

    fn change_set(&self, stacks: &mut [Stack], plan: &ChangeSetPlan) {
        let name = self.fill(&plan.stack, &plan.stack, "");
        for stack in stacks.iter_mut().filter(|stack| stack.name == name) {
            let set = ChangeSet {
                id: format!(
                    "arn:aws:cloudformation:{}:{}:changeSet/{}/{}",
                    self.region,
                    self.account.id,
                    plan.name,
                    self.dice(&format!("{name}/{}", plan.name)).uuid()
                ),
                name: plan.name.clone(),
                description: plan.description.clone(),
                created: self.ago(&plan.name, plan.minutes_ago),
                failed: plan.failed.clone(),
                version: plan.version.clone(),
                changes: plan
                    .change
                    .iter()
                    .map(|change| planned_change(stack, change))
                    .collect(),
                definition: None,
                token: None,
                deleted: OnceLock::new(),
            };
            stack.change_sets.push(set);
        }
    }
}

fn planned_change(stack: &Stack, plan: &ChangePlan) -> Change {
    let mut resources = stack.resources.iter();
    let known = resources.find(|resource| resource.logical == plan.resource);
    let (action, recreation) = match plan.action {
        ActionPlan::Add => (Action::Add, None),
        ActionPlan::Modify => (Action::Modify, Some(Recreation::Never)),
        ActionPlan::Replace => (Action::Modify, Some(Recreation::Always)),
        ActionPlan::Remove => (Action::Remove, None),
    };
    let context = |value: &str| {
        let mut properties = serde_json::Map::new();
        properties.insert(plan.property.clone(), value.into());
        serde_json::json!({ "Properties": properties })
    };
    let detail = recreation.map(|recreation| Detail {
        attribute: Attribute::Properties,
        name: plan.property.clone(),
        before: Some(plan.before.clone()),
        after: Some(plan.after.clone()),
        recreation,
        source: Source::DirectModification,
        cause: None,
    });
    Change {
        action,
        logical: plan.resource.clone(),
        kind: plan
            .kind
            .clone()
            .or_else(|| known.map(|resource| resource.kind.clone()))
            .unwrap_or_default(),
        physical: known.map(|resource| resource.physical.clone()),
        policy: Keeping::Delete,
        before: detail.is_some().then(|| context(&plan.before)),
        after: detail.is_some().then(|| context(&plan.after)),
        details: detail.into_iter().collect(),
    }
}
