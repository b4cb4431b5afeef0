//! What is kept, what is told of it, and what is forgotten.

use super::*;
use crate::domain::Freshness;
use crate::domain::Region;
use chrono::{TimeZone, Utc};

fn at(second: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap() + TimeDelta::seconds(second)
}

fn here() -> Scope {
    Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
}

fn attempt(second: i64, result: Result<Reading, Problem>) -> Attempt {
    Attempt {
        topic: Topic::Stacks,
        scope: here(),
        at: at(second),
        took: TimeDelta::milliseconds(90),
        result,
        retry: None,
    }
}

#[test]
fn a_failure_keeps_the_last_good_reading_and_a_success_ends_the_failure() {
    let mut store = Store::default();
    store.absorb(attempt(0, Ok(Reading::Stacks(vec![]))));
    store.absorb(attempt(
        15,
        Err(Problem::new(Kind::Throttled, "Slow down.")),
    ));
    store.absorb(attempt(
        30,
        Err(Problem::new(Kind::Throttled, "Slow down.")),
    ));
    let slot = store.stacks(&here()).unwrap();
    assert_eq!(slot.value().map(<[Stack]>::len), Some(0));
    assert_eq!(slot.age(at(31)), Some(TimeDelta::seconds(31)));
    let failing = slot.failing().unwrap();
    assert_eq!((failing.since, failing.times), (at(15), 2));

    store.absorb(attempt(45, Ok(Reading::Stacks(vec![]))));
    let slot = store.stacks(&here()).unwrap();
    assert_eq!(
        (slot.failing(), slot.age(at(45))),
        (None, Some(TimeDelta::zero()))
    );
}

#[test]
fn freshness_has_four_faces() {
    let cadence = TimeDelta::seconds(15);
    let mut store = Store::default();
    assert_eq!(
        Slot::<[Stack]>::default().freshness(at(0), cadence),
        Freshness::Unseen
    );
    store.absorb(attempt(0, Ok(Reading::Stacks(vec![]))));
    assert_eq!(
        store.stacks(&here()).unwrap().freshness(at(30), cadence),
        Freshness::Fresh
    );
    assert_eq!(
        store.stacks(&here()).unwrap().freshness(at(31), cadence),
        Freshness::Stale(TimeDelta::seconds(31))
    );
    store.absorb(attempt(32, Err(Problem::new(Kind::Denied, "No."))));
    let age = Some(TimeDelta::seconds(33));
    assert_eq!(
        store.stacks(&here()).unwrap().freshness(at(33), cadence),
        Freshness::Failing { age }
    );
}

#[test]
fn a_template_is_forgotten_but_not_the_version_it_told() {
    use crate::domain::{DriftStatus, StackStatus, stack::Protection};
    let id = StackId::new("arn:aws:cloudformation:eu-west-1:1:stack/api/1");
    let stack = Stack {
        id: id.clone(),
        name: "api".into(),
        status: StackStatus::UpdateComplete,
        reason: None,
        description: None,
        created: at(0),
        updated: None,
        parent: None,
        tags: Vec::new(),
        parameters: Vec::new(),
        outputs: Vec::new(),
        drift: DriftStatus::NotChecked,
        protected: Protection::Off,
        role: None,
    };
    let mut store = Store::default();
    let topic = Topic::Template(id);
    let template = Reading::Template(Template::new("Resources: {}"));
    store.absorb(attempt(0, Ok(Reading::Stacks(vec![stack.clone()]))));
    store.absorb(Attempt {
        topic: topic.clone(),
        ..attempt(1, Ok(template))
    });
    store.forget_details(|_, _| false);
    assert!(store.template(&here(), &topic).is_none());
    assert!(
        store
            .version_of(&here(), &stack, &VersionRule::Template)
            .is_some()
    );
    store.absorb(attempt(2, Ok(Reading::Stacks(Vec::new()))));
    assert_eq!(
        store.version_of(&here(), &stack, &VersionRule::Template),
        None,
        "the stack is gone"
    );
}

#[test]
fn a_refused_token_means_not_enabled_only_where_the_account_works_elsewhere() {
    let mut store = Store::default();
    store.absorb(attempt(0, Err(Problem::new(Kind::NotRecognized, "Who?"))));
    assert!(!store.is_not_enabled(&here()));
    let identity = Identity {
        account_id: "123456789012".into(),
        arn: "arn".into(),
        expires: None,
    };
    store.absorb(Attempt {
        topic: Topic::Identity,
        scope: Scope::global(&AccountName::new("prod")),
        result: Ok(Reading::Identity(identity)),
        ..attempt(1, Ok(Reading::Stacks(vec![])))
    });
    assert!(store.is_not_enabled(&here()));
}

#[test]
fn what_was_seen_of_an_endpoint_outlives_failures_and_lost_interest() {
    use crate::domain::{Endpoint, EndpointGroup, EndpointKind, Health, Routing, Since};
    let (group, id) = (
        AcceleratorArn::new("arn:a/listener/l/endpoint-group/g"),
        Untrusted::new("i-1"),
    );
    let listeners = |health| {
        let endpoint = Endpoint {
            id: id.clone(),
            kind: EndpointKind::Instance,
            weight: None,
            health,
            preserves_client_ip: None,
        };
        let group = EndpointGroup {
            arn: group.clone(),
            region: "eu-west-1".into(),
            dial: 100.0,
            check: None,
            overrides: Vec::new(),
            endpoints: vec![endpoint],
        };
        Reading::Listeners(vec![Listener {
            arn: AcceleratorArn::new("arn:a/listener/l"),
            protocol: None,
            ports: Vec::new(),
            affinity: None,
            groups: vec![group],
        }])
    };
    let scope = Scope::global(&AccountName::new("prod"));
    let told = |second, result| Attempt {
        topic: Topic::Listeners(AcceleratorArn::new("arn:a"), Routing::Standard),
        scope: scope.clone(),
        ..attempt(second, result)
    };
    let mut store = Store::default();
    store.absorb(told(0, Ok(listeners(Health::Healthy))));
    store.absorb(told(15, Ok(listeners(Health::Unhealthy))));
    store.absorb(told(30, Err(Problem::new(Kind::Server, "No."))));
    store.forget_details(|_, _| false);
    let sighting = store.sighting(&scope, &group, &id).unwrap();
    assert_eq!(sighting.health, Health::Unhealthy);
    assert_eq!(sighting.since, Since::Seen(at(15)));
    assert_eq!((sighting.seen, sighting.turns().len()), (at(15), 1));
}
