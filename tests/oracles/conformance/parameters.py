"""SSM: parameters by name and by path, and what they say of the endpoint groups."""

from .driver import PROD, Checked, tally


def check_parameters(endpoint):
    ssm = Checked(endpoint, "ssm", region="us-east-1")
    found, pages = ssm.pages("get_parameters_by_path", "Parameters", Path="/gco", MaxResults=4)
    names = [one["Name"] for one in found]
    tally.check("a path pages, each once", pages == 3 and len(names) == len(set(names)) == 10)
    paginator = ssm.client.get_paginator("get_parameters_by_path")
    paged = [one for page in paginator.paginate(Path="/gco/") for one in page["Parameters"]]
    tally.check("botocore's paginator comes to the same", [one["Name"] for one in paged] == names)
    deep, _ = ssm.pages("get_parameters_by_path", "Parameters", Path="/", Recursive=True)
    shallow, _ = ssm.pages("get_parameters_by_path", "Parameters", Path="/")
    tally.check("only who asks goes deeper", len(deep) > 20 and not shallow)
    for one in found:
        by_name = ssm.call("get_parameter", Name=one["Name"])["Parameter"]
        by_arn = ssm.call("get_parameter", Name=one["ARN"])["Parameter"]
        tally.check("a parameter by name and by ARN is the listed one", by_name == by_arn == one)
    reply = ssm.call("get_parameters", Names=[*names[:3], "/none"])
    tally.check("several at once, and what is none", [one["Name"] for one in reply["Parameters"]] == names[:3]
                and reply["InvalidParameters"] == ["/none"])
    versioned = ssm.call("get_parameter", Name=names[0] + ":1")["Parameter"]
    tally.check("a version is told back", versioned["Selector"] == ":1" and versioned["Version"] == 1)
    secret = ssm.call("get_parameter", Name="/gco/api-token")["Parameter"]
    plain = ssm.call("get_parameter", Name="/gco/api-token", WithDecryption=True)["Parameter"]
    tally.check("a secret is one", secret["Type"] == "SecureString" and secret["Value"] != plain["Value"])
    only, _ = ssm.pages("get_parameters_by_path", "Parameters", Path="/gco", ParameterFilters=[
        {"Key": "Type", "Option": "Equals", "Values": ["SecureString"]}])
    tally.check("types select", [one["Name"] for one in only] == ["/gco/api-token"])
    check_ties(endpoint, ssm)
    for title, operation, code, params in [
        ("a parameter that is none", "get_parameter", "ParameterNotFound", {"Name": "/none"}),
        ("a version that is none", "get_parameter", "ParameterVersionNotFound", {"Name": names[0] + ":9"}),
        ("a path that is none", "get_parameters_by_path", "ValidationException", {"Path": "gco"}),
        ("a page that is too large", "get_parameters_by_path", "ValidationException",
         {"Path": "/gco", "MaxResults": 11}),
        ("a bad token", "get_parameters_by_path", "InvalidNextToken", {"Path": "/gco", "NextToken": "x"}),
        ("a bad filter", "get_parameters_by_path", "InvalidFilterKey",
         {"Path": "/gco", "ParameterFilters": [{"Key": "Colour", "Values": ["red"]}]}),
        ("no name", "get_parameters", "ValidationException", {"Names": []}),
    ]:
        ssm.fails(title, operation, code, 400, **params)


def check_ties(endpoint, ssm):
    """One of the parameters leads nowhere, and the others to groups of their regions."""
    api = Checked(endpoint, "globalaccelerator", region="us-west-2")
    found, _ = ssm.pages("get_parameters_by_path", "Parameters", Path="/gco")
    ties = {one["Name"][len("/gco/endpoint-group-"):-len("-arn")]: one["Value"] for one in found
            if one["Name"].startswith("/gco/endpoint-group-")}
    for region, arn in ties.items():
        if region == "ap-northeast-1":
            api.fails("one leads nowhere", "describe_endpoint_group", "EndpointGroupNotFoundException", 400,
                      EndpointGroupArn=arn)
        else:
            group = api.call("describe_endpoint_group", EndpointGroupArn=arn)["EndpointGroup"]
            tally.check("a parameter leads to its region's group", group["EndpointGroupRegion"] == region)
    tally.check("five regions have one", len(ties) == 5)
    ssm = Checked(endpoint, "ssm", region="eu-west-1")
    tally.check("elsewhere are only those of stacks", ssm.call("get_parameters_by_path", Path="/gco")["Parameters"] == []
                and bool(ssm.call("get_parameters_by_path", Path="/checkout-edge")["Parameters"]))
    Checked(endpoint, "ssm", key="AKIDEXAMPLE").fails(
        "an unknown key", "get_parameter", "UnrecognizedClientException", 400, Name="/x")
    tally.check("an ARN says where", found[0]["ARN"].startswith(f"arn:aws:ssm:us-east-1:{PROD}:parameter/gco/"))
