//! What clients do to stacks: deploy, cancel, roll back, delete.
//!
//! Each comes to an [`Operation`] that is written below the stack's others. Whoever calls holds [`World::writing`] and
//! has made sure that the stack may be changed; here it is only done.

mod delivery;
mod resource;
mod score;
mod undo;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};

pub(in crate::sandbox) use delivery::version;
use delivery::{after, parts};
use score::{Move, Pace, Part, Score, of_stack};
use undo::{Back, back};

use super::World;
use super::play::CHURNING;
use super::stack::{Definition, Kind, OnFailure, Operation, Phase, Stack, Trail};
use crate::sandbox::template::{Change, Keeping, Place, Policy, Resolver, Shape, Template};
use crate::sandbox::timeline::{Step, Verb};

/// Who does it, where and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Order<'o> {
    pub(in crate::sandbox) place: (&'o str, &'o str),
    pub(in crate::sandbox) now: DateTime<Utc>,
    pub(in crate::sandbox) token: Option<&'o str>,
}

/// What is to be deployed.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Deployment<'d> {
    pub(in crate::sandbox) template: &'d Arc<Template>,
    /// Without outputs: they are known when it is known what resources are called.
    pub(in crate::sandbox) definition: Definition,
    pub(in crate::sandbox) version: &'d str,
    pub(in crate::sandbox) changes: &'d [Change],
    /// Where it goes, as far as it is known before it is there.
    pub(in crate::sandbox) place: Place,
    pub(in crate::sandbox) change_set: Option<&'d str>,
    /// Outputs that say what they said before.
    pub(in crate::sandbox) kept: Vec<(String, String)>,
    /// What holds for this deployment alone, or else what holds for the stack.
    pub(in crate::sandbox) policy: Option<Policy>,
}

impl World {
    /// Creates or updates: what the changes say.
    pub(in crate::sandbox) fn deploy(
        &self,
        stack: &Stack,
        order: Order<'_>,
        deployment: &Deployment<'_>,
    ) {
        let number = number(stack);
        let before = phase(stack, order.now);
        let resolver = Resolver {
            template: deployment.template,
            place: &deployment.place,
        };
        let shapes = resolver.shapes();
        let first = stack.resources.len();
        let (mut parts, physical) = parts(stack, order, (deployment, &shapes), number);
        let after = after(deployment, physical);
        let again = self.choose_failure(stack, order, (deployment, &shapes), &mut parts);
        let creating = stack
            .standing(order.now)
            .is_none_or(|it| it.kind == Kind::Review);
        let score = Score {
            verb: if creating { Verb::Create } else { Verb::Update },
            on_failure: after.definition.on_failure,
            pace: Pace::of(parts.len()),
            again,
            parts,
        };
        let operation = Operation {
            started: order.now,
            kind: score.verb.into(),
            number,
            token: order.token.map(str::to_owned),
            steps: score.steps(),
            before,
            after: Arc::new(after),
            brought: first..stack.resources.len(),
            change_set: deployment.change_set.map(str::to_owned),
            called_off: OnceLock::new(),
        };
        if score.parts.iter().all(|part| part.fails.is_none()) {
            self.deploy_nested(stack, order, &score, &operation);
        }
        stack.operations.push(operation);
        self.mend(stack, order.place);
    }

