//! A tail from its start to its end: what comes from the engine, from the clock and from the operator.

use super::super::{Exit, Session, output};
use super::Plan;
use super::arguments::{Following, Logs};
use super::lookout::{Lookout, Sight};
use super::outcome::Outcome;
use super::sink::Sink;
use super::sources::Sources;
use super::tally::Sampling;
use super::turn::Turn;
use crate::domain::log::confluence::Rest;
use crate::domain::log::{LogSource, timestamp};
use crate::domain::untrusted::sanitise;
use crate::domain::{Hole, Kind, Problem, Scope, Timestamp};
use crate::engine::log::{News, SourceState, TailId, TailSpec};
use crate::engine::message::{Request, Update};
use chrono::{SecondsFormat, TimeDelta};
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Between two polls of a source.
const INTERVAL: TimeDelta = TimeDelta::seconds(2);

/// How long what was read already may take to be written once somebody has interrupted.
const GRACE: Duration = Duration::from_millis(500);

/// The only tail of the process.
const ID: TailId = TailId(1);

/// A tail that runs.
pub(super) struct Tail<'a> {
    session: &'a mut Session,
    spec: TailSpec,
    following: Following,
    sources: Sources,
    turn: Turn<'a>,
    started: Instant,
    /// When following is to end.
    deadline: Option<Instant>,
    /// Everything before this was to be read, once that is clear.
    until: Option<Timestamp>,
    outcome: Outcome,
    /// What was said already.
    said: BTreeSet<String>,
}

impl<'a> Tail<'a> {
    /// Asks the engine for everything that was found.
    pub(super) async fn start(
        session: &'a mut Session,
        asked: &'a Logs,
        plan: Plan<'a>,
        sources: Sources,
    ) -> Self {
        let range = plan.range;
        let following = match range.until {
            Some(_) => Following::No,
            None => Following::Yes,
        };
        let present = match following {
            Following::Yes => Some(session.clock.now().timestamp_millis()),
            Following::No => None,
        };
        let started = Instant::now();
        let spec = TailSpec {
            id: ID,
            sources: Vec::new(),
            pattern: asked.filter.clone(),
            from: range.from,
            until: range.until,
            manner: asked.manner,
            interval: INTERVAL,
        };
        let span = range.lasting.and_then(|span| span.to_std().ok());
        let mut tail = Self {
            session,
            spec,
            following,
            turn: Turn::new(plan, asked.first, present),
            started,
            deadline: span.map(|span| started + span),
            until: range.until,
            outcome: Outcome::default(),
            said: BTreeSet::new(),
            sources,
        };
        let regions = tail.sources.scopes.iter().filter_map(Scope::region);
        tail.turn.colour(regions);
        tail.extend(tail.sources.list());
        tail.submit().await;
        tail
    }

    fn extend(&mut self, sources: Vec<LogSource>) {
        self.turn.add(&sources, self.started.elapsed());
        self.spec.sources.extend(sources);
    }

    async fn submit(&self) {
        let request = Request::Tail(self.spec.clone());
        self.session.engine.submit(request).await;
    }

    /// Prints until it is over, or enough, or somebody ends it.
    pub(super) async fn run(mut self) -> io::Result<Exit> {
        let mut sink = Sink::open();
        let mut lookout = Lookout::new(self.deadline)?;
        let ended = loop {
            let rest = self.turn.print(self.started.elapsed());
            if self.turn.verdict.is_some() || self.turn.merge.is_over() {
                break self.turn.verdict.unwrap_or_else(|| self.exit());
            }
            let due = match rest {
                Rest::Waiting(until) => until.map(|until| self.started + until),
                Rest::Empty | Rest::Stopped => None,
            };
            // Nothing more is taken in before there is room for its lines.
            let updates = (rest != Rest::Stopped).then_some(&mut self.session.updates);
            let out = (&mut sink, &mut self.turn.lines);
            match lookout.next(out, due, updates).await {
                Sight::Interrupted => return self.interrupted(sink).await,
                Sight::Asked => output::say(&self.account()),
                Sight::Deadline => self.finish().await,
                // Nothing may happen for hours, and nobody would be there to read it.
                Sight::Glance if output::is_abandoned() => return Ok(Exit::Done),
                Sight::Recheck if self.following == Following::Yes => self.watch().await,
                Sight::Glance | Sight::Recheck | Sight::Due => {}
                Sight::Written(written) => written?,
                Sight::Told(Some(update)) => self.take(*update).await,
                // Nothing more will come.
                Sight::Told(None) => break Exit::Done,
            }
        };
        if !self.turn.lines.is_empty() {
            sink.send(&mut self.turn.lines).await?;
        }
        sink.close().await?;
        let until = self.until.filter(|_| self.turn.merge.is_over());
        let doubt = until.and_then(|until| self.outcome.doubt(until.timestamp_millis()));
        let line = self.account();
        output::say(&doubt.map_or(line.clone(), |doubt| format!("{line} {doubt}")));
        Ok(ended)
    }

    /// What was read, and where nothing was because nobody could be asked which groups there are.
    fn account(&self) -> String {
        let mut line = self.turn.tally.line();
        let read: BTreeSet<&Scope> = self.spec.sources.iter().map(|of| &of.scope).collect();
        let problems = self.sources.problems.keys();
        let missing: Vec<String> = problems
            .filter(|scope| !read.contains(scope))
            .map(ToString::to_string)
            .collect();
        if !missing.is_empty() {
            line = format!("{line} Not read: {}.", missing.join(", "));
        }
        line
    }

