//! What has to be done to come from one set of resources to another.
//!
//! Both sides are [`Shape`]s: templates in which parameters are filled in and references to other resources are left
//! standing. So a changed parameter shows where it is used and nowhere else, and a resource that refers to one which is
//! replaced is changed by that.

use serde_json::{Map as Object, Value as Json, json};

use super::change::{Action, Attribute, Change, Detail, Keeping, Recreation, Source};
use super::parameter::text;
use super::replacement::{is_taggable, recreation};
use super::resolve::{Shape, references};

/// What is said beside the two sides.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Circumstances<'c> {
    /// The parameters whose values change.
    pub(in crate::sandbox) parameters: &'c [String],
    /// Whether the tags of the stack change.
    pub(in crate::sandbox) tags: bool,
}

/// The changes, in the order of the new template; what goes comes last. An error is AWS's sentence.
pub(in crate::sandbox) fn differences(
    old: &[Shape],
    new: &[Shape],
    circumstances: Circumstances<'_>,
) -> Result<Vec<Change>, String> {
    let find = |shapes: &'_ [Shape], logical: &str| -> Option<usize> {
        shapes.iter().position(|shape| shape.logical == logical)
    };
    let mut changes = Vec::new();
    let mut retyped = Vec::new();
    for shape in new {
        match find(old, &shape.logical).and_then(|place| old.get(place)) {
            None => changes.push(whole(Action::Add, shape)),
            Some(before) if before.kind != shape.kind => retyped.push(shape.logical.as_str()),
            Some(before) => {
                let details = details(before, shape, circumstances);
                if !details.is_empty() {
                    changes.push(modified(before, shape, details));
                }
            }
        }
    }
    if !retyped.is_empty() {
        return Err(format!(
            "Update of resource type is not permitted. The new template modifies resource type of the following \
             resources: [{}]",
            retyped.join(", ")
        ));
    }
    follow(&mut changes, old, new);
    let gone = old
        .iter()
        .filter(|shape| find(new, &shape.logical).is_none());
    changes.extend(gone.map(|shape| whole(Action::Remove, shape)));
    Ok(changes)
}

fn whole(action: Action, shape: &Shape) -> Change {
    let context = Some(context(shape));
    let (before, after) = match action {
        Action::Add | Action::Modify => (None, context),
        Action::Remove => (context, None),
    };
    Change {
        action,
        logical: shape.logical.clone(),
        kind: shape.kind.clone(),
        physical: None,
        details: Vec::new(),
        policy: Keeping::said(shape.attribute("DeletionPolicy").and_then(Json::as_str)),
        before,
        after,
    }
}

fn modified(before: &Shape, after: &Shape, details: Vec<Detail>) -> Change {
    let kept = after.attribute("UpdateReplacePolicy");
    Change {
        details,
        policy: Keeping::said(kept.and_then(Json::as_str)),
        before: Some(context(before)),
        ..whole(Action::Modify, after)
    }
}

fn context(shape: &Shape) -> Json {
    json!({ "Properties": shape.properties })
}

fn details(old: &Shape, new: &Shape, circumstances: Circumstances<'_>) -> Vec<Detail> {
    let mut details = Vec::new();
    let added = new.properties.keys();
    let keys = old
        .properties
        .keys()
        .chain(added.filter(|key| !old.properties.contains_key(*key)));
    for key in keys {
        let (before, after) = (old.properties.get(key), new.properties.get(key));
        if same(before, after) {
            continue;
        }
        let (attribute, recreation) = if key == "Tags" {
            (Attribute::Tags, Recreation::Never)
        } else {
            (Attribute::Properties, recreation(&new.kind, key))
        };
        let cause = cause(new, key, circumstances.parameters);
        details.push(Detail {
            attribute,
            name: key.clone(),
            before: before.map(text),
            after: after.map(text),
            recreation,
            source: if cause.is_some() {
                Source::ParameterReference
            } else {
                Source::DirectModification
            },
            cause,
        });
    }
    let tagged = details
        .iter()
        .any(|detail| detail.attribute == Attribute::Tags);
    if circumstances.tags && !tagged && is_taggable(&new.kind) {
        details.push(plain(Attribute::Tags, None, None));
    }
    for attribute in [
        Attribute::Metadata,
        Attribute::CreationPolicy,
        Attribute::UpdatePolicy,
        Attribute::DeletionPolicy,
        Attribute::UpdateReplacePolicy,
    ] {
        let name = attribute.name();
        let (before, after) = (old.attribute(name), new.attribute(name));
        if !same(before, after) {
            details.push(plain(attribute, before, after));
        }
    }
    details
}

fn plain(attribute: Attribute, before: Option<&Json>, after: Option<&Json>) -> Detail {
    Detail {
        attribute,
        name: String::new(),
        before: before.map(text),
        after: after.map(text),
        recreation: Recreation::Never,
        source: Source::DirectModification,
        cause: None,
    }
}

/// The changed parameter that a property uses, if it uses one.
fn cause(shape: &Shape, property: &str, parameters: &[String]) -> Option<String> {
    let written = shape.written.get("Properties")?.get(property)?;
    let mut found = None;
    references(written, &mut |name| {
        if found.is_none() && parameters.iter().any(|parameter| parameter == name) {
            found = Some(name.to_owned());
        }
    });
    found
}

/// Who refers to a resource that is replaced refers to another one afterwards.
fn follow(changes: &mut Vec<Change>, old: &[Shape], new: &[Shape]) {
    let mut replaced: Vec<String> = Vec::new();
    while let Some(next) = changes
        .iter()
        .find(|change| change.replaces() && !replaced.contains(&change.logical))
    {
        let logical = next.logical.clone();
        replaced.push(logical.clone());
        for shape in new.iter().filter(|shape| shape.logical != logical) {
            let Some(before) = old.iter().find(|old| old.logical == shape.logical) else {
                continue;
            };
            let own = dependent(shape, &logical);
            if own.is_empty() {
                continue;
            }
            match changes
                .iter_mut()
                .find(|change| change.logical == shape.logical)
            {
                Some(change) => {
                    let known = change.details.clone();
                    let is_new =
                        |detail: &Detail| known.iter().all(|known| known.name != detail.name);
                    change.details.extend(own.into_iter().filter(is_new));
                }
                None => changes.push(modified(before, shape, own)),
            }
        }
    }
}

/// The properties that refer to a resource. Whether they replace theirs in turn is known only when it is done.
fn dependent(shape: &Shape, logical: &str) -> Vec<Detail> {
    let found = shape.properties.iter().filter(|(_, value)| {
        let mut refers = false;
        references(value, &mut |name| refers |= name == logical);
        refers
    });
    found
        .map(|(key, _)| Detail {
            name: key.clone(),
            recreation: recreation(&shape.kind, key).min(Recreation::Conditionally),
            source: Source::ResourceReference,
            cause: Some(logical.to_owned()),
            ..plain(Attribute::Properties, None, None)
        })
        .collect()
}

/// Whether two values come to the same: to CloudFormation `1` and `"1"` do.
fn same(left: Option<&Json>, right: Option<&Json>) -> bool {
    match (left, right) {
        (Some(Json::Object(left)), Some(Json::Object(right))) => same_members(left, right),
        (Some(Json::Array(left)), Some(Json::Array(right))) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(Some(left), Some(right)))
        }
        (Some(left), Some(right)) => text(left) == text(right),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn same_members(left: &Object<String, Json>, right: &Object<String, Json>) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .all(|(key, value)| right.contains_key(key) && same(Some(value), right.get(key)))
}
