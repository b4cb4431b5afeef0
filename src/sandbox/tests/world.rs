//! The world: the same twice, moving where it should, and as large as it says.

use std::time::Duration;

use super::{ask, cloudformation, first, gateway, noon, refused};
use chrono::TimeDelta;

use crate::sandbox::world::World;
use crate::sandbox::world::stack::Stack;
use crate::sandbox::{Clock, Gateway, Sandbox, Scenario};

#[tokio::test]
async fn two_worlds_of_one_seed_and_time_answer_with_the_same_bytes() {
    for scenario in Scenario::names().filter(|name| *name != "bad-day") {
        let (left, left_clock) = gateway(scenario);
        let (right, right_clock) = gateway(scenario);
        for minutes in [0_u64, 1, 7, 60] {
            for form in [
                "Action=DescribeStacks",
                "Action=ListStacks",
                "Action=ListExports",
            ] {
                let ours = left
                    .handle(cloudformation("us-east-1", form))
                    .await
                    .unwrap();
                let theirs = right
                    .handle(cloudformation("us-east-1", form))
                    .await
                    .unwrap();
                assert_eq!(ours.body(), theirs.body(), "{scenario}, {form}");
                assert_eq!(ours.headers(), theirs.headers(), "{scenario}, {form}");
            }
            left_clock.advance(Duration::from_secs(minutes * 60));
            right_clock.advance(Duration::from_secs(minutes * 60));
        }
    }
}

#[tokio::test]
async fn a_calm_world_says_the_same_an_hour_later() {
    let (gateway, clock) = gateway("calm");
    let (_, before) = ask(
        &gateway,
        cloudformation("eu-west-1", "Action=DescribeStacks"),
    )
    .await;
    clock.advance(Duration::from_hours(1));
    let (_, after) = ask(
        &gateway,
        cloudformation("eu-west-1", "Action=DescribeStacks"),
    )
    .await;
    let stacks = |body: &str| first(body, "Stacks");
    assert_eq!(stacks(&before), stacks(&after));
}

