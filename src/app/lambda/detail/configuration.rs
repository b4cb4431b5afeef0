//! How the function is set up: once where every region has the same, else a line for each value.

use super::line::{Known, Lead, Line, Page, Told, Tone, sentence, shared, told};
use crate::domain::{
    Concurrency, Function, FunctionState, LambdaLimits, Scope, StackId, Topic, Untrusted,
    UpdateStatus, time::short,
};

/// Whether it matters that regions differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// They should be alike.
    Alike,
    /// They differ by nature.
    Own,
}

pub(super) fn page(known: &Known<'_>) -> Page {
    let mut lines = Vec::new();
    let mut add = |name: &str, weight, value: &dyn Fn(&Scope) -> Told| {
        let values = known
            .scopes
            .iter()
            .map(|scope| (scope.clone(), value(scope)));
        for (nth, it) in shared(values).into_iter().enumerate() {
            let (tone, words) = match &it.value {
                Told::Known(words) => {
                    let is_odd = it.is_odd && weight == Alike;
                    (
                        if is_odd { Tone::Skew } else { Tone::Plain },
                        words.as_str(),
                    )
                }
                Told::Failed(words) => (Tone::Unknown, words.as_str()),
                Told::Asking => (Tone::Quiet, "asking"),
            };
            let tone = match (name, words) {
                ("State", words) if words.starts_with("failed") => Tone::Bad,
                ("Last update", words) if words.starts_with("update failed") => Tone::Bad,
                _ => tone,
            };
            let title = if nth == 0 { name } else { "" };
            let cells = vec![
                title.to_owned(),
                words.to_owned(),
                known.regions(&it.scopes),
            ];
            let mut line = Line::new(tone, format!("{name} {words}"), cells);
            if let ("Stack", Some(scope)) = (name, it.scopes.first())
                && let Some(id) = stack(known, scope)
            {
                line.lead = Lead::Stack(scope.clone(), id);
            }
            lines.push(line);
        }
    };
    let listed = |of: fn(&Function) -> String| {
        move |scope: &Scope| match function(known, scope) {
            Some(function) => Told::Known(of(function)),
            None => Told::Asking,
        }
    };
    let name = || known.name.clone();
    let condition = |scope: &Scope, words: fn(&crate::domain::function::Condition) -> String| {
        let slot = known.store.configuration(scope, &Topic::Function(name()));
        told(slot, |function| {
            let condition = function.condition.as_ref();
            condition.map_or_else(|| "not told".to_owned(), words)
        })
    };
    use Weight::{Alike, Own};
    add("State", Alike, &|scope| condition(scope, state));
    add("Last update", Alike, &|scope| condition(scope, update));
    add("Stack", Own, &|scope| {
        let slot = known.store.owner(scope, &Topic::Owner(name()));
        told(slot, |id| match id {
            Some(id) => crate::domain::untrusted::sanitise(id.name()).into_owned(),
            None => "no stack made it".to_owned(),
        })
    });
    add("Runtime", Alike, &listed(runtime));
    add("Memory", Alike, &listed(|it| format!("{} MB", it.memory)));
    add("Timeout", Alike, &listed(|it| short(it.timeout)));
    add("Code", Alike, &listed(code));
    add(
        "Handler",
        Alike,
        &listed(|it| optional(it.handler.as_ref())),
    );
    add("Concurrency", Alike, &|scope| {
        let limits = known
            .store
            .lambda_limits(scope)
            .and_then(crate::domain::Slot::value);
        let slot = known.store.concurrency(scope, &Topic::Concurrency(name()));
        told(slot, |concurrency| reserved(concurrency, limits))
    });
    add("Provisioned", Alike, &|scope| {
        let slot = known.store.concurrency(scope, &Topic::Concurrency(name()));
        told(slot, provisioned)
    });
    add("Environment", Alike, &listed(environment));
    add(
        "Log group",
        Alike,
        &listed(|it| it.log_group.safe().into_owned()),
    );
    let now = known.now;
    add("Modified", Own, &|scope| match function(known, scope) {
        Some(Function {
            modified: Some(at), ..
        }) => Told::Known(format!(
            "{} ago, {}",
            short(now - *at),
            at.format("%Y-%m-%d %H:%M UTC")
        )),
        Some(_) => Told::Known("not told".to_owned()),
        None => Told::Asking,
    });
    add("Role", Own, &listed(|it| optional(it.role.as_ref())));
    add("Layers", Own, &listed(|it| names(&it.layers)));
    add("VPC", Own, &listed(|it| optional(it.vpc.as_ref())));
    add(
        "Description",
        Own,
        &listed(|it| optional(it.description.as_ref())),
    );
    lines.extend(known.problems(problems(known)));
    Page {
        lines,
        excuse: "Asking for the configuration.".to_owned(),
    }
}

