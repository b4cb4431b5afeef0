//! `deploy`, `rollback`, `stop`, `start`, `dial`, `drain`, `restore`: a plan, consent, and the run of it.
//!
//! The order never changes: the plan is printed, somebody agrees to it, the account is armed, it runs. Without consent the
//! plan is all there is, and the exit code is 3. Leaving never cancels what AWS is doing, and the text says so.

mod arguments;
mod consent;
mod deploy;
mod differences;
mod plan;
mod story;
mod target;
mod traffic;
mod watch;
mod words;

pub use arguments::Operate;
pub(super) use arguments::{Terms, by_verb, terms, terms_of, verb};
pub(super) use consent::agreed;
use plan::Detail;
pub(super) use story::{clock, decided};
pub(super) use watch::{Watch, arm};
pub(super) use words::{outcome, progress, state, step};

use super::output::{self, Format};
use super::{Exit, Session};
use crate::domain::json;
use crate::domain::operation::{Operation, Plan};
use crate::domain::{Access, AccountName, Kind, Problem};
use crate::engine::message::{Order, Request, Ticket, Tidings, Update};
use arguments::{Trial, What};
use serde_json::{Value, json};
use std::io;

pub(super) async fn run(
    session: &mut Session,
    asked: &Operate,
    format: Format,
) -> io::Result<Exit> {
    let operations = match wanted(session, &asked.what).await {
        Ok(operations) => operations,
        Err(exit) => return Ok(exit),
    };
    for (turn, operation) in operations.into_iter().enumerate() {
        let ticket = Ticket(turn as u64);
        match one(session, (ticket, operation), &asked.terms, format).await? {
            Exit::Done => {}
            exit => return Ok(exit),
        }
    }
    Ok(Exit::Done)
}

/// The operations that were asked for, one after the other. What keeps them from being planned has been said.
async fn wanted(session: &mut Session, what: &What) -> Result<Vec<Operation>, Exit> {
    match what {
        What::Deploy(wanted) => deploy::operations(session, wanted).await,
        What::Rollback(wanted) => target::roll_back(session, wanted).await,
        What::Stop(stack) => {
            let stacks = target::stacks(session, stack).await?;
            Ok(vec![Operation::Stop { stacks }])
        }
        What::Start(stack) => {
            let stacks = target::stacks(session, stack).await?;
            Ok(vec![Operation::Start { stacks }])
        }
        What::Traffic(wanted) => traffic::operation(session, wanted).await.map(|it| vec![it]),
    }
}

async fn one(
    session: &mut Session,
    (ticket, operation): (Ticket, Operation),
    terms: &Terms,
    format: Format,
) -> io::Result<Exit> {
    if let Some(refusal) = read_only(session, &operation)
        && (terms.trial == Trial::No || drafts(&operation))
    {
        output::say(&refusal);
        return Ok(Exit::Refused);
    }
    if drafts(&operation) {
        // A change set changes no resource, and whoever deploys has said that much.
        arm(session, operation.accounts().into_iter().cloned().collect()).await;
    }
    let plan = match planned(session, ticket, operation).await {
        Ok(plan) => plan,
        Err(exit) => return Ok(exit),
    };
    show(session, &plan, terms, format)?;
    if plan.is_idle() {
        drop_plan(session, &plan).await;
        return Ok(Exit::Done);
    }
    if terms.trial == Trial::Yes {
        drop_plan(session, &plan).await;
        output::say("Nothing was done: this was a dry run.");
        return Ok(Exit::Done);
    }
    let agreed = match agreed(&plan.consent, terms).await {
        Ok(agreed) => agreed,
        Err(exit) => {
            drop_plan(session, &plan).await;
            return Ok(exit);
        }
    };
    let accounts = plan.members().map(|member| member.scope.account.clone());
    arm(session, accounts.collect()).await;
    let watch = Watch::new(plan.id.clone(), format, terms.approval.clone());
    let run = Request::Operate(Order::Run(plan.id.clone(), agreed));
    session.engine.submit(run).await;
    watch.follow(session).await
}

