//! What a deployment brings: the parts it is done in, and what the stack is once it has succeeded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::score::{Move, Part};
use super::{Deployment, Order, resource};
use crate::sandbox::template::{Action, Place, Resolver, Shape};
use crate::sandbox::world::stack::{Definition, Output, Phase, Resource, Stack};

/// The version that a definition is called: what it says itself, in a tag, a parameter, or an output.
pub(in crate::sandbox) fn version(definition: &Definition, before: &str) -> Arc<str> {
    let is_it = |key: &str| matches!(key.to_lowercase().as_str(), "version" | "imagetag");
    let tags = definition.tags.iter();
    let tag = tags.filter(|(key, _)| is_it(key)).map(|(_, value)| value);
    let parameters = definition.parameters.iter();
    let parameter = parameters
        .filter(|one| is_it(&one.key))
        .map(|one| &one.value);
    let mut said = tag.chain(parameter);
    said.next().map_or(before, String::as_str).into()
}

/// The parts that the changes come to, with what is new written into the stack; and what everything will be called.
pub(super) fn parts(
    stack: &Stack,
    order: Order<'_>,
    (deployment, shapes): (&Deployment<'_>, &[Shape]),
    number: u64,
) -> (Vec<Part>, BTreeMap<String, String>) {
    let there = stack.resources(order.now);
    let known = |logical: &str| there.iter().find(|own| own.resource.logical == logical);
    let mut physical: BTreeMap<String, String> = there
        .iter()
        .map(|own| (own.resource.logical.clone(), own.resource.physical.clone()))
        .collect();
    let make = |logical: &str| -> Resource {
        let change = deployment.changes.iter();
        let mut change = change.filter(|change| change.logical == logical);
        let told = || Shape {
            logical: logical.to_owned(),
            kind: change
                .next()
                .map_or_else(String::new, |change| change.kind.clone()),
            properties: serde_json::Map::new(),
            written: serde_json::Value::Null,
        };
        let shape = shapes.iter().find(|shape| shape.logical == logical);
        let shape = shape.cloned().unwrap_or_else(told);
        resource::made(stack, &shape, order.place, number)
    };
    let mut parts = Vec::new();
    for change in deployment.changes {
        let old = known(&change.logical).map(|own| own.place);
        let makes = change.action == Action::Add || change.replaces();
        let new = makes.then(|| {
            let made = make(&change.logical);
            physical.insert(change.logical.clone(), made.physical.clone());
            let place = stack.resources.len();
            stack.resources.push(made);
            place
        });
        let action = match (change.action, old, new) {
            (Action::Add, _, Some(new)) => Move::Add(new),
            (Action::Modify, Some(old), Some(new)) => Move::Replace {
                old,
                new,
                keeping: change.policy,
            },
            (Action::Modify, Some(old), None) => Move::Modify(old),
            (Action::Remove, Some(old), _) => Move::Remove(old, change.policy),
            (Action::Add | Action::Modify, _, _) | (Action::Remove, None, _) => continue,
        };
        parts.push(Part {
            logical: change.logical.clone(),
            action,
            fails: None,
        });
    }
    (parts, physical)
}

/// What the stack will be: the definition, with outputs.
pub(super) fn after(deployment: &Deployment<'_>, physical: BTreeMap<String, String>) -> Phase {
    let version = deployment.version.into();
    if deployment.definition.template.is_none() {
        return Phase {
            version,
            definition: Arc::new(deployment.definition.clone()),
        };
    }
    let place = Place {
        physical,
        ..deployment.place.clone()
    };
    let resolver = Resolver {
        template: deployment.template,
        place: &place,
    };
    let outputs = deployment.template.section("Outputs").iter();
    let outputs = outputs.filter(|(_, body)| resolver.is_wanted(body));
    let words = |value: Option<&serde_json::Value>| {
        value.map_or_else(String::new, |value| resolver.words(value))
    };
    let outputs = outputs.map(|(key, body)| {
        let mut kept = deployment.kept.iter();
        let kept = kept.find(|(own, _)| own == key).map(|(_, value)| value);
        let export = body.get("Export").and_then(|export| export.get("Name"));
        let said = body.get("Description").and_then(|text| text.as_str());
        Output {
            key: key.clone(),
            value: kept.map_or_else(|| words(body.get("Value")), Clone::clone),
            description: said.map(str::to_owned),
            export: export.map(|name| resolver.words(name)),
            declared: None,
        }
    });
    let definition = Definition {
        outputs: outputs.collect(),
        imports: resolver.imports(),
        ..deployment.definition.clone()
    };
    Phase {
        version,
        definition: Arc::new(definition),
    }
}
