"""Holds a running sandbox (scenario `demo`) against botocore and the AWS CLI.

    python sandbox_conformance.py --endpoint http://127.0.0.1:4566 [--drill http://127.0.0.1:4567]
                                  [--bad-day http://127.0.0.1:4568]

Drives every operation that the sandbox implements, pages and errors included, and checks each raw reply
strictly (strict.py). Starts nothing itself. Ends with "N passed, N failed".
"""

import argparse
import sys

import botocore.session

import strict
from conformance import (accelerator, alarms, cli, cloudformation, deploying, drill, functions, identity, insights,
                         live_tail, load_balancing, logs, metrics, parameters, refusals, storage, work)
from conformance.driver import driven, tally

PARTS = [
    identity.check_identity,
    identity.check_regions,
    identity.check_portal,
    cloudformation.check_stacks,
    cloudformation.check_everything_of_every_stack,
    cloudformation.check_events,
    cloudformation.check_resources,
    cloudformation.check_templates,
    cloudformation.check_change_sets,
    cloudformation.check_exports,
    cloudformation.check_drift,
    deploying.check_creating,
    deploying.check_updating,
    deploying.check_going_back,
    deploying.check_policies,
    deploying.check_asking_before,
    deploying.check_deleting,
    alarms.check_alarms,
    alarms.check_blindness,
    metrics.check_metrics,
    metrics.check_five_hundred,
    metrics.check_the_bad_version,
    logs.check_groups,
    logs.check_streams,
    logs.check_filter,
    logs.check_patterns,
    logs.check_one_stream,
    logs.check_writing,
    logs.check_log_refusals,
    functions.check_functions,
    functions.check_configuration,
    functions.check_versions,
    functions.check_aliases,
    functions.check_limits,
    functions.check_tags,
    functions.check_invoking,
    load_balancing.check_balancers,
    load_balancing.check_load_balancing_refusals,
    accelerator.check_accelerators,
    accelerator.check_tree,
    accelerator.check_reasons,
    accelerator.check_custom_routing,
    accelerator.check_attachments,
    accelerator.check_changes,
    accelerator.check_regions,
    accelerator.check_flows,
    parameters.check_parameters,
    storage.check_storage,
    live_tail.check_live_tail,
    insights.check_queries,
    insights.check_query_refusals,
    refusals.check_refusals,
    refusals.check_raw,
    cli.check_cli,
]
# What can be stopped is in the drill.
IN_THE_DRILL = [
    drill.check_drill,
    work.check_groups,
    work.check_processes_and_tags,
    work.check_services,
    work.check_instances,
    work.check_databases,
    work.check_work_refusals,
]
OPERATIONS = {
    ("sts", "GetCallerIdentity"), ("sts", "AssumeRole"), ("account", "ListRegions"), ("sso", "GetRoleCredentials"),
} | {
    ("ec2", name) for name in (
        "DescribeRegions", "DescribeInstances", "DescribeInstanceStatus", "StopInstances", "StartInstances",
        "CreateTags", "DeleteTags",
    )
} | {
    ("autoscaling", name) for name in (
        "DescribeAutoScalingGroups", "DescribeAutoScalingInstances", "UpdateAutoScalingGroup", "SetDesiredCapacity",
        "DescribeScalingProcessTypes", "SuspendProcesses", "ResumeProcesses", "CreateOrUpdateTags", "DeleteTags",
        "DescribeTags", "DescribeScalingActivities",
    )
} | {
    ("ecs", name) for name in (
        "DescribeServices", "ListServices", "UpdateService", "TagResource", "UntagResource", "ListTagsForResource",
    )
} | {
    ("application-autoscaling", name) for name in ("DescribeScalableTargets", "RegisterScalableTarget")
} | {
    ("rds", name) for name in (
        "DescribeDBInstances", "DescribeDBClusters", "StopDBInstance", "StartDBInstance", "StopDBCluster",
        "StartDBCluster", "AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource",
    )
} | {
    ("s3", name) for name in ("PutObject", "HeadObject", "GetObject")
} | {
    ("cloudformation", name) for name in (
        "DescribeStacks", "ListStacks", "GetStackPolicy", "DescribeStackEvents", "ListStackResources",
        "DescribeStackResources", "DescribeStackResource", "GetTemplate", "GetTemplateSummary", "ListChangeSets",
        "DescribeChangeSet", "ListExports", "ListImports", "DetectStackDrift", "DescribeStackDriftDetectionStatus",
        "DescribeStackResourceDrifts", "CreateChangeSet", "DeleteChangeSet", "ExecuteChangeSet", "UpdateStack",
        "CancelUpdateStack", "RollbackStack", "ContinueUpdateRollback", "DeleteStack", "SetStackPolicy",
        "ValidateTemplate",
    )
} | {
    ("logs", name) for name in (
        "StartLiveTail", "StartQuery", "GetQueryResults", "StopQuery", "DescribeQueries", "CreateLogGroup",
        "CreateLogStream", "PutLogEvents", "DeleteLogGroup", "PutRetentionPolicy", "DescribeLogGroups",
        "DescribeLogStreams", "FilterLogEvents", "GetLogEvents",
    )
} | {
    ("cloudwatch", name) for name in (
        "GetMetricData", "GetMetricStatistics", "ListMetrics", "DescribeAlarms", "DescribeAlarmHistory",
        "SetAlarmState",
    )
} | {
    ("lambda", name) for name in (
        "ListFunctions", "GetFunction", "GetFunctionConfiguration", "GetAccountSettings", "ListVersionsByFunction",
        "PublishVersion", "ListAliases", "GetAlias", "CreateAlias", "UpdateAlias", "ListEventSourceMappings",
        "GetFunctionConcurrency", "PutFunctionConcurrency", "DeleteFunctionConcurrency",
        "ListProvisionedConcurrencyConfigs", "Invoke", "ListTags", "TagResource", "UntagResource",
    )
} | {
    ("elbv2", name) for name in (
        "DescribeLoadBalancers", "DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth",
        "DescribeTags",
    )
} | {
    ("globalaccelerator", name) for name in (
        "ListAccelerators", "DescribeAccelerator", "DescribeAcceleratorAttributes", "ListListeners",
        "DescribeListener", "ListEndpointGroups", "DescribeEndpointGroup", "ListTagsForResource",
        "ListCustomRoutingAccelerators", "DescribeCustomRoutingAccelerator", "ListCustomRoutingListeners",
        "ListCustomRoutingEndpointGroups", "ListCrossAccountAttachments", "DescribeCrossAccountAttachment",
        "ListCrossAccountResourceAccounts", "ListCrossAccountResources", "UpdateEndpointGroup", "UpdateAccelerator",
        "AddEndpoints", "RemoveEndpoints",
    )
} | {
    ("ssm", name) for name in ("GetParameter", "GetParameters", "GetParametersByPath")
}


