"""S3, the least of it: putting an object somewhere, and getting it back."""

import hashlib

from .driver import PROD, STAGING, Checked, tally

BUCKET = f"house-templates-{PROD}"


def check_storage(endpoint):
    storage = Checked(endpoint, "s3", region="eu-west-1")
    which = {"Bucket": BUCKET, "Key": "orders/a template.json"}
    first = storage.call("put_object", **which, Body=b"{}", ContentType="application/json")
    big = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256)) * 40
    second = storage.call("put_object", **which, Body=big)
    tally.check("each has a version", first["VersionId"] != second["VersionId"])
    got = storage.call("get_object", **which)
    tally.check("the newest comes back whole", got["Body"].read() == big and got["ETag"] == second["ETag"])
    old = storage.call("get_object", **which, VersionId=first["VersionId"])
    tally.check("and the one before", old["Body"].read() == b"{}" and old["ContentType"] == "application/json")
    head = storage.call("head_object", **which)
    tally.check("a head says how much it is", head["ContentLength"] == len(big)
                and head["VersionId"] == second["VersionId"])
    storage.fails("a key that is none", "get_object", "NoSuchKey", 404, Bucket=BUCKET, Key="none")
    storage.fails("a bucket that is none", "put_object", "NoSuchBucket", 404, Bucket="none-such", Key="a", Body=b"")
    storage.fails("somebody else's", "get_object", "AccessDenied", 403, Bucket=f"house-templates-{STAGING}", Key="a")
