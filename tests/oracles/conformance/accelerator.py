"""Global Accelerator: every operation, pages and errors, changes over time, and its metrics."""

import datetime
import time

from .driver import PROD, STAGING, Checked, tally

HOME = "us-west-2"


def client(endpoint, **more):
    return Checked(endpoint, "globalaccelerator", region=HOME, **more)


def named(api):
    items, _ = api.pages("list_accelerators", "Accelerators")
    return {item["Name"]: item for item in items}


def groups_of(api, accelerator):
    listeners, _ = api.pages("list_listeners", "Listeners", AcceleratorArn=accelerator["AcceleratorArn"])
    return [group for listener in listeners for group in api.pages(
        "list_endpoint_groups", "EndpointGroups", ListenerArn=listener["ListenerArn"])[0]]


def same(reply, member, listed):
    return reply[member] == listed


def check_accelerators(endpoint):
    api = client(endpoint)
    whole, _ = api.pages("list_accelerators", "Accelerators")
    items, pages = api.pages("list_accelerators", "Accelerators", MaxResults=2)
    arns = [item["AcceleratorArn"] for item in items]
    tally.check("accelerators page, each once", pages == 3 and len(set(arns)) == len(whole) == 5)
    paginator = api.client.get_paginator("list_accelerators")
    paged = [item for page in paginator.paginate(PaginationConfig={"PageSize": 1}) for item in page["Accelerators"]]
    tally.check("botocore's paginator comes to the same", [item["AcceleratorArn"] for item in paged] == arns)
    for item in whole:
        one = api.call("describe_accelerator", AcceleratorArn=item["AcceleratorArn"])["Accelerator"]
        tally.check("an accelerator is told as it is listed", {**one, "Status": 0} == {**item, "Status": 0})
        families = [(ips["IpAddressFamily"], len(ips["IpAddresses"])) for ips in item["IpSets"]]
        dual = item["IpAddressType"] == "DUAL_STACK"
        tally.check("two addresses of each family", families == [("IPv4", 2)] + [("IPv6", 2)] * dual)
        tally.check("a second name where there are two families", ("DualStackDnsName" in item) == dual)
        api.call("list_tags_for_resource", ResourceArn=item["AcceleratorArn"])
        api.call("describe_accelerator_attributes", AcceleratorArn=item["AcceleratorArn"])
    by_name = {item["Name"]: item for item in whole}
    tally.check("one is dual-stack", [n for n, a in by_name.items() if a["IpAddressType"] == "DUAL_STACK"] == ["media"])
    tally.check("one is disabled", [n for n, a in by_name.items() if not a["Enabled"]] == ["portal-retired"])
    tags = api.call("list_tags_for_resource", ResourceArn=by_name["shop"]["AcceleratorArn"])["Tags"]
    tally.check("tags are told", {"Key": "service", "Value": "checkout"} in tags)
    logs = api.call("describe_accelerator_attributes", AcceleratorArn=by_name["shop"]["AcceleratorArn"])
    tally.check("flow logs are told", logs["AcceleratorAttributes"]["FlowLogsEnabled"]
                and logs["AcceleratorAttributes"]["FlowLogsS3Prefix"] == "shop")
    theirs = client(endpoint, key=STAGING)
    tally.check("another account has its own", set(named(theirs)) == {"gco-accelerator", "reports-staging"})


def check_tree(endpoint):
    api = client(endpoint)
    for accelerator in named(api).values():
        listeners, _ = api.pages("list_listeners", "Listeners", AcceleratorArn=accelerator["AcceleratorArn"])
        for listener in listeners:
            arn = listener["ListenerArn"]
            tally.check("a listener is told as it is listed",
                        api.call("describe_listener", ListenerArn=arn)["Listener"] == listener)
            groups, _ = api.pages("list_endpoint_groups", "EndpointGroups", ListenerArn=arn)
            for group in groups:
                one = api.call("describe_endpoint_group", EndpointGroupArn=group["EndpointGroupArn"])["EndpointGroup"]
                tally.check("a group is told as it is listed", strip(one) == strip(group))
                tally.check("no reason is given, whatever the health", not any(
                    "HealthReason" in endpoint for endpoint in group["EndpointDescriptions"]))
                api.call("list_tags_for_resource", ResourceArn=group["EndpointGroupArn"])
            if groups:
                again, pages = api.pages("list_endpoint_groups", "EndpointGroups", ListenerArn=arn, MaxResults=1)
                tally.check("groups page", pages == len(groups) and list(map(strip, again)) == list(map(strip, groups)))
    media = named(api)["media"]
    _, pages = api.pages("list_listeners", "Listeners", AcceleratorArn=media["AcceleratorArn"], MaxResults=1)
    tally.check("listeners page", pages == 2)