fn function<'a>(known: &Known<'a>, scope: &Scope) -> Option<&'a Function> {
    let functions = crate::app::lambda::functions_of(known.store, scope);
    let at = functions.binary_search_by(|function| function.name.cmp(known.name));
    functions.get(at.ok()?)
}

fn stack(known: &Known<'_>, scope: &Scope) -> Option<StackId> {
    let slot = known
        .store
        .owner(scope, &Topic::Owner(known.name.clone()))?;
    slot.value()?.clone()
}

/// Why something on this page is not known.
fn problems(known: &Known<'_>) -> Vec<(Scope, String)> {
    let name = || known.name.clone();
    let mut problems = Vec::new();
    for scope in known.scopes {
        let store = known.store;
        let sentences = [
            sentence(store.configuration(scope, &Topic::Function(name()))),
            sentence(store.concurrency(scope, &Topic::Concurrency(name()))),
            sentence(store.lambda_limits(scope)),
            sentence(store.owner(scope, &Topic::Owner(name()))),
        ];
        problems.extend(
            sentences
                .into_iter()
                .flatten()
                .map(|it| (scope.clone(), it)),
        );
    }
    problems
}

fn state(condition: &crate::domain::function::Condition) -> String {
    let words = condition.state.words().into_owned();
    match (&condition.state, &condition.reason) {
        (FunctionState::Active, _) | (_, None) => words,
        (_, Some(reason)) => format!("{words}: {}", reason.safe()),
    }
}

fn update(condition: &crate::domain::function::Condition) -> String {
    let words = condition.update.words().into_owned();
    match (&condition.update, &condition.update_reason) {
        (UpdateStatus::Successful, _) | (_, None) => words,
        (_, Some(reason)) => format!("{words}: {}", reason.safe()),
    }
}

fn runtime(function: &Function) -> String {
    let runtime = function.runtime.as_ref().map(Untrusted::safe);
    let architectures = names(&function.architectures);
    let package = function.package.words();
    match runtime {
        Some(runtime) => format!("{runtime}, {package}, {architectures}"),
        None => format!("{package}, {architectures}"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a package has no petabytes")]
fn code(function: &Function) -> String {
    let megabytes = function.code_size as f64 / 1_048_576.0;
    format!("{}, {megabytes:.1} MB", function.code_brief())
}

fn optional(text: Option<&Untrusted>) -> String {
    text.map_or_else(|| "none".to_owned(), |text| text.safe().into_owned())
}

fn names(texts: &[Untrusted]) -> String {
    if texts.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = texts.iter().map(Untrusted::safe).collect();
    names.join(", ")
}

/// The names of its variables: their values never get here.
fn environment(function: &Function) -> String {
    match function.environment.len() {
        0 => "no variable".to_owned(),
        _ => format!("{} (names only)", names(&function.environment)),
    }
}

fn reserved(concurrency: &Concurrency, limits: Option<&LambdaLimits>) -> String {
    match (concurrency.reserved, limits) {
        (Some(reserved), Some(limits)) => {
            format!("{reserved} reserved of the account's {}", limits.concurrent)
        }
        (Some(reserved), None) => format!("{reserved} reserved"),
        (None, Some(limits)) => format!(
            "none reserved; shares {} of the account's {}",
            limits.unreserved, limits.concurrent
        ),
        (None, None) => "none reserved".to_owned(),
    }
}

fn provisioned(concurrency: &Concurrency) -> String {
    if concurrency.provisioned.is_empty() {
        return "none".to_owned();
    }
    let each = concurrency.provisioned.iter().map(|it| {
        let reason = it
            .reason
            .as_ref()
            .map(|reason| format!(": {}", reason.safe()));
        format!(
            "{} {} of {} {}{}",
            it.qualifier.safe(),
            it.available,
            it.requested,
            it.status.safe(),
            reason.unwrap_or_default()
        )
    });
    each.collect::<Vec<_>>().join(", ")
}
