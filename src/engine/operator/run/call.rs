//! One call, from how its thing stands to its end.
//!
//! The invariant: a call is sent only after a look has said that it was not done and that all is as it was planned for,
//! and never a second time because its answer got lost, unless half a minute of looking has found no trace of the
//! first. What may have been sent is resolved by looking.

use super::ledger::{Halt, Place};
use super::send::Reply;
use super::{Runner, Stop};
use crate::domain::operation::{Call, Ending, Member, Sight, StepState, Verdict};
use crate::domain::{Kind, Problem};
use std::time::Duration;
use tokio::time::Instant;

/// Between two looks.
pub(super) const GLANCE: Duration = Duration::from_secs(2);
/// How long the trace of a call is looked for whose answer got lost, and how long a stranger's hand may still turn out
/// to be our own: AWS's lists lag behind.
const DOUBT: Duration = Duration::from_secs(30);
/// How long something that AWS has taken may stay invisible.
const UNSEEN: Duration = Duration::from_secs(300);
/// Between two attempts that AWS has refused for the moment.
const AGAIN: Duration = Duration::from_secs(30);
/// How often a call is sent at most, whatever the reason.
const ATTEMPTS: u32 = 3;

/// Whether a call has been sent.
enum Sent {
    No,
    Perhaps,
    Yes,
}

/// What a look in the dark found.
enum Found {
    /// It was done, or is being done.
    Trace,
    /// There is no trace of it, and everything is as it was before.
    Nothing,
    /// It can be told how it ended.
    End(Ending),
}

impl Runner {
    /// Brings a call to its end; none where it was not begun because the run is to begin nothing more.
    pub(super) async fn call(
        &self,
        place: Place,
        member: &Member,
        call: &Call,
    ) -> Result<Option<Ending>, Halt> {
        let mut sent = match self.ledger.state(place) {
            StepState::Ended(_, ending) => return Ok(Some(ending)),
            StepState::Waiting => Sent::No,
            StepState::Intended(_) => Sent::Perhaps,
            StepState::Accepted { .. } => Sent::Yes,
        };
        let mut attempts = 0;
        loop {
            sent = match sent {
                Sent::Yes => return self.watch(place, member, call).await.map(Some),
                Sent::Perhaps => match self.seek(place, member, call).await? {
                    Found::Trace => Sent::Yes,
                    Found::End(ending) => return Ok(Some(ending)),
                    Found::Nothing if attempts >= ATTEMPTS => {
                        let what = format!(
                            "AWS answered {ATTEMPTS} times in a way that does not tell whether it took the call, and no trace of it was found."
                        );
                        return Ok(Some(Ending::Failed(what)));
                    }
                    Found::Nothing if self.stops(place) == Stop::Now => {
                        return Ok(Some(Ending::Skipped("It was never sent.".to_owned())));
                    }
                    Found::Nothing => Sent::No,
                },
                Sent::No => {
                    let identity = match self.identity(place, member).await {
                        Ok(Some(identity)) => identity,
                        Ok(None) => return Ok(self.unbegun(place)),
                        Err(problem) => return Ok(Some(Ending::Failed(problem.to_string()))),
                    };
                    let sight = match self.first_look(place, member, call).await {
                        Ok(Some(sight)) => sight,
                        Ok(None) => return Ok(self.unbegun(place)),
                        Err(problem) => return Ok(Some(Ending::Failed(problem.to_string()))),
                    };
                    match call.judge(&sight) {
                        Verdict::Untouched => {}
                        Verdict::Done => return Ok(Some(Ending::Already)),
                        Verdict::Underway(_) => {
                            // It was on its way before we came: so it will be done, but not by us.
                            let ending = self.watch(place, member, call).await?;
                            return Ok(Some(match ending {
                                Ending::Done => Ending::Already,
                                other => other,
                            }));
                        }
                        Verdict::Strange(what) => {
                            return Ok(Some(Ending::Failed(format!("{what} Plan it again."))));
                        }
                        Verdict::Failed(why) => return Ok(Some(Ending::Failed(why))),
                        Verdict::RolledBack(why) => return Ok(Some(Ending::RolledBack(why))),
                    }
                    if self.stops(place) == Stop::Now {
                        return Ok(self.unbegun(place));
                    }
                    attempts += 1;
                    match self.send(place, member, (call, &identity)).await? {
                        Reply::Taken => Sent::Yes,
                        Reply::Unknown(problem) => {
                            let words = format!("looking whether AWS took it: {}", problem.what);
                            self.ledger.progress(place.seat(), &words).await;
                            Sent::Perhaps
                        }
                        Reply::Refused(problem) if passes(&problem) && attempts < ATTEMPTS => {
                            let words = format!("again in 30 s: {}", problem.what);
                            self.ledger.progress(place.seat(), &words).await;
                            if self.pause(place, AGAIN).await == Stop::Now {
                                return Ok(self.unbegun(place));
                            }
                            Sent::No
                        }
                        Reply::Refused(problem) => {
                            return Ok(Some(Ending::Failed(problem.to_string())));
                        }
                    }
                }
            };
        }
    }