def strip(group):
    """What does not change by itself."""
    endpoints = [{**endpoint, "HealthState": 0} for endpoint in group["EndpointDescriptions"]]
    return {**group, "EndpointDescriptions": endpoints, "TrafficDialPercentage": 0}


def check_reasons(endpoint):
    """From the endpoint that is unhealthy to the function whose calls fail."""
    api = client(endpoint)
    shop = {group["EndpointGroupRegion"]: group for group in groups_of(api, named(api)["shop"])}
    health = {region: [one["HealthState"] for one in group["EndpointDescriptions"]] for region, group in shop.items()}
    tally.check("Ireland's balancer is unhealthy, and no other", health.pop("eu-west-1") == ["UNHEALTHY"]
                and set(map(tuple, health.values())) == {("HEALTHY",)})
    balancer = shop["eu-west-1"]["EndpointDescriptions"][0]["EndpointId"]
    elb = Checked(endpoint, "elbv2", region="eu-west-1")
    groups = elb.call("describe_target_groups", LoadBalancerArn=balancer)["TargetGroups"]
    target = elb.call("describe_target_health", TargetGroupArn=groups[0]["TargetGroupArn"])[
        "TargetHealthDescriptions"][0]
    tally.check("its target answers 503", target["TargetHealth"] == {
        "State": "unhealthy", "Reason": "Target.ResponseCodeMismatch",
        "Description": "Health checks failed with these codes: [503]"})
    functions = Checked(endpoint, "lambda", region="eu-west-1")
    group = functions.call("get_function", FunctionName=target["Target"]["Id"])["Configuration"]["LoggingConfig"][
        "LogGroup"]
    logs = Checked(endpoint, "logs", region="eu-west-1")
    # At night few call it, and a page may be empty: twenty minutes, to their end.
    asked = {"logGroupName": group, "startTime": int((time.time() - 1200) * 1000), "filterPattern": "?ERROR ?error ?Task"}
    page = logs.call("filter_log_events", **asked)
    events = page["events"]
    while "nextToken" in page:
        page = logs.call("filter_log_events", nextToken=page["nextToken"], **asked)
        events += page["events"]
    tally.check("and its log says why", len(events) > 3)
    tags = elb.call("describe_tags", ResourceArns=[balancer])["TagDescriptions"][0]["Tags"]
    tally.check("the balancer's tags name its stack",
                {"Key": "aws:cloudformation:stack-name", "Value": "checkout-edge"} in tags)


def check_custom_routing(endpoint):
    api = client(endpoint)
    items, pages = api.pages("list_custom_routing_accelerators", "Accelerators", MaxResults=1)
    arn = items[0]["AcceleratorArn"]
    tally.check("custom routing is a list of its own", [item["Name"] for item in items] == ["game-sessions"]
                and pages == 1 and "game-sessions" not in named(api))
    tally.check("and told as it is listed", api.call(
        "describe_custom_routing_accelerator", AcceleratorArn=arn)["Accelerator"] == items[0])
    listeners, _ = api.pages("list_custom_routing_listeners", "Listeners", AcceleratorArn=arn)
    groups, pages = api.pages("list_custom_routing_endpoint_groups", "EndpointGroups",
                              ListenerArn=listeners[0]["ListenerArn"], MaxResults=1)
    tally.check("its groups page and have subnets", pages == 2 and all(
        one["EndpointId"].startswith("subnet-") for group in groups for one in group["EndpointDescriptions"]))
    api.fails("it is no standard accelerator", "describe_accelerator", "AcceleratorNotFoundException", 400,
              AcceleratorArn=arn)


