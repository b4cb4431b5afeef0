//! Watches a run to its end: a line for everything that happens, the first Ctrl-C cancels what can be cancelled, the second
//! leaves.
//!
//! Leaving ends nothing in AWS. A reader of standard output that goes away ends nothing either: the run is watched on, in
//! silence, because whoever started it wants its exit code.

use super::story::{self, place, tell};
use super::{consent, words};
use crate::cli::output::{self, Cell, Format, Tone};
use crate::cli::{Exit, Session};
use crate::domain::operation::{
    Gate, GateState, MemberRun, OperationId, Outcome, Run, Stamped, Steered,
};
use crate::domain::untrusted::sanitise;
use crate::domain::{Access, AccountName, json, time};
use crate::engine::message::{Arming, Keeper, Order, Request, Tidings, Update};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::pin::Pin;
use tokio::signal::unix::{SignalKind, signal};

/// Lets requests that change something leave for these accounts, where the fleet file leaves it to the operator.
pub(in crate::cli) async fn arm(session: &Session, accounts: BTreeSet<AccountName>) {
    for name in accounts {
        let account = session.fleet.account(&name);
        if account.is_some_and(|account| account.access == Access::OnceArmed) {
            let order = Order::Arm(name, Arming::On);
            session.engine.submit(Request::Operate(order)).await;
        }
    }
}

/// A run that is looked at.
pub(in crate::cli) struct Watch {
    id: OperationId,
    format: Format,
    /// What approves of gates that wait for it, if anything does.
    approval: Option<String>,
    run: Option<Run>,
    /// Gates that were approved of or asked about.
    met: BTreeSet<(usize, usize)>,
    reader: Reader,
    cancelling: Cancelling,
    begun: Begun,
    /// How it ends if nobody runs it any more: something was refused, and it is not known yet what.
    refused: Option<Exit>,
}

/// Whether anything has happened to the run here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    No,
    Yes,
}

/// Whether somebody still reads standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    There,
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cancelling {
    No,
    Asked,
}

/// What somebody at the terminal is asked, until he answers.
type Answer = Pin<Box<dyn Future<Output = String>>>;

impl Watch {
    pub(in crate::cli) fn new(id: OperationId, format: Format, approval: Option<String>) -> Self {
        Self {
            id,
            format,
            approval,
            run: None,
            met: BTreeSet::new(),
            reader: Reader::There,
            cancelling: Cancelling::No,
            begun: Begun::No,
            refused: None,
        }
    }

    /// A run of which some has been told before.
    pub(in crate::cli) fn from(mut self, run: Run) -> Self {
        self.run = Some(run);
        self
    }

    /// Watches until it has ended, or somebody leaves.
    pub(in crate::cli) async fn follow(mut self, session: &mut Session) -> io::Result<Exit> {
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut answer: Option<Answer> = None;
        if self.is_stuck_at_a_gate(session, &mut answer).await {
            return Ok(Exit::Refused);
        }
        loop {
            let update = tokio::select! {
                _ = interrupted.recv() => match self.interrupted(session).await {
                    Some(exit) => return Ok(exit),
                    None => continue,
                },
                said = answered(&mut answer) => {
                    answer = None;
                    self.answered(session, &said).await;
                    continue;
                }
                update = session.updates.recv() => update,
            };
            match update {
                Some(Update::Operation(Tidings::Happened(id, stamped))) if id == self.id => {
                    self.happened(session, &stamped);
                }
                Some(Update::Operation(Tidings::Progress {
                    run,
                    wave,
                    member,
                    words,
                })) if run == self.id => self.progress(session, (wave, member), &words),
                Some(Update::Operation(Tidings::Refused(id, problem))) if id == self.id => {
                    let exit = super::refused(&problem, Exit::Refused);
                    if self.begun == Begun::No {
                        return Ok(exit);
                    }
                    // Either a word came at the wrong time, and the run goes on, or the run had to be left where it is.
                    self.refused = Some(exit);
                    session.engine.submit(Request::Operate(Order::Runs)).await;
                }
                Some(Update::Operation(Tidings::Kept(id, keeper))) if id == self.id => {
                    let refused = self.refused.take();
                    match (keeper, refused) {
                        (Keeper::Another | Keeper::Nobody, Some(exit)) => return Ok(exit),
                        // Whoever is at the terminal may say it again.
                        (Keeper::Ourselves, Some(_))
                            if self.approval.is_none() && answer.is_none() =>
                        {
                            self.met.clear();
                        }
                        (Keeper::Ourselves, _) | (_, None) => {}
                    }
                }
                Some(Update::Operation(Tidings::Runs(Err(_)))) => {
                    if let Some(exit) = self.refused {
                        return Ok(exit);
                    }
                }
                Some(_) => {}
                None => return Ok(self.left()),
            }
            if let Some(exit) = self.ended(session) {
                return Ok(exit);
            }
            if self.is_stuck_at_a_gate(session, &mut answer).await {
                return Ok(Exit::Refused);
            }
        }
    }

