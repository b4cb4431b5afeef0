//! Running plans on the sandbox: once, by whoever agreed, as long as they hold, and on from wherever a process ended.

use crate::support::world::{PROD, PROD_ID, World, account, fleet, scope};
use quarterdeck::domain::fleet::Access;
use quarterdeck::domain::operation::{
    Consent, Deployment, Gate, OnFailure, Operation, OperationId, Outcome, Pace, Plan, Policy,
    Record, Run, Source, Stamped, Steered, UndoPolicy,
};
use quarterdeck::domain::{AccountName, Guard, Problem};
use quarterdeck::engine::Books;
use quarterdeck::engine::audit::Audit;
use quarterdeck::engine::journal::Journals;
use quarterdeck::engine::message::{Arming, Onward, Order, Request, Ticket, Tidings, Update};
use quarterdeck::sandbox::Scenario;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

const IRELAND: &str = "eu-west-1";

fn books(folder: &Path, who: &str, from: u64) -> Books {
    Books {
        audit: Audit::at(folder.join("audit.jsonl"), who),
        journals: Journals::at(folder.join("journals"), who).counted(from),
    }
}

fn world(access: Access) -> (World, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut account = account(PROD, PROD_ID, &[IRELAND, "eu-central-1"]);
    (account.access, account.guard) = (access, Guard::Typed);
    let scenario = Scenario::named("drill").unwrap();
    let books = books(folder.path(), "ann", 1);
    (
        World::booked(&scenario, fleet(vec![account]), books),
        folder,
    )
}

async fn ask(world: &World, order: Order) {
    world.engine.submit(Request::Operate(order)).await;
}

/// The next thing that is told of operations and fits.
async fn told<T>(world: &mut World, mut fits: impl FnMut(Tidings) -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_mins(60);
    while let Some(update) = world.next(until).await {
        if let Update::Operation(tidings) = update
            && let Some(found) = fits(tidings)
        {
            return found;
        }
    }
    panic!("nothing of the kind was told");
}

async fn plan(world: &mut World, wish: Operation) -> Plan {
    ask(world, Order::Plan(Ticket(1), Box::new(wish))).await;
    let planned = told(world, |tidings| match tidings {
        Tidings::Planned(Ticket(1), planned) => Some(planned),
        _ => None,
    });
    *planned.await.unwrap()
}

/// A plan that points an alias back, which takes one call.
async fn alias(world: &mut World) -> Plan {
    let wish = Operation::RollBackAlias {
        function: "checkout-api-Function".into(),
        alias: "ACTIVE".to_owned(),
        scopes: vec![scope(PROD, IRELAND)],
        version: Some("18".to_owned()),
        pace: Pace::AtOnce,
    };
    plan(world, wish).await
}

/// A plan that makes a stack, which takes a while, and then waits for ten minutes.
async fn stack(world: &mut World, folder: &TempDir) -> Plan {
    let file = folder.path().join("template.yaml");
    std::fs::write(&file, "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n").unwrap();
    let wish = Deployment {
        stack: "fresh".to_owned(),
        account: None,
        source: Source::File(file),
        parameters: Vec::new(),
        tags: Vec::new(),
        role: None,
        notifications: None,
        bucket: None,
        policy: Policy::default(),
        alarms: Vec::new(),
        waves: vec![vec![scope(PROD, IRELAND)]],
        gates: vec![Gate::Wait { seconds: 600 }],
        bake: 0,
        undo: UndoPolicy::Failed,
        failing: OnFailure::RollBack,
    };
    plan(world, Operation::Deploy(Box::new(wish))).await
}

fn text(plan: &Plan) -> String {
    match &plan.consent {
        Consent::Key => String::new(),
        Consent::Typed(text) => text.clone(),
    }
}

async fn refusal(world: &mut World, id: &OperationId) -> Problem {
    told(world, |tidings| match tidings {
        Tidings::Refused(of, problem) if of == *id => Some(problem),
        _ => None,
    })
    .await
}

