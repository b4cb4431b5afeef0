//! One of each request that an operation may send, written down for AWS's own models to read.

use super::*;
use crate::suite::wire::sandbox;
use quarterdeck::aws::Link;
use quarterdeck::sandbox::LoggedRequest;

/// Each thing that can be stopped, by names that need not exist.
fn things() -> [Thing; 5] {
    [
        Thing::Group("work & play".into()),
        Thing::Service(Untrusted::new(format!(
            "arn:aws:ecs:{IRELAND}:{PROD_ID}:service/shop/web"
        ))),
        Thing::Instance("i-0123456789abcdef0".into()),
        Thing::Database(
            "orders".into(),
            "arn:aws:rds:eu-west-1:123456789012:db:orders".into(),
        ),
        Thing::Cluster(
            "ledger".into(),
            "arn:aws:rds:eu-west-1:123456789012:cluster:ledger".into(),
        ),
    ]
}

/// One of each call, for a stack and its change set.
fn every_call(stack: &Stack, drafted: &Drafted, group: &AcceleratorArn) -> Vec<Call> {
    let token = || Token::new("qd-1-0-0-0");
    let execution = execution(stack, drafted, "qd-1-0-0-0");
    let Call::ExecuteChangeSet { seen, .. } = &execution else {
        return Vec::new();
    };
    let [of_group, of_service, ..] = things();
    let (name, service) = (of_group.name().clone(), of_service.name().clone());
    let sizes = |least, desired, most| Sizes {
        least,
        desired,
        most,
    };
    let id = &stack.id;
    let mut calls = vec![
        Call::SetStackPolicy {
            stack: id.clone(),
            policy: r#"{"Statement":[]}"#.to_owned(),
        },
        execution.clone(),
        Call::CancelUpdateStack {
            stack: id.clone(),
            token: token(),
            seen: None,
        },
        Call::UpdateStack {
            stack: id.clone(),
            template: Body::Text("Resources: {}".to_owned()),
            parameters: settings(stack),
            tags: vec![("team".into(), "web".into())],
            capabilities: vec!["CAPABILITY_IAM".to_owned()],
            role: None,
            policy: "{}".to_owned(),
            token: token(),
            seen: seen.clone(),
        },
        Call::RollbackStack {
            stack: id.clone(),
            token: token(),
            seen: seen.clone(),
        },
        Call::ContinueUpdateRollback {
            stack: id.clone(),
            skip: vec!["Nested.Queue".into()],
            token: token(),
            seen: seen.clone(),
        },
        Call::UpdateAlias {
            function: "checkout-api-Function".into(),
            alias: "ACTIVE".to_owned(),
            before: AliasTarget::whole("19".into()),
            after: AliasTarget {
                weights: vec![("18".into(), 0.1)],
                ..AliasTarget::whole("19".into())
            },
        },
        Call::SetDial {
            group: group.clone(),
            before: 100.0,
            after: 12.5,
        },
        Call::SetSizes {
            group: name.clone(),
            before: sizes(1, 3, 6),
            after: sizes(0, 0, 6),
        },
        Call::SetTasks {
            service: service.clone(),
            before: 2,
            after: 0,
        },
        Call::SetTaskLimits {
            service,
            before: (1, 9),
            after: (0, 9),
        },
    ];
    for to in [Processes::Suspended, Processes::Resumed] {
        calls.push(Call::SetProcesses {
            group: name.clone(),
            processes: vec!["AlarmNotification".to_owned()],
            to,
        });
    }
    for thing in things() {
        for (before, after) in [(None, Some("v1:1-3-6")), (Some("v1:1-3-6"), None)] {
            calls.push(Call::Remember {
                thing: thing.clone(),
                before: before.map(str::to_owned),
                after: after.map(str::to_owned),
            });
        }
    }
    for thing in things().into_iter().skip(2) {
        for to in [Power::Off, Power::On] {
            let thing = thing.clone();
            calls.push(Call::SetPower { thing, to });
        }
    }
    calls
}

/// Sends and looks at one of each, whatever the sandbox answers, and brings what was asked over a real connection.
pub(in crate::suite::wire) async fn sent() -> Vec<LoggedRequest> {
    let sandbox = sandbox("drill").await;
    let mut account = account(PROD, PROD_ID, &[IRELAND]);
    account.access = Access::Operate;
    let link = Link {
        endpoint: Some(format!("http://sandbox.test:{}", sandbox.address().port())),
        http: None,
    };
    let cloud = Cloud::new(&fleet(vec![account]), link);
    let place = scope(PROD, IRELAND);
    let warrant = cloud.warrant(&place.account, Timestamp::default()).unwrap();
    let us = Operator {
        gateway: sandbox.service(),
        cloud,
        warrant,
        place,
    };
    let stack = us.stack("orders-batch").await;
    let whole = Scope::global(&us.place.account);
    let Reading::Accelerators(all) = us.cloud.read(&Topic::Accelerators, &whole).await.unwrap()
    else {
        panic!("accelerators were asked for");
    };
    let topic = Topic::Listeners(all[0].arn.clone(), all[0].routing);
    let Reading::Listeners(listeners) = us.cloud.read(&topic, &whole).await.unwrap() else {
        panic!("listeners were asked for");
    };
    let group = &listeners[0].groups[0].arn;
    us.cloud.standings(&us.place, &things()).await.unwrap();
    let network = us.stack("network").await;
    us.cloud.exports_in_use(&us.place, &network).await.unwrap();
    us.cloud
        .snapshot(&us.place, &stack, Timestamp::default())
        .await
        .unwrap();
    us.cloud
        .template_needs(&us.place, Err(&stack.id))
        .await
        .unwrap();
    let bucket = format!("house-templates-{PROD_ID}");
    us.cloud
        .upload(
            &us.warrant,
            &us.place,
            (&bucket, "qd/a b.yaml"),
            "Resources: {}",
        )
        .await
        .unwrap();
    let idle = us.draft(&stack, "qd-0", None).await;
    assert!(idle.idle.is_some(), "and so it was deleted");
    let drafted = us.draft(&stack, "qd-1", Some("First")).await;
    for call in every_call(&stack, &drafted, group) {
        let sight = us.cloud.look(&us.place, &call).await;
        let sent = us.send(&call).await;
        assert!(
            !matches!(sent, Err(Miscarriage::Unknown(_))) && sight.is_ok(),
            "{call:?}: {sight:?}, {sent:?}"
        );
    }
    let requests = sandbox.requests();
    sandbox.stop().await;
    requests
}
