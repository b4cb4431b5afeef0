"""CloudFormation where it changes something: change sets, updates, rollbacks, deletions, and their refusals."""

import json
import time

from .driver import Checked, tally

REGION = "eu-central-1"
CAPABLE = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}


def client(endpoint):
    return Checked(endpoint, "cloudformation", region=REGION)


def status(cfn, stack):
    return cfn.call("describe_stacks", StackName=stack)["Stacks"][0]["StackStatus"]


def rests(cfn, stack):
    """The statuses until the stack rests."""
    seen = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        now = status(cfn, stack)
        seen += [now] if seen[-1:] != [now] else []
        if not now.endswith("_IN_PROGRESS"):
            break
        time.sleep(0.4)
    return seen


def made(cfn, **which):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = cfn.call("describe_change_set", IncludePropertyValues=True, **which)
        if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
            return found
        time.sleep(0.3)
    return found


def template(memory=128, **resources):
    return json.dumps({
        "Description": "Made by the proof.",
        "Parameters": {"Name": {"Type": "String"}, "Secret": {"Type": "String", "NoEcho": True, "Default": "x"}},
        "Resources": {
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": memory}},
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Ref": "Name"}}},
            **resources,
        },
        "Outputs": {"Table": {"Value": {"Ref": "Table"}, "Description": "Its table"}},
    })


def named(name):
    return {"Parameters": [{"ParameterKey": "Name", "ParameterValue": name}]}


def check_creating(endpoint):
    cfn = client(endpoint)
    first = cfn.call("create_change_set", StackName="proof", ChangeSetName="first", ChangeSetType="CREATE",
                     TemplateBody=template(), Description="To begin with", ClientToken="proof-1",
                     Tags=[{"Key": "version", "Value": "v1"}], RoleARN="arn:aws:iam::123456789012:role/deploys",
                     NotificationARNs=["arn:aws:sns:eu-central-1:123456789012:told"],
                     RollbackConfiguration={"MonitoringTimeInMinutes": 5, "RollbackTriggers": [
                         {"Arn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:a",
                          "Type": "AWS::CloudWatch::Alarm"}]}, **named("one"))
    again = cfn.call("create_change_set", StackName="proof", ChangeSetName="first", ChangeSetType="CREATE",
                     TemplateBody=template(), ClientToken="proof-1", **named("one"))
    tally.check("a token makes one change set", again["Id"] == first["Id"])
    tally.check("a stack begins as a shell", status(cfn, "proof") == "REVIEW_IN_PROGRESS")
    found = made(cfn, ChangeSetName=first["Id"])
    tally.check("everything is added", {c["ResourceChange"]["Action"] for c in found["Changes"]} == {"Add"}
                and found["ExecutionStatus"] == "AVAILABLE"
                and len(found["RollbackConfiguration"]["RollbackTriggers"]) == 1)
    cfn.call("list_change_sets", StackName="proof")
    cfn.call("execute_change_set", ChangeSetName=first["Id"], ClientRequestToken="proof-create", DisableRollback=False)
    tally.check("and is created", rests(cfn, "proof")[-1] == "CREATE_COMPLETE")
    stack = cfn.call("describe_stacks", StackName="proof")["Stacks"][0]
    tally.check("as it was proposed", stack["RoleARN"].endswith("/deploys") and stack["Tags"][0]["Value"] == "v1"
                and stack["NotificationARNs"] and stack["RollbackConfiguration"]["MonitoringTimeInMinutes"] == 5
                and stack["Outputs"][0]["OutputValue"] == "one" and stack["Description"] == "Made by the proof.")
    hidden = {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}
    tally.check("secrets stay secret", hidden == {"Name": "one", "Secret": "****"})
    body = cfn.call("get_template", StackName="proof")["TemplateBody"]
    tally.check("the template comes back", json.dumps(body) == template())
    error = cfn.fails("a token serves once", "update_stack", "TokenAlreadyExistsException", 400, StackName="proof",
                      TemplateBody=template(256), ClientRequestToken="proof-create", **named("one"))
    tally.check("is a typed error of a token", isinstance(error, cfn.client.exceptions.TokenAlreadyExistsException))


