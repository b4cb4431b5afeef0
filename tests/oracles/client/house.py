"""Runs our binary as an operator would: from an empty home, with an endpoint and a key."""

import json
import subprocess
import tempfile
from pathlib import Path

PATIENCE = 120


class House:
    def __init__(self, binary, endpoint):
        self.binary = binary
        self.home = tempfile.TemporaryDirectory(prefix="quarterdeck-oracle-")
        self.environment = {
            "HOME": self.home.name,
            "PATH": "/usr/bin:/bin",
            "TZ": "UTC",
            "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-2",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def config(self):
        """The directory of the fleet file, made if need be."""
        folder = Path(self.home.name) / ".config" / "quarterdeck"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def run(self, *args):
        return subprocess.run(
            [self.binary, *args],
            env=self.environment,
            cwd=self.home.name,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def json(self, *args):
        """The lines of a run as objects, and what went wrong if anything did."""
        done = self.run(*args, "-o", "json")
        if done.returncode != 0:
            return [], f"exit code {done.returncode}: {done.stderr.strip()}"
        try:
            return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.strip()
        except json.JSONDecodeError as error:
            return [], f"not JSON lines: {error}: {done.stdout[:200]!r}"
