//! A plan as text: what changes, in which waves, what is lost by it, how it is undone, and what it takes to agree.

use super::differences::common;
use super::words;
use crate::cli::output::{Output, Tone};
use crate::domain::operation::{
    Consent, Hazard, Member, ParameterChange, Plan, Undo, UndoPolicy, Wave,
};
use crate::domain::time;
use crate::domain::untrusted::sanitise;
use crate::domain::{Change, Scope};
use chrono::TimeDelta;

/// How much of a call is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Detail {
    Words,
    /// The same as a command line of AWS's own, too.
    Commands,
}

/// A line in one colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Line {
    text: String,
    tone: Tone,
}

impl Line {
    fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Plain)
    }

    pub(super) fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }

    pub(in crate::cli) fn painted(&self, output: Output) -> String {
        output.painted(&self.text, self.tone)
    }
}

/// All of it.
pub(in crate::cli) fn lines(plan: &Plan, detail: Detail) -> Vec<Line> {
    let mut lines = vec![Line::plain(format!(
        "{} {}",
        plan.verb.imperative(),
        plan.target.safe()
    ))];
    changes(plan, &mut lines);
    for (number, wave) in plan.waves.iter().enumerate() {
        let of = plan.waves.len();
        lines.push(Line::plain(format!("Wave {} of {of}", number + 1)));
        members(wave, detail, &mut lines);
    }
    hazards(plan, &mut lines);
    if !plan.is_idle() {
        ends(plan, &mut lines);
    }
    lines
}

/// What CloudFormation would change, and which parameters.
fn changes(plan: &Plan, lines: &mut Vec<Line>) {
    let of = |member: &Member| {
        let changes = member.changes.iter().map(change);
        let parameters = member.parameters.iter().map(parameter);
        (member.scope.clone(), changes.chain(parameters).collect())
    };
    let busy = plan.members().filter(|member| member.idle.is_none());
    let lists: Vec<(Scope, Vec<Line>)> = busy.map(of).collect();
    let common = common(&lists);
    let indented = |line: Line| Line::of(format!("  {}", line.text), line.tone);
    if !common.everywhere.is_empty() {
        let title = match lists.as_slice() {
            [(place, _)] => format!("In {place}"),
            _ => format!("In each of {} places", lists.len()),
        };
        lines.push(Line::plain(title));
        lines.extend(common.everywhere.into_iter().map(indented));
    }
    for (places, own) in common.only {
        lines.push(Line::plain(format!("Only in {}", self::places(&places))));
        lines.extend(own.into_iter().map(indented));
    }
}

/// `prod/eu-west-1, prod/us-east-1`
pub(in crate::cli) fn places(places: &[Scope]) -> String {
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
    sanitise(&places.join(", ")).into_owned()
}

fn change(change: &Change) -> Line {
    let replaced = match change.replacement.as_ref().map(|word| word.safe()) {
        Some(word) if word == "True" => ", replaced",
        Some(word) if word == "Conditional" => ", perhaps replaced",
        Some(_) | None => "",
    };
    let tone = match change.action.exact() {
        _ if change.may_destroy() => Tone::Bad,
        "Add" | "Import" => Tone::Well,
        _ => Tone::Moving,
    };
    let text = format!(
        "{:<7} {} ({}){replaced}",
        change.action.safe(),
        change.logical.safe(),
        change.resource_type.safe()
    );
    Line::of(text, tone)
}

fn parameter(change: &ParameterChange) -> Line {
    let value = |value: &Option<crate::domain::Untrusted>| match value {
        Some(value) if value.is_empty() => "\"\"".to_owned(),
        Some(value) => value.safe().into_owned(),
        None => "(none told)".to_owned(),
    };
    let text = format!(
        "Parameter {}: {} → {}",
        change.key.safe(),
        value(&change.before),
        value(&change.after)
    );
    Line::of(text, Tone::Moving)
}

