"""What botocore's parsers forgive, checked: unknown members, enums, forms of time, required members.

Every check walks the raw reply beside the model's output shape and yields sentences about what is wrong.
"""

import datetime
import json
import re
import xml.etree.ElementTree as ElementTree

from botocore.parsers import BaseCBORParser

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


# What AWS says although its own model does not list it: the events of a stack itself go through every
# status of a stack, but the model lists the statuses of resources only.
UNLISTED = {
    "ResourceStatus": {
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "REVIEW_IN_PROGRESS",
    },
}


def is_listed(shape, value):
    enum = getattr(shape, "enum", None)
    return not enum or value in enum or value in UNLISTED.get(shape.name, ())


def wire_name(shape, member, protocol):
    """What a member is called in the reply's bytes."""
    return shape.members[member].serialization.get("name", member)


# --- XML: query and ec2


def local(tag):
    return tag.rsplit("}", 1)[-1]


def check_xml(shape, element, path):
    kind = shape.type_name
    text = element.text or ""
    if kind == "structure":
        names = {wire_name(shape, member, "xml"): member for member in shape.members}
        seen = set()
        for child in element:
            name = local(child.tag)
            if name not in names:
                yield f"{path}.{name}: not in the model"
                continue
            member = names[name]
            if member in seen:
                yield f"{path}.{member}: written twice"
            seen.add(member)
            yield from check_xml(shape.members[member], child, f"{path}.{member}")
        for member in shape.required_members:
            if member not in seen:
                yield f"{path}.{member}: required, absent"
    elif kind == "list":
        item = shape.member.serialization.get("name", "member")
        for place, child in enumerate(element):
            if local(child.tag) != item:
                yield f"{path}[{place}]: <{local(child.tag)}> where <{item}> belongs"
            yield from check_xml(shape.member, child, f"{path}[{place}]")
    elif kind == "map":
        for entry in element:
            parts = {local(part.tag): part for part in entry}
            if local(entry.tag) != "entry" or set(parts) != {"key", "value"}:
                yield f"{path}: <{local(entry.tag)}> is no entry of a map"
                continue
            yield from check_xml(shape.value, parts["value"], f"{path}[{parts['key'].text}]")
    elif kind == "boolean":
        if text not in ("true", "false"):
            yield f"{path}: {text!r} is no boolean"
    elif kind in ("integer", "long"):
        if not re.fullmatch(r"-?\d+", text):
            yield f"{path}: {text!r} is no integer"
    elif kind in ("float", "double"):
        try:
            float(text)
        except ValueError:
            yield f"{path}: {text!r} is no number"
    elif kind == "timestamp":
        if not ISO.fullmatch(text):
            yield f"{path}: {text!r} is not ISO 8601 in UTC"
    elif kind == "string":
        if list(element):
            yield f"{path}: elements where text belongs"
        if not is_listed(shape, text):
            yield f"{path}: {text!r} is not one of {shape.enum}"
    else:
        yield f"{path}: this check does not know {kind}"


# --- JSON and CBOR: the same walk over plain values


def check_value(shape, value, path, protocol):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{path}: {value!r} is no structure"
            return
        names = {wire_name(shape, member, protocol): member for member in shape.members}
        for name, inner in value.items():
            if name not in names:
                yield f"{path}.{name}: not in the model"
            elif inner is not None:
                yield from check_value(shape.members[names[name]], inner, f"{path}.{name}", protocol)
        for member in shape.required_members:
            if wire_name(shape, member, protocol) not in value:
                yield f"{path}.{member}: required, absent"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        for place, inner in enumerate(value):
            yield from check_value(shape.member, inner, f"{path}[{place}]", protocol)
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"{path}: {value!r} is no map"
            return
        for key, inner in value.items():
            yield from check_value(shape.value, inner, f"{path}[{key}]", protocol)
    elif kind == "timestamp":
        if protocol == "cbor":
            if not isinstance(value, datetime.datetime):
                yield f"{path}: {value!r} does not carry tag 1"
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{path}: {value!r} is not epoch seconds"
        elif value > 1e11:
            yield f"{path}: {value!r} looks like milliseconds"
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{path}: {value!r} is no boolean"
    elif kind in ("integer", "long"):
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{path}: {value!r} is no integer"
    elif kind in ("float", "double"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{path}: {value!r} is no number"
    elif kind == "string":
        if not isinstance(value, str):
            yield f"{path}: {value!r} is no string"
        elif not is_listed(shape, value):
            yield f"{path}: {value!r} is not one of {shape.enum}"
    else:
        yield f"{path}: this check does not know {kind}"


class RawCbor(BaseCBORParser):
    """CBOR to plain values, without a model."""

    def __init__(self):
        super().__init__(timestamp_parser=lambda value: datetime.datetime.fromtimestamp(value, datetime.timezone.utc))


def read_cbor(body):
    parser = RawCbor()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))