    /// Writes what was read already, as far as that goes at once.
    async fn interrupted(mut self, mut sink: Sink) -> io::Result<Exit> {
        self.turn.merge.hurry();
        let written = timeout(GRACE, async {
            loop {
                let rest = self.turn.print(self.started.elapsed());
                if !self.turn.lines.is_empty() {
                    sink.send(&mut self.turn.lines).await?;
                }
                if rest != Rest::Stopped || self.turn.verdict.is_some() {
                    return sink.close().await;
                }
            }
        });
        // Whoever does not read any more has missed nothing that they wanted.
        written.await.unwrap_or(Ok(()))?;
        output::say(&self.account());
        Ok(match self.following {
            Following::Yes => self.exit(),
            Following::No => Exit::Interrupted,
        })
    }

    async fn take(&mut self, update: Update) {
        let now = self.started.elapsed();
        match update {
            Update::Log(ID, News::Page(page)) => {
                self.turn.tally.repeat(page.repeated);
                let (source, reached) = (page.source, page.reached);
                self.outcome.answer(source);
                self.turn.merge.push(source, page, reached, now);
            }
            Update::Log(ID, News::State(source, state)) => {
                if let Some(reached) = state.reached {
                    self.turn.merge.reach(source, reached, now);
                }
                self.turn.merge.pace(source, period(&state));
                self.note(source, &state);
            }
            Update::Log(ID, News::Hole(source, hole)) => {
                self.turn.tally.miss();
                self.outcome.miss();
                output::say(&missed(self.spec.sources.get(source), &hole));
            }
            Update::Log(ID, News::Ended(source, result)) => {
                self.turn.merge.end(source);
                let problem = result.as_ref().err();
                self.outcome.stand(source, problem);
                match problem {
                    Some(problem) => self.regret(problem),
                    None => self.outcome.answer(source),
                }
            }
            Update::Attempt(attempt) => {
                self.sources.absorb(attempt);
                self.look_for_more().await;
            }
            Update::Log(..)
            | Update::Query(..)
            | Update::Slept(_)
            | Update::Invoked(..)
            | Update::Spent(_)
            | Update::Measured(_)
            | Update::Sifted(_)
            | Update::Operation(_) => {}
        }
    }

    /// Says what begins to fail. Throttling is AWS's ordinary way of speaking, and only counted.
    fn note(&mut self, source: usize, state: &SourceState) {
        if self.turn.tally.note(source, state) == Sampling::Begins
            && let Some(of) = self.spec.sources.get(source)
        {
            output::say(&format!(
                "{of}: Live Tail leaves events out, because there are more than 500 in a second."
            ));
        }
        self.outcome.note(source, state);
        let problem = state.failing.as_ref();
        let problem = problem.filter(|problem| problem.kind != Kind::Throttled);
        self.turn.merge.fail(source, problem.is_some());
        let before = self.outcome.stand(source, problem);
        if let Some(problem) = problem
            && before.is_none_or(|before| before.kind != problem.kind)
        {
            self.regret(problem);
        }
    }

    /// Says a problem. A pattern that CloudWatch refuses is refused for every group, and once is enough.
    fn regret(&mut self, problem: &Problem) {
        let is_pattern = problem.kind == Kind::Invalid && self.spec.pattern.is_some();
        if is_pattern && self.turn.verdict.is_some() {
            return;
        }
        self.say_once(problem.to_string());
        if is_pattern {
            self.turn.verdict = Some(Exit::Usage);
        }
    }

    /// Groups of the same place often have the same problem.
    fn say_once(&mut self, sentence: String) {
        if !self.said.contains(&sentence) {
            output::say(&sentence);
            self.said.insert(sentence);
        }
    }

    /// Keeps looking for new groups.
    async fn watch(&mut self) {
        let wishes = self.sources.wishes();
        self.session.engine.submit(Request::Watch(wishes)).await;
    }

    /// Takes groups in that have come since.
    async fn look_for_more(&mut self) {
        let mut new = self.sources.list();
        new.retain(|source| !self.spec.sources.contains(source));
        if new.is_empty() {
            return;
        }
        for source in &new {
            output::say(&format!("New, and followed from now on: {source}."));
        }
        self.extend(new);
        self.submit().await;
        self.watch().await;
    }

    async fn finish(&mut self) {
        let until = self.session.clock.now();
        self.until = Some(until);
        let request = Request::Finish(ID, until);
        self.session.engine.submit(request).await;
    }

    fn exit(&self) -> Exit {
        let places: Vec<&Problem> = self.sources.problems.values().collect();
        self.outcome.exit(self.spec.sources.len(), &places)
    }
}

/// Between two readings of a source: the interval, or what its region allows it. Live Tail tells by itself.
fn period(state: &SourceState) -> Duration {
    if state.live.is_some() {
        return Duration::ZERO;
    }
    let interval = INTERVAL.to_std().unwrap_or_default();
    let allowed = Duration::try_from_secs_f64(state.share.recip()).unwrap_or_default();
    interval.max(allowed)
}

fn missed(source: Option<&LogSource>, hole: &Hole) -> String {
    let time = |millis| timestamp(millis).to_rfc3339_opts(SecondsFormat::Millis, true);
    let events = match hole.events {
        Some(1) => "1 event".to_owned(),
        Some(events) => format!("{events} events"),
        None => "Events".to_owned(),
    };
    let of = source
        .map(|source| format!(" of {source}"))
        .unwrap_or_default();
    format!(
        "{events}{of} from {} until {} could not be read: {}",
        time(hole.from),
        time(hole.until),
        sanitise(&hole.why)
    )
}
