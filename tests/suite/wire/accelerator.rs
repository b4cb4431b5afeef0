//! Global Accelerator, its balancers and the parameters of a project over a real connection.

use super::{PROD, STAGING, calls, cloud, sandbox};
use crate::support::world::{account, scope};
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::domain::accelerator::Switch;
use quarterdeck::domain::{
    Accelerator, AcceleratorArn, AccountName, Balancer, EndpointKind, Fleet, GroupHealth, Health,
    Kind, Listener, Reading, Routing, Scope, Topic,
};
use quarterdeck::sandbox::{Fault, FaultKind, Place, Sandbox};

fn global() -> Scope {
    Scope::global(&AccountName::new("prod"))
}

async fn accelerators(cloud: &Cloud) -> Vec<Accelerator> {
    match cloud.read(&Topic::Accelerators, &global()).await {
        Ok(Reading::Accelerators(found)) => found,
        other => panic!("{other:?}"),
    }
}

async fn listeners(cloud: &Cloud, accelerator: &Accelerator) -> Vec<Listener> {
    let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
    match cloud.read(&topic, &global()).await {
        Ok(Reading::Listeners(found)) => found,
        other => panic!("{other:?}"),
    }
}

async fn balancer(cloud: &Cloud, topic: &Topic, place: &Scope) -> Option<Balancer> {
    match cloud.read(topic, place).await {
        Ok(Reading::Balancer(found)) => *found,
        other => panic!("{other:?}"),
    }
}

fn named<'a>(all: &'a [Accelerator], name: &str) -> &'a Accelerator {
    all.iter().find(|it| it.name.exact() == name).unwrap()
}

#[tokio::test]
async fn every_accelerator_comes_whole_and_all_is_asked_in_the_one_region() {
    let sandbox = sandbox("demo").await;
    // The fleet does not even have us-west-2.
    let cloud = cloud(&sandbox, &["eu-west-1"]);
    let all = accelerators(&cloud).await;
    let names: Vec<&str> = all.iter().map(|it| it.name.exact()).collect();
    assert_eq!(
        names,
        [
            "canary",
            "gco-accelerator",
            "media",
            "portal-retired",
            "shop",
            "game-sessions"
        ]
    );
    assert_eq!(named(&all, "game-sessions").routing, Routing::Custom);
    assert_eq!(named(&all, "portal-retired").switch, Switch::Disabled);
    let media = named(&all, "media");
    assert!(media.dual_stack_dns.is_some());
    let is_six = |it: &&quarterdeck::domain::Untrusted| it.exact().contains(':');
    assert_eq!(media.addresses.iter().filter(is_six).count(), 2);

    let tree = listeners(&cloud, media).await;
    assert_eq!(
        tree.iter().map(Listener::words).collect::<Vec<_>>(),
        ["TCP 443,8000-8100", "UDP 5000-5010"]
    );
    let groups = tree.iter().flat_map(|listener| &listener.groups);
    let singapore = groups
        .clone()
        .find(|it| it.region.exact() == "ap-southeast-1")
        .unwrap();
    let kinds: Vec<EndpointKind> = singapore.endpoints.iter().map(|it| it.kind).collect();
    assert_eq!(
        kinds,
        [
            EndpointKind::Instance,
            EndpointKind::Instance,
            EndpointKind::ElasticIp
        ]
    );
    assert_eq!(singapore.overrides, [(443, 8443)]);
    let game = listeners(&cloud, named(&all, "game-sessions")).await;
    let endpoints = game
        .iter()
        .flat_map(|it| &it.groups)
        .flat_map(|it| &it.endpoints);
    assert!(endpoints.clone().count() > 0);
    assert!(endpoints.clone().all(|it| it.health == Health::Unchecked));

    let requests = sandbox.requests();
    assert!(requests.iter().all(|it| it.region == "us-west-2"));
    sandbox.stop().await;
}