# --- a whole reply


def check_reply(operation, protocol, headers, body, status=200):
    """What is wrong with a successful reply to `operation`, as sentences."""
    headers = {name.lower(): value for name, value in headers.items()}
    if not headers.get("x-amzn-requestid"):
        yield "no x-amzn-requestid header"
    if "date" not in headers:
        yield "no Date header"
    shape, name = operation.output_shape, operation.name
    has_payload = shape is not None and "payload" in shape.serialization
    if protocol == "rest-xml" or (protocol == "rest-json" and (status == 204 or has_payload)):
        yield from check_outside(shape, headers, body, name)
        return
    if shape is None and protocol not in ("query", "ec2"):
        if body not in (b"", b"{}"):
            yield f"{body[:80]!r} where nothing is modelled"
        return
    if protocol in ("query", "ec2"):
        if not headers.get("content-type", "").startswith("text/xml"):
            yield f"content-type {headers.get('content-type')!r}"
        root = ElementTree.fromstring(body)
        namespace = root.tag.split("}")[0].lstrip("{").rstrip("/")
        if namespace != operation.service_model.metadata["xmlNamespace"].rstrip("/"):
            yield f"namespace {namespace!r}"
        if local(root.tag) != f"{name}Response":
            yield f"root element <{local(root.tag)}>"
        children = {local(child.tag): child for child in root}
        if protocol == "ec2":
            request_id = children.pop("requestId", None)
            if request_id is None or request_id.text != headers["x-amzn-requestid"]:
                yield "the body's request id is not the header's"
            for child in list(root):
                if local(child.tag) == "requestId":
                    root.remove(child)
            if shape is not None:
                yield from check_xml(shape, root, name)
            elif [local(child.tag) for child in root] not in ([], ["return"]):
                yield "more than a yes where nothing is modelled"
            return
        metadata = children.get("ResponseMetadata")
        if metadata is None or metadata[0].text != headers["x-amzn-requestid"]:
            yield "the body's request id is not the header's"
        wrapper = children.get(f"{name}Result")
        if shape is None:
            if wrapper is not None:
                yield f"<{name}Result> where nothing is modelled"
            return
        if wrapper is None:
            yield f"no <{name}Result>"
        else:
            yield from check_xml(shape, wrapper, name)
    elif protocol == "cbor":
        if headers.get("smithy-protocol") != "rpc-v2-cbor":
            yield "no smithy-protocol header"
        yield from check_value(shape, read_cbor(body), name, protocol)
    else:
        expected = {"json": "application/x-amz-json-", "rest-json": "application/json"}[protocol]
        if not headers.get("content-type", "").startswith(expected):
            yield f"content-type {headers.get('content-type')!r}"
        yield from check_value(shape, json.loads(body), name, protocol)


def check_outside(shape, headers, body, name):
    """An answer whose body is no structure: its headers are those of the model, the body is as it comes."""
    if shape is None:
        if body:
            yield f"{name}: a body where there should be none"
        return
    known = {inner.serialization["name"].lower() for inner in shape.members.values()
             if inner.serialization.get("location") == "header"}
    for header in headers:
        if header.startswith("x-amz-") and header not in known:
            yield f"{name}: the header {header} is not in the model"


class Tally:
    """Counts what passed and says what did not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, title, problems):
        """`problems`: a boolean that should be true, or sentences of which there should be none."""
        if isinstance(problems, bool):
            problems = [] if problems else ["not so"]
        problems = list(problems)
        if problems:
            self.failed += 1
            print(f"FAILED  {title}")
            for problem in problems[:8]:
                print(f"        {problem[:300]}")
        else:
            self.passed += 1

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