def check_the_check():
    """A check that notices nothing would pass everything."""
    model = botocore.session.Session().get_service_model("cloudformation").operation_model("DescribeStacks")
    wrong = (
        '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>'
        "<Stacks><member><StackStatus>FINE</StackStatus><CreationTime>1760000000</CreationTime>"
        "<Colour>red</Colour></member></Stacks></DescribeStacksResult>"
        "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeStacksResponse>"
    )
    headers = {"x-amzn-RequestId": "r", "Date": "now", "Content-Type": "text/xml"}
    found = " ".join(strict.check_reply(model, "query", headers, wrong))
    for word in ("StackStatus: 'FINE'", "CreationTime: '1760000000'", "Colour: not in", "StackName: required"):
        tally.check(f"the check notices {word}", word in found)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--endpoint", required=True, help="a sandbox with the scenario demo")
    arguments.add_argument("--drill", help="a sandbox with the scenario drill")
    arguments.add_argument("--bad-day", help="a sandbox with the scenario bad-day")
    options = arguments.parse_args()
    check_the_check()
    parts = [(part, options.endpoint) for part in PARTS]
    if options.drill:
        parts += [(part, options.drill) for part in IN_THE_DRILL]
    for part, endpoint in parts:
        try:
            part(endpoint)
        except Exception as error:  # one part that breaks must not hide the others
            tally.check(f"{part.__name__} ran to its end", [f"{type(error).__name__}: {error}"])
    if options.bad_day:
        refusals.check_bad_day(options.bad_day)
        logs.check_rates(options.bad_day)
        accelerator.check_bad_day(options.bad_day)
    tally.check("every operation was driven", [f"{name} was not" for name in sorted(OPERATIONS - driven)])
    print(f"{len(OPERATIONS & driven)} operations")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
