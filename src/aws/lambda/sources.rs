//! The queues and streams that call a function, from `ListEventSourceMappings`.

use super::{attempts, count};
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{moment, optional, text};
use crate::domain::{EventSource, Untrusted};
use aws_sdk_lambda::{Client, types};

pub(in crate::aws) async fn list(
    client: &Client,
    function: &Untrusted,
) -> Result<Vec<EventSource>, Failure> {
    let mut sources = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_event_source_mappings()
            .function_name(function.exact())
            .set_marker(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        sources.extend(answer.event_source_mappings().iter().map(source));
        page = at.next(answer.next_marker);
    }
    Ok(sources)
}

fn source(shape: &types::EventSourceMappingConfiguration) -> EventSource {
    EventSource {
        id: text(shape.uuid()),
        source: optional(shape.event_source_arn()),
        function: optional(shape.function_arn()),
        state: text(shape.state()),
        reason: optional(shape.state_transition_reason()),
        result: optional(shape.last_processing_result()),
        batch: shape.batch_size().map(|size| count(Some(size))),
        modified: moment(shape.last_modified()),
    }
}
