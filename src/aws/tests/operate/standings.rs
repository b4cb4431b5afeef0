//! How things that can be stopped stand.

use super::*;
use crate::aws::Standing;
use crate::domain::operation::{Power, PowerState, Processes, Sizes, Thing};
use serde_json::json as shape;

const SERVICE: &str = "arn:aws:ecs:eu-west-1:111122223333:service/shop/web";
const GONE: &str = "arn:aws:ecs:eu-west-1:111122223333:service/shop/gone";

const SIZES: Sizes = Sizes {
    least: 1,
    desired: 3,
    most: 6,
};

const TAG: &str = "<Key>quarterdeck:restore</Key><Value>v1:1-3-6</Value>";

fn groups() -> Answer {
    let instance =
        |state: &str| format!("<member><LifecycleState>{state}</LifecycleState></member>");
    raw(&format!(
        "<AutoScalingGroups><member><AutoScalingGroupName>workers</AutoScalingGroupName><MinSize>1</MinSize>\
         <DesiredCapacity>3</DesiredCapacity><MaxSize>6</MaxSize><Instances>{}{}</Instances>\
         <SuspendedProcesses><member><ProcessName>Terminate</ProcessName></member><member><ProcessName>AlarmNotification</ProcessName></member></SuspendedProcesses>\
         <Tags><member>{TAG}</member></Tags></member></AutoScalingGroups>",
        instance("InService"),
        instance("Pending")
    ))
}

fn instance(id: &str, state: &str, rest: &str) -> String {
    format!(
        "<item><instancesSet><item><instanceId>{id}</instanceId><instanceState><name>{state}</name></instanceState>{rest}</item></instancesSet></item>"
    )
}

fn instances() -> Answer {
    let tagged = "<tagSet><item><key>quarterdeck:restore</key><value>v1:on</value></item></tagSet>";
    let member =
        "<tagSet><item><key>aws:autoscaling:groupName</key><value>workers</value></item></tagSet>";
    raw(&format!(
        "<reservationSet>{}{}{}{}{}</reservationSet>",
        instance("i-1", "running", tagged),
        instance(
            "i-2",
            "stopping",
            "<rootDeviceType>instance-store</rootDeviceType>"
        ),
        instance(
            "i-3",
            "running",
            "<instanceLifecycle>spot</instanceLifecycle>"
        ),
        instance("i-4", "pending", member),
        instance("i-5", "terminated", ""),
    ))
}

fn database(name: &str) -> Answer {
    let rest = match name {
        "orders" => {
            "<DBInstanceStatus>stopped</DBInstanceStatus><AutomaticRestartTime>2026-11-27T12:00:00Z</AutomaticRestartTime>\
             <TagList><Tag><Key>quarterdeck:restore</Key><Value>v1:on</Value></Tag></TagList>"
        }
        "member" => {
            "<DBInstanceStatus>available</DBInstanceStatus><DBClusterIdentifier>ledger</DBClusterIdentifier>"
        }
        "replica" => {
            "<DBInstanceStatus>backing-up</DBInstanceStatus><ReadReplicaSourceDBInstanceIdentifier>orders</ReadReplicaSourceDBInstanceIdentifier>"
        }
        _ => return Ok(wire::error(404, "DBInstanceNotFound", "no")),
    };
    raw(&format!(
        "<DBInstances><DBInstance>{rest}</DBInstance></DBInstances>"
    ))
}

fn house() -> Wire {
    Wire::new(|asked| {
        if let Some((_, operation)) = asked.target.split_once('.') {
            return json(&match operation {
                "DescribeServices" => shape!({
                    "services": [
                        { "serviceArn": SERVICE, "status": "ACTIVE", "desiredCount": 3, "runningCount": 2,
                          "tags": [{ "key": "quarterdeck:restore", "value": "v1:3" }] },
                        { "serviceArn": GONE, "status": "INACTIVE", "desiredCount": 0, "runningCount": 0 },
                    ],
                    "failures": [],
                }),
                _ => shape!({ "ScalableTargets": [
                    { "ResourceId": "service/shop/web", "MinCapacity": 1, "MaxCapacity": 9 },
                ] }),
            });
        }
        match asked.parameter("Action").unwrap() {
            "DescribeAutoScalingGroups" => groups(),
            "DescribeInstances" => instances(),
            "DescribeDBInstances" => database(asked.parameter("DBInstanceIdentifier").unwrap()),
            "DescribeDBClusters" => raw(
                "<DBClusters><DBCluster><Status>starting</Status><EngineMode>global</EngineMode></DBCluster></DBClusters>",
            ),
            other => panic!("{other}"),
        }
    })
}

fn machine(power: PowerState, memory: Option<&str>, fixed: Option<&str>) -> Standing {
    Standing::Machine {
        power,
        memory: memory.map(str::to_owned),
        fixed: fixed.map(str::to_owned),
        restarts: None,
    }
}

