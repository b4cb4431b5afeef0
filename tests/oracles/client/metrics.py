"""Metrics and alarms: what `metrics` and `alarms` print, against what boto3 reads from the same server.

Only on ministack, which answers CBOR as long as `cbor2` is installed beside it. moto cannot: the SDK's CloudWatch client
speaks nothing else, and moto answers its path with an HTML page and 404. There it is only checked that this is told as
what it is, and never as an empty list.
"""

from datetime import datetime, timedelta, timezone

import boto3

import truth

REGIONS = ["us-east-2", "eu-west-1"]
# What `metrics` calls it, CloudWatch's name, and the statistic.
COUNTS = [("invocations", "Invocations", "Sum"), ("errors", "Errors", "Sum"), ("throttles", "Throttles", "Sum"), ("concurrent", "ConcurrentExecutions", "Maximum")]
DURATIONS = ["Sum", "Maximum", "Minimum", "SampleCount", "p50", "p95", "p99", "p99.9"]
SILENT = "Threshold Crossed: no datapoints were received for 5 periods and 5 missing datapoints were treated as [NonBreaching]."


def client(endpoint, region):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("cloudwatch", endpoint_url=endpoint, region_name=region, **keys)


def fill(endpoint, region):
    """A function that ran for some minutes only, numbers with long tails, and alarms of every kind."""
    cloudwatch = client(endpoint, region)
    now = datetime.now(timezone.utc).replace(second=0, microsecond=0)
    dimensions = [{"Name": "FunctionName", "Value": "oracle-03"}]
    for minute in (3, 4, 5, 61, 62, 90):
        at = now - timedelta(minutes=minute)
        point = lambda name, **value: {"MetricName": name, "Dimensions": dimensions, "Timestamp": at, **value}
        durations = [minute * 1.1 + step / 7 for step in range(40)]
        rows = [point("Invocations", Value=40.0), point("Throttles", Value=0.0), point("Duration", Values=durations, Counts=[1.0] * len(durations))]
        # Where nothing is put, nothing is known: an error count of the fourth minute is missing, not nought.
        rows += [point("Errors", Value=minute / 3)] if minute != 4 else []
        cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=rows)
    watch = dict(Namespace="AWS/Lambda", MetricName="Errors", Dimensions=dimensions, Statistic="Sum", Period=60, EvaluationPeriods=5,
                 DatapointsToAlarm=3, Threshold=0.125, ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching")
    elsewhere = [{"Name": "FunctionName", "Value": "of-another-region"}]
    for name, more in (("oracle-ringing", {}), ("oracle-sees", {}), ("oracle-blind", {"Dimensions": elsewhere}), ("oracle-quiet", {"ActionsEnabled": False})):
        cloudwatch.put_metric_alarm(AlarmName=name, AlarmDescription=f"{name} \u00fc", **{**watch, **more})
    percentile = {key: value for key, value in watch.items() if key != "Statistic"}
    cloudwatch.put_metric_alarm(AlarmName="oracle-percentile", ExtendedStatistic="p99.9", **percentile)
    for name, state, reason in (("oracle-ringing", "ALARM", "by hand"), ("oracle-sees", "OK", SILENT), ("oracle-blind", "OK", SILENT)):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason)
    cloudwatch.put_composite_alarm(AlarmName="oracle-both", AlarmRule='ALARM("oracle-ringing") OR ALARM(oracle-sees)')


def their_points(cloudwatch, function, window, statistics):
    """For each metric and statistic, the value of every period that has one, in the order of time."""
    start, end, period = window
    queries = [
        {"Id": f"q{number}", "MetricStat": {"Period": period, "Stat": statistic, "Metric": {
            "Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": [{"Name": "FunctionName", "Value": function}]}}}
        for number, (name, statistic) in enumerate(statistics)
    ]
    pages = cloudwatch.get_paginator("get_metric_data").paginate(MetricDataQueries=queries, StartTime=start, EndTime=end)
    points = {key: {} for key in statistics}
    for page in pages:
        for result in page["MetricDataResults"]:
            key = statistics[int(result["Id"][1:])]
            points[key] |= {truth.moment(at): value for at, value in zip(result["Timestamps"], result["Values"])}
    return {key: dict(sorted(found.items())) for key, found in points.items()}


def moment(text):
    return datetime.fromisoformat(text)


def compare_periods(tally, server, house, endpoint, function, since, period):
    what = f"{server}: `metrics {function} --since {since} --period {period}`"
    lines, trouble = house.json("metrics", function, "-r", ",".join(REGIONS), "--since", since, "--period", period, "--stat", ",".join(DURATIONS))
    tally.check(f"{what} says nothing on stderr", trouble == "", trouble)
    statistics = [(name, statistic) for _, name, statistic in COUNTS] + [("Duration", statistic) for statistic in DURATIONS]
    for region in REGIONS:
        ours = [line for line in lines if line["region"] == region]
        tally.check(f"{what} {region}: there are rows", bool(ours), "there are none")
        if not ours:
            continue
        window = (moment(ours[0]["from"]), moment(ours[-1]["until"]), ours[0]["period"])
        tally.check(f"{what} {region}: the window holds now", window[0] < datetime.now(timezone.utc) and ours[-1]["running"], str(window))
        wanted = their_points(client(endpoint, region), function, window, statistics)
        tally.check(f"{what} {region}: there is something to compare", any(wanted.values()), "there is nothing")
        for line in ours:
            at = truth.moment(line["from"])
            for field, name, statistic in COUNTS:
                tally.same(f"{what} {region} {line['from']}: {field}", line[field], wanted[name, statistic].get(at))
            for statistic in DURATIONS:
                tally.same(f"{what} {region} {line['from']}: {statistic}", line["duration"][statistic], wanted["Duration", statistic].get(at))
        begun = {truth.moment(line["from"]) for line in ours}
        missed = {at for found in wanted.values() for at in found} - begun
        tally.check(f"{what} {region}: every period is there", not missed, str(missed))


