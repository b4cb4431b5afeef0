//! `quarterdeck functions`: every Lambda function of every region, as a table or as JSON lines.

use super::arguments::text;
use super::fetch::{Fetched, nowhere};
use super::output::{self, Cell, Format, Tone};
use super::{Exit, Session};
use crate::domain::json;
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use crate::domain::version::majority;
use crate::domain::{AccountName, Alias, Function, Package, Region, Scope, Slot, Topic, Untrusted};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io;

/// How much of the functions is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedFunctions {
    aliases: Aliases,
}

/// Whether it is asked which version an alias points to: a call for each function.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Aliases {
    Spared,
    /// The one that the fleet file names.
    Fleet,
    Named(String),
}

/// Adds what `functions` takes.
pub(super) fn verb(command: Command) -> Command {
    command
        .arg(
            Arg::new("aliases")
                .long("aliases")
                .action(ArgAction::SetTrue)
                .help("Tell which version the fleet file's alias (ACTIVE) points to: a call for each function"),
        )
        .arg(
            Arg::new("alias")
                .long("alias")
                .value_name("NAME")
                .help("Tell it of this alias instead"),
        )
}

pub(super) fn by_verb(matches: &ArgMatches) -> WantedFunctions {
    let aliases = match text(matches, "alias") {
        Some(name) => Aliases::Named(name),
        None if matches.get_flag("aliases") => Aliases::Fleet,
        None => Aliases::Spared,
    };
    WantedFunctions { aliases }
}

pub(super) async fn run(
    session: &mut Session,
    wanted: &WantedFunctions,
    format: Format,
) -> io::Result<Exit> {
    let mut fetched = Fetched::default();
    let scopes = fetched.everywhere(session, Topic::Functions).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Ok(Exit::Usage);
    }
    let alias = match &wanted.aliases {
        Aliases::Spared => None,
        Aliases::Fleet => Some(session.fleet.lambda.alias.clone()),
        Aliases::Named(name) => Some(name.clone()),
    };
    if alias.is_some() {
        let questions = listed(&fetched, &scopes)
            .map(|(scope, function)| (Topic::Aliases(function.name.clone()), scope.clone()));
        let questions = questions.collect();
        fetched.ask(session, questions).await;
    }
    let list = List {
        fetched: &fetched,
        common: common(&fetched, &scopes),
        alias: alias.as_deref(),
    };
    let mut rows: Vec<(&Scope, &Function)> = listed(&fetched, &scopes).collect();
    rows.sort_by(|a, b| (&a.1.name, a.0).cmp(&(&b.1.name, b.0)));
    match format {
        Format::Table => list.table(session, &rows)?,
        Format::Json => {
            for (scope, function) in &rows {
                output::line(&json::text(&list.object(scope, function)))?;
            }
        }
    }
    fetched.say_problems();
    Ok(fetched.exit(&scopes))
}

/// Every function that is known, by scope.
pub(super) fn listed<'f>(
    fetched: &'f Fetched,
    scopes: &'f [Scope],
) -> impl Iterator<Item = (&'f Scope, &'f Function)> {
    let of = |scope: &'f Scope| {
        let slot = fetched.store.functions(scope);
        slot.and_then(Slot::value).unwrap_or_default()
    };
    scopes
        .iter()
        .flat_map(move |scope| of(scope).iter().map(move |function| (scope, function)))
}

/// The code that most regions of an account have of a function, by the function's name.
type Common<'f> = BTreeMap<(&'f AccountName, &'f Untrusted), &'f str>;

