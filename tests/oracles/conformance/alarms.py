"""CloudWatch: one operation in three protocols, which must say the same."""

import datetime
import gzip
import json
import pathlib
import tempfile
import time

import botocore

from .driver import Checked, tally


def model_with(protocol, folder):
    """A copy of botocore's CloudWatch model that knows one protocol only."""
    source = pathlib.Path(botocore.__file__).parent / "data" / "cloudwatch"
    version = sorted(path.name for path in source.iterdir() if path.is_dir())[-1]
    model = json.loads(gzip.decompress((source / version / "service-2.json.gz").read_bytes()))
    model["metadata"]["protocols"] = [protocol]
    model["metadata"]["protocol"] = protocol
    target = pathlib.Path(folder) / "cloudwatch" / version
    target.mkdir(parents=True)
    (target / "service-2.json").write_text(json.dumps(model))


PROTOCOLS = [("smithy-rpc-v2-cbor", "cbor"), ("json", "json"), ("query", "query")]


def in_every_protocol(endpoint, region="eu-west-1"):
    """A client for each protocol, and the folder with its model."""
    for protocol, name in PROTOCOLS:
        with tempfile.TemporaryDirectory() as folder:
            model_with(protocol, folder)
            yield Checked(endpoint, "cloudwatch", region=region, data_path=folder, protocol=name), name, folder


def check_alarms(endpoint):
    answers = []
    for alarms, name, folder in in_every_protocol(endpoint):
        found, pages = alarms.pages("describe_alarms", "MetricAlarms", MaxRecords=2)
        tally.check(f"alarms page over {name}", pages == 3 and len(found) == 5)
        # One of them is set by hand, below.
        answers.append([alarm for alarm in found if not alarm["AlarmName"].startswith("orders-queue-age")])
        ringing = alarms.call("describe_alarms", StateValue="ALARM")["MetricAlarms"]
        tally.check(f"a state selects over {name}", [a["AlarmName"] for a in ringing] == [
            "checkout-api-errors-eu-west-1", "checkout-api-latency-eu-west-1"])
        tally.check(f"the reason names the points over {name}",
                    all(a["StateReason"].startswith("Threshold Crossed: ") and json.loads(a["StateReasonData"])
                        for a in ringing))
        one = alarms.call("describe_alarms", AlarmNames=["checkout-api-5xx-eu-west-1"])["MetricAlarms"]
        tally.check(f"a name selects over {name}", [a["AlarmName"] for a in one] == ["checkout-api-5xx-eu-west-1"])
        composite = alarms.call("describe_alarms", AlarmTypes=["CompositeAlarm"])
        tally.check(f"a composite alarm rings with its members over {name}",
                    [a["StateValue"] for a in composite["CompositeAlarms"]] == ["ALARM"]
                    and not composite["MetricAlarms"])
        error = alarms.fails(f"a bad token over {name}", "describe_alarms", "InvalidNextToken", 400, NextToken="x")
        tally.check(f"is typed over {name}", isinstance(error, alarms.client.exceptions.InvalidNextToken))
        stranger = Checked(endpoint, "cloudwatch", key="AKIDEXAMPLE", data_path=folder)
        stranger.fails(f"an unknown key over {name}", "describe_alarms", "InvalidClientTokenId",
                       403 if name == "query" else 400)
        check_history(alarms, name)
        check_setting(alarms, name)
        time.sleep(1)  # three a second
    tally.check("all three protocols say the same", answers[0] == answers[1] == answers[2])


def check_history(alarms, name):
    items, pages = alarms.pages("describe_alarm_history", "AlarmHistoryItems", MaxRecords=2,
                                AlarmName="checkout-api-errors-eu-west-1")
    times = [item["Timestamp"] for item in items]
    tally.check(f"history pages over {name}, newest first", pages > 1 and times == sorted(times, reverse=True))
    updates = [item for item in items if item["HistoryItemType"] == "StateUpdate"]
    data = json.loads(updates[0]["HistoryData"])
    tally.check(f"and ends in alarm over {name}", data["newState"]["stateValue"] == "ALARM"
                and updates[0]["HistorySummary"] == "Alarm updated from OK to ALARM")
    only = alarms.call("describe_alarm_history", HistoryItemType="StateUpdate", ScanBy="TimestampAscending",
                       AlarmName="checkout-api-errors-eu-west-1")["AlarmHistoryItems"]
    tally.check(f"types and order are chosen over {name}", only == updates[::-1])


def check_setting(alarms, name):
    which = {"AlarmName": "orders-queue-age-eu-west-1"}
    alarms.call("set_alarm_state", **which, StateValue="ALARM", StateReason=f"by hand over {name}")
    alarm = alarms.call("describe_alarms", AlarmNames=[which["AlarmName"]])["MetricAlarms"][0]
    items = alarms.call("describe_alarm_history", **which, HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    told = [json.loads(item["HistoryData"])["newState"].get("stateReason") for item in items]
    # The next evaluation may have come in between.
    tally.check(f"a state is set over {name}", alarm["StateReason"] == f"by hand over {name}"
                or f"by hand over {name}" in told)
    alarms.call("set_alarm_state", **which, StateValue="OK", StateReason="by hand")
    error = alarms.fails(f"an alarm that is none over {name}", "set_alarm_state", "ResourceNotFound", 404,
                         AlarmName="none", StateValue="OK", StateReason="x")
    tally.check(f"none is typed over {name}", isinstance(error, alarms.client.exceptions.ResourceNotFound))


def check_blindness(endpoint):
    """One alarm watches what is not there; every other has points."""
    cloudwatch = Checked(endpoint, "cloudwatch", region="us-west-2")
    now = datetime.datetime.now(datetime.timezone.utc)
    blind = []
    for alarm in cloudwatch.call("describe_alarms")["MetricAlarms"]:
        statistic = {"Statistics": [alarm["Statistic"]]} if "Statistic" in alarm else {
            "ExtendedStatistics": [alarm["ExtendedStatistic"]]}
        points = cloudwatch.call(
            "get_metric_statistics", Namespace=alarm["Namespace"], MetricName=alarm["MetricName"],
            Dimensions=alarm["Dimensions"], Period=300, StartTime=now - datetime.timedelta(hours=3), EndTime=now,
            **statistic)["Datapoints"]
        if not points and alarm["StateValue"] == "OK":
            blind.append(alarm["AlarmName"])
    tally.check("one alarm is blind and says OK", blind == ["gco-queue-age-us-west-2"])
