//! Which groups an account has in a region: those of its stacks' functions, containers, APIs and clusters,
//! and those that the scenario names.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::group::Group;
use super::kept::{Kept, LogLine};
use super::source::{Illness, Source};
use super::voice::{Access, Container, Function, Persona, Style, Voice, Wrapping};
use super::{Shelf, group_arn};
use crate::sandbox::scenario::{LogGroupPlan, LogLinePlan, VoicePlan};
use crate::sandbox::timeline::Verb;
use crate::sandbox::world::ailment::Ailment;
use crate::sandbox::world::build::MEGABYTE_LINE;
use crate::sandbox::world::function::{self, Runtime};
use crate::sandbox::world::health::Spell;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::stack::{Resource, Stack};
use crate::sandbox::world::{Estate, World, traffic};

const MILLION: f64 = 1_000_000.0;
const RETENTION: i64 = 30;
const LOG_GROUP: &str = "AWS::Logs::LogGroup";

/// One account in one region.
#[derive(Clone, Copy)]
struct Site<'w> {
    world: &'w World,
    account: &'w str,
    region: &'w str,
}

/// A group before it has got its lines.
struct Draft {
    created: i64,
    ended: i64,
    voice: Option<Voice>,
    /// Pieces of work per minute.
    rate: f64,
    errors: f64,
    late: f64,
    illness: Option<Illness>,
    retention: Option<i64>,
    class: String,
}

pub(super) fn shelf(world: &World, estate: &Estate, account: &str, region: &str) -> Shelf {
    let site = Site {
        world,
        account,
        region,
    };
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    for stack in &estate.stacks {
        site.containers(estate, stack, &mut drafts);
    }
    for function in function::functions(world.seed, &estate.stacks) {
        drafts.insert(function.log_group.clone(), site.function(&function));
    }
    let listed = world.accounts.get(account);
    if listed.is_some_and(|account| account.regions.contains_key(region)) {
        for plan in world
            .logs
            .groups
            .iter()
            .filter(|plan| site.reached(&plan.on))
        {
            site.planned(plan, &mut drafts);
        }
    }
    let finished = drafts.into_iter().map(|(name, draft)| {
        let group = site.finished(&name, draft);
        (name, Arc::new(group))
    });
    let mut shelf: Shelf = finished.collect();
    for line in world
        .logs
        .lines
        .iter()
        .filter(|line| site.reached(&line.on))
    {
        let name = site.fill(&line.group);
        let group = shelf.entry(name.clone()).or_insert_with(|| {
            let created = world.logs.began;
            Arc::new(empty(
                world.seed,
                (account, region),
                &name,
                "STANDARD",
                created,
            ))
        });
        group.put(&line.stream, &[site.line(line)]);
    }
    shelf
}

/// What is wrong with what stands behind the stack's load balancer.
fn behind_a_balancer(estate: &Estate, stack: &Stack) -> Option<Illness> {
    let mut balancers = estate.balancers.iter();
    let balancer = balancers.find(|found| found.stack.as_ref() == Some(&stack.name))?;
    let spells: Vec<Spell> = balancer.spells().cloned().collect();
    (!spells.is_empty()).then_some(Illness::Spells(spells))
}

/// A group without lines.
pub(super) fn empty(
    seed: u64,
    (account, region): (&str, &str),
    name: &str,
    class: &str,
    created: i64,
) -> Group {
    let arn = group_arn(account, region, name);
    Group {
        name: name.to_owned(),
        salt: Dice::named(seed, &arn).roll(),
        arn,
        created,
        class: class.to_owned(),
        source: None,
        kept: Mutex::default(),
    }
}

