//! Which groups there are to read: asks what the selectors need, until nothing new is needed.

use super::super::fetch::{Fetched, nowhere};
use super::super::{Exit, Session, output};
use super::arguments::Following;
use crate::domain::log::{LogSource, Selector};
use crate::domain::store::Attempt;
use crate::domain::untrusted::sanitise;
use crate::domain::{Kind, Problem, Reach, Scope, Slot, Store, Topic, Untrusted};
use crate::engine::message::{Cadence, Wish};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use strsim::osa_distance;

/// How often it is looked whether there are new groups.
pub(super) const CADENCE: TimeDelta = TimeDelta::seconds(60);

/// How long who follows waits for a region before the first line: it may join later.
const PATIENCE: Duration = Duration::from_secs(6);

/// How many names a "did you mean" offers.
const OFFERED: usize = 3;

/// What was asked for, and what is known of it.
#[derive(Debug)]
pub(super) struct Sources {
    selectors: Vec<Selector>,
    /// In the fleet's order.
    pub(super) scopes: Vec<Scope>,
    fetched: Fetched,
    /// Where something could not be asked.
    pub(super) problems: BTreeMap<Scope, Problem>,
}

impl Sources {
    /// Asks for everything that the selectors need. Ends with a code when there is nothing to read, having said why.
    pub(super) async fn find(
        session: &mut Session,
        words: &[String],
        following: Following,
    ) -> Result<Self, Exit> {
        let mut fetched = Fetched::default();
        let scopes = fetched.scopes(session).await;
        if scopes.is_empty() {
            output::say(&nowhere(&session.fleet));
            return Err(Exit::Usage);
        }
        let mut selectors: Vec<Selector> = words.iter().map(|word| Selector::parse(word)).collect();
        selectors.sort();
        selectors.dedup();
        let mut sources = Self {
            selectors,
            scopes,
            problems: std::mem::take(&mut fetched.problems),
            fetched,
        };
        let mut asked = BTreeSet::new();
        loop {
            let mut questions = sources.questions();
            questions.retain(|question| asked.insert(question.clone()));
            if questions.is_empty() {
                break;
            }
            sources.ask(session, questions, following).await;
        }
        sources.say_problems();
        sources.judge(session).await?;
        Ok(sources)
    }

    /// What has to be known, as far as that is clear by now.
    fn questions(&self) -> Vec<(Topic, Scope)> {
        let of = |scope: &Scope| -> BTreeSet<Topic> {
            let selectors = self.selectors.iter();
            selectors
                .flat_map(|selector| selector.questions(&self.fetched.store, scope))
                .collect()
        };
        let scopes = self.scopes.iter();
        scopes
            .flat_map(|scope| of(scope).into_iter().map(|topic| (topic, scope.clone())))
            .collect()
    }

    async fn ask(
        &mut self,
        session: &mut Session,
        questions: Vec<(Topic, Scope)>,
        following: Following,
    ) {
        let patience = match following {
            Following::Yes => Some(PATIENCE),
            Following::No => None,
        };
        let asked = self.fetched.ask_aloud(session, questions.clone(), patience);
        for (_, scope) in asked.await {
            let kind = Kind::Unreachable(Reach::TimedOut);
            let what = format!("No answer yet from {scope}: going on without it for now.");
            let problem = Problem::new(kind, what);
            self.problems.entry(scope).or_insert(problem);
        }
        // A later answer of the same scope ends a problem there, so each question is looked at on its own.
        let accounts = std::mem::take(&mut self.fetched.problems);
        let shut = accounts
            .into_iter()
            .filter(|(_, problem)| problem.kind == Kind::Expired);
        self.problems.extend(shut);
        for (topic, scope) in questions {
            if let Some(problem) = failing(&self.fetched.store, &scope, &topic) {
                self.problems.entry(scope).or_insert(problem);
            }
        }
    }

    /// The wishes that keep knowing it.
    pub(super) fn wishes(&self) -> Vec<Wish> {
        let wish = |(topic, scope)| Wish {
            topic,
            scope,
            cadence: Cadence::Background(CADENCE),
        };
        self.questions().into_iter().map(wish).collect()
    }

    /// Takes in what was learned since.
    pub(super) fn absorb(&mut self, attempt: Attempt) {
        let scope = attempt.scope.clone();
        let is_answer = attempt.result.is_ok();
        self.fetched.store.absorb(attempt);
        // A region that was only slow has joined.
        let is_silent = |problem: &Problem| matches!(problem.kind, Kind::Unreachable(_));
        if is_answer && self.problems.get(&scope).is_some_and(is_silent) {
            self.problems.remove(&scope);
        }
    }

