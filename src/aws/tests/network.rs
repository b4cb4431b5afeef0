//! The real connector against sockets on this machine that misbehave.

use super::*;
use crate::domain::Reach;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn cloud_at(port: u16) -> Cloud {
    let fleet = Fleet {
        accounts: vec![plan(Access::ReadOnly)],
        ..Fleet::default()
    };
    let link = Link {
        // No DNS server knows this name: the loopback resolver does.
        endpoint: Some(format!("http://sandbox.test:{port}")),
        http: None,
    };
    Cloud::new(&fleet, link)
}

async fn ask_at(port: u16) -> Problem {
    let cloud = cloud_at(port);
    cloud.read(&Topic::Stacks, &ireland()).await.unwrap_err()
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Accepts one connection, reads the request and does something else than answering well.
async fn misbehaving(act: impl AsyncFnOnce(TcpStream)) -> Problem {
    let (listener, port) = listener().await;
    let serve = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8192];
        let _ = stream.read(&mut request).await;
        act(stream).await;
    };
    let (problem, ()) = tokio::join!(ask_at(port), serve);
    problem
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let (listener, port) = listener().await;
    drop(listener);
    let problem = ask_at(port).await;
    assert_eq!(problem.kind, Kind::Unreachable(Reach::Refused), "{problem}");
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_was_cut() {
    let problem = misbehaving(async |stream| drop(stream)).await;
    assert_eq!(problem.kind, Kind::Unreachable(Reach::Reset), "{problem}");
}

#[tokio::test]
async fn a_body_that_stops_halfway_is_garbled() {
    let problem = misbehaving(async |mut stream| {
        let half =
            b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 4000\r\n\r\n<Describe";
        stream.write_all(half).await.unwrap();
    })
    .await;
    assert_eq!(problem.kind, Kind::Garbled, "{problem}");
}

/// Answers that there are no stacks, for as long as the connection is kept.
async fn answer(mut stream: TcpStream) {
    let mut request = [0; 8192];
    while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
        let body = "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
            <DescribeStacksResult><Stacks/></DescribeStacksResult></DescribeStacksResponse>";
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a server of a test ends with its runtime"
)]
#[tokio::test]
async fn a_connection_is_used_again_until_everything_is_connected_anew() {
    let (listener, port) = listener().await;
    let accepted = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&accepted);
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(answer(stream));
        }
    });
    let cloud = cloud_at(port);
    // Nothing is connected yet.
    cloud.reconnect().await;
    for connections in [1, 2] {
        for _ in 0..2 {
            cloud.read(&Topic::Stacks, &ireland()).await.unwrap();
            assert_eq!(accepted.load(Ordering::SeqCst), connections);
        }
        cloud.reconnect().await;
    }
    serving.abort();
}
