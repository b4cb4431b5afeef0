//! Templates of CloudFormation: text to a tree, what the tree comes to in a place, and how two of them differ.
//!
//! Pure: nothing here knows of stacks or of time. A template keeps its text as it was sent, because that is what
//! `GetTemplate` gives back; everything else is read off its tree, in which YAML's short forms (`!Ref`) are already
//! written out as JSON has them. What is wrong with a template is told in AWS's words.

mod change;
mod diff;
mod parameter;
mod policy;
mod replacement;
mod resolve;
mod yaml;

use serde_json::{Map as Object, Value as Json};

pub(super) use change::{Action, Attribute, Change, Detail, Keeping, Recreation, Source};
pub(super) use diff::{Circumstances, differences};
pub(super) use parameter::Declared;
pub(super) use policy::Policy;
pub(super) use resolve::{Place, Resolver, Shape};

/// The most bytes of a template in a request, and of one at a URL.
pub(super) const MOST_SENT: usize = 51_200;
pub(super) const MOST_STORED: usize = 1_000_000;

const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
];

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    text: String,
    tree: Object<String, Json>,
}

impl Template {
    /// What is wrong is a sentence of AWS's.
    pub(super) fn parse(text: &str) -> Result<Template, String> {
        let tree = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| {
                let (line, column) = (error.line(), error.column());
                format!(
                    "Template format error: JSON not well-formed. (line {line}, column {column})"
                )
            })?
        } else {
            yaml::read(text)?
        };
        let Json::Object(tree) = tree else {
            return Err("Template format error: unsupported structure.".to_owned());
        };
        let template = Template {
            text: text.to_owned(),
            tree,
        };
        template.check()?;
        Ok(template)
    }

    /// One that the sandbox wrote by itself, of however few resources.
    pub(super) fn written(text: &str) -> Template {
        let tree = serde_json::from_str(text).unwrap_or_default();
        Template {
            text: text.to_owned(),
            tree,
        }
    }

    fn check(&self) -> Result<(), String> {
        let unknown = self.tree.keys().map(String::as_str);
        let unknown: Vec<&str> = unknown.filter(|key| !SECTIONS.contains(key)).collect();
        if !unknown.is_empty() {
            return Err(format!(
                "Invalid template property or properties [{}]",
                unknown.join(", ")
            ));
        }
        if self.resources().next().is_none() {
            return Err(
                "Template format error: At least one Resources member must be defined.".to_owned(),
            );
        }
        for (logical, resource) in self.resources() {
            if resource.get("Type").and_then(Json::as_str).is_none() {
                return Err(format!(
                    "Template format error: [/Resources/{logical}] Every Resources object must contain a Type member."
                ));
            }
        }
        self.check_references()
    }

    fn check_references(&self) -> Result<(), String> {
        let known = |name: &str| {
            name.starts_with("AWS::")
                || self.section("Parameters").contains_key(name)
                || self.section("Resources").contains_key(name)
        };
        // Macros may bring what they refer to.
        if !self.transforms().is_empty() {
            return Ok(());
        }
        for block in ["Resources", "Outputs"] {
            let mut missing = Vec::new();
            for part in self.section(block).values() {
                resolve::references(part, &mut |name| {
                    if !known(name) && !missing.iter().any(|other| other == name) {
                        missing.push(name.to_owned());
                    }
                });
            }
            if !missing.is_empty() {
                return Err(format!(
                    "Template format error: Unresolved resource dependencies [{}] in the {block} block of the template",
                    missing.join(", ")
                ));
            }
        }
        Ok(())
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The tree with its macros applied, as far as we know any: it is gone through with them.
    pub(super) fn processed(&self) -> String {
        let mut tree = self.tree.clone();
        tree.shift_remove("Transform");
        serde_json::to_string_pretty(&Json::Object(tree)).unwrap_or_default()
    }

    pub(super) fn section(&self, name: &str) -> &Object<String, Json> {
        static NOTHING: std::sync::OnceLock<Object<String, Json>> = std::sync::OnceLock::new();
        let section = self.tree.get(name).and_then(Json::as_object);
        section.unwrap_or_else(|| NOTHING.get_or_init(Object::new))
    }

    pub(super) fn resources(&self) -> impl Iterator<Item = (&String, &Json)> {
        self.section("Resources").iter()
    }

    pub(super) fn description(&self) -> &str {
        let text = self.tree.get("Description").and_then(Json::as_str);
        text.unwrap_or_default()
    }

    pub(super) fn metadata(&self) -> Option<String> {
        Some(self.tree.get("Metadata")?.to_string())
    }

    pub(super) fn parameters(&self) -> Vec<Declared<'_>> {
        let declared = self.section("Parameters").iter();
        declared.map(|(key, body)| Declared { key, body }).collect()
    }

    /// The macros that it says it is to be put through.
    pub(super) fn transforms(&self) -> Vec<&str> {
        match self.tree.get("Transform") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(many)) => many
                .iter()
                .filter_map(|one| one.as_str().or_else(|| one.get("Name")?.as_str()))
                .collect(),
            Some(Json::Object(one)) => one.get("Name").and_then(Json::as_str).into_iter().collect(),
            Some(Json::Null | Json::Bool(_) | Json::Number(_)) | None => Vec::new(),
        }
    }

    /// The types of its resources, each with those of the type, sorted.
    pub(super) fn kinds(&self) -> std::collections::BTreeMap<&str, Vec<&str>> {
        let mut kinds = std::collections::BTreeMap::new();
        for (logical, resource) in self.resources() {
            let kind = resource.get("Type").and_then(Json::as_str);
            let of_kind: &mut Vec<&str> = kinds.entry(kind.unwrap_or_default()).or_default();
            of_kind.push(logical);
        }
        kinds
    }

    /// What somebody has to acknowledge before it is deployed, and because of which types.
    pub(super) fn needs(&self) -> Option<Needs<'_>> {
        const NAMES: [&str; 7] = [
            "RoleName",
            "UserName",
            "GroupName",
            "PolicyName",
            "InstanceProfileName",
            "ManagedPolicyName",
            "RoleArn",
        ];
        let mut kinds: Vec<&str> = Vec::new();
        let mut named = false;
        for (_, resource) in self.resources() {
            let kind = resource.get("Type").and_then(Json::as_str);
            let Some(kind) = kind.filter(|kind| kind.starts_with("AWS::IAM::")) else {
                continue;
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
            let own = resource.get("Properties").and_then(Json::as_object);
            // An inline policy always has a name and needs none of the stronger kind.
            named |= kind != "AWS::IAM::Policy"
                && own.is_some_and(|own| NAMES.iter().any(|name| own.contains_key(*name)));
        }
        kinds.sort_unstable();
        (!kinds.is_empty()).then_some(Needs {
            capability: if named {
                "CAPABILITY_NAMED_IAM"
            } else {
                "CAPABILITY_IAM"
            },
            kinds,
        })
    }
}

/// What a template may only do when somebody has said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needs<'t> {
    pub(super) capability: &'static str,
    pub(super) kinds: Vec<&'t str>,
}

impl Needs<'_> {
    /// Whether one of these capabilities is enough: who may name may also make.
    pub(super) fn met_by(&self, given: &[String]) -> bool {
        let has = |name: &str| given.iter().any(|given| given == name);
        has("CAPABILITY_NAMED_IAM") || has(self.capability)
    }
}

/// Everything that a part of a template refers to.
pub(super) fn references(part: &Json) -> Vec<String> {
    let mut found = Vec::new();
    resolve::references(part, &mut |name| found.push(name.to_owned()));
    found
}

#[cfg(test)]
mod tests;
