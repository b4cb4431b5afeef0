//! Account Management: the regions of an account and whether it uses them.

use super::{Answer, Call};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::region::{OptIn, REGIONS, Region};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.operation {
        "ListRegions" => list_regions(call),
        _ => Err(call.unknown_operation()),
    }
}

fn list_regions(call: &Call<'_>) -> Answer {
    let invalid = |message: String| Failure::new(400, "ValidationException", message);
    let wanted = call.input.texts("RegionOptStatusContains");
    let id = call
        .input
        .text("AccountId")
        .map_or_else(|| call.caller.account.clone(), std::borrow::Cow::into_owned);
    let account = call.world.accounts.get(&id).ok_or_else(|| {
        Failure::new(
            403,
            "AccessDeniedException",
            "User is not authorized to access this resource",
        )
    })?;
    let status = |region: &Region| match (region.opt_in, account.has_enabled(region.name)) {
        (OptIn::NotRequired, _) => "ENABLED_BY_DEFAULT",
        (OptIn::Required, true) => "ENABLED",
        (OptIn::Required, false) => "DISABLED",
    };
    let mut regions: Vec<&Region> = REGIONS
        .iter()
        .filter(|region| wanted.is_empty() || wanted.iter().any(|word| word == status(region)))
        .collect();
    regions.sort_by_key(|region| region.name);
    let most = call.input.integer("MaxResults").unwrap_or(50);
    let Some(most) = usize::try_from(most)
        .ok()
        .filter(|most| (1..=50).contains(most))
    else {
        return Err(invalid(format!("MaxResults {most} is not between 1 and 50.")).into());
    };
    let start = match call.input.text("NextToken") {
        None => 0,
        Some(token) => regions
            .iter()
            .position(|region| token == after(region.name))
            .map(|place| place + 1)
            .ok_or_else(|| invalid("Invalid NextToken.".to_owned()))?,
    };
    let end = regions.len().min(start + most);
    let next = (end < regions.len()).then(|| after(regions[end - 1].name));
    let page = regions[start..end].iter().map(|region| {
        Map::new()
            .with("RegionName", region.name)
            .with("RegionOptStatus", status(region))
    });
    Ok(Map::new()
        .with("Regions", page.collect::<Value>())
        .with_some("NextToken", next))
}

fn after(region: &str) -> String {
    format!("after-{region}")
}
