"""Holds the requests that our client sent against botocore's models and signer.

    python request_check.py --requests requests.jsonl [--secret sandbox]

Each line of the file is one request as the sandbox's log writes it:

    {"method": "POST", "target": "/", "headers": [["host", "127.0.0.1:4566"], ...], "body": "<base64>"}

Decodes each by the protocol it is written in, validates the parameters (names, types, required ones,
ranges), and computes the signature again. Ends with "N passed, N failed".
"""

import argparse
import base64
import json
import re
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

import botocore.loaders
import botocore.validate
import moto.core.parse
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.model import ServiceModel
from werkzeug.datastructures import MultiDict

import strict

LOADER = botocore.loaders.Loader()
# Signing name → botocore's name, where they differ.
SERVICES = {"monitoring": "cloudwatch", "elasticloadbalancing": "elbv2", "awsssoportal": "sso", "logs": "logs"}
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<signed>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)
models = {}


def model(service):
    name = SERVICES.get(service, service)
    if name not in models:
        models[name] = ServiceModel(LOADER.load_service_model(name, "service-2"), name)
    return models[name]


class Request:
    def __init__(self, line):
        record = json.loads(line)
        self.method, self.target = record["method"], record["target"]
        self.headers = {name.lower(): value for name, value in record["headers"]}
        self.body = base64.b64decode(record["body"])
        self.path = urlsplit(self.target).path
        self.signature = AUTHORIZATION.fullmatch(self.headers.get("authorization", ""))
        self.service = self.signature["service"] if self.signature else self.unsigned_service()

    def unsigned_service(self):
        return "awsssoportal" if self.path.startswith("/federation/") else None

    def title(self):
        return f"{self.service} {self.method} {self.target}"


def decode(request):
    """(operation model, parameters, sentences about names that the model does not have)."""
    service = model(request.service)
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        operation = service.operation_model(request.path.rsplit("/", 1)[1])
        return operation, strict.read_cbor(request.body) if request.body else {}, []
    if "x-amz-target" in request.headers:
        operation = service.operation_model(request.headers["x-amz-target"].rsplit(".", 1)[1])
        return operation, json.loads(request.body or b"{}"), []
    if form:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True)
        operation = service.operation_model(dict(pairs)["Action"])
        protocol = "ec2" if service.metadata["protocol"] == "ec2" else "query"
        parser = moto.core.parse.PROTOCOL_PARSERS[protocol](operation)
        parsed = parser.parse({"method": request.method, "values": MultiDict(pairs), "headers": request.headers,
                               "body": request.body, "url_path": request.path, "url_params": {}})
        extra = [f"{key}: not in the model" for key, _ in pairs if not is_known(operation.input_shape, key, protocol)]
        if dict(pairs).get("Version") != service.metadata["apiVersion"]:
            extra.append(f"Version {dict(pairs).get('Version')!r}")
        return operation, dict(parsed), extra
    for name in rest_operations(service):
        operation = service.operation_model(name)
        template, _, fixed = operation.http["requestUri"].partition("?")
        pattern = re.sub(r"\\?\{(\w+)(\+?)\\?\}", lambda m: f"(?P<{m[1]}>{'.+' if m[2] else '[^/]+'})", template)
        match = re.fullmatch(pattern, request.path)
        query = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        if match and operation.http["method"] == request.method and set(parse_qsl(fixed)) <= set(query):
            labels = {key: unquote(value) for key, value in match.groupdict().items()}
            parser = moto.core.parse.PROTOCOL_PARSERS[service.metadata["protocol"]](operation)
            parsed = parser.parse({"method": request.method, "values": MultiDict(query), "headers": request.headers,
                                   "body": request.body, "url_path": request.path, "url_params": labels})
            return operation, dict(parsed), []
    raise LookupError("no operation has this path")


def rest_operations(service):
    """Those first that a fixed parameter (`?List=ALL`) tells from others with the same path."""
    return sorted(service.operation_names, key=lambda name: "?" not in service.operation_model(name).http["requestUri"])


def is_known(shape, key, protocol):
    """Whether a dotted parameter name leads somewhere in the input shape."""
    if key in ("Action", "Version"):
        return True
    for step in key.split("."):
        if step.isdigit() or step in ("member", "entry"):
            if shape is not None and shape.type_name == "list":
                shape = shape.member if step.isdigit() else shape
            continue
        if shape is None or shape.type_name != "structure":
            return False
        names = {}
        for member, inner in shape.members.items():
            name = inner.serialization.get("name", member)
            names[inner.serialization.get("queryName") or (name[0].upper() + name[1:] if protocol == "ec2" else name)] = inner
        if step not in names:
            return False
        shape = names[step]
    return True


def check_signature(request, secret):
    if request.signature is None:
        if request.unsigned_service() is None:
            yield "no signature, or one that cannot be read"
        return
    signed = request.signature["signed"].split(";")
    for needed in ("host", "x-amz-date"):
        if needed not in signed:
            yield f"{needed} is not signed"
    if "x-amz-security-token" in request.headers and "x-amz-security-token" not in signed:
        yield "the session token is not signed"
    key = request.signature["key"]
    if key.startswith("ASIA"):
        secret = f"sandbox/secret/of/{key}+quarterdeck"
    copy = AWSRequest(
        method=request.method,
        url=f"http://{request.headers['host']}{request.target}",
        data=request.body,
        headers={name: value for name, value in request.headers.items() if name in signed},
    )
    copy.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(key, secret), request.signature["service"], request.signature["region"])
    canonical = signer.canonical_request(copy)
    if signer.signature(signer.string_to_sign(copy, canonical), copy) != request.signature["signature"]:
        yield "the signature is not what botocore computes"
    if not request.headers["x-amz-date"].startswith(request.signature["date"]):
        yield "the credential scope has another day than X-Amz-Date"


def check_parameters(request):
    try:
        operation, parameters, problems = decode(request)
    except Exception as error:
        yield f"cannot be decoded: {type(error).__name__}: {error}"
        return
    yield from problems
    if operation.input_shape is None:
        return
    report = botocore.validate.ParamValidator().validate(parameters, operation.input_shape)
    if report.has_errors():
        yield report.generate_report()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--requests", required=True, help="JSON lines, or - for standard input")
    arguments.add_argument("--secret", default="sandbox", help="the secret of the client's long-lived keys")
    options = arguments.parse_args()
    lines = sys.stdin if options.requests == "-" else open(options.requests, encoding="utf-8")
    tally = strict.Tally()
    count = 0
    for line in filter(str.strip, lines):
        request = Request(line)
        count += 1
        tally.check(f"parameters of {request.title()}", check_parameters(request))
        tally.check(f"signature of {request.title()}", check_signature(request, options.secret))
    tally.check("there were requests to check", count > 0)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
