//! `deploy`: what the fleet file says, a template for a stack, or stacks of a CDK cloud assembly.

mod assembly;

use super::target;
use crate::cli::arguments::{text, texts};
use crate::cli::fetch::Fetched;
use crate::cli::output;
use crate::cli::{Exit, Session};
use crate::config::{Waves, blank, near, seconds};
use crate::domain::operation::{Deployment, Given, OnFailure, Operation, Source, UndoPolicy};
use crate::domain::scope::glob_matches;
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Slot};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What is to be deployed, and what is said of it over the fleet file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedDeploy {
    name: Option<String>,
    template: Option<PathBuf>,
    app: Option<PathBuf>,
    /// `KEY=VALUE`, as they were written.
    parameters: Vec<String>,
    tags: Vec<String>,
    policy: StackPolicy,
    undo: Option<UndoPolicy>,
    failing: Option<OnFailure>,
    waves: Option<String>,
    bake: Option<String>,
}

/// What the stack policy counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StackPolicy {
    Holds,
    /// It is put aside for this one update.
    Overridden,
}

/// A stack policy that allows every update.
const ALLOW: &str =
    r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}"#;

const UNDOS: [(&str, UndoPolicy); 4] = [
    ("none", UndoPolicy::None),
    ("failed", UndoPolicy::Failed),
    ("wave", UndoPolicy::Wave),
    ("all", UndoPolicy::All),
];

const FAILINGS: [(&str, OnFailure); 2] =
    [("rollback", OnFailure::RollBack), ("stay", OnFailure::Stay)];

/// Adds what `deploy` takes.
pub(super) fn verb(command: Command) -> Command {
    let many = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("KEY=VALUE")
            .action(ArgAction::Append)
            .help(help)
    };
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        let path = Arg::new(name).long(name).value_name(value);
        path.value_parser(value_parser!(PathBuf)).help(help)
    };
    let choice = |name: &'static str, names: Vec<&'static str>, help: &'static str| {
        let choice = Arg::new(name).long(name).value_name("WHAT");
        choice
            .value_parser(PossibleValuesParser::new(names))
            .help(help)
    };
    let span = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    command
        .arg(
            Arg::new("name")
                .value_name("NAME|STACK")
                .required_unless_present("app")
                .help("A deployment of the fleet file, or a stack; with --app stacks of the assembly, as names and globs"),
        )
        .arg(
            path("template", "FILE", "Deploy this template, with the parameters that the stack has")
                .conflicts_with("app"),
        )
        .arg(path("app", "DIRECTORY", "Deploy from a CDK cloud assembly (cdk.out), whose assets are published already"))
        .arg(many("parameter", "Set a parameter; those that are not given stay as they are"))
        .arg(many("tag", "Set a tag"))
        .arg(
            Arg::new("override-stack-policy")
                .long("override-stack-policy")
                .action(ArgAction::SetTrue)
                .help("Put the stack policy aside, for this one update"),
        )
        .arg(choice("undo", UNDOS.map(|it| it.0).to_vec(), "What is taken back when one fails [default: failed]"))
        .arg(choice("on-failure", FAILINGS.map(|it| it.0).to_vec(), "What CloudFormation does when a resource fails [default: rollback]"))
        .arg(span("waves", "SIZES", "How many places at a time: 1-2-3, cautious or interactive [default: 1-2]"))
        .arg(span("bake", "SPAN", "How long alarms are watched after each wave: 0s, 5m [default: 10m where there are several waves]"))
}

pub(super) fn by_verb(matches: &ArgMatches) -> WantedDeploy {
    fn chosen<T: Copy>(matches: &ArgMatches, name: &str, known: &[(&str, T)]) -> Option<T> {
        let word = text(matches, name)?;
        let found = known.iter().find(|(name, _)| *name == word);
        found.map(|(_, value)| *value)
    }
    WantedDeploy {
        name: text(matches, "name"),
        template: matches.get_one("template").cloned(),
        app: matches.get_one("app").cloned(),
        parameters: texts(matches, "parameter"),
        tags: texts(matches, "tag"),
        policy: if matches.get_flag("override-stack-policy") {
            StackPolicy::Overridden
        } else {
            StackPolicy::Holds
        },
        undo: chosen(matches, "undo", &UNDOS),
        failing: chosen(matches, "on-failure", &FAILINGS),
        waves: text(matches, "waves"),
        bake: text(matches, "bake"),
    }
}

