//! Stacks of a CDK cloud assembly: each goes where it was synthesised for, after those that it needs.

use crate::cli::fetch::Fetched;
use crate::cli::output;
use crate::cli::{Exit, Session};
use crate::config::{CloudAssembly, Synthesised, Waves, blank};
use crate::domain::operation::{Deployment, Source};
use crate::domain::scope::glob_matches;
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Scope, Slot, Topic};
use std::collections::BTreeMap;
use std::path::Path;

/// What an account is called here, by its twelve digits.
type Accounts = BTreeMap<String, Vec<AccountName>>;

pub(super) async fn deployments(
    session: &mut Session,
    folder: &Path,
    wanted: Option<&str>,
) -> Result<Vec<Deployment>, Exit> {
    let said = |sentence: String| {
        output::say(&sentence);
        Exit::Usage
    };
    let assembly = CloudAssembly::read(folder).map_err(|mistake| said(mistake.to_string()))?;
    let glob = wanted.unwrap_or("*");
    let is_wanted =
        |stack: &&Synthesised| glob_matches(glob, &stack.id) || glob_matches(glob, &stack.name);
    let stacks: Vec<&Synthesised> = assembly.stacks.iter().filter(is_wanted).collect();
    if stacks.is_empty() {
        let names: Vec<&str> = assembly.stacks.iter().map(|it| it.id.as_str()).collect();
        return Err(said(format!(
            "The cloud assembly has no stack `{}`, only {}.",
            sanitise(glob),
            sanitise(&names.join(", "))
        )));
    }
    let mut fetched = Fetched::default();
    let scopes = fetched.scopes(session).await;
    let accounts = if stacks.iter().any(|stack| stack.account.is_some()) {
        identities(session, &mut fetched).await?
    } else {
        Accounts::new()
    };
    let mut deployments = Vec::new();
    for stack in stacks {
        remark(stack, &assembly, is_wanted);
        let places = places(stack, &scopes, &accounts);
        if places.is_empty() {
            return Err(said(format!(
                "The stack `{}` is for {}, which is not among the places that are chosen.",
                sanitise(&stack.id),
                home(stack)
            )));
        }
        let mut deployment = stack.over(blank(String::new(), Source::Same));
        let waves = Waves::default();
        deployment.waves = waves.of(&places);
        deployment.bake = waves.bake(deployment.waves.len());
        deployments.push(deployment);
    }
    Ok(deployments)
}

/// Says what it takes for granted.
fn remark(
    stack: &Synthesised,
    assembly: &CloudAssembly,
    is_wanted: impl Fn(&&Synthesised) -> bool,
) {
    let id = sanitise(&stack.id);
    if stack.assets > 0 {
        let count = stack.assets;
        output::say(&format!(
            "`{id}` has {count} assets, which have to be published already."
        ));
    }
    let left: Vec<&str> = assembly
        .stacks
        .iter()
        .filter(|other| stack.needs.contains(&other.id) && !is_wanted(other))
        .map(|other| other.id.as_str())
        .collect();
    if !left.is_empty() {
        let left = left.join(", ");
        output::say(&format!(
            "`{id}` needs {}, which is not deployed with it.",
            sanitise(&left)
        ));
    }
}

/// Asks every account who it is; a stack that is for one account must not go into another.
async fn identities(session: &mut Session, fetched: &mut Fetched) -> Result<Accounts, Exit> {
    let names: Vec<AccountName> = session
        .fleet
        .accounts
        .iter()
        .map(|account| account.name.clone())
        .collect();
    let questions = names
        .iter()
        .map(|name| (Topic::Identity, Scope::global(name)));
    fetched.ask(session, questions.collect()).await;
    let mut accounts = Accounts::new();
    for name in names {
        let identity = fetched.store.identity(&name).and_then(Slot::value);
        if let Some(identity) = identity {
            let digits = identity.account_id.exact().to_owned();
            accounts.entry(digits).or_default().push(name);
        }
    }
    if accounts.is_empty() {
        fetched.say_problems();
        return Err(Exit::Refused);
    }
    Ok(accounts)
}

fn places(stack: &Synthesised, scopes: &[Scope], accounts: &Accounts) -> Vec<Scope> {
    let is_its = |scope: &&Scope| {
        let is_its_account = match &stack.account {
            Some(digits) => accounts
                .get(digits)
                .is_some_and(|names| names.contains(&scope.account)),
            None => true,
        };
        let is_its_region = stack
            .region
            .as_ref()
            .is_none_or(|region| scope.region() == Some(region));
        is_its_account && is_its_region
    };
    scopes.iter().filter(is_its).cloned().collect()
}

fn home(stack: &Synthesised) -> String {
    let account = stack.account.as_deref().unwrap_or("any account");
    let region = stack.region.as_ref();
    let region = region.map_or("any region", crate::domain::Region::as_str);
    sanitise(&format!("{account}/{region}")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Region;

    #[test]
    fn a_stack_goes_only_where_it_was_synthesised_for() {
        let scope = |account: &str, region: &str| {
            Scope::regional(&AccountName::new(account), &Region::new(region))
        };
        let scopes = [
            scope("prod", "eu-west-1"),
            scope("prod", "us-east-1"),
            scope("staging", "eu-west-1"),
        ];
        let accounts = Accounts::from([
            ("1".to_owned(), vec![AccountName::new("prod")]),
            ("2".to_owned(), vec![AccountName::new("staging")]),
        ]);
        let stack = |account: Option<&str>, region: Option<&str>| Synthesised {
            id: "Api".into(),
            name: "api".into(),
            account: account.map(Into::into),
            region: region.map(Region::new),
            template: "api.json".into(),
            parameters: Vec::new(),
            tags: Vec::new(),
            role: None,
            bucket: None,
            needs: Vec::new(),
            assets: 0,
        };
        for (account, region, expected) in [
            (Some("1"), Some("eu-west-1"), &scopes[..1]),
            (Some("1"), None, &scopes[..2]),
            (None, None, &scopes[..]),
            (Some("3"), None, &[]),
            (Some("2"), Some("us-east-1"), &[]),
        ] {
            assert_eq!(
                places(&stack(account, region), &scopes, &accounts),
                expected
            );
        }
    }
}
