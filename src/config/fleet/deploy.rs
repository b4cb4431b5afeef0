//! One `[[deploy]]` of the fleet file: what is deployed, where, in which order, and what has to hold meanwhile.
//!
//! Most of it is a safeguard, so a deployment of which any part cannot be read is left out, and the warning says so: to
//! deploy without a gate that somebody wrote, and spelled wrongly, would be worse than not to deploy.

mod gate;
mod settle;
mod values;
mod waves;

pub(super) use settle::{Ground, settle};
pub use values::seconds;
pub(super) use values::{command, texts};
pub use waves::Waves;

use crate::config::document::{Document, Entry, entries};
use crate::config::options::Section;
use crate::domain::operation::{Deployment, Gate, Given, OnFailure, Policy, Source, UndoPolicy};
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeValue;

/// A deployment as the file has it, before it is known which accounts and regions are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    pub name: String,
    pub line: usize,
    /// Globs; none for all.
    accounts: Vec<String>,
    regions: Vec<String>,
    waves: Waves,
    bake: Option<u32>,
    origin: Origin,
    /// JSON, or the file that has it.
    policy: Option<String>,
    during: Option<String>,
    /// Everything else, as it will be.
    rest: Deployment,
}

/// Where its templates come from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Nowhere,
    File(String),
    Command(Vec<String>),
    /// The directory of a CDK cloud assembly: a deployment for each of its stacks.
    Assembly(String),
}

const UNDOS: [(&str, UndoPolicy); 4] = [
    ("none", UndoPolicy::None),
    ("failed", UndoPolicy::Failed),
    ("wave", UndoPolicy::Wave),
    ("all", UndoPolicy::All),
];

const FAILINGS: [(&str, OnFailure); 2] =
    [("rollback", OnFailure::RollBack), ("stay", OnFailure::Stay)];

/// Reads a deployment; `None`, with a warning that says so, when it is left out.
pub(super) fn read(
    document: &mut Document<'_>,
    at: &Range<usize>,
    entries: Vec<Entry<'_>>,
) -> Option<Declared> {
    let before = document.warnings.len();
    let mut declared = Declared::nothing(document.line(at));
    for entry in entries {
        declared.set(document, entry);
    }
    if declared.rest.stack.is_empty() {
        declared.rest.stack.clone_from(&declared.name);
    }
    if declared.name.is_empty() {
        declared.name.clone_from(&declared.rest.stack);
    }
    if declared.name.is_empty() && !matches!(declared.origin, Origin::Assembly(_)) {
        document.warn(
            at,
            "A deployment needs a `name`, or a `stack` to be named after.",
        );
    }
    if declared.origin == Origin::Nowhere {
        document.warn(
            at,
            "A deployment needs a `template`, a `command` or a `cdk`.",
        );
    }
    if document.warnings.len() == before {
        return Some(declared);
    }
    let named = match declared.name.as_str() {
        "" => "This deployment".to_owned(),
        name => format!("The deployment `{name}`"),
    };
    document.warn(at, format!("{named} is left out until that is right."));
    None
}

impl Declared {
    fn nothing(line: usize) -> Self {
        Self {
            name: String::new(),
            line,
            accounts: Vec::new(),
            regions: Vec::new(),
            waves: Waves::default(),
            bake: None,
            origin: Origin::Nowhere,
            policy: None,
            during: None,
            rest: blank(String::new(), Source::Same),
        }
    }

