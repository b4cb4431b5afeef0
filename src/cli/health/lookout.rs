//! Goes on looking: prints every change as it comes, until somebody interrupts or what is waited for has come.
//!
//! What was read stays: a control plane that falls silent is told once, and changes nothing.

use super::arguments::{WantedHealth, Watching};
use super::{Verdict, print, reasons, row, show};
use crate::cli::endpoints::{self, Question, Seat};
use crate::cli::events::GLANCE;
use crate::cli::fetch::Fetched;
use crate::cli::output::{self, Format};
use crate::cli::{Exit, Session};
use crate::domain::json;
use crate::domain::store::Attempt;
use crate::domain::time::words;
use crate::domain::{AcceleratorArn, Health, Scope, Timestamp, Topic, Untrusted};
use crate::engine::message::{Cadence, Request, Wish};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

/// How often what hangs on an accelerator is looked at, and how often which accelerators there are.
const CADENCE: TimeDelta = TimeDelta::seconds(15);
const SELDOM: TimeDelta = TimeDelta::minutes(5);

type Place = (Scope, AcceleratorArn, Untrusted);

/// What was seen last.
struct Lookout<'w> {
    wanted: &'w WantedHealth,
    format: Format,
    fetched: Fetched,
    lists: Vec<Question>,
    seen: BTreeMap<Place, Health>,
    /// What does not answer, and has been said.
    failing: BTreeSet<Question>,
}

