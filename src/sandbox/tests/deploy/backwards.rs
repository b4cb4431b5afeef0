//! Cancelling what is under way, also where a scenario plays it.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn an_update_can_be_cancelled_only_while_it_is_one() {
    let (gateway, clock) = world("");
    let shop = [("StackName", "shop")];
    let said = refused(&gateway, "CancelUpdateStack", &shop, &[]).await;
    assert_eq!(
        said.1,
        "CancelUpdateStack cannot be called from current stack status"
    );
    let body = template(1024, "", r#", "Alarm": {"Type": "AWS::CloudWatch::Alarm"}"#);
    proposed(&gateway, &clock, "next", &body, "v2").await;
    execute(&gateway, "next", &[("ClientRequestToken", "mine")]).await;
    clock.advance(Duration::from_secs(2));
    done(&gateway, "CancelUpdateStack", &shop).await;
    let seen = course(&gateway, &clock, "shop").await;
    assert_eq!(
        seen.first().map(String::as_str),
        Some("UPDATE_ROLLBACK_IN_PROGRESS")
    );
    assert_eq!(
        seen.last().map(String::as_str),
        Some("UPDATE_ROLLBACK_COMPLETE")
    );
    let told = done(&gateway, "DescribeStacks", &shop).await;
    assert!(told.contains("<ParameterValue>v1</ParameterValue>"));
    let log = events(&gateway, "shop").await;
    for event in [
        "shop UPDATE_ROLLBACK_IN_PROGRESS User Initiated",
        "Function UPDATE_FAILED Resource update cancelled",
        "Alarm DELETE_COMPLETE",
    ] {
        assert!(
            log.iter().any(|own| own == event),
            "{event} is not in {log:?}"
        );
    }
    let told = done(
        &gateway,
        "DescribeChangeSet",
        &[shop[0], ("ChangeSetName", "next")],
    )
    .await;
    assert_eq!(first(&told, "ExecutionStatus"), "EXECUTE_FAILED");
}

#[tokio::test]
async fn a_stack_that_a_scenario_moves_rests_once_a_client_has_taken_over() {
    let clock = Clock::manual(noon());
    let gateway = Sandbox::without_socket(&Scenario::named("demo").unwrap(), &clock);
    let ask = async |form: &str| ask(&gateway, cloudformation("us-east-1", form)).await.1;
    let describe = "Action=DescribeStacks&StackName=orders-api";
    for _ in 0..600 {
        if first(&ask(describe).await, "StackStatus") == "UPDATE_IN_PROGRESS" {
            break;
        }
        clock.advance(Duration::from_secs(1));
    }
    clock.advance(Duration::from_secs(3));
    let said = ask("Action=CancelUpdateStack&StackName=orders-api").await;
    assert!(said.contains("CancelUpdateStackResponse"), "{said}");
    clock.advance(Duration::from_mins(2));
    let rested = ask(describe).await;
    assert_eq!(first(&rested, "StackStatus"), "UPDATE_ROLLBACK_COMPLETE");
    clock.advance(Duration::from_hours(2));
    let later = ask(describe).await;
    assert_eq!(first(&rested, "Stacks"), first(&later, "Stacks"));
}

#[test]
fn what_a_failed_update_left_behind_ends_with_the_next_good_one() {
    use crate::sandbox::world::World;
    use crate::sandbox::world::deploy::{Deployment, Order};
    use crate::sandbox::world::{function, stack::Definition};

    let plan = format!(
        "{WORLD}\n[[trouble]]\nstack = \"shop\"\nresource = \"Function\"\nreason = \"No.\"\nminutes_ago = \
         9\nversion = \"v2\"\n"
    );
    let world = World::build(&Scenario::parse(&plan).unwrap(), noon());
    let place = ("123456789012", HOME);
    let estate = world.estate(place.0, place.1).unwrap();
    let ill = |at: chrono::DateTime<chrono::Utc>| {
        let mut functions = function::functions(world.seed, &estate.stacks);
        let lambda = world.lambda(place.0, place.1, &functions.next().unwrap());
        lambda.failing(at.timestamp_millis()).is_some()
    };
    assert!(ill(noon()));
    let stack = estate
        .stacks
        .iter()
        .find(|stack| stack.name == "shop")
        .unwrap();
    let template = std::sync::Arc::new(
        crate::sandbox::template::Template::parse(&template(1024, "", "")).unwrap(),
    );
    let order = Order {
        place,
        now: noon(),
        token: None,
    };
    let deployment = Deployment {
        template: &template,
        definition: Definition::default(),
        version: "v3",
        changes: &[],
        place: crate::sandbox::template::Place::default(),
        change_set: None,
        kept: Vec::new(),
        policy: None,
    };
    world.deploy(stack, order, &deployment);
    let later = noon() + chrono::TimeDelta::minutes(1);
    assert!(ill(noon()) && !ill(later));
}

#[tokio::test]
async fn a_rollback_that_a_scenario_left_stuck_goes_on() {
    let clock = Clock::manual(noon());
    let gateway = Sandbox::without_socket(&Scenario::named("demo").unwrap(), &clock);
    let ask = async |form: &str| {
        let request = signed(STAGING, "us-west-2", "cloudformation", form);
        ask(&gateway, request).await.1
    };
    let describe = "Action=DescribeStacks&StackName=orders-worker";
    assert_eq!(
        first(&ask(describe).await, "StackStatus"),
        "UPDATE_ROLLBACK_FAILED"
    );
    let skip =
        "Action=ContinueUpdateRollback&StackName=orders-worker&ResourcesToSkip.member.1=Service";
    let said = ask(skip).await;
    assert!(said.contains("ContinueUpdateRollbackResponse"), "{said}");
    clock.advance(Duration::from_secs(30));
    assert_eq!(
        first(&ask(describe).await, "StackStatus"),
        "UPDATE_ROLLBACK_COMPLETE"
    );
}
