//! Everything our client asks, written down for AWS's own models to read.
//!
//! `tests/oracles/request_check.py` decodes each line, validates the parameters and computes the signature again.

use super::{PROD, sandbox};
use crate::support::world::{account, scope};
use quarterdeck::aws::{Cloud, Link, MetricsQuestion};
use quarterdeck::domain::{
    Access, Account, Fleet, Grain, Invocation, Reading, StackId, Subject, Topic, Untrusted,
    VersionRule,
};
use quarterdeck::sandbox::{Fault, FaultKind, LoggedRequest, Place};
use std::collections::BTreeSet;
use std::path::Path;

const REGION: &str = "us-east-1";

/// What has to be among them.
const OPERATIONS: &[&str] = &[
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
    "DescribeStackResources",
    "GetFunctionConfiguration",
    "ListFunctions",
    "ListVersionsByFunction",
    "ListAliases",
    "ListEventSourceMappings",
    "GetFunctionConcurrency",
    "ListProvisionedConcurrencyConfigs",
    "GetAccountSettings",
    "Invoke",
    "GetMetricData",
    "DescribeAlarms",
    "DescribeAlarmHistory",
    "ListAccelerators",
    "ListCustomRoutingAccelerators",
    "ListListeners",
    "ListEndpointGroups",
    "ListCustomRoutingListeners",
    "ListCustomRoutingEndpointGroups",
    "ListCrossAccountAttachments",
    "DescribeLoadBalancers",
    "DescribeTargetHealth",
    "GetParametersByPath",
    "CreateChangeSet",
    "DeleteChangeSet",
    "ExecuteChangeSet",
    "UpdateStack",
    "CancelUpdateStack",
    "RollbackStack",
    "ContinueUpdateRollback",
    "SetStackPolicy",
    "GetStackPolicy",
    "GetTemplateSummary",
    "ListImports",
    "PutObject",
    "GetAlias",
    "UpdateAlias",
    "DescribeEndpointGroup",
    "DescribeAccelerator",
    "UpdateEndpointGroup",
    "DescribeAutoScalingGroups",
    "UpdateAutoScalingGroup",
    "SuspendProcesses",
    "ResumeProcesses",
    "CreateOrUpdateTags",
    "DescribeServices",
    "UpdateService",
    "TagResource",
    "UntagResource",
    "DescribeScalableTargets",
    "RegisterScalableTarget",
    "DescribeInstances",
    "StopInstances",
    "StartInstances",
    "CreateTags",
    "DeleteTags",
    "DescribeDBInstances",
    "DescribeDBClusters",
    "StopDBInstance",
    "StartDBInstance",
    "StopDBCluster",
    "StartDBCluster",
    "AddTagsToResource",
    "RemoveTagsFromResource",
];

#[tokio::test]
async fn requests_written_down() {
    let sandbox = sandbox("demo").await;
    let fleet = Fleet {
        accounts: vec![Account {
            // For the one request that may change something.
            access: Access::Operate,
            ..account("prod", PROD, &[REGION])
        }],
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

    let function = || Untrusted::from("checkout-api-Function");
    for topic in [
        Topic::FunctionLog(function()),
        Topic::Functions,
        Topic::Function(function()),
        Topic::Versions(function()),
        Topic::Aliases(function()),
        Topic::EventSources(function()),
        Topic::Concurrency(function()),
        Topic::LambdaLimits,
        Topic::Owner(function()),
        Topic::Alarms,
        Topic::AlarmHistory("checkout-api-errors-us-east-1".into()),
        Topic::Parameters("/gco".into()),
        Topic::Attachments,
    ] {
        ask(topic).await;
    }
    let Reading::Accelerators(accelerators) = ask(Topic::Accelerators).await else {
        panic!("accelerators are what was asked for");
    };
    for accelerator in accelerators {
        let topic = Topic::Listeners(accelerator.arn, accelerator.routing);
        let Reading::Listeners(listeners) = ask(topic).await else {
            panic!("listeners are what was asked for");
        };
        let groups = listeners.iter().flat_map(|listener| &listener.groups);
        for endpoint in groups.flat_map(|group| &group.endpoints) {
            if endpoint.region() == Some(REGION) && endpoint.account() == Some(PROD) {
                ask(Topic::Balancer(endpoint.id.clone())).await;
            }
        }
    }
    let question = MetricsQuestion {
        subjects: vec![
            Subject::Lambda,
            Subject::Function(function()),
            Subject::Errors(function()),
        ],
        grain: Grain::MINUTE,
        now: sandbox.clock().now(),
    };
    cloud.metrics(&place, &question).await.unwrap();
    let invocation = Invocation {
        function: function(),
        qualifier: Some("ACTIVE".into()),
        payload: r#"{"ramuda_action":"ping"}"#.to_owned(),
    };
    let warrant = cloud.warrant(&place.account, question.now).unwrap();
    cloud.invoke(&warrant, &place, &invocation).await.unwrap();

    let mut requests = sandbox.requests();
    sandbox.stop().await;
    requests.extend(super::operations::everything_sent().await);
    let asked: BTreeSet<&str> = requests
        .iter()
        .map(|request| request.operation.as_str())
        .collect();
    for operation in OPERATIONS {
        assert!(
            asked.contains(operation),
            "{operation} is not among {asked:?}"
        );
    }
    let lines: Vec<String> = requests.iter().map(LoggedRequest::json).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.jsonl");
    std::fs::write(file, lines.join("\n") + "\n").unwrap();
}
