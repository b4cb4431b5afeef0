//! Where an alias points, and moving it: from where it was seen to point, and from nowhere else.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::aws::shape::text;
use crate::domain::Untrusted;
use crate::domain::operation::{AliasTarget, Sight};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::types::AliasRoutingConfiguration;

/// An alias as it is now.
struct Now {
    target: AliasTarget,
    /// What AWS compares before it changes anything.
    revision: Option<String>,
}

pub(super) async fn look(
    client: &Client,
    function: &Untrusted,
    alias: &str,
) -> Result<Sight, Failure> {
    match read(client, function, alias).await {
        Ok(now) => Ok(Sight::Alias(now.target)),
        Err(failure) if failure.is_missing() => Ok(Sight::Gone),
        Err(failure) => Err(failure),
    }
}

pub(super) async fn update(
    client: &Client,
    (function, alias): (&Untrusted, &str),
    (before, after): (&AliasTarget, &AliasTarget),
) -> Result<Option<String>, Mishap> {
    let now = read(client, function, alias).await?;
    if now.target != *before {
        return Err(Mishap::changed(format!(
            "The alias {} of {} points to {} by now, so it was left there.",
            crate::domain::untrusted::sanitise(alias),
            function.safe(),
            now.target.words()
        )));
    }
    let weights = after.weights.iter();
    let weights = weights.map(|(version, share)| (version.exact().to_owned(), *share));
    let answer = client
        .update_alias()
        .function_name(function.exact())
        .name(alias)
        .function_version(after.version.exact())
        // An empty map, too: AWS leaves the weights as they are where none is sent.
        .routing_config(
            AliasRoutingConfiguration::builder()
                .set_additional_version_weights(Some(weights.collect()))
                .build(),
        )
        .set_revision_id(now.revision)
        .send()
        .await
        .map_err(Mishap::sending)?;
    Ok(answer.request_id().map(str::to_owned))
}

async fn read(client: &Client, function: &Untrusted, alias: &str) -> Result<Now, Failure> {
    let answer = client
        .get_alias()
        .function_name(function.exact())
        .name(alias)
        .send()
        .await?;
    let routing = answer
        .routing_config()
        .and_then(AliasRoutingConfiguration::additional_version_weights);
    let mut weights: Vec<(Untrusted, f64)> = routing
        .into_iter()
        .flatten()
        .map(|(version, share)| (Untrusted::new(version.as_str()), *share))
        .collect();
    weights.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Now {
        target: AliasTarget {
            version: text(answer.function_version()),
            weights,
        },
        revision: answer.revision_id,
    })
}
