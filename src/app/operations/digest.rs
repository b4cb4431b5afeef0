//! A plan as lines to be read: what is the same everywhere once, and beside it where regions differ.
//!
//! Everything that a plan says is on some line of it. Texts are sanitised here.

use super::change::Fingerprint;
use crate::domain::operation::{
    Call, Gate, Hazard, Member, ParameterChange, Plan, Step, Undo, UndoPolicy,
};
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Scope, Untrusted};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// A line of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How far it stands to the right.
    pub depth: u8,
    /// What it is about: a region, a fact's name. Drawn in a column of its own where it is not empty.
    pub name: String,
    pub words: String,
    /// The action, or how often: at the right end.
    pub note: String,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Muted,
    Title,
    Added,
    Changed,
    Warning,
    /// Something is lost for good.
    Danger,
}

/// Everything that the plan says, in the order in which it matters.
pub(super) fn lines(plan: &Plan) -> Vec<Line> {
    let digest = Digest { plan };
    let mut lines = digest.hazards();
    lines.extend(digest.waves());
    lines.extend(digest.changes());
    lines.extend(digest.parameters());
    lines.extend(digest.idle());
    lines.extend(digest.afterwards());
    lines
}

/// How many places a plan is about, and how many of them have something to do.
pub fn places(plan: &Plan) -> (usize, usize) {
    let busy = plan.members().filter(|member| member.idle.is_none());
    (plan.members().count(), busy.count())
}

/// What steps do, and the actions that they call.
type Steps = Vec<(String, String)>;

struct Digest<'p> {
    plan: &'p Plan,
}

/// How a place is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// By its region.
    Region,
    /// By its account and region, where there are several accounts.
    Account,
}

/// Something that several members have, and which of them: positions in the order of the plan.
type Shared<T> = Vec<(T, BTreeSet<usize>)>;

