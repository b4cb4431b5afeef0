//! Versions: what was published, and publishing.

use super::super::{Answer, Call};
use super::ask::{LATEST, invalid, named, page, stale};
use super::configuration::{described, revision};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::lambda::Version;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let versions = found.versions(call).into_iter().map(Some);
    let all: Vec<Option<Version>> = [None].into_iter().chain(versions).collect();
    let (page, next) = page(call, all, |version| {
        version
            .as_ref()
            .map_or_else(|| LATEST.to_owned(), |version| version.number.to_string())
    })?;
    let written = page
        .iter()
        .map(|version| described(call, &found, version.as_ref(), Some("")));
    Ok(Map::new()
        .with_some("NextMarker", next)
        .with("Versions", written.collect::<Value>()))
}

/// Publishes `$LATEST`; what has been published already is only told again.
pub(super) fn publish(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let latest = found.latest(call);
    let hash = found.function.code_hash(call.world.seed, latest);
    if let Some(wanted) = call.input.text("CodeSha256")
        && wanted != hash
    {
        return Err(invalid(format!(
            "CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({hash}). Please try again \
             with the CodeSHA256 in $LATEST."
        )));
    }
    if let Some(wanted) = call.input.text("RevisionId")
        && wanted != revision(&found, LATEST)
    {
        return Err(stale());
    }
    let mut versions = found.versions(call).into_iter();
    let known = versions.find(|version| version.number == latest);
    let version = known.unwrap_or_else(|| {
        let description = call.input.text("Description").unwrap_or_default();
        let version = Version {
            number: latest,
            published: call.now,
            description: description.into_owned(),
        };
        found.lambda.publish(version.clone());
        version
    });
    Ok(described(call, &found, Some(&version), Some("")))
}
