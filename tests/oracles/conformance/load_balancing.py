"""Elastic Load Balancing: balancers, listeners, rules, target groups, and how targets stand."""

from .driver import PROD, Checked, tally


def all_pages(client, operation, key, **params):
    """Markers instead of tokens."""
    items, pages, marker = [], 0, None
    while True:
        reply = client.call(operation, **params, **({"Marker": marker} if marker else {}))
        items += reply[key]
        pages += 1
        marker = reply.get("NextMarker")
        if not marker:
            return items, pages


def check_balancers(endpoint):
    elb = Checked(endpoint, "elbv2", region="us-east-1")
    items, pages = all_pages(elb, "describe_load_balancers", "LoadBalancers", PageSize=1)
    names = [item["LoadBalancerName"] for item in items]
    tally.check("balancers page", pages == 3 and names == ["checkout-edge", "gco-us-east-1", "media"])
    paginator = elb.client.get_paginator("describe_load_balancers")
    paged = [item for page in paginator.paginate(PaginationConfig={"PageSize": 2}) for item in page["LoadBalancers"]]
    tally.check("botocore's paginator comes to the same", paged == items)
    for item in items:
        arn = item["LoadBalancerArn"]
        tally.check("a balancer by ARN and by name is the listed one",
                    elb.call("describe_load_balancers", LoadBalancerArns=[arn])["LoadBalancers"] == [item]
                    == elb.call("describe_load_balancers", Names=[item["LoadBalancerName"]])["LoadBalancers"])
        check_parts(elb, arn)
    kinds = {item["LoadBalancerName"]: (item["Type"], item["IpAddressType"]) for item in items}
    tally.check("one is a network's", kinds["media"] == ("network", "dualstack")
                and kinds["checkout-edge"] == ("application", "ipv4"))
    stacks = Checked(endpoint, "cloudformation", region="us-east-1")
    resources, _ = stacks.pages("list_stack_resources", "StackResourceSummaries", StackName="checkout-edge")
    listed = {one["ResourceType"].rsplit("::", 1)[1]: one["PhysicalResourceId"] for one in resources}
    listeners = elb.call("describe_listeners", LoadBalancerArn=listed["LoadBalancer"])["Listeners"]
    groups = elb.call("describe_target_groups", LoadBalancerArn=listed["LoadBalancer"])["TargetGroups"]
    tally.check("CloudFormation lists the same", [one["ListenerArn"] for one in listeners] == [listed["Listener"]]
                and [one["TargetGroupArn"] for one in groups] == [listed["TargetGroup"]]
                and listeners[0]["DefaultActions"][0]["TargetGroupArn"] == listed["TargetGroup"])


def check_parts(elb, balancer):
    listeners, _ = all_pages(elb, "describe_listeners", "Listeners", LoadBalancerArn=balancer, PageSize=1)
    forwarded = set()
    for listener in listeners:
        arn = listener["ListenerArn"]
        tally.check("a listener by ARN is the listed one",
                    elb.call("describe_listeners", ListenerArns=[arn])["Listeners"] == [listener])
        rules, _ = all_pages(elb, "describe_rules", "Rules", ListenerArn=arn, PageSize=1)
        tally.check("the last rule is the default", [rule["IsDefault"] for rule in rules][-1]
                    and sum(rule["IsDefault"] for rule in rules) == 1)
        by_arn = elb.call("describe_rules", RuleArns=[rules[0]["RuleArn"]])["Rules"]
        tally.check("a rule by ARN is the listed one", by_arn == rules[:1])
        forwarded |= {action["TargetGroupArn"] for rule in rules for action in rule["Actions"]}
    groups, _ = all_pages(elb, "describe_target_groups", "TargetGroups", LoadBalancerArn=balancer, PageSize=1)
    tally.check("rules lead to the balancer's groups", forwarded == {one["TargetGroupArn"] for one in groups})
    for group in groups:
        arn = group["TargetGroupArn"]
        tally.check("a group by ARN is the listed one",
                    elb.call("describe_target_groups", TargetGroupArns=[arn])["TargetGroups"] == [group])
        healths = elb.call("describe_target_health", TargetGroupArn=arn)["TargetHealthDescriptions"]
        known = {"healthy", "unhealthy"}
        tally.check("targets stand somehow", bool(healths) and {
            one["TargetHealth"]["State"] for one in healths} <= known)
        one = elb.call("describe_target_health", TargetGroupArn=arn, Targets=[healths[0]["Target"]])
        tally.check("one target can be asked about", [each["Target"]["Id"] for each in one[
            "TargetHealthDescriptions"]] == [healths[0]["Target"]["Id"]])
        stranger = elb.call("describe_target_health", TargetGroupArn=arn, Targets=[{"Id": "10.0.0.1"}])
        tally.check("a target that is none is unused", stranger["TargetHealthDescriptions"][0]["TargetHealth"][
            "Reason"] == "Target.NotRegistered")
    elb.call("describe_tags", ResourceArns=[balancer, groups[0]["TargetGroupArn"], listeners[0]["ListenerArn"]])


def check_load_balancing_refusals(endpoint):
    elb = Checked(endpoint, "elbv2", region="us-east-1")
    base = f"arn:aws:elasticloadbalancing:us-east-1:{PROD}"
    balancer, group = f"{base}:loadbalancer/app/none/1", f"{base}:targetgroup/none/1"
    listener = f"{base}:listener/app/none/1/2"
    for title, operation, code, params in [
        ("a balancer that is none", "describe_load_balancers", "LoadBalancerNotFound", {"Names": ["none"]}),
        ("its groups", "describe_target_groups", "LoadBalancerNotFound", {"LoadBalancerArn": balancer}),
        ("its listeners", "describe_listeners", "LoadBalancerNotFound", {"LoadBalancerArn": balancer}),
        ("its tags", "describe_tags", "LoadBalancerNotFound", {"ResourceArns": [balancer]}),
        ("a group that is none", "describe_target_groups", "TargetGroupNotFound", {"TargetGroupArns": [group]}),
        ("its targets", "describe_target_health", "TargetGroupNotFound", {"TargetGroupArn": group}),
        ("a listener that is none", "describe_listeners", "ListenerNotFound", {"ListenerArns": [listener]}),
        ("its rules", "describe_rules", "ListenerNotFound", {"ListenerArn": listener}),
        ("a rule that is none", "describe_rules", "RuleNotFound", {"RuleArns": ["none"]}),
        ("neither of two", "describe_listeners", "ValidationError", {}),
        ("a page that is too large", "describe_load_balancers", "ValidationError", {"PageSize": 401}),
        ("a bad marker", "describe_load_balancers", "ValidationError", {"Marker": "x"}),
    ]:
        error = elb.fails(title, operation, code, 400, **params)
        typed = elb.client.exceptions.from_code(code)
        tally.check(f"{title} is typed", isinstance(error, typed))
    Checked(endpoint, "elbv2", key="AKIDEXAMPLE").fails(
        "an unknown key", "describe_load_balancers", "InvalidClientTokenId", 403)
    Checked(endpoint, "elb", region="us-east-1").fails(
        "the first version is another service", "describe_load_balancers", "InvalidAction", 400)