    fn happened(&mut self, session: &Session, stamped: &Stamped) {
        self.begun = Begun::Yes;
        match &mut self.run {
            Some(run) if stamped.number < run.records => return,
            Some(run) => run.absorb(stamped),
            None => self.run = Run::replay(std::slice::from_ref(stamped)),
        }
        let Some(run) = &self.run else {
            return;
        };
        let told = tell(run, stamped);
        let line = match self.format {
            Format::Table => {
                let width = width(run);
                let words = session.output.painted(&told.words, told.tone);
                format!(
                    "{} {:<width$}  {words}",
                    story::clock(stamped.at),
                    told.place
                )
            }
            Format::Json => json::text(&json!({
                "operation": self.id.as_str(),
                "number": stamped.number,
                "at": stamped.at.to_rfc3339(),
                "place": told.place,
                "words": told.words,
                "record": record(stamped),
            })),
        };
        self.print(&line);
    }

    fn progress(&mut self, session: &Session, (wave, member): (usize, usize), words: &str) {
        let Some(run) = &self.run else {
            return;
        };
        let Some((member, _)) = run.member(wave, member) else {
            return;
        };
        let place = place(&member.scope);
        let at = session.clock.now();
        let line = match self.format {
            Format::Table => {
                let width = width(run);
                let words = sanitise(words);
                let words = session.output.painted(&words, Tone::Quiet);
                format!("{} {place:<width$}  {words}", story::clock(at))
            }
            Format::Json => json::text(&json!({
                "operation": self.id.as_str(),
                "at": at.to_rfc3339(),
                "place": place,
                "progress": words,
            })),
        };
        self.print(&line);
    }

    fn print(&mut self, line: &str) {
        if self.reader == Reader::There && output::line(line).is_err() {
            self.reader = Reader::Gone;
        }
    }

    /// The end of it, printed, once it has one.
    fn ended(&mut self, session: &Session) -> Option<Exit> {
        let run = self.run.as_ref()?;
        let (_, outcome) = run.outcome.as_ref()?;
        let exit = exit_of(outcome);
        if self.format == Format::Table && self.reader == Reader::There {
            // The run has ended, whether somebody reads it or not.
            let _ = table(session, run);
        }
        Some(exit)
    }

    /// The first time cancels and watches on; the second leaves.
    async fn interrupted(&mut self, session: &Session) -> Option<Exit> {
        if self.cancelling == Cancelling::Asked {
            return Some(self.left());
        }
        self.cancelling = Cancelling::Asked;
        let order = Order::Steer(self.id.clone(), Steered::Cancel);
        session.engine.submit(Request::Operate(order)).await;
        output::say(
            "Cancelling: nothing new begins, updates of stacks are cancelled, and what AWS does is watched to its end; Ctrl-C again leaves.",
        );
        None
    }

    /// Says how to come back.
    fn left(&self) -> Exit {
        output::say(&format!(
            "Left {0} where it is; AWS goes on with what it has begun. Come back with `quarterdeck ops resume {0}`.",
            self.id
        ));
        Exit::Interrupted
    }