#[tokio::test]
async fn a_moving_stack_goes_through_its_statuses_for_ever() {
    let (gateway, clock) = gateway("demo");
    let form = "Action=DescribeStacks&StackName=orders-api";
    let mut seen: Vec<(String, String)> = Vec::new();
    for _ in 0..(3 * 150) {
        clock.advance(Duration::from_secs(1));
        let (_, body) = ask(&gateway, cloudformation("us-east-1", form)).await;
        let version = body.split_once("<Key>version</Key>").unwrap().1;
        let now = (first(&body, "StackStatus"), first(version, "Value"));
        if seen.last() != Some(&now) {
            seen.push(now);
        }
    }
    let seen: Vec<(&str, &str)> = seen
        .iter()
        .map(|(status, version)| (status.as_str(), version.as_str()))
        .collect();
    for expected in [
        ("UPDATE_IN_PROGRESS", "v75"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "v75"),
        ("UPDATE_COMPLETE", "v75"),
        ("UPDATE_IN_PROGRESS", "v76"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "v75"),
        ("UPDATE_ROLLBACK_COMPLETE", "v75"),
    ] {
        assert!(seen.contains(&expected), "{expected:?} is not in {seen:?}");
    }
    clock.advance(Duration::from_hours(8760));
    let (status, _) = ask(&gateway, cloudformation("us-east-1", form)).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn what_has_happened_stays_as_it_was() {
    let (gateway, clock) = gateway("demo");
    let form = "Action=DescribeStackEvents&StackName=orders-api";
    let mut before: Vec<String> = Vec::new();
    for _ in 0..60 {
        clock.advance(Duration::from_secs(2));
        let (_, body) = ask(&gateway, cloudformation("us-east-1", form)).await;
        let events: Vec<String> = body.split("<member>").skip(1).map(str::to_owned).collect();
        let known = &events[events.len() - before.len()..];
        // The last element carries the tail of the document, which has the request id in it.
        assert_eq!(
            known[..known.len().saturating_sub(1)],
            before[..before.len().saturating_sub(1)]
        );
        before = events;
    }
}

#[tokio::test]
async fn a_region_that_was_not_opted_into_does_not_know_the_key() {
    let (gateway, _) = gateway("calm");
    let request = cloudformation("me-central-1", "Action=ListStacks");
    assert_eq!(
        refused(&gateway, request).await,
        (403, "InvalidClientTokenId".to_owned())
    );
    let request = cloudformation("ap-east-1", "Action=ListStacks");
    assert_eq!(ask(&gateway, request).await.0, 200, "opted into, and empty");
}

#[tokio::test]
async fn hostile_bytes_arrive_as_they_are() {
    let (gateway, _) = gateway("hostile");
    let stack = |name: &str| format!("Action=DescribeStacks&StackName={name}");
    let response = gateway
        .handle(cloudformation("eu-west-1", &stack("bytes-not-text")))
        .await
        .unwrap();
    assert!(std::str::from_utf8(response.body()).is_err());
    let (_, body) = ask(
        &gateway,
        cloudformation("us-west-2", &stack("lone-surrogate")),
    )
    .await;
    assert!(body.contains("before &#xD800; after"));
    let (_, body) = ask(&gateway, cloudformation("us-east-1", &stack("a-megabyte"))).await;
    assert!(body.len() > 1_000_000);
    let (_, body) = ask(&gateway, cloudformation("us-east-1", "Action=ListStacks")).await;
    assert!(
        body.contains("&#x1B;[31m"),
        "control characters are references"
    );
    assert!(!body.contains('\u{1b}'));
}

#[tokio::test]
async fn a_grid_has_as_many_stacks_as_it_says() {
    let clock = Clock::manual(noon());
    let scenario = Scenario::grid(36, 120);
    let gateway = Sandbox::without_socket(&scenario, &clock);
    for region in ["us-east-1", "sa-west-1"] {
        let mut names = Vec::new();
        let mut form = "Action=DescribeStacks".to_owned();
        loop {
            let (status, body) = ask(&gateway, cloudformation(region, &form)).await;
            assert_eq!(status, 200);
            names.extend(
                body.split("<StackName>")
                    .skip(1)
                    .filter_map(|rest| Some(rest.split_once('<')?.0.to_owned())),
            );
            match first(&body, "NextToken") {
                token if token.is_empty() => break,
                token => form = format!("Action=DescribeStacks&NextToken={token}"),
            }
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 120, "{region}");
    }
}

/// The template of a stack, as a text.
async fn template(gateway: &Gateway, region: &str, stack: &str) -> String {
    let form = format!("Action=GetTemplate&StackName={stack}");
    let (_, body) = ask(gateway, cloudformation(region, &form)).await;
    first(&body, "TemplateBody")
}

#[tokio::test]
async fn one_version_is_one_template_in_every_region() {
    let (gateway, _) = gateway("calm");
    for stack in ["orders-db", "network", "checkout-api", "gco-{region}"] {
        let of = async |region: &str| {
            template(&gateway, region, &stack.replace("{region}", region)).await
        };
        let here = of("us-east-1").await;
        assert!(here.contains("AWSTemplateFormatVersion"), "{stack}");
        assert_eq!(here, of("eu-west-1").await, "{stack}");
    }
    let (demo, _) = super::gateway("demo");
    let (current, behind) = ("us-east-1", "ap-northeast-1");
    assert_ne!(
        template(&demo, current, "checkout-api").await,
        template(&demo, behind, "checkout-api").await
    );
}

#[test]
fn in_the_demo_something_is_always_moving_and_nested_stacks_only_with_their_parents() {
    let world = World::build(&Scenario::named("demo").unwrap(), noon());
    let regions = world
        .accounts
        .values()
        .flat_map(|account| account.regions.values());
    let stacks: Vec<&Stack> = regions.flat_map(|estate| &estate.stacks).collect();
    for second in 0..1_800 {
        let now = noon() + TimeDelta::seconds(second);
        let moves = |stack: &Stack| {
            let standing = stack.standing(now);
            standing.is_some_and(|standing| standing.status.ends_with("_IN_PROGRESS"))
        };
        let moving = stacks
            .iter()
            .filter(|stack| stack.routine.is_some() && moves(stack));
        let moving: Vec<&&Stack> = moving.collect();
        assert!(!moving.is_empty(), "nothing moves after {second} seconds");
        for child in moving.iter().filter(|stack| stack.parent.is_some()) {
            let parent = stacks
                .iter()
                .find(|stack| Some(&stack.id) == child.parent.as_ref());
            assert!(
                moves(parent.unwrap()),
                "{} moves alone after {second} seconds",
                child.name
            );
        }
    }
}
