//! What has happened to a stack and its nested stacks, and what goes on happening.
//!
//! A nested stack's operation takes place inside its parent's: its script begins when the parent's
//! resource does, and the parent's resource ends when the child has. So children are scripted first.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::build::{Ground, Tree};
use crate::sandbox::scenario::{EndingPlan, MovePlan, Reach, StackPlan, TroublePlan};
use crate::sandbox::timeline::{
    Appearance, Ending, Episode, Millis, Routine, Script, Touch, Turn, Verb, beginning,
};

/// A failure to be played: where it is, seen from the stack in hand, and what is said about it.
#[derive(Clone, Copy)]
struct Course<'p> {
    path: &'p [String],
    resource: &'p str,
    reason: &'p str,
    again: Option<&'p str>,
}

/// One stack's share of an operation on the whole tree.
struct Part {
    stack: usize,
    delay: Millis,
    script: Arc<Script>,
}

/// Which operation of a stack's life an episode is; its ids are made from this.
#[derive(Clone, Copy)]
enum Chapter {
    Birth = 0,
    LastUpdate = 1,
    Trouble = 2,
    End = 3,
}

/// Between the starts of two resources in what is long past.
const ORDINARY_STRIDE: Millis = 900;

pub(super) fn give_history(ground: &Ground<'_>, plan: &StackPlan, name: &str, tree: &mut Tree) {
    let concerned = |stack: &str, on: &Reach| stack == plan.name && ground.reached(on);
    let version = ground
        .plan
        .version
        .iter()
        .rfind(|other| concerned(&other.stack, &other.on))
        .map_or(plan.version.as_str(), |other| other.version.as_str());
    let previous = earlier(version);
    let mut dice = ground.dice(&format!("{name}/history"));
    let mut ago = |from: TimeDelta, to: TimeDelta| {
        let millis = dice.between(from.num_milliseconds(), to.num_milliseconds());
        ground.began - TimeDelta::milliseconds(millis)
    };

    let born = ago(TimeDelta::days(40), TimeDelta::days(700));
    let parts = script(tree, Verb::Create, ORDINARY_STRIDE, None);
    record(tree, Chapter::Birth, born, (&previous, &previous), &parts);
    let updated = ago(TimeDelta::hours(2), TimeDelta::days(9));
    let parts = script(tree, Verb::Update, ORDINARY_STRIDE, None);
    record(
        tree,
        Chapter::LastUpdate,
        updated,
        (&previous, version),
        &parts,
    );

    let troubles = ground.plan.trouble.iter();
    for trouble in troubles.filter(|trouble| concerned(&trouble.stack, &trouble.on)) {
        fail(ground, tree, trouble, version);
    }
    if let Some(days) = plan.deleted_days_ago {
        let gone = ago(TimeDelta::days(days), TimeDelta::days(days + 1));
        // What is gone was last updated before it went.
        for stack in &mut tree.stacks {
            stack.past.retain(|episode| episode.started < gone);
        }
        let parts = script(tree, Verb::Delete, ORDINARY_STRIDE, None);
        record(tree, Chapter::End, gone, (version, version), &parts);
    }
    let moves = ground.plan.moves.iter();
    for movement in moves.filter(|movement| concerned(&movement.stack, &movement.on)) {
        keep_moving(ground, tree, movement, version);
    }
}

/// Adds an operation to the past of every stack that takes part in it. `versions`: before, after.
fn record(
    tree: &mut Tree,
    chapter: Chapter,
    started: DateTime<Utc>,
    versions: (&str, &str),
    parts: &[Part],
) {
    for part in parts {
        tree.stacks[part.stack].past.push(Episode {
            started: started + TimeDelta::milliseconds(part.delay),
            script: Arc::clone(&part.script),
            previous: versions.0.into(),
            version: versions.1.into(),
            number: chapter as u64,
        });
    }
}

