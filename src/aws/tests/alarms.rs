//! What CloudWatch says of alarms and how they changed.

use super::cbor::{answer, at, question};
use super::*;
use crate::domain::alarm::Actions;
use crate::domain::{Alarm, AlarmKind, AlarmState, AlarmTransition, Sight};
use serde_json::{Value, json};

fn alarm(name: &str) -> Value {
    json!({
        "AlarmName": name,
        "AlarmArn": format!("arn:aws:cloudwatch:eu-west-1:1:alarm:{name}"),
        "ActionsEnabled": true,
        "StateValue": "OK",
        "StateReason": "Threshold Crossed: no datapoints were received for 5 periods and 5 missing datapoints were treated as [NonBreaching].",
        "StateUpdatedTimestamp": at(100),
        "StateTransitionedTimestamp": at(50),
        "EvaluationPeriods": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 2.5,
    })
}

fn on_metric(name: &str) -> Value {
    let mut alarm = alarm(name);
    alarm["MetricName"] = "Errors".into();
    alarm["Namespace"] = "AWS/Lambda".into();
    alarm["Statistic"] = "Sum".into();
    alarm["Period"] = 60.into();
    alarm["DatapointsToAlarm"] = 3.into();
    alarm["TreatMissingData"] = "notBreaching".into();
    alarm["Dimensions"] = json!([{"Name": "Resource", "Value": "checkout:ACTIVE"}, {"Name": "FunctionName", "Value": "checkout"}]);
    alarm
}