#[tokio::test]
async fn everything_is_told_in_the_order_of_the_question() {
    let instance = |id: &str| Thing::Instance(id.into());
    let database = |name: &str| Thing::Database(name.into(), "arn:db".into());
    let things = [
        database("member"),
        Thing::Group("workers".into()),
        Thing::Group("nobody".into()),
        instance("i-1"),
        instance("i-2"),
        instance("i-3"),
        instance("i-4"),
        instance("i-5"),
        Thing::Service(SERVICE.into()),
        Thing::Service(GONE.into()),
        database("orders"),
        database("replica"),
        database("none"),
        Thing::Cluster("ledger".into(), "arn:ledger".into()),
    ];
    let wire = house();
    let told = cloud(&wire).standings(&ireland(), &things).await.unwrap();
    let expected = vec![
        machine(
            PowerState::On,
            None,
            Some("It is stopped with its cluster ledger."),
        ),
        Standing::Group {
            sizes: SIZES,
            instances: 2,
            suspended: vec!["AlarmNotification".to_owned(), "Terminate".to_owned()],
            memory: Some("v1:1-3-6".to_owned()),
        },
        Standing::Gone,
        machine(PowerState::On, Some("v1:on"), None),
        machine(
            PowerState::TurningOff,
            None,
            Some("Its root is an instance store, which a stop would lose."),
        ),
        machine(
            PowerState::On,
            None,
            Some("It is a spot instance, which AWS may not start again."),
        ),
        machine(
            PowerState::TurningOn,
            None,
            Some("It belongs to the Auto Scaling group workers, which would replace it."),
        ),
        Standing::Gone,
        Standing::Service {
            wanted: 3,
            running: 2,
            limits: Some((1, 9)),
            memory: Some("v1:3".to_owned()),
        },
        Standing::Gone,
        Standing::Machine {
            power: PowerState::Off,
            memory: Some("v1:on".to_owned()),
            fixed: None,
            restarts: Some(at("2026-11-27T12:00:00Z")),
        },
        machine(
            PowerState::On,
            None,
            Some("It is a read replica, which RDS does not stop."),
        ),
        Standing::Gone,
        machine(
            PowerState::TurningOn,
            None,
            Some("It is part of a global database, which RDS does not stop."),
        ),
    ];
    assert_eq!(told, expected);
    let asked: Vec<_> = wire.asked().iter().map(|it| plain(&it.body)).collect();
    assert_eq!(
        asked[..4],
        [
            "Action=DescribeAutoScalingGroups&Version=2011-01-01&AutoScalingGroupNames.member.1=workers&AutoScalingGroupNames.member.2=nobody",
            &format!(
                r#"{{"services":["{SERVICE}","{GONE}"],"include":["TAGS"],"cluster":"shop"}}"#
            ),
            r#"{"ServiceNamespace":"ecs","ScalableDimension":"ecs:service:DesiredCount","ResourceIds":["service/shop/web","service/shop/gone"]}"#,
            "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-id&Filter.1.Value.1=i-1&Filter.1.Value.2=i-2&Filter.1.Value.3=i-3&Filter.1.Value.4=i-4&Filter.1.Value.5=i-5",
        ]
    );
}

#[tokio::test]
async fn services_are_asked_ten_at_once_and_nobody_is_asked_for_nothing() {
    let wire = house();
    let named = |number: usize| Thing::Service(Untrusted::new(format!("{SERVICE}-{number}")));
    let things: Vec<_> = (0..11).map(named).collect();
    cloud(&wire).standings(&ireland(), &things).await.unwrap();
    assert_eq!(
        wire.asked().len(),
        3,
        "two questions for services, one for limits"
    );
    let idle = Wire::new(|_| panic!("a request left"));
    assert_eq!(
        cloud(&idle).standings(&ireland(), &[]).await,
        Ok(Vec::new())
    );
}

#[tokio::test]
async fn each_call_looks_at_what_it_changes() {
    let group = || Untrusted::from("workers");
    let remember = |thing| Call::Remember {
        thing,
        before: None,
        after: None,
    };
    let power = |thing| Call::SetPower {
        thing,
        to: Power::Off,
    };
    let sizes = |name: &str| Call::SetSizes {
        group: name.into(),
        before: SIZES,
        after: SIZES,
    };
    let memory = |text: &str| Sight::Memory(Some(text.to_owned()));
    for (call, expected) in [
        (remember(Thing::Group(group())), memory("v1:1-3-6")),
        (remember(Thing::Service(SERVICE.into())), memory("v1:3")),
        (remember(Thing::Instance("i-1".into())), memory("v1:on")),
        (
            remember(Thing::Cluster("ledger".into(), "arn:ledger".into())),
            Sight::Memory(None),
        ),
        (
            power(Thing::Instance("i-1".into())),
            Sight::Power(PowerState::On),
        ),
        (
            power(Thing::Database("orders".into(), "arn:db".into())),
            Sight::Power(PowerState::Off),
        ),
        (
            power(Thing::Database("none".into(), "arn:db".into())),
            Sight::Gone,
        ),
        (
            Call::SetProcesses {
                group: group(),
                processes: Vec::new(),
                to: Processes::Resumed,
            },
            Sight::Suspended(vec!["AlarmNotification".to_owned(), "Terminate".to_owned()]),
        ),
        (
            sizes("workers"),
            Sight::Sizes {
                sizes: SIZES,
                serving: 1,
                instances: 2,
            },
        ),
        (sizes("nobody"), Sight::Gone),
        (
            Call::SetTasks {
                service: SERVICE.into(),
                before: 1,
                after: 2,
            },
            Sight::Tasks {
                wanted: 3,
                running: 2,
            },
        ),
        (
            Call::SetTaskLimits {
                service: SERVICE.into(),
                before: (1, 2),
                after: (3, 4),
            },
            Sight::TaskLimits(Some((1, 9))),
        ),
        (
            Call::SetTaskLimits {
                service: GONE.into(),
                before: (1, 2),
                after: (3, 4),
            },
            Sight::TaskLimits(None),
        ),
    ] {
        assert_eq!(look(&house(), &call).await, Ok(expected), "{call:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_none() {
    let torn = Wire::new(|_| wire::xml(200, "<DescribeAutoScalingGroupsResponse><Auto"));
    let things = [Thing::Group("workers".into())];
    let problem = cloud(&torn).standings(&ireland(), &things).await;
    assert_eq!(problem.unwrap_err().kind, Kind::Garbled);
}
