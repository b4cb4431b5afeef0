//! From a scenario's words to accelerators, to what is wrong with their instances, and to what is shared.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, Utc};

use super::{
    Accelerator, Attachment, Change, Endpoint, Group, GroupCheck, GroupSetup, HOME, Listener,
    Setup, Turn,
};
use crate::sandbox::scenario::{
    AcceleratorPlan, AccountPlan, BalancerKind, EndpointGroupPlan, EndpointPlan, ListenerPlan,
    OutagePlan, Plan, PortsPlan,
};
use crate::sandbox::world::balancer::{Balancer, spells};
use crate::sandbox::world::build::Ground;
use crate::sandbox::world::health::Spell;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::stack::Stack;
use crate::sandbox::world::{Account, traffic};

type Accounts = BTreeMap<String, Account>;

/// What an endpoint's words come to.
struct Named {
    id: String,
    /// Whether its kind sees the addresses of clients.
    shows_clients: bool,
}

pub(in crate::sandbox::world) struct Builder<'p> {
    plan: &'p Plan,
    began: DateTime<Utc>,
}

impl<'p> Builder<'p> {
    pub(in crate::sandbox::world) fn new(plan: &'p Plan, began: DateTime<Utc>) -> Builder<'p> {
        Builder { plan, began }
    }

    fn ground(&self, account: &'p AccountPlan, region: &'p str) -> Ground<'p> {
        Ground {
            plan: self.plan,
            account,
            region,
            began: self.began,
        }
    }