    /// Every group in every place, in the fleet's order.
    pub(super) fn list(&self) -> Vec<LogSource> {
        let of = |scope: &Scope| -> BTreeSet<Untrusted> {
            let selectors = self.selectors.iter();
            selectors
                .flat_map(|selector| selector.groups(&self.fetched.store, scope))
                .collect()
        };
        let source = |scope: &Scope, group| LogSource {
            scope: scope.clone(),
            group,
        };
        let scopes = self.scopes.iter();
        scopes
            .flat_map(|scope| of(scope).into_iter().map(move |group| source(scope, group)))
            .collect()
    }

    /// Says each problem once: an account without credentials has the same one in every region.
    fn say_problems(&self) {
        let problems = self.problems.values().map(ToString::to_string);
        for problem in problems.collect::<BTreeSet<String>>() {
            output::say(&problem);
        }
    }

    /// Says which selectors lead nowhere, and which only somewhere. One that certainly leads nowhere is a mistake;
    /// one that may lead somewhere keeps nobody from reading the others.
    async fn judge(&mut self, session: &mut Session) -> Result<(), Exit> {
        let selectors = self.selectors.clone();
        let mut is_wrong = false;
        for selector in &selectors {
            let has = |scope: &&Scope| !selector.groups(&self.fetched.store, scope).is_empty();
            let places: Vec<&Scope> = self.scopes.iter().filter(has).collect();
            if places.is_empty() && self.problems.is_empty() {
                let sentence = self.unknown(session, selector).await;
                output::say(&sentence);
                is_wrong = true;
            } else if places.is_empty() {
                output::say(&self.unasked(selector));
            } else if selector.is_exact() {
                let silent = |scope: &&Scope| self.problems.contains_key(scope);
                let answered = self.scopes.len() - self.scopes.iter().filter(silent).count();
                if places.len() < answered {
                    output::say(&elsewhere(selector, &places, answered));
                }
            }
        }
        if is_wrong {
            Err(Exit::Usage)
        } else if self.list().is_empty() {
            Err(self.exit())
        } else {
            Ok(())
        }
    }

    /// The end of a run in which nothing could be read.
    fn exit(&self) -> Exit {
        let asked: BTreeSet<&Scope> = self.scopes.iter().chain(self.problems.keys()).collect();
        let problems: Vec<Problem> = self.problems.values().cloned().collect();
        Exit::after(asked.len(), &problems)
    }

    fn unasked(&self, selector: &Selector) -> String {
        let name = |scope: &Scope| match scope.region() {
            Some(_) => scope.to_string(),
            // Its regions could not be discovered.
            None => format!("other regions of {scope}"),
        };
        let scopes: Vec<String> = self.problems.keys().map(name).collect();
        format!(
            "Nothing was found for `{}`, but it may stand where nothing could be asked: {}.",
            sanitise(&selector.to_string()),
            scopes.join(", ")
        )
    }

    /// That there is none, with the nearest names that there are.
    async fn unknown(&mut self, session: &mut Session, selector: &Selector) -> String {
        let wanted = selector.to_string();
        let wanted = sanitise(&wanted);
        let (noun, names) = match selector {
            Selector::Glob(_) => return format!("No log group fits `{wanted}`."),
            Selector::Stack(name) => {
                let names = self.stacks();
                if names.contains(name) {
                    return format!(
                        "The resources of stack `{}` write to no log group that exists.",
                        sanitise(name)
                    );
                }
                ("stack", names)
            }
            Selector::Function(_) => {
                let names = self.groups(session, "/aws/lambda/").await;
                let name = |group: &String| group.strip_prefix("/aws/lambda/").map(str::to_owned);
                (
                    "function with a log group",
                    names.iter().filter_map(name).collect(),
                )
            }
            Selector::Group(_) => ("log group", self.groups(session, "").await),
        };
        let name = sanitise(selector.name());
        let offered: Vec<String> = nearest(selector.name(), &names)
            .iter()
            .map(|near| format!("`{}`", sanitise(near)))
            .collect();
        match offered.as_slice() {
            [] => format!("There is no {noun} `{name}` here."),
            [one] => format!("There is no {noun} `{name}` here; did you mean {one}?"),
            [others @ .., last] => format!(
                "There is no {noun} `{name}` here; did you mean {} or {last}?",
                others.join(", ")
            ),
        }
    }

