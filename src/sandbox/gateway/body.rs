//! What an answer says: all of it at once, or piece by piece while it goes on.
//!
//! A stream is pulled: whoever reads makes it move, and whoever stops reading ends it. Each piece meets the faults
//! that are in force when it is due, so a line that was good at the start can still go dark, slow or dead.

use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::{Broken, Gateway, intruder};
use crate::sandbox::fault::{FaultKind, Place};
use crate::sandbox::stream::{PACE, Said, Stream};
use crate::sandbox::wire::event_stream;

/// The body of an answer in process.
#[derive(Debug)]
pub struct Body(Form);

#[derive(Debug)]
enum Form {
    /// `None` once it has been read.
    Whole(Option<Bytes>),
    Flow(Box<Flow>),
}

impl Body {
    pub(super) fn whole_of(bytes: Bytes) -> Body {
        Body(Form::Whole(Some(bytes)))
    }

    pub(super) fn flowing(flow: Flow) -> Body {
        Body(Form::Flow(Box::new(flow)))
    }

    /// All of it, if it is there already; nothing of a stream is.
    pub fn whole(&self) -> Option<&Bytes> {
        match &self.0 {
            Form::Whole(bytes) => bytes.as_ref(),
            Form::Flow(_) => None,
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match &mut self.0 {
            Form::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Form::Flow(flow) => flow
                .poll_piece(cx)
                .map(|piece| piece.map(|piece| piece.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Form::Whole(bytes) => bytes.is_none(),
            Form::Flow(flow) => flow.is_over(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Form::Whole(bytes) => {
                let length = bytes.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
            }
            Form::Flow(_) => SizeHint::default(),
        }
    }
}

/// A stream on its way over a line that faults can spoil at any moment.
#[derive(Debug)]
pub(in crate::sandbox) struct Flow {
    gateway: Gateway,
    place: Place,
    /// `None` once nothing more will be said.
    stream: Option<Box<dyn Stream>>,
    began: Instant,
    /// When the next piece is to be made.
    due: Pin<Box<Sleep>>,
    /// Made, and not yet handed over.
    pieces: VecDeque<Bytes>,
    /// What a slow line makes the pieces wait for.
    held: Option<Pin<Box<Sleep>>>,
    /// How often the stream was asked since its opening; `None` before it.
    updates: Option<u32>,
    broken: Option<Broken>,
}

impl Flow {
    pub(super) fn new(gateway: Gateway, place: Place, stream: Box<dyn Stream>) -> Flow {
        let began = Instant::now();
        Flow {
            gateway,
            place,
            stream: Some(stream),
            began,
            due: Box::pin(tokio::time::sleep_until(began)),
            pieces: VecDeque::new(),
            held: None,
            updates: None,
            broken: None,
        }
    }

    /// The next piece, in its time; `None` when all is said.
    pub(in crate::sandbox) fn poll_piece(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Broken>>> {
        loop {
            if let Some(held) = &mut self.held {
                ready!(held.as_mut().poll(cx));
                self.held = None;
            }
            if let Some(piece) = self.pieces.pop_front() {
                return Poll::Ready(Some(Ok(piece)));
            }
            if let Some(broken) = self.broken.take() {
                return Poll::Ready(Some(Err(broken)));
            }
            if self.stream.is_none() {
                return Poll::Ready(None);
            }
            ready!(self.due.as_mut().poll(cx));
            self.make();
            self.schedule();
        }
    }

    fn is_over(&self) -> bool {
        self.stream.is_none() && self.pieces.is_empty() && self.broken.is_none()
    }

    /// Makes what is due now, as the line lets it through.
    fn make(&mut self) {
        let inner = &*self.gateway.0;
        let now = inner.clock.now();
        let facing = inner.faults.on_the_line(&self.place, now);
        let Some(stream) = &mut self.stream else {
            return;
        };
        // What is said into the dark waits; the next update tells it.
        if facing.contains(&FaultKind::Dark) {
            return;
        }
        let severed = facing.iter().any(|kind| match kind {
            FaultKind::Severed { after } => self.updates.is_some_and(|updates| updates >= *after),
            _ => false,
        });
        if severed || facing.contains(&FaultKind::Reset) {
            self.stream = None;
            self.broken = Some(if severed {
                Broken::Truncated
            } else {
                Broken::Reset
            });
            return;
        }
        let fails = facing
            .iter()
            .any(|kind| matches!(kind, FaultKind::ServerError { .. }));
        let said = match self.updates {
            _ if fails => stream.breakdown(),
            None => stream.opening(),
            Some(_) => stream.update(now, self.began.elapsed()),
        };
        if self.updates.is_none() {
            self.pieces.push_back(event_stream::initial_response());
        }
        let piece = event_stream::write(&said, |body| spoilt(body, &facing));
        if facing.contains(&FaultKind::Truncated) {
            self.pieces.push_back(piece.slice(..piece.len() / 2));
            self.broken = Some(Broken::Truncated);
        } else {
            self.pieces.push_back(piece);
        }
        if self.broken.is_some() || matches!(said, Said::Exception(..)) {
            self.stream = None;
        }
        self.updates = Some(self.updates.map_or(0, |updates| updates + 1));
        self.held = slowness(&facing).map(|pause| Box::pin(tokio::time::sleep(pause)));
    }

    /// The next piece is due a second after the last was; a reader who is late gets no second helping.
    fn schedule(&mut self) {
        let next = self.due.deadline() + PACE;
        let now = Instant::now();
        let next = if next < now { now + PACE } else { next };
        self.due.as_mut().reset(next);
    }
}

fn spoilt(body: Bytes, facing: &[FaultKind]) -> Bytes {
    facing.iter().fold(body, |body, kind| match kind {
        FaultKind::Garbled { find, bytes } => intruder::garbled(&body, find.as_bytes(), bytes),
        _ => body,
    })
}

/// By how much the line delays each piece.
fn slowness(facing: &[FaultKind]) -> Option<Duration> {
    let waits = facing.iter().filter_map(|kind| match kind {
        FaultKind::SlowBody { pause } | FaultKind::SlowClose { pause } => Some(*pause),
        FaultKind::Latency { fixed, .. } => Some(*fixed),
        _ => None,
    });
    waits.reduce(|sum, wait| sum + wait)
}
