//! Plans, made on the sandbox: what would be done, what is said of it before, and what is refused.
//!
//! A plan that is run here is run by the engine itself; that it could be is part of the plan being right.

mod deploy;
mod rollback;

use crate::support::world::{PROD, PROD_ID, World, account, fleet, scope};
use quarterdeck::domain::fleet::Access;
use quarterdeck::domain::operation::{
    Call, Consent, Deployment, Given, GroupWish, Hazard, OnFailure, Operation, Outcome, Pace, Plan,
    Policy, Record, Source, StackWish, Step, Undo, UndoPolicy,
};
use quarterdeck::domain::{AcceleratorArn, AccountName, Guard, Problem, Scope, Topic, Untrusted};
use quarterdeck::engine::Books;
use quarterdeck::engine::audit::Audit;
use quarterdeck::engine::journal::Journals;
use quarterdeck::engine::message::{Order, Request, Ticket, Tidings, Update};
use quarterdeck::sandbox::Scenario;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

const IRELAND: &str = "eu-west-1";
const REGIONS: &[&str] = &[IRELAND, "eu-central-1", "us-east-1", "ap-northeast-1"];

/// A world of the drill that somebody may change, and the directory of its books.
fn world(access: Access, guard: Guard) -> (World, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut account = account(PROD, PROD_ID, REGIONS);
    (account.access, account.guard) = (access, guard);
    let books = Books {
        audit: Audit::at(folder.path().join("audit.jsonl"), "ann"),
        journals: Journals::at(folder.path().join("journals"), "ann").counted(1),
    };
    let scenario = Scenario::named("drill").unwrap();
    let world = World::booked(&scenario, fleet(vec![account]), books);
    (world, folder)
}

async fn plan(world: &mut World, operation: Operation) -> Result<Plan, Problem> {
    let order = Order::Plan(Ticket(1), Box::new(operation));
    world.engine.submit(Request::Operate(order)).await;
    let until = Instant::now() + Duration::from_mins(20);
    while let Some(update) = world.next(until).await {
        if let Update::Operation(Tidings::Planned(Ticket(1), planned)) = update {
            return planned.map(|plan| *plan);
        }
    }
    panic!("no plan came");
}

/// Agrees to a plan that has to succeed.
async fn run(world: &mut World, plan: &Plan) {
    let (outcome, story) = end(world, plan).await;
    assert_eq!(outcome, Outcome::Succeeded, "{story:#?}");
}

/// Agrees to a plan, and waits for its end; how it ended, and all that happened.
async fn end(world: &mut World, plan: &Plan) -> (Outcome, Vec<Record>) {
    let text = match &plan.consent {
        Consent::Key => String::new(),
        Consent::Typed(text) => text.clone(),
    };
    let order = Order::Run(plan.id.clone(), text);
    world.engine.submit(Request::Operate(order)).await;
    let until = Instant::now() + Duration::from_mins(240);
    let mut story = Vec::new();
    while let Some(update) = world.next(until).await {
        match update {
            Update::Operation(Tidings::Happened(of, stamped)) if of == plan.id => {
                if let Record::Finished(outcome) = stamped.record {
                    return (outcome, story);
                }
                story.push(stamped.record);
            }
            Update::Operation(Tidings::Refused(of, problem)) if of == plan.id => {
                panic!("refused: {problem}")
            }
            _ => {}
        }
    }
    panic!("no end came: {story:#?}");
}

/// Everything that a plan would do, in order.
fn words(plan: &Plan) -> Vec<String> {
    let steps = plan.members().flat_map(|member| &member.steps);
    steps
        .map(|step| match step {
            Step::Call(call) => call.words(),
            Step::Gate(gate) => gate.words(),
        })
        .collect()
}

fn warnings(plan: &Plan) -> Vec<&str> {
    let hazards = plan.members().flat_map(|member| &member.hazards);
    hazards
        .filter_map(|hazard| match hazard {
            Hazard::Warns(words) => Some(words.as_str()),
            Hazard::Loses { .. } => None,
        })
        .collect()
}

fn idle(plan: &Plan) -> Vec<Option<&str>> {
    plan.members().map(|it| it.idle.as_deref()).collect()
}

fn back(regions: &[&str], version: Option<&str>, pace: Pace) -> Operation {
    Operation::RollBackAlias {
        function: "checkout-api-Function".into(),
        alias: "ACTIVE".to_owned(),
        scopes: regions.iter().map(|it| scope(PROD, it)).collect(),
        version: version.map(str::to_owned),
        pace,
    }
}

fn stack(region: &str, name: &str) -> StackWish {
    StackWish {
        scope: scope(PROD, region),
        name: name.into(),
        id: None,
    }
}