    /// How a step ends that the run does not begin any more.
    fn unbegun(&self, place: Place) -> Option<Ending> {
        match self.ledger.state(place) {
            StepState::Waiting => None,
            StepState::Ended(_, ending) => Some(ending),
            StepState::Intended(_) | StepState::Accepted { .. } => {
                Some(Ending::Skipped("It was never done.".to_owned()))
            }
        }
    }

    /// Looks until AWS answers; nothing was sent yet, so what will not pass fails the step. None where the run is to
    /// begin nothing more.
    async fn first_look(
        &self,
        place: Place,
        member: &Member,
        call: &Call,
    ) -> Result<Option<Sight>, Problem> {
        loop {
            if self.stops(place) == Stop::Now {
                return Ok(None);
            }
            match self.hands.look(&member.scope, call).await {
                Ok(sight) => return Ok(Some(sight)),
                Err(problem) if lifts(&problem) => self.wait_for(place, &problem).await,
                Err(problem) => return Err(problem),
            }
        }
    }

    /// Looks until AWS answers, whatever it takes: what was sent goes on without us, and a look that fails says nothing
    /// about it.
    async fn look(&self, place: Place, member: &Member, call: &Call) -> Sight {
        loop {
            match self.hands.look(&member.scope, call).await {
                Ok(sight) => return sight,
                Err(problem) => self.wait_for(place, &problem).await,
            }
        }
    }

    pub(super) async fn wait_for(&self, place: Place, problem: &Problem) {
        let words = format!("looking again: {}", problem.what);
        self.ledger.progress(place.seat(), &words).await;
        tokio::time::sleep(GLANCE).await;
    }

    /// Looks for a call that may have been sent.
    async fn seek(&self, place: Place, member: &Member, call: &Call) -> Result<Found, Halt> {
        let until = Instant::now() + DOUBT;
        loop {
            let sight = self.look(place, member, call).await;
            let is_late = Instant::now() >= until;
            match call.judge(&sight) {
                Verdict::Done
                | Verdict::Underway(_)
                | Verdict::Failed(_)
                | Verdict::RolledBack(_) => return Ok(Found::Trace),
                Verdict::Untouched if is_late => return Ok(Found::Nothing),
                Verdict::Strange(what) if is_late => {
                    let what = format!("{what} Plan it again.");
                    return Ok(Found::End(Ending::Failed(what)));
                }
                Verdict::Untouched | Verdict::Strange(_) => tokio::time::sleep(GLANCE).await,
            }
        }
    }

    /// Looks every other second until it has ended.
    async fn watch(&self, place: Place, member: &Member, call: &Call) -> Result<Ending, Halt> {
        let began = Instant::now();
        let mut before: Option<Sight> = None;
        loop {
            let sight = self.look(place, member, call).await;
            self.cancel_if_asked(place, member, (call, &sight)).await?;
            match call.judge(&sight) {
                Verdict::Done if call.stack().is_none() || before.as_ref() == Some(&sight) => {
                    return Ok(Ending::Done);
                }
                // The end of a stack counts when a second look finds nothing new.
                Verdict::Done => {}
                Verdict::Underway(words) => self.ledger.progress(place.seat(), &words).await,
                Verdict::Failed(why) => return Ok(Ending::Failed(why)),
                Verdict::RolledBack(why) => return Ok(Ending::RolledBack(why)),
                Verdict::Strange(what) if began.elapsed() >= DOUBT => {
                    return Ok(Ending::Failed(what));
                }
                Verdict::Untouched if began.elapsed() >= UNSEEN => {
                    let what = format!(
                        "AWS took it, but {} minutes later nothing of it can be seen.",
                        UNSEEN.as_secs() / 60
                    );
                    return Ok(Ending::Failed(what));
                }
                Verdict::Strange(_) | Verdict::Untouched => {
                    let words = "taken by AWS, nothing to be seen yet";
                    self.ledger.progress(place.seat(), words).await;
                }
            }
            before = Some(sight);
            tokio::time::sleep(GLANCE).await;
        }
    }
}

/// Whether a refusal is one of the moment: nothing was done, and the same call may be sent again.
fn passes(problem: &Problem) -> bool {
    match problem.kind {
        Kind::Throttled | Kind::Expired | Kind::ClockSkew => true,
        Kind::Denied
        | Kind::NotRecognized
        | Kind::Missing
        | Kind::Invalid
        | Kind::Capped
        | Kind::Unreachable(_)
        | Kind::Garbled
        | Kind::Server
        | Kind::Bug => false,
    }
}

/// Whether a look that failed so may succeed later without anybody changing a permission or the plan.
pub(super) fn lifts(problem: &Problem) -> bool {
    match problem.kind {
        Kind::Throttled
        | Kind::Expired
        | Kind::ClockSkew
        | Kind::Unreachable(_)
        | Kind::Garbled
        | Kind::Server => true,
        Kind::Denied
        | Kind::NotRecognized
        | Kind::Missing
        | Kind::Invalid
        | Kind::Capped
        | Kind::Bug => false,
    }
}
