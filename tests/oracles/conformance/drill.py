"""The drill: a bad release in Ireland that heals when ACTIVE is pointed back, in real time."""

import time

from .driver import Checked, tally


def state(accelerators):
    accelerator = accelerators.call("list_accelerators")["Accelerators"][0]
    listener = accelerators.call("list_listeners", AcceleratorArn=accelerator["AcceleratorArn"])["Listeners"][0]
    groups = accelerators.call("list_endpoint_groups", ListenerArn=listener["ListenerArn"])["EndpointGroups"]
    return {group["EndpointGroupRegion"]: group["EndpointDescriptions"][0]["HealthState"] for group in groups}


def check_drill(endpoint):
    accelerators = Checked(endpoint, "globalaccelerator", region="us-west-2")
    before = state(accelerators)
    tally.check("Ireland is down, and only Ireland", {region for region, health in before.items()
                                                      if health != "HEALTHY"} == {"eu-west-1"})
    functions = Checked(endpoint, "lambda", region="eu-west-1")
    which = {"FunctionName": "checkout-api-Function", "Name": "ACTIVE"}
    alias = functions.call("get_alias", **which)
    tally.check("the bad release is the next one", alias["FunctionVersion"] == "19")
    functions.call("update_alias", **which, FunctionVersion="18", RevisionId=alias["RevisionId"])
    until = time.monotonic() + 60
    while state(accelerators)["eu-west-1"] != "HEALTHY" and time.monotonic() < until:
        time.sleep(2)
    tally.check("pointing back heals it within a minute", set(state(accelerators).values()) == {"HEALTHY"})
