//! Endpoint groups, with the health of their endpoints.

use super::super::{Answer, Call, Refused};
use super::ask::{self, FoundGroup, invalid, whole};
use super::{endpoints, listeners, page};
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::accelerator::{Group, GroupSetup};

pub(super) fn list(call: &Call<'_>, routing: RoutingPlan) -> Answer {
    let found = ask::listener(call, routing)?;
    let setup = ask::setup(call, found.accelerator);
    let setups = setup.groups.get(found.place).cloned().unwrap_or_default();
    let all: Vec<(&Group, GroupSetup)> = found.listener.groups.iter().zip(setups).collect();
    let (page, next) = page::of(call, all, |(group, _)| group.arn.clone())?;
    let described = page.iter().map(|(group, setup)| match routing {
        RoutingPlan::Standard => described(call, group, setup),
        RoutingPlan::Custom => {
            let ports = found.listener.ports.iter().map(|ports| {
                listeners::range(*ports).with("Protocols", vec![found.listener.protocol.as_str()])
            });
            let endpoints = setup.endpoints.iter();
            let endpoints = endpoints.map(|endpoint| Map::new().with("EndpointId", &endpoint.id));
            Map::new()
                .with("EndpointGroupArn", &group.arn)
                .with("EndpointGroupRegion", &group.region)
                .with("DestinationDescriptions", ports.collect::<Value>())
                .with("EndpointDescriptions", endpoints.collect::<Value>())
        }
    });
    Ok(Map::new()
        .with("EndpointGroups", described.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    Ok(answer(call, &ask::group(call)?))
}

fn answer(call: &Call<'_>, found: &FoundGroup<'_>) -> Map {
    let setup = found.setup(call.now.timestamp_millis());
    Map::new().with("EndpointGroup", described(call, found.group, &setup))
}

fn described(call: &Call<'_>, group: &Group, setup: &GroupSetup) -> Map {
    let check = &setup.check;
    let overrides = setup.overrides.iter().map(|(listener, endpoint)| {
        Map::new()
            .with("ListenerPort", *listener)
            .with("EndpointPort", *endpoint)
    });
    Map::new()
        .with("EndpointGroupArn", &group.arn)
        .with("EndpointGroupRegion", &group.region)
        .with("EndpointDescriptions", endpoints::described(call, setup))
        .with("TrafficDialPercentage", setup.dial)
        .with("HealthCheckPort", check.port)
        .with("HealthCheckProtocol", &check.protocol)
        .with_some(
            "HealthCheckPath",
            Some(&check.path).filter(|_| check.protocol != "TCP"),
        )
        .with("HealthCheckIntervalSeconds", check.every)
        .with("ThresholdCount", check.threshold)
        .with("PortOverrides", overrides.collect::<Value>())
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let found = ask::group(call)?;
    let input = call.input;
    let mut setup = found.setup(call.now.timestamp_millis());
    // What is left out stays; endpoints that are given are all there will be.
    if input.get("EndpointConfigurations").is_some() {
        setup.endpoints = endpoints::wanted(call, &found, &setup)?;
    }
    if let Some(dial) = input.get("TrafficDialPercentage") {
        setup.dial = percentage(dial)?;
    }
    let check = &mut setup.check;
    if let Some(port) = whole(input, "HealthCheckPort", (1, 65_535))? {
        check.port = port;
    }
    if let Some(protocol) = input.text("HealthCheckProtocol") {
        if !["TCP", "HTTP", "HTTPS"].contains(&protocol.as_ref()) {
            return Err(invalid(format!(
                "There is no health check protocol {protocol}."
            )));
        }
        check.protocol = protocol.into_owned();
    }
    if let Some(path) = input.text("HealthCheckPath") {
        if !path.starts_with('/') {
            return Err(invalid("HealthCheckPath must begin with a slash."));
        }
        check.path = path.into_owned();
    }
    if let Some(every) = whole(input, "HealthCheckIntervalSeconds", (10, 30))? {
        if every != 10 && every != 30 {
            return Err(invalid("HealthCheckIntervalSeconds must be 10 or 30."));
        }
        check.every = every;
    }
    if let Some(threshold) = whole(input, "ThresholdCount", (1, 10))? {
        check.threshold = threshold;
    }
    if input.get("PortOverrides").is_some() {
        let wanted = input.list("PortOverrides").iter().filter_map(Value::map);
        let pairs = wanted.map(|pair| {
            let port = |member: &str| {
                whole(pair, member, (1, 65_535))?
                    .ok_or_else(|| invalid(format!("PortOverrides needs {member}.")))
            };
            Ok((port("ListenerPort")?, port("EndpointPort")?))
        });
        setup.overrides = pairs.collect::<Result<_, Refused>>()?;
    }
    found.change(call, setup)?;
    Ok(answer(call, &found))
}

fn percentage(value: &Value) -> Result<f64, Refused> {
    let number = value.text().and_then(|text| text.parse::<f64>().ok());
    number
        .filter(|number| (0.0..=100.0).contains(number))
        .ok_or_else(|| invalid("TrafficDialPercentage must be between 0 and 100."))
}
