//! Which regions there are, as seen by this account.

use super::super::{Answer, Call};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::region::{OptIn, REGIONS, Region};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let names = call.input.texts("RegionName");
    if let Some(unknown) = names
        .iter()
        .find(|name| REGIONS.iter().all(|region| region.name != name.as_str()))
    {
        let message = format!("Invalid region provided: '{unknown}'");
        return Err(Failure::new(400, "InvalidParameterValue", message).into());
    }
    let everything = call.input.says("AllRegions");
    let regions = REGIONS
        .iter()
        .filter(|region| names.is_empty() || names.iter().any(|name| name == region.name))
        .filter(|region| everything || status(call, region) != "not-opted-in")
        .filter(|region| {
            call.input
                .list("Filter")
                .iter()
                .all(|filter| passes(call, region, filter))
        })
        .map(|region| {
            Map::new()
                .with("regionName", region.name)
                .with("regionEndpoint", endpoint(region))
                .with("optInStatus", status(call, region))
        });
    Ok(Map::new().with("regionInfo", regions.collect::<Value>()))
}

fn status(call: &Call<'_>, region: &Region) -> &'static str {
    let enabled = call
        .world
        .accounts
        .get(&call.caller.account)
        .is_some_and(|account| account.has_enabled(region.name));
    match (region.opt_in, enabled) {
        (OptIn::NotRequired, _) => "opt-in-not-required",
        (OptIn::Required, true) => "opted-in",
        (OptIn::Required, false) => "not-opted-in",
    }
}

fn endpoint(region: &Region) -> String {
    format!("ec2.{}.amazonaws.com", region.name)
}

fn passes(call: &Call<'_>, region: &Region, filter: &Value) -> bool {
    let Some(filter) = filter.map() else {
        return true;
    };
    let wanted = filter.texts("Value");
    let found = match filter.text("Name").as_deref() {
        Some("region-name") => region.name.to_owned(),
        Some("endpoint") => endpoint(region),
        Some("opt-in-status") => status(call, region).to_owned(),
        Some(_) | None => return false,
    };
    wanted.contains(&found)
}