    fn account(&self, name: &str) -> Option<&'p AccountPlan> {
        let mut accounts = self.plan.account.iter();
        accounts.find(|account| account.name == name)
    }

    pub(in crate::sandbox::world) fn accelerators(
        &self,
        account: &'p AccountPlan,
        accounts: &Accounts,
    ) -> Vec<Accelerator> {
        let plans = self.plan.accelerator.iter();
        plans
            .filter(|plan| plan.on.covers(&account.name, HOME))
            .map(|plan| self.accelerator(account, plan, accounts))
            .collect()
    }

    fn accelerator(
        &self,
        account: &'p AccountPlan,
        plan: &'p AcceleratorPlan,
        accounts: &Accounts,
    ) -> Accelerator {
        let ground = self.ground(account, HOME);
        let name = ground.fill(&plan.name, "", "");
        let mut dice = ground.dice(&format!("accelerator/{name}"));
        let stack = plan.stack.as_deref().and_then(|wanted| {
            let regions = accounts.get(&account.id)?.regions.values();
            let mut stacks = regions.flat_map(|estate| &estate.stacks);
            stacks.find(|stack| stack.name == wanted)
        });
        let made_up = format!(
            "arn:aws:globalaccelerator::{}:accelerator/{}",
            account.id,
            dice.uuid()
        );
        let arn = resource(stack, "AWS::GlobalAccelerator::Accelerator", None).unwrap_or(made_up);
        let born = stack.and_then(|stack| stack.past.first());
        let created = born.map_or_else(|| ground.ago(&name, 60 * 24 * 41), |birth| birth.started);
        let created = created.timestamp_millis();
        let listeners = plan.listener.iter().enumerate();
        let listeners: Vec<Listener> = listeners
            .map(|(place, listener)| {
                let stack = stack.filter(|_| place == 0);
                listener_of(&arn, stack, listener, &mut dice)
            })
            .collect();
        let setups = plan.listener.iter().map(|listener| {
            let groups = listener.group.iter().flat_map(|group| {
                let regions = group.regions.iter();
                regions.map(|region| self.group(account, region, group, accounts, created))
            });
            groups.collect()
        });
        let byte = |dice: &mut Dice| dice.between(1, 255);
        let (one, other) = (
            (byte(&mut dice), byte(&mut dice)),
            (byte(&mut dice), byte(&mut dice)),
        );
        let sixth = |dice: &mut Dice| {
            format!(
                "2600:9000:a{}:{}:{}:{}::1",
                dice.hex(3),
                dice.hex(4),
                dice.hex(4),
                dice.hex(4)
            )
        };
        Accelerator {
            routing: plan.routing,
            created,
            addresses: [
                format!("75.2.{}.{}", one.0, one.1),
                format!("99.83.{}.{}", other.0, other.1),
            ],
            sixth_version: [sixth(&mut dice), sixth(&mut dice)],
            flow_logs: plan.flow_logs.as_deref().map(|place| {
                let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
                (ground.fill(bucket, "", ""), prefix.to_owned())
            }),
            tags: plan
                .tags
                .iter()
                .map(|(key, value)| (key.clone(), ground.fill(value, "", "")))
                .collect(),
            deploys_in: plan.deploys_in * 1_000,
            // The first account of a scenario is the busy one.
            flows: match self.plan.account.first() {
                Some(first) if first.id == account.id => plan.flows,
                Some(_) | None => plan.flows * 0.2,
            },
            seed: dice.roll(),
            first: Setup {
                name,
                address: plan.address,
                is_enabled: !plan.disabled,
                groups: setups.collect(),
            },
            turns: Mutex::new(self.turns(plan, &listeners)),
            listeners,
            arn,
        }
    }

    /// The dials that the scenario turns, in every listener that has a group in the region.
    fn turns(&self, plan: &AcceleratorPlan, listeners: &[Listener]) -> Vec<Turn> {
        let mut turns: Vec<Turn> = Vec::new();
        for dial in &plan.dial {
            let at = self.began.timestamp_millis() + dial.at * 1_000;
            for (listener, found) in listeners.iter().enumerate() {
                let groups = found.groups.iter().enumerate();
                let wanted = groups.filter(|(_, group)| group.region == dial.region);
                turns.extend(wanted.map(|(group, _)| Turn {
                    at,
                    change: Change::Dial((listener, group), dial.to),
                }));
            }
        }
        turns.sort_by_key(|turn| turn.at);
        turns
    }

    fn group(
        &self,
        account: &'p AccountPlan,
        region: &'p str,
        plan: &'p EndpointGroupPlan,
        accounts: &Accounts,
        created: i64,
    ) -> GroupSetup {
        let check = &plan.check;
        let endpoints = plan.endpoint.iter().map(|endpoint| {
            let named = self.named(account, region, endpoint, accounts);
            Endpoint {
                id: named.id,
                weight: endpoint.weight.unwrap_or(128),
                shows_clients: named.shows_clients && !endpoint.conceals_clients,
                added: created,
                attachment: endpoint.attachment.as_deref().and_then(|name| {
                    let mut plans = self.plan.attachment.iter();
                    let plan = plans.find(|plan| plan.name == name)?;
                    Some(self.attachment_arn(&plan.name, self.account(&plan.account)?))
                }),
            }
        });
        GroupSetup {
            dial: plan.dial,
            check: GroupCheck {
                protocol: check.protocol.clone(),
                port: check.port,
                path: check.path.clone(),
                every: check.every,
                threshold: check.threshold,
            },
            overrides: plan.overrides.clone(),
            endpoints: endpoints.collect(),
        }
    }

    fn named(
        &self,
        account: &'p AccountPlan,
        region: &'p str,
        plan: &'p EndpointPlan,
        accounts: &Accounts,
    ) -> Named {
        let owner = plan.account.as_deref().and_then(|name| self.account(name));
        let ground = self.ground(
            owner.unwrap_or(account),
            plan.region.as_deref().unwrap_or(region),
        );
        let fill = |name: &String| ground.fill(name, name, "");
        let short = |kind: &str, name: &String| Named {
            id: ground.short_id(kind, &fill(name)),
            shows_clients: kind == "i",
        };
        let estate = accounts
            .get(&ground.account.id)
            .and_then(|account| account.regions.get(ground.region));
        let balancers = estate.map_or(&[][..], |estate| estate.balancers.as_slice());
        let balancer = |is_it: &dyn Fn(&&Balancer) -> bool, name: &str| {
            let found = balancers.iter().find(is_it);
            Named {
                shows_clients: found
                    .is_none_or(|balancer| balancer.kind == BalancerKind::Application),
                id: found.map_or_else(|| ground.gone(name), |balancer| balancer.arn.clone()),
            }
        };
        match plan {
            EndpointPlan {
                stack: Some(stack), ..
            } => {
                let stack = fill(stack);
                balancer(&|found| found.stack.as_ref() == Some(&stack), &stack)
            }
            EndpointPlan {
                load_balancer: Some(name),
                ..
            } => {
                let name = fill(name);
                balancer(&|found| found.stack.is_none() && found.name == name, &name)
            }
            EndpointPlan {
                instance: Some(name),
                ..
            } => short("i", name),
            EndpointPlan {
                elastic_ip: Some(name),
                ..
            } => short("eipalloc", name),
            EndpointPlan { subnet, .. } => short("subnet", &subnet.clone().unwrap_or_default()),
        }
    }

    /// What is wrong with the instances and addresses of all accelerators, by their ids.
    pub(in crate::sandbox::world) fn hosts(&self) -> BTreeMap<String, Vec<Spell>> {
        let mut hosts = BTreeMap::new();
        let listeners = self.plan.accelerator.iter();
        let groups = listeners
            .flat_map(|plan| &plan.listener)
            .flat_map(|listener| &listener.group);
        for (group, account) in groups.flat_map(|group| {
            let accounts = self.plan.account.iter();
            accounts.map(move |account| (group, account))
        }) {
            for region in &group.regions {
                let ground = self.ground(account, region);
                for endpoint in &group.endpoint {
                    let (kind, name) = match (&endpoint.instance, &endpoint.elastic_ip) {
                        (Some(name), _) => ("i", name),
                        (None, Some(name)) => ("eipalloc", name),
                        (None, None) => continue,
                    };
                    let is_it = |outage: &OutagePlan| {
                        let meant = match kind {
                            "i" => &outage.instance,
                            _ => &outage.elastic_ip,
                        };
                        meant.as_ref() == Some(name)
                    };
                    let found = spells(&ground, is_it);
                    if !found.is_empty() {
                        hosts.insert(ground.short_id(kind, &ground.fill(name, name, "")), found);
                    }
                }
            }
        }
        hosts
    }

    fn attachment_arn(&self, name: &str, owner: &'p AccountPlan) -> String {
        let mut dice = self.ground(owner, HOME).dice(&format!("attachment/{name}"));
        format!(
            "arn:aws:globalaccelerator::{}:attachment/{}",
            owner.id,
            dice.uuid()
        )
    }

    pub(in crate::sandbox::world) fn attachments(&self, accounts: &Accounts) -> Vec<Attachment> {
        let plans = self.plan.attachment.iter();
        let attachments = plans.filter_map(|plan| {
            let owner = self.account(&plan.account)?;
            let principals = plan.principals.iter();
            let resources = plan.endpoint.iter().map(|endpoint| {
                let region = endpoint.region.as_deref().unwrap_or(HOME);
                let named = self.named(owner, region, endpoint, accounts);
                (named.id, region.to_owned())
            });
            let created = self.ground(owner, HOME).ago(&plan.name, 60 * 24 * 33);
            Some(Attachment {
                arn: self.attachment_arn(&plan.name, owner),
                owner: owner.id.clone(),
                name: plan.name.clone(),
                principals: principals
                    .filter_map(|name| Some(self.account(name)?.id.clone()))
                    .collect(),
                resources: resources.collect(),
                created: created.timestamp_millis(),
            })
        });
        attachments.collect()
    }
}