    /// Whether it waits for an approval that nobody here can give. Gives it, or asks, where somebody can.
    async fn is_stuck_at_a_gate(&mut self, session: &Session, answer: &mut Option<Answer>) -> bool {
        // Of one that is taken up, the gate may be open since another process ran it: nobody hears a word before this one does.
        if self.begun == Begun::No {
            return false;
        }
        let waiting = self.run.as_ref().and_then(waiting);
        let Some((at, words)) = waiting.filter(|(at, _)| !self.met.contains(at)) else {
            return false;
        };
        self.met.insert(at);
        if let Some(comment) = self.approval.clone() {
            let steered = Steered::Approve { comment };
            let order = Order::Steer(self.id.clone(), steered);
            session.engine.submit(Request::Operate(order)).await;
            return false;
        }
        if io::stdin().is_terminal() && io::stderr().is_terminal() {
            consent::prompt(&format!(
                "{words}\nType `y` and a comment to approve, `n` and a reason to reject: "
            ));
            *answer = Some(Box::pin(consent::line()));
            return false;
        }
        output::say(&format!(
            "{0} waits for approval, and nobody is here to give it. Go on with `quarterdeck ops resume {0} --approve COMMENT`.",
            self.id
        ));
        true
    }

    async fn answered(&mut self, session: &Session, said: &str) {
        let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
        let comment = rest.trim().to_owned();
        let steered = match word {
            "y" | "Y" | "yes" => Steered::Approve { comment },
            "n" | "N" | "no" => Steered::Reject { comment },
            _ => {
                // Asked again.
                self.met.clear();
                return;
            }
        };
        let order = Order::Steer(self.id.clone(), steered);
        session.engine.submit(Request::Operate(order)).await;
    }
}

async fn answered(answer: &mut Option<Answer>) -> String {
    match answer {
        Some(answer) => answer.await,
        None => std::future::pending().await,
    }
}

/// The gate at which a run waits for an approval.
fn waiting(run: &Run) -> Option<((usize, usize), String)> {
    let waves = run.plan.waves.iter().zip(&run.waves).enumerate();
    for (number, (plan, wave)) in waves {
        for (at, (gate, state)) in plan.gates.iter().zip(&wave.gates).enumerate() {
            let is_open = state.as_ref().is_some_and(GateState::is_open);
            if matches!(gate, Gate::Approve { .. }) && is_open {
                return Some(((number, at), gate.words()));
            }
        }
    }
    None
}

/// What a shell is told of a run that has ended so.
pub(in crate::cli) fn exit_of(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Succeeded | Outcome::Unchanged => Exit::Done,
        Outcome::Rejected(_) => Exit::Refused,
        Outcome::Failed(_) | Outcome::Cancelled | Outcome::Abandoned => Exit::Failed,
    }
}

/// The record itself; the plan was printed before.
fn record(stamped: &Stamped) -> Value {
    match &stamped.record {
        crate::domain::operation::Record::Planned(_) => json!("planned"),
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}

/// How wide the places of a run are.
fn width(run: &Run) -> usize {
    let places = run.members().map(|(member, _)| place(&member.scope).len());
    places.max().unwrap_or(1)
}

/// How each place ended.
pub(in crate::cli) fn table(session: &Session, run: &Run) -> io::Result<()> {
    let rows: Vec<[Cell; 5]> = run
        .members()
        .map(|(member, went)| {
            let (word, tone, why) = words::state(&went.state);
            [
                Cell::plain(place(&member.scope)),
                Cell::plain(member.target.safe()),
                Cell::of(word, tone),
                Cell::plain(took(went)),
                Cell::plain(why.unwrap_or_default()),
            ]
        })
        .collect();
    session
        .output
        .table(&["PLACE", "TARGET", "OUTCOME", "TOOK", "WHY"], &rows)
}

fn took(went: &MemberRun) -> String {
    match (went.began, went.ended) {
        (Some(began), Some(ended)) => time::words(ended - began),
        _ => "-".to_owned(),
    }
}
