//! A world of accelerators: one that has a region down, one that changes, one that fails open, one by ports, one off.

use super::house::{House, account, id, noon, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{
    Accelerator, AcceleratorArn, AcceleratorStatus, AccountName, Attachment, Balancer, Endpoint,
    EndpointGroup, EndpointKind, Extent, Grain, Health, HealthCheck, Listener, Measure, Metrics,
    Reading, Routing, Scope, Series, Subject, Switch, Target, TargetGroup, TargetHealth, Topic,
};
use std::collections::BTreeMap;

pub(super) const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1"];

/// Flows a second into each group of the shop.
pub(super) const FLOWS: [(&str, f64); 4] = [
    ("ap-northeast-1", 90.0),
    ("eu-west-1", 120.0),
    ("us-east-1", 310.0),
    ("us-west-2", 100.0),
];

pub(super) fn accelerator(name: &str) -> Accelerator {
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

pub(super) fn endpoint(id: &str, weight: u8, health: &str) -> Endpoint {
    Endpoint {
        id: id.into(),
        kind: EndpointKind::of(id),
        weight: Some(weight),
        health: Health::parse(health),
        preserves_client_ip: Some(true),
    }
}

pub(super) fn edge(region: &str) -> String {
    format!(
        "arn:aws:elasticloadbalancing:{region}:123456789012:loadbalancer/app/checkout-edge/50dc6c495c0c9188"
    )
}

pub(super) fn check() -> HealthCheck {
    HealthCheck {
        protocol: "HTTPS".into(),
        port: Some(443),
        path: Some("/health".into()),
        interval: 10,
        threshold: 3,
    }
}

pub(super) fn group(
    region: &str,
    dial: f64,
    endpoints: Vec<Endpoint>,
) -> (String, f64, Vec<Endpoint>) {
    (region.to_owned(), dial, endpoints)
}

pub(super) fn listener(
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

pub(super) fn global(account: &str) -> Scope {
    Scope::global(&AccountName::new(account))
}

pub(super) fn listeners_topic(accelerator: &Accelerator) -> Topic {
    Topic::Listeners(accelerator.arn.clone(), accelerator.routing)
}

pub(super) trait Hears {
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

pub(super) fn shop_groups(ireland: &str) -> Vec<(String, f64, Vec<Endpoint>)> {
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

pub(super) fn shop() -> Accelerator {
    accelerator("shop")
}

/// One that has a region down, one that changes, one that fails open, one by ports, one that is off.
pub(super) fn house() -> House {
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
pub(super) fn opened() -> House {
    let mut house = house();
    house.press("5");
    house.flows(&shop(), None, 620.0);
    for (region, flow) in FLOWS {
        house.flows(&shop(), Some(region), flow);
    }
    house
}

pub(super) fn balancer(reason: &str, description: &str) -> Balancer {
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
pub(super) fn go_to_ireland(house: &mut House) -> &mut House {
    house
        .press("/")
        .type_in("checkout-edge UNHEALTHY")
        .press("enter G")
}

pub(super) fn hear_reason(house: &mut House) {
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

/// A view in one of its states, for the sizes.
pub(super) fn state(keys: &str) -> House {
    let mut house = opened();
    if !keys.is_empty() {
        go_to_ireland(&mut house).press(keys);
        hear_reason(&mut house);
    }
    house
}
