//! Elastic Load Balancing over the gateway.

use std::time::Duration;

use super::{PROD, Scenario, ask, first, gateway, noon, signed};
use crate::sandbox::{Clock, Gateway, Sandbox};

async fn describe(gateway: &Gateway, (account, region): (&str, &str), form: &str) -> (u16, String) {
    let mut request = signed(account, region, "elasticloadbalancing", "");
    let form = format!("{form}&Version=2015-12-01");
    *request.body_mut() = form.into();
    ask(gateway, request).await
}

/// How the targets of a balancer's first group stand.
pub(super) async fn health_of(gateway: &Gateway, place: (&str, &str), balancer: &str) -> String {
    let form = format!("Action=DescribeTargetGroups&LoadBalancerArn={balancer}");
    let (status, xml) = describe(gateway, place, &form).await;
    assert_eq!(status, 200, "{xml}");
    let group = first(&xml, "TargetGroupArn");
    let form = format!("Action=DescribeTargetHealth&TargetGroupArn={group}");
    describe(gateway, place, &form).await.1
}

const ONE: &str = r#"
    seed = 1
    [pages]
    balancers = 2
    [[account]]
    id = "123456789012"
    name = "prod"
    access_key = "123456789012"
    colour = "red"
    guard = "typed"
    regions = ["eu-west-1"]
    [[load_balancer]]
    name = "one"
    [[load_balancer.group]]
    name = "pods"
    targets = 3
    check = { every = 10, healthy = 2, unhealthy = 3 }
    [[load_balancer]]
    name = "two"
    kind = "network"
    [[load_balancer]]
    name = "three"
    [[outage]]
    load_balancer = "one"
    targets = 2
    kind = "code"
    code = 502
    first = 100
    lasts = 200
    [[outage]]
    load_balancer = "two"
    kind = "code"
    first = -3600
    [[outage]]
    load_balancer = "three"
    kind = "draining"
"#;

const HERE: (&str, &str) = (PROD, "eu-west-1");

fn one() -> (Gateway, Clock) {
    let clock = Clock::manual(noon());
    let scenario = Scenario::parse(ONE).unwrap();
    (Sandbox::without_socket(&scenario, &clock), clock)
}

async fn arn(gateway: &Gateway, name: &str) -> String {
    let form = format!("Action=DescribeLoadBalancers&Names.member.1={name}");
    first(&describe(gateway, HERE, &form).await.1, "LoadBalancerArn")
}

#[tokio::test]
async fn targets_turn_when_their_groups_checks_have_run() {
    let (gateway, clock) = one();
    let balancer = arn(&gateway, "one").await;
    let ill = async || {
        let xml = health_of(&gateway, HERE, &balancer).await;
        xml.matches("<State>unhealthy</State>").count()
    };
    clock.advance(Duration::from_secs(119));
    assert_eq!(ill().await, 0, "two checks at the most have failed");
    clock.advance(Duration::from_secs(11));
    assert_eq!(ill().await, 2);
    let xml = health_of(&gateway, HERE, &balancer).await;
    assert!(
        xml.contains("<State>healthy</State>"),
        "one of three is well: {xml}"
    );
    assert!(xml.contains("Health checks failed with these codes: [502]"));
    clock.advance(Duration::from_secs(300 - 130 + 9));
    assert_eq!(ill().await, 2, "one check alone does not heal");
    clock.advance(Duration::from_secs(11));
    assert_eq!(ill().await, 0);
}

#[tokio::test]
async fn reasons_are_those_of_the_kind_of_balancer_and_of_what_was_done() {
    let (gateway, _) = one();
    let network = arn(&gateway, "two").await;
    let xml = health_of(&gateway, HERE, &network).await;
    assert_eq!(
        first(&xml, "Reason"),
        "Target.FailedHealthChecks",
        "TCP sees no status"
    );
    let drained = arn(&gateway, "three").await;
    let xml = health_of(&gateway, HERE, &drained).await;
    assert_eq!(
        (first(&xml, "State"), first(&xml, "Reason")),
        (
            "draining".to_owned(),
            "Target.DeregistrationInProgress".to_owned()
        )
    );
}

#[tokio::test]
async fn balancers_page_and_what_is_not_there_is_refused() {
    let (gateway, _) = one();
    let (_, xml) = describe(&gateway, HERE, "Action=DescribeLoadBalancers").await;
    assert_eq!(xml.matches("<LoadBalancerArn>").count(), 2);
    let marker = first(&xml, "NextMarker");
    let form = format!("Action=DescribeLoadBalancers&Marker={marker}");
    let (_, xml) = describe(&gateway, HERE, &form).await;
    assert_eq!(xml.matches("<LoadBalancerArn>").count(), 1);
    assert!(!xml.contains("NextMarker"));
    let none = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:none/app/none/1";
    for (form, code) in [
        (
            "Action=DescribeLoadBalancers&Names.member.1=none".to_owned(),
            "LoadBalancerNotFound",
        ),
        (
            format!("Action=DescribeTargetGroups&LoadBalancerArn={none}"),
            "LoadBalancerNotFound",
        ),
        (
            "Action=DescribeTargetGroups&Names.member.1=none".to_owned(),
            "TargetGroupNotFound",
        ),
        (
            format!("Action=DescribeTargetHealth&TargetGroupArn={none}"),
            "TargetGroupNotFound",
        ),
        (
            format!("Action=DescribeListeners&ListenerArns.member.1={none}"),
            "ListenerNotFound",
        ),
        (
            format!("Action=DescribeTags&ResourceArns.member.1={none}"),
            "LoadBalancerNotFound",
        ),
        ("Action=DescribeListeners".to_owned(), "ValidationError"),
        (
            "Action=DescribeLoadBalancers&PageSize=0".to_owned(),
            "ValidationError",
        ),
        (
            "Action=DescribeLoadBalancers&Marker=x".to_owned(),
            "ValidationError",
        ),
    ] {
        let (status, xml) = describe(&gateway, HERE, &form).await;
        assert_eq!(
            (status, first(&xml, "Code").as_str()),
            (400, code),
            "{form}"
        );
    }
}

#[tokio::test]
async fn what_fails_its_checks_says_so_in_its_log() {
    let (gateway, clock) = gateway("demo");
    let group = "/aws/containerinsights/gco-us-west-2-Cluster/application";
    let failures = |minutes: std::ops::Range<i64>| {
        let began = noon().timestamp_millis();
        let window = began + minutes.start * 60_000..began + minutes.end * 60_000;
        let events = gateway.log_truth((PROD, "us-west-2"), group, window);
        let failed = events
            .iter()
            .filter(|event| event.message.contains("request failed"));
        failed.count()
    };
    clock.advance(Duration::from_mins(20));
    let (before, during) = (failures(0..4), failures(4..9));
    assert!(
        during > 10 * (before + 1),
        "{before} before, {during} while it is overloaded"
    );
}
