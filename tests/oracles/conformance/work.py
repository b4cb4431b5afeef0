"""What can be stopped and started: groups, services and their scaling, instances, databases."""

import datetime
import time

from .driver import Checked, tally

REGION, STACK = "eu-west-1", "orders-batch"


def physical(endpoint):
    """What CloudFormation tells of the stack: physical ids by logical ones."""
    stacks = Checked(endpoint, "cloudformation", region=REGION)
    resources, _ = stacks.pages("list_stack_resources", "StackResourceSummaries", StackName=STACK)
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}


def until(title, seconds, is_so):
    """Waits for what takes a while in the world."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(1)
    tally.check(title, is_so())


def check_groups(endpoint):
    scaling = Checked(endpoint, "autoscaling", region=REGION)
    name = physical(endpoint)["Nodes"]
    paginator = scaling.client.get_paginator("describe_auto_scaling_groups")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 1}))
    groups = [group for page in pages for group in page["AutoScalingGroups"]]
    tally.check("groups page, those of nested stacks too", len(pages) == len(groups) == 2
                and name in {group["AutoScalingGroupName"] for group in groups})
    which = {"AutoScalingGroupName": name}

    def group():
        return scaling.call("describe_auto_scaling_groups", AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    def states():
        return [one["LifecycleState"] for one in group()["Instances"]]

    def sizes():
        return tuple(group()[member] for member in ("MinSize", "DesiredCapacity", "MaxSize"))

    tally.check("it is as the scenario says", sizes() == (1, 3, 6) and states() == ["InService"] * 3)
    members = scaling.call("describe_auto_scaling_instances")["AutoScalingInstances"]
    tally.check("members of all groups", len(members) == 5 and {one["HealthStatus"] for one in members} == {"HEALTHY"})
    scaling.call("update_auto_scaling_group", **which, MinSize=0, MaxSize=6, DesiredCapacity=0)
    tally.check("the size is true at once", sizes() == (0, 0, 6) and "Terminating" in states())
    until("its members go", 25, lambda: states() == [])
    scaling.call("update_auto_scaling_group", **which, MinSize=2)
    tally.check("the least alone moves the desired size", sizes() == (2, 2, 6))
    until("members come", 25, lambda: states() == ["InService"] * 2)
    activities = scaling.call("describe_scaling_activities", **which)["Activities"]
    tally.check("all of it is written down", len(activities) == 5
                and {one["StatusCode"] for one in activities} == {"Successful"})
    scaling.call("set_desired_capacity", **which, DesiredCapacity=3)
    scaling.fails("a cooldown", "set_desired_capacity", "ScalingActivityInProgress", 400, **which, DesiredCapacity=2,
                  HonorCooldown=True)


def check_processes_and_tags(endpoint):
    scaling = Checked(endpoint, "autoscaling", region=REGION)
    name = physical(endpoint)["Nodes"]
    which = {"AutoScalingGroupName": name}

    def group():
        return scaling.call("describe_auto_scaling_groups", AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    types = {one["ProcessName"] for one in scaling.call("describe_scaling_process_types")["Processes"]}
    scaling.call("suspend_processes", **which, ScalingProcesses=["AlarmNotification", "ScheduledActions"])
    suspended = group()["SuspendedProcesses"]
    tally.check("two processes are suspended, with a reason",
                {one["ProcessName"] for one in suspended} == {"AlarmNotification", "ScheduledActions"} < types
                and all(one["SuspensionReason"].startswith("User suspended at ") for one in suspended))
    scaling.call("resume_processes", **which)
    tally.check("and none is", group()["SuspendedProcesses"] == [])
    tag = {"ResourceId": name, "ResourceType": "auto-scaling-group", "Key": "house:restore"}
    scaling.call("create_or_update_tags", Tags=[{**tag, "Value": "v1:1-3-6", "PropagateAtLaunch": False}])
    tags = {one["Key"]: one for one in group()["Tags"]}
    tally.check("a tag is kept", tags["house:restore"]["Value"] == "v1:1-3-6"
                and tags["aws:cloudformation:logical-id"]["Value"] == "Nodes")
    found = scaling.call("describe_tags", Filters=[{"Name": "key", "Values": ["house:restore"]}])["Tags"]
    tally.check("and found", [one["ResourceId"] for one in found] == [name])
    filtered = scaling.call("describe_auto_scaling_groups", Filters=[{"Name": "tag-key", "Values": ["house:restore"]}])
    tally.check("by the group too", len(filtered["AutoScalingGroups"]) == 1)
    scaling.call("delete_tags", Tags=[tag])
    tally.check("and goes", "house:restore" not in {one["Key"] for one in group()["Tags"]})


def check_services(endpoint):
    ecs = Checked(endpoint, "ecs", region=REGION)
    made = physical(endpoint)
    cluster, arn = made["Cluster"], made["Service"]
    tally.check("the service's ARN names its cluster", f":service/{cluster}/" in arn)
    tally.check("it is listed", ecs.call("list_services", cluster=cluster)["serviceArns"] == [arn])

    def counts():
        service = ecs.call("describe_services", cluster=cluster, services=[arn])["services"][0]
        return service["desiredCount"], service["runningCount"], service["pendingCount"]

    tally.check("it runs", counts() == (4, 4, 0))
    targets = Checked(endpoint, "application-autoscaling", region=REGION)
    which = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
             "ResourceId": "service/" + arn.split(":service/")[1]}
    told = targets.call("describe_scalable_targets", ServiceNamespace="ecs",
                        ResourceIds=[which["ResourceId"]])["ScalableTargets"]
    tally.check("it has a scalable target", [(one["MinCapacity"], one["MaxCapacity"]) for one in told] == [(2, 8)])
    ecs.call("update_service", cluster=cluster, service=arn, desiredCount=0)
    until("it is put back up to the minimum", 45, lambda: counts() == (2, 2, 0))
    targets.call("register_scalable_target", **which, MinCapacity=0, SuspendedState={
        "DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True, "ScheduledScalingSuspended": True})
    told = targets.call("describe_scalable_targets", ServiceNamespace="ecs")["ScalableTargets"]
    told = next(one for one in told if one["ResourceId"] == which["ResourceId"])
    tally.check("the target is as it was registered", (told["MinCapacity"], told["MaxCapacity"]) == (0, 8)
                and set(told["SuspendedState"].values()) == {True})
    ecs.call("tag_resource", resourceArn=arn, tags=[{"key": "house:restore", "value": "v1:4"}])
    tagged = ecs.call("describe_services", cluster=cluster, services=[arn, "none"], include=["TAGS"])
    tally.check("a tag is told", {"key": "house:restore", "value": "v1:4"} in tagged["services"][0]["tags"]
                and tagged["failures"][0]["reason"] == "MISSING")
    ecs.call("untag_resource", resourceArn=arn, tagKeys=["house:restore"])
    tally.check("and goes", "house:restore" not in {
        tag["key"] for tag in ecs.call("list_tags_for_resource", resourceArn=arn)["tags"]})


def check_instances(endpoint):
    ec2 = Checked(endpoint, "ec2", region=REGION)
    made = physical(endpoint)
    one = {"InstanceIds": [made["Scheduler"]]}

    def state(instance):
        told = ec2.call("describe_instances", InstanceIds=[instance])["Reservations"][0]["Instances"][0]
        return told["State"]["Name"]

    tally.check("one runs and one was stopped",
                (state(made["Scheduler"]), state(made["Bastion"])) == ("running", "stopped"))
    pages = ec2.client.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})
    everything = [instance for page in pages for reservation in page["Reservations"]
                  for instance in reservation["Instances"]]
    tally.check("members of groups are instances as well", len(everything) > 5 and any(
        tag["Key"] == "aws:autoscaling:groupName" for instance in everything for tag in instance["Tags"]))
    change = ec2.call("stop_instances", **one)["StoppingInstances"][0]
    tally.check("it stops", (change["PreviousState"]["Name"], change["CurrentState"]["Name"])
                == ("running", "stopping"))
    ec2.fails("one that is stopping is not started", "start_instances", "IncorrectInstanceState", 400, **one)
    until("it has stopped", 15, lambda: state(made["Scheduler"]) == "stopped")
    status = ec2.call("describe_instance_status", **one, IncludeAllInstances=True)["InstanceStatuses"][0]
    tally.check("and has no status", status["InstanceStatus"]["Status"] == "not-applicable")
    ec2.call("start_instances", **one)
    until("it has started", 15, lambda: state(made["Scheduler"]) == "running")
    tally.check("and is well", ec2.call("describe_instance_status", **one)["InstanceStatuses"][0]["SystemStatus"]
                ["Status"] == "ok")
    tag = {"Key": "house:restore", "Value": "on"}
    ec2.call("create_tags", Resources=one["InstanceIds"], Tags=[tag])
    tagged = ec2.call("describe_instances", Filters=[{"Name": "tag:house:restore", "Values": ["on"]}])["Reservations"]
    tally.check("a tag finds it", [one["Instances"][0]["InstanceId"] for one in tagged] == [made["Scheduler"]])
    ec2.call("delete_tags", Resources=one["InstanceIds"], Tags=[tag])
    tally.check("and goes", not ec2.call("describe_instances", Filters=[
        {"Name": "tag-key", "Values": ["house:restore"]}])["Reservations"])


def check_databases(endpoint):
    rds = Checked(endpoint, "rds", region=REGION)
    made = physical(endpoint)
    ids = {one["DBInstanceIdentifier"] for one in rds.call("describe_db_instances")["DBInstances"]}
    tally.check("databases are those of the stack", ids == {made["Reports"], made["LedgerWriter"]})
    single, cluster = {"DBInstanceIdentifier": made["Reports"]}, {"DBClusterIdentifier": made["Ledger"]}

    def instance():
        return rds.call("describe_db_instances", **single)["DBInstances"][0]

    def ledger():
        return rds.call("describe_db_clusters", **cluster)["DBClusters"][0]

    tally.check("a cluster has its member", [one["DBInstanceIdentifier"] for one in ledger()["DBClusterMembers"]]
                == [made["LedgerWriter"]])
    tally.check("both stop", rds.call("stop_db_instance", **single)["DBInstance"]["DBInstanceStatus"]
                == rds.call("stop_db_cluster", **cluster)["DBCluster"]["Status"] == "stopping")
    until("both have stopped", 25, lambda: instance()["DBInstanceStatus"] == ledger()["Status"] == "stopped")
    days = [told["AutomaticRestartTime"] - datetime.datetime.now(datetime.timezone.utc)
            for told in (instance(), ledger())]
    tally.check("and start again in seven days", all(6.99 < left.total_seconds() / 86400 < 7.01 for left in days))
    rds.call("start_db_instance", **single)
    rds.call("start_db_cluster", **cluster)
    until("both have started", 25, lambda: instance()["DBInstanceStatus"] == ledger()["Status"] == "available")
    arn = ledger()["DBClusterArn"]
    rds.call("add_tags_to_resource", ResourceName=arn, Tags=[{"Key": "house:restore", "Value": "on"}])
    tags = rds.call("list_tags_for_resource", ResourceName=arn)["TagList"]
    tally.check("a tag is told", {"Key": "house:restore", "Value": "on"} in tags == ledger()["TagList"])
    rds.call("remove_tags_from_resource", ResourceName=arn, TagKeys=["house:restore"])
    tally.check("and goes", "house:restore" not in {tag["Key"] for tag in ledger()["TagList"]})
    found = rds.call("describe_db_instances", Filters=[{"Name": "db-cluster-id", "Values": [made["Ledger"]]}])
    tally.check("members are found by their cluster",
                [one["DBInstanceIdentifier"] for one in found["DBInstances"]] == [made["LedgerWriter"]])


def check_work_refusals(endpoint):
    made = physical(endpoint)
    scaling = Checked(endpoint, "autoscaling", region=REGION)
    which = {"AutoScalingGroupName": made["Nodes"]}
    scaling.fails("too much", "update_auto_scaling_group", "ValidationError", 400,
                  "must be between the specified min size", **which, DesiredCapacity=99)
    scaling.fails("bounds that cross", "update_auto_scaling_group", "ValidationError", 400, "Max bound", **which,
                  MinSize=5, MaxSize=1)
    scaling.fails("a group that is none", "suspend_processes", "ValidationError", 400, "name not found",
                  AutoScalingGroupName="none")
    scaling.fails("a token that is none", "describe_auto_scaling_groups", "InvalidNextToken", 400, NextToken="x")
    ecs = Checked(endpoint, "ecs", region=REGION)
    ecs.fails("a cluster that is none", "describe_services", "ClusterNotFoundException", 400, cluster="none",
              services=["a"])
    ecs.fails("a service that is none", "update_service", "ServiceNotFoundException", 400, cluster=made["Cluster"],
              service="none", desiredCount=0)
    targets = Checked(endpoint, "application-autoscaling", region=REGION)
    targets.fails("a target of nothing", "register_scalable_target", "ValidationException", 400,
                  "ECS service doesn't exist", ServiceNamespace="ecs", ResourceId="service/a/b",
                  ScalableDimension="ecs:service:DesiredCount")
    ec2 = Checked(endpoint, "ec2", region=REGION)
    ec2.fails("an instance that is none", "stop_instances", "InvalidInstanceID.NotFound", 400, "does not exist",
              InstanceIds=["i-00000000000000000"])
    rds = Checked(endpoint, "rds", region=REGION)
    rds.fails("a member alone", "stop_db_instance", "InvalidDBInstanceState", 400, "is a part of DB Cluster",
              DBInstanceIdentifier=made["LedgerWriter"])
    rds.fails("one that runs", "start_db_instance", "InvalidDBInstanceState", 400, "is not in stopped state",
              DBInstanceIdentifier=made["Reports"])
    rds.fails("a cluster that runs", "start_db_cluster", "InvalidDBClusterStateFault", 400,
              DBClusterIdentifier=made["Ledger"])
    rds.fails("a database that is none", "describe_db_instances", "DBInstanceNotFound", 404,
              DBInstanceIdentifier="none")
    rds.fails("a cluster that is none", "stop_db_cluster", "DBClusterNotFoundFault", 404, DBClusterIdentifier="none")
