//! `FilterLogEvents`: pages, tokens, what can be seen when, and poison.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::{API, HERE, ask, ids, line, now, pages, refused, request, world};
use crate::sandbox::tests::PROD;
use crate::sandbox::{Fault, FaultKind, LogEvent, LogLine, Place};

#[tokio::test]
async fn pages_of_a_search_are_the_truth_in_order_however_small_they_are() {
    let (gateway, _) = world("[logs]\nempty_pages = 0.3");
    let window = now() - 1_200_000..now() - 600_000;
    let truth = gateway.log_truth(HERE, API, window.clone());
    assert!(truth.len() > 500);
    let expected: Vec<String> = truth.iter().map(LogEvent::id).collect();
    for limit in [10_000, 97] {
        let input = json!({"logGroupName": API, "startTime": window.start, "endTime": window.end - 1, "limit": limit});
        let pages = pages(&gateway, input).await;
        assert_eq!(ids(&pages.concat()), expected, "limit {limit}");
        assert!(pages.iter().all(|page| page.len() <= limit));
        if limit < 100 {
            assert!(pages.iter().any(Vec::is_empty), "some pages are empty");
        }
    }
}

#[tokio::test]
async fn an_event_is_not_there_before_it_arrives_and_the_end_of_a_search_belongs_to_it() {
    let (gateway, clock) = world("");
    let at = now() - 5_000;
    gateway.put_log_events(
        HERE,
        "g",
        "s",
        &[line(at, now() + 90_000, "late"), line(at, at, "prompt")],
    );
    let search = || json!({"logGroupName": "g", "startTime": at, "endTime": at});
    let messages = |pages: Vec<Vec<Value>>| -> Vec<Value> {
        pages
            .concat()
            .iter()
            .map(|event| event["message"].clone())
            .collect()
    };
    assert_eq!(messages(pages(&gateway, search()).await), ["prompt"]);
    clock.advance(Duration::from_secs(90));
    assert_eq!(
        messages(pages(&gateway, search()).await),
        ["late", "prompt"]
    );
    let before = json!({"logGroupName": "g", "startTime": at - 9, "endTime": at - 1});
    assert_eq!(messages(pages(&gateway, before).await), Vec::<Value>::new());
}

#[tokio::test]
async fn a_page_holds_a_megabyte_of_messages() {
    let (gateway, _) = world("");
    let lines: Vec<LogLine> = (0..30)
        .map(|n| line(now() - 100 + n, now(), &"x".repeat(100_000)))
        .collect();
    gateway.put_log_events(HERE, "big", "s", &lines);
    gateway.put_log_events(
        HERE,
        "big",
        "s",
        &[line(now(), now(), &"y".repeat(1_500_000))],
    );
    let sizes: Vec<usize> = pages(&gateway, json!({"logGroupName": "big"}))
        .await
        .iter()
        .map(Vec::len)
        .collect();
    assert_eq!(sizes, [10, 10, 10, 1]);
}

#[tokio::test]
async fn a_scenario_may_repeat_events_on_later_pages() {
    let (gateway, _) = world("[logs]\nduplicates = 0.5");
    let input = json!({"logGroupName": API, "startTime": now() - 600_000, "endTime": now() - 300_000, "limit": 60});
    let pages = pages(&gateway, input).await;
    let all = ids(&pages.concat());
    let once: BTreeSet<&String> = all.iter().collect();
    let truth = gateway.log_truth(HERE, API, now() - 600_000..now() - 300_000 + 1);
    assert_eq!(once.len(), truth.len());
    assert!(all.len() > once.len(), "{} of {}", all.len(), once.len());
    assert!(pages.iter().all(|page| page.len() <= 60));
}

#[tokio::test]
async fn a_pattern_and_streams_select() {
    let (gateway, _) = world("");
    let window =
        json!({"logGroupName": API, "startTime": now() - 600_000, "endTime": now() - 10_000});
    let with = |member: &str, value: Value| {
        let mut input = window.clone();
        input[member] = value;
        input
    };
    let all = pages(&gateway, window.clone()).await.concat();
    let reports = pages(&gateway, with("filterPattern", "REPORT RequestId".into()))
        .await
        .concat();
    let expected = all
        .iter()
        .filter(|event| event["message"].as_str().unwrap().starts_with("REPORT"));
    assert_eq!(reports, expected.cloned().collect::<Vec<_>>());
    let stream = all[0]["logStreamName"].clone();
    let named = pages(&gateway, with("logStreamNames", json!([stream])))
        .await
        .concat();
    let own: Vec<Value> = all
        .iter()
        .filter(|event| event["logStreamName"] == stream)
        .cloned()
        .collect();
    assert_eq!(named, own);
    let prefix = with("logStreamNamePrefix", "2025/11/20/".into());
    assert!(!pages(&gateway, prefix).await.concat().is_empty());
    let arn = format!("arn:aws:logs:us-east-1:{PROD}:log-group:{API}");
    let by_arn =
        json!({"logGroupIdentifier": arn, "startTime": now() - 600_000, "endTime": now() - 10_000});
    assert_eq!(pages(&gateway, by_arn).await.concat(), all);
}

