"""A botocore client that checks every reply strictly, and the tally that all parts share."""

import time
import urllib.error
import urllib.request

import botocore.exceptions
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

import strict

PROD, STAGING = "123456789012", "210987654321"
ONCE = {
    "retries": {"max_attempts": 0, "mode": "standard"},
    "connect_timeout": 5,
    "read_timeout": 20,
    # What is wrong with a request is for the sandbox to say.
    "parameter_validation": False,
    # Live Tail would go to stream-127.0.0.1.
    "inject_host_prefix": False,
}
tally = strict.Tally()
driven = set()


class Checked:
    """A botocore client whose every successful reply is checked strictly before botocore parses it."""

    def __init__(self, endpoint, service, region="us-east-1", key=PROD, token=None, data_path=None, protocol=None):
        session = botocore.session.Session()
        if data_path:
            session.set_config_variable("data_path", data_path)
        self.client = session.create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=key,
            aws_secret_access_key="sandbox",
            aws_session_token=token,
            config=Config(**ONCE),
        )
        model = self.client.meta.service_model
        resolved = model.resolved_protocol if hasattr(model, "resolved_protocol") else model.metadata["protocol"]
        self.protocol = {"smithy-rpc-v2-cbor": "cbor"}.get(resolved, resolved)
        if protocol:
            tally.check(f"{service} is spoken to in {protocol}", self.protocol == protocol)
        self.client.meta.events.register("before-parse", self.before_parse)

    def before_parse(self, operation_model, response_dict, **_):
        if response_dict["status_code"] >= 300:
            return
        name = operation_model.name
        driven.add((operation_model.service_model.service_name, name))
        if operation_model.has_event_stream_output:
            return  # its frames are still to come; live_tail.py checks them
        body = response_dict["body"]
        if operation_model.has_streaming_output:
            body = b""  # whoever called reads it
        problems = strict.check_reply(operation_model, self.protocol, response_dict["headers"], body,
                                      response_dict["status_code"])
        tally.check(f"{name} over {self.protocol}: the reply is exactly as modelled", problems)

    def call(self, operation, **params):
        """The demo throttles logs as AWS does; whoever calls here has the time."""
        patient = self.client.meta.service_model.service_name == "logs"
        while True:
            try:
                return getattr(self.client, operation)(**params)
            except botocore.exceptions.ClientError as error:
                if not patient or error.response["Error"]["Code"] != "ThrottlingException":
                    raise
                time.sleep(0.2)

    def pages(self, operation, key, **params):
        """All items, the number of pages; a repeated token would go on for ever, so it is an error."""
        items, pages, tokens, token = [], 0, set(), None
        while True:
            reply = self.call(operation, **params, **({"NextToken": token} if token else {}))
            items += reply.get(key, [])
            pages += 1
            token = reply.get("NextToken")
            if not token:
                return items, pages
            assert token not in tokens, f"{operation} repeats a token"
            tokens.add(token)

    def fails(self, title, operation, code, status, words="", **params):
        try:
            self.call(operation, **params)
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]
            meta = error.response["ResponseMetadata"]
            problems = []
            if found["Code"] != code:
                problems.append(f"code {found['Code']!r} instead of {code!r}")
            if meta["HTTPStatusCode"] != status:
                problems.append(f"status {meta['HTTPStatusCode']} instead of {status}")
            if words not in found.get("Message", ""):
                problems.append(f"message {found.get('Message')!r} lacks {words!r}")
            if not meta.get("RequestId"):
                problems.append("no request id")
            tally.check(title, problems)
            return error
        tally.check(title, [f"{operation} succeeded"])
        return None


def raw(endpoint, headers, body, path="/", sign=None, amz_date=None):
    request = AWSRequest(method="POST", url=endpoint + path, data=body, headers=headers)
    if sign:
        SigV4Auth(Credentials(PROD, "sandbox"), sign, "us-east-1").add_auth(request)
    prepared = request.prepare()
    sent = dict(prepared.headers.items())
    if amz_date:
        sent["X-Amz-Date"] = amz_date
    try:
        reply = urllib.request.urlopen(urllib.request.Request(prepared.url, body, sent, method="POST"), timeout=10)
        return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
