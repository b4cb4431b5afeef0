//! The calls that stop and start, up to the byte.

use super::*;
use crate::domain::operation::{Power, Processes, Sizes, Thing};

const SERVICE: &str = "arn:aws:ecs:eu-west-1:111122223333:service/shop/web";
const DATABASE: &str = "arn:aws:rds:eu-west-1:111122223333:db:orders";

async fn sent(call: &Call) -> Asked {
    let wire = Wire::new(|_| raw(""));
    let request = carry_out(&wire, call).await.unwrap();
    assert_eq!(request.as_deref(), Some("req-7"));
    let mut asked = wire.asked();
    assert_eq!(asked.len(), 1, "one request and no other");
    asked.remove(0)
}

fn things() -> [Thing; 5] {
    [
        Thing::Group("workers".into()),
        Thing::Service(SERVICE.into()),
        Thing::Instance("i-1".into()),
        Thing::Database("orders".into(), DATABASE.into()),
        Thing::Cluster("ledger".into(), "arn:ledger".into()),
    ]
}

#[tokio::test]
async fn what_something_was_like_is_written_on_a_tag_and_taken_off_again() {
    let tag = "quarterdeck:restore";
    let expected = [
        (
            format!(
                "Action=CreateOrUpdateTags&Version=2011-01-01&Tags.member.1.ResourceId=workers&Tags.member.1.ResourceType=auto-scaling-group&Tags.member.1.Key={tag}&Tags.member.1.Value=v1:1-3-6&Tags.member.1.PropagateAtLaunch=false"
            ),
            format!(
                "Action=DeleteTags&Version=2011-01-01&Tags.member.1.ResourceId=workers&Tags.member.1.ResourceType=auto-scaling-group&Tags.member.1.Key={tag}"
            ),
        ),
        (
            format!(
                r#"{{"resourceArn":"{SERVICE}","tags":[{{"key":"{tag}","value":"v1:1-3-6"}}]}}"#
            ),
            format!(r#"{{"resourceArn":"{SERVICE}","tagKeys":["{tag}"]}}"#),
        ),
        (
            format!(
                "Action=CreateTags&Version=2016-11-15&ResourceId.1=i-1&Tag.1.Key={tag}&Tag.1.Value=v1:1-3-6"
            ),
            format!("Action=DeleteTags&Version=2016-11-15&ResourceId.1=i-1&Tag.1.Key={tag}"),
        ),
        (
            format!(
                "Action=AddTagsToResource&Version=2014-10-31&ResourceName={DATABASE}&Tags.Tag.1.Key={tag}&Tags.Tag.1.Value=v1:1-3-6"
            ),
            format!(
                "Action=RemoveTagsFromResource&Version=2014-10-31&ResourceName={DATABASE}&TagKeys.member.1={tag}"
            ),
        ),
        (
            format!(
                "Action=AddTagsToResource&Version=2014-10-31&ResourceName=arn:ledger&Tags.Tag.1.Key={tag}&Tags.Tag.1.Value=v1:1-3-6"
            ),
            format!(
                "Action=RemoveTagsFromResource&Version=2014-10-31&ResourceName=arn:ledger&TagKeys.member.1={tag}"
            ),
        ),
    ];
    for (thing, (write, delete)) in things().into_iter().zip(expected) {
        let memory = Some("v1:1-3-6".to_owned());
        let call = Call::Remember {
            thing,
            before: None,
            after: memory,
        };
        assert_eq!(plain(&sent(&call).await.body), write);
        let back = call.reversed().unwrap();
        assert_eq!(plain(&sent(&back).await.body), delete);
    }
}

#[tokio::test]
async fn a_group_is_resized_in_all_three_sizes_and_its_processes_are_named() {
    let sizes = |least, desired, most| Sizes {
        least,
        desired,
        most,
    };
    let resize = Call::SetSizes {
        group: "work ers".into(),
        before: sizes(1, 3, 6),
        after: sizes(0, 0, 6),
    };
    let asked = sent(&resize).await;
    assert_eq!(
        asked.body,
        "Action=UpdateAutoScalingGroup&Version=2011-01-01&AutoScalingGroupName=work%20ers&MinSize=0&DesiredCapacity=0&MaxSize=6"
    );
    assert!(asked.authorization.contains("/eu-west-1/autoscaling/"));
    for (to, action) in [
        (Processes::Suspended, "SuspendProcesses"),
        (Processes::Resumed, "ResumeProcesses"),
    ] {
        let call = Call::SetProcesses {
            group: "workers".into(),
            processes: vec![
                "AlarmNotification".to_owned(),
                "ScheduledActions".to_owned(),
            ],
            to,
        };
        assert_eq!(
            sent(&call).await.body,
            format!(
                "Action={action}&Version=2011-01-01&AutoScalingGroupName=workers&ScalingProcesses.member.1=AlarmNotification&ScalingProcesses.member.2=ScheduledActions"
            )
        );
    }
}

#[tokio::test]
async fn a_service_is_set_to_a_number_of_tasks_in_its_cluster() {
    let tasks = |service: &str| Call::SetTasks {
        service: service.into(),
        before: 3,
        after: 0,
    };
    let asked = sent(&tasks(SERVICE)).await;
    assert_eq!(
        asked.target,
        "AmazonEC2ContainerServiceV20141113.UpdateService"
    );
    assert_eq!(
        asked.body,
        format!(r#"{{"service":"{SERVICE}","desiredCount":0,"cluster":"shop"}}"#)
    );
    let old = "arn:aws:ecs:eu-west-1:111122223333:service/web";
    assert_eq!(
        sent(&tasks(old)).await.body,
        format!(r#"{{"service":"{old}","desiredCount":0}}"#)
    );
    let limits = Call::SetTaskLimits {
        service: SERVICE.into(),
        before: (1, 9),
        after: (0, 9),
    };
    let asked = sent(&limits).await;
    assert_eq!(
        asked.target,
        "AnyScaleFrontendService.RegisterScalableTarget"
    );
    assert_eq!(
        asked.body,
        r#"{"ServiceNamespace":"ecs","ScalableDimension":"ecs:service:DesiredCount","ResourceId":"service/shop/web","MinCapacity":0,"MaxCapacity":9}"#
    );
    assert!(
        asked
            .authorization
            .contains("/eu-west-1/application-autoscaling/")
    );
}

#[tokio::test]
async fn machines_are_switched_by_their_own_services() {
    let [_, _, instance, database, cluster] = things();
    for (thing, to, expected) in [
        (
            &instance,
            Power::Off,
            "Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1",
        ),
        (
            &instance,
            Power::On,
            "Action=StartInstances&Version=2016-11-15&InstanceId.1=i-1",
        ),
        (
            &database,
            Power::Off,
            "Action=StopDBInstance&Version=2014-10-31&DBInstanceIdentifier=orders",
        ),
        (
            &database,
            Power::On,
            "Action=StartDBInstance&Version=2014-10-31&DBInstanceIdentifier=orders",
        ),
        (
            &cluster,
            Power::Off,
            "Action=StopDBCluster&Version=2014-10-31&DBClusterIdentifier=ledger",
        ),
        (
            &cluster,
            Power::On,
            "Action=StartDBCluster&Version=2014-10-31&DBClusterIdentifier=ledger",
        ),
    ] {
        let thing = thing.clone();
        assert_eq!(sent(&Call::SetPower { thing, to }).await.body, expected);
    }
}

#[tokio::test]
async fn what_a_service_refuses_is_told_in_its_words() {
    let [_, _, instance, ..] = things();
    let wire = Wire::new(|_| {
        wire::xml(
            400,
            "<Response><Errors><Error><Code>IncorrectInstanceState</Code>\
             <Message>The instance 'i-1' is not in a state from which it can be stopped.</Message>\
             </Error></Errors><RequestID>r</RequestID></Response>",
        )
    });
    let call = Call::SetPower {
        thing: instance,
        to: Power::Off,
    };
    let Err(Miscarriage::Refused(problem)) = carry_out(&wire, &call).await else {
        panic!("it was stopped");
    };
    assert_eq!(
        problem.what,
        "Could not stop the instance i-1 in eu-west-1 of prod: \
         The instance 'i-1' is not in a state from which it can be stopped."
    );
    assert_eq!(wire.asked().len(), 1);
}
