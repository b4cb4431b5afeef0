//! What the types of a scenario cannot say: that what is named is there.

mod traffic;

use super::plan::{Plan, Reach};
use crate::sandbox::world::region;

/// The first mistake, as a sentence.
pub(super) fn check(plan: &Plan) -> Result<(), String> {
    check_accounts(plan)?;
    for stack in &plan.stack {
        check_blueprint(plan, &stack.blueprint, &format!("Stack {:?}", stack.name))?;
        check_reach(plan, &stack.on, &stack.name)?;
    }
    for (name, blueprint) in &plan.blueprint {
        for nested in blueprint.nested.values() {
            check_blueprint(plan, nested, &format!("Blueprint {name:?}"))?;
        }
        for resource in &blueprint.resources {
            check_resource(resource)?;
        }
    }
    let stories = plan.version.iter().map(|story| (&story.stack, &story.on));
    let stories = stories.chain(plan.moves.iter().map(|story| (&story.stack, &story.on)));
    let stories = stories.chain(plan.trouble.iter().map(|story| (&story.stack, &story.on)));
    let stories = stories.chain(
        plan.change_set
            .iter()
            .map(|story| (&story.stack, &story.on)),
    );
    let stories = stories.chain(plan.drift.iter().map(|story| (&story.stack, &story.on)));
    let failing = plan.failing.iter();
    let stories = stories.chain(failing.map(|story| (&story.stack, &story.on)));
    let releases = plan.release.iter();
    let stories = stories.chain(releases.map(|story| (&story.stack, &story.on)));
    let stories = stories.chain(plan.work.iter().map(|story| (&story.stack, &story.on)));
    for (stack, on) in stories {
        if plan.stack.iter().all(|known| known.name != *stack) {
            return Err(format!("There is no [[stack]] called {stack:?}."));
        }
        check_reach(plan, on, stack)?;
    }
    for bucket in &plan.bucket {
        let on = Reach {
            accounts: vec![bucket.account.clone()],
            regions: vec![bucket.region.clone()],
        };
        check_reach(plan, &on, &bucket.name)?;
    }
    traffic::check(plan)?;
    let adding = plan.trouble.iter().flat_map(|trouble| &trouble.adding);
    adding.map(String::as_str).try_for_each(check_resource)
}

fn check_accounts(plan: &Plan) -> Result<(), String> {
    if plan.account.is_empty() {
        return Err("There is no [[account]].".to_owned());
    }
    for account in &plan.account {
        if account.id.len() != 12 || !account.id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("Account id {:?} is not twelve digits.", account.id));
        }
        for name in account.regions.iter().chain(&account.opted_in) {
            if region::find(name).is_none() {
                return Err(format!(
                    "Account {:?} names a region {name:?}, which AWS does not have.",
                    account.name
                ));
            }
        }
    }
    Ok(())
}

pub(super) fn check_reach(plan: &Plan, on: &Reach, stack: &str) -> Result<(), String> {
    for name in &on.accounts {
        if plan.account.iter().all(|account| account.name != *name) {
            return Err(format!(
                "Stack {stack:?} is put on the account {name:?}, which does not exist."
            ));
        }
    }
    for name in &on.regions {
        if plan
            .account
            .iter()
            .all(|account| !account.regions.contains(name))
        {
            return Err(format!(
                "Stack {stack:?} is put on the region {name:?}, which no account has."
            ));
        }
    }
    Ok(())
}

fn check_blueprint(plan: &Plan, blueprint: &str, who: &str) -> Result<(), String> {
    if plan.blueprint.contains_key(blueprint) {
        Ok(())
    } else {
        Err(format!(
            "{who} uses the blueprint {blueprint:?}, which does not exist."
        ))
    }
}

fn check_resource(text: &str) -> Result<(), String> {
    match text.split_once(' ') {
        Some((logical, kind)) if !logical.is_empty() && kind.contains("::") => Ok(()),
        Some(_) | None => Err(format!(
            "Resource {text:?} is not \"LogicalId AWS::Some::Type\"."
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Scenario;

    const ACCOUNT: &str = r#"
        seed = 1
        [[account]]
        id = "123456789012"
        name = "prod"
        access_key = "123456789012"
        colour = "red"
        guard = "typed"
        regions = ["eu-west-1"]
    "#;

    #[test]
    fn what_is_named_has_to_be_there() {
        let stack = "[[stack]]\nname = \"a\"\nblueprint = \"api\"\n";
        let cases = [
            (
                "[[stack]]\nname = \"a\"\nblueprint = \"none\"",
                "uses the blueprint \"none\"",
            ),
            (
                "[[version]]\nstack = \"b\"\nversion = \"v1\"",
                "no [[stack]] called \"b\"",
            ),
            (
                "on.accounts = [\"prd\"]",
                "the account \"prd\", which does not exist",
            ),
            (
                "on.regions = [\"us-east-1\"]",
                "the region \"us-east-1\", which no account has",
            ),
        ];
        for (mistake, words) in cases {
            let text = format!("{ACCOUNT}{stack}{mistake}");
            let error = Scenario::parse(&text).unwrap_err();
            assert!(error.to_string().contains(words), "{mistake}: {error}");
        }
        assert!(Scenario::parse(&format!("{ACCOUNT}{stack}")).is_ok());
    }

    #[test]
    fn a_word_that_is_not_in_the_language_is_told_with_its_line() {
        let text =
            format!("{ACCOUNT}\n[[fault]]\nkind.throttle = {{ per_second = 1.0, brust = 2.0 }}\n");
        let error = Scenario::parse(&text).unwrap_err();
        assert!(
            error.line.is_some() && error.message.contains("brust"),
            "{error}"
        );
    }
}
