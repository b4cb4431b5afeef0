"""Functions: what `functions` prints, against what boto3 reads from the same server."""

import io
import zipfile

import boto3

import truth

REGIONS = ["us-east-2", "eu-west-1"]
# With the seeded ones, more than one page of ListFunctions (50). moto gives them all at once.
MORE = 55
CANARY = "CANARY-value-of-a-variable"
ALIAS = "live"


def client(endpoint, region):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("lambda", endpoint_url=endpoint, region_name=region, **keys)


def fill(endpoint, region):
    functions = client(endpoint, region)
    role = functions.get_function_configuration(FunctionName="checkout-api")["Role"]
    for number in range(MORE):
        functions.create_function(
            FunctionName=f"oracle-{number:02}",
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": archive(f"{region if number == 7 else ''}{number}")},
            Description=f"number {number} \u00fc \u202e" if number % 3 else "",
            Timeout=3 + number,
            MemorySize=128 * (1 + number % 4),
            Environment={"Variables": {f"NAME_{number}": CANARY, "LEVEL": CANARY}} if number % 2 else {},
        )


def archive(what):
    """The same bytes for the same text, so that equal code has equal hashes in every region."""
    bytes_of = io.BytesIO()
    with zipfile.ZipFile(bytes_of, "w") as file:
        file.writestr(zipfile.ZipInfo("index.py"), f"def handler(event, context):\n    return {what!r}\n")
    return bytes_of.getvalue()


def theirs(endpoint, region):
    functions = client(endpoint, region)
    pages = functions.get_paginator("list_functions").paginate()
    return {found["FunctionName"]: told(found, alias(functions, found["FunctionName"])) for page in pages for found in page["Functions"]}


def alias(functions, name):
    for found in functions.list_aliases(FunctionName=name)["Aliases"]:
        if found["Name"] == ALIAS:
            weights = found.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
            return {"version": found["FunctionVersion"], "weights": weights, "revision": found.get("RevisionId")}
    return None


def told(found, pointer):
    """A function in the words of our own JSON."""
    return {
        "arn": found["FunctionArn"],
        "description": found.get("Description") or None,
        "runtime": found.get("Runtime") or None,
        "handler": found.get("Handler") or None,
        "package": found.get("PackageType", "Zip"),
        "architectures": found.get("Architectures", []),
        "memory": found["MemorySize"],
        "timeout": found["Timeout"],
        "modified": truth.moment(found["LastModified"]),
        "code": found["CodeSha256"],
        "code_size": found["CodeSize"],
        "role": found["Role"],
        "environment": sorted(found.get("Environment", {}).get("Variables", {})),
        "layers": [layer["Arn"] for layer in found.get("Layers", [])],
        "vpc": found.get("VpcConfig", {}).get("VpcId") or None,
        "log_group": found.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{found['FunctionName']}",
        "alias": pointer,
    }


def compare(tally, server, house, endpoint):
    for region in REGIONS:
        fill(endpoint, region)
    lines, trouble = house.json("functions", "--alias", ALIAS, "-r", ",".join(REGIONS))
    tally.check(f"{server}: `functions` says nothing on stderr", trouble == "", trouble)
    tally.check(f"{server}: no value of a variable is told", CANARY not in repr(lines), "there is one")
    order = [(line["name"], line["region"]) for line in lines]
    tally.same(f"{server}: functions are in the order of their names", [name for name, _ in order], sorted(name for name, _ in order))
    for region in REGIONS:
        wanted = theirs(endpoint, region)
        ours = {line["name"]: line for line in lines if line["region"] == region}
        tally.check(f"{server} {region}: more than one page of functions", len(wanted) > 50, f"only {len(wanted)}")
        tally.same(f"{server} {region}: names of functions", sorted(ours), sorted(wanted))
        for name, expected in wanted.items():
            line = ours.get(name, {})
            pointer = line.get("alias") and {key: line["alias"][key] for key in ("version", "weights", "revision")}
            got = {**line, "modified": truth.moment(line.get("modified")), "alias": pointer}
            for field, value in expected.items():
                tally.same(f"{server} {region} {name}: {field}", got.get(field), value)
    codes = {}
    for line in lines:
        codes.setdefault(line["name"], set()).add(line["code"])
    for line in lines:
        # Of two regions, neither is what most have.
        tally.same(f"{server} {line['region']} {line['name']}: whether its code differs", line["code_differs"], len(codes[line["name"]]) > 1)
    tally.check(f"{server}: some code differs", any(line["code_differs"] for line in lines), "none does")
    done = house.run("metrics", "checkout-ap", "-r", ",".join(REGIONS))
    tally.check(f"{server}: a slip is told", done.returncode == 2 and "did you mean `checkout-api`" in done.stderr, done.stderr)
