//! Requests on their way to the engine.
//!
//! Waiting for room in the engine's inbox would hold the keyboard, and the engine may at that moment be waiting for
//! us to take its updates. So requests are put here and handed over when there is room.

use crate::engine::message::Request;
use tokio::sync::mpsc;

/// What the engine had no room for yet.
#[derive(Debug)]
pub struct Outbox {
    engine: mpsc::Sender<Request>,
    waiting: Vec<Request>,
}

impl Outbox {
    pub fn new(engine: mpsc::Sender<Request>) -> Self {
        Self {
            engine,
            waiting: Vec::new(),
        }
    }

    /// Puts a request at the end. A wish list replaces the one that still waits: only the newest counts.
    pub(super) fn put(&mut self, request: Request) {
        if matches!(request, Request::Watch(_)) {
            self.waiting
                .retain(|waiting| !matches!(waiting, Request::Watch(_)));
        }
        self.waiting.push(request);
    }

    /// Hands over what there is room for, in order.
    pub(super) fn send(&mut self) {
        while let Some(request) = self.waiting.first() {
            if let Err(mpsc::error::TrySendError::Full(_)) = self.engine.try_send(request.clone()) {
                return;
            }
            self.waiting.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_wish_list_waits_and_nothing_is_lost() {
        let (sender, mut engine) = mpsc::channel(1);
        let mut outbox = Outbox::new(sender);
        outbox.put(Request::Refresh(None));
        outbox.send();
        for _ in 0..3 {
            outbox.put(Request::Watch(Vec::new()));
            outbox.send();
        }
        assert_eq!(engine.try_recv(), Ok(Request::Refresh(None)));
        outbox.send();
        assert_eq!(engine.try_recv(), Ok(Request::Watch(Vec::new())));
        outbox.send();
        assert!(engine.try_recv().is_err());
    }
}
