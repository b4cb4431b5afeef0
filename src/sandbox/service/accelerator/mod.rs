//! Global Accelerator: accelerators, listeners, endpoint groups and their endpoints, and what accounts share.
//!
//! AWS answers in one region only, whatever the regions of the endpoints.

mod accelerators;
mod ask;
mod attachments;
mod endpoints;
mod groups;
mod listeners;
mod page;
mod tags;

use super::{Answer, Call};
use crate::sandbox::failure::Failure;
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::world::accelerator::HOME;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    if call.region != HOME {
        // Elsewhere there is no such host. What can be asked is the one that there is, about a request that was
        // signed for another region, and this is how it answers.
        let words = format!(
            "Credential should be scoped to a valid region, not '{}'. ",
            call.region
        );
        return Err(Failure::new(400, "InvalidSignatureException", words).into());
    }
    call.estate()?;
    let (standard, custom) = (RoutingPlan::Standard, RoutingPlan::Custom);
    match call.operation {
        "ListAccelerators" => accelerators::list(call, standard),
        "DescribeAccelerator" => accelerators::describe(call, standard),
        "DescribeAcceleratorAttributes" => accelerators::attributes(call),
        "UpdateAccelerator" => accelerators::update(call),
        "ListListeners" => listeners::list(call, standard),
        "DescribeListener" => listeners::describe(call),
        "ListEndpointGroups" => groups::list(call, standard),
        "DescribeEndpointGroup" => groups::describe(call),
        "UpdateEndpointGroup" => groups::update(call),
        "AddEndpoints" => endpoints::add(call),
        "RemoveEndpoints" => endpoints::remove(call),
        "ListTagsForResource" => tags::list(call),
        "ListCustomRoutingAccelerators" => accelerators::list(call, custom),
        "DescribeCustomRoutingAccelerator" => accelerators::describe(call, custom),
        "ListCustomRoutingListeners" => listeners::list(call, custom),
        "ListCustomRoutingEndpointGroups" => groups::list(call, custom),
        "ListCrossAccountAttachments" => attachments::list(call),
        "DescribeCrossAccountAttachment" => attachments::describe(call),
        "ListCrossAccountResourceAccounts" => Ok(attachments::accounts(call)),
        "ListCrossAccountResources" => attachments::resources(call),
        _ => Err(call.unknown_operation()),
    }
}
