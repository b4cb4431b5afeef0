"""Lambda: functions, where they log, their versions, aliases and limits, and calling them."""

import base64
import json
import time

from .driver import PROD, STAGING, Checked, tally

API = "checkout-api-Function"


class Unhurried(Checked):
    """Fifteen requests a second are all that Lambda takes."""

    def call(self, operation, **params):
        time.sleep(0.07)
        return super().call(operation, **params)


def check_functions(endpoint):
    functions = Unhurried(endpoint, "lambda", region="eu-west-1")
    found, marker = [], None
    while True:
        reply = functions.call("list_functions", MaxItems=4, **({"Marker": marker} if marker else {}))
        found += reply["Functions"]
        marker = reply.get("NextMarker")
        if not marker:
            break
    names = [function["FunctionName"] for function in found]
    tally.check("functions page, each once", len(names) == len(set(names)) > 8)
    stacks = Checked(endpoint, "cloudformation", region="eu-west-1")
    resources, _ = stacks.pages("list_stack_resources", "StackResourceSummaries", StackName="checkout-api")
    made = {resource["PhysicalResourceId"] for resource in resources
            if resource["ResourceType"] == "AWS::Lambda::Function"}
    tally.check("the stacks' functions are among them", bool(made) and made <= set(names))
    groups = {}
    for function in found:
        one = functions.call("get_function_configuration", FunctionName=function["FunctionName"])
        by_arn = functions.call("get_function_configuration", FunctionName=function["FunctionArn"])
        tally.check("a function by name and by ARN is the listed one",
                    {**one, "ResponseMetadata": 0} == {**by_arn, "ResponseMetadata": 0}
                    == {**function, "ResponseMetadata": 0})
        groups[one["FunctionName"]] = one["LoggingConfig"]["LogGroup"]
    tally.check("some log elsewhere",
                any(group != f"/aws/lambda/{name}" for name, group in groups.items()))
    logs = Checked(endpoint, "logs", region="eu-west-1")
    for group in groups.values():
        tally.check("the log group is there",
                    [one["logGroupName"] for one in
                     logs.call("describe_log_groups", logGroupNamePrefix=group)["logGroups"]][:1] == [group])
    functions.fails("a function that is none", "get_function_configuration", "ResourceNotFoundException", 404,
                    f"Function not found: arn:aws:lambda:eu-west-1:{PROD}:function:none", FunctionName="none")
    functions.fails("a bad marker", "list_functions", "InvalidParameterValueException", 400, Marker="x")


def check_configuration(endpoint):
    functions = Unhurried(endpoint, "lambda", region="eu-west-1")
    one = functions.call("get_function", FunctionName=API)
    configuration = functions.call("get_function_configuration", FunctionName=API)
    tally.check("GetFunction has the configuration", {**configuration, "ResponseMetadata": 0}
                == {**one["Configuration"], "ResponseMetadata": 0})
    tally.check("secrets are in clear, as in AWS", "CANARY" in json.dumps(configuration["Environment"]))
    tally.check("the code is a signed address", "X-Amz-Signature=" in one["Code"]["Location"])
    tally.check("tags are those of the stack", one["Tags"]["service"] == "checkout")
    pricing = next(function["FunctionName"] for function in functions.call("list_functions")["Functions"]
                   if "PricingFunction" in function["FunctionName"])
    tally.check("an update that failed says why", "MemorySize" in functions.call(
        "get_function_configuration", FunctionName=pricing)["LastUpdateStatusReason"])
    image = functions.call("get_function_configuration", FunctionName="gco-eu-west-1-InstallAddons")
    tally.check("an image has no runtime", image["PackageType"] == "Image" and "Runtime" not in image)
    settings = functions.call("get_account_settings")
    tally.check("reserved concurrency is off the account's",
                settings["AccountLimit"]["UnreservedConcurrentExecutions"] < 1000)
    for name in ("my/function", "a b", "-" * 3 + "é"):
        functions.fails(f"{name!r} is no name", "get_function", "ValidationException", 400, "functionName",
                        FunctionName=name)
    functions.fails("an ARN of another region", "get_function", "ResourceNotFoundException", 404, "Function not found",
                    FunctionName=f"arn:aws:lambda:us-east-1:{PROD}:function:{API}")


