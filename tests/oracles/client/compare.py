#!/usr/bin/env python3
"""Proof 1: our client against servers that are not ours.

The sandbox is written by the same hands as the client, so the two could agree on a mistake. Here the client talks
to moto and to ministack, and what it says is compared, stack by stack, with what boto3 reads from the same server.
Run it with `run.sh`; the last line is `N passed, N failed`.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import functions
import logs
import metrics
import operations
import servers
import truth
from house import House

REGIONS = ["us-east-2", "us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"]
# More than one page of DescribeStacks (50) in every region.
STACKS = 67
# After so many failures, one more says nothing new.
TOLD = 40
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, holds, why=""):
        if holds:
            self.passed += 1
            return
        self.failed += 1
        if self.failed <= TOLD:
            print(f"  FAILED {what}: {why}", flush=True)
        elif self.failed == TOLD + 1:
            print("  and so on", flush=True)

    def same(self, what, ours, theirs):
        self.check(what, ours == theirs, f"ours {ours!r}, theirs {theirs!r}")


def seed(endpoint, *more):
    started = time.monotonic()
    # Few log events and no other load: only CloudFormation is compared here.
    command = [sys.executable, str(HERE.parent / "seed_fleet.py"), "--endpoint", endpoint, "--regions", ",".join(REGIONS)]
    done = subprocess.run([*command, "--stacks", str(STACKS), "--events", "9", *more], capture_output=True, text=True)
    print(f"  seeded in {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0, done.stdout + done.stderr


def compare_stacks(tally, server, house, endpoint):
    lines, trouble = house.json("stacks", "-r", ",".join(REGIONS))
    tally.check(f"{server}: `stacks` says nothing on stderr", trouble == "", trouble)
    for region in REGIONS:
        theirs = truth.stacks(endpoint, region)
        ours = [line for line in lines if line["region"] == region]
        tally.check(f"{server} {region}: more than one page", len(theirs) > 50, f"only {len(theirs)} stacks")
        tally.same(f"{server} {region}: count", len(ours), len(theirs))
        tally.same(f"{server} {region}: names", sorted(line["name"] for line in ours), sorted(theirs))
        for line in ours:
            expected = theirs.get(line["name"], {})
            for field in ("id", "status", "reason", "description", "tags", "outputs", "parameters"):
                tally.same(f"{server} {region} {line['name']}: {field}", line.get(field), expected.get(field))
            for field in ("created", "updated"):
                tally.same(f"{server} {region} {line['name']}: {field}", truth.moment(line.get(field)), expected.get(field))


def compare_events(tally, server, house, endpoint, names):
    for name in names:
        lines, trouble = house.json("events", name, "-r", "us-east-2,eu-west-1")
        tally.check(f"{server}: `events {name}` works", bool(lines), trouble)
        for region in ("us-east-2", "eu-west-1"):
            theirs = truth.events(endpoint, region, name)
            ours = {line["id"]: line for line in lines if line["region"] == region}
            tally.same(f"{server} {region} {name}: event ids", sorted(ours), sorted(theirs))
            for event, expected in theirs.items():
                line = ours.get(event, {})
                for field in ("resource", "type", "status", "reason"):
                    tally.same(f"{server} {region} {name} {event}: {field}", line.get(field), expected[field])
                tally.same(f"{server} {region} {name} {event}: at", truth.moment(line.get("at")), expected["at"])


def compare_states(tally, server, house):
    """The statuses that AWS has and a fresh fleet has not, and the filter on them."""
    for name, status in truth.STATES.items():
        lines, trouble = house.json("stacks", "-r", ",".join(REGIONS), "--status", status)
        where = {line["region"] for line in lines if line["name"] == name}
        tally.check(f"{server}: `--status {status}` finds {name} everywhere", where == set(REGIONS), f"{where} {trouble}")
        statuses = {line["status"] for line in lines}
        tally.same(f"{server}: `--status {status}` finds nothing else", statuses, {status})


def compare_screen(tally, server, endpoint):
    """The screen opens on this server and shows its stacks; the checks are in tests/oracle.rs."""
    environment = {
        **os.environ,
        "QUARTERDECK_ORACLE_ENDPOINT": endpoint,
        "QUARTERDECK_ORACLE_REGIONS": ",".join(REGIONS),
        "QUARTERDECK_ORACLE_STACKS": "auth-prod,checkout-api-prod",
    }
    done = subprocess.run(["cargo", "test", "--quiet", "--test", "oracle"], cwd=ROOT, env=environment, capture_output=True, text=True)
    tally.check(f"{server}: the screen shows the stacks", done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:])


def prove(tally, server, endpoint, arguments):
    print(f"{server} at {endpoint}", flush=True)
    has_states = server == "ministack"
    seeded, said = seed(endpoint, *(["--states"] if has_states else []))
    tally.check(f"{server}: the fleet is seeded", seeded, said)
    if has_states:
        missing = truth.wait_for_states(endpoint, REGIONS)
        tally.check(f"{server}: every state came about", not missing, str(sorted(missing)))
    if arguments.seed_only:
        for region in REGIONS:
            print(f"  {region}: {len(truth.stacks(endpoint, region))} stacks")
        return
    house = House(arguments.binary, endpoint)
    if arguments.operations_only:
        return operations.compare(tally, server, house, endpoint)
    compare_stacks(tally, server, house, endpoint)
    compare_events(tally, server, house, endpoint, ["observability-prod", *(["rolled-back"] if has_states else [])])
    if has_states:
        compare_states(tally, server, house)
    functions.compare(tally, server, house, endpoint)
    metrics.compare(tally, server, house, endpoint)
    logs.compare(tally, server, house, endpoint)
    if not arguments.no_screen:
        compare_screen(tally, server, endpoint)
    # The last, since it changes what the others compare.
    operations.compare(tally, server, house, endpoint)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target/debug/quarterdeck"))
    parser.add_argument("--moto", type=Path, required=True, help="the virtual environment with moto's server")
    parser.add_argument("--ministack", type=Path, required=True, help="the virtual environment with ministack")
    parser.add_argument("--logs", type=Path, default=ROOT / "target/oracles")
    parser.add_argument("--no-screen", action="store_true", help="leave out the check that needs cargo")
    parser.add_argument("--operations-only", action="store_true", help="leave out everything that only reads")
    parser.add_argument("--seed-only", action="store_true", help="only start and seed the servers: proves the set-up")
    arguments = parser.parse_args()
    tally = Tally()
    for server, start in (("moto", servers.moto), ("ministack", servers.ministack)):
        started = time.monotonic()
        with start(getattr(arguments, server), arguments.logs) as endpoint:
            prove(tally, server, endpoint, arguments)
        print(f"  {server} took {time.monotonic() - started:.1f} s", flush=True)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
