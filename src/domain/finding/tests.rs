//! What is found in a project, and what is admitted to be unknown.

use super::*;
use crate::domain::accelerator::Switch;
use crate::domain::stack::Protection;
use crate::domain::{
    Accelerator, AcceleratorStatus, Attempt, Balancer, DriftStatus, EndpointKind, Health, Kind,
    Output, Problem, Reading, Stack, StackId, StackStatus, Timestamp,
};
use chrono::TimeDelta;

const ACCELERATOR: &str = "arn:aws:globalaccelerator::1:accelerator/a";

fn account() -> AccountName {
    AccountName::new("prod")
}

fn there(region: &str) -> Scope {
    Scope::regional(&account(), &Region::new(region))
}

fn absorb(store: &mut Store, scope: Scope, topic: Topic, result: Result<Reading, Problem>) {
    store.absorb(Attempt {
        topic,
        scope,
        at: Timestamp::UNIX_EPOCH,
        took: TimeDelta::zero(),
        result,
        retry: None,
    });
}

fn denied() -> Result<Reading, Problem> {
    Err(Problem::new(Kind::Denied, "Not allowed."))
}

fn stack(name: &str, outputs: &[(&str, &str)]) -> Stack {
    Stack {
        id: StackId::new(format!("arn:stack/{name}")),
        name: name.into(),
        status: StackStatus::CreateComplete,
        reason: None,
        description: None,
        created: Timestamp::UNIX_EPOCH,
        updated: None,
        parent: None,
        tags: Vec::new(),
        parameters: Vec::new(),
        outputs: outputs
            .iter()
            .map(|(key, value)| Output {
                key: (*key).into(),
                value: (*value).into(),
                description: None,
                export: None,
            })
            .collect(),
        drift: DriftStatus::NotChecked,
        protected: Protection::Off,
        role: None,
    }
}

fn accelerator(name: &str) -> Accelerator {
    Accelerator {
        arn: AcceleratorArn::new(ACCELERATOR),
        name: name.into(),
        routing: Routing::Standard,
        status: AcceleratorStatus::Deployed,
        switch: Switch::Enabled,
        addresses: Vec::new(),
        dns: None,
        dual_stack_dns: None,
        created: None,
        modified: None,
    }
}

fn balancer_arn(region: &str, name: &str) -> String {
    format!("arn:aws:elasticloadbalancing:{region}:1:loadbalancer/app/{name}/50dc")
}

fn group_arn(region: &str) -> String {
    format!("{ACCELERATOR}/listener/l/endpoint-group/{region}")
}

fn group(region: &str, names: &[&str]) -> EndpointGroup {
    EndpointGroup {
        arn: AcceleratorArn::new(group_arn(region)),
        region: region.into(),
        dial: 100.0,
        check: None,
        overrides: Vec::new(),
        endpoints: names
            .iter()
            .map(|name| Endpoint {
                id: balancer_arn(region, name).as_str().into(),
                kind: EndpointKind::ApplicationBalancer,
                weight: Some(100),
                health: Health::Healthy,
                preserves_client_ip: None,
            })
            .collect(),
    }
}