async fn happened(world: &mut World, fits: impl Fn(&Record) -> bool) -> Stamped {
    told(world, |tidings| match tidings {
        Tidings::Happened(_, stamped) if fits(&stamped.record) => Some(*stamped),
        Tidings::Refused(_, problem) => panic!("refused: {problem}"),
        _ => None,
    })
    .await
}

async fn outcome(world: &mut World) -> Outcome {
    let last = happened(world, |record| matches!(record, Record::Finished(_))).await;
    match last.record {
        Record::Finished(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

async fn runs(world: &mut World) -> Vec<Run> {
    ask(world, Order::Runs).await;
    let runs = told(world, |tidings| match tidings {
        Tidings::Runs(runs) => Some(runs),
        _ => None,
    });
    runs.await.unwrap()
}

/// Requests that have changed something.
fn changes(world: &World) -> usize {
    let requests = world.gateway.requests();
    let changes = ["UpdateAlias", "ExecuteChangeSet"];
    requests
        .iter()
        .filter(|it| changes.contains(&it.operation.as_str()))
        .count()
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_run_once_and_only_by_whoever_agrees_in_its_own_words() {
    let (mut world, folder) = world(Access::Operate);
    let plan = alias(&mut world).await;
    ask(&world, Order::Run(plan.id.clone(), "yes".to_owned())).await;
    let refused = refusal(&mut world, &plan.id).await;
    assert!(refused.what.contains("does not agree"), "{refused}");
    // A key that repeats, or a second screen.
    for _ in 0..3 {
        ask(&world, Order::Run(plan.id.clone(), text(&plan))).await;
    }
    let (mut refused, mut ended) = (0, None);
    while refused < 2 || ended.is_none() {
        told(&mut world, |tidings| {
            match tidings {
                Tidings::Refused(..) => refused += 1,
                Tidings::Happened(_, stamped) => match stamped.record {
                    Record::Finished(outcome) => ended = Some(outcome),
                    _ => return None,
                },
                _ => return None,
            }
            Some(())
        })
        .await;
    }
    assert_eq!((ended, changes(&world)), (Some(Outcome::Succeeded), 1));
    let audit = std::fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = audit
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &serde_json::Value| line["call"] == "lambda:UpdateAlias")
        .collect();
    assert_eq!(lines.len(), 2, "{audit}");
    assert_eq!(lines[0]["phase"], "intent");
    assert_eq!(lines[1]["outcome"], "accepted");
    assert_eq!(lines[1]["operation"], plan.id.as_str());
    assert!(lines[1]["identity"].as_str().unwrap().contains(PROD_ID));
    assert_eq!(runs(&mut world).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_has_expired_or_was_dropped_is_not_run() {
    let (mut world, _folder) = world(Access::Operate);
    for by_dropping in [true, false] {
        let plan = alias(&mut world).await;
        if by_dropping {
            ask(&world, Order::Drop(plan.id.clone())).await;
        } else {
            world
                .run(Plan::LIFE.to_std().unwrap() + Duration::from_secs(10))
                .await;
        }
        ask(&world, Order::Run(plan.id.clone(), text(&plan))).await;
        let refused = refusal(&mut world, &plan.id).await;
        assert!(
            refused.what.contains("no plan that could be run"),
            "{refused}"
        );
    }
    assert_eq!(changes(&world), 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_is_armed_for_ten_minutes_and_changes_nothing_before_or_after() {
    let (mut world, _folder) = world(Access::OnceArmed);
    let armed = |tidings| match tidings {
        Tidings::Armed(_, until) => Some(until),
        _ => None,
    };
    let plan = alias(&mut world).await;
    ask(&world, Order::Run(plan.id.clone(), text(&plan))).await;
    let refused = refusal(&mut world, &plan.id).await;
    assert!(refused.what.contains("until it is armed"), "{refused}");
    assert_eq!(changes(&world), 0);
    let account = AccountName::new(PROD);
    ask(&world, Order::Arm(account.clone(), Arming::On)).await;
    assert!(told(&mut world, armed).await.is_some());
    let began = Instant::now();
    // The plan is as good as before.
    ask(&world, Order::Run(plan.id.clone(), text(&plan))).await;
    assert_eq!(outcome(&mut world).await, Outcome::Succeeded);
    assert_eq!(told(&mut world, armed).await, None);
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    assert!((9.9..10.2).contains(&minutes), "{minutes}");
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_nothing_is_sent() {
    let (mut world, folder) = world(Access::Operate);
    let plan = alias(&mut world).await;
    // A file where the directory has to be, as unwritable as a full disk.
    std::fs::write(folder.path().join("journals"), "").unwrap();
    ask(&world, Order::Run(plan.id.clone(), text(&plan))).await;
    let refused = refusal(&mut world, &plan.id).await;
    assert!(refused.what.contains("nothing was sent"), "{refused}");
    assert_eq!(changes(&world), 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_process_left_behind_is_taken_up_by_one_other_and_by_no_second() {
    for onward in [Onward::Continue, Onward::Reverse, Onward::Abandon] {
        let (mut first, folder) = world(Access::Operate);
        let plan = stack(&mut first, &folder).await;
        ask(&first, Order::Run(plan.id.clone(), text(&plan))).await;
        happened(&mut first, |record| {
            matches!(record, Record::Accepted { .. })
        })
        .await;
        let mut second = first.beside(books(folder.path(), "bob", 100));
        // It was agreed to when it began, to the letter; to undo it was not.
        let (agreed, wrong) = match onward {
            Onward::Reverse => ("fresh eu-west-1 9012", ""),
            Onward::Continue | Onward::Abandon => ("", "fresh"),
        };
        let order = |text: &str| Order::TakeUp(plan.id.clone(), onward, text.to_owned());
        ask(&second, order(agreed)).await;
        let refused = refusal(&mut second, &plan.id).await;
        assert!(refused.what.contains("Another process"), "{refused}");
        // The first goes without a word, as if it were killed.
        first.engine.stop().await;
        ask(&second, order(wrong)).await;
        let refused = refusal(&mut second, &plan.id).await;
        assert!(refused.what.contains("does not agree"), "{refused}");
        ask(&second, order(agreed)).await;
        let ends = match onward {
            Onward::Continue => Outcome::Succeeded,
            // A stack that was not there before is not deleted; nothing more begins.
            Onward::Reverse => Outcome::Cancelled,
            Onward::Abandon => Outcome::Abandoned,
        };
        assert_eq!(outcome(&mut second).await, ends, "{onward:?}");
        assert_eq!(changes(&second), 1, "{onward:?}");
        ask(&second, order(agreed)).await;
        let refused = refusal(&mut second, &plan.id).await;
        assert!(refused.what.contains("is over"), "{refused}");
        let runs = runs(&mut second).await;
        assert_eq!(runs[0].outcome.as_ref().map(|(_, it)| it), Some(&ends));
    }
}

#[tokio::test(start_paused = true)]
async fn a_word_to_a_run_of_another_process_reaches_it_through_its_mailbox() {
    let (mut first, folder) = world(Access::Operate);
    let plan = stack(&mut first, &folder).await;
    let mut second = first.beside(books(folder.path(), "bob", 100));
    ask(&second, Order::Steer(plan.id.clone(), Steered::Cancel)).await;
    let refused = refusal(&mut second, &plan.id).await;
    assert!(refused.what.contains("knows no operation"), "{refused}");
    ask(&first, Order::Run(plan.id.clone(), text(&plan))).await;
    happened(&mut first, |record| matches!(record, Record::Gate { .. })).await;
    ask(&second, Order::Steer(plan.id.clone(), Steered::Cancel)).await;
    assert_eq!(outcome(&mut first).await, Outcome::Cancelled);
    let run = runs(&mut second).await.remove(0);
    assert_eq!(run.outcome.map(|(_, it)| it), Some(Outcome::Cancelled));
    assert_eq!(run.decisions[0].1.by, "bob");
}
