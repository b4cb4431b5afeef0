//! Logs Insights: what is sent, and what is made of the answers.

use super::*;
use crate::domain::QueryStatus;

#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
fn json(status: u16, body: &str) -> wire::Answer {
    let kind = [("content-type", "application/x-amz-json-1.1")];
    Ok(wire::response(status, &kind, body))
}

fn question() -> QueryQuestion {
    QueryQuestion {
        groups: vec!["a".into(), "/aws/lambda/b".into()],
        text: "fields @message".to_owned(),
        from: 1_500,
        until: 61_000,
    }
}

#[tokio::test]
async fn a_query_is_started_in_whole_seconds_that_belong_to_it() {
    let wire = Wire::new(|_| json(200, r#"{"queryId":"q-1"}"#));
    let id = cloud(&wire).start_query(&ireland(), &question()).await;
    assert_eq!(id.as_deref(), Ok("q-1"));
    let body: serde_json::Value = serde_json::from_str(&wire.asked()[0].body).unwrap();
    let expected = serde_json::json!({
        "logGroupNames": ["a", "/aws/lambda/b"],
        "startTime": 1,
        "endTime": 60,
        "queryString": "fields @message",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn rows_are_read_page_by_page_and_broken_text_breaks_nothing() {
    let wire = Wire::new(|asked| {
        if asked.body.contains("nextToken") {
            return json(
                200,
                r#"{"status":"Complete","results":[[{"field":"n","value":"2"}]]}"#,
            );
        }
        json(
            200,
            r#"{"status":"Complete","nextToken":"t","encryptionKey":"k",
                "statistics":{"recordsMatched":2.0,"recordsScanned":10.0,"bytesScanned":1000.0,"new":1},
                "results":[[{"field":"n","value":"\ud83d"},{"field":"@ptr"}]]}"#,
        )
    });
    let read = cloud(&wire).query_results(&ireland(), "q-1").await.unwrap();
    assert_eq!(read.status, QueryStatus::Complete);
    assert!((read.statistics.bytes_scanned - 1000.0).abs() < 1e-9);
    let rows: Vec<_> = read
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|(_, value)| value.exact())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(rows, [vec!["\u{fffd}", ""], vec!["2"]]);
}

#[tokio::test]
async fn a_running_query_is_looked_at_with_one_request() {
    let wire = Wire::new(|_| json(200, r#"{"status":"Running","nextToken":"t"}"#));
    let read = cloud(&wire).query_results(&ireland(), "q-1").await.unwrap();
    assert_eq!(read.status, QueryStatus::Running);
    assert_eq!(wire.asked().len(), 1);
}

#[tokio::test]
async fn stopping_what_has_ended_is_no_problem() {
    let wire = Wire::new(|_| {
        json(
            400,
            r#"{"__type":"InvalidParameterException","message":"ended"}"#,
        )
    });
    assert_eq!(cloud(&wire).stop_query(&ireland(), "q-1").await, Ok(()));
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_in_words_that_say_where() {
    let wire = Wire::new(|_| {
        json(
            400,
            r#"{"__type":"MalformedQueryException","message":"unexpected symbol found at line 1 and position 8"}"#,
        )
    });
    let problem = cloud(&wire)
        .start_query(&ireland(), &question())
        .await
        .unwrap_err();
    assert_eq!(
        problem.what,
        "Could not query the logs in eu-west-1 of prod: unexpected symbol found at line 1 and position 8."
    );
    assert_eq!(wire.asked().len(), 1, "a second attempt could cost twice");
}