/// An account with a project of a global stack and what the cases add.
struct World {
    name: &'static str,
    stacks: Vec<(&'static str, Vec<Stack>)>,
    groups: Vec<EndpointGroup>,
    parameters: Vec<(&'static str, Option<String>)>,
}

impl World {
    fn store(self) -> Store {
        let mut store = Store::default();
        let global = Scope::global(&account());
        let accelerators = Ok(Reading::Accelerators(vec![accelerator(self.name)]));
        absorb(
            &mut store,
            global.clone(),
            Topic::Accelerators,
            accelerators,
        );
        let listener = Listener {
            arn: AcceleratorArn::new(format!("{ACCELERATOR}/listener/l")),
            protocol: None,
            ports: Vec::new(),
            affinity: None,
            groups: self.groups,
        };
        let topic = Topic::Listeners(AcceleratorArn::new(ACCELERATOR), Routing::Standard);
        absorb(
            &mut store,
            global,
            topic,
            Ok(Reading::Listeners(vec![listener])),
        );
        for (region, stacks) in self.stacks {
            let stacks = Ok(Reading::Stacks(stacks));
            absorb(&mut store, there(region), Topic::Stacks, stacks);
        }
        let parameters = self
            .parameters
            .into_iter()
            .map(|(name, value)| SsmParameter {
                name: name.into(),
                value: value.map(|value| value.as_str().into()),
            });
        let parameters = Ok(Reading::Parameters(parameters.collect()));
        let topic = Topic::Parameters("/gco".into());
        absorb(&mut store, there("us-east-2"), topic, parameters);
        store
    }
}

/// One region, and everything as it should be.
fn calm() -> World {
    let outputs = [("GlobalAcceleratorArn", ACCELERATOR)];
    World {
        name: "edge",
        stacks: vec![
            ("us-east-2", vec![stack("gco-global", &outputs)]),
            ("eu-west-1", vec![stack("gco-eu-west-1", &[])]),
        ],
        groups: vec![group("eu-west-1", &["k8s-gco"])],
        parameters: vec![
            (
                "/gco/endpoint-group-eu-west-1-arn",
                Some(group_arn("eu-west-1")),
            ),
            (
                "/gco/alb-hostname-eu-west-1",
                Some("internal-k8s-gco-123.eu-west-1.elb.amazonaws.com".into()),
            ),
        ],
    }
}

fn said(store: &Store) -> Vec<String> {
    let found = findings(store, &account());
    found.into_iter().map(|it| it.what).collect()
}

#[test]
fn nothing_is_found_where_everything_fits() {
    assert_eq!(said(&calm().store()), Vec::<String>::new());
    let mut elsewhere = calm();
    elsewhere.stacks = vec![("us-east-2", vec![stack("shop-global", &[])])];
    assert_eq!(
        said(&elsewhere.store()),
        Vec::<String>::new(),
        "not a project"
    );
    let mut like_it = calm();
    like_it.name = "web-accelerator";
    like_it.stacks = vec![("us-east-2", vec![stack("web", &[])])];
    assert_eq!(said(&like_it.store()), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_is_found() {
    let mut world = calm();
    world
        .stacks
        .push(("ap-southeast-1", vec![stack("gco-ap-southeast-1", &[])]));
    world.groups.push(group("eu-central-1", &[]));
    world
        .groups
        .push(group("us-east-1", &["k8s-gco-old", "spare"]));
    let gone = format!("{ACCELERATOR}/listener/l/endpoint-group/gone");
    world.parameters.extend([
        ("/gco/endpoint-group-ap-northeast-1-arn", Some(gone)),
        ("/gco/endpoint-group-us-east-1-arn", None),
        ("/gco/alb-hostname-ap-northeast-1", Some("x".into())),
        (
            "/gco/alb-hostname-us-east-1",
            Some("k8s-gco-123.us-east-1.elb.amazonaws.com".into()),
        ),
    ]);
    assert_eq!(
        said(&world.store()),
        [
            "gco has no endpoint group for prod ap-northeast-1, though the parameter /gco/alb-hostname-ap-northeast-1 is there: no client is sent there.",
            "gco has no endpoint group for prod ap-southeast-1, though its stack gco-ap-southeast-1 is there: no client is sent there.",
            "The endpoint group of gco in prod eu-central-1 is empty: nobody registered a balancer.",
            "The balancer k8s-gco-123.us-east-1.elb.amazonaws.com of gco is not registered in its endpoint group in prod us-east-1.",
            "The parameter /gco/endpoint-group-ap-northeast-1-arn in prod us-east-2 points to an endpoint group that does not exist.",
            "The endpoint group of gco in prod us-east-1 has 2 endpoints, where a registration leaves one.",
            "Where the parameter /gco/endpoint-group-us-east-1-arn in prod us-east-2 points is unknown: its value is a secret.",
        ]
    );
}

#[test]
fn what_was_asked_of_a_balancer_counts_more_than_its_name() {
    let mut store = calm().store();
    let arn = balancer_arn("eu-west-1", "k8s-gco");
    let topic = Topic::Balancer(arn.as_str().into());
    let balancer = Balancer {
        arn: arn.as_str().into(),
        name: "k8s-gco".into(),
        state: "active".into(),
        reason: None,
        dns: Some("k8s-gco-999.eu-west-1.elb.amazonaws.com".into()),
        groups: Vec::new(),
    };
    let there = there("eu-west-1");
    let reading = Ok(Reading::Balancer(Box::new(Some(balancer))));
    absorb(&mut store, there.clone(), topic.clone(), reading);
    assert_eq!(
        said(&store),
        [
            "The balancer internal-k8s-gco-123.eu-west-1.elb.amazonaws.com of gco is not registered in its endpoint group in prod eu-west-1."
        ]
    );
    absorb(
        &mut store,
        there,
        topic,
        Ok(Reading::Balancer(Box::new(None))),
    );
    assert_eq!(
        said(&store),
        [
            "The endpoint group of gco in prod eu-west-1 has k8s-gco, a balancer that does not exist any more."
        ]
    );
}

#[test]
fn what_could_not_be_read_is_unknown_and_not_fine() {
    let mut store = calm().store();
    let global = Scope::global(&account());
    let topic = Topic::Parameters("/gco".into());
    let mut blank = Store::default();
    for (region, stacks) in calm().stacks {
        absorb(
            &mut blank,
            there(region),
            Topic::Stacks,
            Ok(Reading::Stacks(stacks)),
        );
    }
    absorb(&mut blank, there("us-east-2"), topic.clone(), denied());
    absorb(&mut blank, there("sa-east-1"), Topic::Stacks, denied());
    absorb(&mut blank, global.clone(), Topic::Accelerators, denied());
    let found = findings(&blank, &account());
    assert!(found.iter().all(|it| it.gravity == Gravity::Unknown));
    assert_eq!(
        said(&blank),
        [
            "Whether every region of gco is registered is unknown: its parameters in prod us-east-2 could not be read (not allowed).",
            "Whether gco has stacks in prod sa-east-1 is unknown: they could not be read.",
            "Which endpoint groups gco has in prod is unknown: its accelerator could not be read (not allowed).",
        ]
    );

    // What was read before stays, whatever fails since, but it is said to be old.
    absorb(&mut store, there("us-east-2"), topic, denied());
    absorb(&mut store, global, Topic::Accelerators, denied());
    assert_eq!(
        said(&store),
        [
            "Whether any parameter of gco in prod changed since 00:00:00 UTC on 1970-01-01 is unknown: the last attempt to read failed (not allowed).",
            "Whether the accelerator of gco in prod changed since 00:00:00 UTC on 1970-01-01 is unknown: the last attempt to read failed (not allowed).",
        ]
    );
}

#[test]
fn an_accelerator_gives_a_project_away_whose_global_stack_nobody_saw() {
    let mut world = calm();
    world.name = "gco-accelerator";
    world.stacks.remove(0);
    assert_eq!(
        said(&world.store()),
        [
            "Where the parameters of gco are in prod is unknown: its stack gco-global has not been seen."
        ]
    );
    let mut world = calm();
    world.stacks[0].1[0].outputs[0].value = "arn:another".into();
    assert_eq!(
        said(&world.store())[0],
        "The accelerator of gco does not exist in prod."
    );
}

#[test]
fn what_fails_since_it_was_read_is_judged_with_its_age_and_admitted_to_be_unknown() {
    let mut world = calm();
    world.groups.push(group("eu-central-1", &[]));
    let mut store = world.store();
    let topic = Topic::Parameters("/gco".into());
    absorb(&mut store, there("us-east-2"), topic, denied());
    let arn = AcceleratorArn::new(ACCELERATOR);
    let topic = Topic::Listeners(arn, Routing::Standard);
    absorb(&mut store, Scope::global(&account()), topic, denied());
    absorb(&mut store, there("eu-west-1"), Topic::Stacks, denied());
    assert_eq!(
        said(&store),
        [
            "The endpoint group of gco in prod eu-central-1 is empty: nobody registered a balancer, as of 00:00:00 UTC on 1970-01-01.",
            "Whether any parameter of gco in prod changed since 00:00:00 UTC on 1970-01-01 is unknown: the last attempt to read failed (not allowed).",
            "Whether the stacks of gco in prod eu-west-1 changed since 00:00:00 UTC on 1970-01-01 is unknown: the last attempt to read failed.",
            "Whether any endpoint group of gco in prod changed since 00:00:00 UTC on 1970-01-01 is unknown: the last attempt to read failed (not allowed).",
        ]
    );
}
