//! `quarterdeck metrics FUNCTION`: how a function ran, in every region that has it.
//!
//! Without options, ramuda's totals over a day; with `--period`, a row for each period. *No data is not zero*: it is
//! `-` in the table and null in JSON.

mod arguments;
mod measured;
mod statistic;
mod window;

pub use arguments::WantedMetrics;
pub(super) use arguments::{by_verb, verb};

use super::fetch::{Fetched, nowhere, unasked};
use super::functions::listed;
use super::output::{self, Format};
use super::{Exit, Session};
use crate::config::near;
use crate::domain::function::name_mistake;
use crate::domain::untrusted::sanitise;
use crate::domain::{Extent, Grain, Metrics, Scope, Slot, Subject, Topic, Untrusted};
use measured::{Measured, Report};
use statistic::Statistic;
use std::collections::BTreeSet;
use std::io;
use window::Window;

pub(super) async fn run(
    session: &mut Session,
    wanted: &WantedMetrics,
    format: Format,
) -> io::Result<Exit> {
    let asked = match Asked::of(session, wanted) {
        Ok(asked) => asked,
        Err(sentence) => {
            output::say(&sentence);
            return Ok(Exit::Usage);
        }
    };
    let mut fetched = Fetched::default();
    let scopes = fetched.everywhere(session, Topic::Functions).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Ok(Exit::Usage);
    }
    let places: Vec<Scope> = listed(&fetched, &scopes)
        .filter(|(_, function)| function.name == asked.function)
        .map(|(scope, _)| scope.clone())
        .collect();
    if places.is_empty() {
        return Ok(not_found(&fetched, &scopes, asked.function.exact()));
    }
    let questions = places
        .iter()
        .flat_map(|scope| asked.topics().map(|topic| (topic, scope.clone())));
    let questions = questions.collect();
    fetched.ask(session, questions).await;
    let (measured, gaps): (Vec<Measured<'_>>, Vec<String>) = asked.measured(&fetched, &places);
    let report = Report {
        asked: &asked,
        measured,
    };
    match format {
        Format::Table => {
            report.table(session)?;
            output::say(&asked.window.words());
        }
        Format::Json => report.lines()?,
    }
    for gap in &gaps {
        output::say(gap);
    }
    fetched.say_problems();
    Ok(match fetched.exit(&scopes) {
        Exit::Done if !gaps.is_empty() => Exit::Partial,
        exit => exit,
    })
}

/// What was asked for, once it has turned out to make sense.
struct Asked {
    function: Untrusted,
    /// Of the duration.
    statistics: Vec<Statistic>,
    window: Window,
}

impl Asked {
    /// The error is a sentence.
    fn of(session: &Session, wanted: &WantedMetrics) -> Result<Self, String> {
        if let Some(mistake) = name_mistake(&wanted.function) {
            return Err(mistake);
        }
        let mut statistics: Vec<Statistic> = Vec::new();
        for word in &wanted.statistics {
            let statistic = Statistic::parse(word)?;
            if !statistics.contains(&statistic) {
                statistics.push(statistic);
            }
        }
        if statistics.is_empty() {
            statistics.push(Statistic::Sum);
        }
        let others = statistics.iter().filter(|it| it.metric("").is_some());
        let lines = Subject::Lambda.measures().len() + others.count();
        let window = Window::of(wanted, lines, session.clock.now())?;
        let torn = statistics.iter().find(|it| !it.adds_up());
        if let (window::Rows::Total, Some(torn)) = (window.rows, torn) {
            return Err(format!(
                "`{}` of the whole window cannot be made from that of its parts: name a `--period`, for example `--period 1h`.",
                torn.word()
            ));
        }
        Ok(Self {
            function: Untrusted::new(wanted.function.as_str()),
            statistics,
            window,
        })
    }

    fn grain(&self) -> Grain {
        self.window.grain
    }

    /// Everything that is measured of the function.
    fn subject(&self) -> Topic {
        Topic::Metrics(Subject::Function(self.function.clone()), self.grain())
    }

    /// A statistic that is not among that.
    fn other(&self, statistic: &Statistic) -> Option<Topic> {
        let metric = statistic.metric(self.function.exact())?;
        Some(Topic::Metrics(Subject::Metric(metric), self.grain()))
    }

    fn topics(&self) -> impl Iterator<Item = Topic> {
        let others = self.statistics.iter().filter_map(|it| self.other(it));
        std::iter::once(self.subject()).chain(others)
    }

    /// What came of it in each place, and what CloudWatch left out.
    fn measured<'f>(
        &self,
        fetched: &'f Fetched,
        places: &'f [Scope],
    ) -> (Vec<Measured<'f>>, Vec<String>) {
        let (mut all, mut gaps) = (Vec::new(), Vec::new());
        for scope in places {
            let known = |topic: &Topic| -> Option<&'f Metrics> {
                let slot = fetched.store.metrics(scope, topic);
                slot.and_then(Slot::value)
            };
            let Some(function) = known(&self.subject()) else {
                // Why not is among the problems.
                continue;
            };
            let others = self.statistics.iter().map(|it| self.other(it));
            let others: Vec<_> = others.map(|topic| known(&topic?)).collect();
            let parts = std::iter::once(function).chain(others.iter().flatten().copied());
            let partial = parts.filter_map(|metrics| match &metrics.extent {
                Extent::Whole => None,
                Extent::Partial(why) => Some(why.as_ref()),
            });
            if let Some(why) = partial.reduce(Option::or) {
                gaps.push(gap(&self.function, scope, why));
            }
            all.push(Measured {
                scope,
                function,
                others,
            });
        }
        (all, gaps)
    }
}

fn gap(function: &Untrusted, scope: &Scope, why: Option<&Untrusted>) -> String {
    let why = why.map_or_else(String::new, |why| format!(": {}", why.safe()));
    format!(
        "CloudWatch could not give all metrics of {} in {scope}{}. The numbers may be too small; ask again in a while.",
        function.safe(),
        why.trim_end_matches('.')
    )
}

/// That there is no such function can only be said when every region has answered.
fn not_found(fetched: &Fetched, scopes: &[Scope], wanted: &str) -> Exit {
    if !fetched.problems.is_empty() {
        fetched.say_problems();
        output::say(&unasked("function", wanted, fetched.problems.keys()));
        return fetched.exit(scopes);
    }
    let names: BTreeSet<&str> = listed(fetched, scopes)
        .map(|(_, function)| function.name.exact())
        .collect();
    let mut accounts: Vec<&str> = scopes.iter().map(|scope| scope.account.as_str()).collect();
    accounts.dedup();
    let place = match scopes {
        [one] => one.to_string(),
        several => format!(
            "{} regions of {}",
            several.len(),
            sanitise(&accounts.join(", "))
        ),
    };
    let shown = sanitise(wanted);
    output::say(&match near(wanted, names) {
        Some(name) => format!(
            "There is no function `{shown}` in {place}; did you mean `{}`?",
            sanitise(name)
        ),
        None => format!("There is no function `{shown}` in {place}."),
    });
    Exit::Usage
}