#[tokio::test]
async fn a_token_belongs_to_its_search_and_lives_a_day() {
    let (gateway, clock) = world("");
    let search = json!({"logGroupName": API, "startTime": now() - 600_000, "limit": 5});
    let token = ask(&gateway, "FilterLogEvents", search.clone()).await["nextToken"].clone();
    let mut same = search.clone();
    same["nextToken"] = token.clone();
    ask(&gateway, "FilterLogEvents", same.clone()).await;
    let other = json!({"logGroupName": API, "startTime": now() - 500_000, "nextToken": token});
    assert_eq!(
        refused(&gateway, "FilterLogEvents", other).await.0,
        "InvalidParameterException"
    );
    clock.advance(Duration::from_hours(25));
    assert_eq!(
        refused(&gateway, "FilterLogEvents", same).await.0,
        "InvalidParameterException"
    );
}

#[tokio::test]
async fn poison_reaches_the_wire_as_half_a_surrogate_pair_or_as_no_json_at_all() {
    let (gateway, _) = world("");
    let message = format!("{} and {}", FaultKind::SURROGATE, FaultKind::BROKEN);
    gateway.put_log_events(HERE, "g", "s", &[line(now(), now(), &message)]);
    let logs = || Place::everywhere().service("logs");
    let search = request(
        "us-east-1",
        "FilterLogEvents",
        &json!({"logGroupName": "g"}),
    );
    let surrogates = gateway.inject(Fault::new(logs(), FaultKind::lone_surrogates()));
    let body = gateway.handle(search.clone()).await.unwrap().into_body();
    assert!(String::from_utf8_lossy(&body).contains(r#""message":"\ud83d and "#));
    assert!(serde_json::from_slice::<Value>(&body).is_err());
    gateway.heal(surrogates);
    assert!(
        serde_json::from_slice::<Value>(gateway.handle(search.clone()).await.unwrap().body())
            .is_ok()
    );
    gateway.inject(Fault::new(logs(), FaultKind::broken_json()));
    assert!(serde_json::from_slice::<Value>(gateway.handle(search).await.unwrap().body()).is_err());
}

#[tokio::test]
async fn a_search_that_starts_from_the_tail_reads_the_same_backwards() {
    let (gateway, _) = world("[logs]\nempty_pages = 0.2");
    for (pattern, limit) in [("", 3_000), ("", 71), ("REPORT", 50)] {
        let mut input = json!({"logGroupName": API, "startTime": now() - 900_000, "endTime": now() - 1, "limit": limit});
        input["filterPattern"] = pattern.into();
        let forward = pages(&gateway, input.clone()).await.concat();
        input["startFromHead"] = false.into();
        let mut backward = pages(&gateway, input).await.concat();
        backward.reverse();
        assert_eq!(ids(&forward), ids(&backward), "{pattern} {limit}");
        assert!(forward.len() > 100);
    }
}

#[tokio::test]
async fn hostile_lines_are_told_word_for_word_and_poison_only_where_it_is_in_force() {
    let (gateway, clock) = crate::sandbox::tests::gateway("hostile");
    let lines = pages(&gateway, json!({"logGroupName": "/hostile/lines"}))
        .await
        .concat();
    let said: Vec<&str> = lines
        .iter()
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    assert!(said[0].starts_with("\u{1b}]0;owned\u{7}") && said[1].contains("10%\rprogress"));
    assert!(
        said.iter().any(|line| line.len() > 990_000),
        "a line of a megabyte"
    );
    assert!(
        !said
            .iter()
            .any(|line| line.contains("a minute and a half late"))
    );
    clock.advance(Duration::from_mins(1));
    let later = pages(&gateway, json!({"logGroupName": "/hostile/lines"}))
        .await
        .concat();
    assert_eq!(later.len(), lines.len() + 1);
    for (region, window, readable) in [
        ("us-west-2", (-60_000, 0), false),
        ("us-west-2", (-60_000, -45_000), true),
        ("us-west-2", (-35_000, 0), true),
        ("eu-west-1", (-60_000, 0), false),
        ("us-east-1", (-60_000, 0), false),
    ] {
        let input = json!({
            "logGroupName": "/hostile/poison", "startTime": now() + window.0, "endTime": now() + window.1,
        });
        let answer = gateway
            .handle(request(region, "FilterLogEvents", &input))
            .await
            .unwrap();
        let read = serde_json::from_slice::<Value>(answer.body());
        assert_eq!(
            (answer.status().as_u16(), read.is_ok()),
            (200, readable),
            "{region} {window:?}"
        );
    }
}
