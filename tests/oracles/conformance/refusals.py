"""What any endpoint refuses, and what goes wrong on a bad day."""

import json

import botocore.exceptions
import botocore.session
from botocore.config import Config

import strict

from .driver import PROD, STAGING, Checked, raw, tally


def check_refusals(endpoint):
    for service, operation, code, status in [
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("cloudformation", "describe_stacks", "InvalidClientTokenId", 403),
        ("ec2", "describe_regions", "AuthFailure", 401),
        ("account", "list_regions", "UnrecognizedClientException", 403),
    ]:
        Checked(endpoint, service, key="AKIDEXAMPLE").fails(f"{service}: an unknown key", operation, code, status)
    for service, operation, code, status in [
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("cloudformation", "list_stacks", "InvalidClientTokenId", 403),
        ("ec2", "describe_regions", "AuthFailure", 401),
        ("cloudwatch", "describe_alarms", "InvalidClientTokenId", None),
    ]:
        client = Checked(endpoint, service, region="me-central-1")
        if status is None:
            status = 403 if client.protocol == "query" else 400
        client.fails(f"{service}: a region that is switched off", operation, code, status)
    Checked(endpoint, "cloudformation").fails("an operation not implemented", "list_types", "InvalidAction", 400,
                                              "Could not find operation ListTypes for version 2010-05-15")


def check_raw(endpoint):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"Action=DescribeStacks&Version=2010-05-15"
    status, headers, text = raw(endpoint, form, body)
    tally.check("no signature", status == 403 and b"<Code>MissingAuthenticationToken</Code>" in text
                and b"<Type>Sender</Type>" in text and headers["x-amzn-RequestId"].encode() in text)
    status, _, text = raw(endpoint, {**form, "Authorization": "AWS4-HMAC-SHA256 Credential=nonsense"}, body)
    tally.check("half a signature", status == 400 and b"<Code>IncompleteSignature</Code>" in text)
    status, _, text = raw(endpoint, form, body, sign="cloudformation", amz_date="20200101T000000Z")
    tally.check("a signature from long ago", status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in text
                and b"Signature expired: 20200101T000000Z is now earlier than" in text)
    target = {"X-Amz-Target": "GraniteServiceVersion20100801.Nothing", "Content-Type": "application/x-amz-json-1.0"}
    status, headers, text = raw(endpoint, target, b"{}", sign="monitoring")
    tally.check("an operation that is none, in JSON", status == 400
                and json.loads(text)["__type"].endswith("#UnknownOperationException")
                and headers["Content-Type"] == "application/x-amz-json-1.0")
    target["X-Amz-Target"] = "GraniteServiceVersion20100801.DescribeAlarms"
    status, _, text = raw(endpoint, target, b"{not json", sign="monitoring")
    tally.check("a body that is none, in JSON", status == 400 and b"SerializationException" in text)
    cbor = {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
    path = "/service/GraniteServiceVersion20100801/operation/"
    status, headers, text = raw(endpoint, cbor, b"\xbf\xff", path + "Nothing", sign="monitoring")
    tally.check("an operation that is none, in CBOR", status == 400 and headers["smithy-protocol"] == "rpc-v2-cbor"
                and strict.read_cbor(text)["__type"].endswith("#UnknownOperationException"))
    status, _, text = raw(endpoint, cbor, b"\xa1\x61", path + "DescribeAlarms", sign="monitoring")
    tally.check("a body that is none, in CBOR", status == 400
                and strict.read_cbor(text)["__type"].endswith("#SerializationException"))
    status, _, _ = raw(endpoint, {"Content-Type": "application/json"}, b"{}", "/nowhere", sign="account")
    tally.check("a path that is none", status == 404)


def check_bad_day(endpoint):
    expired = Checked(endpoint, "sts", key=STAGING)
    expired.fails("expired credentials", "get_caller_identity", "ExpiredToken", 403, "expired")
    Checked(endpoint, "ec2", key=STAGING).fails("expired, as EC2 says it", "describe_regions", "RequestExpired", 400)
    denied = Checked(endpoint, "cloudformation", region="us-west-2")
    denied.fails("a denial names caller, action and resource", "describe_stacks", "AccessDenied", 403,
                 f"User: arn:aws:iam::{PROD}:user/operator is not authorized to perform: cloudformation:DescribeStacks "
                 f"on resource: arn:aws:cloudformation:us-west-2:{PROD}:stack/*/* because no identity-based policy allows")
    denied.call("list_stacks")
    throttled = Checked(endpoint, "cloudformation", region="ap-southeast-1")
    codes = []
    for _ in range(4):
        try:
            throttled.call("list_stacks")
        except botocore.exceptions.ClientError as error:
            codes.append((error.response["Error"]["Code"], error.response["Error"]["Message"],
                          error.response["ResponseMetadata"]["HTTPStatusCode"]))
    tally.check("a throttle", bool(codes) and set(codes) == {("Throttling", "Rate exceeded", 400)})
    dark = botocore.session.Session().create_client(
        "cloudformation", region_name="eu-central-1", endpoint_url=endpoint, aws_access_key_id=PROD,
        aws_secret_access_key="sandbox", config=Config(read_timeout=2, retries={"max_attempts": 0}))
    try:
        dark.describe_stacks()
        tally.check("a dark region never answers", False)
    except botocore.exceptions.ReadTimeoutError:
        tally.check("a dark region never answers", True)