pub(super) async fn operations(
    session: &mut Session,
    wanted: &WantedDeploy,
) -> Result<Vec<Operation>, Exit> {
    let terms = Terms::of(wanted).map_err(|sentence| said(&sentence))?;
    let deployments = match &wanted.app {
        Some(folder) => assembly::deployments(session, folder, wanted.name.as_deref()).await?,
        None => named(session, wanted).await?,
    };
    let mut operations = Vec::new();
    for mut deployment in deployments {
        terms.apply(wanted, &mut deployment);
        operations.push(Operation::Deploy(Box::new(deployment)));
    }
    Ok(operations)
}

fn said(sentence: &str) -> Exit {
    output::say(sentence);
    Exit::Usage
}

/// What the command line says of every deployment, read.
#[derive(Debug)]
struct Terms {
    parameters: Vec<Given>,
    tags: Vec<Given>,
    waves: Option<Waves>,
    bake: Option<u32>,
}

impl Terms {
    /// The error is a sentence.
    fn of(wanted: &WantedDeploy) -> Result<Self, String> {
        let pairs = |flag: &str, texts: &[String]| {
            let pair = |text: &String| match text.split_once('=') {
                Some((key, value)) if !key.is_empty() => Ok(Given {
                    key: key.to_owned(),
                    value: value.to_owned(),
                    region: None,
                }),
                // It may be a secret that was meant as a value, so it is not repeated.
                Some(_) | None => Err(format!("`--{flag}` takes `KEY=VALUE`.")),
            };
            texts.iter().map(pair).collect::<Result<Vec<_>, _>>()
        };
        let waves = wanted.waves.as_deref().map(Waves::parse).transpose()?;
        let bake = wanted.bake.as_deref().map(seconds).transpose()?;
        Ok(Self {
            parameters: pairs("parameter", &wanted.parameters)?,
            tags: pairs("tag", &wanted.tags)?,
            waves,
            bake,
        })
    }

    fn apply(&self, wanted: &WantedDeploy, deployment: &mut Deployment) {
        override_with(&mut deployment.parameters, &self.parameters);
        override_with(&mut deployment.tags, &self.tags);
        if let Some(waves) = &self.waves {
            let places: Vec<Scope> = deployment.waves.concat();
            deployment.waves = waves.of(&places);
            deployment.bake = waves.bake(deployment.waves.len());
        }
        if let Some(bake) = self.bake {
            deployment.bake = bake;
        }
        if wanted.policy == StackPolicy::Overridden && deployment.policy.during.is_none() {
            deployment.policy.during = Some(ALLOW.to_owned());
        }
        deployment.undo = wanted.undo.unwrap_or(deployment.undo);
        deployment.failing = wanted.failing.unwrap_or(deployment.failing);
    }
}

/// The command line wins, also over what the file says of single regions.
fn override_with(given: &mut Vec<Given>, own: &[Given]) {
    given.retain(|it| !own.iter().any(|own| own.key == it.key));
    given.extend(own.iter().cloned());
}

/// What the fleet file has under the name, or the stack of that name with another template.
async fn named(session: &mut Session, wanted: &WantedDeploy) -> Result<Vec<Deployment>, Exit> {
    let name = wanted.name.clone().unwrap_or_default();
    let found = of_fleet(session, &name);
    if found.is_empty() {
        return of_stack(session, &name, wanted).await.map(|it| vec![it]);
    }
    let mut deployments = Vec::new();
    for (called, mut deployment) in found {
        if deployment.waves.is_empty() {
            let called = sanitise(&called);
            let what =
                format!("The deployment `{called}` goes to none of the places that are chosen.");
            return Err(said(&what));
        }
        if let Some(path) = &wanted.template {
            deployment.source = Source::File(path.clone());
        }
        deployments.push(deployment);
    }
    if wanted.template.is_some() && deployments.len() > 1 {
        return Err(said("One `--template` cannot be for several stacks."));
    }
    Ok(deployments)
}