def check_versions(endpoint):
    functions = Unhurried(endpoint, "lambda", region="eu-west-1")
    found, marker = [], None
    while True:
        reply = functions.call("list_versions_by_function", FunctionName=API, MaxItems=2,
                               **({"Marker": marker} if marker else {}))
        found += reply["Versions"]
        marker = reply.get("NextMarker")
        if not marker:
            break
    names = [version["Version"] for version in found]
    tally.check("versions page, $LATEST first", names[0] == "$LATEST" and {"18", "19"} < set(names))
    hashes = {version["Version"]: version["CodeSha256"] for version in found}
    tally.check("a hash is of 32 bytes", all(len(base64.b64decode(code)) == 32 for code in hashes.values()))
    elsewhere = Unhurried(endpoint, "lambda", region="us-west-2")
    same = elsewhere.call("get_function_configuration", FunctionName=API, Qualifier="18")
    tally.check("one version is one code in every region", same["CodeSha256"] == hashes["18"])
    tally.check("a qualified ARN", same["FunctionArn"].endswith(":18"))
    pointed = {region: Unhurried(endpoint, "lambda", region=region).call(
        "get_alias", FunctionName=API, Name="ACTIVE")["FunctionVersion"]
        for region in ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1")}
    tally.check("ACTIVE is skewed", pointed == {"us-east-1": "18", "us-west-2": "18", "eu-west-1": "19",
                                                "ap-northeast-1": "17"})
    staging = Unhurried(endpoint, "lambda", region="us-east-1", key=STAGING)
    latest = staging.call("get_function_configuration", FunctionName=API)
    staging.fails("another code", "publish_version", "InvalidParameterValueException", 400, "CodeSHA256 (x)",
                  FunctionName=API, CodeSha256="x")
    staging.fails("another revision", "publish_version", "PreconditionFailedException", 412,
                  FunctionName=API, RevisionId="x")
    new = staging.call("publish_version", FunctionName=API, CodeSha256=latest["CodeSha256"],
                       RevisionId=latest["RevisionId"], Description="by the check")
    tally.check("a version is published", new["ResponseMetadata"]["HTTPStatusCode"] == 201
                and new["CodeSha256"] == latest["CodeSha256"] and new["Description"] == "by the check")
    again = staging.call("publish_version", FunctionName=API)
    tally.check("but once", again["Version"] == new["Version"])


def check_aliases(endpoint):
    functions = Unhurried(endpoint, "lambda", region="us-west-2", key=STAGING)
    alias = functions.call("get_alias", FunctionName=API, Name="ACTIVE")
    version, before = alias["FunctionVersion"], str(int(alias["FunctionVersion"]) - 1)
    split = functions.call("update_alias", FunctionName=API, Name="ACTIVE", RevisionId=alias["RevisionId"],
                           RoutingConfig={"AdditionalVersionWeights": {before: 0.25}})
    tally.check("calls are divided", split["RoutingConfig"] == {"AdditionalVersionWeights": {before: 0.25}}
                and split["FunctionVersion"] == version and split["RevisionId"] != alias["RevisionId"])
    functions.fails("a stale revision", "update_alias", "PreconditionFailedException", 412,
                    "The Revision Id provided does not match the latest Revision Id", FunctionName=API, Name="ACTIVE",
                    RevisionId=alias["RevisionId"], FunctionVersion=before)
    kept = functions.call("update_alias", FunctionName=API, Name="ACTIVE", Description="a word")
    tally.check("routing left out stays", "RoutingConfig" in kept and kept["Description"] == "a word")
    cleared = functions.call("update_alias", FunctionName=API, Name="ACTIVE", FunctionVersion=before,
                             RoutingConfig={"AdditionalVersionWeights": {}})
    tally.check("routing left empty goes", "RoutingConfig" not in cleared and cleared["FunctionVersion"] == before)
    functions.fails("a version that is none", "update_alias", "ResourceNotFoundException", 404, "Function not found",
                    FunctionName=API, Name="ACTIVE", FunctionVersion="9999")
    functions.fails("a weight over one", "update_alias", "InvalidParameterValueException", 400, "between 0.0 and 1.0",
                    FunctionName=API, Name="ACTIVE", RoutingConfig={"AdditionalVersionWeights": {version: 1.5}})
    functions.fails("an alias that is none", "get_alias", "ResourceNotFoundException", 404, "Cannot find alias arn",
                    FunctionName=API, Name="none")
    made = functions.call("create_alias", FunctionName=API, Name="canary", FunctionVersion=version)
    tally.check("an alias is made", made["ResponseMetadata"]["HTTPStatusCode"] == 201)
    functions.fails("twice", "create_alias", "ResourceConflictException", 409, FunctionName=API, Name="canary",
                    FunctionVersion=version)
    names = [one["Name"] for one in functions.call("list_aliases", FunctionName=API)["Aliases"]]
    tally.check("and listed", names == ["ACTIVE", "canary"])
    of = functions.call("list_aliases", FunctionName=API, FunctionVersion=version)["Aliases"]
    tally.check("by version", [one["Name"] for one in of] == ["canary"])


def check_limits(endpoint):
    functions = Unhurried(endpoint, "lambda", region="eu-west-1", key=STAGING)
    tally.check("nothing is reserved", "ReservedConcurrentExecutions" not in functions.call(
        "get_function_concurrency", FunctionName=API))
    functions.call("put_function_concurrency", FunctionName=API, ReservedConcurrentExecutions=7)
    tally.check("now something is", functions.call("get_function_concurrency", FunctionName=API)
                ["ReservedConcurrentExecutions"] == 7)
    tally.check("and GetFunction says so", functions.call("get_function", FunctionName=API)["Concurrency"]
                == {"ReservedConcurrentExecutions": 7})
    functions.fails("more than there is", "put_function_concurrency", "InvalidParameterValueException", 400,
                    "below its minimum value of [100]", FunctionName=API, ReservedConcurrentExecutions=990)
    functions.call("delete_function_concurrency", FunctionName=API)
    tally.check("nothing again", "ReservedConcurrentExecutions" not in functions.call(
        "get_function_concurrency", FunctionName=API))
    warm = functions.call("list_provisioned_concurrency_configs", FunctionName=API)["ProvisionedConcurrencyConfigs"]
    tally.check("something is kept warm", [one["Status"] for one in warm] == ["READY"])
    mappings = functions.call("list_event_source_mappings")["EventSourceMappings"]
    tally.check("queues and tables are read", {one["EventSourceArn"].split(":")[2] for one in mappings}
                == {"sqs", "dynamodb"})
    worker = mappings[0]["FunctionArn"]
    tally.check("of one function", all(one["FunctionArn"] == worker for one in functions.call(
        "list_event_source_mappings", FunctionName=worker)["EventSourceMappings"]))
    off = Unhurried(endpoint, "lambda", region="us-west-2").call("list_event_source_mappings")["EventSourceMappings"]
    tally.check("somewhere one is off", {one["State"] for one in off} == {"Enabled", "Disabled"})


def check_tags(endpoint):
    functions = Unhurried(endpoint, "lambda", region="eu-west-1", key=STAGING)
    arn = functions.call("get_function_configuration", FunctionName=API)["FunctionArn"]
    functions.call("tag_resource", Resource=arn, Tags={"house:restore": "none"})
    told = functions.call("list_tags", Resource=arn)["Tags"]
    tally.check("a tag is beside those of the stack", told["house:restore"] == "none"
                and told["service"] == "checkout")
    functions.call("untag_resource", Resource=arn, TagKeys=["house:restore", "none"])
    tally.check("and goes again", "house:restore" not in functions.call("list_tags", Resource=arn)["Tags"])
    functions.fails("tags of what is not there", "list_tags", "ResourceNotFoundException", 404,
                    Resource=f"{arn}-none")


def check_invoking(endpoint):
    functions = Checked(endpoint, "lambda", region="us-east-1", key=STAGING)
    pinged = functions.call("invoke", FunctionName=API, Qualifier="ACTIVE", LogType="Tail",
                            Payload=json.dumps({"ramuda_action": "ping"}))
    log = base64.b64decode(pinged["LogResult"]).decode()
    tally.check("a ping is answered", json.load(pinged["Payload"]) == "alive" and "FunctionError" not in pinged)
    tally.check("by a version", pinged["ExecutedVersion"].isdigit() and pinged["StatusCode"] == 200)
    tally.check("with the end of the log", log.startswith("START RequestId: ") and "REPORT RequestId: " in log
                and f"Version: {pinged['ExecutedVersion']}" in log)
    quiet = functions.call("invoke", FunctionName=API)
    tally.check("without a log if nobody asks", "LogResult" not in quiet and quiet["ExecutedVersion"] == "$LATEST")
    tally.check("an event is only taken", functions.call(
        "invoke", FunctionName=API, InvocationType="Event", Payload=b"{}")["StatusCode"] == 202)
    tally.check("a dry run runs nothing", functions.call(
        "invoke", FunctionName=API, InvocationType="DryRun")["StatusCode"] == 204)
    functions.fails("a payload that is no JSON", "invoke", "InvalidRequestContentException", 400,
                    "Could not parse request body into json", FunctionName=API, Payload=b"{no")
    functions.fails("a qualifier that is none", "invoke", "ResourceNotFoundException", 404, "Function not found",
                    FunctionName=API, Qualifier="none")
    bad = Checked(endpoint, "lambda", region="eu-west-1")
    replies = [bad.call("invoke", FunctionName=API, Qualifier="ACTIVE", LogType="Tail", Payload=b"{}")
               for _ in range(20)]
    failed = [reply for reply in replies if reply.get("FunctionError") == "Unhandled"]
    tally.check("the bad version fails now and then", 2 <= len(failed) <= 18)
    tally.check("and says why", json.load(failed[0]["Payload"])["errorType"] == "KeyError"
                and "Traceback" in base64.b64decode(failed[0]["LogResult"]).decode())
    good = [bad.call("invoke", FunctionName=API, Qualifier="18") for _ in range(20)]
    tally.check("the one before does not", not any("FunctionError" in reply for reply in good))