/// Asks for the plan and waits for it.
async fn planned(
    session: &mut Session,
    ticket: Ticket,
    operation: Operation,
) -> Result<Plan, Exit> {
    // What is wrong with a deployment is its template or a parameter; with all else it is how things stand.
    let wrong = match operation {
        Operation::Deploy(_) => Exit::Usage,
        _ => Exit::Refused,
    };
    let order = Order::Plan(ticket, Box::new(operation));
    session.engine.submit(Request::Operate(order)).await;
    loop {
        let update = tokio::select! {
            _ = tokio::signal::ctrl_c() => {
                output::say("Nothing was done.");
                return Err(Exit::Interrupted);
            }
            update = session.updates.recv() => update,
        };
        match update {
            Some(Update::Operation(Tidings::Planned(of, outcome))) if of == ticket => {
                return outcome
                    .map(|plan| *plan)
                    .map_err(|problem| refused(&problem, wrong));
            }
            Some(_) => {}
            None => return Err(Exit::Failed),
        }
    }
}

/// Says why something is not done, and what a shell is told of that; `wrong` where what was asked for is wrong.
pub(super) fn refused(problem: &Problem, wrong: Exit) -> Exit {
    output::say(&problem.to_string());
    match problem.kind {
        Kind::Denied | Kind::Expired => Exit::Refused,
        Kind::Invalid => wrong,
        Kind::Missing => Exit::Usage,
        Kind::Throttled
        | Kind::NotRecognized
        | Kind::ClockSkew
        | Kind::Capped
        | Kind::Unreachable(_)
        | Kind::Garbled
        | Kind::Server => Exit::Failed,
        Kind::Bug => Exit::Bug,
    }
}

async fn drop_plan(session: &Session, plan: &Plan) {
    let order = Order::Drop(plan.id.clone());
    session.engine.submit(Request::Operate(order)).await;
}

fn show(session: &Session, plan: &Plan, terms: &Terms, format: Format) -> io::Result<()> {
    match format {
        Format::Table => {
            for line in plan::lines(plan, terms.detail) {
                output::line(&line.painted(session.output))?;
            }
            if let Some(folder) = &session.journals
                && !plan.is_idle()
            {
                let folder = folder.display().to_string();
                let folder = crate::domain::untrusted::sanitise(&folder);
                output::line(&format!("Journal: {} in {folder}", plan.id))?;
            }
            Ok(())
        }
        Format::Json => output::line(&json::text(&as_json(plan))),
    }
}

fn as_json(plan: &Plan) -> Value {
    let commands: Vec<String> = plan
        .members()
        .flat_map(|member| member.calls().map(|call| call.command(&member.scope)))
        .collect();
    let whole = serde_json::to_value(plan).unwrap_or_default();
    json!({ "plan": whole, "commands": commands })
}

/// Whether its plan takes a change set, which takes leave to write.
fn drafts(operation: &Operation) -> bool {
    match operation {
        Operation::Deploy(_) | Operation::RollBackStack { .. } => true,
        Operation::RollBackAlias { .. }
        | Operation::Stop { .. }
        | Operation::Start { .. }
        | Operation::Dial { .. }
        | Operation::Weigh { .. }
        | Operation::Drain { .. }
        | Operation::Restore { .. } => false,
    }
}

/// Why nothing may be done, where an account is read-only for good.
fn read_only(session: &Session, operation: &Operation) -> Option<String> {
    locked(session, operation.accounts().into_iter())
}

/// The sentence for the first of these accounts that is read-only for good.
pub(super) fn locked<'a>(
    session: &Session,
    mut accounts: impl Iterator<Item = &'a AccountName>,
) -> Option<String> {
    let is_locked = |name: &&AccountName| {
        let account = session.fleet.account(name);
        account.is_some_and(|account| account.access == Access::ReadOnly)
    };
    let name = accounts.find(is_locked)?;
    Some(format!(
        "{name} is read-only, by `--read-only` or `read_only = true` in the fleet file, so nothing was done."
    ))
}
