//! What a run does in AWS: looks, and the calls that change something. A trait, so that a run can be tried on a small
//! AWS that fails wherever a test wants it to.

use super::planner;
use crate::aws::{Miscarriage, Warrant};
use crate::domain::operation::{Call, Gate, Member, OperationId, Run, Sight, Step};
use crate::domain::{AccountName, Fleet, Identity, Kind, Problem, Reach, Scope, Timestamp};
use crate::engine::Shop;
use crate::engine::governor::{Service, Urgency};
use crate::engine::leave::Leave;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// An answer on its way.
pub(super) type Ask<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How long one look may take, with every page of events.
const LOOK: Duration = Duration::from_secs(60);

/// Everything outside that a run needs.
pub(super) trait Hands: Send + Sync {
    /// How the thing of a call stands.
    fn look<'a>(&'a self, scope: &'a Scope, call: &'a Call) -> Ask<'a, Result<Sight, Problem>>;
    /// Sends a call, once.
    fn carry_out<'a>(
        &'a self,
        scope: &'a Scope,
        call: &'a Call,
    ) -> Ask<'a, Result<Option<String>, Miscarriage>>;
    /// Who the account's credentials are now.
    fn whoami<'a>(&'a self, account: &'a AccountName) -> Ask<'a, Result<Identity, Problem>>;
    /// The steps that bring a deployed member back.
    fn way_back<'a>(
        &'a self,
        id: &'a OperationId,
        member: &'a Member,
        place: (usize, usize, usize),
    ) -> Ask<'a, Result<Vec<Step>, Problem>>;
    /// Looks once whether a gate that asks something outside would let through; how it stands, in words, where it does
    /// not.
    fn probe<'a>(
        &'a self,
        run: &'a Run,
        wave: usize,
        gate: &'a Gate,
        since: Timestamp,
    ) -> Ask<'a, super::gate::Glance>;
}

/// The hands that reach AWS.
pub(super) struct CloudHands {
    pub(super) shop: Shop,
    pub(super) fleet: Arc<Fleet>,
    /// For each account that the run touches.
    pub(super) warrants: BTreeMap<AccountName, Warrant>,
}

impl CloudHands {
    /// Asks something that changes nothing, when the account and the governor let it.
    pub(super) async fn ask<T>(
        &self,
        service: Service,
        scope: &Scope,
        question: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let leave = loop {
            let gates = &self.shop.gates;
            // A run says that it waits for credentials instead of only waiting.
            let turn = gates.look(&scope.account)?;
            tokio::select! {
                biased;
                leave = Leave::to_call(&self.shop, service, scope, Urgency::Focused) => break leave,
                () = gates.moved(&scope.account, turn) => {}
            }
        };
        let asked = tokio::time::timeout(LOOK, crate::aws::counted(question)).await;
        let (result, requests) = asked.unwrap_or_else(|_elapsed| {
            let what = format!("Looking at {scope} took longer than {} s.", LOOK.as_secs());
            (
                Err(Problem::new(Kind::Unreachable(Reach::TimedOut), what)),
                1,
            )
        });
        leave.settle(&self.shop, scope, result.as_ref().map(|_| ()), requests);
        result
    }
}

impl Hands for CloudHands {
    fn look<'a>(&'a self, scope: &'a Scope, call: &'a Call) -> Ask<'a, Result<Sight, Problem>> {
        let look = self.shop.cloud.look(scope, call);
        Box::pin(self.ask(service(call), scope, look))
    }

    fn carry_out<'a>(
        &'a self,
        scope: &'a Scope,
        call: &'a Call,
    ) -> Ask<'a, Result<Option<String>, Miscarriage>> {
        Box::pin(async move {
            match self.warrants.get(&scope.account) {
                Some(warrant) => self.shop.cloud.carry_out(warrant, scope, call).await,
                None => Err(Miscarriage::Refused(no_leave(&scope.account))),
            }
        })
    }

    fn whoami<'a>(&'a self, account: &'a AccountName) -> Ask<'a, Result<Identity, Problem>> {
        Box::pin(async move {
            let scope = Scope::global(account);
            let who = self.shop.cloud.whoami(account);
            self.ask(Service::Sts, &scope, who).await
        })
    }

    fn way_back<'a>(
        &'a self,
        id: &'a OperationId,
        member: &'a Member,
        place: (usize, usize, usize),
    ) -> Ask<'a, Result<Vec<Step>, Problem>> {
        Box::pin(async move {
            let account = &member.scope.account;
            let warrant = self
                .warrants
                .get(account)
                .ok_or_else(|| no_leave(account))?;
            let house = (&self.shop, &*self.fleet);
            planner::way_back(house, warrant, id, member, place).await
        })
    }

    fn probe<'a>(
        &'a self,
        run: &'a Run,
        wave: usize,
        gate: &'a Gate,
        since: Timestamp,
    ) -> Ask<'a, super::gate::Glance> {
        Box::pin(super::gate::glance(self, run, wave, gate, since))
    }
}

fn no_leave(account: &AccountName) -> Problem {
    Problem::new(
        Kind::Bug,
        format!("This run has no leave to change something in {account}."),
    )
}

/// Whose turns a look takes.
fn service(call: &Call) -> Service {
    match call {
        Call::ExecuteChangeSet { .. }
        | Call::UpdateStack { .. }
        | Call::CancelUpdateStack { .. }
        | Call::RollbackStack { .. }
        | Call::ContinueUpdateRollback { .. }
        | Call::SetStackPolicy { .. } => Service::CloudFormation,
        Call::UpdateAlias { .. } => Service::Lambda,
        Call::SetDial { .. } | Call::SetWeight { .. } => Service::GlobalAccelerator,
        Call::Remember { .. }
        | Call::SetProcesses { .. }
        | Call::SetSizes { .. }
        | Call::SetTasks { .. }
        | Call::SetTaskLimits { .. }
        | Call::SetPower { .. } => Service::Machines,
    }
}
