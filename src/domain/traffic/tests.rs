//! Where a share goes, by rule and by chance.

use super::*;
use crate::domain::{Endpoint, EndpointKind, Extent, Grain};
use proptest::prelude::*;

fn endpoint(health: &str, weight: u8) -> Endpoint {
    Endpoint {
        id: "i-1".into(),
        kind: EndpointKind::Instance,
        weight: Some(weight),
        health: Health::parse(health),
        preserves_client_ip: None,
    }
}

fn group(region: &str, dial: f64, healths: &[&str]) -> EndpointGroup {
    EndpointGroup {
        arn: AcceleratorArn::new(format!(
            "arn:accelerator/a/listener/l/endpoint-group/{region}"
        )),
        region: region.into(),
        dial,
        check: None,
        overrides: Vec::new(),
        endpoints: healths.iter().map(|it| endpoint(it, 128)).collect(),
    }
}

fn listener(groups: Vec<EndpointGroup>) -> Listener {
    Listener {
        arn: AcceleratorArn::new("arn:accelerator/a/listener/l"),
        protocol: None,
        ports: Vec::new(),
        affinity: None,
        groups,
    }
}

type Case<'a> = (&'a str, f64, &'a [&'a str], Option<f64>, Option<f64>);

/// What happens when the first of some groups goes away: region, dial, healths, flow now, peak.
fn first_gone(cases: &[Case<'_>]) -> Departure {
    let groups = cases
        .iter()
        .map(|(region, dial, healths, _, _)| group(region, *dial, healths))
        .collect();
    let listener = listener(groups);
    let loads = listener
        .groups
        .iter()
        .zip(cases)
        .map(|(group, (_, _, _, now, peak))| {
            let load = Load {
                now: *now,
                peak: *peak,
            };
            (group.arn.clone(), load)
        })
        .collect();
    departure(&listener, &listener.groups[0], &loads, Lookback::Hour)
}

fn parts(departure: &Departure) -> Vec<f64> {
    departure.others.iter().map(|it| it.part).collect()
}

fn said(departure: &Departure) -> Vec<&str> {
    departure.remarks.iter().map(|it| &*it.words).collect()
}

const UP: &[&str] = &["HEALTHY"];
const DOWN: &[&str] = &["UNHEALTHY"];

#[test]
fn it_goes_to_the_healthy_ones_by_what_they_carry() {
    let departure = first_gone(&[
        ("eu-west-1", 100.0, UP, Some(40.0), Some(60.0)),
        ("eu-central-1", 100.0, UP, Some(30.0), Some(40.0)),
        ("us-east-1", 100.0, UP, Some(10.0), Some(60.0)),
        ("us-west-2", 100.0, DOWN, Some(0.0), Some(50.0)),
        ("ap-south-1", 100.0, &[], None, None),
    ]);
    assert_eq!(departure.course, Course::ByFlow);
    assert_eq!(parts(&departure), [75.0, 25.0, 0.0, 0.0]);
    assert_eq!(departure.share, None, "one is unknown");
    let flows: Vec<_> = departure.others.iter().map(|it| it.flow).collect();
    assert_eq!(flows, [Some(60.0), Some(20.0), Some(0.0), None]);
    assert_eq!(departure.others[0].of_peak(), Some(150.0));
    assert_eq!(departure.others[0].headroom(), Some(0.0));
    assert_eq!(departure.others[1].headroom(), Some(40.0));
    assert_eq!(
        said(&departure),
        [
            "eu-central-1 would carry 150 % of its peak of the last hour.",
            "An estimate: spread by what the other groups carry now; how far they are from each client is unknown."
        ]
    );
}

#[test]
fn failover_looks_at_no_dial() {
    let halved = first_gone(&[
        ("eu-west-1", 100.0, UP, Some(30.0), None),
        ("eu-central-1", 50.0, UP, Some(10.0), Some(100.0)),
        ("us-east-1", 100.0, UP, Some(20.0), Some(100.0)),
    ]);
    assert_eq!(
        (halved.course, parts(&halved)),
        (Course::ByFlow, vec![50.0, 50.0])
    );
    assert_eq!(halved.share, Some(50.0));
    assert!(
        said(&halved)
            .contains(&"The dial of eu-central-1 stands at 50 %; failover looks at no dial.")
    );
    let closed = first_gone(&[
        ("eu-west-1", 100.0, UP, Some(30.0), None),
        ("eu-central-1", 0.0, UP, Some(0.0), Some(0.0)),
        ("us-east-1", 100.0, UP, Some(20.0), Some(100.0)),
    ]);
    assert_eq!(
        (closed.course, parts(&closed)),
        (Course::Evenly, vec![50.0, 50.0])
    );
    assert!(said(&closed).contains(
        &"eu-central-1 carried nothing in the last hour: whether it can carry this is unknown."
    ));
}

#[test]
fn what_is_unknown_stays_unknown_and_is_spread_evenly() {
    let departure = first_gone(&[
        ("eu-west-1", 100.0, UP, None, None),
        ("eu-central-1", 100.0, UP, None, None),
        ("us-east-1", 100.0, UP, Some(20.0), Some(100.0)),
        ("us-west-2", 100.0, UP, Some(20.0), None),
        ("ap-south-1", 100.0, UP, Some(20.0), None),
    ]);
    assert_eq!(departure.course, Course::Evenly);
    assert_eq!(parts(&departure), [25.0; 4]);
    assert!(departure.others.iter().all(|it| it.flow.is_none()));
    assert_eq!((departure.flow, departure.share), (None, None));
    assert!(
        said(&departure).contains(&"What us-east-1 carries is unknown, and so is what it would.")
    );
}

#[test]
fn courses_other_than_spreading() {
    let flow = Some(10.0);
    for (others, own, course, says) in [
        (vec![DOWN, &[]], UP, Course::FailsOpen, "nothing is left"),
        (vec![], UP, Course::FailsOpen, "fails open"),
        (vec![DOWN], DOWN, Course::FailsOpen, "fails open"),
        (vec![&["INITIAL"][..]], UP, Course::FailsOpen, "fails open"),
        (vec![&["WEIRD"][..]], UP, Course::FailsOpen, "fails open"),
        (vec![UP], DOWN, Course::Nothing, "nothing would move"),
        (vec![UP], &[], Course::Nothing, "nothing would move"),
    ] {
        let mut cases = vec![("eu-west-1", 100.0, own, flow, flow)];
        cases.extend(
            others
                .iter()
                .map(|it| ("us-east-1", 100.0, *it, flow, flow)),
        );
        let departure = first_gone(&cases);
        assert_eq!(departure.course, course, "{others:?} {own:?}");
        assert!(parts(&departure).iter().all(|part| *part == 0.0));
        assert!(said(&departure)[0].contains(says), "{departure:?}");
    }
    let mut custom = group("eu-west-1", 100.0, UP);
    custom.endpoints[0].health = Health::Unchecked;
    let listener = listener(vec![custom.clone(), group("us-east-1", 100.0, UP)]);
    let departure = departure(&listener, &custom, &BTreeMap::new(), Lookback::Day);
    assert_eq!(departure.course, Course::Unjudged);
}

#[test]
fn an_endpoint_without_a_weight_takes_nothing_even_if_it_is_healthy() {
    let mut spare = group("us-east-1", 100.0, UP);
    spare.endpoints[0].weight = Some(0);
    let gone = group("eu-west-1", 100.0, UP);
    let listener = listener(vec![gone.clone(), spare]);
    let departure = departure(&listener, &gone, &BTreeMap::new(), Lookback::Day);
    assert_eq!(departure.course, Course::FailsOpen);
}

#[test]
fn three_that_are_down_may_be_all_that_is_tried() {
    let departure = first_gone(&[
        ("eu-west-1", 100.0, UP, None, None),
        ("eu-west-2", 100.0, DOWN, None, None),
        ("eu-west-3", 100.0, DOWN, None, None),
        ("eu-north-1", 100.0, &[], None, None),
        ("us-east-1", 100.0, &["HEALTHY", "UNHEALTHY"], None, None),
    ]);
    assert_eq!(parts(&departure), [0.0, 0.0, 0.0, 100.0]);
    assert_eq!(
        said(&departure)[..2],
        [
            "us-east-1 is degraded: 1 of 2 endpoints are healthy.",
            "Only the three nearest groups are tried: clients nearest to eu-west-2, eu-west-3, eu-north-1 may find none that is healthy."
        ]
    );
}

#[test]
fn a_load_is_the_mean_of_the_last_minutes_and_the_peak_of_the_time_looked_back_on() {
    let now = Timestamp::from_timestamp(1_795_000_020, 0).unwrap();
    let (from, _) = Grain::MINUTE.window(now);
    let mut values = vec![Some(600.0); 180];
    values[10] = Some(60_000.0);
    values[150] = Some(6_000.0);
    values[179] = None;
    values[178] = Some(1_200.0);
    let metrics = |values: Vec<Option<f64>>| Metrics {
        series: [(
            Measure::NewFlows,
            Series::of(TimeDelta::minutes(1), from, values),
        )]
        .into(),
        extent: Extent::Whole,
    };
    let known = metrics(values.clone());
    let hour = Load::of(&known, now, Lookback::Hour);
    assert_eq!((hour.now, hour.peak), (Some(12.0), Some(100.0)));
    assert_eq!(Load::of(&known, now, Lookback::Day).peak, Some(1_000.0));
    values[150..].fill(None);
    let silent = Load::of(&metrics(values), now, Lookback::Hour);
    assert_eq!((silent.now, silent.peak), (None, Some(10.0)));
    let empty = Load::of(&metrics(Vec::new()), now, Lookback::Hour);
    assert_eq!(empty, Load::default());
}

fn known() -> impl Strategy<Value = Option<f64>> {
    proptest::option::of(prop_oneof![Just(0.0), 0.0..1e6_f64])
}

proptest! {
    /// All that goes away arrives, at groups that can take it; nothing is negative.
    #[test]
    fn what_goes_away_arrives(
        groups in proptest::collection::vec(
            (
                prop_oneof![Just(0.0), Just(12.5), Just(100.0), 0.1..100.0_f64],
                proptest::collection::vec(
                    (prop_oneof![Just("HEALTHY"), Just("UNHEALTHY"), Just("INITIAL"), Just("ODD")], prop_oneof![Just(0_u8), Just(128)]),
                    0..4,
                ),
                known(),
                known(),
            ),
            1..12,
        )
    ) {
        let mut loads = BTreeMap::new();
        let mut made = Vec::new();
        for (index, (dial, endpoints, now, peak)) in groups.into_iter().enumerate() {
            let mut group = group(&format!("region-{index}"), dial, &[]);
            group.endpoints = endpoints.iter().map(|(health, weight)| endpoint(health, *weight)).collect();
            loads.insert(group.arn.clone(), Load { now, peak });
            made.push(group);
        }
        let listener = listener(made);
        let gone = &listener.groups[0];
        let departure = departure(&listener, gone, &loads, Lookback::Hour);
        let sum: f64 = departure.others.iter().map(|it| it.part).sum();
        let all = if departure.spreads() { 100.0 } else { 0.0 };
        prop_assert!((sum - all).abs() < 1e-6);
        prop_assert_eq!(departure.others.len() + 1, listener.groups.len());
        for (other, group) in departure.others.iter().zip(&listener.groups[1..]) {
            prop_assert_eq!(&other.group, &group.arn);
            prop_assert!(other.part >= 0.0 && other.part.is_finite());
            prop_assert!(takes(group) || other.part == 0.0);
            let load = loads[&group.arn];
            prop_assert!(other.flow.is_none_or(|flow| flow >= load.now.unwrap_or_default() - 1e-9));
            prop_assert!(other.headroom().is_none_or(|left| left >= 0.0));
            prop_assert!(other.of_peak().is_none_or(|percent| percent >= 0.0));
            prop_assert!(load.now.is_some() || other.flow.is_none());
        }
        prop_assert!(departure.share.is_none_or(|share| (0.0..=100.0 + 1e-9).contains(&share)));
        prop_assert!(departure.remarks.is_sorted_by_key(|it| it.gravity));
    }
}
