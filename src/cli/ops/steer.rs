//! A word to a run, or what is to become of one that was left behind.

use super::arguments::{Action, Ops};
use super::{Known, known};
use crate::cli::operate::{self, Watch, agreed, arm, locked};
use crate::cli::output::{self, Format};
use crate::cli::{Exit, Session};
use crate::domain::AccountName;
use crate::domain::operation::planning::reversal;
use crate::domain::operation::{Ending, Run, Steered, StepState, Undo};
use crate::domain::untrusted::sanitise;
use crate::engine::message::{Keeper, Onward, Order, Request, Tidings, Update};
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long the process that runs it has to take the word.
const HEARD: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(500);

pub(super) async fn run(
    session: &mut Session,
    asked: &Ops,
    (run, known): (Run, &Known),
    format: Format,
) -> io::Result<Exit> {
    let id = run.plan.id.clone();
    let comment = asked.comment.clone();
    let Some(keeper) = known.keeper(&run) else {
        output::say(&format!("{id} has ended already."));
        return Ok(Exit::Usage);
    };
    let steered = match asked.action {
        Action::Approve => Steered::Approve { comment },
        Action::Reject => Steered::Reject { comment },
        Action::SkipBake => Steered::SkipBake { reason: comment },
        Action::Cancel => Steered::Cancel,
        Action::Resume | Action::Reverse | Action::Abandon => {
            return take_up(session, asked, (run, keeper), format).await;
        }
        Action::List | Action::Show | Action::Stats => return Ok(Exit::Done),
    };
    if keeper == Keeper::Nobody {
        output::say(&format!(
            "Nobody runs {id} at present, so nobody would hear it. Go on with `quarterdeck ops resume {id}`, or `reverse` or `abandon` it."
        ));
        return Ok(Exit::Refused);
    }
    let order = Order::Steer(id.clone(), steered);
    session.engine.submit(Request::Operate(order)).await;
    heard(session, &run).await
}

/// Waits until the word is in the journal.
async fn heard(session: &mut Session, before: &Run) -> io::Result<Exit> {
    let id = &before.plan.id;
    let until = Instant::now() + HEARD;
    while Instant::now() < until {
        // A refusal comes at once, and would be lost in the question after it.
        if let Some(exit) = refusal(session, before).await {
            return Ok(exit);
        }
        let now = match known(session).await {
            Ok(now) => now,
            Err(exit) => return Ok(exit),
        };
        let after = now.runs.iter().find(|run| run.plan.id == *id);
        if after.is_some_and(|run| run.decisions.len() > before.decisions.len()) {
            output::say(&format!("{id} was told."));
            return Ok(Exit::Done);
        }
        sleep(GLANCE).await;
    }
    output::say(&format!(
        "{id} was told, but the process that runs it has not taken it in yet; `quarterdeck ops show {id}` tells when it has."
    ));
    Ok(Exit::Failed)
}

async fn refusal(session: &mut Session, run: &Run) -> Option<Exit> {
    let refused = async {
        while let Some(update) = session.updates.recv().await {
            if let Update::Operation(Tidings::Refused(id, problem)) = update
                && id == run.plan.id
            {
                return Some(operate::refused(&problem, Exit::Refused));
            }
        }
        None
    };
    timeout(GLANCE, refused).await.ok().flatten()
}

/// Takes up a run that was left behind, and watches it to its end.
async fn take_up(
    session: &mut Session,
    asked: &Ops,
    (run, keeper): (Run, Keeper),
    format: Format,
) -> io::Result<Exit> {
    let id = run.plan.id.clone();
    if keeper != Keeper::Nobody {
        output::say(&format!(
            "{id} is being run by another Quarterdeck on this machine; `quarterdeck ops cancel {id}` tells it to stop."
        ));
        return Ok(Exit::Refused);
    }
    let accounts: BTreeSet<AccountName> = run
        .plan
        .members()
        .map(|member| member.scope.account.clone())
        .collect();
    let onward = match asked.action {
        Action::Reverse => Onward::Reverse,
        Action::Abandon => Onward::Abandon,
        _ => Onward::Continue,
    };
    let mut text = String::new();
    if onward != Onward::Abandon {
        if let Some(refusal) = locked(session, accounts.iter()) {
            output::say(&refusal);
            return Ok(Exit::Refused);
        }
        // To go on with it was agreed to when it began; to undo it was not.
        if onward == Onward::Reverse {
            undoing(&run);
            let wanted = reversal(&session.fleet, &run.plan);
            text = match agreed(&wanted, &asked.terms).await {
                Ok(text) => text,
                Err(exit) => return Ok(exit),
            };
        }
        arm(session, accounts).await;
    }
    let order = Order::TakeUp(id.clone(), onward, text);
    session.engine.submit(Request::Operate(order)).await;
    let watch = Watch::new(id, format, asked.terms.approval.clone()).from(run);
    let exit = watch.follow(session).await?;
    // To abandon it was what was asked for.
    Ok(match (onward, exit) {
        (Onward::Abandon, Exit::Failed) => Exit::Done,
        (_, exit) => exit,
    })
}

/// Says what would be taken back, place by place; AWS is looked at again before anything is.
fn undoing(run: &Run) {
    output::say(&format!(
        "Reversing {} takes back what it has done, last first:",
        run.plan.id
    ));
    for (member, went) in run.members() {
        let place = format!("{} in {}", member.target.safe(), member.scope);
        if let Undo::Never(why) = &member.undo {
            output::say(&format!("  {place} stays as it is. {}", sanitise(why)));
            continue;
        }
        let steps = member.steps.iter().zip(&went.steps).rev();
        for (step, state) in steps {
            let words = match state {
                StepState::Ended(_, Ending::Done) => operate::step(step),
                StepState::Intended(_) | StepState::Accepted { .. } => {
                    format!("{}, if AWS has done it", operate::step(step))
                }
                StepState::Waiting | StepState::Ended(..) => continue,
            };
            output::say(&format!("  {place}: undo {}", sanitise(&words)));
        }
    }
}
