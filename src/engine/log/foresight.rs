//! Asks for the next page of a range while the last one is still being read.
//!
//! A page's token stands at its end, but it can be found without reading the page. So the next question leaves as soon
//! as an answer is here, and reading one page and waiting for another take their time together. What is foreseen is
//! only ever an answer that comes early: a failure is forgotten, and the question put again by whoever needs it.

use crate::aws::{EventsPage, EventsQuestion};
use crate::domain::log::Millis;
use crate::domain::{LogSource, Problem};
use crate::engine::Shop;
use crate::engine::governor::{Service, Urgency};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// Pages that are foreseen at most: one that is read, and one that is waited for.
const PAGES: usize = 2;

/// The pages of a source that are on their way. Those that nobody takes are let go with it.
#[derive(Clone)]
pub(super) struct Foresight(Arc<Inner>);

struct Inner {
    shop: Shop,
    source: LogSource,
    room: Arc<Semaphore>,
    coming: Mutex<VecDeque<Coming>>,
}

struct Coming {
    question: EventsQuestion,
    page: AbortOnDropHandle<Option<Foreseen>>,
}

/// A page that was asked for before anybody needed it.
pub(super) struct Foreseen {
    pub(super) page: EventsPage,
    pub(super) asked: Millis,
    pub(super) at: Instant,
    _room: OwnedSemaphorePermit,
}

impl Foresight {
    pub(super) fn new(shop: Shop, source: LogSource) -> Self {
        Self(Arc::new(Inner {
            shop,
            source,
            room: Arc::new(Semaphore::new(PAGES)),
            coming: Mutex::default(),
        }))
    }

    /// The page, if it was foreseen and came. Whatever was foreseen before it is let go.
    pub(super) async fn take(&self, question: &EventsQuestion) -> Option<Foreseen> {
        let page = loop {
            let mut coming = self.0.coming.lock().unwrap_or_else(PoisonError::into_inner);
            let next = coming.pop_front()?;
            if next.question == *question {
                break next.page;
            }
        };
        page.await.ok().flatten()
    }

    /// Asks, and foresees what comes after it.
    pub(super) async fn ask(&self, question: &EventsQuestion) -> Result<EventsPage, Problem> {
        let foresee = |token: &str| {
            self.foresee(EventsQuestion {
                token: Some(token.to_owned()),
                ..question.clone()
            });
        };
        let cloud = &self.0.shop.cloud;
        cloud
            .log_events(&self.0.source.scope, question, &foresee)
            .await
    }

    fn foresee(&self, question: EventsQuestion) {
        let Ok(room) = Arc::clone(&self.0.room).try_acquire_owned() else {
            return;
        };
        // Boxed, because it may foresee in its turn.
        let asking = Box::pin(self.clone().foreseen(question.clone(), room));
        #[expect(
            clippy::disallowed_methods,
            reason = "aborted with the source that it was foreseen for, if nobody waits for it"
        )]
        let page = AbortOnDropHandle::new(tokio::spawn(asking));
        let mut coming = self.0.coming.lock().unwrap_or_else(PoisonError::into_inner);
        coming.push_back(Coming { question, page });
    }

    async fn foreseen(
        self,
        question: EventsQuestion,
        room: OwnedSemaphorePermit,
    ) -> Option<Foreseen> {
        let Inner { shop, source, .. } = &*self.0;
        let permit = shop
            .governor
            .permit(Service::LogEvents, &source.scope, Urgency::Focused)
            .await;
        let (asked, at) = (shop.clock.now().timestamp_millis(), Instant::now());
        let (page, requests) = crate::aws::counted(self.ask(&question)).await;
        permit.settle(page.as_ref().map(|_| ()), requests);
        Some(Foreseen {
            page: page.ok()?,
            asked,
            at,
            _room: room,
        })
    }
}
