//! Dials, weights and drains: what may be turned down, and in which steps.
//!
//! Unknown is never healthy here: a region is only emptied while another one is known to take what it leaves.

use super::super::{Call, Gate, Hazard, Step};
use crate::domain::{AcceleratorArn, Departure, EndpointGroup, Health, Listener, Untrusted};

/// How long a drain waits at most until nothing new comes: flows go on for as long as clients keep them.
const DRAINED_WITHIN: u32 = 900;

/// Whether somebody would still be served: another group with an open dial and a healthy endpoint of a weight.
fn serves(groups: &[EndpointGroup]) -> bool {
    let takes = |group: &EndpointGroup| {
        group.dial > 0.0
            && group
                .endpoints
                .iter()
                .any(|it| it.is_weighted() && it.health == Health::Healthy)
    };
    groups.iter().any(takes)
}

/// Refuses to take a group away that is the last one to serve anybody.
pub fn without(listener: &Listener, gone: &AcceleratorArn) -> Result<(), String> {
    let mut rest = listener.groups.clone();
    rest.retain(|group| group.arn != *gone);
    refuse_unless(serves(&rest))
}

fn refuse_unless(serves: bool) -> Result<(), String> {
    if serves {
        return Ok(());
    }
    Err(
        "No other region with an open dial is known to have a healthy endpoint, \
         so nobody would be served."
            .to_owned(),
    )
}

/// Sets a dial, unless that would leave nobody served.
pub fn dialled(
    listener: &Listener,
    group: &EndpointGroup,
    percent: f64,
) -> Result<Vec<Step>, String> {
    if !(0.0..=100.0).contains(&percent) {
        return Err(format!("A dial goes from 0 to 100 %, not to {percent} %."));
    }
    if same(group.dial, percent) {
        return Ok(Vec::new());
    }
    if percent <= 0.0 {
        without(listener, &group.arn)?;
    }
    Ok(vec![Step::Call(dial(&group.arn, group.dial, percent))])
}

fn dial(group: &AcceleratorArn, before: f64, after: f64) -> Call {
    Call::SetDial {
        group: group.clone(),
        before,
        after,
    }
}

/// Dials are set in whole numbers or close to them; AWS gives back what it was given.
fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

/// Sets the weight of one endpoint, unless that would leave nobody served.
pub fn weighed(
    listener: &Listener,
    group: &EndpointGroup,
    endpoint: &Untrusted,
    weight: u8,
) -> Result<Vec<Step>, String> {
    let found = group.endpoints.iter().find(|it| it.id == *endpoint);
    let before = found.ok_or_else(|| {
        format!(
            "{} is not among the endpoints of {}.",
            endpoint.safe(),
            group.region.safe()
        )
    })?;
    let before = before.weight.ok_or_else(|| {
        format!(
            "{} has no weight: custom routing knows none.",
            endpoint.safe()
        )
    })?;
    if before == weight {
        return Ok(Vec::new());
    }
    if weight == 0 {
        let mut after = listener.groups.clone();
        let endpoints = after
            .iter_mut()
            .filter(|it| it.arn == group.arn)
            .flat_map(|it| &mut it.endpoints);
        endpoints
            .filter(|it| it.id == *endpoint)
            .for_each(|it| it.weight = Some(0));
        refuse_unless(serves(&after))?;
    }
    Ok(vec![Step::Call(Call::SetWeight {
        group: group.arn.clone(),
        endpoint: endpoint.clone(),
        before,
        after: weight,
    })])
}

/// Dials a group down to nothing and waits until nothing comes; and sets it back after so many seconds, if asked.
pub fn drain(
    listener: &Listener,
    group: &EndpointGroup,
    restore_after: Option<u32>,
) -> Result<Vec<Step>, String> {
    let mut steps = dialled(listener, group, 0.0)?;
    if steps.is_empty() {
        return Ok(steps);
    }
    steps.push(Step::Gate(Gate::Drained {
        group: group.arn.clone(),
        seconds: DRAINED_WITHIN,
    }));
    if let Some(seconds) = restore_after {
        steps.push(Step::Gate(Gate::Wait { seconds }));
        steps.push(Step::Call(dial(&group.arn, 0.0, group.dial)));
    }
    Ok(steps)
}

