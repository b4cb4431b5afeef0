"""STS, EC2's and Account's regions, the SSO portal."""

import datetime

from .driver import PROD, STAGING, Checked, tally


def check_identity(endpoint):
    sts = Checked(endpoint, "sts")
    me = sts.call("get_caller_identity")
    tally.check("a twelve-digit key is that account", me["Account"] == PROD and PROD in me["Arn"])
    other = sts.call("assume_role", RoleArn=f"arn:aws:iam::{STAGING}:role/Deploy", RoleSessionName="oracle")
    keys = other["Credentials"]
    lasts = keys["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    tally.check("an assumed role lasts an hour", 3500 < lasts.total_seconds() <= 3601)
    inside = Checked(endpoint, "sts", key=keys["AccessKeyId"], token=keys["SessionToken"])
    me = inside.call("get_caller_identity")
    tally.check(
        "an assumed role is in the other account",
        me["Account"] == STAGING and me["Arn"].endswith(":assumed-role/Deploy/oracle"),
    )
    stacks = Checked(endpoint, "cloudformation", key=keys["AccessKeyId"], token=keys["SessionToken"])
    ids = [stack["StackId"] for stack in stacks.call("describe_stacks")["Stacks"]]
    tally.check("and sees that account's stacks", bool(ids) and all(STAGING in id for id in ids))
    sts.fails("a role that is nowhere is denied", "assume_role", "AccessDenied", 403, "sts:AssumeRole",
              RoleArn="arn:aws:iam::999999999999:role/Deploy", RoleSessionName="oracle")
    sts.fails("a session of a minute is too short", "assume_role", "ValidationError", 400, "durationSeconds",
              RoleArn=f"arn:aws:iam::{STAGING}:role/Deploy", RoleSessionName="oracle", DurationSeconds=60)


def check_regions(endpoint):
    ec2 = Checked(endpoint, "ec2")
    mine = ec2.call("describe_regions")["Regions"]
    every = ec2.call("describe_regions", AllRegions=True)["Regions"]
    tally.check("all regions are more than mine", len(every) == 36 and 17 < len(mine) < 36)
    status = {region["RegionName"]: region["OptInStatus"] for region in every}
    tally.check(
        "each region says whether one has to ask for it",
        (status["us-east-1"], status["ap-east-1"], status["me-central-1"])
        == ("opt-in-not-required", "opted-in", "not-opted-in"),
    )
    filters = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    found = ec2.call("describe_regions", AllRegions=True, Filters=filters)["Regions"]
    tally.check("a filter filters", {region["OptInStatus"] for region in found} == {"not-opted-in"})
    named = ec2.call("describe_regions", RegionNames=["eu-west-1", "us-east-1"])["Regions"]
    tally.check("names select", len(named) == 2)
    ec2.fails("a region that is none", "describe_regions", "InvalidParameterValue", 400, "mars-1", RegionNames=["mars-1"])

    account = Checked(endpoint, "account")
    regions, pages = account.pages("list_regions", "Regions", MaxResults=10)
    tally.check("ListRegions pages", pages == 4 and len({region["RegionName"] for region in regions}) == 36)
    on = account.call("list_regions", RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"])["Regions"]
    tally.check("both services agree on what is on",
                {region["RegionName"] for region in on} == {region["RegionName"] for region in mine})
    account.fails("a foreign account", "list_regions", "AccessDeniedException", 403, AccountId="999999999999")
    account.fails("a bad token", "list_regions", "ValidationException", 400, NextToken="x")


def check_portal(endpoint):
    sso = Checked(endpoint, "sso")
    role = {"roleName": "ReadOnly", "accountId": STAGING}
    keys = sso.call("get_role_credentials", accessToken="sandbox-token", **role)["roleCredentials"]
    tally.check("the portal counts milliseconds", keys["expiration"] > 1e12)
    me = Checked(endpoint, "sts", key=keys["accessKeyId"], token=keys["sessionToken"]).call("get_caller_identity")
    tally.check("its keys are the role's", me["Account"] == STAGING and "AWSReservedSSO_ReadOnly" in me["Arn"])
    sso.fails("a bad token", "get_role_credentials", "UnauthorizedException", 401, accessToken="stale", **role)
    sso.fails("a role not assigned", "get_role_credentials", "ForbiddenException", 403,
              accessToken="sandbox-token", roleName="Admin", accountId=STAGING)
    sso.fails("an account not there", "get_role_credentials", "ResourceNotFoundException", 404,
              accessToken="sandbox-token", roleName="ReadOnly", accountId="999999999999")
