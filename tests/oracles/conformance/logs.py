"""CloudWatch Logs: groups, streams, and events read every way that botocore knows."""

import re
import time

import botocore.exceptions

from .driver import PROD, STAGING, Checked, tally

API = "/aws/lambda/checkout-api-Function"
ACCESS = "/aws/checkout-api/FunctionLogs"


def millis(seconds_ago=0):
    return int((time.time() - seconds_ago) * 1000)


def listed(logs, operation, key, **params):
    """All items, the pages; Logs writes its token in lower case."""
    items, pages, tokens, token = [], [], set(), None
    while True:
        reply = logs.call(operation, **params, **({"nextToken": token} if token else {}))
        items += reply[key]
        pages.append(len(reply[key]))
        token = reply.get("nextToken")
        if not token:
            return items, pages
        assert token not in tokens, f"{operation} repeats a token"
        tokens.add(token)


def check_groups(endpoint):
    logs = Checked(endpoint, "logs")
    groups, _ = listed(logs, "describe_log_groups", "logGroups")
    names = [group["logGroupName"] for group in groups]
    tally.check("groups are listed in order, each once", names == sorted(set(names)) and len(names) > 20)
    paged, pages = listed(logs, "describe_log_groups", "logGroups", limit=7)
    tally.check("and page", len(pages) > 3 and [group["logGroupName"] for group in paged] == names)
    for group in groups:
        arn = f"arn:aws:logs:us-east-1:{PROD}:log-group:{group['logGroupName']}"
        tally.check("a group has both ARNs", group["arn"] == arn + ":*" and group["logGroupArn"] == arn)
    part = logs.call("describe_log_groups", logGroupNamePattern="orders-api")["logGroups"]
    tally.check("a part of the name finds", bool(part) and all("orders-api" in one["logGroupName"] for one in part))
    tally.check("and little is said then", set(part[0]) == {"logGroupName", "creationTime", "arn"})
    infrequent = logs.call("describe_log_groups", logGroupClass="INFREQUENT_ACCESS")["logGroups"]
    tally.check("a class selects", [one["logGroupName"] for one in infrequent] == ["/audit/sign-in"])
    named = logs.call("describe_log_groups", logGroupIdentifiers=[API])["logGroups"]
    tally.check("names select", [one["logGroupName"] for one in named] == [API])
    for region, key in [("eu-west-1", PROD), ("ap-southeast-1", STAGING)]:
        there = Checked(endpoint, "logs", region=region, key=key).call("describe_log_groups")["logGroups"]
        tally.check("every region has its own", bool(there) and all(region in one["arn"] for one in there))


