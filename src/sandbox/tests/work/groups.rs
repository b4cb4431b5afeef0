//! Scaling groups.

use super::{SECOND, every, night, physical, refused, told};
use crate::sandbox::Gateway;
use crate::sandbox::tests::first;

const SERVICE: &str = "autoscaling";

async fn described(gateway: &Gateway, name: &str) -> String {
    let form = format!("Action=DescribeAutoScalingGroups&AutoScalingGroupNames.member.1={name}");
    told(gateway, SERVICE, &form).await
}

fn sizes(group: &str) -> [String; 3] {
    ["MinSize", "DesiredCapacity", "MaxSize"].map(|name| first(group, name))
}

fn states(group: &str) -> Vec<String> {
    every(group, "LifecycleState")
}

async fn update(gateway: &Gateway, name: &str, what: &str) {
    let form = format!("Action=UpdateAutoScalingGroup&AutoScalingGroupName={name}&{what}");
    told(gateway, SERVICE, &form).await;
}

#[tokio::test]
async fn the_groups_are_those_of_the_stacks_nested_ones_too_and_they_page() {
    let (gateway, _) = night();
    let name = physical(&gateway, "orders-batch", "Nodes").await;
    let all = told(&gateway, SERVICE, "Action=DescribeAutoScalingGroups").await;
    let names = every(&all, "AutoScalingGroupName");
    assert!(names.contains(&name) && names.len() == 2, "{names:?}");
    assert!(names.iter().any(|name| name.contains("ImportNodes")));
    let page = told(
        &gateway,
        SERVICE,
        "Action=DescribeAutoScalingGroups&MaxRecords=1",
    )
    .await;
    let next = first(&page, "NextToken");
    let form = format!("Action=DescribeAutoScalingGroups&MaxRecords=1&NextToken={next}");
    let other = told(&gateway, SERVICE, &form).await;
    assert_eq!(first(&other, "NextToken"), "");
    assert_ne!(
        every(&page, "AutoScalingGroupName"),
        every(&other, "AutoScalingGroupName")
    );
    let group = described(&gateway, &name).await;
    assert_eq!(sizes(&group), ["1", "3", "6"]);
    assert_eq!(states(&group), ["InService"; 3]);
    assert!(every(&group, "Key").contains(&"aws:cloudformation:stack-name".to_owned()));
    assert_eq!(
        described(&gateway, "none")
            .await
            .matches("<member>")
            .count(),
        0
    );
}

#[tokio::test]
async fn a_bound_alone_moves_the_desired_size_and_members_follow_in_seconds() {
    let (gateway, clock) = night();
    let name = physical(&gateway, "orders-batch", "Nodes").await;
    update(&gateway, &name, "MaxSize=2").await;
    assert_eq!(sizes(&described(&gateway, &name).await), ["1", "2", "2"]);
    clock.advance(20 * SECOND);
    update(&gateway, &name, "MinSize=0&MaxSize=6&DesiredCapacity=0").await;
    let going = described(&gateway, &name).await;
    assert_eq!(sizes(&going), ["0", "0", "6"]);
    assert_eq!(states(&going), ["Terminating", "InService"]);
    clock.advance(20 * SECOND);
    assert!(states(&described(&gateway, &name).await).is_empty());
    update(&gateway, &name, "MinSize=2").await;
    assert_eq!(sizes(&described(&gateway, &name).await), ["2", "2", "6"]);
    clock.advance(5 * SECOND);
    assert_eq!(states(&described(&gateway, &name).await), ["Pending"; 2]);
    clock.advance(15 * SECOND);
    assert_eq!(states(&described(&gateway, &name).await), ["InService"; 2]);
    let form = format!("Action=DescribeScalingActivities&AutoScalingGroupName={name}");
    let activities = told(&gateway, SERVICE, &form).await;
    assert!(first(&activities, "Cause").contains("changing the desired capacity from 0 to 2"));
    assert_eq!(every(&activities, "StatusCode"), ["Successful"; 5]);
}