/// The deployment of a name, or those of its assembly, which are called `name/stack`.
fn of_fleet(session: &Session, name: &str) -> Vec<(String, Deployment)> {
    let known = session.fleet.deployments.iter();
    let of_assembly = format!("{}/*", name.trim_end_matches('/'));
    known
        .filter(|(known, _)| known == name || glob_matches(&of_assembly, known))
        .cloned()
        .collect()
}

/// A stack where it stands; where it stands nowhere, it is made in every chosen place.
async fn of_stack(
    session: &mut Session,
    name: &str,
    wanted: &WantedDeploy,
) -> Result<Deployment, Exit> {
    let source = match &wanted.template {
        Some(path) => Source::File(readable(path)?),
        None if wanted.parameters.is_empty() && wanted.tags.is_empty() => {
            return Err(said(&unknown(session, name)));
        }
        None => Source::Same,
    };
    let mut fetched = Fetched::default();
    let scopes = target::asked(session, &mut fetched).await?;
    target::complete(&fetched, &scopes)?;
    let stands = |scope: &&Scope| {
        let stacks = fetched.store.stacks(scope).and_then(Slot::value);
        let mut stacks = stacks.unwrap_or_default().iter();
        stacks.any(|stack| stack.name.exact() == name || stack.id.exact() == name)
    };
    let mut places: Vec<Scope> = scopes.iter().filter(stands).cloned().collect();
    if places.is_empty() && source == Source::Same {
        let name = sanitise(name);
        return Err(said(&format!("There is no stack `{name}` here.")));
    }
    if places.is_empty() {
        places = scopes;
    }
    let mut deployment = blank(name.to_owned(), source);
    let waves = Waves::default();
    deployment.waves = waves.of(&places);
    deployment.bake = waves.bake(deployment.waves.len());
    Ok(deployment)
}

/// A template that was named and cannot be read is said at once, and not once for each region.
fn readable(path: &std::path::Path) -> Result<PathBuf, Exit> {
    match std::fs::File::open(path) {
        Ok(_) => Ok(path.to_owned()),
        Err(error) => {
            let path = path.display().to_string();
            let path = sanitise(&path);
            Err(said(&format!(
                "The template {path} cannot be read: {error}."
            )))
        }
    }
}

fn unknown(session: &Session, name: &str) -> String {
    let known: BTreeSet<&str> = session
        .fleet
        .deployments
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let near = near(name, known);
    let name = sanitise(name);
    match near {
        Some(near) => format!(
            "There is no deployment `{name}` in the fleet file; did you mean `{}`?",
            sanitise(near)
        ),
        None => format!(
            "There is no deployment `{name}` in the fleet file. Name a `--template` for the stack `{name}`, or a `--parameter` that changes."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(key: &str, value: &str, region: Option<&str>) -> Given {
        Given {
            key: key.into(),
            value: value.into(),
            region: region.map(Into::into),
        }
    }

    #[test]
    fn the_command_line_wins_over_every_line_of_the_file() {
        let mut file = vec![
            given("Stage", "prod", None),
            given("Size", "1", None),
            given("Stage", "eu", Some("eu-*")),
        ];
        override_with(&mut file, &[given("Stage", "test", None)]);
        assert_eq!(
            file,
            [given("Size", "1", None), given("Stage", "test", None)]
        );
    }

    #[test]
    fn a_value_that_was_forgotten_is_not_repeated() {
        let wanted = |parameter: &str| WantedDeploy {
            name: None,
            template: None,
            app: None,
            parameters: vec![parameter.into()],
            tags: Vec::new(),
            policy: StackPolicy::Holds,
            undo: None,
            failing: None,
            waves: None,
            bake: None,
        };
        for wrong in ["hunter2", "=hunter2", ""] {
            let sentence = Terms::of(&wanted(wrong)).unwrap_err();
            assert_eq!(sentence, "`--parameter` takes `KEY=VALUE`.");
        }
        let terms = Terms::of(&wanted("Url=https://x/?a=b")).unwrap();
        assert_eq!(terms.parameters, [given("Url", "https://x/?a=b", None)]);
    }
}
