//! CloudWatch over a real connection, in CBOR: alarms, how they changed, and metrics.

use super::{calls, cloud, sandbox};
use crate::support::world::scope;
use chrono::TimeDelta;
use quarterdeck::aws::{Cloud, MetricsQuestion};
use quarterdeck::domain::{
    Alarm, AlarmKind, AlarmState, Extent, Grain, Measure, Metrics, Reading, Sight, Subject, Topic,
    Untrusted,
};
use quarterdeck::sandbox::Sandbox;

const API: &str = "checkout-api-Function";

async fn alarms(cloud: &Cloud, region: &str) -> Vec<Alarm> {
    match cloud.read(&Topic::Alarms, &scope("prod", region)).await {
        Ok(Reading::Alarms(alarms)) => alarms,
        other => panic!("{other:?}"),
    }
}

async fn measure(sandbox: &Sandbox, region: &str, subject: Subject, grain: Grain) -> Metrics {
    let question = MetricsQuestion {
        subjects: vec![subject.clone()],
        grain,
        now: sandbox.clock().now(),
    };
    let cloud = cloud(sandbox, &[region]);
    let answer = cloud.metrics(&scope("prod", region), &question).await;
    answer.unwrap().remove(&subject).unwrap()
}

#[tokio::test]
async fn the_bad_release_has_its_alarms_and_the_one_over_them() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &["eu-west-1", "us-west-2"]);
    let here = alarms(&cloud, "eu-west-1").await;
    let ringing: Vec<&Alarm> = here
        .iter()
        .filter(|it| it.state == AlarmState::Alarm)
        .collect();
    let names: Vec<&str> = ringing.iter().map(|it| it.name.exact()).collect();
    assert!(
        names.contains(&"checkout-api-errors-eu-west-1"),
        "{names:?}"
    );
    assert!(names.contains(&"checkout-eu-west-1"), "{names:?}");
    let composite = ringing
        .iter()
        .find(|it| it.name.exact() == "checkout-eu-west-1");
    let AlarmKind::Composite { members, .. } = &composite.unwrap().kind else {
        panic!("{composite:?}");
    };
    let errors = members
        .iter()
        .any(|it| it.exact() == "checkout-api-errors-eu-west-1");
    assert!(errors, "{members:?}");
    let elsewhere = alarms(&cloud, "us-west-2").await;
    assert!(elsewhere.iter().all(|it| it.state != AlarmState::Alarm));
    for alarm in ["checkout-api-errors-eu-west-1", "checkout-eu-west-1"] {
        let topic = Topic::AlarmHistory(Untrusted::from(alarm));
        let read = cloud.read(&topic, &scope("prod", "eu-west-1")).await;
        let Ok(Reading::AlarmHistory(changes)) = read else {
            panic!("{read:?}");
        };
        assert_eq!(changes[0].to, AlarmState::Alarm, "{alarm}");
        assert!(changes.is_sorted_by(|newer, older| newer.at >= older.at));
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn an_alarm_without_data_is_blind_and_one_with_data_is_not() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &["us-west-2"]);
    let alarms = alarms(&cloud, "us-west-2").await;
    for (name, sight) in [
        ("gco-queue-age-us-west-2", Sight::Blind),
        ("checkout-api-errors-us-west-2", Sight::Clear),
    ] {
        let alarm = alarms.iter().find(|it| it.name.exact() == name).unwrap();
        let Some(Topic::Metrics(subject, grain)) = alarm.sight_topic() else {
            panic!("{alarm:?}");
        };
        let measured = measure(&sandbox, "us-west-2", subject, grain).await;
        assert_eq!(alarm.sight(Some(&measured)), sight, "{name}");
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn metrics_tell_the_bad_region_from_a_good_one() {
    let sandbox = sandbox("demo").await;
    let mut rates = Vec::new();
    for region in ["eu-west-1", "us-west-2"] {
        let subject = Subject::Function(API.into());
        let metrics = measure(&sandbox, region, subject, Grain::MINUTE).await;
        assert_eq!(metrics.extent, Extent::Whole);
        assert_eq!(metrics.series.len(), 9);
        for (measure, series) in &metrics.series {
            assert!(!series.is_blank(), "{region}: {measure:?}");
            assert_eq!(series.slots(), 180);
        }
        let now = sandbox.clock().now();
        rates.push(metrics.error_rate(Some((now - TimeDelta::minutes(15), now))));
        let (p50, p99) = (metrics.get(Measure::P50), metrics.get(Measure::P99));
        for ((at, low), (_, high)) in p50.unwrap().points().zip(p99.unwrap().points()) {
            assert!(low <= high, "{region} {at}: {low:?} {high:?}");
        }
    }
    let [Some(bad), Some(good)] = rates[..] else {
        panic!("{rates:?}");
    };
    assert!(bad > 10.0 && good < 5.0, "{bad} {good}");
    assert_eq!(calls(&sandbox, "GetMetricData"), 2);
    sandbox.stop().await;
}
