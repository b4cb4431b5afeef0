//! How many requests one question took: a long list has many pages, and the governor has to know.
//!
//! Counted where requests leave, so that no paging loop can forget to; kept with the task that asks, so that
//! questions in flight beside it are not counted in.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::cell::Cell;

tokio::task_local! {
    static SENT: Cell<u32>;
}

/// Waits for a question's answer, and says how many requests left for it.
pub async fn counted<T>(question: impl Future<Output = T>) -> (T, u32) {
    let counting = async {
        let answer = question.await;
        (answer, SENT.with(Cell::get))
    };
    SENT.scope(Cell::new(0), counting).await
}

/// The interceptor that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally;

#[dyn_dispatch_hint]
impl Intercept for Tally {
    fn name(&self) -> &'static str {
        "Tally"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Somebody who does not count (a credential provider, a test) is no error.
        let _ = SENT.try_with(|sent| sent.set(sent.get() + 1));
        Ok(())
    }
}
