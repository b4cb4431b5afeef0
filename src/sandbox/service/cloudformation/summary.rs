//! What can be said of a template without deploying it.

use std::sync::Arc;

use super::{Answer, Call, Refused, source, template};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::{Declared, Template};
use crate::sandbox::value::{Map, Value};

pub(super) fn summary(call: &Call<'_>) -> Answer {
    let template = match source::sent(call)? {
        Some(template) => template,
        None => deployed(call)?,
    };
    let declared = template.parameters().into_iter().map(|parameter| {
        let allowed = parameter.allowed();
        let constraints = Map::new().with_some(
            "AllowedValues",
            (!allowed.is_empty()).then(|| Value::from(allowed)),
        );
        described(parameter)
            .with("ParameterType", parameter.kind())
            .with("ParameterConstraints", constraints)
    });
    let kinds = template.kinds();
    let summary = Map::new()
        .with("Parameters", declared.collect::<Value>())
        .with_some("Description", said(&template));
    let identified = kinds.iter().map(|(kind, logicals)| {
        Map::new()
            .with("ResourceType", *kind)
            .with("LogicalResourceIds", logicals.clone())
    });
    Ok(needing(summary, &template)
        .with("ResourceTypes", kinds.keys().copied().collect::<Value>())
        .with("Version", "2010-09-09")
        .with_some("Metadata", template.metadata())
        .with_some("DeclaredTransforms", transforms(&template))
        .with("ResourceIdentifierSummaries", identified.collect::<Value>()))
}

/// The template of the stack that the request names.
fn deployed(call: &Call<'_>) -> Result<Arc<Template>, Refused> {
    let (stack, standing) = call.named_stack()?;
    Ok(template::of(stack, standing.definition, &standing.version))
}

pub(super) fn validate(call: &Call<'_>) -> Answer {
    let Some(template) = source::sent(call)? else {
        let message = "Either Template URL or Template Body must be specified.";
        return Err(Failure::validation(message).into());
    };
    let declared = template.parameters().into_iter().map(described);
    let validated = Map::new()
        .with("Parameters", declared.collect::<Value>())
        .with_some("Description", said(&template));
    Ok(needing(validated, &template).with_some("DeclaredTransforms", transforms(&template)))
}

fn described(parameter: Declared<'_>) -> Map {
    Map::new()
        .with("ParameterKey", parameter.key)
        .with_some("DefaultValue", parameter.default())
        .with("NoEcho", parameter.no_echo())
        .with_some("Description", parameter.description())
}

fn said(template: &Template) -> Option<&str> {
    Some(template.description()).filter(|text| !text.is_empty())
}

fn transforms(template: &Template) -> Option<Vec<&str>> {
    Some(template.transforms()).filter(|transforms| !transforms.is_empty())
}

/// What has to be acknowledged, and why.
fn needing(answer: Map, template: &Template) -> Map {
    let mut capabilities = Vec::new();
    let mut reasons = Vec::new();
    if let Some(needs) = template.needs() {
        capabilities.push(needs.capability);
        reasons.extend(needs.kinds);
    }
    if !template.transforms().is_empty() {
        capabilities.push("CAPABILITY_AUTO_EXPAND");
        reasons.extend(template.transforms());
    }
    if capabilities.is_empty() {
        return answer;
    }
    let reason = format!(
        "The following resource(s) require capabilities: [{}]",
        reasons.join(", ")
    );
    answer
        .with("Capabilities", capabilities)
        .with("CapabilitiesReason", reason)
}
