"""Operations: what `deploy`, `rollback`, `stop` and `start` do to a server that is not ours, read back with boto3.

ministack has CloudFormation's failures; moto has SuspendProcesses, without which no Auto Scaling group is stopped.
"""

import json
import time

import boto3

REGIONS = ["us-east-2", "eu-west-1"]
HOME = REGIONS[0]
ACCOUNT = "oracle"
FLEET = """
[lambda]
alias = "live"

[[account]]
name = "oracle"
guard = "none"
read_only = false
regions = ["us-east-2", "eu-west-1"]

[[deploy]]
name = "one"
stack = "oracle-one"
template = "one.json"
waves = [["us-east-2"], ["eu-west-1"]]
bake = 0
parameters = { Level = "%s" }
"""


def client(service, endpoint, region):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=endpoint, region_name=region, **keys)


def template(**resources):
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})


def parameter(name, value):
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Name": name, "Type": "String", "Value": value}}


def never(seconds):
    """A handle that nobody signals, and what waits for it and fails."""
    return {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": "Handle",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": str(seconds), "Count": 1},
        },
    }


def status(endpoint, region, stack):
    return client("cloudformation", endpoint, region).describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]


def settle(endpoint, region, stack, wanted, seconds=60):
    """The status when it is the one that is wanted, or after so long."""
    deadline = time.monotonic() + seconds
    while (now := status(endpoint, region, stack)) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    return now


# A custom resource that can be made and never updated, neither forth nor back.
STUBBORN = """
import json, urllib.request

def handler(event, context):
    status = "FAILED" if event["RequestType"] == "Update" else "SUCCESS"
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer.update(Status=status, Reason="It never lets itself be updated.", PhysicalResourceId="stubborn")
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT"))
"""


def stubborn(text):
    trust = {"Version": "2012-10-17", "Statement": []}
    function = {
        "FunctionName": "oracle-stubborn",
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": STUBBORN},
    }
    return template(
        Role={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        Function={"Type": "AWS::Lambda::Function", "Properties": function},
        Stubborn={"Type": "Custom::Stubborn", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "Text": text}},
    )


def value(endpoint, region, name):
    return client("ssm", endpoint, region).get_parameter(Name=name)["Parameter"]["Value"]


class Desk:
    """The house, with a fleet file and a template beside it."""

    def __init__(self, tally, server, house, endpoint):
        self.tally, self.server, self.house, self.endpoint = tally, server, house, endpoint
        self.folder = house.config()

    def write(self, level, body):
        (self.folder / "fleet.toml").write_text(FLEET % level)
        (self.folder / "one.json").write_text(body)

    def run(self, what, code, *args):
        done = self.house.run(*args)
        said = f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-1000:]}"
        self.tally.check(f"{self.server}: {what}: exit code {code}", done.returncode == code, said)
        return done

    def same(self, what, ours, theirs):
        self.tally.same(f"{self.server}: {what}", ours, theirs)


def one(text):
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Level": {"Type": "String"}, "Extra": {"Type": "String", "Default": "none"}},
        "Resources": {
            "Level": parameter("/oracle/level", {"Ref": "Level"}),
            "Text": parameter("/oracle/text", text),
        },
    }
    return json.dumps(body)


