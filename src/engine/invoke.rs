//! Calls a function, once, and tells how it ended.

use super::Shop;
use super::audit::Step;
use super::message::{InvocationId, Update};
use crate::domain::{Invocation, Invoked, Problem, Scope};
use chrono::TimeDelta;

/// Nothing is repeated here: an answer that got lost does not mean that the function did not run.
pub(super) async fn run(shop: Shop, id: InvocationId, scope: Scope, asked: Invocation) {
    let began = shop.clock.now();
    let result = call(&shop, &scope, &asked).await;
    let took = (shop.clock.now() - began).max(TimeDelta::zero());
    // Nobody listens any more only when the house is being left.
    let _ = shop
        .updates
        .send(Update::Invoked(id, scope, result, took))
        .await;
}

/// What is about to happen is written down before it does, and how it went afterwards.
async fn call(shop: &Shop, scope: &Scope, asked: &Invocation) -> Result<Invoked, Problem> {
    let write = async |step| {
        shop.books
            .audit
            .write(shop.clock.now(), scope, asked, step)
            .await
    };
    // Before the intent: what may not be sent is not intended either.
    let warrant = shop.cloud.warrant(&scope.account, shop.clock.now())?;
    write(Step::Intent).await?;
    let mut pending = Pending {
        shop,
        scope,
        asked,
        end: End::Unknown,
    };
    let result = shop.cloud.invoke(&warrant, scope, asked).await;
    pending.end = End::Known;
    if let Err(problem) = write(Step::Outcome(result.as_ref())).await {
        // The call is over, and its intent stands in the audit: the answer is not kept from whoever asked.
        tracing::warn!(%problem, "an outcome was not written down");
    }
    result
}

/// A call on its way. Dropped before its end is known, it says in the audit that nobody waited for it.
struct Pending<'a> {
    shop: &'a Shop,
    scope: &'a Scope,
    asked: &'a Invocation,
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
            let now = self.shop.clock.now();
            self.shop
                .books
                .audit
                .write_at_once(now, self.scope, self.asked, Step::Detached);
        }
    }
}