    fn set(&mut self, document: &mut Document<'_>, (key, value): Entry<'_>) {
        match key.get_ref().as_ref() {
            "name" => self.name = filled(document, "name", &value),
            "stack" => self.rest.stack = filled(document, "stack", &value),
            name @ ("template" | "command" | "cdk") => self.set_origin(document, name, &value),
            "accounts" => self.accounts = values::globs(document, "accounts", &value),
            "regions" => self.regions = values::globs(document, "regions", &value),
            "waves" => {
                if let Some(waves) = waves::read(document, &value) {
                    self.waves = waves;
                }
            }
            "bake" => self.bake = values::span(document, "bake", &value),
            "gates" => self.rest.gates = gate::read(document, &value),
            "parameters" => {
                let given = values::given(document, "parameters", value, None);
                self.rest.parameters.splice(..0, given);
            }
            "tags" => {
                let given = values::given(document, "tags", value, None);
                self.rest.tags.splice(..0, given);
            }
            "region" => self.set_regions(document, value),
            "role" => self.rest.role = Some(filled(document, "role", &value)),
            "bucket" => self.rest.bucket = Some(filled(document, "bucket", &value)),
            "notifications" => {
                self.rest.notifications = texts(document, "notifications", &value);
            }
            "policy" => self.policy = values::policy(document, "policy", &value),
            "policy_during" => self.during = values::policy(document, "policy_during", &value),
            "alarms" => self.set_alarms(document, &value),
            "undo" => {
                if let Some(undo) =
                    values::one_of(document, ("undo", "undo policy"), &value, &UNDOS)
                {
                    self.rest.undo = undo;
                }
            }
            "on_failure" => {
                let names = ("on_failure", "way to fail");
                if let Some(failing) = values::one_of(document, names, &value, &FAILINGS) {
                    self.rest.failing = failing;
                }
            }
            name => document.warn_unknown(&key.span(), "option", name, Section::Deploy.names()),
        }
    }

    fn set_origin(
        &mut self,
        document: &mut Document<'_>,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) {
        if self.origin != Origin::Nowhere {
            let what = "A deployment has one `template`, `command` or `cdk`, and this is a second.";
            return document.warn(&value.span(), what);
        }
        self.origin = match name {
            "template" => Origin::File(filled(document, name, value)),
            "cdk" => Origin::Assembly(filled(document, name, value)),
            _ => Origin::Command(command(document, value)),
        };
    }

    /// `[deploy.region."eu-*".parameters]`
    fn set_regions(&mut self, document: &mut Document<'_>, value: Spanned<DeValue<'_>>) {
        for (glob, of_region) in document.table("region", value) {
            let glob = glob.get_ref().to_string();
            for (key, value) in document.table(&glob, of_region) {
                let name = key.get_ref().as_ref();
                match name {
                    "parameters" => {
                        let given = values::given(document, name, value, Some(&glob));
                        self.rest.parameters.extend(given);
                    }
                    "tags" => {
                        let given = values::given(document, name, value, Some(&glob));
                        self.rest.tags.extend(given);
                    }
                    name => {
                        let known = ["parameters", "tags"];
                        document.warn_unknown(&key.span(), "option of a region", name, known);
                    }
                }
            }
        }
    }

    fn set_alarms(&mut self, document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) {
        /// CloudFormation's own limit.
        const MOST: usize = 5;
        self.rest.alarms = texts(document, "alarms", value).unwrap_or_default();
        if self.rest.alarms.len() > MOST {
            let what = "CloudFormation watches at most five `alarms` of a stack.";
            document.warn(&value.span(), what);
        }
    }
}

/// A deployment of which nothing but the name and the source is known.
pub fn blank(stack: String, source: Source) -> Deployment {
    Deployment {
        stack,
        account: None,
        source,
        parameters: Vec::<Given>::new(),
        tags: Vec::new(),
        role: None,
        notifications: None,
        bucket: None,
        policy: Policy::default(),
        alarms: Vec::new(),
        waves: Vec::new(),
        gates: Vec::<Gate>::new(),
        bake: 0,
        undo: UndoPolicy::default(),
        failing: OnFailure::default(),
    }
}

/// A text that is not empty, or a warning.
fn filled(document: &mut Document<'_>, name: &str, value: &Spanned<DeValue<'_>>) -> String {
    let text = document.text(name, value).map(str::trim);
    if text == Some("") {
        document.warn(&value.span(), format!("`{name}` is empty."));
    }
    text.unwrap_or_default().to_owned()
}

/// A path of the file, which means one beside the file.
fn beside(folder: Option<&std::path::Path>, path: &str) -> PathBuf {
    folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}

/// The items of a `[[…]]`, or a warning that it is none.
pub(super) fn items<'v>(
    document: &mut Document<'_>,
    name: &str,
    value: &Spanned<DeValue<'v>>,
) -> Vec<(Range<usize>, Vec<Entry<'v>>)> {
    let DeValue::Array(list) = value.get_ref() else {
        let form = format!("written `[[{name}]]`, once for each");
        document.warn_kind(name, value, &form);
        return Vec::new();
    };
    let items = list.iter().cloned();
    items.map(|item| (item.span(), entries(item))).collect()
}

#[cfg(test)]
mod tests;
