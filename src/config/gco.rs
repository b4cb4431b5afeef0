//! The regions of a Global Capacity Orchestrator project, for an operator who stands in its directory.
//!
//! Its `cdk.json` says where it is deployed, which is the best region list there is when nobody gave one. Read
//! only; a file that says nothing about regions, or is not JSON, is somebody else's and is passed by.

use super::{Environment, Note, regions};
use crate::domain::Region;
use serde_json::Value;
use std::path::PathBuf;

/// Where a project says it is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub file: PathBuf,
    /// Workload regions first, then those of the global parts; each once.
    pub regions: Vec<Region>,
}

/// Where the global parts go when the file does not say: the project's own defaults.
const GLOBAL: &str = "us-east-2";
/// Where workloads go when the file does not say.
const REGIONAL: &str = "us-east-1";

impl Project {
    /// The project around the working directory: the first `cdk.json` upwards that names regions.
    pub fn around(environment: &Environment) -> Option<Self> {
        environment.directory().ancestors().find_map(|directory| {
            let file = directory.join("cdk.json");
            let text = std::fs::read_to_string(&file).ok()?;
            let regions = deployed(&text)?;
            Some(Self { file, regions })
        })
    }

    /// What the operator should know: why these regions, and how to see the others.
    pub fn note(&self, environment: &Environment) -> Note {
        let names: Vec<&str> = self.regions.iter().map(Region::as_str).collect();
        Note::new(
            format!(
                "Showing the regions of {}: {}.",
                environment.shorten(&self.file),
                names.join(", ")
            ),
            "Start with `-r '*'` to see every enabled region.",
        )
    }
}

/// The regions that a `cdk.json` deploys to; `None` when it does not speak of any.
fn deployed(text: &str) -> Option<Vec<Region>> {
    let file: Value = serde_json::from_str(text).ok()?;
    let declared = file
        .get("context")?
        .get("deployment_regions")?
        .as_object()?;
    let mut names: Vec<&str> = match declared.get("regional") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one],
        _ => vec![REGIONAL],
    };
    names.extend(
        ["global", "api_gateway", "monitoring"]
            .map(|part| declared.get(part).and_then(Value::as_str).unwrap_or(GLOBAL)),
    );
    let mut found = Vec::new();
    for name in names {
        let region = Region::new(name);
        if regions::is_plausible(name) && !found.contains(&region) {
            found.push(region);
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workload_regions_come_first_and_none_twice() {
        for (text, expected) in [
            (
                r#"{"context":{"deployment_regions":{"global":"us-east-2","api_gateway":"us-east-1","monitoring":"us-east-2","regional":["eu-west-1","us-east-1"]}}}"#,
                Some(&["eu-west-1", "us-east-1", "us-east-2"][..]),
            ),
            (
                r#"{"context":{"deployment_regions":{"regional":["eu-west-1", 7, "nonsense"]}}}"#,
                Some(&["eu-west-1", "us-east-2"]),
            ),
            (
                r#"{"context":{"deployment_regions":{}}}"#,
                Some(&["us-east-1", "us-east-2"]),
            ),
            (r#"{"context":{}}"#, None),
            (r#"{"context":{"deployment_regions":[]}}"#, None),
            ("not json", None),
        ] {
            let expected =
                expected.map(|names| names.iter().map(|name| Region::new(*name)).collect());
            assert_eq!(deployed(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_file_upwards_that_names_regions_counts() {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("services/api");
        std::fs::create_dir_all(&below).unwrap();
        let gco = r#"{"context":{"deployment_regions":{"regional":["eu-west-1"]}}}"#;
        std::fs::write(root.path().join("cdk.json"), gco).unwrap();
        std::fs::write(below.join("cdk.json"), r#"{"app":"node x.js"}"#).unwrap();

        let environment = Environment::of([])
            .with_home(root.path())
            .with_directory(&below);
        let project = Project::around(&environment).unwrap();
        assert_eq!(project.file, root.path().join("cdk.json"));
        assert_eq!(
            project.note(&environment).to_string(),
            "Showing the regions of ~/cdk.json: eu-west-1, us-east-2. Start with `-r '*'` to see every enabled region."
        );
    }
}
