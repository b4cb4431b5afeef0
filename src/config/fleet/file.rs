//! The fleet file's own level: `version`, `[screen]`, the other sections, and the list of accounts.
//!
//! Nothing in the file is fatal. What is wrong becomes a warning, and where a safeguard could not be read the
//! strictest one holds: a typing mistake must never open an account.

use super::{Declared, World};
use super::{account, deploy, hook, rules};
use crate::config::document::{Document, Entry, entries};
use crate::config::options::Section;
use crate::config::{Alerts, Glyphs, Profiles, Warning};
use crate::domain::{Access, Guard, Hook, LambdaRules, SpendingCap, VersionRule};
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeValue;

/// What a fleet file says.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct FleetFile {
    /// The file as warnings name it.
    pub file: String,
    /// The directory that paths in it start from; none: the working directory.
    pub folder: Option<PathBuf>,
    pub version: VersionRule,
    pub lambda: LambdaRules,
    pub spending: SpendingCap,
    pub deployments: Vec<deploy::Declared>,
    pub hooks: Vec<Hook>,
    pub unstoppable: Vec<String>,
    pub screen: Screen,
    pub alerts: Alerts,
    pub accounts: Vec<Declared>,
    pub warnings: Vec<Warning>,
    /// Accounts that the file has and that cannot be used.
    pub left_out: usize,
}

/// The section `[screen]`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Screen {
    pub theme: Option<Named>,
    pub keymap: Option<Named>,
    pub glyphs: Option<Glyphs>,
    pub mouse: Option<bool>,
    pub clipboard: Option<bool>,
}

/// A name that is looked up later, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub line: usize,
}

impl FleetFile {
    /// Reads the text of a fleet file; `file` is what warnings call it.
    pub fn read(text: &str, file: &str, world: World, profiles: &Profiles) -> Self {
        let (mut document, entries) = Document::open(file, text);
        let mut fleet = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        for (key, value) in entries {
            match key.get_ref().as_ref() {
                "version" => {
                    if let Some(rule) = version(&mut document, &value) {
                        fleet.version = rule;
                    }
                }
                "screen" => {
                    for entry in document.table("screen", value) {
                        fleet.screen.set(&mut document, &entry);
                    }
                }
                "alarms" => {
                    for entry in document.table("alarms", value) {
                        rules::alarms(&mut document, &entry, &mut fleet.alerts);
                    }
                }
                "lambda" => {
                    for entry in document.table("lambda", value) {
                        rules::lambda(&mut document, &entry, &mut fleet.lambda);
                    }
                }
                "metrics" => {
                    for entry in document.table("metrics", value) {
                        rules::metrics(&mut document, &entry, &mut fleet.spending);
                    }
                }
                "unstoppable" => {
                    let names = deploy::texts(&mut document, "unstoppable", &value);
                    fleet.unstoppable = names.unwrap_or_else(|| vec!["*".to_owned()]);
                }
                "deploy" => fleet.take_deployments(&mut document, &value),
                "hook" => {
                    for (at, entries) in deploy::items(&mut document, "hook", &value) {
                        fleet.hooks.extend(hook::read(&mut document, &at, &entries));
                    }
                }
                "account" => fleet.take_accounts(&mut document, &value, world, profiles),
                name => {
                    let sections = [
                        "screen", "alarms", "lambda", "metrics", "account", "deploy", "hook",
                    ];
                    let known = Section::Top.names().chain(sections);
                    document.warn_unknown(&key.span(), "option", name, known);
                }
            }
        }
        if !document.is_whole {
            fleet.close(&mut document, text);
        }
        fleet.warnings = document.warnings;
        fleet
    }

    fn take_accounts(
        &mut self,
        document: &mut Document<'_>,
        value: &Spanned<DeValue<'_>>,
        world: World,
        profiles: &Profiles,
    ) {
        let DeValue::Array(list) = value.get_ref() else {
            return document.warn_kind("account", value, "written `[[account]]`, once for each");
        };
        for item in list.iter().cloned() {
            let at = item.span();
            let declared = account::read(document, &at, &entries(item), world, profiles);
            match declared {
                Some(declared) if self.has(&declared) => {
                    let name = &declared.account.name;
                    let what =
                        format!("There is already an account `{name}`, so this one is left out.");
                    document.warn(&at, what);
                    self.left_out += 1;
                }
                Some(declared) => self.accounts.push(declared),
                None => self.left_out += 1,
            }
        }
    }

