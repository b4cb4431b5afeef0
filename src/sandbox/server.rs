//! The socket: accepts on loopback, keeps connections alive, and mistreats them when told to.
//!
//! Everything is a task of one `JoinSet`, so stopping means that nothing of it is left.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;

use super::gateway::{Broken, Delivery, Flow, Gateway};

/// A listening socket and the tasks behind it.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    stopping: CancellationToken,
    tasks: JoinSet<()>,
}

impl Server {
    pub(super) async fn start(gateway: Gateway, port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let stopping = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, gateway, stopping.clone()));
        Ok(Server {
            address,
            stopping,
            tasks,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) async fn stop(mut self) {
        self.stopping.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn accept(listener: TcpListener, gateway: Gateway, stopping: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, gateway.clone()));
                }
                // Out of descriptors, most likely: some connection will end soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    connections.shutdown().await;
}

/// Serves one connection until the client leaves, or until a fault resets it.
async fn converse(stream: TcpStream, gateway: Gateway) {
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(Notify::new());
    let service = service_fn(|request: Request<Incoming>| {
        let (gateway, reset) = (gateway.clone(), Arc::clone(&reset));
        async move { Ok::<_, Infallible>(exchange(request, &gateway, &reset).await) }
    });
    let mut connection = http1::Builder::new()
        .half_close(true)
        // The date is the sandbox's own.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = &mut connection => {}
        () = reset.notified() => {
            // Without lingering, closing sends RST instead of FIN.
            let _ = connection.into_parts().io.into_inner().set_zero_linger();
        }
    }
}

async fn exchange(
    request: Request<Incoming>,
    gateway: &Gateway,
    reset: &Arc<Notify>,
) -> Response<Line> {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        // The client went away in the middle of its own request.
        reset.notify_one();
        return std::future::pending().await;
    };
    let reply = gateway
        .answer(Request::from_parts(parts, body.to_bytes()))
        .await;
    let response = reply.response;
    let paced = match (reply.delivery, reply.flow) {
        (Delivery::Reset, _) => {
            reset.notify_one();
            std::future::pending().await
        }
        (Delivery::Never, _) => std::future::pending().await,
        (_, Some(flow)) => {
            let reset = Arc::clone(reset);
            return response.map(|_| Line::Flow { flow, reset });
        }
        (Delivery::Whole, None) => response.map(Paced::whole),
        (Delivery::SlowBody(pause), None) => response.map(|body| Paced::slow(&body, pause)),
        (Delivery::SlowClose(pause), None) => response.map(|body| Paced::slow_to_end(body, pause)),
        (Delivery::Truncated, None) => {
            let length = response.body().len();
            let mut response = response.map(|body| Paced::cut_short(&body));
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from(length));
            response
        }
    };
    paced.map(Line::Paced)
}

/// A body as the socket sends it.
enum Line {
    Paced(Paced),
    /// It goes on, and may be reset in the middle.
    Flow {
        flow: Flow,
        reset: Arc<Notify>,
    },
}

impl Body for Line {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.get_mut() {
            Line::Paced(paced) => Pin::new(paced).poll_frame(cx),
            Line::Flow { flow, reset } => match ready!(flow.poll_piece(cx)) {
                None => Poll::Ready(None),
                Some(Ok(piece)) => Poll::Ready(Some(Ok(Frame::data(piece)))),
                Some(Err(Broken::Truncated)) => {
                    Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())))
                }
                Some(Err(Broken::Reset)) => {
                    reset.notify_one();
                    Poll::Pending
                }
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Line::Paced(paced) => paced.is_end_stream(),
            Line::Flow { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Line::Paced(paced) => paced.size_hint(),
            Line::Flow { .. } => SizeHint::default(),
        }
    }
}

/// A body that comes in pieces, each after a pause, and ends well or badly.
struct Paced {
    pieces: VecDeque<Bytes>,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The length was said at the start.
    Known,
    /// Said only when it is over, after one more pause.
    Late,
    Broken,
}

impl Paced {
    fn whole(body: Bytes) -> Paced {
        Paced {
            pieces: VecDeque::from([body]),
            pause: Duration::ZERO,
            waiting: None,
            ending: Ending::Known,
        }
    }

    fn slow(body: &Bytes, pause: Duration) -> Paced {
        const PIECE: usize = 1_024;
        let pieces = (0..body.len()).step_by(PIECE);
        let pieces = pieces.map(|start| body.slice(start..body.len().min(start + PIECE)));
        Paced {
            pieces: pieces.collect(),
            pause,
            waiting: None,
            ending: Ending::Known,
        }
    }

    fn slow_to_end(body: Bytes, pause: Duration) -> Paced {
        Paced {
            pause,
            ending: Ending::Late,
            ..Paced::whole(body)
        }
    }

    fn cut_short(body: &Bytes) -> Paced {
        Paced {
            // When a body breaks, hyper forgets what it has not written yet; this gives it the time.
            pause: Duration::from_millis(20),
            ending: Ending::Broken,
            ..Paced::whole(body.slice(..body.len() / 2))
        }
    }

    /// Whether the next thing to do has to wait, and has not yet.
    fn pauses_before_next(&self) -> bool {
        match self.ending {
            Ending::Known => !self.pieces.is_empty(),
            Ending::Late | Ending::Broken => self.pieces.is_empty(),
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.pause.is_zero() && self.pauses_before_next() {
            let pause = self.pause;
            let waiting = self
                .waiting
                .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
            if waiting.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            self.waiting = None;
            if self.ending != Ending::Known {
                self.pause = Duration::ZERO;
            }
        }
        match (self.pieces.pop_front(), self.ending) {
            (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            (None, Ending::Broken) => Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into()))),
            (None, Ending::Known | Ending::Late) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && self.ending == Ending::Known
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.pieces.iter().map(Bytes::len).sum::<usize>();
        match self.ending {
            Ending::Known => SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX)),
            Ending::Late | Ending::Broken => SizeHint::default(),
        }
    }
}
