//! Lambda over a real connection: functions, and the release that went wrong in one region.

use super::{PROD, calls, cloud, sandbox};
use crate::support::world::scope;
use quarterdeck::aws::Cloud;
use quarterdeck::domain::{FunctionState, Kind, Reading, Topic, Untrusted};
use std::collections::{BTreeMap, BTreeSet};

const API: &str = "checkout-api-Function";
const REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "us-west-2"];

async fn read(cloud: &Cloud, region: &str, topic: Topic) -> Reading {
    cloud.read(&topic, &scope("prod", region)).await.unwrap()
}

#[tokio::test]
async fn functions_come_from_every_page_with_names_but_no_values_of_their_environment() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &REGIONS);
    let Reading::Functions(functions) = read(&cloud, "us-east-1", Topic::Functions).await else {
        panic!("functions were asked for");
    };
    let names: BTreeSet<&str> = functions.iter().map(|it| it.name.exact()).collect();
    assert_eq!(names.len(), functions.len(), "each once");
    assert!(functions.is_sorted_by_key(|function| &function.name));
    assert!(names.contains(API), "{names:?}");
    let pages = functions.len().div_ceil(50);
    assert_eq!(calls(&sandbox, "ListFunctions"), pages);
    let api = functions.iter().find(|it| it.name.exact() == API).unwrap();
    assert!(!api.environment.is_empty() && api.modified.is_some() && api.memory > 0);
    let all = format!("{functions:?}");
    assert!(!all.contains("CANARY"), "a secret got through");
    sandbox.stop().await;
}

#[tokio::test]
async fn the_alias_points_to_the_bad_release_in_one_region_only() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &REGIONS);
    let mut versions = BTreeMap::new();
    for region in REGIONS {
        let topic = Topic::Aliases(Untrusted::from(API));
        let Reading::Aliases(aliases) = read(&cloud, region, topic).await else {
            panic!("aliases were asked for");
        };
        let active = aliases
            .iter()
            .find(|it| it.name.exact() == "ACTIVE")
            .unwrap();
        assert!(active.revision.is_some(), "needed to change it");
        versions.insert(region, active.words());
        let topic = Topic::Versions(Untrusted::from(API));
        let Reading::Versions(published) = read(&cloud, region, topic).await else {
            panic!("versions were asked for");
        };
        assert!(published.is_sorted_by_key(|it| std::cmp::Reverse(it.number())));
        assert!(published.iter().any(|it| it.version == active.version));
    }
    assert_eq!(versions["us-east-1"], versions["us-west-2"]);
    assert_ne!(versions["eu-west-1"], versions["us-west-2"]);
    sandbox.stop().await;
}

#[tokio::test]
async fn everything_about_a_function_is_answered() {
    let sandbox = sandbox("demo").await;
    let cloud = cloud(&sandbox, &REGIONS);
    let name = || Untrusted::from(API);
    let ask = async |topic| read(&cloud, "eu-west-1", topic).await;
    let Reading::Function(function) = ask(Topic::Function(name())).await else {
        panic!("a function was asked for");
    };
    assert_eq!(function.condition.unwrap().state, FunctionState::Active);
    let Reading::EventSources(_) = ask(Topic::EventSources(name())).await else {
        panic!("event sources were asked for");
    };
    let Reading::Concurrency(_) = ask(Topic::Concurrency(name())).await else {
        panic!("concurrency was asked for");
    };
    let Reading::LambdaLimits(limits) = ask(Topic::LambdaLimits).await else {
        panic!("limits were asked for");
    };
    assert!(limits.unreserved <= limits.concurrent && limits.concurrent > 0);
    let Reading::Owner(Some(stack)) = ask(Topic::Owner(name())).await else {
        panic!("a stack made it");
    };
    assert_eq!(stack.name(), "checkout-api");
    assert!(stack.exact().contains(PROD));
    let Reading::Owner(None) = ask(Topic::Owner("made-by-hand".into())).await else {
        panic!("no stack made it");
    };
    let nothing = Topic::Function("nothing".into());
    let problem = cloud.read(&nothing, &scope("prod", "eu-west-1")).await;
    assert_eq!(problem.unwrap_err().kind, Kind::Missing);
    sandbox.stop().await;
}