/// What an operator should know of where the traffic of a group would go.
pub fn departs(departure: &Departure) -> Vec<Hazard> {
    let mut words = Vec::new();
    if departure.spreads() {
        for other in departure.others.iter().filter(|it| it.part > 0.0) {
            let region = other.region.safe();
            words.push(match (other.flow, other.headroom()) {
                (Some(flow), Some(room)) => format!(
                    "{region} would carry {flow:.1} new flows/s; {room:.1} are left to its own peak."
                ),
                (Some(flow), None) => format!("{region} would carry {flow:.1} new flows/s."),
                (None, _) => continue,
            });
        }
    }
    words.extend(departure.remarks.iter().map(|remark| remark.words.clone()));
    words.into_iter().map(Hazard::Warns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Endpoint, EndpointKind};

    fn group(region: &str, dial: f64, endpoints: &[(Health, u8)]) -> EndpointGroup {
        let endpoint = |(at, (health, weight)): (usize, &(Health, u8))| Endpoint {
            id: Untrusted::new(format!("{region}-{at}")),
            kind: EndpointKind::Other,
            weight: Some(*weight),
            health: health.clone(),
            preserves_client_ip: None,
        };
        EndpointGroup {
            arn: AcceleratorArn::new(format!("arn:a/listener/l/endpoint-group/{region}")),
            region: region.into(),
            dial,
            check: None,
            overrides: Vec::new(),
            endpoints: endpoints.iter().enumerate().map(endpoint).collect(),
        }
    }

    fn listener(groups: Vec<EndpointGroup>) -> Listener {
        Listener {
            arn: AcceleratorArn::new("arn:a/listener/l"),
            protocol: Some("TCP".into()),
            ports: vec![(443, 443)],
            affinity: None,
            groups,
        }
    }

    fn words(steps: &[Step]) -> Vec<String> {
        let words = |step: &Step| match step {
            Step::Call(call) => call.words(),
            Step::Gate(gate) => gate.words(),
        };
        steps.iter().map(words).collect()
    }

    #[test]
    fn the_last_region_that_is_known_to_serve_is_never_emptied() {
        let here = || group("here", 100.0, &[(Health::Healthy, 128)]);
        let other = "other".into();
        for (dial, health, weight, may) in [
            (100.0, Health::Healthy, 128, true),
            (5.0, Health::Healthy, 1, true),
            (0.0, Health::Healthy, 128, false),
            (100.0, Health::Healthy, 0, false),
            (100.0, Health::Unhealthy, 128, false),
            (100.0, Health::Initial, 128, false),
            (100.0, Health::Other(other), 128, false),
            (100.0, Health::Unchecked, 128, false),
        ] {
            let listener = listener(vec![here(), group("other", dial, &[(health, weight)])]);
            let here = &listener.groups[0];
            assert_eq!(drain(&listener, here, None).is_ok(), may, "{dial} {weight}");
            assert_eq!(dialled(&listener, here, 0.0).is_ok(), may);
            // Less is not nothing.
            assert!(dialled(&listener, here, 1.0).is_ok());
            assert_eq!(weighed(&listener, here, &"here-0".into(), 0).is_ok(), may);
        }
    }

    #[test]
    fn a_drain_waits_and_comes_back_if_asked() {
        let listener = listener(vec![
            group("here", 80.0, &[(Health::Healthy, 128)]),
            group("other", 100.0, &[(Health::Healthy, 128)]),
        ]);
        let here = &listener.groups[0];
        assert_eq!(
            words(&drain(&listener, here, Some(600)).unwrap()),
            [
                "dial 80 % → 0 %",
                "nothing new comes any more",
                "wait 10m 00s",
                "dial 0 % → 80 %"
            ]
        );
        assert_eq!(drain(&listener, here, None).unwrap().len(), 2);
    }

    #[test]
    fn values_outside_and_values_that_are_so_already_make_no_call() {
        let listener = listener(vec![
            group("here", 0.0, &[(Health::Healthy, 7)]),
            group("other", 100.0, &[(Health::Healthy, 128)]),
        ]);
        let here = &listener.groups[0];
        assert_eq!(drain(&listener, here, Some(60)), Ok(Vec::new()));
        assert_eq!(
            weighed(&listener, here, &"here-0".into(), 7),
            Ok(Vec::new())
        );
        assert!(dialled(&listener, here, 101.0).is_err());
        assert!(dialled(&listener, here, -1.0).is_err());
        assert!(dialled(&listener, here, f64::NAN).is_err());
        assert!(weighed(&listener, here, &"nobody".into(), 7).is_err());
    }
}
