//! Instances of EC2.

use super::{SECOND, every, night, physical, refused, told};
use crate::sandbox::Gateway;
use crate::sandbox::tests::first;

const SERVICE: &str = "ec2";

async fn state(gateway: &Gateway, id: &str) -> String {
    let form = format!("Action=DescribeInstances&InstanceId.1={id}");
    let told = told(gateway, SERVICE, &form).await;
    first(&first(&told, "instanceState"), "name")
}

fn turn(action: &str, id: &str) -> String {
    format!("Action={action}&InstanceId.1={id}")
}

#[tokio::test]
async fn an_instance_stops_and_starts_in_ten_seconds() {
    let (gateway, clock) = night();
    let id = physical(&gateway, "orders-batch", "Scheduler").await;
    assert!(id.starts_with("i-0"));
    assert_eq!(state(&gateway, &id).await, "running");
    let answer = told(&gateway, SERVICE, &turn("StopInstances", &id)).await;
    let names = every(&answer, "name");
    assert_eq!(names, ["stopping", "running"]);
    let (status, code, _) = refused(&gateway, SERVICE, &turn("StartInstances", &id)).await;
    assert_eq!((status, code.as_str()), (400, "IncorrectInstanceState"));
    clock.advance(10 * SECOND);
    assert_eq!(state(&gateway, &id).await, "stopped");
    told(&gateway, SERVICE, &turn("StopInstances", &id)).await;
    assert_eq!(
        state(&gateway, &id).await,
        "stopped",
        "it is stopped already"
    );
    let running = told(&gateway, SERVICE, "Action=DescribeInstanceStatus").await;
    assert!(!running.contains(&id));
    let asked = format!("Action=DescribeInstanceStatus&IncludeAllInstances=true&InstanceId.1={id}");
    assert!(
        told(&gateway, SERVICE, &asked)
            .await
            .contains("<name>stopped</name>")
    );
    told(&gateway, SERVICE, &turn("StartInstances", &id)).await;
    assert_eq!(state(&gateway, &id).await, "pending");
    clock.advance(10 * SECOND);
    assert_eq!(state(&gateway, &id).await, "running");
    let bastion = physical(&gateway, "orders-batch", "Bastion").await;
    assert_eq!(
        state(&gateway, &bastion).await,
        "stopped",
        "as the scenario says"
    );
}

#[tokio::test]
async fn what_cannot_be_stopped_is_refused_and_nothing_else_is_stopped_with_it() {
    let (gateway, _) = night();
    let id = physical(&gateway, "orders-batch", "Scheduler").await;
    for (logical, words) in [("Cache", "root device type"), ("Cheap", "Spot")] {
        let other = physical(&gateway, "oddities", logical).await;
        let form = format!("Action=StopInstances&InstanceId.1={id}&InstanceId.2={other}");
        let (_, code, said) = refused(&gateway, SERVICE, &form).await;
        assert_eq!(code, "UnsupportedOperation");
        assert!(said.contains(words) && said.contains(&other), "{said}");
        assert_eq!(state(&gateway, &id).await, "running");
    }
    for (id, code) in [
        ("i-0123456789abcdef0", "InvalidInstanceID.NotFound"),
        ("x", "InvalidInstanceID.Malformed"),
    ] {
        let (_, said, _) = refused(&gateway, SERVICE, &turn("StopInstances", id)).await;
        assert_eq!(said, code);
    }
    let (_, code, _) = refused(&gateway, SERVICE, "Action=StopInstances").await;
    assert_eq!(code, "MissingParameter");
}

#[tokio::test]
async fn members_of_a_group_are_instances_and_one_that_is_stopped_is_replaced() {
    let (gateway, clock) = night();
    let group = physical(&gateway, "orders-batch", "Nodes").await;
    let form = format!(
        "Action=DescribeInstances&Filter.1.Name=tag%3Aaws%3Aautoscaling%3AgroupName&Filter.1.Value.1={group}"
    );
    let members = every(&told(&gateway, SERVICE, &form).await, "instanceId");
    assert_eq!(members.len(), 3);
    told(&gateway, SERVICE, &turn("StopInstances", &members[0])).await;
    assert_eq!(state(&gateway, &members[0]).await, "stopping");
    clock.advance(30 * SECOND);
    assert_eq!(state(&gateway, &members[0]).await, "terminated");
    let running = format!("{form}&Filter.2.Name=instance-state-name&Filter.2.Value.1=running");
    let now = every(&told(&gateway, SERVICE, &running).await, "instanceId");
    assert_eq!(now.len(), 3);
    assert!(!now.contains(&members[0]));
}

#[tokio::test]
async fn an_instance_is_tagged_and_untagged() {
    let (gateway, _) = night();
    let id = physical(&gateway, "orders-batch", "Scheduler").await;
    let tag = |action: &str| {
        format!("Action={action}&ResourceId.1={id}&Tag.1.Key=house%3Arestore&Tag.1.Value=on")
    };
    let described = format!("Action=DescribeInstances&InstanceId.1={id}");
    told(&gateway, SERVICE, &tag("CreateTags")).await;
    let with = told(&gateway, SERVICE, &described).await;
    assert!(with.contains("<key>house:restore</key><value>on</value>"));
    told(&gateway, SERVICE, &tag("DeleteTags")).await;
    assert!(
        !told(&gateway, SERVICE, &described)
            .await
            .contains("house:restore")
    );
    let reserved = format!("Action=CreateTags&ResourceId.1={id}&Tag.1.Key=aws%3Ax&Tag.1.Value=1");
    let (_, code, _) = refused(&gateway, SERVICE, &reserved).await;
    assert_eq!(code, "InvalidParameterValue");
}
