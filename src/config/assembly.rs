//! A CDK cloud assembly: what `cdk synth` leaves in `cdk.out`, as stacks to deploy, each after those that it needs.
//!
//! Only what is already published can be deployed: templates and parameters are taken from the assembly, and files and
//! images from where `cdk deploy` or a pipeline has put them. What a stack says of itself is text from outside; a path that
//! leads out of the assembly is refused.

use super::Mistake;
use super::file;
use crate::domain::Region;
use crate::domain::operation::{Deployment, Given, Source};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// What was synthesised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudAssembly {
    /// Each after those that it needs.
    pub stacks: Vec<Synthesised>,
}

/// One stack of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synthesised {
    /// The assembly's own name for it; two stacks of one name in two regions have two.
    pub id: String,
    /// The stack's name in CloudFormation.
    pub name: String,
    /// Twelve digits; none where it may go into any account.
    pub account: Option<String>,
    pub region: Option<Region>,
    pub template: PathBuf,
    pub parameters: Vec<(String, String)>,
    pub tags: Vec<(String, String)>,
    pub role: Option<String>,
    pub bucket: Option<String>,
    /// Stacks of the assembly, by id.
    pub needs: Vec<String>,
    /// Files and images that have to be published already.
    pub assets: usize,
}

/// Assemblies within assemblies that are followed: a stage of a stage.
const DEEPEST: usize = 5;

impl CloudAssembly {
    /// Reads the directory, with the assemblies of its stages.
    pub fn read(folder: &Path) -> Result<Self, Mistake> {
        let mut stacks = Vec::new();
        gather(folder, DEEPEST, &mut stacks)?;
        if stacks.is_empty() {
            return Err(Mistake::new(format!(
                "The cloud assembly {} has no stack.",
                folder.display()
            )));
        }
        Ok(Self {
            stacks: in_order(stacks)?,
        })
    }
}

impl Synthesised {
    /// What deploys it, over what was said for all stacks of the assembly.
    pub fn over(&self, whole: Deployment) -> Deployment {
        let given = |(key, value): &(String, String)| Given {
            key: key.clone(),
            value: value.clone(),
            region: None,
        };
        let before = |own: &[(String, String)], said: Vec<Given>| {
            own.iter().map(given).chain(said).collect()
        };
        Deployment {
            stack: self.name.clone(),
            account: self.account.clone(),
            source: Source::File(self.template.clone()),
            parameters: before(&self.parameters, whole.parameters),
            tags: before(&self.tags, whole.tags),
            role: whole.role.or_else(|| self.role.clone()),
            bucket: whole.bucket.or_else(|| self.bucket.clone()),
            ..whole
        }
    }
}

fn gather(folder: &Path, deeper: usize, stacks: &mut Vec<Synthesised>) -> Result<(), Mistake> {
    let path = folder.join("manifest.json");
    let shown = path.display();
    let text = file::read(&path).map_err(|error| {
        Mistake::new(format!(
            "The cloud assembly's {shown} cannot be read: {error}."
        ))
    })?;
    let manifest: Value = serde_json::from_str(&text)
        .map_err(|error| Mistake::new(format!("{shown} is not JSON: {error}.")))?;
    let Some(artifacts) = manifest["artifacts"].as_object() else {
        return Err(Mistake::new(format!("{shown} lists no artifacts.")));
    };
    for (id, artifact) in artifacts {
        let properties = &artifact["properties"];
        match artifact["type"].as_str() {
            Some("aws:cloudformation:stack") => {
                stacks.push(stack(folder, id, artifact, artifacts)?);
            }
            Some("cdk:cloud-assembly") => {
                let inner = properties["directoryName"].as_str().unwrap_or_default();
                let inner = within(folder, inner)?;
                if deeper == 0 {
                    return Err(Mistake::new(format!(
                        "{shown} has assemblies within assemblies, deeper than any stage goes."
                    )));
                }
                gather(&inner, deeper - 1, stacks)?;
            }
            // Assets and the tree are of no concern here, and newer tools write other things beside them.
            _ => {}
        }
    }
    Ok(())
}

