"""CloudFormation: every read, with its pages and its errors."""

import json
import time

from .driver import PROD, STAGING, Checked, tally


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
            before = cfn.call("describe_stacks", StackName=stack["StackId"])["Stacks"][0]["StackStatus"]
            events, _ = cfn.pages("describe_stack_events", "StackEvents", StackName=stack["StackId"])
            after = cfn.call("describe_stacks", StackName=stack["StackId"])["Stacks"][0]["StackStatus"]
            times = [event["Timestamp"] for event in events]
            tally.check(f"{name}: events are newest first and each once",
                        times == sorted(times, reverse=True)
                        and len({event["EventId"] for event in events}) == len(events))
            own = [event for event in events if event.get("PhysicalResourceId") == stack["StackId"]]
            tally.check(f"{name}: the newest event of the stack is its status",
                        own[0]["ResourceStatus"] in (before, after))
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
    tally.check("and what is needed", summary["Capabilities"] == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
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
