//! What a request wants a stack to be: its template, what is filled into it, and what that changes.
//!
//! `CreateChangeSet` and `UpdateStack` say it in the same words, and it is checked in the order in which AWS does:
//! template, parameters, capabilities. What is left out stays as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Call, Found, Refused, source, template};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::{
    Change, Circumstances, Place, Resolver, Shape, Template, differences, references,
};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{
    Definition, Echo, Parameter, Phase, RollbackConfiguration, Stack,
};

#[derive(Debug)]
pub(super) struct Proposal {
    pub(super) template: Arc<Template>,
    pub(super) definition: Definition,
    pub(super) changes: Vec<Change>,
    /// Nothing would be done: not to a resource, a tag, or an output.
    pub(super) is_empty: bool,
}

/// `stack` is what there is already; a stack that is still to come has nothing.
pub(super) fn of(
    call: &Call<'_>,
    name: (&str, &str),
    stack: Option<&Found<'_>>,
) -> Result<Proposal, Refused> {
    let empty = Definition::default();
    let old = stack.map_or(&empty, |(_, standing)| standing.definition.as_ref());
    let version = stack.map_or("", |(_, standing)| standing.version.as_ref());
    let template = template(call, stack)?;
    let old = written_out(old, version);
    let parameters = parameters(call, &template, &old.parameters)?;
    check_capabilities(call, &template)?;
    let definition = Definition {
        description: template.description().to_owned(),
        parameters,
        tags: tags(call).unwrap_or_else(|| old.tags.clone()),
        outputs: Vec::new(),
        imports: Vec::new(),
        capabilities: call.input.texts("Capabilities"),
        transform: template.transforms().first().map(|name| (*name).to_owned()),
        template: Some(Arc::clone(&template)),
        role: call
            .input
            .text("RoleARN")
            .map(std::borrow::Cow::into_owned)
            .or_else(|| old.role.clone()),
        notified: match call.input.get("NotificationARNs") {
            Some(_) => call.input.texts("NotificationARNs"),
            None => old.notified.clone(),
        },
        rollback: rollback(call).unwrap_or_else(|| old.rollback.clone()),
        on_failure: old.on_failure,
    };
    let new = place(call, name, &definition.parameters);
    let tagged = definition.tags != old.tags;
    let shapes = Resolver {
        template: &template,
        place: &new,
    }
    .shapes();
    let before = stack.map_or_else(Vec::new, |found| before(call, found));
    let values = |parameters: &[Parameter]| -> BTreeMap<String, String> {
        let pairs = parameters.iter();
        pairs
            .map(|own| (own.key.clone(), own.value.clone()))
            .collect()
    };
    let (was, is) = (values(&old.parameters), values(&definition.parameters));
    let moved: Vec<String> = is
        .iter()
        .filter(|(key, value)| was.get(*key) != Some(value))
        .map(|(key, _)| key.clone())
        .collect();
    let circumstances = Circumstances {
        parameters: &moved,
        tags: tagged && stack.is_some(),
    };
    let mut changes = differences(&before, &shapes, circumstances).map_err(Failure::validation)?;
    if let Some((stack, _)) = stack {
        let known = stack.resources(call.now);
        for change in &mut changes {
            let own = known
                .iter()
                .find(|own| own.resource.logical == change.logical);
            change.physical = own.map(|own| own.resource.physical.clone());
        }
    }
    let told = stack.is_some_and(|found| outputs_differ(call, found, (&template, &new)));
    Ok(Proposal {
        is_empty: changes.is_empty() && !tagged && !told,
        template,
        definition,
        changes,
    })
}

fn template(call: &Call<'_>, stack: Option<&Found<'_>>) -> Result<Arc<Template>, Refused> {
    let previous = call.input.says("UsePreviousTemplate");
    match (source::sent(call)?, stack) {
        (Some(_), _) if previous => {
            let message = "You cannot specify both usePreviousTemplate and Template Body/URL.";
            Err(Failure::validation(message).into())
        }
        (Some(template), _) => Ok(template),
        (None, Some((stack, standing))) if previous => {
            Ok(template::of(stack, standing.definition, &standing.version))
        }
        (None, _) => {
            let message = "Either Template URL or Template Body must be specified.";
            Err(Failure::validation(message).into())
        }
    }
}

