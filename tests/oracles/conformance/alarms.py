"""CloudWatch: one operation in three protocols, which must say the same."""

import gzip
import json
import pathlib
import tempfile

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


def check_alarms(endpoint):
    answers = []
    for protocol, name in [("smithy-rpc-v2-cbor", "cbor"), ("json", "json"), ("query", "query")]:
        with tempfile.TemporaryDirectory() as folder:
            model_with(protocol, folder)
            alarms = Checked(endpoint, "cloudwatch", region="eu-west-1", data_path=folder, protocol=name)
            found, pages = alarms.pages("describe_alarms", "MetricAlarms", MaxRecords=2)
            tally.check(f"alarms page over {name}", pages == 2 and len(found) == 4)
            answers.append(found)
            ringing = alarms.call("describe_alarms", StateValue="ALARM")["MetricAlarms"]
            tally.check(f"a state selects over {name}", [a["StateValue"] for a in ringing] == ["ALARM"])
            alarms.call("describe_alarms", AlarmNames=["checkout-api-5xx-eu-west-1"])
            alarms.call("describe_alarms", AlarmTypes=["CompositeAlarm"])
            error = alarms.fails(f"a bad token over {name}", "describe_alarms", "InvalidNextToken", 400, NextToken="x")
            tally.check(f"is typed over {name}", isinstance(error, alarms.client.exceptions.InvalidNextToken))
            stranger = Checked(endpoint, "cloudwatch", key="AKIDEXAMPLE", data_path=folder)
            stranger.fails(f"an unknown key over {name}", "describe_alarms", "InvalidClientTokenId",
                           403 if name == "query" else 400)
    tally.check("all three protocols say the same", answers[0] == answers[1] == answers[2])