async fn alarms(wire: &Wire) -> Vec<Alarm> {
    match cloud(wire).read(&Topic::Alarms, &ireland()).await.unwrap() {
        Reading::Alarms(alarms) => alarms,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_kind_of_alarm_is_told_apart() {
    let wire = Wire::new(|_| {
        let stat = json!({"Metric": {"Namespace": "AWS/SQS", "MetricName": "Age", "Dimensions": []}, "Period": 300, "Stat": "p99"});
        let mut single = alarm("single");
        single["Metrics"] = json!([{"Id": "m1", "MetricStat": stat}]);
        single["StateValue"] = "Sleeping".into();
        let mut expression = alarm("expression");
        expression["Metrics"] =
            json!([{"Id": "m1", "MetricStat": stat}, {"Id": "e1", "Expression": "m1/60"}]);
        let mut percentile = on_metric("percentile");
        percentile["Statistic"] = Value::Null;
        percentile["ExtendedStatistic"] = "p99".into();
        percentile["DatapointsToAlarm"] = Value::Null;
        percentile["TreatMissingData"] = Value::Null;
        percentile["StateTransitionedTimestamp"] = Value::Null;
        percentile["ActionsEnabled"] = false.into();
        let composite = json!({
            "AlarmName": "both", "AlarmRule": "ALARM(\"a\") AND NOT OK(b)", "StateValue": "ALARM",
            "StateTransitionedTimestamp": at(70), "ActionsEnabled": true,
        });
        answer(&json!({
            "MetricAlarms": [on_metric("metric"), single, expression, percentile],
            "CompositeAlarms": [composite],
        }))
    });
    let alarms = alarms(&wire).await;
    let named = |name: &str| alarms.iter().find(|it| it.name.exact() == name).unwrap();

    let metric = named("metric");
    let AlarmKind::Metric(watch) = &metric.kind else {
        panic!("{metric:?}");
    };
    assert_eq!(metric.function().unwrap().exact(), "checkout");
    assert_eq!(metric.since.unwrap().timestamp(), 50);
    assert_eq!(
        (watch.periods, watch.datapoints, watch.threshold),
        (5, 3, Some(2.5))
    );
    assert_eq!(
        (watch.metric.statistic.exact(), watch.metric.period),
        ("Sum", 60)
    );
    assert_eq!(watch.missing.exact(), "notBreaching");
    assert!(metric.may_be_blind());

    let AlarmKind::Metric(watch) = &named("percentile").kind else {
        panic!("no metric");
    };
    assert_eq!(
        (watch.metric.statistic.exact(), watch.datapoints),
        ("p99", 5)
    );
    assert_eq!(watch.missing.exact(), "missing");
    assert_eq!(named("percentile").since.unwrap().timestamp(), 100);
    assert_eq!(named("percentile").actions, Actions::Disabled);

    assert_eq!(named("single").metric().unwrap().statistic.exact(), "p99");
    assert_eq!(named("single").state, AlarmState::Other("Sleeping".into()));
    assert_eq!(
        named("expression").kind,
        AlarmKind::Expression("m1/60".into())
    );
    let AlarmKind::Composite { members, .. } = &named("both").kind else {
        panic!("no composite");
    };
    assert_eq!(members.as_slice(), ["a".into(), "b".into()]);
    assert_eq!(named("both").state, AlarmState::Alarm);
}

#[tokio::test]
async fn a_metric_of_another_account_is_not_looked_for_here_and_a_unit_is_carried() {
    let wire = Wire::new(|_| {
        let query = |account: &str| {
            let stat = json!({"Metric": {"Namespace": "AWS/SQS", "MetricName": "Age", "Dimensions": []}, "Period": 60, "Stat": "Sum", "Unit": "Seconds"});
            json!([{"Id": "m1", "MetricStat": stat, "AccountId": account}])
        };
        let mut foreign = alarm("foreign");
        foreign["Metrics"] = query("222222222222");
        let mut own = alarm("own");
        own["Metrics"] = query("1");
        let mut plain = on_metric("plain");
        plain["Unit"] = "Count".into();
        answer(&json!({"MetricAlarms": [foreign, own, plain]}))
    });
    let alarms = alarms(&wire).await;
    let [foreign, own, plain] = alarms.as_slice() else {
        panic!("{alarms:?}");
    };
    assert_eq!(
        foreign.watches(),
        "Age in account 222222222222 > 2.5, 5 min"
    );
    assert_eq!(foreign.sight_topic(), None);
    assert_eq!(foreign.sight(None), Sight::Clear);
    let unit = |alarm: &Alarm| alarm.metric().unwrap().unit.clone();
    assert_eq!(unit(own), Some("Seconds".into()));
    assert_eq!(unit(plain), Some("Count".into()));
}

#[tokio::test]
async fn all_pages_are_read_and_both_kinds_are_asked_for() {
    let wire = Wire::new(|sent| {
        let sent = question(sent);
        assert_eq!(sent["AlarmTypes"], json!(["MetricAlarm", "CompositeAlarm"]));
        match sent.get("NextToken") {
            None => answer(&json!({"MetricAlarms": [on_metric("zeta")], "NextToken": "two"})),
            Some(_) => answer(&json!({"MetricAlarms": [on_metric("alpha")]})),
        }
    });
    let alarms = alarms(&wire).await;
    let names: Vec<&str> = alarms.iter().map(|it| it.name.exact()).collect();
    assert_eq!(
        (names.as_slice(), wire.asked().len()),
        (&["alpha", "zeta"][..], 2)
    );
}

async fn history(wire: &Wire) -> Vec<AlarmTransition> {
    let topic = Topic::AlarmHistory("checkout".into());
    match cloud(wire).read(&topic, &ireland()).await.unwrap() {
        Reading::AlarmHistory(transitions) => transitions,
        other => panic!("{other:?}"),
    }
}

fn change(seconds: i64, document: &str) -> Value {
    json!({
        "AlarmName": "checkout", "AlarmType": "MetricAlarm", "Timestamp": at(seconds),
        "HistoryItemType": "StateUpdate", "HistorySummary": "Alarm updated", "HistoryData": document,
    })
}

#[tokio::test]
async fn a_history_document_that_cannot_be_read_is_left_out_and_the_others_are_told() {
    let wire = Wire::new(|sent| {
        let sent = question(sent);
        assert_eq!(
            (&sent["AlarmName"], &sent["ScanBy"]),
            (&json!("checkout"), &json!("TimestampDescending"))
        );
        let first = r#"{"version":"1.0","newState":{"stateValue":"OK","stateReason":"Unchecked: Initial alarm creation"}}"#;
        let turn = r#"{"oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM","stateReason":"Threshold Crossed"}}"#;
        answer(&json!({"AlarmHistoryItems": [
            change(90, turn),
            change(80, "{\"oldState\":"),
            change(70, "{}"),
            change(60, "[1]"),
            change(50, r#"{"newState":{"stateValue":7}}"#),
            {"AlarmName": "checkout", "Timestamp": at(45)},
            change(40, first),
        ]}))
    });
    let told = history(&wire).await;
    let [turn, first] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!((turn.at.timestamp(), &turn.to), (90, &AlarmState::Alarm));
    assert_eq!(turn.from, Some(AlarmState::Ok));
    assert_eq!(turn.reason.as_ref().unwrap().exact(), "Threshold Crossed");
    assert_eq!((first.from.as_ref(), &first.to), (None, &AlarmState::Ok));
}

#[tokio::test]
async fn a_history_without_end_is_cut() {
    let wire = Wire::new(|sent| {
        let sent = question(sent);
        let page = sent["NextToken"]
            .as_str()
            .map_or(0, |it| it.parse().unwrap());
        let turn = change(90, r#"{"newState":{"stateValue":"ALARM"}}"#);
        let turns = vec![turn; 90];
        answer(&json!({"AlarmHistoryItems": turns, "NextToken": (page + 1).to_string()}))
    });
    assert_eq!(history(&wire).await.len(), 200);
    assert_eq!(wire.asked().len(), 3);
}