#[tokio::test]
async fn an_empty_group_is_not_an_unhealthy_one_and_the_chain_ends_at_the_target() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &["eu-west-1"]);
    let all = accelerators(&cloud).await;
    let gco = listeners(&cloud, named(&all, "gco-accelerator")).await;
    let empty = gco[0].groups.iter().find(|it| it.endpoints.is_empty());
    let empty = empty.unwrap();
    assert_eq!(
        (empty.region.exact(), empty.health()),
        ("eu-central-1", GroupHealth::Empty)
    );

    let shop = listeners(&cloud, named(&all, "shop")).await;
    let sick = shop[0]
        .groups
        .iter()
        .find(|it| it.region.exact() == "eu-west-1");
    let sick = &sick.unwrap().endpoints[0];
    assert_eq!(sick.health, Health::Unhealthy);
    assert_eq!(sick.account(), Some(PROD));
    let place = scope("prod", sick.region().unwrap());
    let topic = Topic::Balancer(sick.id.clone());
    let balancer = balancer(&cloud, &topic, &place).await.unwrap();
    let (group, target) = balancer.culprit().unwrap();
    assert!(group.is_down() && target.reason.is_some(), "{target:?}");
    assert_eq!(group.kind.exact(), "lambda");

    let nobody = sick
        .id
        .exact()
        .replace("loadbalancer/app/", "loadbalancer/app/no-");
    let topic = Topic::Balancer(nobody.as_str().into());
    assert_eq!(self::balancer(&cloud, &topic, &place).await, None);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_projects_parameters_are_read_without_its_secrets() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &["us-east-1"]);
    let place = scope("prod", "us-east-1");
    let read = cloud.read(&Topic::Parameters("/gco".into()), &place).await;
    let Ok(Reading::Parameters(found)) = read else {
        panic!("{read:?}");
    };
    assert_eq!(found.len(), 10);
    let secret = found.iter().find(|it| it.name.exact() == "/gco/api-token");
    assert_eq!(secret.unwrap().value, None);
    assert!(!format!("{found:?}").contains("s3cr3t"));
    let host = found
        .iter()
        .find(|it| it.name.exact() == "/gco/alb-hostname-eu-west-1");
    let host = host.unwrap().value.as_ref().unwrap();
    assert!(
        host.exact().ends_with(".eu-west-1.elb.amazonaws.com"),
        "{host:?}"
    );
    assert_eq!(calls(&sandbox, "GetParametersByPath"), 1);
    sandbox.stop().await;
}

#[tokio::test]
async fn another_accounts_balancer_is_asked_there_and_refusals_name_the_permission() {
    let sandbox = sandbox("demo").await;
    let fleet = Fleet {
        accounts: vec![
            account("prod", PROD, &["us-east-1"]),
            account("staging", STAGING, &["us-east-1"]),
        ],
        ..Fleet::default()
    };
    let link = Link {
        endpoint: Some(sandbox.endpoint()),
        http: None,
    };
    let cloud = Cloud::new(&fleet, link);
    let all = accelerators(&cloud).await;
    let canary = listeners(&cloud, named(&all, "canary")).await;
    let endpoints = &canary[0].groups[0].endpoints;
    let theirs = endpoints
        .iter()
        .find(|it| it.account() == Some(STAGING))
        .unwrap();
    let topic = Topic::Balancer(theirs.id.clone());
    let there = balancer(&cloud, &topic, &scope("staging", "us-east-1")).await;
    assert!(there.is_some());

    let staging = Scope::global(&AccountName::new("staging"));
    let read = cloud.read(&Topic::Attachments, &staging).await;
    let Ok(Reading::Attachments(shared)) = read else {
        panic!("{read:?}");
    };
    assert_eq!(shared[0].principals[0].exact(), PROD);

    for (service, topic, place, action) in [
        (
            "globalaccelerator",
            Topic::Accelerators,
            global(),
            "globalaccelerator:ListAccelerators",
        ),
        (
            "elasticloadbalancing",
            topic.clone(),
            scope("prod", "us-east-1"),
            "elasticloadbalancing:DescribeLoadBalancers",
        ),
        (
            "ssm",
            Topic::Parameters("/gco".into()),
            scope("prod", "us-east-1"),
            "ssm:GetParametersByPath",
        ),
    ] {
        let denied = inject(&sandbox, service, FaultKind::AccessDenied);
        let problem = cloud.read(&topic, &place).await.unwrap_err();
        sandbox.heal(denied);
        assert_eq!(problem.kind, Kind::Denied, "{problem}");
        assert!(problem.to_string().contains(action), "{problem}");
    }
    let arn = AcceleratorArn::new(format!(
        "arn:aws:globalaccelerator::{PROD}:accelerator/00000000-0000-0000-0000-000000000000"
    ));
    let gone = Topic::Listeners(arn, Routing::Standard);
    let problem = cloud.read(&gone, &global()).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Missing, "{problem}");
    sandbox.stop().await;
}

fn inject(sandbox: &Sandbox, service: &str, kind: FaultKind) -> quarterdeck::sandbox::FaultId {
    let place = Place::everywhere().service(service);
    sandbox.inject(Fault::new(place, kind))
}
