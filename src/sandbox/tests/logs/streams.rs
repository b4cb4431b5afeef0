//! Streams: read both ways, and listed.

use serde_json::{Value, json};

use super::{API, HERE, ask, line, now, world};
use crate::sandbox::LogLine;

#[tokio::test]
async fn a_stream_is_read_both_ways_and_the_end_gives_back_the_token() {
    let (gateway, _) = world("");
    let lines: Vec<LogLine> = (0..10)
        .map(|n| line(now() - 1_000 + n, now(), &format!("{n}")))
        .collect();
    gateway.put_log_events(HERE, "g", "s", &lines);
    let get = |token: Option<Value>, head: bool| {
        let mut input =
            json!({"logGroupName": "g", "logStreamName": "s", "limit": 4, "startFromHead": head});
        if let Some(token) = token {
            input["nextToken"] = token;
        }
        ask(&gateway, "GetLogEvents", input)
    };
    let said = |answer: &Value| -> String {
        let events = answer["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["message"].as_str().unwrap())
            .collect()
    };
    let (mut forward, mut backward) = (get(None, true).await, get(None, false).await);
    let (mut onwards, mut back) = (vec![said(&forward)], vec![said(&backward)]);
    for _ in 0..2 {
        forward = get(Some(forward["nextForwardToken"].clone()), true).await;
        onwards.push(said(&forward));
        backward = get(Some(backward["nextBackwardToken"].clone()), false).await;
        back.push(said(&backward));
    }
    assert_eq!(onwards, ["0123", "4567", "89"]);
    assert_eq!(back, ["6789", "2345", "01"]);
    let end = forward["nextForwardToken"].clone();
    assert_eq!(get(Some(end.clone()), true).await["nextForwardToken"], end);
    let start = backward["nextBackwardToken"].clone();
    assert_eq!(
        get(Some(start.clone()), false).await["nextBackwardToken"],
        start
    );
    gateway.put_log_events(HERE, "g", "s", &[line(now(), now(), "new")]);
    assert_eq!(said(&get(Some(end), true).await), "new");
}

#[tokio::test]
async fn streams_are_listed_by_name_and_by_time() {
    let (gateway, _) = world("");
    let (mut names, mut input) = (Vec::new(), json!({"logGroupName": API}));
    loop {
        let answer = ask(&gateway, "DescribeLogStreams", input.clone()).await;
        names.extend(
            answer["logStreams"]
                .as_array()
                .unwrap()
                .iter()
                .map(|stream| stream["logStreamName"].to_string()),
        );
        match answer["nextToken"].as_str() {
            Some(token) => input["nextToken"] = token.into(),
            None => break,
        }
    }
    assert!(names.len() > 100 && names.is_sorted(), "{}", names.len());
    let latest =
        json!({"logGroupName": API, "orderBy": "LastEventTime", "descending": true, "limit": 3});
    let answer = ask(&gateway, "DescribeLogStreams", latest).await;
    let times: Vec<i64> = answer["logStreams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stream| stream["lastEventTimestamp"].as_i64().unwrap())
        .collect();
    assert!(times.iter().rev().is_sorted());
    assert!(
        (0..3_600_000).contains(&(now() - times[0])),
        "it lags, by less than an hour"
    );
}