fn deployment(file: &Path, regions: &[&str]) -> Deployment {
    Deployment {
        stack: "fresh-{region}".to_owned(),
        account: None,
        source: Source::File(file.to_owned()),
        parameters: Vec::new(),
        tags: Vec::new(),
        role: None,
        notifications: None,
        bucket: None,
        policy: Policy::default(),
        alarms: Vec::new(),
        waves: vec![regions.iter().map(|it| scope(PROD, it)).collect()],
        gates: Vec::new(),
        bake: 0,
        undo: UndoPolicy::Failed,
        failing: OnFailure::RollBack,
    }
}

fn template(folder: &TempDir, text: &str) -> std::path::PathBuf {
    let path = folder.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    path
}

const QUEUE: &str = "Parameters:\n  Stage: {Type: String}\n  Size: {Type: String, Default: '3'}\n\
    Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n";

#[tokio::test(start_paused = true)]
async fn an_alias_goes_back_to_the_version_before_in_one_call() {
    let (mut world, _folder) = world(Access::Operate, Guard::Typed);
    let plan = plan(&mut world, back(&[IRELAND], None, Pace::AtOnce))
        .await
        .unwrap();
    assert_eq!(words(&plan), ["alias ACTIVE 19 → 18"]);
    assert_eq!(
        plan.consent,
        Consent::Typed("checkout-api-Function eu-west-1 9012".to_owned())
    );
    assert_eq!(plan.by, "ann");
    assert!(plan.members().all(|member| member.undo == Undo::Reverse));
    run(&mut world, &plan).await;
    let again = plan_of_18(&mut world).await;
    assert_eq!(idle(&again), [Some("ACTIVE points to 18 already.")]);
    assert!(again.is_idle());
}

