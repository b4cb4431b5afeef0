//! Calls a function, once, and tells how it ended.

use super::Shop;
use super::message::{InvocationId, Update};
use crate::domain::{Invocation, Scope};
use chrono::TimeDelta;

/// Nothing is repeated here: an answer that got lost does not mean that the function did not run.
pub(super) async fn run(shop: Shop, id: InvocationId, scope: Scope, asked: Invocation) {
    let began = shop.clock.now();
    let result = shop.cloud.invoke(&scope, &asked).await;
    let took = (shop.clock.now() - began).max(TimeDelta::zero());
    // Nobody listens any more only when the house is being left.
    let _ = shop
        .updates
        .send(Update::Invoked(id, scope, result, took))
        .await;
}
