//! Everything that changes something, by our client on the sandbox: sent, looked at until its end, and taken back.

mod everything;

pub(super) use everything::sent as everything_sent;

use crate::support::world::{PROD, PROD_ID, account, alone, fleet, scope};
use quarterdeck::aws::{Cloud, Draft, Drafted, Miscarriage, Standing, Warrant};
use quarterdeck::domain::fleet::Access;
use quarterdeck::domain::operation::{
    AliasTarget, Body, Call, OnFailure, Power, PowerState, Processes, Seen, Setting, Sight, Sizes,
    Thing, Token, Trace, Verdict,
};
use quarterdeck::domain::{
    Accelerator, AcceleratorArn, Reading, Scope, Stack, Timestamp, Topic, Untrusted,
};
use quarterdeck::sandbox::{Fault, FaultKind, Gateway, Place, Scenario};
use serde_json::{Value, json};
use std::time::Duration;

const IRELAND: &str = "eu-west-1";

/// Our client as an operator of production.
struct Operator {
    gateway: Gateway,
    cloud: Cloud,
    warrant: Warrant,
    place: Scope,
}

fn operator() -> Operator {
    let mut account = account(PROD, PROD_ID, &[IRELAND]);
    account.access = Access::Operate;
    let fleet = fleet(vec![account]);
    let (gateway, cloud) = alone(&Scenario::named("drill").unwrap(), &fleet);
    let place = scope(PROD, IRELAND);
    let warrant = cloud.warrant(&place.account, Timestamp::default()).unwrap();
    Operator {
        gateway,
        cloud,
        warrant,
        place,
    }
}

impl Operator {
    async fn stack(&self, name: &str) -> Stack {
        let found = self.cloud.stack(&self.place, name).await.unwrap();
        found.expect("it is in the scenario")
    }

    async fn sight(&self, call: &Call) -> Sight {
        self.cloud.look(&self.place, call).await.unwrap()
    }

    async fn verdict(&self, call: &Call) -> Verdict {
        call.judge(&self.sight(call).await)
    }

    async fn send(&self, call: &Call) -> Result<Option<String>, Miscarriage> {
        self.cloud.carry_out(&self.warrant, &self.place, call).await
    }

    /// Looks until it is over.
    async fn end(&self, call: &Call) -> Verdict {
        for _ in 0..400 {
            match self.verdict(call).await {
                Verdict::Underway(_) => tokio::time::sleep(Duration::from_secs(5)).await,
                verdict => return verdict,
            }
        }
        panic!("{} does not end", call.action());
    }

    /// Does it from its beginning to its end.
    async fn perform(&self, call: &Call) {
        assert_eq!(self.verdict(call).await, Verdict::Untouched, "{call:?}");
        let request = self.send(call).await.unwrap();
        assert!(request.is_some(), "{} has a request id", call.action());
        assert_eq!(self.end(call).await, Verdict::Done, "{call:?}");
    }

    /// A change set of what the stack has now, and another queue if one is named.
    async fn draft(&self, stack: &Stack, name: &str, queue: Option<&str>) -> Drafted {
        let now = self
            .cloud
            .snapshot(&self.place, stack, Timestamp::default())
            .await;
        let template = queue.map(|logical| {
            let mut template: Value = serde_json::from_str(&now.unwrap().template).unwrap();
            template["Resources"][logical] = json!({ "Type": "AWS::SQS::Queue" });
            Body::Text(template.to_string())
        });
        let draft = Draft {
            name: stack.name.clone(),
            stack: Some(stack.id.clone()),
            change_set: name.to_owned(),
            template,
            parameters: settings(stack),
            tags: Vec::new(),
            capabilities: vec!["CAPABILITY_IAM".to_owned()],
            role: None,
            notifications: None,
            alarms: None,
            description: "quarterdeck deploy".to_owned(),
        };
        let drafted = self.cloud.draft(&self.warrant, &self.place, &draft).await;
        drafted.unwrap()
    }

