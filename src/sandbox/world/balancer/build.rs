//! From stacks, and from a scenario's words, to load balancers.

use super::super::build::Ground;
use super::super::health::{Rhythm, Spell, Symptom};
use super::super::stack::{Resource, Stack};
use super::{Balancer, Door, Target, TargetGroup, TargetKind};
use crate::sandbox::scenario::{
    AddressPlan, BalancerKind, LoadBalancerPlan, OutageKind, OutagePlan, TargetGroupPlan,
};
use crate::sandbox::timeline::Verb;
use crate::sandbox::world::lambda::ACTIVE;
use crate::sandbox::world::random::Dice;

const LOAD_BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const TARGET_GROUP: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";
const CERTIFICATE: &str = "AWS::CertificateManager::Certificate";

/// A balancer about to be built: its ARN, and the stack and the words there are about it.
struct Site<'s> {
    arn: &'s str,
    name: &'s str,
    stack: Option<&'s Stack>,
    plan: Option<&'s LoadBalancerPlan>,
}

impl Ground<'_> {
    pub(in crate::sandbox::world) fn balancers(&self, stacks: &[Stack]) -> Vec<Balancer> {
        let plans = self.plan.load_balancer.iter();
        let plans: Vec<&LoadBalancerPlan> = plans.filter(|plan| self.reached(&plan.on)).collect();
        let of_stacks = stacks.iter().filter_map(|stack| {
            let resource = stack.resources.iter().find(is(LOAD_BALANCER))?;
            let about = |plan: &&&LoadBalancerPlan| {
                let name = plan.stack.as_deref().map(|name| self.fill(name, name, ""));
                name.as_deref() == Some(stack.name.as_str())
            };
            Some(self.balancer(&Site {
                arn: &resource.physical,
                name: &stack.name,
                stack: Some(stack),
                plan: plans.iter().find(about).copied(),
            }))
        });
        let alone = plans.iter().filter_map(|plan| {
            let name = self.fill(plan.name.as_deref()?, "", "");
            let arn = self.load_balancer_arn(&name, plan.kind);
            Some(self.balancer(&Site {
                arn: &arn,
                name: &name,
                stack: None,
                plan: Some(plan),
            }))
        });
        of_stacks.chain(alone).collect()
    }

    fn load_balancer_arn(&self, name: &str, kind: BalancerKind) -> String {
        let kind = match kind {
            BalancerKind::Application => "app",
            BalancerKind::Network => "net",
        };
        let hex = self.dice(&format!("balancer/{name}")).hex(16);
        self.elastic("loadbalancer", &format!("{kind}/{name}/{hex}"))
    }

    /// An ARN of Elastic Load Balancing here.
    fn elastic(&self, kind: &str, rest: &str) -> String {
        format!(
            "arn:aws:elasticloadbalancing:{}:{}:{kind}/{rest}",
            self.region, self.account.id
        )
    }

    fn balancer(&self, site: &Site<'_>) -> Balancer {
        let mut dice = self.dice(site.arn);
        let kind = site
            .plan
            .map_or(BalancerKind::Application, |plan| plan.kind);
        let past = site.stack.map(|stack| &stack.past);
        let born = past
            .and_then(|past| past.first())
            .map_or_else(|| self.ago(site.name, 60 * 24 * 90), |birth| birth.started);
        let gone = past
            .and_then(|past| past.last())
            .filter(|last| last.script.verb == Verb::Delete);
        let life =
            born.timestamp_millis()..gone.map_or(i64::MAX, |last| last.started.timestamp_millis());
        let groups = self.groups(site, kind, life.start, &mut dice);
        let tags = site.stack.map_or_else(
            || {
                let tags = site.plan.iter().flat_map(|plan| &plan.tags);
                tags.map(|(key, value)| (key.clone(), self.fill(value, "", "")))
                    .collect()
            },
            tags_of,
        );
        let number = u32::try_from(dice.between(0, 2_000_000_000)).unwrap_or(0);
        let zones = ["a", "b"].iter().map(|zone| {
            let subnet = format!("subnet-{}", dice.hex(17));
            (format!("{}{zone}", self.region), subnet)
        });
        let zones = zones.collect();
        Balancer {
            dns: match kind {
                BalancerKind::Application => {
                    format!("{}-{number}.{}.elb.amazonaws.com", site.name, self.region)
                }
                BalancerKind::Network => {
                    let hex = site.arn.rsplit('/').next().unwrap_or_default();
                    format!("{}-{hex}.elb.{}.amazonaws.com", site.name, self.region)
                }
            },
            vpc: format!("vpc-{}", dice.hex(17)),
            security_group: format!("sg-{}", dice.hex(17)),
            address: site.plan.map_or(AddressPlan::Ipv4, |plan| plan.address),
            doors: self.doors(site, kind, groups.len()),
            arn: site.arn.to_owned(),
            name: site.name.to_owned(),
            stack: site.stack.map(|stack| stack.name.clone()),
            zones,
            kind,
            groups,
            tags,
            life,
        }
    }

    fn doors(&self, site: &Site<'_>, kind: BalancerKind, groups: usize) -> Vec<Door> {
        let of_stack = |kind: &'static str| {
            let mut resources = site.stack.iter().flat_map(|stack| &stack.resources);
            resources.find(is(kind))
        };
        let listener = of_stack(LISTENER).map(|resource| resource.physical.clone());
        let certificate = of_stack(CERTIFICATE).map(|resource| resource.physical.clone());
        let path = site
            .arn
            .split_once(":loadbalancer/")
            .map_or("", |(_, path)| path);
        let mut dice = self.dice(&format!("{}/doors", site.arn));
        let (port, protocol) = match (kind, &certificate) {
            (BalancerKind::Network, _) => (443, "TCP"),
            (BalancerKind::Application, Some(_)) => (443, "HTTPS"),
            (BalancerKind::Application, None) => (80, "HTTP"),
        };
        let rules = (1..groups).map(|place| (format!("/part-{place}/*"), place));
        vec![Door {
            arn: listener
                .unwrap_or_else(|| self.elastic("listener", &format!("{path}/{}", dice.hex(16)))),
            port,
            protocol,
            certificate,
            rules: match kind {
                BalancerKind::Application => rules.collect(),
                BalancerKind::Network => Vec::new(),
            },
        }]
    }

    /// The groups that are written about, and otherwise those of the stack, and at the least one.
    fn groups(
        &self,
        site: &Site<'_>,
        kind: BalancerKind,
        registered: i64,
        dice: &mut Dice,
    ) -> Vec<TargetGroup> {
        let of_stack = site.stack.iter().flat_map(|stack| &stack.resources);
        let of_stack: Vec<&Resource> = of_stack.filter(is(TARGET_GROUP)).collect();
        let planned = site.plan.map_or(&[][..], |plan| plan.group.as_slice());
        let mut groups: Vec<TargetGroup> = Vec::new();
        for resource in &of_stack {
            let about = |plan: &&TargetGroupPlan| plan.resource.as_ref() == Some(&resource.logical);
            let none = TargetGroupPlan::default();
            let plan = planned.iter().find(about).unwrap_or(&none);
            let arn = resource.physical.clone();
            groups.push(self.group(site, (kind, plan), arn, dice));
        }
        for plan in planned.iter().filter(|plan| plan.resource.is_none()) {
            let name = plan.name.as_deref().unwrap_or(site.name);
            let arn = self.target_group_arn(site, name);
            groups.push(self.group(site, (kind, plan), arn, dice));
        }
        if groups.is_empty() {
            let arn = self.target_group_arn(site, site.name);
            let plan = TargetGroupPlan::default();
            groups.push(self.group(site, (kind, &plan), arn, dice));
        }
        for group in &mut groups {
            for target in &mut group.targets {
                target.registered = registered;
            }
            self.fell(site, group);
        }
        groups
    }

    fn target_group_arn(&self, site: &Site<'_>, name: &str) -> String {
        let name = self.fill(name, site.name, "");
        let hex = self.dice(&format!("{}/{name}", site.arn)).hex(16);
        self.elastic("targetgroup", &format!("{name}/{hex}"))
    }

    fn group(
        &self,
        site: &Site<'_>,
        (kind, plan): (BalancerKind, &TargetGroupPlan),
        arn: String,
        dice: &mut Dice,
    ) -> TargetGroup {
        let name = arn.split('/').nth(1).unwrap_or(site.name).to_owned();
        let function = plan.function.as_ref();
        let function = function.map(|(stack, logical)| format!("{stack}-{logical}"));
        let is_network = kind == BalancerKind::Network;
        // What AWS has where nobody says otherwise, for functions, networks and the rest.
        let (every, timeout, healthy) = match (&function, is_network) {
            (Some(_), _) => (35, 30, 5),
            (None, true) => (30, 10, 5),
            (None, false) => (30, 5, 5),
        };
        let check = &plan.check;
        let every = check.every.unwrap_or(every).max(1) * 1_000;
        let zone = |place: usize| format!("{}{}", self.region, ["a", "b"][place % 2]);
        let target = |id: String, place: usize, dice: &mut Dice, function: Option<String>| Target {
            id,
            zone: zone(place),
            registered: 0,
            phase: dice.between(0, every),
            spells: Vec::new(),
            function,
        };
        let targets = match &function {
            Some(name) => {
                let arn = format!(
                    "arn:aws:lambda:{}:{}:function:{name}:{ACTIVE}",
                    self.region, self.account.id
                );
                vec![target(arn, 0, dice, Some(name.clone()))]
            }
            None => (0..plan.targets.unwrap_or(3))
                .map(|place| {
                    let id = format!("10.40.{}.{}", dice.between(8, 40), dice.between(2, 250));
                    target(id, place, dice, None)
                })
                .collect(),
        };
        TargetGroup {
            kind: match function {
                Some(_) => TargetKind::Function,
                None => TargetKind::Address,
            },
            protocol: if is_network { "TCP" } else { "HTTP" },
            port: plan.port.unwrap_or(8_080),
            path: (!is_network).then(|| check.path.clone().unwrap_or_else(|| "/".to_owned())),
            rhythm: Rhythm {
                every,
                healthy: check.healthy.unwrap_or(healthy).max(1),
                unhealthy: check.unhealthy.unwrap_or(2).max(1),
                phase: 0,
            },
            timeout: check.timeout.unwrap_or(timeout),
            targets,
            name,
            arn,
        }
    }

    /// Gives the targets of a group what is wrong with them.
    fn fell(&self, site: &Site<'_>, group: &mut TargetGroup) {
        let mut resources = site.stack.iter().flat_map(|stack| &stack.resources);
        let resource = resources.find(|resource| resource.physical == group.arn);
        let logical = resource.map(|resource| resource.logical.as_str());
        let is_about = |outage: &&OutagePlan| {
            let named =
                |name: &Option<String>| name.as_deref().map(|name| self.fill(name, name, ""));
            let stack = site.stack.map(|stack| stack.name.clone());
            let here = match (named(&outage.stack), named(&outage.load_balancer)) {
                (Some(name), _) => Some(name) == stack,
                (None, Some(name)) => stack.is_none() && name == site.name,
                (None, None) => false,
            };
            let wanted = outage.group.as_deref();
            here && self.reached(&outage.on)
                && wanted.is_none_or(|wanted| wanted == group.name || Some(wanted) == logical)
        };
        for outage in self.plan.outage.iter().filter(is_about) {
            let struck = outage.targets.unwrap_or(usize::MAX);
            for target in group.targets.iter_mut().take(struck) {
                target.spells.push(self.spell(outage));
            }
        }
    }

    fn spell(&self, outage: &OutagePlan) -> Spell {
        Spell {
            first: self.began.timestamp_millis() + outage.first * 1_000,
            lasts: outage.lasts.map(|seconds| seconds * 1_000),
            every: outage.every.map(|seconds| seconds * 1_000),
            symptom: match outage.kind {
                OutageKind::Code => Symptom::Code(outage.code),
                OutageKind::Timeout => Symptom::Timeout,
                OutageKind::Refused => Symptom::Refused,
                OutageKind::Registering => Symptom::Registering,
                OutageKind::Draining => Symptom::Draining,
                OutageKind::Unused => Symptom::Unused,
            },
        }
    }
}

/// What is wrong with things that the scenario's outages are about, if `is_it` says that it is them.
pub(in crate::sandbox::world) fn spells(
    ground: &Ground<'_>,
    is_it: impl Fn(&OutagePlan) -> bool,
) -> Vec<Spell> {
    let outages = ground.plan.outage.iter();
    outages
        .filter(|outage| ground.reached(&outage.on) && is_it(outage))
        .map(|outage| ground.spell(outage))
        .collect()
}

fn is(kind: &'static str) -> impl Fn(&&Resource) -> bool {
    move |resource| resource.kind == kind
}

/// A stack's tags, and those that CloudFormation adds to what it makes.
fn tags_of(stack: &Stack) -> Vec<(String, String)> {
    let own = stack.born.tags.iter();
    let own = own
        .filter(|(_, value)| !value.contains("{version}"))
        .cloned();
    let added = [
        ("aws:cloudformation:stack-name", stack.name.clone()),
        ("aws:cloudformation:stack-id", stack.id.clone()),
        ("aws:cloudformation:logical-id", "LoadBalancer".to_owned()),
    ];
    let added = added.map(|(key, value)| (key.to_owned(), value));
    added.into_iter().chain(own).collect()
}
