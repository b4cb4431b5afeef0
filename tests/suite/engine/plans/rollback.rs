//! The way back that each state of a stack leaves, and the one that a run takes by itself.

use super::*;
use quarterdeck::sandbox::FailingUpdate;

const ONE: &str = "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n";
const TWO: &str =
    "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n  Topic: {Type: 'AWS::SNS::Topic'}\n";

fn failing(stack: &str) -> FailingUpdate {
    FailingUpdate {
        stack: stack.to_owned(),
        accounts: Vec::new(),
        regions: Vec::new(),
        resource: Some("Topic".to_owned()),
        reason: "Out of luck.".to_owned(),
        times: 1,
        rollback_fails: None,
        stubborn: false,
    }
}

fn back(skip: &[&str]) -> Operation {
    Operation::RollBackStack {
        stacks: vec![stack(IRELAND, "fresh-eu-west-1")],
        skip: skip.iter().map(|it| (*it).to_owned()).collect(),
    }
}

/// Deploys `text` in these waves; how it ended.
async fn deploy(
    world: &mut World,
    folder: &TempDir,
    text: &str,
    (waves, undo): (&[&str], UndoPolicy),
) -> Outcome {
    let mut wish = deployment(&template(folder, text), &[]);
    wish.waves = waves.iter().map(|it| vec![scope(PROD, it)]).collect();
    wish.undo = undo;
    let plan = plan(world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap();
    end(world, &plan).await.0
}

#[tokio::test(start_paused = true)]
async fn a_stuck_rollback_goes_on_and_only_what_failed_in_it_can_be_skipped() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let once = (&[IRELAND][..], UndoPolicy::None);
    deploy(&mut world, &folder, ONE, once).await;
    let early = plan(&mut world, back(&["Topic"])).await.unwrap_err();
    assert!(early.what.contains("only skipped where"), "{early}");
    world.gateway.fail_update(FailingUpdate {
        rollback_fails: Some("Still out of luck.".to_owned()),
        stubborn: true,
        ..failing("fresh-eu-west-1")
    });
    let outcome = deploy(&mut world, &folder, TWO, once).await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    let wish = deployment(&template(&folder, ONE), &[IRELAND]);
    let stuck = plan(&mut world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap_err();
    assert!(stuck.what.contains("UPDATE_ROLLBACK_FAILED"), "{stuck}");
    let wrong = plan(&mut world, back(&["Queue"])).await.unwrap_err();
    assert!(wrong.what.contains("those are Topic"), "{wrong}");
    let on = plan(&mut world, back(&[])).await.unwrap();
    assert_eq!(words(&on), ["go on with the rollback"]);
    assert_eq!(on.consent, Consent::Key);
    let without = plan(&mut world, back(&["Topic"])).await.unwrap();
    assert_eq!(words(&without), ["go on with the rollback without Topic"]);
    assert_eq!(
        without.consent,
        Consent::Typed("fresh-eu-west-1".to_owned())
    );
    let said = warnings(&without);
    assert!(said.iter().any(|it| it.contains("by hand")), "{said:?}");
    run(&mut world, &without).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_on_its_way_is_cancelled() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let once = (&[IRELAND][..], UndoPolicy::None);
    deploy(&mut world, &folder, ONE, once).await;
    let wish = deployment(&template(&folder, TWO), &[IRELAND]);
    let update = plan(&mut world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap();
    let order = Order::Run(update.id.clone(), String::new());
    world.engine.submit(Request::Operate(order)).await;
    let until = Instant::now() + Duration::from_mins(5);
    while let Some(update) = world.next(until).await {
        if let Update::Operation(Tidings::Happened(_, stamped)) = update
            && matches!(stamped.record, Record::Accepted { .. })
        {
            break;
        }
    }
    let cancel = plan(&mut world, back(&[])).await.unwrap();
    assert_eq!(words(&cancel), ["cancel the update"]);
}

#[tokio::test(start_paused = true)]
async fn a_later_wave_that_fails_takes_the_earlier_one_back_to_its_snapshot() {
    let (mut world, folder) = world(Access::Operate, Guard::None);
    let waves = (&[IRELAND, "us-east-1"][..], UndoPolicy::All);
    let outcome = deploy(&mut world, &folder, ONE, waves).await;
    assert_eq!(outcome, Outcome::Succeeded);
    world.gateway.fail_update(failing("fresh-us-east-1"));
    let outcome = deploy(&mut world, &folder, TWO, waves).await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    let mut wish = deployment(&template(&folder, ONE), &[IRELAND, "us-east-1"]);
    wish.undo = UndoPolicy::None;
    let same = plan(&mut world, Operation::Deploy(Box::new(wish)))
        .await
        .unwrap();
    assert!(same.is_idle(), "both stand as they did before: {same:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_or_has_nothing_before_it_is_refused() {
    let (mut world, _folder) = world(Access::Operate, Guard::None);
    let missing = plan(&mut world, back(&[])).await.unwrap_err();
    assert!(
        missing.what.contains("no stack fresh-eu-west-1"),
        "{missing}"
    );
    let operation = Operation::RollBackStack {
        stacks: vec![stack(IRELAND, "checkout-api")],
        skip: Vec::new(),
    };
    let first = plan(&mut world, operation).await.unwrap_err();
    assert!(first.what.contains("no snapshot"), "{first}");
}
