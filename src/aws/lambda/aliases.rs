//! The aliases of a function, from `ListAliases`.

use super::attempts;
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{optional, text};
use crate::domain::{Alias, Untrusted};
use aws_sdk_lambda::{Client, types};

/// By name.
pub(in crate::aws) async fn list(
    client: &Client,
    function: &Untrusted,
) -> Result<Vec<Alias>, Failure> {
    let mut aliases = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_aliases()
            .function_name(function.exact())
            .set_marker(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        aliases.extend(answer.aliases().iter().map(alias));
        page = at.next(answer.next_marker);
    }
    aliases.sort_by(|a: &Alias, b| a.name.cmp(&b.name));
    Ok(aliases)
}

fn alias(shape: &types::AliasConfiguration) -> Alias {
    let routing = shape
        .routing_config()
        .and_then(types::AliasRoutingConfiguration::additional_version_weights);
    let mut weights: Vec<(Untrusted, f64)> = routing
        .into_iter()
        .flatten()
        .map(|(version, share)| (Untrusted::new(version.as_str()), *share))
        .collect();
    weights.sort_by(|a, b| a.0.cmp(&b.0));
    Alias {
        name: text(shape.name()),
        version: text(shape.function_version()),
        weights,
        description: optional(shape.description()),
        revision: optional(shape.revision_id()),
    }
}
