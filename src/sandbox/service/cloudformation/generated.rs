//! Templates of stacks that nobody has deployed yet: written from what a scenario says they are made of.

use serde_json::{Map as Object, Value as Json, json};

use crate::sandbox::world::stack::{Declared, Echo, Stack};

/// The text of the template that a scenario's stack had at a version.
pub(super) fn template(stack: &Stack, version: &str) -> String {
    let born = &stack.born;
    let mut template = Object::new();
    template.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
    if !born.description.is_empty() {
        template.insert("Description".to_owned(), json!(born.description));
    }
    if let Some(transform) = &born.transform {
        template.insert("Transform".to_owned(), json!(transform));
    }
    let parameters: Object<String, Json> = born
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
        .take(stack.planned())
        .map(|resource| {
            (
                resource.logical.clone(),
                resource_body(&resource.kind, version),
            )
        })
        .collect();
    template.insert("Resources".to_owned(), Json::Object(resources));
    let outputs: Object<String, Json> = born
        .outputs
        .iter()
        .map(|output| {
            // Only who has a parameter for the account's name can write of it.
            let named = born.parameters.iter().any(|own| own.key == "Environment");
            let says = |text: &str| text.contains("{account}");
            let written = output.declared.as_ref().filter(|declared| {
                named || !(says(&declared.value) || declared.export.as_deref().is_some_and(says))
            });
            let declared = written.cloned().unwrap_or_else(|| Declared {
                value: output.value.clone(),
                export: output.export.clone(),
            });
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
