//! Alarms follow what they watch.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Alarm, Track};
use crate::sandbox::Scenario;
use crate::sandbox::scenario::AlarmState;
use crate::sandbox::world::World;
use crate::sandbox::world::function;
use crate::sandbox::world::lambda::{ACTIVE, Pointing};

const PROD: &str = "123456789012";

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_640_000, 0).unwrap()
}

fn demo() -> World {
    World::build(&Scenario::named("demo").unwrap(), noon())
}

fn alarm<'w>(world: &'w World, region: &str, name: &str) -> &'w Alarm {
    let alarms = &world.estate(PROD, region).unwrap().alarms;
    let mut named = alarms
        .iter()
        .filter(|alarm| alarm.name == format!("{name}-{region}"));
    named.next().unwrap()
}

fn track(world: &World, region: &str, name: &str, now: DateTime<Utc>) -> Track {
    let alarm = alarm(world, region, name);
    world.track(PROD, region, alarm, now).unwrap()
}

#[test]
fn an_alarm_rings_minutes_after_the_version_went_bad_and_nowhere_else() {
    let world = demo();
    let released = world.estate(PROD, "eu-west-1").unwrap().releases[0]
        .ailment
        .since;
    for name in ["checkout-api-errors", "checkout-api-latency", "checkout"] {
        let ill = track(&world, "eu-west-1", name, noon());
        let last = ill.last();
        assert_eq!(last.to, AlarmState::Alarm, "{name}");
        let waited = last.at.timestamp_millis() - released;
        assert!((120_000..600_000).contains(&waited), "{name}: {waited} ms");
        for region in ["us-east-1", "us-west-2", "ap-northeast-1"] {
            let well = track(&world, region, name, noon());
            assert_eq!(well.last().to, AlarmState::Ok, "{name} in {region}");
        }
    }
}

#[test]
fn the_reason_names_the_points() {
    let world = demo();
    let ill = track(&world, "eu-west-1", "checkout-api-errors", noon());
    let reason = &ill.last().reason;
    assert!(
        reason.starts_with("Threshold Crossed: 3 out of the last 5 datapoints ["),
        "{reason}"
    );
    assert!(
        reason.ends_with("were greater than the threshold (2.0) (minimum 3 datapoints for OK -> ALARM transition)."),
        "{reason}"
    );
    let data: serde_json::Value = serde_json::from_str(&ill.last().data).unwrap();
    assert_eq!(data["threshold"], 2.0);
}

#[test]
fn pointing_the_alias_back_ends_the_errors_and_then_the_alarm() {
    let world = demo();
    let estate = world.estate(PROD, "eu-west-1").unwrap();
    let api = function::functions(world.seed, &estate.stacks)
        .find(|function| function.resource.physical == "checkout-api-Function")
        .unwrap();
    let lambda = world.lambda(PROD, "eu-west-1", &api);
    assert!(lambda.failing(noon().timestamp_millis()).is_some());
    let active = lambda.alias(
        ACTIVE,
        api.deployed_version(noon()),
        noon().timestamp_millis(),
    );
    assert_eq!(
        active.as_ref().map(|active| active.version.as_str()),
        Some("19")
    );
    lambda.point(
        ACTIVE,
        Pointing {
            since: noon().timestamp_millis(),
            version: "18".to_owned(),
            ..active.unwrap()
        },
    );
    assert_eq!(lambda.failing(noon().timestamp_millis()), None);
    let later = noon() + TimeDelta::minutes(15);
    let healed = track(&world, "eu-west-1", "checkout-api-errors", later);
    assert_eq!(healed.last().to, AlarmState::Ok);
    assert!(healed.last().at > noon());
    assert!(
        healed
            .transitions
            .iter()
            .any(|change| change.to == AlarmState::Alarm)
    );
}

#[test]
fn a_track_is_the_same_however_often_it_is_looked_at() {
    let (often, once) = (demo(), demo());
    for minute in 0..30 {
        track(
            &often,
            "eu-west-1",
            "checkout",
            noon() + TimeDelta::minutes(minute),
        );
    }
    let end = noon() + TimeDelta::minutes(30);
    assert_eq!(
        track(&often, "eu-west-1", "checkout-api-errors", end).transitions,
        track(&once, "eu-west-1", "checkout-api-errors", end).transitions
    );
}

#[test]
fn what_a_client_sets_lasts_until_the_next_evaluation() {
    let world = demo();
    let name = "checkout-api-errors";
    let set = alarm(&world, "us-east-1", name);
    let told = (AlarmState::Alarm, "A test.".to_owned(), "{}".to_owned());
    world
        .set_alarm((PROD, "us-east-1"), set, told, noon())
        .unwrap();
    let now = track(&world, "us-east-1", name, noon());
    assert_eq!(
        (now.last().to, now.last().reason.as_str()),
        (AlarmState::Alarm, "A test.")
    );
    let later = track(&world, "us-east-1", name, noon() + TimeDelta::minutes(2));
    assert_eq!(later.last().to, AlarmState::Ok);
}