def check_streams(endpoint):
    logs = Checked(endpoint, "logs")
    streams, pages = listed(logs, "describe_log_streams", "logStreams", logGroupName=API)
    names = [stream["logStreamName"] for stream in streams]
    tally.check("streams page in order", len(pages) > 1 and names == sorted(set(names)))
    tally.check("Lambda's are named so",
                all(re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", name) for name in names))
    day = names[-1][:10]
    some, _ = listed(logs, "describe_log_streams", "logStreams", logGroupName=API, logStreamNamePrefix=day)
    tally.check("a prefix selects", [one["logStreamName"] for one in some] == [one for one in names if one[:10] == day])
    latest = logs.call("describe_log_streams", logGroupIdentifier=API, orderBy="LastEventTime", descending=True, limit=5)
    times = [stream["lastEventTimestamp"] for stream in latest["logStreams"]]
    tally.check("the latest first", times == sorted(times, reverse=True) and len(times) == 5)
    tally.check("and lagging, by less than an hour", 0 <= millis() - times[0] < 3_600_000)


def check_filter(endpoint):
    logs = Checked(endpoint, "logs")
    window = {"logGroupName": API, "startTime": millis(1500), "endTime": millis(300)}
    whole, _ = listed(logs, "filter_log_events", "events", **window)
    ids = [event["eventId"] for event in whole]
    tally.check("events are many, each once", len(ids) == len(set(ids)) > 500)
    tally.check("ids are as AWS's", all(re.fullmatch(r"\d{56}", one) for one in ids))
    tally.check("in order of time", [event["timestamp"] for event in whole]
                == sorted(event["timestamp"] for event in whole))
    tally.check("within the window", all(window["startTime"] <= event["timestamp"] <= window["endTime"]
                                         for event in whole))
    tally.check("readable now", all(event["timestamp"] < event["ingestionTime"] <= millis() for event in whole))
    small, pages = listed(logs, "filter_log_events", "events", **window, limit=41)
    tally.check("small pages hold the same", small == whole and max(pages) == 41)
    tally.check("some are empty", 0 in pages)
    time.sleep(1)  # the paginator has no patience of its own
    paginator = logs.client.get_paginator("filter_log_events")
    read = [event for page in paginator.paginate(**window) for event in page["events"]]
    tally.check("botocore's paginator reads the same", read == whole)
    arn = f"arn:aws:logs:us-east-1:{PROD}:log-group:{API}"
    by_arn, _ = listed(logs, "filter_log_events", "events", logGroupIdentifier=arn,
                       startTime=window["startTime"], endTime=window["endTime"])
    tally.check("an ARN names the group", by_arn == whole)
    stream = whole[0]["logStreamName"]
    own = [event for event in whole if event["logStreamName"] == stream]
    named, _ = listed(logs, "filter_log_events", "events", **window, logStreamNames=[stream])
    prefixed, _ = listed(logs, "filter_log_events", "events", **window, logStreamNamePrefix=stream[:30])
    tally.check("streams select", named == own == prefixed and len(own) < len(whole))
    first = whole[0]["timestamp"]
    only, _ = listed(logs, "filter_log_events", "events", logGroupName=API, startTime=first, endTime=first)
    tally.check("both ends belong to the range", only == [event for event in whole if event["timestamp"] == first])


def check_patterns(endpoint):
    logs = Checked(endpoint, "logs", region="eu-west-1")

    def matching(group, pattern):
        window = {"logGroupName": group, "startTime": start, "endTime": end}
        return listed(logs, "filter_log_events", "events", **window, filterPattern=pattern)[0]

    start, end = millis(1800), millis(300)
    everything = matching(API, "")
    for pattern, test in [
        ("REPORT", lambda text: "REPORT" in text),
        ('"Task timed out"', lambda text: "Task timed out" in text),
        ("REPORT timeout", lambda text: "REPORT" in text and "timeout" in text),
        ("?START ?END", lambda text: "START" in text or "END" in text),
        ("RequestId -REPORT", lambda text: "RequestId" in text and "REPORT" not in text),
        ("%Duration: [0-9]{4,}%", lambda text: re.search("Duration: [0-9]{4,}", text)),
    ]:
        expected = [event for event in everything if test(event["message"])]
        tally.check(f"the pattern {pattern}", matching(API, pattern) == expected and bool(expected))
    found = matching(API, '{ $.level = "INFO" && $.latencyMs > 100 }') or matching(API, "INFO")
    tally.check("JSON selectors", bool(found) and all("INFO" in event["message"] for event in found))
    status = matching(ACCESS, "[ip, id, user, time, request, status=4* || status=5*, bytes>100, request_id]")
    tally.check("columns", bool(status) and all(re.search(r'" [45]\d\d \d', event["message"]) for event in status))


def check_one_stream(endpoint):
    logs = Checked(endpoint, "logs")
    since = millis(900)
    events, _ = listed(logs, "filter_log_events", "events", logGroupName=API, startTime=since, endTime=millis(300))
    stream = events[0]["logStreamName"]
    own = [(event["timestamp"], event["message"]) for event in events if event["logStreamName"] == stream]
    where = {"logGroupName": API, "logStreamName": stream, "startTime": since, "endTime": events[-1]["timestamp"] + 1}

    def read(token_name, head):
        pages, token = [], None
        while True:
            reply = logs.call("get_log_events", **where, limit=37, startFromHead=head,
                              **({"nextToken": token} if token else {}))
            pages.append([(event["timestamp"], event["message"]) for event in reply["events"]])
            if reply[token_name] == token:
                return pages
            token = reply[token_name]

    forward = [event for page in read("nextForwardToken", True) for event in page]
    backward = [event for page in reversed(read("nextBackwardToken", False)) for event in page]
    tally.check("a stream read forward", forward == own)
    tally.check("and backward", backward == own)


def check_writing(endpoint):
    logs = Checked(endpoint, "logs", region="us-west-2")
    name = "/conformance/written"
    logs.call("create_log_group", logGroupName=name)
    logs.fails("a group that is there", "create_log_group", "ResourceAlreadyExistsException", 400,
               "The specified log group already exists", logGroupName=name)
    logs.call("put_retention_policy", logGroupName=name, retentionInDays=7)
    logs.call("create_log_stream", logGroupName=name, logStreamName="one")
    logs.fails("a stream that is there", "create_log_stream", "ResourceAlreadyExistsException", 400,
               "The specified log stream already exists", logGroupName=name, logStreamName="one")
    now = millis()
    batch = [{"timestamp": now - 3, "message": "ä \u0000 \x1b[31m\r\n"}, {"timestamp": now, "message": "b" * 5000}]
    logs.call("put_log_events", logGroupName=name, logStreamName="one", logEvents=batch)
    events, _ = listed(logs, "filter_log_events", "events", logGroupName=name)
    tally.check("what is written is read", [event["message"] for event in events]
                == [event["message"] for event in batch])
    far = [{"timestamp": now, "message": "now"}, {"timestamp": now + 3 * 3_600_000, "message": "too new"}]
    reply = logs.call("put_log_events", logGroupName=name, logStreamName="one", logEvents=far)
    tally.check("what is too new is turned away", reply["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1})
    logs.fails("events out of order", "put_log_events", "InvalidParameterException", 400, "chronological order",
               logGroupName=name, logStreamName="one", logEvents=list(reversed(batch)))
    found = logs.call("describe_log_groups", logGroupNamePrefix=name)["logGroups"][0]
    tally.check("the group says how long it keeps", found["retentionInDays"] == 7 and found["storedBytes"] > 5000)
    logs.call("delete_log_group", logGroupName=name)
    logs.fails("a group that was dropped", "filter_log_events", "ResourceNotFoundException", 400,
               "The specified log group does not exist.", logGroupName=name)


def check_log_refusals(endpoint):
    logs = Checked(endpoint, "logs")
    stream = {"logGroupName": API, "logStreamName": "none"}
    for title, operation, code, words, params in [
        ("no such group", "describe_log_streams", "ResourceNotFoundException",
         "The specified log group does not exist.", {"logGroupName": "none"}),
        ("no such stream", "get_log_events", "ResourceNotFoundException",
         "The specified log stream does not exist.", stream),
        ("a bad pattern", "filter_log_events", "InvalidParameterException", "Invalid character(s) in term 'a-b'",
         {"logGroupName": API, "filterPattern": "a-b"}),
        ("a bad token", "filter_log_events", "InvalidParameterException", "The specified nextToken is invalid.",
         {"logGroupName": API, "nextToken": "x"}),
        ("too high a limit", "filter_log_events", "InvalidParameterException", "at 'limit'",
         {"logGroupName": API, "limit": 10_001}),
        ("a name and a prefix", "filter_log_events", "InvalidParameterException", "mutually exclusive",
         {"logGroupName": API, "logStreamNames": ["a"], "logStreamNamePrefix": "a"}),
        ("prefix and pattern", "describe_log_groups", "InvalidParameterException", "mutually exclusive",
         {"logGroupNamePrefix": "a", "logGroupNamePattern": "b"}),
        ("an ARN for policies", "filter_log_events", "InvalidParameterException", "logGroupIdentifier",
         {"logGroupIdentifier": f"arn:aws:logs:us-east-1:{PROD}:log-group:{API}:*"}),
    ]:
        try:
            logs.call(operation, **params)
            tally.check(title, ["it succeeded"])
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]
            tally.check(title, found["Code"] == code and words in found["Message"])
    Checked(endpoint, "logs", key="AKIDEXAMPLE").fails("logs: an unknown key", "describe_log_groups",
                                                       "UnrecognizedClientException", 400)


def check_rates(endpoint):
    logs = Checked(endpoint, "logs", region="us-east-1")
    codes = []
    for _ in range(14):
        try:
            logs.client.describe_log_groups()
        except botocore.exceptions.ClientError as error:
            codes.append((error.response["Error"]["Code"], error.response["Error"]["Message"],
                          error.response["ResponseMetadata"]["HTTPStatusCode"]))
    tally.check("more than ten requests a second are throttled",
                bool(codes) and set(codes) == {("ThrottlingException", "Rate exceeded", 400)})
