//! `quarterdeck health`: a line for each endpoint of Global Accelerator, and an exit code for probes.
//!
//! *What cannot be told is never 0*: a control plane that does not answer says nothing about the endpoints, neither good
//! nor bad.

mod arguments;
mod lookout;
mod reason;
mod row;

pub use arguments::WantedHealth;
pub(super) use arguments::{by_verb, verb};

use super::endpoints::{self, Question, Seat};
use super::fetch::Fetched;
use super::output::{self, Format};
use super::{Exit, Session};
use crate::domain::json;
use crate::domain::{GroupHealth, Health, Routing, Scope, Topic};
use arguments::Watching;
use reason::Reasons;
use std::io;

pub(super) async fn run(
    session: &mut Session,
    wanted: &WantedHealth,
    format: Format,
) -> io::Result<Exit> {
    let patience = match wanted.patience() {
        Ok(patience) => patience,
        Err(sentence) => {
            output::say(&sentence);
            return Ok(Exit::Usage);
        }
    };
    let mut fetched = Fetched::default();
    let questions = endpoints::survey(&mut fetched, session).await;
    fetched.say_problems();
    let verdict = Verdict::of(&fetched, &questions, wanted);
    if let Verdict::Nothing = verdict {
        output::say(&nothing(&fetched, &questions));
        return Ok(Exit::Partial);
    }
    // Nobody becomes allowed to look by waiting.
    let is_over = match verdict {
        Verdict::Healthy => wanted.watching == Watching::No,
        Verdict::Untold(Exit::Refused) => true,
        Verdict::Unhealthy | Verdict::Starting | Verdict::Untold(_) | Verdict::Nothing => {
            wanted.watching == Watching::No && patience.is_none()
        }
    };
    if is_over {
        show(session, &fetched, wanted, &questions, format).await?;
        return Ok(verdict.exit());
    }
    lookout::keep(session, fetched, wanted, patience, format).await
}

/// Prints every endpoint as it was read.
async fn show(
    session: &mut Session,
    fetched: &Fetched,
    wanted: &WantedHealth,
    questions: &[Question],
    format: Format,
) -> io::Result<()> {
    let seats = endpoints::seats(&fetched.store, questions, &wanted.regions);
    let reasons = reasons(session, wanted, &seats).await;
    print(session, &seats, &reasons, format)?;
    reasons.say_problems();
    say_empty(fetched, questions, wanted);
    Ok(())
}

/// Asks why, where that is wanted.
async fn reasons(session: &mut Session, wanted: &WantedHealth, seats: &[Seat<'_>]) -> Reasons {
    let mut reasons = Reasons::default();
    if wanted.reasons == arguments::Reasons::Asked {
        reasons.ask(session, seats).await;
    }
    reasons
}

fn print(
    session: &Session,
    seats: &[Seat<'_>],
    reasons: &Reasons,
    format: Format,
) -> io::Result<()> {
    match format {
        Format::Table if seats.is_empty() => Ok(()),
        Format::Table => {
            let rows: Vec<_> = seats
                .iter()
                .map(|seat| row::cells(seat, reasons.of(seat).as_ref()))
                .collect();
            session.output.table(&row::HEADING, &rows)
        }
        Format::Json => {
            for seat in seats {
                let reason = reasons.of(seat);
                output::line(&json::text(&row::object(seat, reason.as_ref())))?;
            }
            Ok(())
        }
    }
}

/// What all endpoints together come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Unhealthy,
    /// None is unhealthy, but somebody could not be asked, or gave an answer that nobody understands.
    Untold(Exit),
    /// None is unhealthy, and some are checked for the first time.
    Starting,
    Healthy,
    /// There is no endpoint whose health matters.
    Nothing,
}

impl Verdict {
    fn of(fetched: &Fetched, questions: &[Question], wanted: &WantedHealth) -> Self {
        let seats = endpoints::seats(&fetched.store, questions, &wanted.regions);
        let counted: Vec<&Health> = seats
            .iter()
            .filter(|seat| seat.counts())
            .map(|seat| &seat.endpoint.health)
            .collect();
        if counted.contains(&&Health::Unhealthy) {
            return Self::Unhealthy;
        }
        match endpoints::exit(fetched, &needed(fetched, questions)) {
            Exit::Done => {}
            Exit::Refused => return Self::Untold(Exit::Refused),
            // To fail means to be unhealthy here, and that is not known.
            _ => return Self::Untold(Exit::Partial),
        }
        if counted.is_empty() {
            return Self::Nothing;
        }
        let is_strange = |health: &&&Health| matches!(health, Health::Other(_));
        if counted.iter().any(|health| is_strange(&health)) {
            return Self::Untold(Exit::Partial);
        }
        if counted.contains(&&Health::Initial) {
            return Self::Starting;
        }
        Self::Healthy
    }

    fn exit(self) -> Exit {
        match self {
            Self::Unhealthy => Exit::Failed,
            Self::Untold(exit) => exit,
            Self::Starting | Self::Healthy => Exit::Done,
            Self::Nothing => Exit::Partial,
        }
    }
}

/// The questions whose answers tell the health: of an account that has accelerators not the list, but what hangs on
/// them, and nothing that hangs on custom routing.
fn needed(fetched: &Fetched, questions: &[Question]) -> Vec<Question> {
    let has_some = |scope: &Scope| {
        questions.iter().any(|(topic, its)| {
            its == scope && matches!(topic, Topic::Listeners(_, Routing::Standard))
        })
    };
    let is_needed = |question: &&Question| match &question.0 {
        Topic::Listeners(_, routing) => *routing == Routing::Standard,
        _ if endpoints::unanswered(fetched, question).is_some() => true,
        _ => !has_some(&question.1),
    };
    questions.iter().filter(is_needed).cloned().collect()
}

fn nothing(fetched: &Fetched, questions: &[Question]) -> String {
    let mut known = endpoints::accelerators(&fetched.store, questions);
    if known.next().is_some() {
        return "There is nothing to check: no enabled, standard accelerator has an endpoint with a weight here."
            .into();
    }
    let lists = questions
        .iter()
        .filter(|(topic, _)| *topic == Topic::Accelerators);
    let lists: Vec<Question> = lists.cloned().collect();
    format!("{} There is nothing to check.", endpoints::none(&lists))
}

/// A group in which nobody is registered has no endpoint to print, and should not go unsaid.
fn say_empty(fetched: &Fetched, questions: &[Question], wanted: &WantedHealth) {
    for branch in endpoints::branches(&fetched.store, questions, &wanted.regions) {
        if let Some(group) = branch.group
            && group.health() == GroupHealth::Empty
            && branch.accelerator.routing == Routing::Standard
        {
            output::say(&format!(
                "The endpoint group of {} in {} {} is empty: no endpoint is registered.",
                branch.accelerator.name.safe(),
                branch.scope.account,
                group.region.safe()
            ));
        }
    }
}
