//! How the function is set up: once where every region has the same, else a line for each value.

use super::line::{Known, Lead, Line, Page, Told, Tone, sentence, shared, told};
use crate::domain::function::Condition;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{
    Concurrency, Function, FunctionState, LambdaLimits, Scope, Slot, StackId, Topic, Untrusted,
    UpdateStatus,
};
use Weight::{Alike, Own};

/// Whether it matters that regions differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// They should be alike.
    Alike,
    /// They differ by nature.
    Own,
}

/// One setting: its name, and what a region has for it.
type Setting = (&'static str, Weight, fn(&Known<'_>, &Scope) -> Told);

/// In the order in which somebody who looks for a difference wants them.
const SETTINGS: [Setting; 17] = [
    ("State", Alike, |known, scope| {
        condition(known, scope, state)
    }),
    ("Last update", Alike, |known, scope| {
        condition(known, scope, update)
    }),
    ("Stack", Own, owner),
    ("Runtime", Alike, |known, scope| {
        listed(known, scope, runtime)
    }),
    ("Memory", Alike, |known, scope| {
        listed(known, scope, |it| format!("{} MB", it.memory))
    }),
    ("Timeout", Alike, |known, scope| {
        listed(known, scope, |it| short(it.timeout))
    }),
    ("Code", Alike, |known, scope| listed(known, scope, code)),
    ("Handler", Alike, |known, scope| {
        listed(known, scope, |it| optional(it.handler.as_ref()))
    }),
    ("Concurrency", Alike, reservation),
    ("Provisioned", Alike, |known, scope| {
        let topic = Topic::Concurrency(known.name.clone());
        told(known.store.concurrency(scope, &topic), provisioned)
    }),
    ("Environment", Alike, |known, scope| {
        listed(known, scope, environment)
    }),
    ("Log group", Alike, |known, scope| {
        listed(known, scope, |it| it.log_group.safe().into_owned())
    }),
    ("Modified", Own, modified),
    ("Role", Own, |known, scope| {
        listed(known, scope, |it| optional(it.role.as_ref()))
    }),
    ("Layers", Own, |known, scope| {
        listed(known, scope, |it| names(&it.layers))
    }),
    ("VPC", Own, |known, scope| {
        listed(known, scope, |it| optional(it.vpc.as_ref()))
    }),
    ("Description", Own, |known, scope| {
        listed(known, scope, |it| optional(it.description.as_ref()))
    }),
];

pub(super) fn page(known: &Known<'_>) -> Page {
    let mut lines: Vec<Line> = SETTINGS.iter().flat_map(|it| setting(known, it)).collect();
    lines.extend(known.problems(problems(known)));
    Page {
        lines,
        excuse: "Asking for the configuration.".to_owned(),
    }
}

/// A line for each value that a setting has.
fn setting(known: &Known<'_>, (name, weight, tell): &Setting) -> Vec<Line> {
    let scopes = known.scopes.iter();
    let values = scopes.map(|scope| (scope.clone(), tell(known, scope)));
    let lines = shared(values).into_iter().enumerate().map(|(nth, it)| {
        let (tone, words) = match &it.value {
            Told::Known(words)
                if words.starts_with("failed") || words.starts_with("update failed") =>
            {
                (Tone::Bad, words.as_str())
            }
            Told::Known(words) if it.is_odd && *weight == Alike => (Tone::Skew, words.as_str()),
            Told::Known(words) => (Tone::Plain, words.as_str()),
            Told::Failed(words) => (Tone::Unknown, words.as_str()),
            Told::Asking => (Tone::Quiet, "asking"),
        };
        let title = if nth == 0 { *name } else { "" };
        let where_it_is = known.regions(&it.scopes);
        let cells = vec![title.to_owned(), words.to_owned(), where_it_is];
        let mut line = Line::new(tone, format!("{name} {words}"), cells);
        if let ("Stack", Some(scope)) = (*name, it.scopes.first())
            && let Some(id) = stack(known, scope)
        {
            line.lead = Lead::Stack(scope.clone(), id);
        }
        line
    });
    lines.collect()
}

/// What the list of functions tells.
fn listed(known: &Known<'_>, scope: &Scope, words: fn(&Function) -> String) -> Told {
    function(known, scope).map_or(Told::Asking, |function| Told::Known(words(function)))
}

/// What only the function itself tells.
fn condition(known: &Known<'_>, scope: &Scope, words: fn(&Condition) -> String) -> Told {
    let topic = Topic::Function(known.name.clone());
    told(known.store.configuration(scope, &topic), |function| {
        let condition = function.condition.as_ref();
        condition.map_or_else(|| "not told".to_owned(), words)
    })
}

fn owner(known: &Known<'_>, scope: &Scope) -> Told {
    let slot = known.store.owner(scope, &Topic::Owner(known.name.clone()));
    told(slot, |id| match id {
        Some(id) => sanitise(id.name()).into_owned(),
        None => "no stack made it".to_owned(),
    })
}

fn reservation(known: &Known<'_>, scope: &Scope) -> Told {
    let limits = known.store.lambda_limits(scope).and_then(Slot::value);
    let topic = Topic::Concurrency(known.name.clone());
    let slot = known.store.concurrency(scope, &topic);
    told(slot, |concurrency| reserved(concurrency, limits))
}

fn modified(known: &Known<'_>, scope: &Scope) -> Told {
    let Some(function) = function(known, scope) else {
        return Told::Asking;
    };
    Told::Known(function.modified.map_or_else(
        || "not told".to_owned(),
        |at| {
            let ago = short(known.now - at);
            format!("{ago} ago, {}", at.format("%Y-%m-%d %H:%M UTC"))
        },
    ))
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

fn state(condition: &Condition) -> String {
    let words = condition.state.words().into_owned();
    match (&condition.state, &condition.reason) {
        (FunctionState::Active, _) | (_, None) => words,
        (_, Some(reason)) => format!("{words}: {}", reason.safe()),
    }
}

fn update(condition: &Condition) -> String {
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
