//! Live Tail: the frames of a session, what ends it, and where it is opened.

use super::*;
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use wire::Asked;

/// A frame of a session.
fn frame(kind: &str, name: &str, body: &str) -> Vec<u8> {
    let header = |name: &str, value: &str| {
        Header::new(
            name.to_owned(),
            HeaderValue::String(value.to_owned().into()),
        )
    };
    let message = Message::new_from_parts(
        vec![
            header(":message-type", kind),
            header(&format!(":{kind}-type"), name),
            header(":content-type", "application/json"),
        ],
        body.to_owned(),
    );
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn event(name: &str, body: &str) -> Vec<u8> {
    frame("event", name, body)
}

/// STS's answer, or a session that says this and ends.
fn session(asked: &Asked, frames: &[Vec<u8>]) -> wire::Answer {
    if asked.body.contains("GetCallerIdentity") {
        let identity = "<Account>111122223333</Account><UserId>A</UserId>\
            <Arn>arn:aws-cn:iam::111122223333:user/ada</Arn>";
        return wire::xml(
            200,
            &format!(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>{identity}</GetCallerIdentityResult></GetCallerIdentityResponse>"
            ),
        );
    }
    let mut response = wire::response(
        200,
        &[("content-type", "application/vnd.amazon.eventstream")],
        "",
    );
    *response.body_mut() = SdkBody::from(frames.concat());
    Ok(response)
}

fn question(groups: &[&str]) -> LiveQuestion {
    LiveQuestion {
        groups: groups.iter().map(|group| (*group).into()).collect(),
        pattern: Some("ERROR".to_owned()),
    }
}

fn started() -> Vec<Vec<u8>> {
    vec![
        event("initial-response", "{}"),
        event("sessionStart", r#"{"sessionId":"s"}"#),
    ]
}

#[tokio::test]
async fn a_session_says_what_came_by_group_and_whether_that_was_all() {
    let mut frames = started();
    frames.push(event("sessionUpdate", r#"{"sessionMetadata":{"sampled":true},"sessionResults":[
        {"logStreamName":"s1","logGroupIdentifier":"111122223333:/aws/lambda/b","message":"zwei\u001b[2J","timestamp":2,"ingestionTime":20},
        {"logStreamName":"s2","logGroupIdentifier":"arn:aws:logs:eu-west-1:111122223333:log-group:a:*","message":"eins","timestamp":1,"ingestionTime":10},
        {"logStreamName":"s1","logGroupIdentifier":"/aws/lambda/b","message":"drei","timestamp":3,"ingestionTime":30},
        {"logStreamName":"s1","logGroupIdentifier":"elsewhere","message":"nobody asked","timestamp":3,"ingestionTime":30}]}"#));
    frames.push(event(
        "sessionUpdate",
        r#"{"sessionMetadata":{"sampled":false},"sessionResults":[]}"#,
    ));
    frames.push(frame(
        "exception",
        "SessionTimeoutException",
        r#"{"message":"3 h"}"#,
    ));
    let wire = Wire::new(move |asked| session(asked, &frames));
    let cloud = cloud(&wire);
    let mut live = cloud
        .live_tail(&ireland(), &question(&["a", "/aws/lambda/b"]))
        .await
        .unwrap();

    let update = live.next().await.unwrap().unwrap();
    assert!(update.is_sampled);
    let seen: Vec<_> = update
        .events
        .iter()
        .flat_map(|(group, events)| {
            let event = |event: crate::domain::LogEvent<'_>| {
                (*group, event.time, event.ingested, event.exact().to_owned())
            };
            events.iter().map(event).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, 2, 20, "zwei\u{1b}[2J".to_owned()),
            (1, 3, 30, "drei".to_owned()),
            (0, 1, 10, "eins".to_owned())
        ]
    );
    assert_eq!(live.next().await, Ok(Some(LiveUpdate::default())));
    assert_eq!(live.next().await, Ok(None), "three hours are over");

    let asked = wire.asked();
    assert_eq!(asked[1].uri, "http://sandbox.test:1/", "no prefix");
    assert!(
        asked[1]
            .body
            .contains("arn:aws-cn:logs:eu-west-1:111122223333:log-group:/aws/lambda/b\""),
        "{}",
        asked[1].body
    );
    assert!(asked[1].body.contains(r#""logEventFilterPattern":"ERROR""#));
}

#[tokio::test]
async fn who_we_are_is_asked_once_for_many_sessions() {
    let frames = started();
    let wire = Wire::new(move |asked| session(asked, &frames));
    let cloud = cloud(&wire);
    for _ in 0..3 {
        let mut live = cloud
            .live_tail(&ireland(), &question(&["a"]))
            .await
            .unwrap();
        assert_eq!(live.next().await, Ok(None));
    }
    assert_eq!(wire.asked().len(), 4);
}

#[tokio::test]
async fn the_real_service_is_asked_at_its_own_host() {
    let frames = started();
    let wire = Wire::new(move |asked| session(asked, &frames));
    let fleet = Fleet {
        accounts: vec![plan(Access::ReadOnly)],
        ..Fleet::default()
    };
    let link = Link {
        endpoint: None,
        http: Some(wire.client()),
    };
    let cloud = Cloud::new(&fleet, link);
    cloud
        .live_tail(&ireland(), &question(&["a"]))
        .await
        .unwrap();
    assert_eq!(
        wire.asked()[1].uri,
        "https://stream-logs.eu-west-1.amazonaws.com/"
    );
}

#[tokio::test]
async fn a_refusal_is_worded_and_not_repeated() {
    let refusals = [
        (
            r#"{"__type":"LimitExceededException","message":"x"}"#,
            "Could not open a Live Tail session in eu-west-1 of prod: all sessions that AWS allows there (15) are in use.",
            Kind::Throttled,
        ),
        (
            r#"{"__type":"AccessDeniedException","message":"x"}"#,
            "Not allowed to open a Live Tail session in eu-west-1 of prod. Needs `logs:StartLiveTail`.",
            Kind::Denied,
        ),
        (
            r#"{"__type":"ResourceNotFoundException","message":"x"}"#,
            "A log group does not exist in eu-west-1 of prod.",
            Kind::Missing,
        ),
    ];
    for (body, expected, kind) in refusals {
        let wire = Wire::new(move |asked| {
            if asked.body.contains("GetCallerIdentity") {
                return session(asked, &[]);
            }
            let kind = [("content-type", "application/x-amz-json-1.1")];
            Ok(wire::response(400, &kind, body))
        });
        let refused = cloud(&wire).live_tail(&ireland(), &question(&["a"])).await;
        let problem = refused.err().unwrap();
        assert_eq!(
            (problem.to_string().as_str(), problem.kind),
            (expected, kind)
        );
        assert_eq!(wire.asked().len(), 2, "one attempt");
    }
}

#[tokio::test]
async fn what_breaks_a_session_is_told() {
    let mut cut = started();
    let whole = event("sessionUpdate", r#"{"sessionResults":[]}"#);
    cut.push(whole[..whole.len() - 3].to_vec());
    let mut half = started();
    half.push(event(
        "sessionUpdate",
        r#"{"sessionResults":[{"message":"\ud83d","timestamp":1}]}"#,
    ));
    let mut failed = started();
    failed.push(frame("exception", "SessionStreamingException", "{}"));
    for (frames, kind) in [
        (cut, Kind::Garbled),
        (half, Kind::Garbled),
        (failed, Kind::Server),
    ] {
        let wire = Wire::new(move |asked| session(asked, &frames));
        let cloud = cloud(&wire);
        let mut live = cloud
            .live_tail(&ireland(), &question(&["a"]))
            .await
            .unwrap();
        assert_eq!(live.next().await.unwrap_err().kind, kind);
    }
}