impl Digest<'_> {
    fn busy(&self) -> Vec<&Member> {
        let members = self.plan.members();
        members.filter(|member| member.idle.is_none()).collect()
    }

    fn naming(&self) -> Naming {
        naming(self.plan)
    }

    /// Whether the members work on several things in one place.
    fn has_several_targets(&self) -> bool {
        let targets: BTreeSet<_> = self.plan.members().map(|it| &it.target).collect();
        targets.len() > 1
    }

    fn place(&self, member: &Member) -> String {
        let mut words = place(&member.scope, self.naming());
        if self.has_several_targets() {
            let target = member.target.safe();
            let name = target.split_once('/').map_or(&*target, |(_, name)| name);
            words = format!("{words} {name}");
        }
        words
    }

    /// `everywhere`, the names of a few places, or how many.
    fn whereabouts(&self, members: &BTreeSet<usize>) -> String {
        let busy = self.busy();
        if busy.len() == 1 {
            return String::new();
        }
        if members.len() == busy.len() {
            return format!("all {} places", busy.len());
        }
        let names = members.iter().filter_map(|index| busy.get(*index));
        let names: Vec<String> = names.map(|member| self.place(member)).collect();
        names.join(", ")
    }

    fn hazards(&self) -> Vec<Line> {
        let mut shared: Shared<&Hazard> = Vec::new();
        for (index, member) in self.busy().into_iter().enumerate() {
            for hazard in &member.hazards {
                note(&mut shared, hazard, index);
            }
        }
        // What is lost comes before what is only worth knowing.
        shared.sort_by_key(|(hazard, _)| matches!(hazard, Hazard::Warns(_)));
        let mut lines: Vec<Line> = shared
            .iter()
            .map(|(hazard, members)| match hazard {
                Hazard::Loses { logical, kind } => Line {
                    note: self.whereabouts(members),
                    ..line(
                        "loses",
                        &format!("{} ({}), and what it holds", logical.safe(), kind.safe()),
                        Tone::Danger,
                    )
                },
                Hazard::Warns(words) => Line {
                    note: self.whereabouts(members),
                    ..line("note", &sanitise(words), Tone::Warning)
                },
            })
            .collect();
        if !lines.is_empty() {
            lines.push(blank());
        }
        lines
    }

    /// What is done where, in which order. Steps that are the same all over a wave stand once.
    fn waves(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let several = self.plan.waves.len() > 1;
        for (index, wave) in self.plan.waves.iter().enumerate() {
            let mut depth = 0;
            if several {
                let number = format!("Wave {} of {}", index + 1, self.plan.waves.len());
                lines.push(Line {
                    name: String::new(),
                    note: String::new(),
                    ..line("", &number, Tone::Title)
                });
                depth = 1;
            }
            let busy = wave.members.iter().filter(|member| member.idle.is_none());
            let mut shared: Vec<(Steps, Vec<String>)> = Vec::new();
            for member in busy {
                let steps: Vec<_> = member.steps.iter().map(step).collect();
                let place = self.place(member);
                match shared.iter_mut().find(|(known, _)| *known == steps) {
                    Some((_, places)) => places.push(place),
                    None => shared.push((steps, vec![place])),
                }
            }
            for (steps, places) in shared {
                lines.extend(at(depth, &places, &steps));
            }
            for gate in &wave.gates {
                lines.push(Line {
                    depth,
                    ..line("then", &gate_words(gate), Tone::Muted)
                });
            }
        }
        lines
    }

    /// What change sets say. One line for each change, and where it would happen.
    fn changes(&self) -> Vec<Line> {
        let mut shared: Shared<Fingerprint> = Vec::new();
        for (index, member) in self.busy().into_iter().enumerate() {
            for change in &member.changes {
                note(&mut shared, Fingerprint::of(change), index);
            }
        }
        if shared.is_empty() {
            return Vec::new();
        }
        let busy = self.busy();
        let with_changes = busy.iter().filter(|member| !member.changes.is_empty());
        let all = with_changes.count();
        let heading = match busy.len() {
            1 => "What would change".to_owned(),
            _ => "What would change, and where".to_owned(),
        };
        let mut lines = vec![blank(), line("", &heading, Tone::Title)];
        // What happens everywhere first; then what is grave.
        shared.sort_by(|(a, here), (b, there)| {
            let order = |change: &Fingerprint, places: &BTreeSet<usize>| {
                (places.len() < all, !change.is_grave(), change.clone())
            };
            order(a, here).cmp(&order(b, there))
        });
        lines.extend(shared.iter().map(|(change, members)| Line {
            depth: 1,
            note: self.whereabouts(members),
            ..line(&change.action, &change.words(), change.tone())
        }));
        lines
    }

    fn parameters(&self) -> Vec<Line> {
        let mut shared: Shared<&ParameterChange> = Vec::new();
        for (index, member) in self.busy().into_iter().enumerate() {
            for parameter in &member.parameters {
                note(&mut shared, parameter, index);
            }
        }
        if shared.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![blank(), line("", "Parameters", Tone::Title)];
        shared.sort_by_key(|(parameter, members)| {
            (parameter.key.clone(), std::cmp::Reverse(members.len()))
        });
        lines.extend(shared.iter().map(|(parameter, members)| Line {
            depth: 1,
            note: self.whereabouts(members),
            ..line(&parameter.key.safe(), &difference(parameter), Tone::Changed)
        }));
        lines
    }

    /// Where there is nothing to do, and why.
    fn idle(&self) -> Vec<Line> {
        let mut shared: Vec<(&str, Vec<String>)> = Vec::new();
        for member in self.plan.members() {
            let Some(why) = &member.idle else { continue };
            let place = self.place(member);
            match shared.iter_mut().find(|(known, _)| known == why) {
                Some((_, places)) => places.push(place),
                None => shared.push((why, vec![place])),
            }
        }
        if shared.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![blank(), line("", "Nothing to do", Tone::Title)];
        for (why, places) in shared {
            lines.push(Line {
                depth: 1,
                ..line(&places.join(", "), &sanitise(why), Tone::Muted)
            });
        }
        lines
    }

    /// What happens when something fails, how it is undone, how long it takes.
    fn afterwards(&self) -> Vec<Line> {
        let mut lines = vec![blank()];
        let busy = self.busy();
        if busy.is_empty() {
            return Vec::new();
        }
        let fails = match self.plan.undo {
            UndoPolicy::None => "everything stays as it is then, and nothing more begins",
            UndoPolicy::Failed => "what has failed is taken back, and no further wave begins",
            UndoPolicy::Wave => "its whole wave is taken back, and no further wave begins",
            UndoPolicy::All => "all that was done is taken back, every wave of it",
        };
        lines.push(line("on failure", fails, Tone::Plain));
        let mut shared: Shared<(String, Tone)> = Vec::new();
        for (index, member) in busy.iter().enumerate() {
            note(&mut shared, undo(member), index);
        }
        for ((words, tone), members) in &shared {
            let several = shared.len() > 1;
            lines.push(Line {
                note: if several {
                    self.whereabouts(members)
                } else {
                    String::new()
                },
                ..line("undo", words, *tone)
            });
        }
        if busy.iter().any(|member| member.snapshot.is_some()) {
            lines.push(line(
                "kept",
                "a snapshot of what is there now, to come back to",
                Tone::Plain,
            ));
        }
        let usual = busy.iter().filter_map(|member| member.usual).max();
        let usual = usual.map_or_else(
            || "not known: it was not done from here before".to_owned(),
            |seconds| {
                let span = words(TimeDelta::seconds(seconds.into()));
                format!("{span} the last time, in the slowest place")
            },
        );
        lines.push(line("usually", &usual, Tone::Muted));
        lines
    }
}

