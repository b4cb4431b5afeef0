"""Logs: what `logs` and `--tail` print, against what boto3 reads from the same server."""

import json
import subprocess
import time

import boto3

import truth

GROUP = "/oracle/orders"
REGIONS = ["us-east-2", "eu-west-1"]
# More than one page of FilterLogEvents (10,000) on moto; ministack cuts off at one page and says nothing.
EVENTS = {"moto": 12_000, "ministack": 6_000}
BATCH = 1_000
HOSTILE = ["tab\there", "two\nlines", "\x1b[31mred\x1b[0m", 'quotes " \\ and \u00fc', "emoji \U0001f600", "bell\x07 \x9b31m", "\r over"]


def client(endpoint, region):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("logs", endpoint_url=endpoint, region_name=region, **keys)


def fill(endpoint, region, count):
    """Events of two streams, in turns, 50 ms apart, the newest a minute old."""
    logs = client(endpoint, region)
    logs.create_log_group(logGroupName=GROUP)
    began = int(time.time() * 1000) - 60_000 - count * 50
    for stream in ("even", "odd"):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        numbers = range(0 if stream == "even" else 1, count, 2)
        events = [{"timestamp": began + number * 50, "message": message(region, number)} for number in numbers]
        for first in range(0, len(events), BATCH):
            logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events[first : first + BATCH])


def message(region, number):
    return f"{region} {number} {HOSTILE[number % len(HOSTILE)]}"


def theirs(endpoint, region, since):
    pages = client(endpoint, region).get_paginator("filter_log_events").paginate(logGroupName=GROUP, startTime=since)
    events = [event for page in pages for event in page["events"]]
    return sorted((event["timestamp"], event["eventId"], event["logStreamName"], event["message"]) for event in events)


def ours(lines, region):
    here = [line for line in lines if line["region"] == region]
    return sorted((millis(line), line["id"], line["stream"], line["message"]) for line in here)


def millis(line):
    return truth.moment(line["time"])


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


def compare_range(tally, server, house, endpoint):
    for region in REGIONS:
        fill(endpoint, region, EVENTS[server])
    done = house.run("logs", GROUP, "-r", ",".join(REGIONS), "--since", "2h", "--until", "now", "--format", "json")
    tally.check(f"{server}: `logs` ends well", done.returncode == 0, done.stderr)
    lines = objects(done.stdout)
    times = [millis(line) for line in lines]
    tally.check(f"{server}: events are in the order of their times", times == sorted(times), "they are not")
    since = int(time.time() * 1000) - 7_200_000
    for region in REGIONS:
        wanted, got = theirs(endpoint, region, since), ours(lines, region)
        tally.same(f"{server} {region}: how many events", len(got), len(wanted))
        tally.check(f"{server} {region}: more than nothing", len(wanted) == EVENTS[server], f"{len(wanted)}")
        for one, other in zip(got, wanted):
            tally.same(f"{server} {region}: event {other[1]}", one, other)


def compare_follow(tally, server, house, endpoint, *more):
    """Events that are put while somebody follows come once each, and byte for byte."""
    what = " ".join(["--tail", *more])
    logs = client(endpoint, REGIONS[0])
    command = [house.binary, "--tail", GROUP, "-r", REGIONS[0], "--since", "1s", "--for", "12s", "--format", "json", *more]
    running = subprocess.Popen(command, env=house.environment, cwd=house.home.name, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(3)
    wanted = []
    for turn in range(5):
        messages = [f"{what} {turn} {number} {HOSTILE[number % len(HOSTILE)]}" for number in range(20)]
        events = [{"timestamp": int(time.time() * 1000), "message": message} for message in messages]
        logs.put_log_events(logGroupName=GROUP, logStreamName="even", logEvents=events)
        wanted += messages
        time.sleep(0.7)
    said, trouble = running.communicate(timeout=60)
    tally.check(f"{server}: `{what}` ends well", running.returncode == 0, trouble)
    got = [line["message"] for line in objects(said) if line["message"].startswith(what)]
    tally.same(f"{server}: `{what}` tells every event once", sorted(got), sorted(wanted))


def compare(tally, server, house, endpoint):
    compare_range(tally, server, house, endpoint)
    compare_follow(tally, server, house, endpoint)
    # moto's Live Tail ends at once, with the events of some other group.
    if server == "ministack":
        compare_follow(tally, server, house, endpoint, "--live")
