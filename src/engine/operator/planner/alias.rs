//! Plans the way back of an alias: to the next lower version that exists or to a chosen one, in one or many regions.

use super::desk::{Desk, Outline, all, denial, member, refusal, warns};
use crate::domain::operation::planning::{Stake, earlier, shifts};
use crate::domain::operation::{
    AliasTarget, Member, Operation, Pace, Plan, UndoPolicy, Verb, Wave,
};
use crate::domain::{Alias, Function, FunctionVersion, Problem, Reading, Scope, Topic, Untrusted};

/// What is wanted of every region.
#[derive(Clone)]
struct Wish {
    function: Untrusted,
    alias: String,
    version: Option<String>,
    pace: Pace,
}

/// What a region has.
struct Found {
    function: Box<Function>,
    alias: Alias,
    /// Newest first.
    versions: Vec<FunctionVersion>,
}

pub(super) async fn plan(desk: &Desk, operation: &Operation) -> Result<Plan, Problem> {
    let Operation::RollBackAlias {
        function,
        alias,
        scopes,
        version,
        pace,
    } = operation
    else {
        return Err(refusal("This is not the rollback of an alias."));
    };
    if scopes.is_empty() {
        return Err(refusal(format!(
            "No region was named to roll {} back in.",
            function.safe()
        )));
    }
    let wish = Wish {
        function: function.clone(),
        alias: alias.clone(),
        version: version.clone(),
        pace: *pace,
    };
    let items = scopes
        .iter()
        .map(|scope| (scope.clone(), wish.clone()))
        .collect();
    let members = desk
        .side_by_side(items, |desk, scope, wish| async move {
            region(&desk, &scope, &wish).await
        })
        .await;
    let members = all(members).map_err(|(_, problem)| problem)?;
    Ok(desk.plan(Outline {
        verb: Verb::Rollback,
        target: function.clone(),
        waves: vec![Wave {
            members,
            gates: Vec::new(),
        }],
        undo: UndoPolicy::None,
        stake: Stake::Ordinary,
        region: None,
    }))
}

async fn region(desk: &Desk, scope: &Scope, wish: &Wish) -> Result<Member, Problem> {
    let digits = desk.digits(&scope.account).await?;
    let found = look(desk, scope, wish).await?;
    let (name, alias) = (
        wish.function.safe(),
        crate::domain::untrusted::sanitise(&wish.alias),
    );
    let target = format!("function/{}:{}", wish.function.exact(), wish.alias);
    let mut member = member(scope, digits, target);
    let owned = Untrusted::new(format!("{}:{}", found.function.arn.exact(), wish.alias));
    match desk.read(Topic::Owner(owned), scope).await {
        Ok(Reading::Owner(Some(stack))) => {
            return Err(denial(format!(
                "The alias {alias} of {name} in {scope} is made by the stack {}, which would set it again.",
                crate::domain::untrusted::sanitise(stack.name())
            ))
            .hint("Roll that stack back instead."));
        }
        Ok(_) => {}
        Err(problem) => member.hazards.push(warns(format!(
            "Whether a stack makes this alias, and would set it again, is not known. {}",
            problem.what
        ))),
    }
    let before = AliasTarget {
        version: found.alias.version.clone(),
        weights: found.alias.weights.clone(),
    };
    let refuse = |why: String| denial(format!("{alias} of {name} in {scope} stays. {why}"));
    let chosen = wish.version.as_deref();
    let version = earlier(
        &wish.function,
        before.version.exact(),
        Some(&found.function.code),
        &found.versions,
        chosen,
    )
    .map_err(refuse)?;
    let place = (scope, &wish.function, wish.alias.as_str());
    member.steps = shifts(place, &before, &version, wish.pace).map_err(refuse)?;
    if member.steps.is_empty() {
        let words = before.words();
        member.idle = Some(format!("{alias} points to {words} already."));
        return Ok(member);
    }
    if !before.weights.is_empty() {
        member.hazards.push(warns(
            "Two versions share its calls now: whoever moves them, CodeDeploy perhaps, may go on doing so.",
        ));
    }
    let code = |version: &Untrusted| {
        let published = found.versions.iter().find(|it| it.version == *version);
        published.map_or(&found.function.code, |it| &it.code)
    };
    if code(&before.version) == code(&version) && before.version != version {
        member.hazards.push(warns(format!(
            "{} has the same code as {}.",
            version.safe(),
            before.version.safe()
        )));
    }
    Ok(member)
}

async fn look(desk: &Desk, scope: &Scope, wish: &Wish) -> Result<Found, Problem> {
    let (name, alias) = (
        wish.function.safe(),
        crate::domain::untrusted::sanitise(&wish.alias),
    );
    let strange = || {
        Problem::new(
            crate::domain::Kind::Bug,
            format!("What was read of {name} in {scope} is no answer to what was asked."),
        )
    };
    let ask = async |topic| desk.read(topic, scope).await;
    let Reading::Function(function) = ask(Topic::Function(wish.function.clone())).await? else {
        return Err(strange());
    };
    let Reading::Aliases(aliases) = ask(Topic::Aliases(wish.function.clone())).await? else {
        return Err(strange());
    };
    let found = aliases.into_iter().find(|it| it.name.exact() == wish.alias);
    let Some(found) = found else {
        return Err(refusal(format!(
            "{name} in {scope} has no alias {alias}, so nothing can be rolled back there."
        ))
        .hint("Say which alias callers use with `alias` under `[lambda]` in fleet.toml."));
    };
    let Reading::Versions(versions) = ask(Topic::Versions(wish.function.clone())).await? else {
        return Err(strange());
    };
    Ok(Found {
        function,
        alias: found,
        versions,
    })
}