fn stack(
    folder: &Path,
    id: &str,
    artifact: &Value,
    artifacts: &serde_json::Map<String, Value>,
) -> Result<Synthesised, Mistake> {
    let properties = &artifact["properties"];
    let Some(template) = properties["templateFile"].as_str() else {
        return Err(Mistake::new(format!(
            "The stack `{id}` of the cloud assembly {} has no template.",
            folder.display()
        )));
    };
    let (account, region) = environment(artifact["environment"].as_str().unwrap_or_default());
    let needs: Vec<String> = texts(&artifact["dependencies"]);
    let filled = |text: &str| placeholders(text, account.as_deref(), region.as_ref());
    let url = properties["stackTemplateAssetObjectUrl"].as_str();
    let bucket = url
        .and_then(|url| url.strip_prefix("s3://"))
        .and_then(|url| url.split('/').next());
    let mut assets = 0;
    for need in &needs {
        let need = &artifacts.get(need).unwrap_or(&Value::Null);
        if need["type"] == "cdk:asset-manifest" {
            assets += published(folder, need, template)?;
        }
    }
    let is_stack = |need: &String| {
        artifacts
            .get(need)
            .is_some_and(|it| it["type"] == "aws:cloudformation:stack")
    };
    Ok(Synthesised {
        id: id.to_owned(),
        name: properties["stackName"].as_str().unwrap_or(id).to_owned(),
        template: within(folder, template)?,
        parameters: pairs(&properties["parameters"]),
        tags: pairs(&properties["tags"]),
        role: properties["cloudFormationExecutionRoleArn"]
            .as_str()
            .and_then(filled),
        bucket: bucket.and_then(filled),
        needs: needs.into_iter().filter(is_stack).collect(),
        assets,
        account,
        region,
    })
}

/// How many files and images an asset manifest lists, but for the template itself.
fn published(folder: &Path, manifest: &Value, template: &str) -> Result<usize, Mistake> {
    let Some(name) = manifest["properties"]["file"].as_str() else {
        return Ok(0);
    };
    // A manifest that cannot be read says nothing; it is only counted, for a remark.
    let text = file::read(&within(folder, name)?).unwrap_or_default();
    let assets: Value = serde_json::from_str(&text).unwrap_or_default();
    let is_other = |file: &&Value| file["source"]["path"].as_str() != Some(template);
    let files = assets["files"].as_object();
    let files = files.map_or(0, |files| files.values().filter(is_other).count());
    let images = assets["dockerImages"]
        .as_object()
        .map_or(0, serde_json::Map::len);
    Ok(files + images)
}

/// `aws://123456789012/eu-west-1`; either may be unknown.
fn environment(text: &str) -> (Option<String>, Option<Region>) {
    let mut parts = text.trim_start_matches("aws://").split('/');
    let known = |part: Option<&str>| {
        part.filter(|part| !part.is_empty() && !part.starts_with("unknown-"))
            .map(str::to_owned)
    };
    let account = known(parts.next());
    (account, known(parts.next()).map(Region::new))
}

/// A text with AWS's placeholders filled in; none where one of them is not known.
fn placeholders(text: &str, account: Option<&str>, region: Option<&Region>) -> Option<String> {
    let region = region.map(Region::as_str);
    let partition = match region {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        Some(_) | None => "aws",
    };
    let mut filled = text.replace("${AWS::Partition}", partition);
    for (placeholder, value) in [("${AWS::AccountId}", account), ("${AWS::Region}", region)] {
        if filled.contains(placeholder) {
            filled = filled.replace(placeholder, value?);
        }
    }
    Some(filled)
}

/// A path of the assembly that stays within it.
fn within(folder: &Path, name: &str) -> Result<PathBuf, Mistake> {
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if name.is_empty() || !Path::new(name).components().all(stays) {
        return Err(Mistake::new(format!(
            "The cloud assembly {} names `{name}`, which is not within it.",
            folder.display()
        )));
    }
    Ok(folder.join(name))
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn pairs(table: &Value) -> Vec<(String, String)> {
    let table = table.as_object().into_iter().flatten();
    let pair = |(key, value): (&String, &Value)| {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Array(_) => texts(value).join(","),
            other => other.to_string(),
        };
        (key.clone(), value)
    };
    table.map(pair).collect()
}

/// Each after those that it needs, and else in the order of the manifest.
fn in_order(mut left: Vec<Synthesised>) -> Result<Vec<Synthesised>, Mistake> {
    let known: BTreeSet<String> = left.iter().map(|stack| stack.id.clone()).collect();
    let mut placed: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let is_free = |stack: &Synthesised| {
            let mut needs = stack.needs.iter();
            needs.all(|need| placed.contains(need) || !known.contains(need))
        };
        let Some(at) = left.iter().position(is_free) else {
            let names: Vec<&str> = left.iter().map(|stack| stack.id.as_str()).collect();
            return Err(Mistake::new(format!(
                "These stacks of the cloud assembly need each other: {}.",
                names.join(", ")
            )));
        };
        let next = left.remove(at);
        placed.insert(next.id.clone());
        ordered.push(next);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests;