pub(super) async fn keep(
    session: &mut Session,
    fetched: Fetched,
    wanted: &WantedHealth,
    patience: Option<Duration>,
    format: Format,
) -> io::Result<Exit> {
    let accounts = session.fleet.accounts.iter();
    let lists: Vec<Question> = accounts
        .map(|account| (Topic::Accelerators, Scope::global(&account.name)))
        .collect();
    let mut lookout = Lookout {
        wanted,
        format,
        failing: fetched_failures(&fetched, &lists),
        fetched,
        lists,
        seen: BTreeMap::new(),
    };
    lookout.seen = lookout.standing();
    let deadline = patience.map(|patience| Instant::now() + patience);
    // Before anything is printed: whoever has seen the first line may interrupt.
    let mut interrupted = signal(SignalKind::interrupt())?;
    if wanted.watching == Watching::Yes {
        let questions = lookout.questions();
        show(session, &lookout.fetched, wanted, &questions, format).await?;
    }
    let mut glance = tokio::time::interval(GLANCE);
    lookout.watch(session).await;
    loop {
        let update = tokio::select! {
            // Who waits has not got what was waited for.
            _ = interrupted.recv() => {
                return Ok(if patience.is_some() { Exit::Interrupted } else { Exit::Done });
            }
            () = until(deadline) => return lookout.give_up(session, patience).await,
            // Nothing may happen for hours, and nobody would be there to read it.
            _ = glance.tick() => if output::is_abandoned() { return Ok(Exit::Done) } else { continue },
            update = session.updates.recv() => update,
        };
        let Some(update) = update else {
            return Ok(Exit::Done);
        };
        for attempt in update.attempts() {
            if lookout.take_in(session, attempt).await? == Sought::Found && patience.is_some() {
                return lookout.end(session).await;
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sought {
    Open,
    Found,
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What did not answer the first time has been said already.
fn fetched_failures(fetched: &Fetched, lists: &[Question]) -> BTreeSet<Question> {
    let below = endpoints::below(&fetched.store, lists);
    let questions = lists.iter().cloned().chain(below);
    let failed = questions.filter(|it| endpoints::unanswered(fetched, it).is_some());
    failed.collect()
}

impl Lookout<'_> {
    fn questions(&self) -> Vec<Question> {
        let below = endpoints::below(&self.fetched.store, &self.lists);
        self.lists.iter().cloned().chain(below).collect()
    }

    async fn watch(&self, session: &Session) {
        let wishes = self.questions().into_iter().map(|(topic, scope)| Wish {
            cadence: match topic {
                Topic::Accelerators => Cadence::Background(SELDOM),
                _ => Cadence::Focused(CADENCE),
            },
            topic,
            scope,
        });
        let watch = Request::Watch(wishes.collect());
        session.engine.submit(watch).await;
    }

    async fn take_in(&mut self, session: &mut Session, attempt: Attempt) -> io::Result<Sought> {
        let question = (attempt.topic.clone(), attempt.scope.clone());
        let known = self.questions();
        if !known.contains(&question) {
            return Ok(Sought::Open);
        }
        match &attempt.result {
            Ok(_) => _ = self.failing.remove(&question),
            Err(problem) => {
                if self.failing.insert(question) {
                    output::say(&problem.to_string());
                }
            }
        }
        let at = attempt.at;
        self.fetched.store.absorb(attempt);
        self.tell(session, at).await?;
        if self.questions() != known {
            self.watch(session).await;
        }
        let verdict = Verdict::of(&self.fetched, &self.questions(), self.wanted);
        // What was healthy when it could last be asked may not be any more.
        Ok(if verdict == Verdict::Healthy && self.failing.is_empty() {
            Sought::Found
        } else {
            Sought::Open
        })
    }

    fn standing(&self) -> BTreeMap<Place, Health> {
        let questions = self.questions();
        let seats = endpoints::seats(&self.fetched.store, &questions, &self.wanted.regions);
        let healths = seats.iter();
        healths
            .map(|seat| (place(seat), seat.endpoint.health.clone()))
            .collect()
    }

    /// Prints what is not as it was.
    async fn tell(&mut self, session: &mut Session, at: Timestamp) -> io::Result<()> {
        let now = self.standing();
        let before = std::mem::replace(&mut self.seen, now);
        if before == self.seen || self.wanted.watching == Watching::No {
            return Ok(());
        }
        let questions = self.questions();
        let seats = endpoints::seats(&self.fetched.store, &questions, &self.wanted.regions);
        let changed: Vec<Seat<'_>> = seats
            .into_iter()
            .filter(|seat| before.get(&place(seat)) != Some(&seat.endpoint.health))
            .collect();
        let reasons = reasons(session, self.wanted, &changed).await;
        if changed.iter().any(super::reason::is_asked) {
            // Asking took the place of what was watched.
            self.watch(session).await;
        }
        for seat in &changed {
            let from = before.get(&place(seat));
            let reason = reasons.of(seat);
            match self.format {
                Format::Table => {
                    let from = from.map_or("new".into(), Health::word);
                    let line = row::change(session.output, at, seat, &from, reason.as_ref());
                    output::line(&line)?;
                }
                Format::Json => {
                    let mut object = row::object(seat, reason.as_ref());
                    object["at"] = at.to_rfc3339().into();
                    object["from"] = from.and_then(crate::cli::accelerators::health_word).into();
                    output::line(&json::text(&object))?;
                }
            }
        }
        for (place, health) in &before {
            if !self.seen.contains_key(place) {
                self.tell_gone(at, place, health)?;
            }
        }
        reasons.say_problems();
        Ok(())
    }

    fn tell_gone(
        &self,
        at: Timestamp,
        (scope, group, endpoint): &Place,
        health: &Health,
    ) -> io::Result<()> {
        match self.format {
            Format::Table => output::line(&format!(
                "{}  {}  {}  {} -> gone",
                at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                scope.account,
                endpoint.safe(),
                health.word()
            )),
            Format::Json => output::line(&json::text(&json!({
                "account": scope.account.as_str(),
                "group": group.exact(),
                "endpoint": endpoint.exact(),
                "at": at.to_rfc3339(),
                "from": crate::cli::accelerators::health_word(health),
                "health": "gone",
            }))),
        }
    }

    /// Everything is healthy.
    async fn end(self, session: &mut Session) -> io::Result<Exit> {
        if self.wanted.watching == Watching::No {
            let questions = self.questions();
            let seats = endpoints::seats(&self.fetched.store, &questions, &self.wanted.regions);
            let reasons = reasons(session, self.wanted, &[]).await;
            print(session, &seats, &reasons, self.format)?;
        }
        Ok(Exit::Done)
    }

    /// It was not in time: tells what is left.
    async fn give_up(self, session: &mut Session, patience: Option<Duration>) -> io::Result<Exit> {
        let questions = self.questions();
        let seats = endpoints::seats(&self.fetched.store, &questions, &self.wanted.regions);
        let counted = seats.iter().filter(|seat| seat.counts());
        let all = counted.clone().count();
        let left: Vec<Seat<'_>> = counted
            .filter(|seat| seat.endpoint.health != Health::Healthy)
            .copied()
            .collect();
        let reasons = reasons(session, self.wanted, &left).await;
        print(session, &left, &reasons, self.format)?;
        reasons.say_problems();
        let waited = patience.and_then(|it| TimeDelta::from_std(it).ok());
        let waited = words(waited.unwrap_or_default());
        let unread = self.failing.len();
        output::say(&match (left.len(), unread) {
            (0, _) => {
                format!("After {waited} it could not be read whether every endpoint is healthy.")
            }
            (some, 0) => format!("After {waited} {some} of {all} endpoints are not healthy."),
            (some, _) => format!(
                "After {waited} {some} of {all} endpoints are not healthy, as far as they could be read."
            ),
        });
        Ok(Exit::Failed)
    }
}

fn place(seat: &Seat<'_>) -> Place {
    (
        seat.scope.clone(),
        seat.group.arn.clone(),
        seat.endpoint.id.clone(),
    )
}