fn members(wave: &Wave, detail: Detail, lines: &mut Vec<Line>) {
    let width = wave.members.iter().map(|it| it.scope.to_string().len());
    let width = width.max().unwrap_or_default();
    for member in &wave.members {
        let place = sanitise(&member.scope.to_string()).into_owned();
        if let Some(why) = &member.idle {
            let text = format!("  {place:<width$}  nothing to do: {}", sanitise(why));
            lines.push(Line::of(text, Tone::Quiet));
            continue;
        }
        let usual = member.usual.map_or_else(String::new, |seconds| {
            let span = time::words(TimeDelta::seconds(seconds.into()));
            format!(", usually {span}")
        });
        let target = member.target.safe();
        lines.push(Line::plain(format!("  {place:<width$}  {target}{usual}")));
        for step in &member.steps {
            lines.push(Line::plain(format!(
                "  {:width$}    {}",
                "",
                words::step(step)
            )));
            if let (Detail::Commands, crate::domain::operation::Step::Call(call)) = (detail, step) {
                let command = call.command(&member.scope);
                lines.push(Line::of(
                    format!("  {:width$}    $ {command}", ""),
                    Tone::Quiet,
                ));
            }
        }
    }
    for gate in &wave.gates {
        lines.push(Line::plain(format!("  then: {}", gate.words())));
    }
}

fn hazards(plan: &Plan, lines: &mut Vec<Line>) {
    let of = |member: &Member| {
        let hazards = member.hazards.iter().map(hazard).collect();
        (member.scope.clone(), hazards)
    };
    let lists: Vec<(Scope, Vec<Line>)> = plan.members().map(of).collect();
    let common = common(&lists);
    let one = lists.len() == 1;
    for line in common.everywhere {
        let place = if one {
            String::new()
        } else {
            "everywhere: ".to_owned()
        };
        lines.push(Line::of(format!("! {place}{}", line.text), line.tone));
    }
    for (places, own) in common.only {
        let places = self::places(&places);
        let own = own.into_iter();
        lines.extend(own.map(|it| Line::of(format!("! {places}: {}", it.text), it.tone)));
    }
}

fn hazard(hazard: &Hazard) -> Line {
    match hazard {
        Hazard::Loses { logical, kind } => {
            let text = format!(
                "{} ({}) and what it holds are lost.",
                logical.safe(),
                kind.safe()
            );
            Line::of(text, Tone::Bad)
        }
        Hazard::Warns(words) => Line::of(sanitise(words), Tone::Moving),
    }
}

/// How it is undone, what it takes to agree, and until when.
fn ends(plan: &Plan, lines: &mut Vec<Line>) {
    let of = |member: &Member| (member.scope.clone(), vec![undo(&member.undo)]);
    let busy = plan.members().filter(|member| member.idle.is_none());
    let lists: Vec<(Scope, Vec<String>)> = busy.map(of).collect();
    let common = common(&lists);
    let everywhere = common.everywhere.into_iter();
    lines.extend(everywhere.map(|how| Line::plain(format!("Undo: {how}"))));
    for (places, own) in common.only {
        let places = self::places(&places);
        let own = own.into_iter();
        lines.extend(own.map(|how| Line::plain(format!("Undo in {places}: {how}"))));
    }
    let policy = match plan.undo {
        UndoPolicy::None => "nothing is taken back",
        UndoPolicy::Failed => "what has failed is taken back",
        UndoPolicy::Wave => "the wave is taken back",
        UndoPolicy::All => "all of it is taken back",
    };
    lines.push(Line::plain(format!("When something fails, {policy}.")));
    let consent = match &plan.consent {
        Consent::Key => "a key, or `--yes`".to_owned(),
        Consent::Typed(text) => format!("`{0}`, typed or as `--agree '{0}'`", sanitise(text)),
    };
    lines.push(Line::plain(format!("To agree: {consent}")));
    let until = super::clock(plan.expires());
    lines.push(Line::of(format!("This holds until {until}."), Tone::Quiet));
}

fn undo(undo: &Undo) -> String {
    match undo {
        Undo::Reverse => "the calls, reversed, last first.".to_owned(),
        Undo::Redeploy => {
            "CloudFormation rolls a failed update back; a finished one by deploying what was there before.".to_owned()
        }
        Undo::Never(why) => format!("not possible: {}", sanitise(why)),
    }
}

#[cfg(test)]
mod tests;
