//! What is asked of `GetMetricData`, and what is made of the answers.

use super::cbor::{answer, at, question, refusal};
use super::wire::Asked;
use super::*;
use crate::domain::{Extent, Grain, Last, Measure, MetricId, Metrics, Subject as Of, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// 2026-11-18T11:06:40Z
const NOON: i64 = 1_795_000_000;

fn asked(subjects: Vec<Of>, grain: Grain) -> MetricsQuestion {
    MetricsQuestion {
        subjects,
        grain,
        now: Timestamp::from_timestamp(NOON, 0).unwrap(),
    }
}

fn errors() -> Of {
    Of::Errors("checkout".into())
}

/// Three minutes that ended before now.
const THREE: Grain = Grain::of(60, 3, Last::Whole);
/// The first of them.
const FIRST: i64 = NOON / 60 * 60 - 180;

fn result(id: &str, points: &[(i64, f64)], status: &str) -> Value {
    let times: Vec<Value> = points.iter().map(|(time, _)| at(*time)).collect();
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    json!({"Id": id, "Label": id, "Timestamps": times, "Values": values, "StatusCode": status})
}

async fn measure(wire: &Wire, question: &MetricsQuestion) -> MetricsAnswer {
    cloud(wire).metrics(&ireland(), question).await.unwrap()
}

fn values(metrics: &Metrics, measure: Measure) -> Vec<Option<f64>> {
    let series = metrics.get(measure).unwrap();
    series.points().map(|(_, value)| value).collect()
}

#[tokio::test]
async fn the_statistics_of_a_function_stand_in_one_request_over_an_aligned_window() {
    let wire = Wire::new(|_| answer(&json!({"MetricDataResults": []})));
    let value = Of::Metric(MetricId {
        namespace: "AWS/SQS".into(),
        name: "Age".into(),
        dimensions: vec![("QueueName".into(), "jobs".into())],
        statistic: "tm95".into(),
        period: 60,
        unit: Some("Seconds".into()),
    });
    let subjects = vec![Of::Function("checkout".into()), Of::Lambda, value];
    measure(&wire, &asked(subjects, THREE)).await;
    let [sent] = wire.asked().try_into().unwrap();
    assert!(
        sent.uri
            .ends_with("/service/GraniteServiceVersion20100801/operation/GetMetricData"),
        "{}",
        sent.uri
    );
    let sent = question(&sent);
    assert_eq!(sent["StartTime"], at(FIRST));
    assert_eq!(sent["EndTime"], at(FIRST + 180));
    let queries = sent["MetricDataQueries"].as_array().unwrap();
    assert_eq!(queries.len(), 9 + 9 + 1);
    let statistics: BTreeSet<&str> = queries[..9]
        .iter()
        .filter(|query| query["MetricStat"]["Metric"]["MetricName"] == "Duration")
        .map(|query| query["MetricStat"]["Stat"].as_str().unwrap())
        .collect();
    assert_eq!(statistics, ["Maximum", "Sum", "p50", "p95", "p99"].into());
    let ids: BTreeSet<&str> = queries
        .iter()
        .map(|it| it["Id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), queries.len(), "{ids:?}");
    for (queries, dimensions) in [
        (
            &queries[..9],
            json!([{"Name": "FunctionName", "Value": "checkout"}]),
        ),
        (&queries[9..18], json!([])),
        (
            &queries[18..],
            json!([{"Name": "QueueName", "Value": "jobs"}]),
        ),
    ] {
        for query in queries {
            assert_eq!(query["MetricStat"]["Metric"]["Dimensions"], dimensions);
            assert_eq!(query["MetricStat"]["Period"], 60);
        }
    }
    assert_eq!(queries[18]["MetricStat"]["Stat"], "tm95");
    assert_eq!(queries[18]["MetricStat"]["Unit"], "Seconds");
    assert_eq!(queries[0]["MetricStat"].get("Unit"), None);
}

#[tokio::test]
async fn results_in_any_order_and_of_nobody_find_their_places() {
    let wire = Wire::new(|_| {
        answer(&json!({"MetricDataResults": [
            result("m1", &[(FIRST + 120, 3.0), (FIRST, 1.0)], "Complete"),
            result("m7", &[(FIRST, 9.0)], "Complete"),
            result("m2", &[], "Complete"),
            result("nobody", &[(FIRST, 9.0)], "Complete"),
            result("m0", &[(FIRST, 10.0), (FIRST + 60, 0.0)], "Complete"),
            {"Id": "m-1"},
        ]}))
    });
    let measured = measure(&wire, &asked(vec![errors()], THREE)).await;
    let metrics = &measured[&errors()];
    assert_eq!(
        values(metrics, Measure::Invocations),
        [Some(10.0), Some(0.0), None],
        "no data is not zero"
    );
    assert_eq!(
        values(metrics, Measure::Errors),
        [Some(1.0), None, Some(3.0)]
    );
    assert_eq!(metrics.extent, Extent::Whole);
}

#[tokio::test]
async fn a_page_that_is_followed_by_another_is_not_partial_and_the_last_word_counts() {
    let paged = |last: &'static str| {
        Wire::new(move |sent: &Asked| match question(sent).get("NextToken") {
            None => answer(&json!({"NextToken": "two", "MetricDataResults": [
                result("m0", &[(FIRST, 1.0)], "PartialData"),
                result("m1", &[(FIRST, 0.0)], "Complete"),
                result("m2", &[], "Complete"),
            ]})),
            Some(token) => {
                assert_eq!(token, "two");
                answer(&json!({"MetricDataResults": [result("m0", &[(FIRST + 60, 2.0)], last)]}))
            }
        })
    };
    for (last, extent) in [
        ("Complete", Extent::Whole),
        ("PartialData", Extent::Partial(None)),
    ] {
        let wire = paged(last);
        let measured = measure(&wire, &asked(vec![errors()], THREE)).await;
        let metrics = &measured[&errors()];
        assert_eq!(metrics.extent, extent, "{last}");
        assert_eq!(
            values(metrics, Measure::Invocations),
            [Some(1.0), Some(2.0), None]
        );
        assert_eq!(wire.asked().len(), 2);
        let queries = |index: usize| question(&wire.asked()[index])["MetricDataQueries"].clone();
        assert_eq!(queries(0), queries(1), "every page asks for the same");
    }
}

#[tokio::test]
async fn what_cloudwatch_says_of_a_gap_is_kept() {
    for (status, messages, said) in [
        (
            "PartialData",
            json!([{"Code": "ArithmeticError", "Value": "Too much."}]),
            Some("Too much."),
        ),
        ("InternalError", json!([]), None),
        ("Forbidden", json!([{"Code": "Denied", "Value": ""}]), None),
        ("Sideways", json!([]), None),
    ] {
        let wire = Wire::new(move |_| {
            let mut broken = result("m1", &[], status);
            broken["Messages"] = messages.clone();
            let whole = result("m0", &[(FIRST, 1.0)], "Complete");
            let other = result("m2", &[], "Complete");
            answer(&json!({"MetricDataResults": [broken, whole, other]}))
        });
        let measured = measure(&wire, &asked(vec![errors()], THREE)).await;
        let extent = &measured[&errors()].extent;
        assert_eq!(*extent, Extent::Partial(said.map(Into::into)), "{status}");
    }
}

#[tokio::test]
async fn a_line_that_is_left_out_is_not_told_and_one_without_points_is_blank() {
    let silent = Wire::new(|_| answer(&json!({"MetricDataResults": []})));
    let measured = measure(&silent, &asked(vec![errors()], THREE)).await;
    assert_eq!(measured[&errors()].extent, Extent::Partial(None));
    let blank = Wire::new(|_| {
        let blank = ["m0", "m1", "m2"].map(|id| result(id, &[], "Complete"));
        answer(&json!({"MetricDataResults": blank}))
    });
    let measured = measure(&blank, &asked(vec![errors()], THREE)).await;
    let metrics = &measured[&errors()];
    assert_eq!(metrics.extent, Extent::Whole);
    let series = metrics.get(Measure::Invocations).unwrap();
    assert!(series.is_blank());
    assert_eq!(series.until().unwrap().timestamp(), FIRST + 180);
}

#[tokio::test]
async fn a_refused_question_is_worded() {
    let wire = Wire::new(|_| refusal("Throttling"));
    let asked = asked(vec![errors()], THREE);
    let problem = cloud(&wire).metrics(&ireland(), &asked).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Throttled, "{problem}");
    assert_eq!(wire.asked().len(), 1);
}
