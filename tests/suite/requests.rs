//! What our client asks, written down for a judge who knows AWS's models and nothing of us.
//!
//! `tests/oracles/request_check.py` decodes every request with botocore's models and computes its signature again.
//! It reads the file that this test leaves behind.

use crate::support::world::{PROD, PROD_ID, account, scope};
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::domain::{
    AccountName, Fleet, Problem, Reading, Scope, StackId, Topic, VersionRule,
};
use quarterdeck::sandbox::{Clock, Options, Sandbox, Scenario};
use std::path::Path;

const REGION: &str = "eu-west-1";

/// Everything that can be asked about one stack.
fn about(stack: &StackId) -> [Topic; 5] {
    [
        Topic::Events,
        Topic::Resources,
        Topic::Template,
        Topic::ChangeSets,
        Topic::Drift,
    ]
    .map(|topic| topic(stack.clone()))
}

/// Asks every question once, and those about stacks of every stack of a region.
async fn ask_everything(cloud: &Cloud) -> Result<(), Problem> {
    let (global, regional) = (Scope::global(&AccountName::new(PROD)), scope(PROD, REGION));
    for topic in [Topic::Identity, Topic::Regions] {
        cloud.read(&topic, &global).await?;
    }
    let Reading::Stacks(stacks) = cloud.read(&Topic::Stacks, &regional).await? else {
        return Ok(());
    };
    for topic in stacks.iter().flat_map(|stack| about(&stack.id)) {
        cloud.read(&topic, &regional).await?;
    }
    Ok(())
}

#[tokio::test]
async fn every_request_of_ours_is_written_down() {
    let scenario = Scenario::named("demo").expect("the demo is a scenario");
    // The signer takes the machine's clock, so the sandbox does too.
    let options = Options {
        scenario,
        clock: Clock::real(),
        port: 0,
    };
    let sandbox = Sandbox::start(options)
        .await
        .expect("loopback has a free port");
    let fleet = Fleet {
        accounts: vec![account(PROD, PROD_ID, &[REGION])],
        version: VersionRule::Template,
    };
    let cloud = Cloud::new(
        &fleet,
        Link {
            endpoint: Some(sandbox.endpoint()),
            http: None,
        },
    );
    ask_everything(&cloud).await.expect("the demo answers");
    let requests = sandbox.requests();
    let operations: std::collections::BTreeSet<_> = requests
        .iter()
        .map(|request| request.operation.as_str())
        .collect();
    for operation in [
        "GetCallerIdentity",
        "DescribeStacks",
        "DescribeStackEvents",
        "ListStackResources",
        "GetTemplate",
        "ListChangeSets",
    ] {
        assert!(
            operations.contains(operation),
            "{operation} was not asked; there are {operations:?}"
        );
    }
    let lines: String = requests
        .iter()
        .map(|request| request.json() + "\n")
        .collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.jsonl");
    std::fs::write(file, lines).expect("the target directory is writable");
}