def compare_totals(tally, server, house, endpoint, function, *more):
    what = f"{server}: `metrics {function} {' '.join(more)}`"
    lines, trouble = house.json("metrics", function, "-r", ",".join(REGIONS), *more)
    tally.check(f"{what} says nothing on stderr", trouble == "", trouble)
    for region in REGIONS:
        [line] = [line for line in lines if line["region"] == region] or [None]
        tally.check(f"{what} {region}: there is a row", line is not None, "there is none")
        if line is None:
            continue
        window = (moment(line["from"]), moment(line["until"]), line["period"])
        statistics = [(name, statistic) for _, name, statistic in COUNTS] + [("Duration", "Sum")]
        wanted = their_points(client(endpoint, region), function, window, statistics)
        whole = {}
        for (name, statistic), found in wanted.items():
            whole[name] = None if not found else max(found.values()) if statistic == "Maximum" else sum_of(found.values())
        for field, name, _ in COUNTS:
            tally.same(f"{what} {region}: {field}", line[field], whole[name])
        tally.same(f"{what} {region}: duration", line["duration"]["Sum"], whole["Duration"])
        calls, errors = whole["Invocations"], whole["Errors"]
        tally.same(f"{what} {region}: error rate", line["error_rate"], errors / calls * 100.0 if calls and errors is not None else None)


def sum_of(values):
    """One after the other. Python's own sum is more exact than that since 3.12."""
    total = 0.0
    for value in values:
        total += value
    return total


def compare_alarms(tally, server, house, endpoint):
    lines, trouble = house.json("alarms", "-r", ",".join(REGIONS))
    tally.check(f"{server}: `alarms` says nothing on stderr", trouble == "", trouble)
    ringing = [line["state"] == "ALARM" for line in lines]
    tally.same(f"{server}: those in alarm come first", ringing, sorted(ringing, reverse=True))
    for region in REGIONS:
        pages = client(endpoint, region).get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        wanted = {alarm["AlarmName"]: alarm for page in pages for kind in ("MetricAlarms", "CompositeAlarms") for alarm in page.get(kind, [])}
        ours = {line["name"]: line for line in lines if line["region"] == region}
        tally.same(f"{server} {region}: names of alarms", sorted(ours), sorted(wanted))
        for name, alarm in wanted.items():
            line = ours.get(name, {})
            for field, value in told(alarm).items():
                got = truth.moment(line.get(field)) if field == "since" else line.get(field)
                tally.same(f"{server} {region} {name}: {field}", got, value)
        # What was found out of a metric is known of every alarm on it.
        sights = {"oracle-blind": "blind", "oracle-sees": "clear", "oracle-ringing": "clear", "oracle-percentile": "unknown", "oracle-both": "clear"}
        for name, sight in sights.items():
            tally.same(f"{server} {region} {name}: sight", ours.get(name, {}).get("sight"), sight)
    lines, trouble = house.json("alarms", "-r", ",".join(REGIONS), "--state", "blind")
    tally.same(f"{server}: `--state blind`", {line["name"] for line in lines}, {"oracle-blind"})
    for arguments, code in ((("--state", "alarm"), 0), (("--fail-on-alarm",), 1)):
        done = house.run("alarms", "-r", ",".join(REGIONS), *arguments)
        tally.same(f"{server}: exit code of `alarms {' '.join(arguments)}`", done.returncode, code)


def told(alarm):
    """An alarm in the words of our own JSON."""
    common = {
        "arn": alarm["AlarmArn"],
        "description": alarm.get("AlarmDescription") or None,
        "state": alarm["StateValue"],
        "since": truth.moment(alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")),
        "reason": alarm.get("StateReason") or None,
        "actions_enabled": alarm.get("ActionsEnabled", True),
    }
    if "AlarmRule" in alarm:
        return common | {"rule": alarm["AlarmRule"], "members": ["oracle-ringing", "oracle-sees"]}
    return common | {
        "watch": {
            "namespace": alarm["Namespace"],
            "metric": alarm["MetricName"],
            "dimensions": {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]},
            "statistic": alarm.get("ExtendedStatistic") or alarm.get("Statistic"),
            "period": alarm["Period"],
            "unit": alarm.get("Unit") or None,
            "comparison": alarm["ComparisonOperator"],
            "threshold": alarm["Threshold"],
            "periods": alarm["EvaluationPeriods"],
            "datapoints": alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"],
            "missing": alarm.get("TreatMissingData") or "missing",
        }
    }


def compare(tally, server, house, endpoint):
    if server == "moto":
        done = house.run("alarms", "-r", REGIONS[0])
        tally.check(f"{server}: what is no answer of CloudWatch is not told as no alarm", done.returncode == 1 and "alarms" in done.stderr, done.stderr)
        return
    for region in REGIONS:
        fill(endpoint, region)
    for function in ("checkout-api", "inventory-sync", "oracle-03"):
        compare_periods(tally, server, house, endpoint, function, "3h", "60s")
        compare_periods(tally, server, house, endpoint, function, "3h", "5m")
        compare_periods(tally, server, house, endpoint, function, "2d", "1h")
        compare_totals(tally, server, house, endpoint, function)
        compare_totals(tally, server, house, endpoint, function, "--since", "2h")
    compare_totals(tally, server, house, endpoint, "oracle-04")
    compare_alarms(tally, server, house, endpoint)
