//! Stacks and functions by name, in every chosen region where they stand; and what `rollback` makes of them.

use crate::cli::arguments::{text, texts};
use crate::cli::events::{not_found, standing};
use crate::cli::fetch::{Fetched, nowhere, unasked};
use crate::cli::functions::listed;
use crate::cli::output;
use crate::cli::{Exit, Session};
use crate::config::near;
use crate::domain::operation::{Operation, Pace, StackWish};
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Topic, Untrusted};
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::collections::BTreeSet;

/// What is to be rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WantedRollback {
    Stack {
        name: String,
        skip: Vec<String>,
    },
    Function {
        name: String,
        alias: Option<String>,
        version: Option<String>,
        pace: Pace,
    },
}

/// Adds what `rollback` takes.
pub(super) fn verb(command: Command) -> Command {
    let flag = |name: &'static str, help: &'static str| {
        let flag = Arg::new(name).long(name).action(ArgAction::SetTrue);
        flag.help(help)
    };
    command
        .arg(
            Arg::new("name")
                .value_name("STACK|FUNCTION")
                .required(true)
                .help("The stack's or the function's name, in every chosen region where it stands"),
        )
        .arg(flag("function", "It is a Lambda function: point its alias back"))
        .arg(
            Arg::new("alias")
                .long("alias")
                .value_name("NAME")
                .requires("function")
                .help("The alias, instead of the one that the fleet file names"),
        )
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("VERSION")
                .requires("function")
                .help("The version, instead of the next lower one that exists"),
        )
        .arg(
            flag("gradual", "Move its calls in steps of 1, 10, 50 and 100 %, with a look at the errors between")
                .requires("function"),
        )
        .arg(
            Arg::new("skip")
                .long("skip")
                .value_name("RESOURCE")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .conflicts_with("function")
                .help("Leave a resource behind that a rollback is stuck at, as Logical or Nested.Logical"),
        )
}

pub(super) fn by_verb(matches: &ArgMatches) -> WantedRollback {
    let name = text(matches, "name").unwrap_or_default();
    if !matches.get_flag("function") {
        let skip = texts(matches, "skip");
        return WantedRollback::Stack { name, skip };
    }
    WantedRollback::Function {
        name,
        alias: text(matches, "alias"),
        version: text(matches, "to"),
        pace: if matches.get_flag("gradual") {
            Pace::Gradual
        } else {
            Pace::AtOnce
        },
    }
}

pub(super) async fn roll_back(
    session: &mut Session,
    wanted: &WantedRollback,
) -> Result<Vec<Operation>, Exit> {
    match wanted {
        WantedRollback::Stack { name, skip } => {
            let stacks = stacks(session, name).await?;
            let skip = skip.clone();
            Ok(vec![Operation::RollBackStack { stacks, skip }])
        }
        WantedRollback::Function {
            name,
            alias,
            version,
            pace,
        } => {
            let scopes = functions(session, name).await?;
            let alias = alias.as_ref().unwrap_or(&session.fleet.lambda.alias);
            Ok(vec![Operation::RollBackAlias {
                function: name.as_str().into(),
                alias: alias.clone(),
                scopes,
                version: version.clone(),
                pace: *pace,
            }])
        }
    }
}

/// Every stack of a name or ARN; what is to be changed everywhere has to be known everywhere.
pub(super) async fn stacks(session: &mut Session, wanted: &str) -> Result<Vec<StackWish>, Exit> {
    let mut fetched = Fetched::default();
    let scopes = asked(session, &mut fetched).await?;
    let found = standing(&fetched, &scopes, wanted);
    if found.is_empty() {
        return Err(not_found(&fetched, &scopes, wanted));
    }
    complete(&fetched, &scopes)?;
    let wish = |(scope, id): (Scope, crate::domain::StackId)| StackWish {
        scope,
        name: name_of(wanted, id.exact()),
        id: Some(id),
    };
    Ok(found.into_iter().map(wish).collect())
}

/// The scopes of the fleet, after their stacks were asked for.
pub(super) async fn asked(
    session: &mut Session,
    fetched: &mut Fetched,
) -> Result<Vec<Scope>, Exit> {
    let scopes = fetched.stacks(session).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Err(Exit::Usage);
    }
    Ok(scopes)
}

/// Refuses where some place has not answered: what is done to some of the places alone is chosen with `-r`.
pub(super) fn complete(fetched: &Fetched, scopes: &[Scope]) -> Result<(), Exit> {
    if fetched.problems.is_empty() {
        return Ok(());
    }
    fetched.say_problems();
    output::say(
        "It is not known where else it stands, so nothing was done. Choose regions with `-r`.",
    );
    Err(match fetched.exit(scopes) {
        Exit::Partial => Exit::Failed,
        exit => exit,
    })
}

/// A stack's name, also where its ARN was given: `arn:…:stack/NAME/…`.
fn name_of(wanted: &str, id: &str) -> Untrusted {
    let by_id = || id.split_once(":stack/")?.1.split('/').next();
    if wanted.starts_with("arn:") {
        return by_id().unwrap_or(wanted).into();
    }
    wanted.into()
}

/// Where a function stands.
async fn functions(session: &mut Session, wanted: &str) -> Result<Vec<Scope>, Exit> {
    let mut fetched = Fetched::default();
    let scopes = fetched.everywhere(session, Topic::Functions).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Err(Exit::Usage);
    }
    let found = listed(&fetched, &scopes).filter(|(_, it)| it.name.exact() == wanted);
    let found: Vec<Scope> = found.map(|(scope, _)| scope.clone()).collect();
    if !found.is_empty() {
        complete(&fetched, &scopes)?;
        return Ok(found);
    }
    if !fetched.problems.is_empty() {
        fetched.say_problems();
        output::say(&unasked("function", wanted, fetched.problems.keys()));
        return Err(fetched.exit(&scopes));
    }
    let names: BTreeSet<&str> = listed(&fetched, &scopes)
        .map(|(_, function)| function.name.exact())
        .collect();
    let wanted = sanitise(wanted);
    output::say(&match near(&wanted, names) {
        Some(name) => format!(
            "There is no function `{wanted}` here; did you mean `{}`?",
            sanitise(name)
        ),
        None => format!("There is no function `{wanted}` here."),
    });
    Err(Exit::Usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_called_by_its_name_also_where_its_arn_was_given() {
        let id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/checkout/6f1";
        assert_eq!(name_of(id, id).exact(), "checkout");
        assert_eq!(name_of("checkout", id).exact(), "checkout");
    }
}
