//! Everything our client asks, written down for AWS's own models to read.
//!
//! `tests/oracles/request_check.py` decodes each line, validates the parameters and computes the signature again.

use super::{PROD, sandbox};
use crate::support::world::{account, scope};
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::domain::{Fleet, Reading, StackId, Topic, VersionRule};
use quarterdeck::sandbox::{Fault, FaultKind, LoggedRequest, Place};
use std::collections::BTreeSet;
use std::path::Path;

const REGION: &str = "us-east-1";

#[tokio::test]
async fn requests_written_down() {
    let sandbox = sandbox("demo").await;
    let fleet = Fleet {
        accounts: vec![account("prod", PROD, &[REGION])],
        version: VersionRule::Tag("version".into()),
        ..Fleet::default()
    };
    let link = Link {
        endpoint: Some(format!("http://sandbox.test:{}", sandbox.address().port())),
        http: None,
    };
    let cloud = Cloud::new(&fleet, link);
    let place = scope("prod", REGION);
    let ask = async |topic: Topic| cloud.read(&topic, &place).await.unwrap();

    ask(Topic::Identity).await;
    ask(Topic::Regions).await;
    // Who may not list regions asks EC2 instead.
    let denied = Place::everywhere().service("account");
    let denied = sandbox.inject(Fault::new(denied, FaultKind::AccessDenied));
    ask(Topic::Regions).await;
    sandbox.heal(denied);
    let Reading::Stacks(stacks) = ask(Topic::Stacks).await else {
        panic!("stacks are what was asked for");
    };
    let ids: Vec<StackId> = stacks.iter().map(|stack| stack.id.clone()).collect();
    for id in ids {
        ask(Topic::Events(id.clone())).await;
        ask(Topic::Resources(id.clone())).await;
        ask(Topic::Template(id.clone())).await;
        ask(Topic::ChangeSets(id.clone())).await;
        ask(Topic::Drift(id)).await;
    }

    let requests = sandbox.requests();
    let asked: BTreeSet<&str> = requests
        .iter()
        .map(|request| request.operation.as_str())
        .collect();
    for operation in [
        "GetCallerIdentity",
        "ListRegions",
        "DescribeRegions",
        "DescribeStacks",
        "DescribeStackEvents",
        "ListStackResources",
        "GetTemplate",
        "ListChangeSets",
        "DescribeChangeSet",
        "DescribeStackResourceDrifts",
    ] {
        assert!(
            asked.contains(operation),
            "{operation} is not among {asked:?}"
        );
    }
    let lines: Vec<String> = requests.iter().map(LoggedRequest::json).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.jsonl");
    std::fs::write(file, lines.join("\n") + "\n").unwrap();
    sandbox.stop().await;
}
