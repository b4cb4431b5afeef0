//! One request, from bytes to bytes.
//!
//! In order: what is asked (wire), who asks (credential), what is wrong today (faults), the service, and
//! the answer in the protocol of the question. The socket is not here, so a test with paused time can
//! call [`Gateway::respond`] and never wait for a kernel.

mod body;
mod intruder;
mod scribe;
mod visit;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::header::{DATE, HeaderName, HeaderValue};
use hyper::{Request, Response};

use super::clock::Clock;
use super::fault::{Fault, FaultId, Faults};
use super::log::{Log, LoggedRequest};
use super::meter::Bill;
use super::world::{FailingUpdate, World};
pub use body::Body;
pub(super) use body::Flow;
use visit::Visit;

/// The endpoint itself, with or without a socket in front of it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: World,
    clock: Clock,
    faults: Faults,
    log: Log,
    served: AtomicU64,
}

/// A request that came to no complete answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The connection was reset.
    Reset,
    /// The body stopped short of what was promised.
    Truncated,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Broken::Reset => "The connection was reset.",
            Broken::Truncated => "The body stopped short of what was promised.",
        })
    }
}

impl std::error::Error for Broken {}

/// An answer and how the line is to treat it.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) response: Response<Bytes>,
    /// What the body is instead, if the answer goes on.
    pub(super) flow: Option<Flow>,
    pub(super) delivery: Delivery,
}

impl Reply {
    /// An answer that is whole when it is made.
    fn said(response: Response<Bytes>, delivery: Delivery) -> Reply {
        Reply {
            response,
            flow: None,
            delivery,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    Truncated,
    SlowBody(Duration),
    SlowClose(Duration),
    Reset,
    Never,
}

impl Gateway {
    pub(super) fn new(world: World, clock: Clock, faults: Faults) -> Gateway {
        Gateway(Arc::new(Inner {
            world,
            clock,
            faults,
            log: Log::default(),
            served: AtomicU64::new(0),
        }))
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.0.log.requests()
    }

    /// What was asked of CloudWatch, as AWS would charge for it.
    pub fn bill(&self) -> Bill {
        self.0.world.meter.read()
    }

    /// Has the next update of a stack fail, as if a scenario had said so.
    pub fn fail_update(&self, failing: FailingUpdate) {
        self.0.world.failings.add(failing);
    }

    pub fn inject(&self, fault: Fault) -> FaultId {
        self.0.faults.inject(fault)
    }

    pub fn heal(&self, fault: FaultId) {
        self.0.faults.heal(fault);
    }

    /// Answers a request in process, with a body that may go on for hours. A region that is dark never
    /// answers; cancel by dropping.
    pub async fn respond(&self, request: Request<Bytes>) -> Result<Response<Body>, Broken> {
        let reply = self.answer(request).await;
        match (reply.delivery, reply.flow) {
            (Delivery::Reset, _) => Err(Broken::Reset),
            (Delivery::Never, _) => std::future::pending().await,
            // What else is wrong with the line, a flow meets on its way.
            (_, Some(flow)) => Ok(reply.response.map(|_| Body::flowing(flow))),
            (Delivery::Truncated, None) => Err(Broken::Truncated),
            (Delivery::Whole, None) => Ok(reply.response.map(Body::whole_of)),
            (Delivery::SlowBody(pause) | Delivery::SlowClose(pause), None) => {
                tokio::time::sleep(pause).await;
                Ok(reply.response.map(Body::whole_of))
            }
        }
    }

    /// [`Gateway::respond`], and the body read to its end.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Broken> {
        let (head, body) = self.respond(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }

    pub(super) async fn answer(&self, request: Request<Bytes>) -> Reply {
        let visit = Visit::new(self, &request);
        let facing = self.0.faults.facing(&visit.place, visit.now);
        let mut reply = visit.reply(&facing);
        let date = visit
            .date(&facing)
            .format("%a, %d %b %Y %H:%M:%S GMT")
            .to_string();
        let headers = reply.response.headers_mut();
        for (name, value) in [("x-amzn-requestid", &visit.id), (DATE.as_str(), &date)] {
            if let (Ok(name), Ok(value)) =
                (name.parse::<HeaderName>(), HeaderValue::from_str(value))
            {
                headers.insert(name, value);
            }
        }
        // Written down before the wait: a client that has given up by then has asked all the same.
        self.0.log.add(visit.logged(&reply, &request));
        if let Some(wait) = visit.latency(&facing) {
            tokio::time::sleep(wait).await;
        }
        reply
    }
}