/// A definition in which the version is filled in.
pub(super) fn written_out(definition: &Definition, version: &str) -> Definition {
    let fill = |text: &str| Stack::as_of(text, version);
    let mut filled = definition.clone();
    for parameter in &mut filled.parameters {
        parameter.value = fill(&parameter.value);
    }
    for (_, value) in &mut filled.tags {
        *value = fill(value);
    }
    filled
}

/// Where a stack of that name and ARN is, with these parameters.
pub(super) fn place(call: &Call<'_>, name: (&str, &str), parameters: &[Parameter]) -> Place {
    let values = parameters.iter();
    Place {
        account: call.caller.account.clone(),
        region: call.region.to_owned(),
        stack: name.0.to_owned(),
        stack_id: name.1.to_owned(),
        parameters: values
            .map(|own| (own.key.clone(), own.value.clone()))
            .collect(),
        physical: BTreeMap::new(),
        exports: exports(call),
    }
}

/// What the stacks of the region export.
fn exports(call: &Call<'_>) -> BTreeMap<String, String> {
    let stacks = call.all_stacks().unwrap_or_default();
    let living = stacks
        .iter()
        .filter(|(_, standing)| standing.status != "DELETE_COMPLETE");
    living
        .flat_map(|(_, standing)| {
            standing.definition.outputs.iter().filter_map(|output| {
                let value = Stack::as_of(&output.value, &standing.version);
                Some((output.export.clone()?, value))
            })
        })
        .collect()
}

/// The resources as they are. In a stack that was left in the middle of an update some are as they were before it.
fn before(call: &Call<'_>, found: &Found<'_>) -> Vec<Shape> {
    let (stack, standing) = found;
    let shapes = |phase: &Phase| {
        let version = &phase.version;
        let template = template::of(stack, &phase.definition, version);
        let parameters = written_out(&phase.definition, version).parameters;
        let place = place(call, (&stack.name, &stack.id), &parameters);
        Resolver {
            template: &template,
            place: &place,
        }
        .shapes()
    };
    let now = shapes(&Phase {
        definition: Arc::clone(standing.definition),
        version: Arc::clone(&standing.version),
    });
    let there = stack.resources(call.now);
    let status = |logical: &str| {
        let mut there = there.iter();
        there
            .find(|own| own.resource.logical == logical)
            .map(|own| own.status)
    };
    if !standing.status.ends_with("_FAILED") {
        let existing = now.into_iter();
        return existing
            .filter(|shape| status(&shape.logical).is_some())
            .collect();
    }
    let trail = stack.trail(call.now);
    let touched = |logical: &str| {
        let places = trail.touched.iter();
        places
            .filter_map(|place| stack.resources.get(*place))
            .any(|own| own.logical == logical)
    };
    let old = shapes(&trail.before);
    let mut shapes = Vec::new();
    for shape in now {
        match status(&shape.logical) {
            // It never came to be.
            None | Some("CREATE_FAILED") => {}
            Some(status) if touched(&shape.logical) && status.ends_with("_COMPLETE") => {
                shapes.push(shape);
            }
            Some(_) => shapes.extend(old.iter().find(|own| own.logical == shape.logical).cloned()),
        }
    }
    shapes
}

fn outputs_differ(
    call: &Call<'_>,
    (stack, standing): &Found<'_>,
    (template, new): (&Template, &Place),
) -> bool {
    let old = template::of(stack, standing.definition, &standing.version);
    let parameters = written_out(standing.definition, &standing.version).parameters;
    let before = place(call, (&stack.name, &stack.id), &parameters);
    let told = |template: &Template, place: &Place| -> Vec<Option<serde_json::Value>> {
        let resolver = Resolver { template, place };
        let outputs = template.section("Outputs").iter();
        outputs
            .filter(|(_, body)| resolver.is_wanted(body))
            .map(|(key, body)| Some(serde_json::json!([key, resolver.resolve(body)?])))
            .collect()
    };
    told(&old, &before) != told(template, new)
}