def check_attachments(endpoint):
    owner, user = client(endpoint, key=STAGING), client(endpoint)
    own, _ = owner.pages("list_cross_account_attachments", "CrossAccountAttachments")
    tally.check("who shares sees what", [(one["Name"], one["Principals"]) for one in own] == [
        ("staging-checkout-for-prod", [PROD])])
    one = owner.call("describe_cross_account_attachment", AttachmentArn=own[0]["AttachmentArn"])
    tally.check("an attachment is told as it is listed", one["CrossAccountAttachment"] == own[0])
    owner.call("list_tags_for_resource", ResourceArn=own[0]["AttachmentArn"])
    tally.check("who may use has no attachment", user.call("list_cross_account_attachments")[
        "CrossAccountAttachments"] == [])
    accounts = user.call("list_cross_account_resource_accounts")["ResourceOwnerAwsAccountIds"]
    shared, _ = user.pages("list_cross_account_resources", "CrossAccountResources",
                           ResourceOwnerAwsAccountId=accounts[0])
    canary = groups_of(user, named(user)["canary"])[0]
    used = [one["EndpointId"] for one in canary["EndpointDescriptions"]]
    tally.check("but sees what it may use", accounts == [STAGING] and shared[0]["EndpointId"] in used
                and shared[0]["EndpointId"] == own[0]["Resources"][0]["EndpointId"])
    user.fails("an attachment that is none", "describe_cross_account_attachment", "AttachmentNotFoundException", 400,
               AttachmentArn=own[0]["AttachmentArn"])


def deployed(api, name):
    for _ in range(100):
        if named(api)[name]["Status"] == "DEPLOYED":
            return
        time.sleep(0.2)
    tally.check(f"{name} is deployed at last", False)


def check_changes(endpoint):
    api = client(endpoint)
    group = groups_of(api, named(api)["canary"])[0]
    which = {"EndpointGroupArn": group["EndpointGroupArn"]}
    before = group["EndpointDescriptions"]
    deployed(api, "canary")
    after = api.call("update_endpoint_group", **which, TrafficDialPercentage=37.5, ThresholdCount=5,
                     HealthCheckIntervalSeconds=10, HealthCheckProtocol="HTTP", HealthCheckPath="/live",
                     HealthCheckPort=8080, PortOverrides=[{"ListenerPort": 443, "EndpointPort": 8443}])["EndpointGroup"]
    tally.check("a group is changed, and its endpoints stay", after["TrafficDialPercentage"] == 37.5
                and after["HealthCheckPath"] == "/live" and after["EndpointDescriptions"] == before
                and after["PortOverrides"] == [{"ListenerPort": 443, "EndpointPort": 8443}])
    tally.check("that is in progress", named(api)["canary"]["Status"] == "IN_PROGRESS")
    arn = named(api)["canary"]["AcceleratorArn"]
    error = api.fails("one change at a time", "update_accelerator", "TransactionInProgressException", 400,
                      "transaction in progress", AcceleratorArn=arn, Name="x")
    tally.check("is typed", isinstance(error, api.client.exceptions.TransactionInProgressException))
    api.fails("also of endpoints", "add_endpoints", "TransactionInProgressException", 400, **which,
              EndpointConfigurations=[{"EndpointId": "i-0123456789abcdef0"}])
    api.fails("and of groups", "update_endpoint_group", "TransactionInProgressException", 400, **which,
              TrafficDialPercentage=50)
    deployed(api, "canary")
    added = api.call("add_endpoints", **which, EndpointConfigurations=[
        {"EndpointId": "i-0123456789abcdef0", "Weight": 7, "ClientIPPreservationEnabled": False}])
    tally.check("a new endpoint is initial", added["EndpointDescriptions"] == [
        {"EndpointId": "i-0123456789abcdef0", "Weight": 7, "HealthState": "INITIAL",
         "ClientIPPreservationEnabled": False}])
    deployed(api, "canary")
    api.call("remove_endpoints", **which, EndpointIdentifiers=[{"EndpointId": "i-0123456789abcdef0"}])
    deployed(api, "canary")
    keep = [{"EndpointId": before[0]["EndpointId"], "Weight": 1}]
    after = api.call("update_endpoint_group", **which, EndpointConfigurations=keep)["EndpointGroup"]
    tally.check("endpoints that are given are all there are", [
        (one["EndpointId"], one["Weight"], one["HealthState"]) for one in after["EndpointDescriptions"]] == [
        (before[0]["EndpointId"], 1, "HEALTHY")])
    deployed(api, "canary")
    api.call("update_accelerator", AcceleratorArn=arn, Name="canary-2", IpAddressType="DUAL_STACK")
    deployed(api, "canary-2")
    renamed = api.call("update_accelerator", AcceleratorArn=arn, Name="canary", Enabled=False)["Accelerator"]
    tally.check("the accelerator remembers", renamed["Status"] == "IN_PROGRESS" and not renamed["Enabled"]
                and len(renamed["Events"]) == 4 and renamed["LastModifiedTime"] > renamed["CreatedTime"])
    check_refused(api, which)