async fn plan_of_18(world: &mut World) -> Plan {
    plan(world, back(&[IRELAND], Some("18"), Pace::AtOnce))
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn regions_go_side_by_side_and_those_that_stand_so_already_are_idle() {
    let (mut world, _folder) = world(Access::Operate, Guard::None);
    let operation = back(&[IRELAND, "us-east-1"], Some("18"), Pace::Gradual);
    let plan = plan(&mut world, operation).await.unwrap();
    assert_eq!(idle(&plan), [None, Some("ACTIVE points to 18 already.")]);
    assert_eq!(plan.consent, Consent::Key);
    let words = words(&plan);
    assert_eq!(words.len(), 7, "{words:?}");
    assert_eq!(words[0], "alias ACTIVE 19 → 19 and 18 at 1 %");
    assert_eq!(words[6], "alias ACTIVE 19 and 18 at 50 % → 18");
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_has_nothing_to_go_back_to_stays_and_says_so() {
    let (mut world, _folder) = world(Access::Operate, Guard::Typed);
    for (version, alias, part) in [
        (Some("1700"), "ACTIVE", "has no version 1700: it has 19, 18"),
        (None, "NOBODY", "has no alias NOBODY"),
    ] {
        let mut operation = back(&[IRELAND], version, Pace::AtOnce);
        if let Operation::RollBackAlias { alias: its, .. } = &mut operation {
            *its = alias.to_owned();
        }
        let problem = plan(&mut world, operation).await.unwrap_err();
        assert!(problem.what.contains(part), "{problem}");
        assert!(problem.what.contains("prod/eu-west-1"), "{problem}");
    }
}

/// The endpoint group of a region, as the screen would name it.
async fn group(world: &mut World, region: &str) -> GroupWish {
    let global = Scope::global(&AccountName::new(PROD));
    let wish = |topic| quarterdeck::engine::message::Wish {
        topic,
        scope: global.clone(),
        cadence: quarterdeck::engine::message::Cadence::Once,
    };
    world.watch(vec![wish(Topic::Accelerators)]).await;
    let span = Duration::from_secs(60);
    world
        .run_until(span, |seen| seen.topic == Topic::Accelerators)
        .await;
    let account = AccountName::new(PROD);
    let known = world.store.accelerators(&account).unwrap();
    let shop = known.value().unwrap().first().unwrap().clone();
    let topic = Topic::Listeners(shop.arn.clone(), shop.routing);
    world.watch(vec![wish(topic.clone())]).await;
    world.run_until(span, |seen| seen.topic == topic).await;
    let listeners = world.store.listeners(&global, &topic).unwrap();
    let mut groups = listeners
        .value()
        .unwrap()
        .iter()
        .flat_map(|listener| &listener.groups);
    let group: AcceleratorArn = groups
        .find(|it| it.region.exact() == region)
        .unwrap()
        .arn
        .clone();
    GroupWish {
        scope: global,
        group,
        region: region.into(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_is_drained_with_a_word_on_where_its_traffic_goes_and_restored_from_the_journal() {
    let (mut world, _folder) = world(Access::Operate, Guard::Typed);
    let us = group(&mut world, "us-east-1").await;
    let restore = Operation::Restore { group: us.clone() };
    let unknown = plan(&mut world, restore.clone()).await.unwrap_err();
    assert!(
        unknown.what.contains("No drain of this region"),
        "{unknown}"
    );
    let drain = Operation::Drain {
        group: us.clone(),
        restore_after: None,
    };
    let plan_of_it = plan(&mut world, drain).await.unwrap();
    assert_eq!(
        words(&plan_of_it),
        ["dial 100 % → 0 %", "nothing new comes any more"]
    );
    assert_eq!(
        plan_of_it.consent,
        Consent::Typed("shop us-east-1 9012".to_owned())
    );
    let said = warnings(&plan_of_it);
    assert!(said.iter().any(|it| it.contains("estimate")), "{said:?}");
    assert!(
        said.iter().any(|it| it.contains("Only new flows")),
        "{said:?}"
    );
    run(&mut world, &plan_of_it).await;
    let plan_of_it = plan(&mut world, restore).await.unwrap();
    assert_eq!(words(&plan_of_it), ["dial 0 % → 100 %"]);
}

#[tokio::test(start_paused = true)]
async fn a_dial_that_is_out_of_reach_or_so_already_makes_no_call() {
    let (mut world, _folder) = world(Access::Operate, Guard::Typed);
    let group = group(&mut world, "us-east-1").await;
    let dial = |percent| Operation::Dial {
        group: group.clone(),
        percent,
    };
    let problem = plan(&mut world, dial(140.0)).await.unwrap_err();
    assert!(problem.what.contains("from 0 to 100 %"), "{problem}");
    let plan = plan(&mut world, dial(100.0)).await.unwrap();
    assert!(plan.is_idle());
    assert_eq!(words(&plan), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_was_stopped_is_started_again_exactly_and_is_not_stopped_twice() {
    let (mut world, _folder) = world(Access::Operate, Guard::Typed);
    let stop = || Operation::Stop {
        stacks: vec![stack(IRELAND, "orders-batch")],
    };
    let start = || Operation::Start {
        stacks: vec![stack(IRELAND, "orders-batch")],
    };
    let idle_start = plan(&mut world, start()).await.unwrap_err();
    assert!(
        idle_start.what.contains("sizes are unknown"),
        "{idle_start}"
    );
    let before = plan(&mut world, stop()).await.unwrap();
    assert_eq!(
        before.consent,
        Consent::Typed("orders-batch eu-west-1 9012".to_owned())
    );
    let said = words(&before);
    let of_groups = said.iter().position(|it| it.contains("1-3-6 → 0-0-6"));
    let of_tasks = said.iter().position(|it| it.contains("4 → 0 tasks"));
    assert!(of_groups.unwrap() < of_tasks.unwrap(), "{said:#?}");
    let calls: Vec<&Call> = before
        .members()
        .flat_map(quarterdeck::domain::operation::Member::calls)
        .collect();
    assert!(matches!(calls[0], Call::Remember { before: None, .. }));
    run(&mut world, &before).await;
    let again = plan(&mut world, stop()).await.unwrap_err();
    assert!(again.what.contains("stopped already"), "{again}");
    let back = plan(&mut world, start()).await.unwrap();
    run(&mut world, &back).await;
    let after = plan(&mut world, stop()).await.unwrap();
    // But for the names of the operations, which stand in the tags.
    let strip = |plan: &Plan| -> Vec<String> {
        let words = words(plan).into_iter();
        words.filter(|it| !it.contains("remember")).collect()
    };
    assert_eq!(strip(&after), strip(&before));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_not_there_or_protected_has_nothing_to_stop() {
    let (mut world, _folder) = world(Access::Operate, Guard::None);
    let operation = Operation::Stop {
        stacks: vec![stack(IRELAND, "nobody"), stack(IRELAND, "checkout-api")],
    };
    let plan = plan(&mut world, operation).await.unwrap();
    assert_eq!(
        idle(&plan),
        [
            Some("There is no stack nobody in prod/eu-west-1."),
            Some("Nothing of it can be stopped or started.")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_for_one_account_goes_into_no_other() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let file = template(&folder, "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n");
    for (digits, is_idle) in [(PROD_ID, false), ("000000000000", true)] {
        let wish = Deployment {
            account: Some(digits.to_owned()),
            ..deployment(&file, &[IRELAND])
        };
        let plan = plan(&mut world, Operation::Deploy(Box::new(wish)))
            .await
            .unwrap();
        let said = idle(&plan)[0].is_some_and(|it| it.contains("for the account 000000000000"));
        assert_eq!(said, is_idle, "{digits}");
    }
}
