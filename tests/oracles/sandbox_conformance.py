"""Holds a running sandbox (scenario `demo`) against botocore and the AWS CLI.

    python sandbox_conformance.py --endpoint http://127.0.0.1:4566 [--bad-day http://127.0.0.1:4567]

Drives every operation that the sandbox implements, pages and errors included, and checks each raw reply
strictly (strict.py). Starts nothing itself. Ends with "N passed, N failed".
"""

import argparse
import datetime
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import botocore.exceptions
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

import strict

PROD, STAGING = "123456789012", "210987654321"
ONCE = {"retries": {"max_attempts": 0, "mode": "standard"}, "connect_timeout": 5, "read_timeout": 20,
        # What is wrong with a request is for the sandbox to say.
        "parameter_validation": False}
tally = strict.Tally()
driven = set()


class Checked:
    """A botocore client whose every successful reply is checked strictly before botocore parses it."""

    def __init__(self, endpoint, service, region="us-east-1", key=PROD, token=None, data_path=None, protocol=None):
        session = botocore.session.Session()
        if data_path:
            session.set_config_variable("data_path", data_path)
        self.client = session.create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=key,
            aws_secret_access_key="sandbox",
            aws_session_token=token,
            config=Config(**ONCE),
        )
        model = self.client.meta.service_model
        resolved = model.resolved_protocol if hasattr(model, "resolved_protocol") else model.metadata["protocol"]
        self.protocol = {"smithy-rpc-v2-cbor": "cbor"}.get(resolved, resolved)
        if protocol:
            tally.check(f"{service} is spoken to in {protocol}", self.protocol == protocol)
        self.client.meta.events.register("before-parse", self.before_parse)

    def before_parse(self, operation_model, response_dict, **_):
        if response_dict["status_code"] >= 300:
            return
        name = operation_model.name
        driven.add((operation_model.service_model.service_name, name))
        problems = strict.check_reply(operation_model, self.protocol, response_dict["headers"], response_dict["body"])
        tally.check(f"{name} over {self.protocol}: the reply is exactly as modelled", problems)

    def call(self, operation, **params):
        return getattr(self.client, operation)(**params)

    def pages(self, operation, key, **params):
        """All items, the number of pages; a repeated token would go on for ever, so it is an error."""
        items, pages, tokens, token = [], 0, set(), None
        while True:
            reply = self.call(operation, **params, **({"NextToken": token} if token else {}))
            items += reply.get(key, [])
            pages += 1
            token = reply.get("NextToken")
            if not token:
                return items, pages
            assert token not in tokens, f"{operation} repeats a token"
            tokens.add(token)

    def fails(self, title, operation, code, status, words="", **params):
        try:
            self.call(operation, **params)
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]
            meta = error.response["ResponseMetadata"]
            problems = []
            if found["Code"] != code:
                problems.append(f"code {found['Code']!r} instead of {code!r}")
            if meta["HTTPStatusCode"] != status:
                problems.append(f"status {meta['HTTPStatusCode']} instead of {status}")
            if words not in found.get("Message", ""):
                problems.append(f"message {found.get('Message')!r} lacks {words!r}")
            if not meta.get("RequestId"):
                problems.append("no request id")
            tally.check(title, problems)
            return error
        tally.check(title, [f"{operation} succeeded"])
        return None


# --- the check itself


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


# --- STS, EC2, Account, SSO


