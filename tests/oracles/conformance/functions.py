"""Lambda: which functions there are, and where they log."""

from .driver import PROD, Checked, tally


def check_functions(endpoint):
    functions = Checked(endpoint, "lambda", region="eu-west-1")
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