#[tokio::test]
async fn sizes_that_do_not_fit_are_refused_and_two_updates_at_once_contend() {
    let (gateway, _) = night();
    let name = physical(&gateway, "orders-batch", "Nodes").await;
    let form =
        |what: &str| format!("Action=UpdateAutoScalingGroup&AutoScalingGroupName={name}&{what}");
    for (what, words) in [
        (
            "DesiredCapacity=9",
            "Desired capacity:9 must be between the specified min size:1 and max size:6",
        ),
        (
            "MinSize=7",
            "Max bound, 6, must be greater than or equal to min bound, 7",
        ),
        ("MinSize=-1", "greater than or equal to 0"),
    ] {
        let (status, code, said) = refused(&gateway, SERVICE, &form(what)).await;
        assert_eq!((status, code.as_str()), (400, "ValidationError"), "{what}");
        assert!(said.contains(words), "{said}");
    }
    let none = "Action=UpdateAutoScalingGroup&AutoScalingGroupName=none&MinSize=1";
    let (_, code, said) = refused(&gateway, SERVICE, none).await;
    assert_eq!(code, "ValidationError");
    assert!(
        said.starts_with("AutoScalingGroup name not found"),
        "{said}"
    );
    update(&gateway, &name, "MinSize=2").await;
    let (status, code, _) = refused(&gateway, SERVICE, &form("MinSize=1")).await;
    assert_eq!((status, code.as_str()), (500, "ResourceContention"));
    let desired =
        format!("Action=SetDesiredCapacity&AutoScalingGroupName={name}&DesiredCapacity=4");
    told(&gateway, SERVICE, &desired).await;
    let again = format!("{desired}&HonorCooldown=true");
    let (_, code, _) = refused(&gateway, SERVICE, &again).await;
    assert_eq!(code, "ScalingActivityInProgress");
}

#[tokio::test]
async fn what_is_suspended_is_told_and_waits_for_its_resumption() {
    let (gateway, clock) = night();
    let name = physical(&gateway, "orders-batch", "Nodes").await;
    let form = |action: &str, processes: &str| {
        format!("Action={action}&AutoScalingGroupName={name}{processes}")
    };
    let two = "&ScalingProcesses.member.1=AlarmNotification&ScalingProcesses.member.2=Launch";
    told(&gateway, SERVICE, &form("SuspendProcesses", two)).await;
    let suspended = every(&described(&gateway, &name).await, "ProcessName");
    assert_eq!(suspended, ["AlarmNotification", "Launch"]);
    update(&gateway, &name, "DesiredCapacity=5").await;
    clock.advance(60 * SECOND);
    assert_eq!(states(&described(&gateway, &name).await).len(), 3);
    told(&gateway, SERVICE, &form("ResumeProcesses", "")).await;
    clock.advance(20 * SECOND);
    let group = described(&gateway, &name).await;
    assert_eq!(states(&group), ["InService"; 5]);
    assert!(every(&group, "ProcessName").is_empty());
    let unknown = form("SuspendProcesses", "&ScalingProcesses.member.1=Dance");
    assert_eq!(
        refused(&gateway, SERVICE, &unknown).await.1,
        "ValidationError"
    );
}

#[tokio::test]
async fn a_tag_is_kept_until_it_is_deleted() {
    let (gateway, _) = night();
    let name = physical(&gateway, "orders-batch", "Nodes").await;
    let tag = |action: &str, rest: &str| {
        format!(
            "Action={action}&Tags.member.1.ResourceId={name}&Tags.member.1.ResourceType=auto-scaling-group\
             &Tags.member.1.Key=house%3Arestore{rest}"
        )
    };
    let value = "&Tags.member.1.Value=v1%3A1-3-6&Tags.member.1.PropagateAtLaunch=false";
    told(&gateway, SERVICE, &tag("CreateOrUpdateTags", value)).await;
    let group = described(&gateway, &name).await;
    assert!(group.contains("<Key>house:restore</Key><Value>v1:1-3-6</Value>"));
    told(
        &gateway,
        SERVICE,
        &tag("DeleteTags", "&Tags.member.1.Value=another"),
    )
    .await;
    assert!(described(&gateway, &name).await.contains("house:restore"));
    told(&gateway, SERVICE, &tag("DeleteTags", "")).await;
    assert!(!described(&gateway, &name).await.contains("house:restore"));
}