def check_updating(endpoint):
    cfn = client(endpoint)
    cfn.call("create_change_set", StackName="proof", ChangeSetName="second", TemplateBody=template(
        256, Alarm={"Type": "AWS::CloudWatch::Alarm"}), **named("two"))
    cfn.call("create_change_set", StackName="proof", ChangeSetName="third", UsePreviousTemplate=True, **named("three"))
    cfn.call("create_change_set", StackName="proof", ChangeSetName="same", UsePreviousTemplate=True,
             Parameters=[{"ParameterKey": "Name", "UsePreviousValue": True}])
    found = made(cfn, StackName="proof", ChangeSetName="second")
    changes = {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in found["Changes"]}
    tally.check("each change is what it is", {
        name: (change["Action"], change.get("Replacement")) for name, change in changes.items()} == {
        "Function": ("Modify", "False"), "Table": ("Modify", "True"), "Alarm": ("Add", None)})
    detail = changes["Table"]["Details"][0]
    tally.check("and says because of what", detail["CausingEntity"] == "Name"
                and (detail["Target"]["BeforeValue"], detail["Target"]["AfterValue"]) == ("one", "two"))
    same = made(cfn, StackName="proof", ChangeSetName="same")
    tally.check("no changes, no change set", same["Status"] == "FAILED"
                and "didn't contain changes" in same["StatusReason"])
    error = cfn.fails("nothing to execute", "execute_change_set", "InvalidChangeSetStatus", 400, "[FAILED]",
                      StackName="proof", ChangeSetName="same")
    tally.check("is a typed error of a status", isinstance(
        error, cfn.client.exceptions.InvalidChangeSetStatusException))
    cfn.call("delete_change_set", StackName="proof", ChangeSetName="same")
    error = cfn.fails("a name is taken", "create_change_set", "AlreadyExistsException", 400, StackName="proof",
                      ChangeSetName="third", UsePreviousTemplate=True, **named("x"))
    tally.check("is a typed error of a name", isinstance(error, cfn.client.exceptions.AlreadyExistsException))
    cfn.call("execute_change_set", StackName="proof", ChangeSetName="second", ClientRequestToken="proof-update")
    cfn.fails("one update at a time", "create_change_set", "ValidationError", 400, "UPDATE_IN_PROGRESS state and can",
              StackName="proof", ChangeSetName="fourth", UsePreviousTemplate=True, **named("x"))
    cfn.fails("the others are gone", "describe_change_set", "ChangeSetNotFound", 404,
              StackName="proof", ChangeSetName="third")
    tally.check("an update cleans up", rests(cfn, "proof")[-2:] == [
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"])
    events, _ = cfn.pages("describe_stack_events", "StackEvents", StackName="proof")
    own = [event for event in events if event.get("ClientRequestToken") == "proof-update"]
    tally.check("its events carry its token", len(own) > 8 and len({event["OperationId"] for event in own}) == 1)
    tally.check("each event once", len({event["EventId"] for event in events}) == len(events))
    done = cfn.call("describe_change_set", StackName="proof", ChangeSetName="second")
    tally.check("what was executed says so", done["ExecutionStatus"] == "EXECUTE_COMPLETE")
    rows, _ = cfn.pages("list_stack_resources", "StackResourceSummaries", StackName="proof")
    names = sorted(row["LogicalResourceId"] for row in rows)
    tally.check("each resource once", names == ["Alarm", "Function", "Table"])


def check_going_back(endpoint):
    cfn = client(endpoint)
    cfn.fails("nothing to cancel", "cancel_update_stack", "ValidationError", 400,
              "CancelUpdateStack cannot be called from current stack status", StackName="proof")
    cfn.call("update_stack", StackName="proof", TemplateBody=template(512), ClientRequestToken="proof-cancelled",
             **named("two"))
    time.sleep(1.5)
    cfn.call("cancel_update_stack", StackName="proof", ClientRequestToken="proof-cancel")
    tally.check("a cancelled update is taken back", rests(cfn, "proof")[-1] == "UPDATE_ROLLBACK_COMPLETE")
    broken = template(512, Alarm={"Type": "AWS::CloudWatch::Alarm"}, Topic={
        "Type": "AWS::SNS::Topic", "Metadata": {"SandboxFails": "No topics today."}})
    cfn.call("update_stack", StackName="proof", TemplateBody=broken, DisableRollback=True, **named("two"))
    tally.check("a failure may be left as it is", rests(cfn, "proof")[-1] == "UPDATE_FAILED")
    last = cfn.call("describe_stacks", StackName="proof")["Stacks"][0]
    why = last["StackStatusReason"]
    tally.check("and says why", why.startswith("The following resource(s) failed to create: [Topic]"))
    cfn.call("rollback_stack", StackName="proof", ClientRequestToken="proof-back")
    tally.check("until somebody takes it back", rests(cfn, "proof")[-1] == "UPDATE_ROLLBACK_COMPLETE")
    operation = cfn.call("describe_stacks", StackName="proof")["Stacks"][0]["LastOperations"][0]
    tally.check("which was a rollback", operation["OperationType"] == "ROLLBACK")
    cfn.fails("once is enough", "rollback_stack", "ValidationError", 400, "UPDATE_ROLLBACK_COMPLETE state",
              StackName="proof")
    cfn.fails("nothing is stuck", "continue_update_rollback", "ValidationError", 400, "UPDATE_ROLLBACK_COMPLETE state",
              StackName="proof")
    stuck = Checked(endpoint, "cloudformation", region="us-west-2", key="210987654321")
    if status(stuck, "orders-worker") == "UPDATE_ROLLBACK_FAILED":
        stuck.fails("only what failed can be skipped", "continue_update_rollback", "ValidationError", 400, "[Queue]",
                    StackName="orders-worker", ResourcesToSkip=["Queue"])
        stuck.call("continue_update_rollback", StackName="orders-worker", ResourcesToSkip=["Service"])
    tally.check("what was stuck goes on", rests(stuck, "orders-worker")[-1] == "UPDATE_ROLLBACK_COMPLETE")


def check_policies(endpoint):
    cfn = client(endpoint)
    allow = {"Effect": "Allow", "Principal": "*", "Action": "Update:Modify", "Resource": "*"}
    cfn.call("set_stack_policy", StackName="proof", StackPolicyBody=json.dumps({"Statement": [allow]}))
    told = cfn.call("get_stack_policy", StackName="proof")
    tally.check("a policy is told as it was set", json.loads(told["StackPolicyBody"]) == {"Statement": [allow]})
    cfn.fails("a policy that is none", "set_stack_policy", "ValidationError", 400, "stack policy",
              StackName="proof", StackPolicyBody="{}")
    cfn.call("update_stack", StackName="proof", UsePreviousTemplate=True, **named("protected"))
    tally.check("what a policy protects stays", rests(cfn, "proof")[-1] == "UPDATE_ROLLBACK_COMPLETE")
    events = cfn.call("describe_stack_events", StackName="proof")["StackEvents"]
    words = "Action denied by stack policy: Statement [#1] does not allow [Update:Replace]"
    tally.check("with AWS's words", any(words in event.get("ResourceStatusReason", "") for event in events))
    cfn.call("update_stack", StackName="proof", UsePreviousTemplate=True, **named("protected"),
             StackPolicyDuringUpdateBody=json.dumps({"Statement": [{**allow, "Action": "Update:*"}]}))
    tally.check("unless this once it may", rests(cfn, "proof")[-1] == "UPDATE_COMPLETE")


def check_asking_before(endpoint):
    cfn = client(endpoint)
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x"}}
    told = cfn.call("validate_template", TemplateBody=template(Role=role))
    tally.check("a template is validated", told["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
                and {p["ParameterKey"]: p["NoEcho"] for p in told["Parameters"]} == {"Name": False, "Secret": True})
    yaml = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Hello:\n    Type: AWS::Serverless::Function\n" \
           "    Properties: {MemorySize: !Ref Size}\nParameters: {Size: {Type: Number, Default: 128}}\n"
    told = cfn.call("get_template_summary", TemplateBody=yaml)
    tally.check("YAML is read", told["DeclaredTransforms"] == ["AWS::Serverless-2016-10-31"]
                and told["Parameters"][0]["DefaultValue"] == "128" and "CAPABILITY_AUTO_EXPAND" in told["Capabilities"])
    cfn.fails("what is no YAML", "validate_template", "ValidationError", 400, "YAML not well-formed",
              TemplateBody="Resources: [")
    cfn.fails("an object that is not there", "validate_template", "ValidationError", 400, "S3 error",
              TemplateURL="https://none.s3.eu-central-1.amazonaws.com/none.json")
    base = {"StackName": "proof", "ChangeSetName": "wrong"}
    error = cfn.fails("capabilities are asked for", "create_change_set", "InsufficientCapabilitiesException", 400,
                      "Requires capabilities : [CAPABILITY_NAMED_IAM]", TemplateBody=template(Role=role),
                      **base, **named("x"))
    tally.check("is a typed error of capabilities", isinstance(
        error, cfn.client.exceptions.InsufficientCapabilitiesException))
    cfn.fails("a parameter too few", "create_change_set", "ValidationError", 400,
              "Parameters: [Name] must have values", TemplateBody=template(), **base)
    cfn.fails("a parameter too many", "create_change_set", "ValidationError", 400,
              "Parameters: [Size] do not exist in the template", TemplateBody=template(), **base,
              Parameters=[{"ParameterKey": "Size", "ParameterValue": "1"}])
    cfn.fails("a stack that is not there cannot be changed", "create_change_set", "ValidationError", 400,
              "Stack [none] does not exist", StackName="none", ChangeSetName="x", TemplateBody=template(), **named("x"))
    cfn.fails("no updates", "update_stack", "ValidationError", 400, "No updates are to be performed.",
              StackName="proof", UsePreviousTemplate=True,
              Parameters=[{"ParameterKey": "Name", "UsePreviousValue": True}])


def check_deleting(endpoint):
    cfn = client(endpoint)
    arn = cfn.call("describe_stacks", StackName="proof")["Stacks"][0]["StackId"]
    cfn.call("delete_stack", StackName="proof", ClientRequestToken="proof-gone")
    tally.check("a stack is deleted", rests(cfn, arn) == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"])
    cfn.fails("and has lost its name", "describe_stacks", "ValidationError", 400, "does not exist", StackName="proof")
    cfn.call("delete_stack", StackName="proof")
    home = Checked(endpoint, "cloudformation")
    home.fails("a protected stack stays", "delete_stack", "ValidationError", 400,
               "Stack [gco-global] cannot be deleted while TerminationProtection is enabled", StackName="gco-global")
