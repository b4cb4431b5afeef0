//! Templates, written from what a stack is made of.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value as Json, json};

use super::{Answer, Call, change_sets};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{Echo, Stack};

/// What was sent in, or what became of it after macros and transforms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Original,
    Processed,
}

pub(super) fn get(call: &Call<'_>) -> Answer {
    let stage = match call.input.text("TemplateStage").as_deref() {
        None | Some("Original") => Stage::Original,
        Some("Processed") => Stage::Processed,
        Some(other) => {
            return Err(Failure::validation(format!(
                "1 validation error detected: Value '{other}' at 'templateStage' failed to satisfy constraint: \
                 Member must satisfy enum value set: [Original, Processed]"
            ))
            .into());
        }
    };
    let (stack, version) = if call.input.text("ChangeSetName").is_some() {
        let (stack, set) = change_sets::find(call)?;
        (stack, set.version.clone())
    } else {
        let (stack, standing) = call.named_stack()?;
        (stack, standing.version.to_string())
    };
    Ok(Map::new()
        .with("TemplateBody", body(stack, &version, stage))
        .with("StagesAvailable", vec!["Original", "Processed"]))
}

pub(super) fn summary(call: &Call<'_>) -> Answer {
    if let Some(text) = call.input.text("TemplateBody") {
        return summary_of_text(&text);
    }
    let (stack, _) = call.named_stack()?;
    let parameters = stack.parameters.iter().map(|parameter| {
        Map::new()
            .with("ParameterKey", &parameter.key)
            .with("ParameterType", "String")
            .with("NoEcho", parameter.echo == Echo::Masked)
            .with("ParameterConstraints", Map::new())
    });
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for resource in &stack.resources {
        kinds
            .entry(&resource.kind)
            .or_default()
            .push(&resource.logical);
    }
    let mut summary = Map::new()
        .with("Parameters", parameters.collect::<Value>())
        .with_some(
            "Description",
            Some(&stack.description).filter(|text| !text.is_empty()),
        );
    if !stack.capabilities.is_empty() {
        let needing: Vec<&str> = kinds
            .keys()
            .copied()
            .filter(|kind| kind.starts_with("AWS::IAM::"))
            .collect();
        summary.set("Capabilities", stack.capabilities.clone());
        summary.set(
            "CapabilitiesReason",
            format!(
                "The following resource(s) require capabilities: [{}]",
                needing.join(", ")
            ),
        );
    }
    summary.set("ResourceTypes", kinds.keys().copied().collect::<Value>());
    summary.set("Version", "2010-09-09");
    if let Some(transform) = &stack.transform {
        summary.set("DeclaredTransforms", vec![transform.as_str()]);
    }
    summary.set(
        "ResourceIdentifierSummaries",
        kinds
            .into_iter()
            .map(|(kind, logicals)| {
                Map::new()
                    .with("ResourceType", kind)
                    .with("LogicalResourceIds", logicals)
            })
            .collect::<Value>(),
    );
    Ok(summary)
}

fn summary_of_text(text: &str) -> Answer {
    let template: Json = serde_json::from_str(text).map_err(|error| {
        Failure::validation(format!(
            "Template format error: JSON not well-formed. ({error})"
        ))
    })?;
    let resources = template
        .get("Resources")
        .and_then(Json::as_object)
        .ok_or_else(|| {
            Failure::validation(
                "Template format error: At least one Resources member must be defined.",
            )
        })?;
    let mut kinds: Vec<&str> = resources
        .values()
        .filter_map(|resource| resource.get("Type")?.as_str())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let none = Object::new();
    let parameters = template
        .get("Parameters")
        .and_then(Json::as_object)
        .unwrap_or(&none);
    let parameters = parameters.iter().map(|(key, parameter)| {
        let kind = parameter
            .get("Type")
            .and_then(Json::as_str)
            .unwrap_or("String");
        Map::new()
            .with("ParameterKey", key)
            .with_some(
                "DefaultValue",
                parameter.get("Default").and_then(Json::as_str),
            )
            .with("ParameterType", kind)
            .with(
                "NoEcho",
                parameter
                    .get("NoEcho")
                    .and_then(Json::as_bool)
                    .unwrap_or(false),
            )
            .with("ParameterConstraints", Map::new())
    });
    let iam = kinds.iter().any(|kind| kind.starts_with("AWS::IAM::"));
    Ok(Map::new()
        .with("Parameters", parameters.collect::<Value>())
        .with_some(
            "Description",
            template.get("Description").and_then(Json::as_str),
        )
        .with_some("Capabilities", iam.then(|| vec!["CAPABILITY_NAMED_IAM"]))
        .with("ResourceTypes", kinds)
        .with("Version", "2010-09-09"))
}