impl Site<'_> {
    fn finished(self, name: &str, draft: Draft) -> Group {
        let world = self.world;
        let bare = empty(
            world.seed,
            (self.account, self.region),
            name,
            &draft.class,
            draft.created,
        );
        let rate = millionths(draft.rate * world.logs.plan.rate);
        let source = draft.voice.filter(|_| rate > 0).map(|voice| Source {
            seed: Dice::named(world.seed, &format!("{}/lines", bare.arn)).roll(),
            voice,
            rate,
            errors: millionths(draft.errors),
            late: millionths(draft.late),
            illness: draft.illness,
            life: draft.created..draft.ended,
        });
        Group {
            source,
            kept: Mutex::new(Kept::with_retention(draft.retention)),
            ..bare
        }
    }

    fn draft(self, stack: &Stack, logical: &str, voice: Voice, rate: f64) -> Draft {
        let plan = self.world.logs.plan;
        let share = self
            .world
            .share(self.account, self.region, (&stack.name, logical));
        let deleted = stack
            .past
            .last()
            .filter(|last| last.script.verb == Verb::Delete);
        Draft {
            created: stack.past.first().map_or(self.world.logs.began, |birth| {
                birth.started.timestamp_millis()
            }),
            ended: deleted.map_or(i64::MAX, |last| last.started.timestamp_millis()),
            voice: Some(voice),
            rate: rate * share,
            errors: plan.errors,
            late: plan.late,
            illness: Ailment::of(stack, logical).map(Illness::Of),
            retention: Some(RETENTION),
            class: "STANDARD".to_owned(),
        }
    }

    fn function(self, function: &function::Function<'_>) -> Draft {
        let (stack, resource) = (function.stack, function.resource);
        let voice = Voice::Function(Function {
            persona: self.persona(stack.service(), &resource.logical, function.runtime),
            region: self.region.to_owned(),
            memory: function.memory,
            timeout: function.timeout * 1_000,
        });
        let has_service = stack.born.tags.iter().any(|(key, _)| key == "service");
        let mut draft = self.draft(
            stack,
            &resource.logical,
            voice,
            traffic::calls(&resource.logical, has_service),
        );
        let lambda = self.world.lambda(self.account, self.region, function);
        draft.illness = Some(Illness::Function(lambda));
        draft
    }

    /// The log groups that a stack declares, and those of its clusters.
    fn containers(self, estate: &Estate, stack: &Stack, drafts: &mut BTreeMap<String, Draft>) {
        let deleted = stack
            .past
            .last()
            .is_some_and(|last| last.script.verb == Verb::Delete);
        for resource in stack.resources.iter().filter(|_| !deleted) {
            let (name, draft) = match resource.kind.as_str() {
                LOG_GROUP => (resource.physical.clone(), self.declared(stack, resource)),
                "AWS::EKS::Cluster" => {
                    let voice = self.container(
                        stack.service(),
                        Wrapping::Pod {
                            region: self.region.to_owned(),
                        },
                    );
                    let name = format!("/aws/containerinsights/{}/application", resource.physical);
                    let mut draft = self.draft(stack, &resource.logical, voice, 30.0);
                    draft.illness = draft.illness.or_else(|| behind_a_balancer(estate, stack));
                    (name, draft)
                }
                _ => continue,
            };
            drafts.insert(name, draft);
        }
    }

    /// A log group of a template: containers write to it where the stack has some, else an API does.
    fn declared(self, stack: &Stack, group: &Resource) -> Draft {
        let service = stack
            .resources
            .iter()
            .find(|resource| resource.kind == "AWS::ECS::Service");
        if let Some(service) = service {
            let voice = self.container(stack.service(), Wrapping::Bare);
            return self.draft(stack, &service.logical, voice, 36.0);
        }
        let voice = Voice::Access(Access {
            service: stack.service().to_owned(),
        });
        self.draft(stack, &group.logical, voice, 40.0)
    }

    fn container(self, service: &str, wrapping: Wrapping) -> Voice {
        Voice::Container(Container {
            persona: self.persona(service, "container", Runtime::Java),
            wrapping,
        })
    }

    fn persona(self, service: &str, logical: &str, runtime: Runtime) -> Persona {
        let mut dice = Dice::named(self.world.seed, &format!("{service}/{logical}/style"));
        Persona {
            service: service.to_owned(),
            runtime,
            style: if dice.between(0, 100) < 55 {
                Style::Json
            } else {
                Style::Plain
            },
        }
    }

    /// What the scenario says of a group: more about one of the stacks', or one of its own.
    fn planned(self, plan: &LogGroupPlan, drafts: &mut BTreeMap<String, Draft>) {
        let shares = self.world.logs.plan;
        let draft = drafts
            .entry(self.fill(&plan.name))
            .or_insert_with(|| Draft {
                created: self.world.logs.began - 90 * 86_400_000,
                ended: i64::MAX,
                voice: None,
                rate: 6.0,
                errors: shares.errors,
                late: shares.late,
                illness: None,
                retention: None,
                class: "STANDARD".to_owned(),
            });
        if let Some(voice) = plan.voice {
            let region = self.region.to_owned();
            draft.voice = Some(match voice {
                VoicePlan::Container => self.container(&plan.service, Wrapping::Bare),
                VoicePlan::Pods => self.container(&plan.service, Wrapping::Pod { region }),
                VoicePlan::Access => Voice::Access(Access {
                    service: plan.service.clone(),
                }),
                VoicePlan::Function => Voice::Function(Function {
                    persona: self.persona(&plan.service, "function", Runtime::Python),
                    region,
                    memory: 512,
                    timeout: 10_000,
                }),
            });
        }
        draft.rate = plan.rate.unwrap_or(draft.rate);
        draft.errors = plan.errors.unwrap_or(draft.errors);
        draft.late = plan.late.unwrap_or(draft.late);
        draft.retention = plan.retention.or(draft.retention);
        draft.class = plan.class.clone().unwrap_or_else(|| draft.class.clone());
    }

    fn line(self, plan: &LogLinePlan) -> LogLine {
        let began = self.world.logs.began;
        let timestamp = began + millionths(plan.at) / 1_000;
        let megabyte = || MEGABYTE_LINE.repeat(1_000_000 / MEGABYTE_LINE.len());
        LogLine {
            timestamp,
            ingestion: timestamp + millionths(plan.late) / 1_000,
            message: if plan.message.contains("{megabyte}") {
                plan.message.replace("{megabyte}", &megabyte())
            } else {
                plan.message.clone()
            },
        }
    }

    fn fill(self, text: &str) -> String {
        text.replace("{account}", self.account_name())
            .replace("{account_id}", self.account)
            .replace("{region}", self.region)
    }

    fn reached(self, reach: &crate::sandbox::scenario::Reach) -> bool {
        reach.covers(self.account_name(), self.region)
    }

    fn account_name(&self) -> &str {
        let accounts = self.world.logs.accounts.iter();
        let mut own = accounts.filter(|(id, _)| id == self.account);
        own.next().map_or("", |(_, name)| name)
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "shares, rates and seconds written in a scenario"
)]
fn millionths(number: f64) -> i64 {
    (number * MILLION) as i64
}
