"""Logs Insights: queries started, polled until they are complete, paged, stopped, refused."""

import datetime
import time

import botocore.exceptions

from .driver import Checked, tally

GROUP = "/aws/lambda/checkout-api-Function"


def hour():
    now = int(time.time())
    return {"startTime": now - 3600, "endTime": now}


def complete(logs, text, **params):
    """All rows of a query as dictionaries, its last reply, and the statuses it went through."""
    query = logs.call("start_query", **{"logGroupName": GROUP, **hour(), "queryString": text, **params})["queryId"]
    statuses = []
    while not statuses or statuses[-1] in ("Scheduled", "Running"):
        reply = logs.call("get_query_results", queryId=query)
        if statuses[-1:] != [reply["status"]]:
            statuses.append(reply["status"])
        time.sleep(0.11)  # ten a second are taken
    rows = [{pair["field"]: pair["value"] for pair in row} for row in reply["results"]]
    return rows, reply, statuses


def check_queries(endpoint):
    logs = Checked(endpoint, "logs")
    rows, reply, statuses = complete(logs, "fields @timestamp, @message, @logStream, @log | sort @timestamp desc | limit 20")
    tally.check("a query goes its way", statuses == ["Scheduled", "Running", "Complete"])
    tally.check("a limit limits", len(rows) == 20)
    tally.check("every row points to its event", all(row["@ptr"] for row in rows))
    times = [datetime.datetime.strptime(row["@timestamp"], "%Y-%m-%d %H:%M:%S.%f") for row in rows]
    tally.check("the newest comes first", times == sorted(times, reverse=True))
    statistics = reply["statistics"]
    tally.check("what was scanned is counted", statistics["recordsScanned"] > 20 and statistics["bytesScanned"] > 1000)

    counted, reply, _ = complete(logs, "filter @type = 'REPORT' | stats count(*) as n, max(@duration) as worst by bin(5m)")
    tally.check("stats count what matches",
                sum(int(row["n"]) for row in counted) == reply["statistics"]["recordsMatched"])
    tally.check("and have no pointers", all(set(row) == {"bin(5m)", "n", "worst"} for row in counted))
    tally.check("an hour has twelve fives of minutes", 10 <= len(counted) <= 13)
    found, _, _ = complete(logs, "fields @message | filter @message like /REPORT RequestId: [0-9a-f-]+/ | limit 5")
    tally.check("a pattern selects", len(found) == 5 and all("REPORT" in row["@message"] for row in found))

    start = {"logGroupName": GROUP, **hour()}
    query = logs.call("start_query", queryString="fields @message", **start)["queryId"]
    tally.check("a query can be stopped", logs.call("stop_query", queryId=query)["success"])
    tally.check("and is cancelled then", logs.call("get_query_results", queryId=query)["status"] == "Cancelled")
    logs.fails("it cannot be stopped twice", "stop_query", "InvalidParameterException", 400, queryId=query)
    listed = logs.call("describe_queries", status="Cancelled")["queries"]
    tally.check("the cancelled are listed", query in [item["queryId"] for item in listed])


def check_query_refusals(endpoint):
    logs = Checked(endpoint, "logs")
    start = {"logGroupName": GROUP, **hour()}
    try:
        logs.call("start_query", queryString="fields @message | fliter a", **start)
        tally.check("a bad query is refused", False)
    except botocore.exceptions.ClientError as error:
        where = error.response.get("queryCompileError", {}).get("location")
        tally.check("a bad query is refused", type(error).__name__ == "MalformedQueryException")
        tally.check("and says where it is bad", where == {"startCharOffset": 18, "endCharOffset": 24})
    for title, code, params in [
        ("no group", "InvalidParameterException", {"logGroupName": None}),
        ("two ways to name groups", "InvalidParameterException", {"logGroupNames": [GROUP]}),
        ("a group that is not there", "ResourceNotFoundException", {"logGroupName": "/none"}),
        ("an end before the start", "InvalidParameterException", {"endTime": start["startTime"] - 1}),
        ("a limit of nothing", "InvalidParameterException", {"limit": 0}),
    ]:
        asked = {name: value for name, value in {**start, **params}.items() if value is not None}
        logs.fails(title, "start_query", code, 400, queryString="fields @message", **asked)
    logs.fails("results of no query", "get_query_results", "ResourceNotFoundException", 400, queryId="none")