    fn stacks(&self) -> BTreeSet<String> {
        let known = self.fetched.store.all_stacks();
        known
            .filter_map(|(_, slot)| slot.value())
            .flatten()
            .map(|stack| stack.name.exact().to_owned())
            .collect()
    }

    /// The names of all groups that begin so, everywhere.
    async fn groups(&mut self, session: &mut Session, beginning: &str) -> BTreeSet<String> {
        let topic = Topic::LogGroups(Untrusted::from(beginning));
        let questions = self
            .scopes
            .iter()
            .map(|scope| (topic.clone(), scope.clone()));
        self.fetched.ask(session, questions.collect()).await;
        let of = |scope| {
            let slot = self.fetched.store.log_groups(scope, &topic);
            slot.and_then(Slot::value).unwrap_or_default()
        };
        self.scopes
            .iter()
            .flat_map(of)
            .map(|group| group.name.exact().to_owned())
            .collect()
    }
}

/// Why a question was not answered, where that leaves something out. A function that is not there, or may not be
/// looked at, leaves out nothing: its group may be there all the same.
fn failing(store: &Store, scope: &Scope, topic: &Topic) -> Option<Problem> {
    let failing = match topic {
        Topic::LogGroups(_) => store.log_groups(scope, topic)?.failing(),
        Topic::Stacks => store.stacks(scope)?.failing(),
        Topic::Resources(_) => store.resources(scope, topic)?.failing(),
        Topic::FunctionLog(_) => {
            let failing = store.function_log(scope, topic)?.failing();
            failing.filter(|failing| !matches!(failing.problem.kind, Kind::Missing | Kind::Denied))
        }
        _ => None,
    };
    failing.map(|failing| failing.problem.clone())
}

/// The names that were probably meant: those of which it is a part, then those whose last part is spelled alike.
fn nearest(wanted: &str, names: &BTreeSet<String>) -> Vec<String> {
    let lower = wanted.to_lowercase();
    let (folder, last) = lower.rsplit_once('/').unwrap_or(("", &lower));
    if last.is_empty() {
        return Vec::new();
    }
    let slips = last.chars().count() / 3;
    let distance = |name: &String| {
        let name = name.to_lowercase();
        if wanted.len() > 2 && name.contains(&lower) {
            return Some((0, false));
        }
        let (place, end) = name.rsplit_once('/').unwrap_or(("", &name));
        // It may be only the beginning of a name that a stack has made longer.
        let length = last.chars().count();
        let beginnings = (length.saturating_sub(1)..=length + 1)
            .map(|length| end.chars().take(length).collect::<String>());
        let slipped = beginnings
            .map(|beginning| osa_distance(last, &beginning))
            .chain([osa_distance(last, end)])
            .min()?;
        (slipped <= slips).then_some((slipped, place != folder))
    };
    let mut found: Vec<_> = names
        .iter()
        .filter_map(|name| Some((distance(name)?, name)))
        .collect();
    found.sort();
    let offered = found.into_iter().take(OFFERED);
    offered.map(|(_, name)| name.clone()).collect()
}

fn elsewhere(selector: &Selector, places: &[&Scope], all: usize) -> String {
    let names: Vec<String> = places.iter().map(ToString::to_string).collect();
    format!(
        "`{}` exists in {} of {all} regions that answered: {}.",
        sanitise(&selector.to_string()),
        names.len(),
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_probably_meant_are_offered() {
        let names = [
            "/aws/lambda/checkout-api-Function",
            "/aws/lambda/checkout-web",
            "/aws/lambda/orders",
            "/ecs/checkout-api",
            "/x",
        ];
        let names: BTreeSet<String> = names.map(str::to_owned).into();
        for (wanted, offered) in [
            (
                "checkout",
                &[
                    "/aws/lambda/checkout-api-Function",
                    "/aws/lambda/checkout-web",
                    "/ecs/checkout-api",
                ][..],
            ),
            (
                "/aws/lambda/chekout-api",
                &["/aws/lambda/checkout-api-Function", "/ecs/checkout-api"],
            ),
            ("/aws/lambda/Order", &["/aws/lambda/orders"]),
            ("nothing-alike", &[]),
            ("", &[]),
        ] {
            assert_eq!(nearest(wanted, &names), offered, "{wanted}");
        }
    }
}