def deployments(desk):
    desk.write("info", one("first"))
    done = desk.run("a plan without a terminal and without consent is printed", 3, "deploy", "one")
    desk.tally.check(f"{desk.server}: the plan names the stack", "oracle-one" in done.stdout, done.stdout)
    for region in REGIONS:
        stacks = client("cloudformation", desk.endpoint, region).list_stacks()["StackSummaries"]
        left = [it for it in stacks if it["StackName"] == "oracle-one" and it["StackStatus"] != "DELETE_COMPLETE"]
        desk.same(f"{region}: a plan that was not agreed to leaves nothing behind", left, [])
    desk.run("create by a change set", 0, "deploy", "one", "--yes")
    for region in REGIONS:
        desk.same(f"{region}: created", status(desk.endpoint, region, "oracle-one"), "CREATE_COMPLETE")
        desk.same(f"{region}: its level", value(desk.endpoint, region, "/oracle/level"), "info")
    done = desk.run("the same again is nothing to do", 0, "deploy", "one", "--yes")
    desk.tally.check(f"{desk.server}: says so", "No updates are to be performed" in done.stdout + done.stderr, done.stdout)
    desk.write("debug", one("second"))
    desk.run("update by a change set", 0, "deploy", "one", "--yes")
    for region in REGIONS:
        desk.same(f"{region}: updated", status(desk.endpoint, region, "oracle-one"), "UPDATE_COMPLETE")
        told = [value(desk.endpoint, region, name) for name in ("/oracle/level", "/oracle/text")]
        desk.same(f"{region}: its values", told, ["debug", "second"])
    desk.run("back to what was there before", 0, "rollback", "oracle-one", "--yes")
    for region in REGIONS:
        told = [value(desk.endpoint, region, name) for name in ("/oracle/level", "/oracle/text")]
        desk.same(f"{region}: its values of before", told, ["info", "first"])


def rollbacks(desk):
    stacks = client("cloudformation", desk.endpoint, HOME)
    stacks.create_stack(StackName="oracle-stuck", TemplateBody=template(**never(2)), DisableRollback=True)
    desk.same("the recipe of CREATE_FAILED", settle(desk.endpoint, HOME, "oracle-stuck", "CREATE_FAILED"), "CREATE_FAILED")
    desk.run("a rollback that deletes wants more than yes", 3, "rollback", "oracle-stuck", "-r", HOME, "--yes")
    desk.run("roll back what was never stable", 0, "rollback", "oracle-stuck", "-r", HOME, "--agree", "oracle-stuck")
    desk.same("RollbackStack", status(desk.endpoint, HOME, "oracle-stuck"), "ROLLBACK_COMPLETE")
    done = desk.run("nothing to go back to", 3, "rollback", "oracle-stuck", "-r", HOME, "--yes")
    desk.tally.check(f"{desk.server}: says that it is dead", "ROLLBACK_COMPLETE" in done.stdout + done.stderr, done.stderr)

    stacks.create_stack(StackName="oracle-moving", TemplateBody=template(Text=parameter("/oracle/moving", "one")))
    settle(desk.endpoint, HOME, "oracle-moving", "CREATE_COMPLETE")
    stacks.update_stack(StackName="oracle-moving", TemplateBody=template(Text=parameter("/oracle/moving", "two"), **never(6)))
    desk.same("the recipe of UPDATE_IN_PROGRESS", settle(desk.endpoint, HOME, "oracle-moving", "UPDATE_IN_PROGRESS", 5), "UPDATE_IN_PROGRESS")
    desk.run("cancel an update", 0, "rollback", "oracle-moving", "-r", HOME, "--yes")
    desk.same("CancelUpdateStack", status(desk.endpoint, HOME, "oracle-moving"), "UPDATE_ROLLBACK_COMPLETE")

    allowed = {"Capabilities": ["CAPABILITY_IAM"]}
    stacks.create_stack(StackName="oracle-stubborn", TemplateBody=stubborn("one"), **allowed)
    settle(desk.endpoint, HOME, "oracle-stubborn", "CREATE_COMPLETE")
    stacks.update_stack(StackName="oracle-stubborn", TemplateBody=stubborn("two"), **allowed)
    wanted = "UPDATE_ROLLBACK_FAILED"
    desk.same("the recipe of UPDATE_ROLLBACK_FAILED", settle(desk.endpoint, HOME, "oracle-stubborn", wanted), wanted)
    skipping = ["rollback", "oracle-stubborn", "-r", HOME, "--skip", "Stubborn"]
    desk.run("what did not fail in the rollback is not skipped", 3, *skipping[:-1], "Role", "--agree", "oracle-stubborn")
    desk.run("go on with a rollback without what is stuck", 0, *skipping, "--agree", "oracle-stubborn")
    desk.same("ContinueUpdateRollback", status(desk.endpoint, HOME, "oracle-stubborn"), "UPDATE_ROLLBACK_COMPLETE")


