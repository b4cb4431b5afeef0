"""Live Tail: botocore reads the event stream, and every frame is checked strictly as well."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import botocore.eventstream
import botocore.exceptions

import strict

from .driver import PROD, Checked, tally

# Five sessions a second may be started.
PATIENCE = 0.21
GROUP = "/aws/lambda/checkout-api-Function"


def arn(group=GROUP, region="us-east-1"):
    return f"arn:aws:logs:{region}:{PROD}:log-group:{group}"


def frames(stream, most):
    """Raw frames until so many, with the second in which each came."""
    buffer, began, found = botocore.eventstream.EventStreamBuffer(), time.monotonic(), []
    for chunk in stream.stream():
        buffer.add_data(chunk)
        for message in buffer:
            found.append((time.monotonic() - began, message))
            if len(found) == most:
                return found
    return found


def wrong_with(shape, message):
    """What is wrong with a frame of the stream, as sentences."""
    kind, name = message.headers.get(":message-type"), message.headers.get(":event-type")
    if kind != "event":
        yield f"message type {kind!r}"
    elif name not in shape.members:
        yield f"event {name!r} is not in the model"
    elif message.headers.get(":content-type") != "application/json":
        yield f"content-type {message.headers.get(':content-type')!r}"
    else:
        yield from strict.check_value(shape.members[name], json.loads(message.payload), name, "json")


def check_frames(endpoint):
    logs = Checked(endpoint, "logs")
    # Before botocore wraps the body, so that nothing is parsed leniently.
    raw = []
    logs.client.meta.events.register("before-parse.logs.StartLiveTail", lambda response_dict, **_: raw.append(response_dict))
    logs.call("start_live_tail", logGroupIdentifiers=[arn()])
    reply = raw[0]
    tally.check("the reply is an event stream",
                reply["headers"].get("content-type") == "application/vnd.amazon.eventstream")
    tally.check("with a request id and a date", "x-amzn-requestid" in reply["headers"] and "date" in reply["headers"])
    # The initial response botocore has insisted on, and taken, already.
    found = frames(reply["body"], 4)
    names = [message.headers.get(":event-type") for _, message in found]
    tally.check("frames come in their order", names == ["sessionStart"] + ["sessionUpdate"] * 3)
    tally.check("the first at once", found[0][0] < 0.5)
    tally.check("then one each second", 2.5 < found[3][0] < 4)
    shape = logs.client.meta.service_model.operation_model("StartLiveTail").output_shape.members["responseStream"]
    for _, message in found:
        tally.check(f"{message.headers.get(':event-type')} is exactly as modelled", wrong_with(shape, message))
    reply["body"].close()


def check_session(endpoint):
    logs = Checked(endpoint, "logs")
    stream = logs.call("start_live_tail", logGroupIdentifiers=[arn()], logEventFilterPattern="RequestId")["responseStream"]
    events, start = [], None
    for part in stream:
        start = part.get("sessionStart", start)
        update = part.get("sessionUpdate", {"sessionResults": []})
        events += update["sessionResults"]
        if len(events) > 2:
            break
    stream.close()
    tally.check("the session says what it was asked for",
                start["logGroupIdentifiers"] == [arn()] and start["logEventFilterPattern"] == "RequestId")
    tally.check("its events fit the pattern", all("RequestId" in event["message"] for event in events))
    tally.check("and name their group", {event["logGroupIdentifier"] for event in events} == {f"{PROD}:{GROUP}"})
    now = time.time() * 1000
    tally.check("and have only just arrived", all(0 <= now - event["ingestionTime"] < 60_000 for event in events))

    wrong = [[], [arn() + ":*"], [GROUP], [arn()] * 11]
    for identifiers in wrong:
        time.sleep(PATIENCE)
        logs.fails(f"{len(identifiers)} identifiers that are wrong", "start_live_tail", "InvalidParameterException", 400,
                   logGroupIdentifiers=identifiers)
    time.sleep(PATIENCE)
    logs.fails("a group that is not there", "start_live_tail", "ResourceNotFoundException", 400,
               logGroupIdentifiers=[arn("/none")])


def check_seats(endpoint):
    """In a region of its own, so that nobody else's sessions count."""
    logs = Checked(endpoint, "logs", region="eu-west-1")
    mine = arn(region="eu-west-1")
    open_streams = []
    for _ in range(15):
        time.sleep(PATIENCE)
        open_streams.append(logs.call("start_live_tail", logGroupIdentifiers=[mine])["responseStream"])
    time.sleep(PATIENCE)
    logs.fails("a sixteenth session", "start_live_tail", "LimitExceededException", 400, logGroupIdentifiers=[mine])
    for stream in open_streams:
        stream.close()
    # The server notices when it next writes.
    for _ in range(40):
        time.sleep(PATIENCE)
        try:
            logs.call("start_live_tail", logGroupIdentifiers=[mine])["responseStream"].close()
        except botocore.exceptions.ClientError:
            continue
        tally.check("a session ends when its client leaves", True)
        return
    tally.check("a session ends when its client leaves", False)


def check_program(endpoint):
    """`aws logs start-live-tail`, which prints what it hears until it is ended."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": tempfile.gettempdir(),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": PROD,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PYTHONUNBUFFERED": "1",
    }
    program = pathlib.Path(sys.executable).parent / "aws"
    words = ["logs", "start-live-tail", "--region", "us-east-1", "--log-group-identifiers", arn()]
    running = subprocess.Popen([program, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    patience = threading.Timer(20, running.kill)
    patience.start()
    line = running.stdout.readline()
    running.kill()
    patience.cancel()
    _, errors = running.communicate()
    tally.check("aws logs start-live-tail prints lines", [] if line.strip() else [errors.strip()[:300] or "nothing"])


def check_live_tail(endpoint):
    check_frames(endpoint)
    check_session(endpoint)
    check_program(endpoint)
    check_seats(endpoint)
