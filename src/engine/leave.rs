//! Leave to make one call: the account has credentials, and the governor a turn.

use super::Shop;
use super::gate::Turn;
use super::governor::{Permit, Service, Urgency};
use crate::domain::{Kind, Problem, Scope};

/// The right to make one call. What becomes of it is told with [`Leave::settle`].
#[derive(Debug)]
pub(super) struct Leave {
    permit: Permit,
    turn: Turn,
}

impl Leave {
    /// Waits for as long as it takes; drop the future to give up.
    pub(super) async fn to_call(
        shop: &Shop,
        service: Service,
        scope: &Scope,
        urgency: Urgency,
    ) -> Self {
        let account = &scope.account;
        loop {
            shop.gates.passed(account).await;
            // As with pollers, credentials come before the permit. When it is another failure than their end, the
            // call meets it again and says so.
            if let (Err(problem), Ok(turn)) =
                (shop.cloud.ready(account).await, shop.gates.look(account))
                && problem.kind == Kind::Expired
            {
                shop.gates.shut(account, turn, &problem);
                continue;
            }
            let permit = shop.governor.permit(service, scope, urgency).await;
            // A permit may take its time, and the gate may have been shut meanwhile.
            if let Ok(turn) = shop.gates.look(account) {
                return Self { permit, turn };
            }
        }
    }

    /// Tells governor and gate how the call went, and how many requests it took.
    pub(super) fn settle(
        self,
        shop: &Shop,
        scope: &Scope,
        outcome: Result<(), &Problem>,
        requests: u32,
    ) {
        self.permit.settle(outcome, requests);
        match outcome.map_err(|problem| (problem.kind, problem)) {
            Err((Kind::Expired, problem)) => shop.gates.shut(&scope.account, self.turn, problem),
            // The region is not enabled, or nobody knows the key any more: STS knows which.
            Err((Kind::NotRecognized, _)) => shop.gates.doubt(&scope.account, self.turn),
            Ok(()) | Err(_) => {}
        }
    }
}
