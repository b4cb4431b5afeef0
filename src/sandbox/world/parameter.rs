//! Parameters of SSM: those of the stacks, and those that a scenario names.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Account;
use super::build::Ground;
use super::stack::Stack;
use crate::sandbox::scenario::{AccountPlan, ParameterPlan, Plan};
use crate::sandbox::timeline::Verb;

const KIND: &str = "AWS::SSM::Parameter";

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Parameter {
    /// `String`, `StringList` or `SecureString`.
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) modified: DateTime<Utc>,
    /// The stack that has it: it is there while the stack is.
    pub(in crate::sandbox) gone: Option<DateTime<Utc>>,
}

impl Parameter {
    pub(in crate::sandbox) fn is_there(&self, now: DateTime<Utc>) -> bool {
        self.modified <= now && self.gone.is_none_or(|gone| now < gone)
    }
}

pub(super) fn of_stacks(stacks: &[Stack]) -> BTreeMap<String, Parameter> {
    let mut parameters = BTreeMap::new();
    for stack in stacks {
        let (Some(birth), last) = (stack.past.first(), stack.past.last()) else {
            continue;
        };
        let end = last.filter(|last| last.script.verb == Verb::Delete);
        for resource in stack.resources.iter().filter(|found| found.kind == KIND) {
            let parameter = Parameter {
                kind: "String".to_owned(),
                value: format!("{}-{}", stack.name, resource.logical.to_lowercase()),
                modified: birth.started,
                gone: end.map(|last| last.started),
            };
            parameters.insert(resource.physical.clone(), parameter);
        }
    }
    parameters
}

/// Adds what the scenario says of an account. A parameter about an endpoint group that is not there says so in an ARN
/// that leads nowhere.
pub(super) fn add_planned(
    plan: &Plan,
    account: &AccountPlan,
    built: &mut Account,
    began: DateTime<Utc>,
) {
    for region in &account.regions {
        let ground = Ground {
            plan,
            account,
            region,
            began,
        };
        let mut found: Vec<(String, Parameter)> = Vec::new();
        for words in plan
            .parameter
            .iter()
            .filter(|words| ground.reached(&words.on))
        {
            let once = [String::new()];
            let each = if words.each.is_empty() {
                &once[..]
            } else {
                &words.each
            };
            for one in each {
                let fill = |text: &str| ground.fill(&text.replace("{each}", one), "", "");
                let name = fill(&words.name);
                let parameter = Parameter {
                    kind: words.kind.clone(),
                    value: value(&ground, built, words, &fill),
                    modified: ground.ago(&name, 60 * 24 * 38),
                    gone: None,
                };
                found.push((name, parameter));
            }
        }
        if let Some(estate) = built.regions.get_mut(region) {
            estate.parameters.extend(found);
        }
    }
}

fn value(
    ground: &Ground<'_>,
    built: &Account,
    words: &ParameterPlan,
    fill: &dyn Fn(&str) -> String,
) -> String {
    if let Some((stack, region)) = &words.host {
        let (stack, region) = (fill(stack), fill(region));
        let there = built.regions.get(&region).into_iter();
        let mut balancers = there.flat_map(|estate| &estate.balancers);
        let found = balancers.find(|it| it.stack.as_ref() == Some(&stack));
        return found.map_or_else(|| fill(&words.value), |balancer| balancer.dns.clone());
    }
    let Some((accelerator, region)) = &words.endpoint_group else {
        return fill(&words.value);
    };
    let (accelerator, region) = (fill(accelerator), fill(region));
    let now = ground.began.timestamp_millis();
    let mut known = built.accelerators.iter();
    let known = known.find(|known| known.setup(now).name == accelerator);
    let groups = known.iter().flat_map(|known| &known.listeners);
    let mut groups = groups.flat_map(|listener| &listener.groups);
    let group = groups.find(|group| group.region == region);
    group.map_or_else(
        || {
            let mut dice = ground.dice(&format!("{accelerator}/{region}/gone"));
            format!(
                "arn:aws:globalaccelerator::{}:accelerator/{}/listener/{}/endpoint-group/{}",
                ground.account.id,
                dice.uuid(),
                dice.hex(8),
                dice.hex(12)
            )
        },
        |group| group.arn.clone(),
    )
}
