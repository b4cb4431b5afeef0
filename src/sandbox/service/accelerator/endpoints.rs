//! The endpoints of a group: how they stand, and which there are to be.

use super::super::{Answer, Call, Refused};
use super::ask::{self, FoundGroup, denied, invalid, too_many, whole};
use crate::sandbox::scenario::BalancerKind;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::accelerator::{Endpoint, GroupSetup};

/// The most endpoints of one group.
const MOST: usize = 10;

/// Endpoints as answers have them. AWS leaves the reason of a health state empty, whatever it is.
pub(super) fn described(call: &Call<'_>, setup: &GroupSetup) -> Value {
    let now = call.now.timestamp_millis();
    let described = setup.endpoints.iter().map(|endpoint| {
        let pulse = call.world.pulse(&endpoint.id, now);
        Map::new()
            .with("EndpointId", &endpoint.id)
            .with("Weight", endpoint.weight)
            .with(
                "HealthState",
                pulse.health(endpoint, &setup.check, now).name(),
            )
            .with("ClientIPPreservationEnabled", endpoint.shows_clients)
    });
    described.collect()
}

/// The endpoints that `EndpointConfigurations` asks for. Those that are there already keep their age.
pub(super) fn wanted(
    call: &Call<'_>,
    found: &FoundGroup<'_>,
    setup: &GroupSetup,
) -> Result<Vec<Endpoint>, Refused> {
    let given = call.input.list("EndpointConfigurations");
    let mut wanted: Vec<Endpoint> = Vec::with_capacity(given.len());
    for given in given.iter().filter_map(Value::map) {
        let endpoint = configured(call, found, setup, given)?;
        if wanted.iter().any(|known| known.id == endpoint.id) {
            return Err(invalid(format!(
                "The endpoint {} is given twice.",
                endpoint.id
            )));
        }
        wanted.push(endpoint);
    }
    if wanted.len() > MOST {
        return Err(too_many(format!(
            "An endpoint group can have {MOST} endpoints."
        )));
    }
    Ok(wanted)
}

fn configured(
    call: &Call<'_>,
    found: &FoundGroup<'_>,
    setup: &GroupSetup,
    given: &Map,
) -> Result<Endpoint, Refused> {
    let id = given.text("EndpointId").unwrap_or_default().into_owned();
    let known = setup.endpoints.iter().find(|known| known.id == id);
    let attachment = given
        .text("AttachmentArn")
        .map(std::borrow::Cow::into_owned)
        .or_else(|| known?.attachment.clone());
    let sees_clients = match known {
        Some(known) => known.shows_clients,
        None => admitted(call, &found.group.region, &id, attachment.as_deref())?,
    };
    let weight = whole(given, "Weight", (0, 255))?;
    Ok(Endpoint {
        weight: weight.unwrap_or_else(|| known.map_or(128, |known| known.weight)),
        shows_clients: if given.get("ClientIPPreservationEnabled").is_some() {
            given.says("ClientIPPreservationEnabled")
        } else {
            sees_clients
        },
        added: known.map_or(call.now.timestamp_millis(), |known| known.added),
        attachment,
        id,
    })
}

/// Whether a new endpoint sees the addresses of clients, if it is one that may be put into a group of the region.
fn admitted(
    call: &Call<'_>,
    region: &str,
    id: &str,
    attachment: Option<&str>,
) -> Result<bool, Refused> {
    if let Some(rest) = id.strip_prefix("arn:aws:elasticloadbalancing:") {
        let mut parts = rest.split(':');
        let (own, owner) = (parts.next(), parts.next());
        if own != Some(region) {
            return Err(invalid(format!("The endpoint {id} is not in {region}.")));
        }
        if owner != Some(call.caller.account.as_str()) && !is_shared(call, id, attachment) {
            return Err(denied(format!(
                "You don't have permission to add the endpoint {id}. An attachment of its account has to share it."
            )));
        }
        let now = call.now.timestamp_millis();
        let balancer = call.world.balancer(id, now);
        let balancer =
            balancer.ok_or_else(|| invalid(format!("The endpoint {id} does not exist.")))?;
        return Ok(balancer.kind == BalancerKind::Application);
    }
    let is_id = |prefix: &str| {
        id.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    match (is_id("i-"), is_id("eipalloc-")) {
        (true, _) => Ok(true),
        (false, true) => Ok(false),
        (false, false) => Err(invalid(format!(
            "The endpoint '{id}' is not a load balancer, an instance or an Elastic IP address."
        ))),
    }
}

fn is_shared(call: &Call<'_>, id: &str, attachment: Option<&str>) -> bool {
    call.world.attachments.iter().any(|known| {
        attachment == Some(known.arn.as_str())
            && known.principals.contains(&call.caller.account)
            && known.resources.iter().any(|(resource, _)| resource == id)
    })
}

pub(super) fn add(call: &Call<'_>) -> Answer {
    let found = ask::group(call)?;
    let mut setup = found.setup(call.now.timestamp_millis());
    let given = wanted(call, &found, &setup)?;
    if given.is_empty() {
        return Err(invalid("EndpointConfigurations must not be empty."));
    }
    // Who adds what is there already sets it up anew.
    for endpoint in &given {
        setup.endpoints.retain(|known| known.id != endpoint.id);
        setup.endpoints.push(endpoint.clone());
    }
    if setup.endpoints.len() > MOST {
        return Err(too_many(format!(
            "An endpoint group can have {MOST} endpoints."
        )));
    }
    let added = GroupSetup {
        endpoints: given,
        ..setup.clone()
    };
    found.change(call, setup)?;
    Ok(Map::new()
        .with("EndpointDescriptions", described(call, &added))
        .with("EndpointGroupArn", &found.group.arn))
}

pub(super) fn remove(call: &Call<'_>) -> Answer {
    let found = ask::group(call)?;
    ask::is_free(call, found.accelerator)?;
    let mut setup = found.setup(call.now.timestamp_millis());
    let given = call.input.list("EndpointIdentifiers").iter();
    for given in given.filter_map(Value::map) {
        let id = given.text("EndpointId").unwrap_or_default();
        let before = setup.endpoints.len();
        setup.endpoints.retain(|known| known.id != id);
        if setup.endpoints.len() == before {
            return Err(invalid(format!(
                "The endpoint {id} is not in the endpoint group."
            )));
        }
    }
    found.change(call, setup)?;
    Ok(Map::new())
}