fn body(stack: &Stack, version: &str, stage: Stage) -> String {
    let mut template = Object::new();
    template.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
    if !stack.description.is_empty() {
        template.insert("Description".to_owned(), json!(stack.description));
    }
    if let Some(transform) = stack
        .transform
        .as_ref()
        .filter(|_| stage == Stage::Original)
    {
        template.insert("Transform".to_owned(), json!(transform));
    }
    let parameters: Object<String, Json> = stack
        .parameters
        .iter()
        .map(|parameter| {
            let declared = match parameter.echo {
                Echo::Shown => json!({ "Type": "String" }),
                Echo::Masked => json!({ "Type": "String", "NoEcho": true }),
            };
            (parameter.key.clone(), declared)
        })
        .collect();
    if !parameters.is_empty() {
        template.insert("Parameters".to_owned(), Json::Object(parameters));
    }
    let resources: Object<String, Json> = stack
        .resources
        .iter()
        .map(|resource| {
            (
                resource.logical.clone(),
                resource_body(&resource.kind, version),
            )
        })
        .collect();
    template.insert("Resources".to_owned(), Json::Object(resources));
    let outputs: Object<String, Json> = stack
        .outputs
        .iter()
        .map(|output| {
            let declared = &output.declared;
            let mut body = json!({ "Value": intrinsic(&declared.value, version) });
            if let Some(export) = &declared.export {
                body["Export"] = json!({ "Name": intrinsic(export, version) });
            }
            (output.key.clone(), body)
        })
        .collect();
    if !outputs.is_empty() {
        template.insert("Outputs".to_owned(), Json::Object(outputs));
    }
    serde_json::to_string_pretty(&Json::Object(template)).unwrap_or_default()
}

/// A blueprint's places as CloudFormation's own functions: a template is the same in every region, and two
/// regions that run one version must show one template.
fn intrinsic(text: &str, version: &str) -> Json {
    let text = Stack::as_of(text, version);
    let substituted = [
        ("{region}", "${AWS::Region}"),
        ("{account_id}", "${AWS::AccountId}"),
        ("{account}", "${Environment}"),
        ("{stack}", "${AWS::StackName}"),
        ("{hex}", "${AWS::StackId}"),
    ]
    .iter()
    .fold(text.clone(), |text, (place, function)| {
        text.replace(place, function)
    });
    let substituted = referring(substituted);
    if substituted == text {
        json!(text)
    } else {
        json!({ "Fn::Sub": substituted })
    }
}

/// `{ref:Accelerator}` and `{dns:Accelerator}` as CloudFormation writes them.
fn referring(text: String) -> String {
    let inside = |kind: &str| text.strip_prefix(kind)?.strip_suffix('}');
    match (inside("{ref:"), inside("{dns:")) {
        (Some(logical), _) => format!("${{{logical}}}"),
        (None, Some(logical)) => format!("${{{logical}.DnsName}}"),
        (None, None) => text,
    }
}

/// Enough properties that two versions of a template differ where a deployment would differ.
fn resource_body(kind: &str, version: &str) -> Json {
    match kind {
        "AWS::Lambda::Function" => json!({
            "Type": kind,
            "Properties": {
                "Handler": "bootstrap",
                "Runtime": "provided.al2023",
                "MemorySize": 512,
                "Code": { "S3Bucket": "artifacts", "S3Key": format!("{version}/bootstrap.zip") },
            },
        }),
        "AWS::ECS::TaskDefinition" => json!({
            "Type": kind,
            "Properties": { "ContainerDefinitions": [{ "Name": "app", "Image": format!("app:{version}") }] },
        }),
        "AWS::CloudFormation::Stack" => json!({
            "Type": kind,
            "Properties": { "TemplateURL": format!("https://artifacts.s3.amazonaws.com/{version}/nested.json") },
        }),
        _ => json!({ "Type": kind }),
    }
}