fn fail(ground: &Ground<'_>, tree: &mut Tree, plan: &TroublePlan, version: &str) {
    let leaf = plan.path.iter().fold(0, |stack, logical| {
        let resources = &tree.stacks[stack].resources;
        tree.children[stack]
            .iter()
            .find(|(resource, _)| resources[*resource].logical == *logical)
            .map_or(stack, |(_, child)| *child)
    });
    let name = tree.stacks[leaf].name.clone();
    let added = plan
        .adding
        .iter()
        .filter_map(|text| ground.resource(&name, text));
    tree.stacks[leaf].resources.extend(added);
    let reason = ground.fill(&plan.reason, &name, "");
    let course = Course {
        path: &plan.path,
        resource: &plan.resource,
        reason: &reason,
        again: plan.again.as_deref(),
    };
    let parts = script(tree, Verb::Update, 1_400, Some(course));
    // Off the round minute, as things happen.
    let started =
        ground.began - TimeDelta::minutes(plan.minutes_ago) - TimeDelta::milliseconds(17_340);
    let versions = (version, plan.version.as_str());
    record(tree, Chapter::Trouble, started, versions, &parts);
}

fn keep_moving(ground: &Ground<'_>, tree: &mut Tree, plan: &MovePlan, version: &str) {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a stride is seconds written in a scenario"
    )]
    let stride = (plan.stride * 1_000.0) as Millis;
    let first = ground.began + TimeDelta::seconds(plan.first);
    let turns = plan.endings.iter().map(|ending| {
        let course = Course {
            path: &[],
            resource: plan.resource.as_deref().unwrap_or_default(),
            reason: plan.reason.as_deref().unwrap_or("Internal Failure"),
            again: (*ending == EndingPlan::GetsStuck).then_some("Internal Failure"),
        };
        let course = (*ending != EndingPlan::Succeeds).then_some(course);
        (course.is_none(), script(tree, Verb::Update, stride, course))
    });
    let turns: Vec<(bool, Vec<Part>)> = turns.collect();
    let parts = turns.iter().flat_map(|(_, parts)| parts);
    let longest = parts.map(|part| part.delay + part.script.length()).max();
    // An update does not begin before the last one has ended, whatever the scenario wishes.
    let every = (plan.every * 1_000).max(longest.unwrap_or(0) + PAUSE);
    for (place, stack) in tree.stacks.iter_mut().enumerate() {
        let own = turns.iter().map(|(counts, parts)| {
            let part = parts.iter().find(|part| part.stack == place);
            Turn {
                appearance: part.map(|part| Appearance {
                    delay: part.delay,
                    script: Arc::clone(&part.script),
                }),
                counts: *counts,
            }
        });
        stack.routine = Some(Routine {
            first,
            every,
            turns: own.collect(),
            version: version.into(),
        });
    }
}

fn script(tree: &Tree, verb: Verb, stride: Millis, course: Option<Course<'_>>) -> Vec<Part> {
    let mut parts = Vec::new();
    rehearse(
        tree,
        Cue {
            stack: 0,
            delay: 0,
            verb,
            stride,
        },
        course,
        &mut parts,
    );
    // Parents first, as they begin.
    parts.sort_by_key(|part| part.delay);
    parts
}

/// What is asked of one stack in an operation on the tree.
#[derive(Clone, Copy)]
struct Cue {
    stack: usize,
    delay: Millis,
    verb: Verb,
    stride: Millis,
}

fn rehearse(
    tree: &Tree,
    cue: Cue,
    course: Option<Course<'_>>,
    parts: &mut Vec<Part>,
) -> Arc<Script> {
    let stack = &tree.stacks[cue.stack];
    let mut touches: Vec<Touch> = Vec::new();
    let mut nested: Vec<(usize, Vec<Part>)> = Vec::new();
    let mut ending = Ending::Succeeds;
    for resource in chosen(tree, cue, course) {
        let logical = &stack.resources[resource].logical;
        let inner = course.and_then(|course| {
            let (first, rest) = course.path.split_first()?;
            (first == logical).then_some(Course {
                path: rest,
                ..course
            })
        });
        let child = tree.children[cue.stack]
            .iter()
            .find(|(place, _)| *place == resource);
        let begins = beginning(cue.stride, touches.len());
        let mut takes = cue.stride * 5 / 2;
        if let Some((_, child)) = child {
            let part = Cue {
                stack: *child,
                delay: cue.delay + begins + 300,
                ..cue
            };
            let mut own = Vec::new();
            let script = rehearse(tree, part, inner, &mut own);
            nested.push((touches.len(), own));
            takes = 900 + script.fails_at().unwrap_or_else(|| script.length());
            if let Some(course) = inner {
                ending = embedded(&tree.stacks[*child].id, &script, touches.len(), course);
            }
        } else if let Some(course) =
            course.filter(|course| course.path.is_empty() && course.resource == logical)
        {
            let (touch, reason) = (touches.len(), course.reason.to_owned());
            ending = match course.again {
                Some(again) => Ending::GetsStuck {
                    touch,
                    reason,
                    again: again.to_owned(),
                },
                None => Ending::RollsBack { touch, reason },
            };
        }
        touches.push(Touch {
            resource,
            logical: logical.clone(),
            verb: verb_for(tree, cue, resource),
            takes,
        });
    }
    let script = Arc::new(Script {
        verb: cue.verb,
        touches,
        stride: cue.stride,
        ending,
    });
    // A script that fails early never gets to the nested stacks that come later.
    let over = script.fails_at().unwrap_or(Millis::MAX);
    let reached = nested
        .into_iter()
        .filter(|(touch, _)| script.ends(*touch) <= over);
    parts.extend(reached.flat_map(|(_, own)| own));
    parts.push(Part {
        stack: cue.stack,
        delay: cue.delay,
        script: Arc::clone(&script),
    });
    script
}