impl Ground<'_> {
    /// The id of something that no stack has.
    fn short_id(&self, kind: &str, name: &str) -> String {
        let hex = self.dice(&format!("{kind}/{name}")).hex(17);
        format!("{kind}-{hex}")
    }

    /// The ARN of a balancer that is not there (any more).
    fn gone(&self, name: &str) -> String {
        let hex = self.dice(&format!("gone/{name}")).hex(16);
        format!(
            "arn:aws:elasticloadbalancing:{}:{}:loadbalancer/app/{name}/{hex}",
            self.region, self.account.id
        )
    }
}

fn listener_of(
    accelerator: &str,
    stack: Option<&Stack>,
    plan: &ListenerPlan,
    dice: &mut Dice,
) -> Listener {
    let made_up = format!("{accelerator}/listener/{}", dice.hex(8));
    let arn = resource(stack, "AWS::GlobalAccelerator::Listener", None).unwrap_or(made_up);
    let regions = plan.group.iter().flat_map(|group| &group.regions);
    let groups = regions.map(|region| {
        let made_up = format!("{arn}/endpoint-group/{}", dice.hex(12));
        let logical = format!("EndpointGroup{}", camel(region));
        let kind = "AWS::GlobalAccelerator::EndpointGroup";
        Group {
            arn: resource(stack, kind, Some(&logical)).unwrap_or(made_up),
            region: region.clone(),
            share: traffic::real(dice.between(60, 141)),
        }
    });
    Listener {
        ports: plan
            .ports
            .iter()
            .map(|ports| match ports {
                PortsPlan::One(port) => (*port, *port),
                PortsPlan::Range(from, to) => (*from, *to),
            })
            .collect(),
        protocol: plan.protocol.clone(),
        affinity: plan.affinity.clone(),
        groups: groups.collect(),
        arn,
    }
}

/// The physical id of a stack's resource of a kind, and of a logical id if it has to be that one.
fn resource(stack: Option<&Stack>, kind: &str, logical: Option<&str>) -> Option<String> {
    let mut resources = stack?.resources.iter();
    let found = resources.find(|resource| {
        resource.kind == kind && logical.is_none_or(|wanted| wanted == resource.logical)
    });
    found.map(|resource| resource.physical.clone())
}

/// `us-east-1` as logical ids have it: `UsEast1`.
fn camel(region: &str) -> String {
    let words = region.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}