/// What is done in these places, one line a step.
fn at(depth: u8, places: &[String], steps: &[(String, String)]) -> Vec<Line> {
    let mut names = places.iter();
    let mut lines: Vec<Line> = steps
        .iter()
        .map(|(words, action)| Line {
            depth,
            note: action.clone(),
            ..line(
                names.next().map_or("", String::as_str),
                words,
                if action.is_empty() {
                    Tone::Muted
                } else {
                    Tone::Plain
                },
            )
        })
        .collect();
    // More places than steps: the rest of the names stand below, and mean the same.
    let rest: Vec<&str> = names.map(String::as_str).collect();
    if let [first, ..] = rest[..] {
        let words = match rest.len() {
            1 => "the same".to_owned(),
            more => format!("the same, and in {} more places", more - 1),
        };
        if rest.len() < 9 {
            lines.extend(rest.iter().map(|name| Line {
                depth,
                ..line(name, "the same", Tone::Muted)
            }));
        } else {
            lines.push(Line {
                depth,
                ..line(first, &words, Tone::Muted)
            });
            lines.push(Line {
                depth,
                ..line("", &rest[1..].join(", "), Tone::Muted)
            });
        }
    }
    lines
}

/// What a step does, and the action that it calls; a gate calls none.
fn step(step: &Step) -> (String, String) {
    match step {
        Step::Call(call) => (call.words(), call.action().to_owned()),
        Step::Gate(gate) => (gate_words(gate), String::new()),
    }
}

pub(super) fn gate_words(gate: &Gate) -> String {
    format!("wait until: {}", gate.words())
}

fn undo(member: &Member) -> (String, Tone) {
    match &member.undo {
        Undo::Reverse => {
            let calls: Vec<_> = member.calls().filter_map(Call::reversed).collect();
            match &calls[..] {
                [only] => (only.words(), Tone::Plain),
                _ => (
                    "the same calls back, the last first".to_owned(),
                    Tone::Plain,
                ),
            }
        }
        Undo::Redeploy => (
            "CloudFormation takes a failed update back; R brings back what a finished one replaced"
                .to_owned(),
            Tone::Plain,
        ),
        Undo::Never(why) => (format!("cannot be: {}", sanitise(why)), Tone::Warning),
    }
}

fn difference(parameter: &ParameterChange) -> String {
    let value = |value: &Option<Untrusted>| {
        let value = value.as_ref().map(|text| text.safe().into_owned());
        value.unwrap_or_else(|| "(none, or secret)".to_owned())
    };
    match (&parameter.before, &parameter.after) {
        (None, None) => "a secret, which AWS does not tell".to_owned(),
        (before, after) => format!("{} → {}", value(before), value(after)),
    }
}

/// `eu-west-1`, or `prod eu-west-1` where there are several accounts; the account for what is in no region.
pub(super) fn place(scope: &Scope, naming: Naming) -> String {
    let account = sanitise(scope.account.as_str());
    match scope.region().map(Region::as_str) {
        Some(region) if naming == Naming::Account => format!("{account} {}", sanitise(region)),
        Some(region) => sanitise(region).into_owned(),
        None => account.into_owned(),
    }
}

/// How the places of a plan are told apart.
pub(super) fn naming(plan: &Plan) -> Naming {
    let accounts: BTreeSet<_> = plan.members().map(|it| &it.scope.account).collect();
    match accounts.len() {
        0 | 1 => Naming::Region,
        _ => Naming::Account,
    }
}

fn note<T: PartialEq>(shared: &mut Shared<T>, thing: T, member: usize) {
    match shared.iter_mut().find(|(known, _)| *known == thing) {
        Some((_, members)) => _ = members.insert(member),
        None => shared.push((thing, BTreeSet::from([member]))),
    }
}

fn line(name: &str, words: &str, tone: Tone) -> Line {
    Line {
        depth: 0,
        name: name.to_owned(),
        words: words.to_owned(),
        note: String::new(),
        tone,
    }
}

fn blank() -> Line {
    line("", "", Tone::Muted)
}

#[cfg(test)]
mod tests;