fn common<'f>(fetched: &'f Fetched, scopes: &'f [Scope]) -> Common<'f> {
    let mut codes: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (scope, function) in listed(fetched, scopes) {
        let key = (&scope.account, &function.name);
        codes.entry(key).or_default().push(function.code.exact());
    }
    let most = |(key, codes)| Some((key, majority::<'f>(codes)?));
    codes.into_iter().filter_map(most).collect()
}

/// What the rows are made with.
struct List<'f> {
    fetched: &'f Fetched,
    common: Common<'f>,
    /// The alias that was asked about.
    alias: Option<&'f str>,
}

/// What is known of a function's alias.
enum Pointer<'f> {
    Unknown,
    Missing,
    Found(&'f Alias),
}

impl List<'_> {
    /// Whether most regions of the account have other code, or no code is what most have.
    fn differs(&self, scope: &Scope, function: &Function) -> bool {
        let common = self.common.get(&(&scope.account, &function.name));
        common.is_none_or(|common| *common != function.code.exact())
    }

    fn pointer(&self, scope: &Scope, function: &Function, name: &str) -> Pointer<'_> {
        let topic = Topic::Aliases(function.name.clone());
        let slot = self.fetched.store.aliases(scope, &topic);
        match slot.and_then(Slot::value) {
            None => Pointer::Unknown,
            Some(aliases) => {
                let found = aliases.iter().find(|alias| alias.name.exact() == name);
                found.map_or(Pointer::Missing, Pointer::Found)
            }
        }
    }

    fn table(&self, session: &Session, rows: &[(&Scope, &Function)]) -> io::Result<()> {
        let now = session.clock.now();
        let row = |(scope, function): &(&Scope, &Function)| {
            let code = function.code_brief();
            let code = if self.differs(scope, function) {
                Cell::of(format!("{code} !"), Tone::Bad)
            } else {
                Cell::plain(code)
            };
            let modified = function.modified;
            let mut cells = vec![
                Cell::plain(function.name.safe()),
                Cell::plain(scope.account.as_str()),
                Cell::plain(scope.region().map_or("", Region::as_str)),
                Cell::plain(
                    function
                        .runtime
                        .as_ref()
                        .map_or("-".into(), Untrusted::safe),
                ),
                Cell::plain(format!("{} MB", function.memory)),
                Cell::plain(format!("{}s", function.timeout.num_seconds())),
                Cell::plain(function.package.words()),
                Cell::plain(modified.map_or("-".into(), |at| format!("{} ago", words(now - at)))),
                code,
            ];
            if let Some(name) = self.alias {
                cells.push(match self.pointer(scope, function, name) {
                    Pointer::Unknown => Cell::of("?", Tone::Bad),
                    Pointer::Missing => Cell::quiet("-"),
                    Pointer::Found(alias) => Cell::plain(alias.words()),
                });
            }
            cells
        };
        let rows: Vec<Vec<Cell>> = rows.iter().map(row).collect();
        let mut heading = vec![
            "FUNCTION", "ACCOUNT", "REGION", "RUNTIME", "MEMORY", "TIMEOUT", "PACKAGE", "MODIFIED",
            "CODE",
        ];
        let alias = self.alias.map(sanitise);
        heading.extend(alias.as_deref());
        session.output.table(&heading, &rows)
    }

    /// The function as a JSON object. Escapes make every text harmless, so it is the exact one.
    fn object(&self, scope: &Scope, function: &Function) -> Value {
        let exact = |text: &Option<Untrusted>| text.as_ref().map(|text| text.exact().to_owned());
        let list = |texts: &[Untrusted]| -> Vec<String> {
            texts.iter().map(|it| it.exact().to_owned()).collect()
        };
        let mut object = json!({
            "account": scope.account.as_str(),
            "region": scope.region().map(Region::as_str),
            "name": function.name.exact(),
            "arn": function.arn.exact(),
            "description": exact(&function.description),
            "runtime": exact(&function.runtime),
            "handler": exact(&function.handler),
            "package": package(&function.package),
            "architectures": list(&function.architectures),
            "memory": function.memory,
            "timeout": function.timeout.num_seconds(),
            "modified": function.modified.map(|at| at.to_rfc3339()),
            "code": function.code.exact(),
            "code_size": function.code_size,
            "code_differs": self.differs(scope, function),
            "role": exact(&function.role),
            "environment": list(&function.environment),
            "layers": list(&function.layers),
            "vpc": exact(&function.vpc),
            "log_group": function.log_group.exact(),
        });
        // Not asked, or not answered, is not the same as not there.
        if let Some(name) = self.alias {
            match self.pointer(scope, function, name) {
                Pointer::Unknown => {}
                Pointer::Missing => object["alias"] = Value::Null,
                Pointer::Found(alias) => object["alias"] = described(alias),
            }
        }
        object
    }
}

/// AWS's own word.
fn package(package: &Package) -> &str {
    match package {
        Package::Zip => "Zip",
        Package::Image => "Image",
        Package::Other(word) => word.exact(),
    }
}

fn described(alias: &Alias) -> Value {
    let share = |(version, share): &(Untrusted, f64)| (version.exact().to_owned(), json!(share));
    json!({
        "name": alias.name.exact(),
        "version": alias.version.exact(),
        "weights": alias.weights.iter().map(share).collect::<Map<String, Value>>(),
        "description": alias.description.as_ref().map(Untrusted::exact),
        "revision": alias.revision.as_ref().map(Untrusted::exact),
    })
}