    async fn physical(&self, stack: &Stack, logical: &str) -> Untrusted {
        let topic = Topic::Resources(stack.id.clone());
        let Reading::Resources(all) = self.cloud.read(&topic, &self.place).await.unwrap() else {
            panic!("resources were asked for");
        };
        let found = all.into_iter().find(|it| it.logical.exact() == logical);
        found.and_then(|it| it.physical).expect("it was made")
    }
}

/// Every parameter as the stack has it.
fn settings(stack: &Stack) -> Vec<Setting> {
    let setting = |parameter: &quarterdeck::domain::Parameter| Setting {
        key: parameter.key.clone(),
        value: None,
    };
    stack.parameters.iter().map(setting).collect()
}

fn execution(stack: &Stack, drafted: &Drafted, token: &str) -> Call {
    Call::ExecuteChangeSet {
        stack: stack.id.clone(),
        change_set: drafted.change_set.clone(),
        token: Token::new(token),
        seen: Seen {
            status: stack.status.as_str().to_owned(),
            updated: stack.updated,
        },
        failing: OnFailure::RollBack,
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_set_is_drafted_executed_and_found_again_by_its_token() {
    let us = operator();
    let stack = us.stack("orders-batch").await;
    let before = us
        .cloud
        .snapshot(&us.place, &stack, Timestamp::default())
        .await;
    let before = before.unwrap();
    assert!(!before.template.is_empty());
    let drafted = us.draft(&stack, "qd-a", Some("First")).await;
    assert_eq!(drafted.idle, None);
    assert!(!drafted.changes.is_empty());
    let call = execution(&stack, &drafted, "qd-a-0-0-0");
    assert_eq!(us.verdict(&call).await, Verdict::Untouched);
    us.send(&call).await.unwrap();
    let Sight::Stack(sight) = us.sight(&call).await else {
        panic!("a stack was looked at");
    };
    assert_eq!(sight.trace, Trace::Newest);
    assert_eq!(us.send(&call).await, Err(Miscarriage::AlreadyTaken));
    assert_eq!(us.end(&call).await, Verdict::Done);

    let after = us.stack("orders-batch").await;
    assert_ne!(after.updated, before.updated);
    assert_ne!(us.physical(&after, "First").await.exact(), "");

    let idle = us.draft(&after, "qd-b", None).await;
    assert!(idle.idle.is_some(), "nothing is different");
    let unwanted = us.draft(&after, "qd-c", Some("Second")).await;
    us.cloud
        .undraft(&us.warrant, &us.place, &unwanted)
        .await
        .unwrap();
    let call = execution(&after, &unwanted, "qd-c-0-0-0");
    let verdict = us.verdict(&call).await;
    assert!(matches!(verdict, Verdict::Strange(_)), "{verdict:?}");
    let refused = us.send(&call).await;
    assert!(
        matches!(refused, Err(Miscarriage::Refused(_))),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_unknown_and_a_look_finds_what_became_of_it() {
    let us = operator();
    let stack = us.stack("orders-api").await;
    let drafted = us.draft(&stack, "qd-a", Some("First")).await;
    let call = execution(&stack, &drafted, "qd-a-0-0-0");
    let place = Place::region(IRELAND)
        .service("cloudformation")
        .operation("ExecuteChangeSet");
    let fault = us.gateway.inject(Fault::new(place, FaultKind::Reset));
    let lost = us.send(&call).await;
    assert!(matches!(lost, Err(Miscarriage::Unknown(_))), "{lost:?}");
    us.gateway.heal(fault);
    let verdict = us.verdict(&call).await;
    assert!(
        matches!(verdict, Verdict::Underway(_)),
        "it had arrived: {verdict:?}"
    );
    assert_eq!(us.end(&call).await, Verdict::Done);
    let requests = us.gateway.requests();
    let sent = requests
        .iter()
        .filter(|it| it.operation == "ExecuteChangeSet");
    assert_eq!(sent.count(), 1, "and was not sent again");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_update_is_rolled_back() {
    let us = operator();
    let stack = us.stack("orders-batch").await;
    let drafted = us.draft(&stack, "qd-a", Some("First")).await;
    let call = execution(&stack, &drafted, "qd-a-0-0-0");
    us.send(&call).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let verdict = us.verdict(&call).await;
    assert!(matches!(verdict, Verdict::Underway(_)), "{verdict:?}");
    let cancel = Call::CancelUpdateStack {
        stack: stack.id.clone(),
        token: Token::new("qd-a-0-0-1"),
        seen: None,
    };
    us.perform(&cancel).await;
    let verdict = us.end(&call).await;
    assert!(matches!(verdict, Verdict::RolledBack(_)), "{verdict:?}");
}

#[tokio::test(start_paused = true)]
async fn an_alias_and_a_policy_are_set_and_set_back() {
    let us = operator();
    let function = Untrusted::from("checkout-api-Function");
    let target = |version: &str| AliasTarget::whole(version.into());
    let shift = Call::UpdateAlias {
        function,
        alias: "ACTIVE".to_owned(),
        before: target("19"),
        after: AliasTarget {
            weights: vec![("18".into(), 0.1)],
            ..target("19")
        },
    };
    us.perform(&shift).await;
    us.perform(&shift.reversed().unwrap()).await;
    assert_eq!(us.sight(&shift).await, Sight::Alias(target("19")));

    let stack = us.stack("orders-api").await;
    let policy = Call::SetStackPolicy {
        stack: stack.id.clone(),
        policy: r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}"#
            .to_owned(),
    };
    us.perform(&policy).await;
}

#[tokio::test(start_paused = true)]
async fn a_dial_and_a_weight_are_set_and_set_back_when_every_edge_knows() {
    let us = operator();
    let whole = Scope::global(&us.place.account);
    let Reading::Accelerators(all) = us.cloud.read(&Topic::Accelerators, &whole).await.unwrap()
    else {
        panic!("accelerators were asked for");
    };
    let edge: &Accelerator = &all[0];
    let topic = Topic::Listeners(edge.arn.clone(), edge.routing);
    let Reading::Listeners(listeners) = us.cloud.read(&topic, &whole).await.unwrap() else {
        panic!("listeners were asked for");
    };
    let group: AcceleratorArn = listeners[0].groups[0].arn.clone();
    let before = us.cloud.endpoint_group(&whole, &group).await.unwrap();
    let dial = Call::SetDial {
        group: group.clone(),
        before: before.dial,
        after: 12.5,
    };
    let weight = Call::SetWeight {
        group: group.clone(),
        endpoint: before.endpoints[0].id.clone(),
        before: before.endpoints[0].weight.unwrap(),
        after: 7,
    };
    us.perform(&dial).await;
    us.perform(&weight).await;
    let during = us.cloud.endpoint_group(&whole, &group).await.unwrap();
    assert_eq!((during.dial, during.endpoints[0].weight), (12.5, Some(7)));
    us.perform(&weight.reversed().unwrap()).await;
    us.perform(&dial.reversed().unwrap()).await;
    let after = us.cloud.endpoint_group(&whole, &group).await.unwrap();
    assert_eq!(after.endpoints.len(), before.endpoints.len());
    assert_eq!(
        (after.dial, after.endpoints[0].weight),
        (before.dial, before.endpoints[0].weight)
    );
    assert_eq!(
        after.endpoints[0].preserves_client_ip,
        before.endpoints[0].preserves_client_ip
    );
}

/// The calls that stop a thing, in their order.
fn stop(thing: &Thing, standing: &Standing) -> Vec<Call> {
    let remember = Call::Remember {
        thing: thing.clone(),
        before: None,
        after: Some("v1:something".to_owned()),
    };
    let mut calls = vec![remember];
    match (thing, standing) {
        (Thing::Group(group), Standing::Group { sizes, .. }) => {
            calls.push(Call::SetProcesses {
                group: group.clone(),
                processes: vec![
                    "AlarmNotification".to_owned(),
                    "ScheduledActions".to_owned(),
                ],
                to: Processes::Suspended,
            });
            calls.push(Call::SetSizes {
                group: group.clone(),
                before: *sizes,
                after: Sizes {
                    least: 0,
                    desired: 0,
                    most: sizes.most,
                },
            });
        }
        (Thing::Service(service), Standing::Service { wanted, limits, .. }) => {
            if let Some((least, most)) = *limits {
                calls.push(Call::SetTaskLimits {
                    service: service.clone(),
                    before: (least, most),
                    after: (0, most),
                });
            }
            calls.push(Call::SetTasks {
                service: service.clone(),
                before: *wanted,
                after: 0,
            });
        }
        (_, Standing::Machine { .. }) => calls.push(Call::SetPower {
            thing: thing.clone(),
            to: Power::Off,
        }),
        other => panic!("{other:?}"),
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn what_is_stopped_and_started_stands_as_it_did_before() {
    let us = operator();
    let stack = us.stack("orders-batch").await;
    let arn = |kind: &str, id: &Untrusted| {
        let id = id.exact();
        Untrusted::new(format!("arn:aws:rds:{IRELAND}:{PROD_ID}:{kind}:{id}"))
    };
    let reports = us.physical(&stack, "Reports").await;
    let ledger = us.physical(&stack, "Ledger").await;
    let things = [
        Thing::Group(us.physical(&stack, "Nodes").await),
        Thing::Service(us.physical(&stack, "Service").await),
        Thing::Instance(us.physical(&stack, "Scheduler").await),
        Thing::Database(reports.clone(), arn("db", &reports)),
        Thing::Cluster(ledger.clone(), arn("cluster", &ledger)),
    ];
    let before = us.cloud.standings(&us.place, &things).await.unwrap();
    for (thing, standing) in things.iter().zip(&before) {
        let calls = stop(thing, standing);
        for call in &calls {
            us.perform(call).await;
        }
        let during = us
            .cloud
            .standings(&us.place, std::slice::from_ref(thing))
            .await;
        assert_ne!(during.unwrap()[0], *standing);
        for call in calls.iter().rev() {
            us.perform(&call.reversed().unwrap()).await;
        }
    }
    let after = us.cloud.standings(&us.place, &things).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_database_says_when_it_starts_by_itself_and_a_member_of_a_cluster_is_fixed() {
    let us = operator();
    let stack = us.stack("orders-batch").await;
    let reports = us.physical(&stack, "Reports").await;
    let thing = Thing::Database(reports.clone(), reports);
    let off = Call::SetPower {
        thing: thing.clone(),
        to: Power::Off,
    };
    us.perform(&off).await;
    let writer = us.physical(&stack, "LedgerWriter").await;
    let member = Thing::Database(writer.clone(), writer);
    let gone = Thing::Instance("i-00000000000000000".into());
    let told = us
        .cloud
        .standings(&us.place, &[thing, member, gone])
        .await
        .unwrap();
    assert!(
        matches!(
            &told[0],
            Standing::Machine {
                power: PowerState::Off,
                restarts: Some(_),
                ..
            }
        ),
        "{told:?}"
    );
    assert!(
        matches!(
            &told[1],
            Standing::Machine { fixed: Some(why), .. } if why.starts_with("It is stopped with its cluster")
        ),
        "{told:?}"
    );
    assert_eq!(told[2], Standing::Gone);
}

#[tokio::test(start_paused = true)]
async fn a_template_goes_through_a_bucket_in_the_version_that_was_put_there() {
    let us = operator();
    let bucket = format!("house-templates-{PROD_ID}");
    let text = "Parameters: {Word: {Type: String, NoEcho: true}}\nResources:\n  Queue: {Type: AWS::SQS::Queue}\n";
    let put = us
        .cloud
        .upload(&us.warrant, &us.place, (&bucket, "qd/a b.yaml"), text);
    let url = put.await.unwrap();
    assert!(url.contains("/qd/a%20b.yaml?versionId="), "{url}");
    let body = Body::Url(url);
    let needs = us.cloud.template_needs(&us.place, Ok(&body)).await.unwrap();
    assert_eq!(needs.parameters[0].key.exact(), "Word");

    let wrong = Body::Text("Resources:\n  - [".to_owned());
    let problem = us.cloud.template_needs(&us.place, Ok(&wrong)).await;
    let problem = problem.unwrap_err();
    assert!(problem.what.contains("line"), "{problem}");
    let none = us
        .cloud
        .upload(&us.warrant, &us.place, ("nobodys-bucket", "a"), text);
    let problem = none.await.unwrap_err();
    assert!(problem.what.contains("nobodys-bucket"), "{problem}");
}
