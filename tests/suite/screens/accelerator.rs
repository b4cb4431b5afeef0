//! The Accelerator view, why an endpoint is ill, what a region's traffic would do, and the map.

use super::house::{House, LARGE, MIDDLE, SIZES, SMALL, account, id, noon, scene, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{
    Accelerator, AcceleratorArn, AcceleratorStatus, AccountName, Attachment, Balancer, Endpoint,
    EndpointGroup, EndpointKind, Extent, Grain, Health, HealthCheck, Kind, Listener, Measure,
    Metrics, Problem, Reach, Reading, Routing, Scope, Series, Subject, Switch, Target, TargetGroup,
    TargetHealth, Topic,
};
use std::collections::BTreeMap;

const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1"];

fn accelerator(name: &str) -> Accelerator {
    Accelerator {
        arn: AcceleratorArn::new(format!(
            "arn:aws:globalaccelerator::123456789012:accelerator/{name}"
        )),
        name: name.into(),
        routing: Routing::Standard,
        status: AcceleratorStatus::Deployed,
        switch: Switch::Enabled,
        addresses: vec!["75.2.1.9".into(), "99.83.4.7".into()],
        dns: Some(
            format!("{name}b2c3.awsglobalaccelerator.com")
                .as_str()
                .into(),
        ),
        dual_stack_dns: None,
        created: None,
        modified: None,
    }
}

fn endpoint(id: &str, weight: u8, health: &str) -> Endpoint {
    Endpoint {
        id: id.into(),
        kind: EndpointKind::of(id),
        weight: Some(weight),
        health: Health::parse(health),
        preserves_client_ip: Some(true),
    }
}

fn edge(region: &str) -> String {
    format!(
        "arn:aws:elasticloadbalancing:{region}:123456789012:loadbalancer/app/checkout-edge/50dc6c495c0c9188"
    )
}

fn check() -> HealthCheck {
    HealthCheck {
        protocol: "HTTPS".into(),
        port: Some(443),
        path: Some("/health".into()),
        interval: 10,
        threshold: 3,
    }
}

fn group(region: &str, dial: f64, endpoints: Vec<Endpoint>) -> (String, f64, Vec<Endpoint>) {
    (region.to_owned(), dial, endpoints)
}

fn listener(
    accelerator: &Accelerator,
    place: usize,
    groups: Vec<(String, f64, Vec<Endpoint>)>,
) -> Listener {
    let arn = format!("{}/listener/l{place}", accelerator.arn.exact());
    let groups = groups
        .into_iter()
        .map(|(region, dial, endpoints)| EndpointGroup {
            arn: AcceleratorArn::new(format!("{arn}/endpoint-group/{region}")),
            region: region.as_str().into(),
            dial,
            check: Some(check()),
            overrides: Vec::new(),
            endpoints,
        });
    Listener {
        groups: groups.collect(),
        arn: AcceleratorArn::new(arn),
        protocol: Some("TCP".into()),
        ports: vec![(443, 443)],
        affinity: Some("SOURCE_IP".into()),
    }
}

fn global(account: &str) -> Scope {
    Scope::global(&AccountName::new(account))
}

fn listeners_topic(accelerator: &Accelerator) -> Topic {
    Topic::Listeners(accelerator.arn.clone(), accelerator.routing)
}

trait Hears {
    fn accelerators(&mut self, account: &str, known: Vec<Accelerator>) -> &mut Self;
    fn listeners(&mut self, accelerator: &Accelerator, ago: i64, known: Vec<Listener>)
    -> &mut Self;
    fn flows(
        &mut self,
        accelerator: &Accelerator,
        region: Option<&str>,
        per_second: f64,
    ) -> &mut Self;
}

impl Hears for House {
    fn accelerators(&mut self, account: &str, known: Vec<Accelerator>) -> &mut Self {
        self.hear(
            &global(account),
            Topic::Accelerators,
            5,
            Ok(Reading::Accelerators(known)),
        )
    }

    fn listeners(
        &mut self,
        accelerator: &Accelerator,
        ago: i64,
        known: Vec<Listener>,
    ) -> &mut Self {
        let topic = listeners_topic(accelerator);
        self.hear(&global("prod"), topic, ago, Ok(Reading::Listeners(known)))
    }

    /// Three hours of so many flows, the last of which are half as many.
    fn flows(
        &mut self,
        accelerator: &Accelerator,
        region: Option<&str>,
        per_second: f64,
    ) -> &mut Self {
        let (from, _) = Grain::MINUTE.window(noon());
        let values = (0..180).map(|minute| {
            let part = if minute > 150 { 0.5 } else { 1.0 };
            Some(per_second * 60.0 * part)
        });
        let series = Series::of(TimeDelta::minutes(1), from, values);
        let metrics = Metrics {
            series: BTreeMap::from([(Measure::NewFlows, series)]),
            extent: Extent::Whole,
        };
        let group = region.map(|region| ("l0".into(), region.into()));
        let subject = Subject::Flows {
            accelerator: accelerator.arn.id().into(),
            group,
        };
        let topic = Topic::Metrics(subject, Grain::MINUTE);
        self.hear(
            &scope("prod", "us-west-2"),
            topic,
            20,
            Ok(Reading::Metrics(metrics)),
        )
    }
}

fn shop_groups(ireland: &str) -> Vec<(String, f64, Vec<Endpoint>)> {
    let one = |region: &str, health: &str| vec![endpoint(&edge(region), 128, health)];
    vec![
        group("ap-northeast-1", 100.0, one("ap-northeast-1", "HEALTHY")),
        group(
            "eu-west-1",
            100.0,
            vec![
                endpoint(&edge("eu-west-1"), 128, ireland),
                endpoint("i-0ab12cd34ef567890", 0, "HEALTHY"),
            ],
        ),
        group("us-east-1", 100.0, one("us-east-1", "HEALTHY")),
        group("us-west-2", 50.0, one("us-west-2", "HEALTHY")),
    ]
}

fn shop() -> Accelerator {
    accelerator("shop")
}

/// One that has a region down, one that changes, one that fails open, one by ports, one that is off.
fn house() -> House {
    let mut house = House::new(&[
        account("prod", &REGIONS),
        account("staging", &["us-east-1"]),
    ]);
    house.who("prod", "123456789012", None);
    house.who("staging", "210987654321", None);
    for region in REGIONS {
        house.stacks("prod", region, 3, super::demo::well_in(region));
    }
    house.stacks("staging", "us-east-1", 3, Vec::new());
    let media = Accelerator {
        status: AcceleratorStatus::InProgress,
        dual_stack_dns: Some("mediab2c3.dualstack.awsglobalaccelerator.com".into()),
        ..accelerator("media")
    };
    let reports = accelerator("reports");
    let games = Accelerator {
        routing: Routing::Custom,
        ..accelerator("games")
    };
    let portal = Accelerator {
        switch: Switch::Disabled,
        ..accelerator("portal-retired")
    };
    let all = vec![
        games.clone(),
        media.clone(),
        portal.clone(),
        reports.clone(),
        shop(),
    ];
    house
        .accelerators("prod", all)
        .accelerators("staging", vec![]);
    let foreign = "arn:aws:elasticloadbalancing:us-east-1:333333333333:loadbalancer/net/partner/1";
    house.hear(
        &global("prod"),
        Topic::Attachments,
        60,
        Ok(Reading::Attachments(vec![Attachment {
            arn: AcceleratorArn::new("arn:aws:globalaccelerator::333333333333:attachment/a1"),
            name: "partner-for-prod".into(),
            principals: vec!["123456789012".into()],
            resources: vec![foreign.into()],
        }])),
    );
    let healthy = |region: &str| endpoint(&edge(region), 128, "HEALTHY");
    house.listeners(
        &media,
        4,
        vec![listener(
            &media,
            0,
            vec![
                group("eu-west-1", 100.0, vec![]),
                group(
                    "us-east-1",
                    100.0,
                    vec![healthy("us-east-1"), endpoint(foreign, 32, "INITIAL")],
                ),
            ],
        )],
    );
    let instance = |n: u8| endpoint(&format!("i-0{n}f00f00f00f00f00"), 128, "UNHEALTHY");
    house.listeners(
        &reports,
        4,
        vec![listener(
            &reports,
            0,
            vec![group("us-east-1", 100.0, vec![instance(1), instance(2)])],
        )],
    );
    let mut sessions = listener(&games, 0, vec![]);
    sessions.protocol = None;
    sessions.affinity = None;
    house.listeners(&games, 100, vec![sessions]);
    // It was well two minutes ago.
    house.listeners(
        &shop(),
        131,
        vec![listener(&shop(), 0, shop_groups("HEALTHY"))],
    );
    house.listeners(
        &shop(),
        2,
        vec![listener(&shop(), 0, shop_groups("UNHEALTHY"))],
    );
    house
}

/// The same with the view open and its flows read.
fn opened() -> House {
    let mut house = house();
    house.press("5");
    house.flows(&shop(), None, 620.0);
    for (region, flow) in [
        ("ap-northeast-1", 90.0),
        ("eu-west-1", 120.0),
        ("us-east-1", 310.0),
        ("us-west-2", 100.0),
    ] {
        house.flows(&shop(), Some(region), flow);
    }
    house
}

fn balancer(reason: &str, description: &str) -> Balancer {
    Balancer {
        arn: edge("eu-west-1").as_str().into(),
        name: "checkout-edge".into(),
        state: "active".into(),
        reason: None,
        dns: Some("checkout-edge-1.eu-west-1.elb.amazonaws.com".into()),
        groups: vec![TargetGroup {
            arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/checkout/1"
                .into(),
            name: "checkout".into(),
            kind: "lambda".into(),
            check: HealthCheck {
                interval: 30,
                threshold: 2,
                port: None,
                ..check()
            },
            matcher: Some("200".into()),
            targets: vec![Target {
                id: "arn:aws:lambda:eu-west-1:123456789012:function:checkout-api-fn".into(),
                port: None,
                health: TargetHealth::Unhealthy,
                reason: Some(reason.into()),
                description: Some(description.into()),
            }],
        }],
    }
}

/// Goes to the ill endpoint in Ireland.
fn go_to_ireland(house: &mut House) -> &mut House {
    house
        .press("/")
        .type_in("checkout-edge UNHEALTHY")
        .press("enter G")
}

fn hear_reason(house: &mut House) {
    let topic = Topic::Balancer(edge("eu-west-1").as_str().into());
    let known = balancer(
        "Target.ResponseCodeMismatch",
        "Health checks failed with these codes: [503]",
    );
    house.hear(
        &scope("prod", "eu-west-1"),
        topic,
        3,
        Ok(Reading::Balancer(Box::new(Some(known)))),
    );
    let owner = Topic::Owner(edge("eu-west-1").as_str().into());
    house.hear(
        &scope("prod", "eu-west-1"),
        owner,
        3,
        Ok(Reading::Owner(Some(id("checkout-edge")))),
    );
}

#[test]
fn the_tree_at_every_size() {
    let mut house = opened();
    scene("accelerator", &mut house, &[SMALL, MIDDLE, LARGE, (40, 10)]);
    scene("accelerator-ascii", &mut opened().ascii(), &[SMALL, MIDDLE]);
}

#[test]
fn why_an_endpoint_is_ill_down_to_the_log_of_what_answers() {
    let mut house = opened();
    go_to_ireland(&mut house).press("enter");
    hear_reason(&mut house);
    scene(
        "accelerator-chain",
        &mut house,
        &[SMALL, MIDDLE, LARGE, (40, 10)],
    );
    let look = house.look(120, 36);
    for words in [
        "[503]",
        "Target.ResponseCodeMismatch",
        "/aws/lambda/checkout-api-fn",
        "does not apply to it",
    ] {
        assert!(look.contains(words), "{words}: {look}");
    }
    house.press("esc");
    let look = house.look(120, 36);
    assert!(
        look.contains("Health checks failed with these codes: [503]"),
        "{look}"
    );
}

#[test]
fn a_refusal_leaves_health_without_reasons_and_names_what_is_missing() {
    let mut house = opened();
    go_to_ireland(&mut house).press("enter");
    let topic = Topic::Balancer(edge("eu-west-1").as_str().into());
    let denied = Problem::new(
        Kind::Denied,
        "Not allowed to read the load balancer checkout-edge.",
    )
    .hint("Allow `elasticloadbalancing:DescribeTargetHealth`.");
    house.hear(&scope("prod", "eu-west-1"), topic, 3, Err(denied));
    scene("accelerator-denied", &mut house, &[SMALL, MIDDLE]);
    let look = house.look(120, 36);
    assert!(
        look.contains("elasticloadbalancing:DescribeTargetHealth"),
        "{look}"
    );
    assert!(look.contains("UNHEALTHY"), "{look}");
}

#[test]
fn a_control_plane_that_is_dark_makes_everything_old_and_nothing_ill() {
    let mut house = opened();
    let dark = |house: &mut House, topic: Topic| {
        let words = "Global Accelerator did not answer within 10 s.";
        let problem = Problem::new(Kind::Unreachable(Reach::TimedOut), words);
        house.hear(&global("prod"), topic, 1, Err(problem));
    };
    house.later(41);
    for name in ["shop", "media", "reports"] {
        dark(&mut house, listeners_topic(&accelerator(name)));
    }
    dark(&mut house, Topic::Accelerators);
    scene("accelerator-dark", &mut house, &[SMALL, MIDDLE]);
    let look = house.look(120, 36);
    assert!(look.contains("last known 43s ago"), "{look}");
    house.press("1");
    scene("accelerator-dark-fleet", &mut house, &[MIDDLE]);
}

#[test]
fn without_accelerators_it_says_what_was_asked() {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    house.accelerators("prod", vec![]).press("5");
    scene("accelerator-none", &mut house, &[SMALL]);
    assert!(
        house
            .look(80, 24)
            .contains("globalaccelerator:ListAccelerators")
    );
}

#[test]
fn what_if_a_region_went_away() {
    let mut house = opened();
    house
        .press("/")
        .type_in("shop us-east-1")
        .press("enter G i");
    scene("accelerator-what-if", &mut house, &[SMALL, MIDDLE]);
    let look = house.look(120, 36);
    assert!(look.contains("nothing is changed"), "{look}");
}

#[test]
fn what_does_not_fit_together() {
    let mut house = opened();
    scene("accelerator-findings-none", house.press("F"), &[SMALL]);
}

#[test]
fn the_map_has_the_screen_and_the_row_and_the_tree_agree() {
    let mut house = house();
    scene("accelerator-fleet", &mut house, &[SMALL, MIDDLE, LARGE]);
    house.press("m");
    for (region, flow) in [
        ("ap-northeast-1", 90.0),
        ("eu-west-1", 120.0),
        ("us-east-1", 310.0),
        ("us-west-2", 100.0),
    ] {
        house.flows(&shop(), Some(region), flow);
    }
    scene("world", &mut house, &[SMALL, MIDDLE, LARGE, (40, 10)]);
    let mut plain = super::accelerator::house().ascii();
    scene("world-ascii", plain.press("m"), &[SMALL]);
    // Its endpoints lead to the group.
    house.press("esc down down l l enter");
    let look = house.look(120, 36);
    let row = look
        .lines()
        .find(|row| row.contains('▸') && row.contains("eu-west-1"));
    assert!(
        row.is_some_and(|row| row.contains("1 of 2 healthy")),
        "{look}"
    );
}

/// Ten accelerators of ten listeners of ten groups of ten endpoints.
pub(super) fn big() -> House {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    house.who("prod", "123456789012", None);
    let all: Vec<Accelerator> = (0..10).map(|n| accelerator(&format!("grid-{n}"))).collect();
    house.accelerators("prod", all.clone());
    for it in &all {
        let groups = || {
            (0..10)
                .map(|g| {
                    let endpoints = (0..10).map(|e| {
                        let health = if e == 9 { "UNHEALTHY" } else { "HEALTHY" };
                        endpoint(&format!("i-0{g:08x}{e:08x}"), 128, health)
                    });
                    group(&format!("xx-region-{g}"), 100.0, endpoints.collect())
                })
                .collect()
        };
        let listeners = (0..10).map(|l| listener(it, l, groups())).collect();
        house.listeners(it, 3, listeners);
    }
    house.press("5");
    house
}

#[test]
fn ten_thousand_endpoints_are_drawn_by_the_row() {
    let mut house = big();
    let rows = house.app.accelerator().rows().len();
    assert_eq!(rows, 10 * (1 + 10 * (1 + 10 * (1 + 10))));
    scene("accelerator-big", house.press("G"), &[MIDDLE]);
    let begun = std::time::Instant::now();
    for _ in 0..20 {
        house.draw(200, 60);
    }
    // Two frames each, in a build without optimisation on a machine that others use too.
    let frame = begun.elapsed() / 40;
    assert!(frame.as_millis() < 100, "{frame:?}");
}

/// A view in one of its states, for the sizes.
pub(super) fn state(keys: &str) -> House {
    let mut house = opened();
    if !keys.is_empty() {
        go_to_ireland(&mut house).press(keys);
        hear_reason(&mut house);
    }
    house
}

#[test]
fn hostile_names_are_only_text() {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    let evil = Accelerator {
        name: "\u{1b}]0;evil\u{7}\u{202e}gpj".into(),
        dns: Some("\u{1b}[2J".into()),
        ..accelerator("evil")
    };
    house.accelerators("prod", vec![evil.clone()]);
    let ill = vec![group(
        "\u{1b}[31mmars",
        100.0,
        vec![endpoint("\u{9b}31m", 1, "\u{1b}[5m")],
    )];
    house
        .listeners(&evil, 3, vec![listener(&evil, 0, ill)])
        .press("5 G enter");
    let look = house.look(120, 36);
    assert!(
        !look.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']),
        "{look:?}"
    );
    let _ = SIZES;
}