def check_refused(api, which):
    none = f"arn:aws:globalaccelerator::{PROD}:accelerator/none"
    for title, operation, code, params in [
        ("an accelerator that is none", "describe_accelerator", "AcceleratorNotFound", {"AcceleratorArn": none}),
        ("its attributes", "describe_accelerator_attributes", "AcceleratorNotFound", {"AcceleratorArn": none}),
        ("its listeners", "list_listeners", "AcceleratorNotFound", {"AcceleratorArn": none}),
        ("its tags", "list_tags_for_resource", "AcceleratorNotFound", {"ResourceArn": none}),
        ("changing it", "update_accelerator", "AcceleratorNotFound", {"AcceleratorArn": none}),
        ("a listener that is none", "describe_listener", "ListenerNotFound", {"ListenerArn": none}),
        ("its groups", "list_endpoint_groups", "ListenerNotFound", {"ListenerArn": none}),
        ("a group that is none", "describe_endpoint_group", "EndpointGroupNotFound", {"EndpointGroupArn": none}),
        ("adding to it", "add_endpoints", "EndpointGroupNotFound",
         {"EndpointGroupArn": none, "EndpointConfigurations": []}),
        ("removing from it", "remove_endpoints", "EndpointGroupNotFound",
         {"EndpointGroupArn": none, "EndpointIdentifiers": []}),
        ("no ARN at all", "describe_accelerator", "InvalidArgument", {"AcceleratorArn": "shop"}),
        ("a page that is too large", "list_accelerators", "InvalidArgument", {"MaxResults": 101}),
        ("a page of nothing", "list_accelerators", "InvalidArgument", {"MaxResults": 0}),
        ("a bad token", "list_accelerators", "InvalidNextToken", {"NextToken": "x"}),
        ("a dial beyond its end", "update_endpoint_group", "InvalidArgument", {**which, "TrafficDialPercentage": 101}),
        ("an interval between", "update_endpoint_group", "InvalidArgument",
         {**which, "HealthCheckIntervalSeconds": 20}),
        ("a balancer elsewhere", "add_endpoints", "InvalidArgument", {**which, "EndpointConfigurations": [
            {"EndpointId": f"arn:aws:elasticloadbalancing:eu-west-1:{PROD}:loadbalancer/app/x/1"}]}),
        ("a stranger's balancer", "add_endpoints", "AccessDenied", {**which, "EndpointConfigurations": [
            {"EndpointId": "arn:aws:elasticloadbalancing:us-east-1:999999999999:loadbalancer/app/x/1"}]}),
        ("eleven endpoints", "add_endpoints", "LimitExceeded", {**which, "EndpointConfigurations": [
            {"EndpointId": f"i-{number:017x}"} for number in range(11)]}),
    ]:
        error = api.fails(title, operation, code + "Exception", 400, **params)
        typed = getattr(api.client.exceptions, code + "Exception")
        tally.check(f"{title} is typed, with its message", isinstance(error, typed)
                    and error.response.get("Message") == error.response["Error"]["Message"])


