//! What happens to a Live Tail session on a bad line, and once over a real one.

use std::time::Duration;

use aws_smithy_eventstream::frame::read_message_from;
use http_body_util::BodyExt as _;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::super::socket::on_the_wire;
use super::live_tail::{arn, logs, next, paced, put, session, told};
use crate::sandbox::{Broken, Clock, Fault, FaultKind, Options, Place, Sandbox, Scenario};

fn fault(kind: FaultKind) -> Fault {
    Fault::new(Place::everywhere().operation("StartLiveTail"), kind)
}

#[tokio::test(start_paused = true)]
async fn a_line_can_be_cut_after_so_many_updates() {
    let gateway = paced();
    gateway.inject(fault(FaultKind::Severed { after: 2 }));
    let mut body = session(&gateway).await;
    told(&mut body).await;
    told(&mut body).await;
    assert_eq!(body.frame().await.unwrap().unwrap_err(), Broken::Truncated);
    assert!(body.frame().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_fault_in_the_middle_of_a_session_meets_the_next_update() {
    for (kind, broken) in [
        (FaultKind::Reset, Broken::Reset),
        (FaultKind::Truncated, Broken::Truncated),
    ] {
        let gateway = paced();
        let mut body = session(&gateway).await;
        told(&mut body).await;
        gateway.inject(fault(kind.clone()));
        if kind == FaultKind::Truncated {
            let half = body.frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(read_message_from(half).is_err());
        }
        assert_eq!(body.frame().await.unwrap().unwrap_err(), broken);
    }
    let gateway = paced();
    let mut body = session(&gateway).await;
    gateway.inject(fault(FaultKind::ServerError { status: 500 }));
    assert_eq!(
        next(&mut body).await.unwrap().0,
        "SessionStreamingException"
    );
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test(start_paused = true)]
async fn what_is_said_into_the_dark_comes_when_it_is_light_again() {
    let gateway = paced();
    let mut body = session(&gateway).await;
    let dark = gateway.inject(fault(FaultKind::Dark));
    put(&gateway, "web", &[(0, 1_500, "in the dark")]);
    let waiting = tokio::time::timeout(Duration::from_secs(20), next(&mut body)).await;
    assert!(waiting.is_err());
    gateway.heal(dark);
    assert_eq!(told(&mut body).await, ["in the dark"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_line_delays_every_update() {
    let gateway = paced();
    let mut body = session(&gateway).await;
    let began = Instant::now();
    gateway.inject(fault(FaultKind::SlowBody {
        pause: Duration::from_millis(300),
    }));
    told(&mut body).await;
    assert_eq!(began.elapsed(), Duration::from_millis(1_300));
    told(&mut body).await;
    assert_eq!(began.elapsed(), Duration::from_millis(2_300));
}

#[tokio::test(start_paused = true)]
async fn a_garbled_event_is_in_a_frame_that_is_whole() {
    let gateway = paced();
    let mut body = session(&gateway).await;
    gateway.inject(fault(FaultKind::Garbled {
        find: "GARBLE".to_owned(),
        bytes: br"\ud800".to_vec(),
    }));
    put(&gateway, "web", &[(0, 10, "GARBLE")]);
    let piece = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let message = read_message_from(piece).unwrap();
    assert!(String::from_utf8_lossy(message.payload()).contains(r#""message":"\ud800""#));
}

#[tokio::test]
async fn over_a_socket_frames_come_at_once_and_a_reset_ends_them() {
    let sandbox = Sandbox::start(Options {
        scenario: Scenario::named("calm").unwrap(),
        clock: Clock::real(),
        port: 0,
    })
    .await
    .unwrap();
    let gateway = sandbox.service();
    put(&gateway, "web", &[]);
    let request = logs("StartLiveTail", &json!({"logGroupIdentifiers": [arn()]}));
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(&on_the_wire(&request)).await.unwrap();
    let mut heard = Vec::new();
    let has = |heard: &[u8], words: &str| {
        let mut windows = heard.windows(words.len());
        windows.any(|window| window == words.as_bytes())
    };
    while !has(&heard, "logGroupIdentifiers") {
        assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0);
    }
    assert!(has(&heard, "transfer-encoding: chunked"));
    assert!(
        !has(&heard, "sessionUpdate"),
        "nothing waits for the first second"
    );
    gateway.inject(fault(FaultKind::Reset));
    let ended = stream.read_to_end(&mut heard).await;
    assert_eq!(
        ended.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
    sandbox.stop().await;
}