    fn take_deployments(&mut self, document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) {
        for (at, entries) in deploy::items(document, "deploy", value) {
            let Some(declared) = deploy::read(document, &at, entries) else {
                continue;
            };
            if self.deployments.iter().any(|it| it.name == declared.name) {
                let name = &declared.name;
                let what =
                    format!("There is already a deployment `{name}`, so this one is left out.");
                document.warn(&at, what);
            } else {
                self.deployments.push(declared);
            }
        }
    }

    fn has(&self, declared: &Declared) -> bool {
        let name = &declared.account.name;
        self.accounts
            .iter()
            .any(|other| other.account.name == *name)
    }

    /// A line that is not TOML may have been a safeguard, and the parser guesses: it takes `fasle` for `false`.
    fn close(&mut self, document: &mut Document<'_>, text: &str) {
        if self.accounts.is_empty() && text.contains("[account") {
            // There was an account, and the environment's own must not stand in for it.
            self.left_out += 1;
        }
        // A gate or a policy may be among what is missing.
        self.deployments.clear();
        for declared in &mut self.accounts {
            declared.account.access = Access::ReadOnly;
            declared.account.guard = Guard::Typed;
        }
        if !self.accounts.is_empty() {
            document.warnings.push(Warning::about(
                &self.file,
                "A part of this file is not TOML and may be a safeguard, so every account is read-only.",
            ));
        }
    }
}

impl Screen {
    fn set(&mut self, document: &mut Document<'_>, (key, value): &Entry<'_>) {
        match key.get_ref().as_ref() {
            "theme" => self.theme = named(document, "theme", value),
            "keymap" => self.keymap = named(document, "keymap", value),
            "mouse" => self.mouse = document.truth("mouse", value),
            "clipboard" => self.clipboard = document.truth("clipboard", value),
            "glyphs" => {
                if let Some(name) = document.text("glyphs", value) {
                    match name.parse() {
                        Ok(glyphs) => self.glyphs = Some(glyphs),
                        Err(mistake) => document.warn(&value.span(), format!("{mistake}")),
                    }
                }
            }
            name => document.warn_unknown(&key.span(), "option", name, Section::Screen.names()),
        }
    }
}

fn named(document: &mut Document<'_>, option: &str, value: &Spanned<DeValue<'_>>) -> Option<Named> {
    let name = document.text(option, value)?.to_owned();
    let line = document.line(&value.span());
    Some(Named { name, line })
}

fn version(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<VersionRule> {
    const FORMS: &str = "`\"template\"`, or a table like `{ tag = \"version\" }`";
    match value.get_ref() {
        DeValue::String(word) if word == "template" => Some(VersionRule::Template),
        DeValue::String(word) => {
            let what = format!("`version` cannot be `\"{word}\"`; it has to be {FORMS}.");
            document.warn(&value.span(), what);
            None
        }
        DeValue::Table(_) => {
            let mut entries = entries(value.clone()).into_iter();
            let (Some((key, name)), None) = (entries.next(), entries.next()) else {
                let what = "`version` follows one rule; this table has to have one entry.";
                document.warn(&value.span(), what);
                return None;
            };
            let rule = match key.get_ref().as_ref() {
                "tag" => VersionRule::Tag,
                "parameter" => VersionRule::Parameter,
                "output" => VersionRule::Output,
                other => {
                    let known = ["tag", "parameter", "output"];
                    document.warn_unknown(&key.span(), "source of a version", other, known);
                    return None;
                }
            };
            document
                .text(key.get_ref(), &name)
                .map(|name| rule(name.to_owned()))
        }
        _ => {
            document.warn_kind("version", value, FORMS);
            None
        }
    }
}

#[cfg(test)]
mod tests;