def check_regions(endpoint):
    elsewhere = Checked(endpoint, "globalaccelerator", region="eu-west-1")
    elsewhere.fails("another region", "list_accelerators", "InvalidSignatureException", 400,
                    "Credential should be scoped to a valid region, not 'eu-west-1'")
    client(endpoint, key="AKIDEXAMPLE").fails("an unknown key", "list_accelerators", "UnrecognizedClientException", 400)


def check_flows(endpoint):
    api = client(endpoint)
    shop = named(api)["shop"]
    groups = groups_of(api, shop)
    _, accelerator, _, listener, _, _ = groups[0]["EndpointGroupArn"].split("/")
    cloudwatch = Checked(endpoint, "cloudwatch", region=HOME)
    end = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) - datetime.timedelta(minutes=4)
    span = {"StartTime": end - datetime.timedelta(minutes=10), "EndTime": end}

    def points(name, statistic, *places):
        names = ("Accelerator", "Listener", "EndpointGroup")
        dimensions = [{"Name": key, "Value": value} for key, value in zip(names, places)]
        metric = {"Namespace": "AWS/GlobalAccelerator", "MetricName": name, "Dimensions": dimensions}
        query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": statistic}}
        result = cloudwatch.call("get_metric_data", MetricDataQueries=[query], **span)["MetricDataResults"][0]
        return dict(zip(result["Timestamps"], result["Values"]))

    whole = points("NewFlowCount", "Sum", accelerator)
    parts = {group["EndpointGroupRegion"]: points("NewFlowCount", "Sum", accelerator, listener,
                                                  group["EndpointGroupRegion"]) for group in groups}
    tally.check("every minute has flows", len(whole) == 10)
    tally.check("the groups' add up to the accelerator's", all(
        sum(part.get(at, 0) for part in parts.values()) == flows for at, flows in whole.items()))
    tally.check("nothing flows to what is unhealthy", not parts["eu-west-1"] and len(parts["us-east-1"]) == 10)
    for name in ("ProcessedBytesIn", "ProcessedBytesOut"):
        tally.check(f"{name} is there", len(points(name, "Sum", accelerator, listener)) == 10)
    sick = points("UnhealthyEndpointCount", "Maximum", accelerator, listener, "eu-west-1")
    tally.check("the unhealthy are counted", set(sick.values()) == {1.0} and set(points(
        "HealthyEndpointCount", "Average", accelerator, listener, "us-east-1").values()) == {1.0})
    listed, _ = cloudwatch.pages("list_metrics", "Metrics", Namespace="AWS/GlobalAccelerator",
                                 Dimensions=[{"Name": "Accelerator", "Value": accelerator}])
    tally.check("they are listed", {len(metric["Dimensions"]) for metric in listed} == {1, 2, 3}
                and {metric["MetricName"] for metric in listed} == {
                    "NewFlowCount", "ProcessedBytesIn", "ProcessedBytesOut", "HealthyEndpointCount",
                    "UnhealthyEndpointCount"})
    away = Checked(endpoint, "cloudwatch", region="eu-west-1")
    tally.check("and in no other region", away.call(
        "list_metrics", Namespace="AWS/GlobalAccelerator")["Metrics"] == [])


def check_bad_day(endpoint):
    """The control plane is throttled, and sometimes gone; why targets fail may not be asked."""
    api = client(endpoint)
    codes = set()
    for _ in range(20):
        try:
            api.call("list_accelerators")
        except api.client.exceptions.ClientError as error:
            codes.add((error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]))
    tally.check("the control plane is throttled or gone", bool(codes) and codes <= {
        ("ThrottlingException", 400), ("ServiceUnavailableException", 503)})
    elb = Checked(endpoint, "elbv2", region="eu-west-1")
    elb.fails("targets may not be asked about", "describe_target_groups", "AccessDenied", 403,
              "is not authorized to perform: elasticloadbalancing:DescribeTargetGroups")