/// How a parent words the failure of a nested stack.
fn embedded(child: &str, script: &Script, touch: usize, course: Course<'_>) -> Ending {
    let said = |status: &str| {
        format!(
            "Embedded stack {child} was not successfully updated. Currently in {status} with reason: {}",
            script.failure_reason()
        )
    };
    let reason = said("UPDATE_ROLLBACK_IN_PROGRESS");
    match course.again {
        Some(_) => Ending::GetsStuck {
            touch,
            reason,
            again: said("UPDATE_ROLLBACK_FAILED"),
        },
        None => Ending::RollsBack { touch, reason },
    }
}

/// The least that lies between the end of one update and the start of the next.
const PAUSE: Millis = 5_000;

/// What an ordinary deployment changes; the rest of a stack lies still for years.
pub(super) const CHURNING: [&str; 9] = [
    "AWS::Lambda::Function",
    "AWS::Lambda::Version",
    "AWS::Lambda::Alias",
    "AWS::ECS::TaskDefinition",
    "AWS::ECS::Service",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Stage",
    "AWS::SSM::Parameter",
    "AWS::CloudFormation::Stack",
];
const MOST_TOUCHED: usize = 12;

/// Resources that came with a failed update have no past of their own before it.
fn verb_for(tree: &Tree, cue: Cue, resource: usize) -> Verb {
    let born = tree.stacks[cue.stack].past.first();
    let known = born.is_none_or(|episode| {
        episode
            .script
            .touches
            .iter()
            .any(|touch| touch.resource == resource)
    });
    if known { cue.verb } else { Verb::Create }
}

fn chosen(tree: &Tree, cue: Cue, course: Option<Course<'_>>) -> Vec<usize> {
    let stack = &tree.stacks[cue.stack];
    let all = 0..stack.resources.len();
    match cue.verb {
        Verb::Create => all.collect(),
        Verb::Delete => all.rev().collect(),
        Verb::Update => {
            let failing = |place: usize| {
                course.is_some_and(|course| {
                    let name = course.path.first().map_or(course.resource, String::as_str);
                    name == stack.resources[place].logical
                })
            };
            let new = |place: usize| verb_for(tree, cue, place) == Verb::Create;
            let moving = |place: usize| {
                let kind = stack.resources[place].kind.as_str();
                CHURNING.contains(&kind) || failing(place) || (new(place) && course.is_some())
            };
            let mut touched: Vec<usize> = all.clone().filter(|place| moving(*place)).collect();
            if touched.is_empty() {
                touched = all.take(3).collect();
            }
            // What is new waits for what it depends on, and that is where the failure is.
            if touched.iter().any(|place| new(*place)) {
                touched.sort_by_key(|place| (new(*place), failing(*place)));
            }
            if course.is_none() {
                touched.truncate(MOST_TOUCHED);
            }
            touched
        }
    }
}

/// The version before: `v418` comes after `v417`.
fn earlier(version: &str) -> String {
    let stem = version.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match version
        .strip_prefix(stem)
        .and_then(|digits| digits.parse::<u64>().ok())
    {
        Some(number) => format!("{stem}{}", number.saturating_sub(1)),
        None => version.to_owned(),
    }
}