def aliases(desk):
    functions = client("lambda", desk.endpoint, HOME)
    versions = [functions.publish_version(FunctionName="checkout-api", Description=f"oracle {n}") for n in range(2)]
    numbers = sorted({int(it["Version"]) for it in versions})
    known = [int(it["Version"]) for it in functions.list_versions_by_function(FunctionName="checkout-api")["Versions"] if it["Version"] != "$LATEST"]
    newest, before = sorted(known)[-1], sorted(known)[-2]
    functions.update_alias(FunctionName="checkout-api", Name="live", FunctionVersion=str(newest))
    desk.run("point the alias back", 0, "rollback", "checkout-api", "--function", "-r", HOME, "--yes")
    desk.same(f"UpdateAlias of {numbers}", functions.get_alias(FunctionName="checkout-api", Name="live")["FunctionVersion"], str(before))
    desk.run("to a version that does not exist", 3, "rollback", "checkout-api", "--function", "--to", "999", "-r", HOME, "--yes")


def groups(desk):
    scaling = client("autoscaling", desk.endpoint, HOME)

    def group():
        found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web-prod"])["AutoScalingGroups"][0]
        tags = [tag["Key"] for tag in found.get("Tags", []) if tag["Key"].startswith("quarterdeck:")]
        suspended = sorted(it["ProcessName"] for it in found.get("SuspendedProcesses", []))
        return [found["MinSize"], found["DesiredCapacity"], found["MaxSize"]], tags, suspended

    before = group()
    desk.run("stop a group", 0, "stop", "web-asg-prod", "-r", HOME, "--agree", "web-asg-prod")
    sizes, tags, suspended = group()
    desk.same("its sizes when stopped", sizes, [0, 0, before[0][2]])
    desk.same("the tag that remembers", tags, ["quarterdeck:restore"])
    desk.same("what is suspended", suspended, ["AlarmNotification", "ScheduledActions"])
    desk.run("a second stop is refused", 3, "stop", "web-asg-prod", "-r", HOME, "--agree", "web-asg-prod")
    desk.run("start it", 0, "start", "web-asg-prod", "-r", HOME, "--yes")
    desk.same("as it was before", group(), before)


def databases(desk):
    body = template(
        Data={
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "DBInstanceIdentifier": "oracle-data",
                "DBInstanceClass": "db.t3.micro",
                "Engine": "postgres",
                "AllocatedStorage": "20",
                "MasterUsername": "oracle",
                "MasterUserPassword": "not-a-secret-1",
            },
        }
    )
    client("cloudformation", desk.endpoint, HOME).create_stack(StackName="oracle-data", TemplateBody=body)
    settle(desk.endpoint, HOME, "oracle-data", "CREATE_COMPLETE")
    databases = client("rds", desk.endpoint, HOME)

    def data():
        found = databases.describe_db_instances(DBInstanceIdentifier="oracle-data")["DBInstances"][0]
        tags = databases.list_tags_for_resource(ResourceName=found["DBInstanceArn"])["TagList"]
        return found["DBInstanceStatus"], [tag["Key"] for tag in tags if tag["Key"].startswith("quarterdeck:")]

    desk.same("the database runs", data(), ("available", []))
    desk.run("stop a database", 0, "stop", "oracle-data", "-r", HOME, "--agree", "oracle-data")
    desk.same("the database when stopped", data(), ("stopped", ["quarterdeck:restore"]))
    desk.run("start a database", 0, "start", "oracle-data", "-r", HOME, "--yes")
    desk.same("the database as it was", data(), ("available", []))


def compare(tally, server, house, endpoint):
    desk = Desk(tally, server, house, endpoint)
    if server == "ministack":
        deployments(desk)
        rollbacks(desk)
        aliases(desk)
        databases(desk)
    else:
        desk.write("info", one("first"))
        aliases(desk)
        groups(desk)
    desk.run("every operation is told of", 0, "ops", "list")
