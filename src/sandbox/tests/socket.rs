//! The line itself: kept alive, reset, cut short, slow, silent.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{PROD, cloudformation, noon};
use crate::sandbox::{Clock, Fault, FaultKind, Options, Place, Protocol, Sandbox, Scenario, serve};

async fn started(kind: Option<FaultKind>) -> Sandbox {
    let scenario = Scenario::named("calm").unwrap();
    let options = Options {
        scenario,
        clock: Clock::manual(noon()),
        port: 0,
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    if let Some(kind) = kind {
        sandbox.inject(Fault::new(Place::everywhere(), kind));
    }
    sandbox
}

/// A request as the bytes a client sends.
fn bytes() -> Vec<u8> {
    on_the_wire(&cloudformation("eu-west-1", "Action=ListStacks"))
}

pub(super) fn on_the_wire(request: &Request<Bytes>) -> Vec<u8> {
    let mut out = String::from("POST / HTTP/1.1\r\n");
    for (name, value) in request.headers() {
        write!(out, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    write!(out, "content-length: {}\r\n\r\n", request.body().len()).unwrap();
    let mut out = out.into_bytes();
    out.extend_from_slice(request.body());
    out
}

/// Sends a request and reads until the connection ends.
async fn last_words(sandbox: &Sandbox) -> (Vec<u8>, io::Result<usize>) {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(&bytes()).await.unwrap();
    let mut words = Vec::new();
    let patience = Duration::from_secs(5);
    let ended = tokio::time::timeout(patience, stream.read_to_end(&mut words))
        .await
        .unwrap();
    (words, ended)
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let sandbox = started(None).await;
    let stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(connection);
    for _ in 0..3 {
        let request = cloudformation("eu-west-1", "Action=ListStacks").map(Full::new);
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200);
        response.into_body().collect().await.unwrap();
    }
    let log = sandbox.requests();
    assert_eq!(log.len(), 3);
    let asked = &log[0];
    assert_eq!(
        (
            asked.account.as_str(),
            asked.region.as_str(),
            asked.service.as_str(),
            asked.operation.as_str()
        ),
        (PROD, "eu-west-1", "cloudformation", "ListStacks")
    );
    assert_eq!(
        (asked.status, asked.protocol, asked.at),
        (Some(200), Some(Protocol::Query), noon())
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let sandbox = started(Some(FaultKind::Reset)).await;
    let (words, ended) = last_words(&sandbox).await;
    assert!(words.is_empty());
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(sandbox.requests()[0].status, None);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_promised() {
    let sandbox = started(Some(FaultKind::Truncated)).await;
    let (words, _) = last_words(&sandbox).await;
    let reply = String::from_utf8(words).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let promised: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        !body.is_empty() && body.len() < promised,
        "{} of {promised}",
        body.len()
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_slow_body_comes_whole_in_the_end() {
    for kind in [
        FaultKind::SlowBody {
            pause: Duration::from_millis(2),
        },
        FaultKind::SlowClose {
            pause: Duration::from_millis(40),
        },
    ] {
        let sandbox = started(Some(kind)).await;
        let stream = TcpStream::connect(sandbox.address()).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(connection);
        let before = tokio::time::Instant::now();
        let request = cloudformation("eu-west-1", "Action=ListStacks").map(Full::new);
        let body = sender
            .send_request(request)
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap();
        assert!(before.elapsed() >= Duration::from_millis(30));
        assert!(body.to_bytes().ends_with(b"</ListStacksResponse>"));
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn stopping_waits_for_nobody() {
    let sandbox = started(Some(FaultKind::Dark)).await;
    let address = sandbox.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&bytes()).await.unwrap();
    let mut heard = [0; 1];
    let silence = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut heard)).await;
    assert!(silence.is_err(), "a dark region says nothing");
    tokio::time::timeout(Duration::from_secs(2), sandbox.stop())
        .await
        .unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_door_says_how_to_get_in() {
    let mut out = Vec::new();
    let scenario = Scenario::named("demo").unwrap();
    serve(scenario, 0, &mut out, std::future::ready(()))
        .await
        .unwrap();
    let said = String::from_utf8(out).unwrap();
    for variable in [
        "AWS_ENDPOINT_URL=http://127.0.0.1:",
        "AWS_ACCESS_KEY_ID=123456789012",
        "AWS_SECRET_ACCESS_KEY=",
        "AWS_REGION=us-east-1",
        "AWS_DEFAULT_REGION=us-east-1",
        "AWS_EC2_METADATA_DISABLED=true",
    ] {
        assert!(said.contains(&format!("export {variable}")), "{said}");
    }
}
