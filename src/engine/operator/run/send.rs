//! The one place from which a call is sent: after its intent is on the disk, in the journal and in the audit.

use super::call::lifts;
use super::ledger::{Halt, Place};
use super::{Runner, Stop};
use crate::aws::Miscarriage;
use crate::domain::operation::{Call, Member, Record};
use crate::domain::{Kind, Problem, Untrusted};
use crate::engine::audit::{Deed, Stage};

/// What came of sending a call.
pub(super) enum Reply {
    /// AWS has it, from this time or an earlier one.
    Taken,
    /// It was not done.
    Refused(Problem),
    /// Nobody knows.
    Unknown(Problem),
}

impl Runner {
    /// Who we are, if that is who the plan was made for. Another account's credentials change nothing. None where the
    /// run is to begin nothing more.
    pub(super) async fn identity(
        &self,
        place: Place,
        member: &Member,
    ) -> Result<Option<Untrusted>, Problem> {
        loop {
            if self.stops(place) == Stop::Now {
                return Ok(None);
            }
            match self.hands.whoami(&member.scope.account).await {
                Ok(who) if who.account_id == member.account => return Ok(Some(who.arn)),
                Ok(who) => {
                    let what = format!(
                        "The credentials of {} are those of account {} now, and it was planned for {}, so nothing was sent.",
                        member.scope.account,
                        who.account_id.safe(),
                        member.account.safe()
                    );
                    return Err(
                        Problem::new(Kind::Denied, what).hint("Log in again, and plan again.")
                    );
                }
                Err(problem) if lifts(&problem) => self.wait_for(place, &problem).await,
                Err(problem) => return Err(problem),
            }
        }
    }

    /// Sends a call, once.
    pub(super) async fn send(
        &self,
        place: Place,
        member: &Member,
        (call, identity): (&Call, &Untrusted),
    ) -> Result<Reply, Halt> {
        let Place {
            wave,
            member: seat,
            step,
        } = place;
        let intent = Record::Intent {
            wave,
            member: seat,
            step,
        };
        self.ledger.record(intent).await?;
        let id = self.ledger.id();
        let deed = Deed {
            run: &id,
            scope: &member.scope,
            target: &member.target,
            call,
            identity,
        };
        let audited = self.audit.tell(self.clock.now(), deed, Stage::Intent).await;
        audited.map_err(Halt)?;
        let mut pending = Pending {
            runner: self,
            deed,
            end: End::Unknown,
        };
        let answer = self.hands.carry_out(&member.scope, call).await;
        pending.end = End::Known;
        let outcome = answer.as_ref().map(|request| request.as_deref());
        let outcome = Stage::Outcome(outcome);
        if let Err(problem) = self.audit.tell(self.clock.now(), deed, outcome).await {
            // The call is over, and its intent stands in the audit: the run goes on with what it knows.
            tracing::warn!(%problem, "an outcome was not written down");
        }
        let request = match answer {
            Ok(request) => request,
            Err(Miscarriage::AlreadyTaken) => None,
            Err(Miscarriage::Refused(problem)) => return Ok(Reply::Refused(problem)),
            Err(Miscarriage::Unknown(problem)) => return Ok(Reply::Unknown(problem)),
        };
        let taken = Record::Accepted {
            wave,
            member: seat,
            step,
            request,
        };
        self.ledger.record(taken).await?;
        Ok(Reply::Taken)
    }
}

/// A call on its way. Dropped before its end is known, it says in the audit that nobody waited for it.
struct Pending<'a> {
    runner: &'a Runner,
    deed: Deed<'a>,
    end: End,
}

#[derive(PartialEq, Eq)]
enum End {
    Unknown,
    Known,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if self.end == End::Unknown {
            self.runner.audit.detach(self.runner.clock.now(), self.deed);
        }
    }
}