def check_identity(endpoint):
    sts = Checked(endpoint, "sts")
    me = sts.call("get_caller_identity")
    tally.check("a twelve-digit key is that account", me["Account"] == PROD and PROD in me["Arn"])
    other = sts.call("assume_role", RoleArn=f"arn:aws:iam::{STAGING}:role/Deploy", RoleSessionName="oracle")
    keys = other["Credentials"]
    lasts = keys["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    tally.check("an assumed role lasts an hour", 3500 < lasts.total_seconds() <= 3601)
    inside = Checked(endpoint, "sts", key=keys["AccessKeyId"], token=keys["SessionToken"])
    me = inside.call("get_caller_identity")
    tally.check(
        "an assumed role is in the other account",
        me["Account"] == STAGING and me["Arn"].endswith(":assumed-role/Deploy/oracle"),
    )
    stacks = Checked(endpoint, "cloudformation", key=keys["AccessKeyId"], token=keys["SessionToken"])
    ids = [stack["StackId"] for stack in stacks.call("describe_stacks")["Stacks"]]
    tally.check("and sees that account's stacks", bool(ids) and all(STAGING in id for id in ids))
    sts.fails("a role that is nowhere is denied", "assume_role", "AccessDenied", 403, "sts:AssumeRole",
              RoleArn="arn:aws:iam::999999999999:role/Deploy", RoleSessionName="oracle")
    sts.fails("a session of a minute is too short", "assume_role", "ValidationError", 400, "durationSeconds",
              RoleArn=f"arn:aws:iam::{STAGING}:role/Deploy", RoleSessionName="oracle", DurationSeconds=60)


def check_regions(endpoint):
    ec2 = Checked(endpoint, "ec2")
    mine = ec2.call("describe_regions")["Regions"]
    every = ec2.call("describe_regions", AllRegions=True)["Regions"]
    tally.check("all regions are more than mine", len(every) == 36 and 17 < len(mine) < 36)
    status = {region["RegionName"]: region["OptInStatus"] for region in every}
    tally.check(
        "each region says whether one has to ask for it",
        (status["us-east-1"], status["ap-east-1"], status["me-central-1"])
        == ("opt-in-not-required", "opted-in", "not-opted-in"),
    )
    filters = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    found = ec2.call("describe_regions", AllRegions=True, Filters=filters)["Regions"]
    tally.check("a filter filters", {region["OptInStatus"] for region in found} == {"not-opted-in"})
    named = ec2.call("describe_regions", RegionNames=["eu-west-1", "us-east-1"])["Regions"]
    tally.check("names select", len(named) == 2)
    ec2.fails("a region that is none", "describe_regions", "InvalidParameterValue", 400, "mars-1", RegionNames=["mars-1"])

    account = Checked(endpoint, "account")
    regions, pages = account.pages("list_regions", "Regions", MaxResults=10)
    tally.check("ListRegions pages", pages == 4 and len({region["RegionName"] for region in regions}) == 36)
    on = account.call("list_regions", RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"])["Regions"]
    tally.check("both services agree on what is on",
                {region["RegionName"] for region in on} == {region["RegionName"] for region in mine})
    account.fails("a foreign account", "list_regions", "AccessDeniedException", 403, AccountId="999999999999")
    account.fails("a bad token", "list_regions", "ValidationException", 400, NextToken="x")


def check_portal(endpoint):
    sso = Checked(endpoint, "sso")
    role = {"roleName": "ReadOnly", "accountId": STAGING}
    keys = sso.call("get_role_credentials", accessToken="sandbox-token", **role)["roleCredentials"]
    tally.check("the portal counts milliseconds", keys["expiration"] > 1e12)
    me = Checked(endpoint, "sts", key=keys["accessKeyId"], token=keys["sessionToken"]).call("get_caller_identity")
    tally.check("its keys are the role's", me["Account"] == STAGING and "AWSReservedSSO_ReadOnly" in me["Arn"])
    sso.fails("a bad token", "get_role_credentials", "UnauthorizedException", 401, accessToken="stale", **role)
    sso.fails("a role not assigned", "get_role_credentials", "ForbiddenException", 403,
              accessToken="sandbox-token", roleName="Admin", accountId=STAGING)
    sso.fails("an account not there", "get_role_credentials", "ResourceNotFoundException", 404,
              accessToken="sandbox-token", roleName="ReadOnly", accountId="999999999999")


# --- CloudFormation


def check_stacks(endpoint):
    cfn = Checked(endpoint, "cloudformation")
    stacks, pages = cfn.pages("describe_stacks", "Stacks")
    names = [stack["StackName"] for stack in stacks]
    tally.check("DescribeStacks pages without repeating", pages > 1 and len(set(names)) == len(names))
    tally.check("and has the platform's stacks", {"gco-global", "gco-api-gateway", "gco-monitoring"} <= set(names))
    one = cfn.call("describe_stacks", StackName="orders-db")["Stacks"]
    same = cfn.call("describe_stacks", StackName=one[0]["StackId"])["Stacks"]
    tally.check("by name and by ARN alike", len(one) == 1 and one[0]["StackId"] == same[0]["StackId"])
    masked = {p["ParameterKey"]: p["ParameterValue"] for p in one[0]["Parameters"]}
    tally.check("NoEcho is four stars", masked["MasterUserPassword"] == "****" and masked["Environment"] == "prod")
    tags = {tag["Key"]: tag["Value"] for tag in one[0]["Tags"]}
    outputs = {output["OutputKey"]: output["OutputValue"] for output in one[0]["Outputs"]}
    tally.check("the version is a tag and an output", tags["version"] == outputs["Version"] == "v12")
    cfn.fails("a stack that is not there", "describe_stacks", "ValidationError", 400,
              "Stack with id nothing does not exist", StackName="nothing")
    cfn.fails("a token that is not ours", "describe_stacks", "ValidationError", 400, NextToken="x")

    listed, _ = cfn.pages("list_stacks", "StackSummaries")
    deleted, _ = cfn.pages("list_stacks", "StackSummaries", StackStatusFilter=["DELETE_COMPLETE"])
    tally.check("ListStacks knows the dead", bool(deleted) and len(listed) == len(stacks) + len(deleted))
    tally.check("a filter filters", {stack["StackStatus"] for stack in deleted} == {"DELETE_COMPLETE"})
    dead = deleted[0]
    cfn.fails("a deleted stack has lost its name", "describe_stacks", "ValidationError", 400,
              "does not exist", StackName=dead["StackName"])
    found = cfn.call("describe_stacks", StackName=dead["StackId"])["Stacks"]
    tally.check("but not its ARN", len(found) == 1 and "DeletionTime" in found[0])
    policy = cfn.call("get_stack_policy", StackName="gco-global")
    tally.check("a stack policy is JSON", "Statement" in json.loads(policy["StackPolicyBody"]))
    tally.check("no policy, no member", "StackPolicyBody" not in cfn.call("get_stack_policy", StackName="orders-db"))
    cfn.fails("the policy of nothing", "get_stack_policy", "ValidationError", 400, StackName="nothing")
    empty = Checked(endpoint, "cloudformation", region="ap-east-1").call("describe_stacks")
    tally.check("a region opted into is empty and not an error", empty["Stacks"] == [])


def check_everything_of_every_stack(endpoint):
    """Reads all there is about all stacks of the two busiest places: breadth for the strict check."""
    for region, key in [("us-east-1", PROD), ("eu-west-1", PROD), ("us-west-2", STAGING)]:
        cfn = Checked(endpoint, "cloudformation", region=region, key=key)
        stacks, _ = cfn.pages("describe_stacks", "Stacks")
        ids = {stack["StackId"] for stack in stacks}
        for stack in stacks:
            name = stack["StackName"]
            events, _ = cfn.pages("describe_stack_events", "StackEvents", StackName=stack["StackId"])
            times = [event["Timestamp"] for event in events]
            tally.check(f"{name}: events are newest first and each once",
                        times == sorted(times, reverse=True)
                        and len({event["EventId"] for event in events}) == len(events))
            own = [event for event in events if event.get("PhysicalResourceId") == stack["StackId"]]
            now = cfn.call("describe_stacks", StackName=stack["StackId"])["Stacks"][0]["StackStatus"]
            tally.check(f"{name}: the newest event of the stack is its status (or it has just moved)",
                        own[0]["ResourceStatus"] in (stack["StackStatus"], now))
            rows, _ = cfn.pages("list_stack_resources", "StackResourceSummaries", StackName=name)
            described = cfn.call("describe_stack_resources", StackName=name)["StackResources"]
            tally.check(f"{name}: both lists of resources agree",
                        {row["LogicalResourceId"] for row in rows} == {row["LogicalResourceId"] for row in described})
            nested = {row["PhysicalResourceId"] for row in rows if row["ResourceType"] == "AWS::CloudFormation::Stack"}
            children = {other["StackId"] for other in stacks if other.get("ParentId") == stack["StackId"]}
            tally.check(f"{name}: nested stacks are rows", nested == children and nested <= ids)
            root = stack.get("RootId")
            tally.check(f"{name}: a root has no parent", root is None or root in ids)
            cfn.call("get_template", StackName=name)
            cfn.call("get_template_summary", StackName=name)
            cfn.call("list_change_sets", StackName=name)


def check_events(endpoint):
    cfn = Checked(endpoint, "cloudformation", region="eu-west-1")
    cfn.fails("events of nothing are worded otherwise", "describe_stack_events", "ValidationError", 400,
              "Stack [nothing] does not exist", StackName="nothing")
    stack, path = "checkout-api", []
    while True:
        events, _ = cfn.pages("describe_stack_events", "StackEvents", StackName=stack)
        failed = [event for event in events if event["ResourceStatus"] in ("UPDATE_FAILED", "CREATE_FAILED")]
        cause = min(failed, key=lambda event: event["Timestamp"])
        path.append(cause["LogicalResourceId"])
        if cause["ResourceType"] != "AWS::CloudFormation::Stack":
            break
        tally.check(f"{stack}: the parent repeats its child's words", "Embedded stack" in cause["ResourceStatusReason"])
        stack = cause["PhysicalResourceId"]
    tally.check("the root cause is two levels down", path == ["Workers", "Pricing", "PricingFunction"])
    tally.check("and has a reason", "MemorySize" in cause["ResourceStatusReason"])
    cascade = {event["ResourceStatusReason"] for event in failed} - {cause["ResourceStatusReason"]}
    tally.check("what comes after is cancelled", cascade == {"Resource creation cancelled"})
    tokens = {event["ClientRequestToken"] for event in events if event["Timestamp"] >= cause["Timestamp"]}
    tally.check("one token goes through the tree", len(tokens) == 1)

    moving = Checked(endpoint, "cloudformation", region="us-east-1")
    deadline, seen = time.monotonic() + 40, set()
    while len(seen) < 2 and time.monotonic() < deadline:
        seen.add(moving.call("describe_stack_events", StackName="orders-api")["StackEvents"][0]["EventId"])
        time.sleep(1)
    busy, _ = Checked(endpoint, "cloudformation", region="us-west-2").pages(
        "list_stacks", "StackSummaries", StackStatusFilter=["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"])
    tally.check("something is moving", len(seen) > 1 or bool(busy))


def check_resources(endpoint):
    cfn = Checked(endpoint, "cloudformation", region="us-west-2")
    rows = cfn.call("list_stack_resources", StackName="checkout-edge")["StackResourceSummaries"]
    by_physical = cfn.call("describe_stack_resources", PhysicalResourceId=rows[0]["PhysicalResourceId"])
    tally.check("a physical id finds its stack", by_physical["StackResources"][0]["StackName"] == "checkout-edge")
    only = cfn.call("describe_stack_resources", StackName="checkout-edge", LogicalResourceId="Listener")
    tally.check("a logical id selects", len(only["StackResources"]) == 1)
    detail = cfn.call("describe_stack_resource", StackName="checkout-edge", LogicalResourceId="TargetGroup")
    drift = detail["StackResourceDetail"]["DriftInformation"]["StackResourceDriftStatus"]
    tally.check("a drifted resource says so", drift == "MODIFIED")
    cfn.fails("a resource that is not there", "describe_stack_resource", "ValidationError", 400,
              "Resource Nothing does not exist for stack checkout-edge",
              StackName="checkout-edge", LogicalResourceId="Nothing")
    cfn.fails("resources of nothing", "list_stack_resources", "ValidationError", 400,
              "Stack with id nothing does not exist", StackName="nothing")
    cfn.fails("resources of nobody", "describe_stack_resources", "ValidationError", 400, "must be specified")


def check_templates(endpoint):
    cfn = Checked(endpoint, "cloudformation")
    original = cfn.call("get_template", StackName="gco-api-gateway")
    processed = cfn.call("get_template", StackName="gco-api-gateway", TemplateStage="Processed")
    tally.check("stages differ where a transform was", "Transform" in original["TemplateBody"]
                and "Transform" not in processed["TemplateBody"])
    tally.check("a template is JSON with resources", "Resources" in original["TemplateBody"])
    summary = cfn.call("get_template_summary", StackName="gco-api-gateway")
    hidden = [p["ParameterKey"] for p in summary["Parameters"] if p["NoEcho"]]
    tally.check("the summary knows what is NoEcho", hidden == ["AuthToken"])
    tally.check("and what is needed", summary["Capabilities"] == ["CAPABILITY_IAM"])
    sent = cfn.call("get_template_summary", TemplateBody=json.dumps(processed["TemplateBody"]))
    tally.check("a template sent in is summarised", sent["ResourceTypes"] == summary["ResourceTypes"])
    cfn.fails("a template that is none", "get_template_summary", "ValidationError", 400, "Template format error",
              TemplateBody="{}")
    cfn.fails("the template of nothing", "get_template", "ValidationError", 400, StackName="nothing")
    cfn.fails("a stage that is none", "get_template", "ValidationError", 400, "enum value set",
              StackName="orders-db", TemplateStage="Raw")


def check_change_sets(endpoint):
    cfn = Checked(endpoint, "cloudformation")
    sets = {row["ChangeSetName"]: row for row in cfn.call("list_change_sets", StackName="orders-db")["Summaries"]}
    tally.check("one waits and one failed", sets["resize-writer"]["ExecutionStatus"] == "AVAILABLE"
                and sets["nothing-to-do"]["Status"] == "FAILED"
                and "didn't contain changes" in sets["nothing-to-do"]["StatusReason"])
    by_arn = cfn.call("describe_change_set", ChangeSetName=sets["resize-writer"]["ChangeSetId"])
    changes, _ = cfn.pages("describe_change_set", "Changes", ChangeSetName="resize-writer", StackName="orders-db")
    tally.check("by name and by ARN alike", by_arn["Changes"] == changes)
    actions = [(c["ResourceChange"]["Action"], c["ResourceChange"].get("Replacement")) for c in changes]
    tally.check("every kind of change", actions == [("Modify", "False"), ("Modify", "True"), ("Add", None), ("Remove", None)])
    full = cfn.call("describe_change_set", ChangeSetName="resize-writer", StackName="orders-db", IncludePropertyValues=True)
    target = full["Changes"][0]["ResourceChange"]["Details"][0]["Target"]
    tally.check("values come when asked for", target["BeforeValue"] == "db.r7g.large"
                and "BeforeValue" not in changes[0]["ResourceChange"]["Details"][0]["Target"])
    cfn.call("get_template", StackName="orders-db", ChangeSetName="resize-writer")
    error = cfn.fails("a change set that is not there", "describe_change_set", "ChangeSetNotFound", 404,
                      "ChangeSet [none] does not exist", ChangeSetName="none", StackName="orders-db")
    tally.check("is a typed error", isinstance(error, cfn.client.exceptions.ChangeSetNotFoundException))
    cfn.fails("a name without a stack", "describe_change_set", "ValidationError", 400, ChangeSetName="resize-writer")


def check_exports(endpoint):
    cfn = Checked(endpoint, "cloudformation")
    exports, _ = cfn.pages("list_exports", "Exports")
    names = [export["Name"] for export in exports]
    tally.check("exports are there, each once", "gco-global-accelerator-arn" in names and len(set(names)) == len(names))
    users = cfn.call("list_imports", ExportName="gco-global-accelerator-arn")["Imports"]
    tally.check("and know who uses them", "gco-monitoring" in users)
    cfn.fails("an export nobody uses", "list_imports", "ValidationError", 400,
              "is not imported by any stack", ExportName="orders-db-endpoint")


def check_drift(endpoint):
    cfn = Checked(endpoint, "cloudformation", region="us-west-2")
    drifts = cfn.call("describe_stack_resource_drifts", StackName="checkout-edge",
                      StackResourceDriftStatusFilters=["MODIFIED"])["StackResourceDrifts"]
    tally.check("one resource has drifted", [d["LogicalResourceId"] for d in drifts] == ["TargetGroup"])
    difference = drifts[0]["PropertyDifferences"][0]
    tally.check("and says how", (difference["ExpectedValue"], difference["ActualValue"]) == ("30", "5"))
    page = cfn.call("describe_stack_resource_drifts", StackName="checkout-edge", MaxResults=2)
    everything, pages = cfn.pages("describe_stack_resource_drifts", "StackResourceDrifts",
                                  StackName="checkout-edge", MaxResults=2)
    tally.check("drifts page", len(page["StackResourceDrifts"]) == 2 and pages > 2 and len(everything) == 7)
    before = cfn.call("describe_stacks", StackName="network")["Stacks"][0]["DriftInformation"]
    unchecked = before["StackDriftStatus"] == "NOT_CHECKED"
    tally.check("nobody has looked at the network yet (or this has run before)",
                unchecked or before["StackDriftStatus"] == "IN_SYNC")
    detection = cfn.call("detect_stack_drift", StackName="network")["StackDriftDetectionId"]
    status = cfn.call("describe_stack_drift_detection_status", StackDriftDetectionId=detection)
    tally.check("a detection takes a while", status["DetectionStatus"] == "DETECTION_IN_PROGRESS")
    deadline = time.monotonic() + 15
    while status["DetectionStatus"] == "DETECTION_IN_PROGRESS" and time.monotonic() < deadline:
        time.sleep(0.5)
        status = cfn.call("describe_stack_drift_detection_status", StackDriftDetectionId=detection)
    tally.check("and ends", (status["DetectionStatus"], status["StackDriftStatus"]) == ("DETECTION_COMPLETE", "IN_SYNC"))
    after = cfn.call("describe_stacks", StackName="network")["Stacks"][0]["DriftInformation"]
    tally.check("and is remembered", after["StackDriftStatus"] == "IN_SYNC" and "LastCheckTimestamp" in after)
    cfn.fails("a detection that never was", "describe_stack_drift_detection_status", "ValidationError", 400,
              "does not exist", StackDriftDetectionId="b78ac9b0-dec1-11e7-a451-503a3example")


# --- CloudWatch in three protocols


def model_with(protocol, folder):
    """A copy of botocore's CloudWatch model that knows one protocol only."""
    source = pathlib.Path(botocore.__file__).parent / "data" / "cloudwatch"
    version = sorted(path.name for path in source.iterdir() if path.is_dir())[-1]
    model = json.loads(gzip.decompress((source / version / "service-2.json.gz").read_bytes()))
    model["metadata"]["protocols"] = [protocol]
    model["metadata"]["protocol"] = protocol
    target = pathlib.Path(folder) / "cloudwatch" / version
    target.mkdir(parents=True)
    (target / "service-2.json").write_text(json.dumps(model))


def check_alarms(endpoint):
    answers = []
    for protocol, name in [("smithy-rpc-v2-cbor", "cbor"), ("json", "json"), ("query", "query")]:
        with tempfile.TemporaryDirectory() as folder:
            model_with(protocol, folder)
            alarms = Checked(endpoint, "cloudwatch", region="eu-west-1", data_path=folder, protocol=name)
            found, pages = alarms.pages("describe_alarms", "MetricAlarms", MaxRecords=2)
            tally.check(f"alarms page over {name}", pages == 2 and len(found) == 4)
            answers.append(found)
            ringing = alarms.call("describe_alarms", StateValue="ALARM")["MetricAlarms"]
            tally.check(f"a state selects over {name}", [a["StateValue"] for a in ringing] == ["ALARM"])
            alarms.call("describe_alarms", AlarmNames=["checkout-api-5xx-eu-west-1"])
            alarms.call("describe_alarms", AlarmTypes=["CompositeAlarm"])
            error = alarms.fails(f"a bad token over {name}", "describe_alarms", "InvalidNextToken", 400, NextToken="x")
            tally.check(f"is typed over {name}", isinstance(error, alarms.client.exceptions.InvalidNextToken))
            stranger = Checked(endpoint, "cloudwatch", key="AKIDEXAMPLE", data_path=folder)
            stranger.fails(f"an unknown key over {name}", "describe_alarms", "InvalidClientTokenId",
                           403 if name == "query" else 400)
    tally.check("all three protocols say the same", answers[0] == answers[1] == answers[2])


# --- refusals that any endpoint makes


def check_refusals(endpoint):
    for service, operation, code, status in [
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("cloudformation", "describe_stacks", "InvalidClientTokenId", 403),
        ("ec2", "describe_regions", "AuthFailure", 401),
        ("account", "list_regions", "UnrecognizedClientException", 403),
    ]:
        Checked(endpoint, service, key="AKIDEXAMPLE").fails(f"{service}: an unknown key", operation, code, status)
    for service, operation, code, status in [
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("cloudformation", "list_stacks", "InvalidClientTokenId", 403),
        ("ec2", "describe_regions", "AuthFailure", 401),
        ("cloudwatch", "describe_alarms", "InvalidClientTokenId", None),
    ]:
        client = Checked(endpoint, service, region="me-central-1")
        if status is None:
            status = 403 if client.protocol == "query" else 400
        client.fails(f"{service}: a region that is switched off", operation, code, status)
    Checked(endpoint, "cloudformation").fails("an operation not implemented", "list_types", "InvalidAction", 400,
                                              "Could not find operation ListTypes for version 2010-05-15")


def raw(endpoint, headers, body, path="/", sign=None, amz_date=None):
    request = AWSRequest(method="POST", url=endpoint + path, data=body, headers=headers)
    if sign:
        SigV4Auth(Credentials(PROD, "sandbox"), sign, "us-east-1").add_auth(request)
    prepared = request.prepare()
    sent = dict(prepared.headers.items())
    if amz_date:
        sent["X-Amz-Date"] = amz_date
    try:
        reply = urllib.request.urlopen(urllib.request.Request(prepared.url, body, sent, method="POST"), timeout=10)
        return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def check_raw(endpoint):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"Action=DescribeStacks&Version=2010-05-15"
    status, headers, text = raw(endpoint, form, body)
    tally.check("no signature", status == 403 and b"<Code>MissingAuthenticationToken</Code>" in text
                and b"<Type>Sender</Type>" in text and headers["x-amzn-RequestId"].encode() in text)
    status, _, text = raw(endpoint, {**form, "Authorization": "AWS4-HMAC-SHA256 Credential=nonsense"}, body)
    tally.check("half a signature", status == 400 and b"<Code>IncompleteSignature</Code>" in text)
    status, _, text = raw(endpoint, form, body, sign="cloudformation", amz_date="20200101T000000Z")
    tally.check("a signature from long ago", status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in text
                and b"Signature expired: 20200101T000000Z is now earlier than" in text)
    target = {"X-Amz-Target": "GraniteServiceVersion20100801.Nothing", "Content-Type": "application/x-amz-json-1.0"}
    status, headers, text = raw(endpoint, target, b"{}", sign="monitoring")
    tally.check("an operation that is none, in JSON", status == 400
                and json.loads(text)["__type"].endswith("#UnknownOperationException")
                and headers["Content-Type"] == "application/x-amz-json-1.0")
    target["X-Amz-Target"] = "GraniteServiceVersion20100801.DescribeAlarms"
    status, _, text = raw(endpoint, target, b"{not json", sign="monitoring")
    tally.check("a body that is none, in JSON", status == 400 and b"SerializationException" in text)
    cbor = {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
    path = "/service/GraniteServiceVersion20100801/operation/"
    status, headers, text = raw(endpoint, cbor, b"\xbf\xff", path + "Nothing", sign="monitoring")
    tally.check("an operation that is none, in CBOR", status == 400 and headers["smithy-protocol"] == "rpc-v2-cbor"
                and strict.read_cbor(text)["__type"].endswith("#UnknownOperationException"))
    status, _, text = raw(endpoint, cbor, b"\xa1\x61", path + "DescribeAlarms", sign="monitoring")
    tally.check("a body that is none, in CBOR", status == 400
                and strict.read_cbor(text)["__type"].endswith("#SerializationException"))
    status, _, _ = raw(endpoint, {"Content-Type": "application/json"}, b"{}", "/nowhere", sign="account")
    tally.check("a path that is none", status == 404)


# --- the AWS CLI


def check_cli(endpoint):
    program = pathlib.Path(sys.executable).parent / "aws"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": tempfile.gettempdir(),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": PROD,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
    }

    def aws(*words, region="us-east-1"):
        run = subprocess.run([program, *words, "--region", region, "--output", "json"], env=environment,
                             capture_output=True, text=True, timeout=60)
        return run.returncode, run.stdout, run.stderr

    for words, key in [
        ("sts get-caller-identity", "Account"),
        (f"sts assume-role --role-arn arn:aws:iam::{STAGING}:role/Deploy --role-session-name cli", "Credentials"),
        ("cloudformation describe-stacks", "Stacks"),
        ("cloudformation describe-stacks --stack-name orders-db", "Stacks"),
        ("cloudformation list-stacks", "StackSummaries"),
        ("cloudformation describe-stack-events --stack-name orders-db", "StackEvents"),
        ("cloudformation list-stack-resources --stack-name orders-db", "StackResourceSummaries"),
        ("cloudformation describe-stack-resources --stack-name orders-db", "StackResources"),
        ("cloudformation describe-stack-resource --stack-name orders-db --logical-resource-id Writer", "StackResourceDetail"),
        ("cloudformation get-template --stack-name orders-db", "TemplateBody"),
        ("cloudformation get-template-summary --stack-name orders-db", "ResourceTypes"),
        ("cloudformation list-change-sets --stack-name orders-db", "Summaries"),
        ("cloudformation describe-change-set --stack-name orders-db --change-set-name resize-writer", "Changes"),
        ("cloudformation list-exports", "Exports"),
        ("cloudformation list-imports --export-name gco-global-accelerator-arn", "Imports"),
        ("cloudformation describe-stack-resource-drifts --stack-name orders-db", "StackResourceDrifts"),
        ("cloudformation detect-stack-drift --stack-name orders-db", "StackDriftDetectionId"),
        ("cloudformation get-stack-policy --stack-name gco-global", "StackPolicyBody"),
        ("ec2 describe-regions --all-regions", "Regions"),
        ("account list-regions", "Regions"),
        ("sso get-role-credentials --access-token sandbox-token --role-name Deploy --account-id " + STAGING, "roleCredentials"),
        ("cloudwatch describe-alarms", "MetricAlarms"),
    ]:
        code, out, err = aws(*words.split())
        tally.check(f"aws {words}", [] if code == 0 and key in json.loads(out) else [f"exit {code}: {err.strip()[:300]}"])
    code, out, _ = aws("cloudformation", "describe-stacks")
    tally.check("the CLI pages through", code == 0 and len(json.loads(out)["Stacks"]) > 20)
    code, _, err = aws("cloudformation", "describe-stacks", "--stack-name", "nothing")
    tally.check("and reports errors", code != 0 and "(ValidationError)" in err
                and "Stack with id nothing does not exist" in err)


# --- what goes wrong


def check_bad_day(endpoint):
    expired = Checked(endpoint, "sts", key=STAGING)
    expired.fails("expired credentials", "get_caller_identity", "ExpiredToken", 403, "expired")
    Checked(endpoint, "ec2", key=STAGING).fails("expired, as EC2 says it", "describe_regions", "RequestExpired", 400)
    denied = Checked(endpoint, "cloudformation", region="us-west-2")
    denied.fails("a denial names caller, action and resource", "describe_stacks", "AccessDenied", 403,
                 f"User: arn:aws:iam::{PROD}:user/operator is not authorized to perform: cloudformation:DescribeStacks "
                 f"on resource: arn:aws:cloudformation:us-west-2:{PROD}:stack/*/* because no identity-based policy allows")
    denied.call("list_stacks")
    throttled = Checked(endpoint, "cloudformation", region="ap-southeast-1")
    codes = []
    for _ in range(4):
        try:
            throttled.call("list_stacks")
        except botocore.exceptions.ClientError as error:
            codes.append((error.response["Error"]["Code"], error.response["Error"]["Message"],
                          error.response["ResponseMetadata"]["HTTPStatusCode"]))
    tally.check("a throttle", bool(codes) and set(codes) == {("Throttling", "Rate exceeded", 400)})
    dark = botocore.session.Session().create_client(
        "cloudformation", region_name="eu-central-1", endpoint_url=endpoint, aws_access_key_id=PROD,
        aws_secret_access_key="sandbox", config=Config(read_timeout=2, retries={"max_attempts": 0}))
    try:
        dark.describe_stacks()
        tally.check("a dark region never answers", False)
    except botocore.exceptions.ReadTimeoutError:
        tally.check("a dark region never answers", True)


OPERATIONS = {
    ("sts", "GetCallerIdentity"), ("sts", "AssumeRole"), ("ec2", "DescribeRegions"), ("account", "ListRegions"),
    ("sso", "GetRoleCredentials"), ("cloudwatch", "DescribeAlarms"),
} | {
    ("cloudformation", name) for name in (
        "DescribeStacks", "ListStacks", "GetStackPolicy", "DescribeStackEvents", "ListStackResources",
        "DescribeStackResources", "DescribeStackResource", "GetTemplate", "GetTemplateSummary", "ListChangeSets",
        "DescribeChangeSet", "ListExports", "ListImports", "DetectStackDrift", "DescribeStackDriftDetectionStatus",
        "DescribeStackResourceDrifts",
    )
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--endpoint", required=True, help="a sandbox with the scenario demo")
    arguments.add_argument("--bad-day", help="a sandbox with the scenario bad-day")
    options = arguments.parse_args()
    check_the_check()
    for part in [check_identity, check_regions, check_portal, check_stacks, check_everything_of_every_stack,
                 check_events, check_resources, check_templates, check_change_sets, check_exports, check_drift,
                 check_alarms, check_refusals, check_raw, check_cli]:
        try:
            part(options.endpoint)
        except Exception as error:  # one part that breaks must not hide the others
            tally.check(f"{part.__name__} ran to its end", [f"{type(error).__name__}: {error}"])
    if options.bad_day:
        check_bad_day(options.bad_day)
    tally.check("every operation was driven", [f"{name} was not" for name in sorted(OPERATIONS - driven)])
    print(f"{len(OPERATIONS & driven)} operations")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
