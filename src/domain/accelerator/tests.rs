use super::*;

pub(super) fn endpoint(id: &str, weight: u8, health: &str) -> Endpoint {
    Endpoint {
        id: id.into(),
        kind: EndpointKind::of(id),
        weight: Some(weight),
        health: Health::parse(health),
        preserves_client_ip: None,
    }
}

fn group(region: &str, dial: f64, endpoints: Vec<Endpoint>) -> EndpointGroup {
    EndpointGroup {
        arn: AcceleratorArn::new(format!("arn:a/listener/l/endpoint-group/{region}")),
        region: region.into(),
        dial,
        check: None,
        overrides: Vec::new(),
        endpoints,
    }
}

fn listener(groups: Vec<EndpointGroup>) -> Listener {
    Listener {
        arn: AcceleratorArn::new("arn:a/listener/l"),
        protocol: Some("TCP".into()),
        ports: vec![(80, 80), (8000, 8100)],
        affinity: None,
        groups,
    }
}

#[test]
fn a_group_stands_as_what_has_a_weight_in_it() {
    for (endpoints, health) in [
        (vec![], GroupHealth::Empty),
        (vec![endpoint("i-1", 128, "HEALTHY")], GroupHealth::Healthy),
        (
            vec![
                endpoint("i-1", 128, "HEALTHY"),
                endpoint("i-2", 128, "UNHEALTHY"),
            ],
            GroupHealth::Degraded,
        ),
        (
            vec![
                endpoint("i-1", 128, "HEALTHY"),
                endpoint("i-2", 0, "UNHEALTHY"),
            ],
            GroupHealth::Healthy,
        ),
        (
            vec![
                endpoint("i-1", 0, "HEALTHY"),
                endpoint("i-2", 128, "UNHEALTHY"),
            ],
            GroupHealth::Down,
        ),
        (vec![endpoint("i-1", 128, "INITIAL")], GroupHealth::Starting),
    ] {
        let group = group("eu-west-1", 100.0, endpoints);
        assert_eq!(group.health(), health, "{group:?}");
    }
}

#[test]
fn shares_follow_the_weights_of_what_is_healthy() {
    let group = group(
        "eu-west-1",
        100.0,
        vec![
            endpoint("i-1", 128, "HEALTHY"),
            endpoint("i-2", 64, "HEALTHY"),
            endpoint("i-3", 255, "UNHEALTHY"),
        ],
    );
    let shares: Vec<_> = group.endpoints.iter().map(|it| group.share(it)).collect();
    assert!((shares[0].unwrap() - 66.67).abs() < 0.01);
    assert!((shares[1].unwrap() - 33.33).abs() < 0.01);
    assert_eq!(shares[2], Some(0.0));
}

#[test]
fn it_fails_open_when_all_is_down_and_failover_looks_at_no_dial() {
    let up = || vec![endpoint("i-1", 128, "HEALTHY")];
    let down = || vec![endpoint("i-2", 128, "UNHEALTHY")];
    let all_down = listener(vec![
        group("eu-west-1", 100.0, down()),
        group("us-east-1", 0.0, down()),
        group("us-west-2", 100.0, vec![]),
    ]);
    assert!(all_down.fails_open());
    assert!(!listener(vec![group("eu-west-1", 100.0, vec![])]).fails_open());
    let one_left = listener(vec![
        group("eu-west-1", 100.0, down()),
        group("us-east-1", 0.0, up()),
        group("us-west-2", 100.0, up()),
    ]);
    assert!(!one_left.fails_open());
    let ignored: Vec<bool> = one_left
        .groups
        .iter()
        .map(|it| one_left.ignores_dial(it))
        .collect();
    assert_eq!(ignored, [false, true, false]);
    assert_eq!(one_left.words(), "TCP 80,8000-8100");
}

#[test]
fn an_arn_tells_name_account_and_region_of_a_balancer() {
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/checkout-edge/50dc6c495c0c9188";
    let endpoint = endpoint(arn, 128, "HEALTHY");
    assert_eq!(endpoint.kind, EndpointKind::ApplicationBalancer);
    assert_eq!(endpoint.name().exact(), "checkout-edge");
    assert_eq!(endpoint.account(), Some("123456789012"));
    assert_eq!(endpoint.region(), Some("eu-west-1"));
    let group = AcceleratorArn::new(
        "arn:aws:globalaccelerator::123456789012:accelerator/abc/listener/def/endpoint-group/ghi",
    );
    assert_eq!(group.id(), "ghi");
    assert_eq!(AcceleratorArn::new(group.accelerator()).id(), "abc");
}
