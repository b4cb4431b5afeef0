"""What the fleet on a server is, as boto3 reads it. An empty reason is none: ministack writes one where AWS is silent."""

import time
from datetime import datetime, timezone

import boto3
from botocore.config import Config

# What `seed_fleet.py --states` makes in every region, once the short waits in it have run out.
STATES = {
    "rolled-back": "ROLLBACK_COMPLETE",
    "create-failed": "CREATE_FAILED",
    "still-creating": "CREATE_IN_PROGRESS",
    "update-rolled-back": "UPDATE_ROLLBACK_COMPLETE",
    "review-me": "REVIEW_IN_PROGRESS",
}


def cloudformation(endpoint, region):
    return boto3.client(
        "cloudformation",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 2, "mode": "standard"}),
    )


def moment(at):
    """Milliseconds, which is as exact as both ways of writing it are."""
    if at is None:
        return None
    if isinstance(at, str):
        at = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return round(at.astimezone(timezone.utc).timestamp() * 1000)


def stacks(endpoint, region):
    """Every stack of a region by its name, in the words of our own JSON."""
    pages = cloudformation(endpoint, region).get_paginator("describe_stacks").paginate()
    found = [stack for page in pages for stack in page["Stacks"]]
    return {
        stack["StackName"]: {
            "id": stack["StackId"],
            "status": stack["StackStatus"],
            "reason": stack.get("StackStatusReason") or None,
            "created": moment(stack["CreationTime"]),
            "updated": moment(stack.get("LastUpdatedTime")),
            "description": stack.get("Description") or None,
            "tags": {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])},
            "outputs": {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
            "parameters": {p["ParameterKey"]: p.get("ParameterValue") for p in stack.get("Parameters", [])},
        }
        for stack in found
    }


def events(endpoint, region, name):
    """Every event of a stack by its id."""
    pages = cloudformation(endpoint, region).get_paginator("describe_stack_events").paginate(StackName=name)
    return {
        event["EventId"]: {
            "at": moment(event["Timestamp"]),
            "resource": event.get("LogicalResourceId", ""),
            "type": event.get("ResourceType", ""),
            "status": event.get("ResourceStatus", ""),
            "reason": event.get("ResourceStatusReason") or None,
        }
        for page in pages
        for event in page["StackEvents"]
    }


def wait_for_states(endpoint, regions, seconds=90):
    """Waits until every seeded state has come about; what it then still misses is a fault of the server."""
    deadline = time.monotonic() + seconds
    while True:
        missing = {
            (region, name)
            for region in regions
            for name, status in STATES.items()
            if stacks(endpoint, region).get(name, {}).get("status") != status
        }
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(0.5)