    /// Marks the part that fails, and says why it cannot be taken back either.
    fn choose_failure(
        &self,
        stack: &Stack,
        order: Order<'_>,
        (deployment, shapes): (&Deployment<'_>, &[Shape]),
        parts: &mut [Part],
    ) -> Option<String> {
        for change in deployment.changes {
            let denied = change.guarded().and_then(|action| {
                let policy = deployment.policy.as_ref()?;
                policy.denies(action, &change.logical, &change.kind)
            });
            let shape = shapes.iter().find(|shape| shape.logical == change.logical);
            let told = shape.and_then(|shape| {
                let said = shape.attribute("Metadata")?.get("SandboxFails")?;
                Some(said.as_str()?.to_owned())
            });
            let part = parts.iter_mut().find(|part| part.logical == change.logical);
            if let (Some(reason), Some(part)) = (denied.or(told), part) {
                part.fails = Some(reason);
                // What may not be removed fails where it would have been changed.
                if let Move::Remove(place, _) = part.action {
                    part.action = Move::Modify(place);
                }
            }
        }
        if parts.iter().any(|part| part.fails.is_some()) {
            return None;
        }
        let forward = parts.iter();
        let forward = forward.filter(|part| !matches!(part.action, Move::Remove(..)));
        let names: Vec<&str> = forward.map(|part| part.logical.as_str()).collect();
        let met = self.failings.met(order.place, &stack.name, &names)?;
        let wanted = met.resource.clone();
        let wanted = wanted.or_else(|| names.last().map(|name| (*name).to_owned()))?;
        let part = parts.iter_mut().find(|part| part.logical == wanted)?;
        part.fails = Some(met.reason);
        met.rollback_fails
    }

    /// A nested stack whose resource is changed has an update of its own, inside its parent's.
    fn deploy_nested(&self, stack: &Stack, order: Order<'_>, score: &Score, whole: &Operation) {
        for (index, part) in score.parts.iter().enumerate() {
            let Move::Modify(place) = part.action else {
                continue;
            };
            let Some(child) = self.nested(stack, order.place, place) else {
                continue;
            };
            let resources = child.resources(order.now);
            let churning = resources
                .iter()
                .filter(|own| CHURNING.contains(&own.resource.kind.as_str()));
            let parts: Vec<Part> = churning
                .map(|own| Part {
                    logical: own.resource.logical.clone(),
                    action: Move::Modify(own.place),
                    fails: None,
                })
                .collect();
            let before = phase(child, order.now);
            let own = Score {
                verb: Verb::Update,
                on_failure: OnFailure::RollsBack,
                again: None,
                pace: Pace::nested(parts.len()),
                parts,
            };
            let began = order.now + TimeDelta::milliseconds(score.pace.begins(index) + 200);
            let inner = Order {
                now: began,
                ..order
            };
            let operation = Operation {
                number: whole.number,
                started: began,
                kind: Kind::Update,
                token: whole.token.clone(),
                steps: own.steps(),
                after: Arc::new(Phase {
                    version: Arc::clone(&whole.after.version),
                    ..(*before).clone()
                }),
                before,
                brought: child.resources.len()..child.resources.len(),
                change_set: None,
                called_off: OnceLock::new(),
            };
            self.deploy_nested(child, inner, &own, &operation);
            child.operations.push(operation);
        }
    }

    /// The stack behind a resource that is one.
    fn nested(&self, stack: &Stack, place: (&str, &str), resource: usize) -> Option<&Stack> {
        let resource = stack.resources.get(resource)?;
        let estate = self.estate(place.0, place.1).ok()?;
        let mut stacks = estate.stacks.iter();
        stacks.find(|other| other.id == resource.physical)
    }

    /// Takes back what has been done since the stack last stood firm. `skipped`: places that stay as they are.
    pub(in crate::sandbox) fn roll_back(
        &self,
        stack: &Stack,
        order: Order<'_>,
        (kind, skipped): (Kind, &[usize]),
    ) {
        let trail = stack.trail(order.now);
        let creating = stack
            .standing(order.now)
            .is_some_and(|standing| standing.status.starts_with("CREATE"));
        let mut steps = Vec::new();
        for place in &trail.open {
            let failed = if trail.new.contains(place) {
                ("CREATE_FAILED", "Resource creation cancelled")
            } else {
                ("UPDATE_FAILED", "Resource update cancelled")
            };
            steps.push(score::of_resource(90, *place, failed.0, Some(failed.1)));
        }
        let name = |place: usize| {
            let resource = stack.resources.get(place);
            resource.map_or("", |resource| resource.logical.as_str())
        };
        let held = trail.stuck.iter().find_map(|place| {
            let why = self
                .failings
                .holds_back(order.place, &stack.name, name(*place))?;
            (!skipped.contains(place)).then_some((*place, why))
        });
        let words = Some("User Initiated".to_owned());
        steps.extend(back(
            &trail,
            Back {
                from: 0,
                creating,
                reason: words,
                stuck: held
                    .as_ref()
                    .map(|(place, why)| (*place, name(*place), why.as_str())),
                skipped,
            },
        ));
        // Stable: the stack speaks before the resources that it cancels.
        steps.sort_by_key(|step| step.at);
        self.close(stack, order, (kind, steps), trail.before);
        self.mend(stack, order.place);
    }

    /// Deletes a stack and all that is nested in it. `retained`: logical ids that stay; `blocked`: why it cannot be.
    pub(in crate::sandbox) fn delete(
        &self,
        stack: &Stack,
        order: Order<'_>,
        (retained, blocked): (&[String], Option<String>),
    ) {
        let before = phase(stack, order.now);
        let words = Some("User Initiated".to_owned());
        let mut steps = vec![of_stack(0, "DELETE_IN_PROGRESS", words)];
        if let Some(reason) = blocked {
            steps.push(of_stack(1_200, "DELETE_FAILED", Some(reason)));
            self.close(stack, order, (Kind::Delete, steps), before);
            return;
        }
        let resources = stack.resources(order.now);
        let pace = Pace::of(resources.len());
        let mut at = 500;
        for standing in resources.iter().rev() {
            let keeping = if retained.contains(&standing.resource.logical) {
                Keeping::Retain
            } else {
                kept(&before.definition, &standing.resource.logical)
            };
            if let Some(child) = self.nested(stack, order.place, standing.place) {
                let began = order.now + TimeDelta::milliseconds(at);
                let inner = Order {
                    now: began,
                    ..order
                };
                self.delete(child, inner, (&[], None));
            }
            score::leave(&mut steps, at, standing.place, keeping);
            at += pace.stride / 2;
        }
        let done = if resources.is_empty() {
            800
        } else {
            at + 1_500
        };
        steps.push(of_stack(done, "DELETE_COMPLETE", None));
        steps.sort_by_key(|step| step.at);
        self.close(stack, order, (Kind::Delete, steps), before);
    }

    /// Writes down an operation after which the stack is what it was at `phase`.
    #[allow(clippy::unused_self, reason = "whoever writes has the world")]
    fn close(
        &self,
        stack: &Stack,
        order: Order<'_>,
        (kind, steps): (Kind, Vec<Step>),
        phase: Arc<Phase>,
    ) {
        stack.operations.push(Operation {
            started: order.now,
            kind,
            number: number(stack),
            token: order.token.map(str::to_owned),
            steps,
            before: Arc::clone(&phase),
            after: phase,
            brought: nothing(stack),
            change_set: None,
            called_off: OnceLock::new(),
        });
    }
}

/// The empty shell that the change set of a new stack belongs to.
pub(in crate::sandbox) fn review(started: DateTime<Utc>) -> Operation {
    let words = Some("User Initiated".to_owned());
    Operation {
        started,
        kind: Kind::Review,
        number: FIRST,
        token: None,
        steps: vec![of_stack(0, "REVIEW_IN_PROGRESS", words)],
        before: Arc::default(),
        after: Arc::default(),
        brought: 0..0,
        change_set: None,
        called_off: OnceLock::new(),
    }
}

/// Beyond all that scenarios play.
const FIRST: u64 = 1 << 40;

fn number(stack: &Stack) -> u64 {
    FIRST + u64::try_from(stack.operations.len()).unwrap_or(0)
}

fn nothing(stack: &Stack) -> Range<usize> {
    stack.resources.len()..stack.resources.len()
}

/// What the stack is at this moment.
fn phase(stack: &Stack, now: DateTime<Utc>) -> Arc<Phase> {
    let standing = stack.standing(now);
    standing.map_or_else(Arc::default, |standing| {
        Arc::new(Phase {
            definition: Arc::clone(standing.definition),
            version: Arc::clone(&standing.version),
        })
    })
}

/// Whether a template says that a resource outlives its stack.
fn kept(definition: &Definition, logical: &str) -> Keeping {
    let said = definition.template.as_ref().and_then(|template| {
        let resource = template.section("Resources").get(logical)?;
        resource.get("DeletionPolicy")?.as_str()
    });
    Keeping::said(said)
}

/// Whether a stack may be deployed to as it stands.
pub(in crate::sandbox) fn is_firm(status: &str) -> bool {
    matches!(
        status,
        "CREATE_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE"
            | "IMPORT_COMPLETE"
            | "IMPORT_ROLLBACK_COMPLETE"
    )
}

/// What continuing a rollback may skip: what failed in it.
pub(in crate::sandbox) fn stuck<'s>(stack: &'s Stack, trail: &Trail) -> Vec<(usize, &'s str)> {
    let places = trail.stuck.iter();
    let named = places.filter_map(|place| {
        let resource = stack.resources.get(*place)?;
        Some((*place, resource.logical.as_str()))
    });
    named.collect()
}