/// The outputs that stand in the new template as in the old one and depend on nothing in it. What a scenario lets them
/// say is not always what their words come to.
pub(super) fn kept((stack, standing): &Found<'_>, new: &Template) -> Vec<(String, String)> {
    let old = template::of(stack, standing.definition, &standing.version);
    let outputs = standing.definition.outputs.iter();
    let kept = outputs.filter(|output| {
        let body = new.section("Outputs").get(&output.key);
        body.is_some_and(|body| {
            let bound = references(body)
                .iter()
                .any(|name| !name.starts_with("AWS::"));
            !bound && old.section("Outputs").get(&output.key) == Some(body)
        })
    });
    kept.map(|output| {
        let value = Stack::as_of(&output.value, &standing.version);
        (output.key.clone(), value)
    })
    .collect()
}

fn parameters(
    call: &Call<'_>,
    template: &Template,
    old: &[Parameter],
) -> Result<Vec<Parameter>, Refused> {
    let given: Vec<&Map> = call
        .input
        .list("Parameters")
        .iter()
        .filter_map(Value::map)
        .collect();
    let declared = template.parameters();
    let unknown: Vec<String> = given
        .iter()
        .filter_map(|own| own.text("ParameterKey"))
        .filter(|key| declared.iter().all(|own| own.key != key.as_ref()))
        .map(std::borrow::Cow::into_owned)
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::validation(format!(
            "Parameters: [{}] do not exist in the template",
            unknown.join(", ")
        ))
        .into());
    }
    let mut missing = Vec::new();
    let mut parameters = Vec::new();
    for own in declared {
        let said = given
            .iter()
            .find(|said| said.text("ParameterKey").as_deref() == Some(own.key));
        let previous = || {
            let old = old.iter().find(|old| old.key == own.key);
            old.map(|old| old.value.clone())
        };
        let value = match said {
            Some(said) if said.says("UsePreviousValue") => previous(),
            Some(said) => said
                .get("ParameterValue")
                .and_then(|value| value.text().map(std::borrow::Cow::into_owned)),
            None => own.default(),
        };
        let Some(value) = value else {
            missing.push(own.key);
            continue;
        };
        // What stays as it is was good enough once.
        if previous().as_ref() != Some(&value)
            && let Some(words) = own.refuses(&value)
        {
            return Err(Failure::validation(words).into());
        }
        parameters.push(Parameter {
            key: own.key.to_owned(),
            value,
            echo: if own.no_echo() {
                Echo::Masked
            } else {
                Echo::Shown
            },
        });
    }
    if missing.is_empty() {
        return Ok(parameters);
    }
    Err(Failure::validation(format!(
        "Parameters: [{}] must have values",
        missing.join(", ")
    ))
    .into())
}

fn check_capabilities(call: &Call<'_>, template: &Template) -> Result<(), Refused> {
    let given = call.input.texts("Capabilities");
    let insufficient = |capability: &str| -> Refused {
        Failure::new(
            400,
            "InsufficientCapabilitiesException",
            format!("Requires capabilities : [{capability}]"),
        )
        .into()
    };
    if let Some(needs) = template.needs()
        && !needs.met_by(&given)
    {
        return Err(insufficient(needs.capability));
    }
    // A change set shows what macros make of a template before anything is done.
    let expands = call.operation != "CreateChangeSet" && !template.transforms().is_empty();
    if expands && !given.iter().any(|own| own == "CAPABILITY_AUTO_EXPAND") {
        return Err(insufficient("CAPABILITY_AUTO_EXPAND"));
    }
    Ok(())
}

/// The tags that were sent; none at all is a wish, too.
fn tags(call: &Call<'_>) -> Option<Vec<(String, String)>> {
    call.input.get("Tags")?;
    let tags = call.input.list("Tags").iter().filter_map(Value::map);
    let tags = tags.map(|tag| {
        let text = |key: &str| tag.text(key).unwrap_or_default().into_owned();
        (text("Key"), text("Value"))
    });
    Some(tags.collect())
}

fn rollback(call: &Call<'_>) -> Option<RollbackConfiguration> {
    let sent = call.input.get("RollbackConfiguration")?.map()?;
    let triggers = sent.list("RollbackTriggers").iter().filter_map(Value::map);
    let triggers = triggers.map(|trigger| {
        let text = |key: &str| trigger.text(key).unwrap_or_default().into_owned();
        (text("Arn"), text("Type"))
    });
    Some(RollbackConfiguration {
        triggers: triggers.collect(),
        minutes: sent.integer("MonitoringTimeInMinutes"),
    })
}
