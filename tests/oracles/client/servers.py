"""Starts the two emulators on loopback and ends them.

Two, because neither is right about everything: moto pages DescribeStacks as AWS does (50 at a time), ministack has
true CloudFormation states and real events. Each is one Python process and listens on 127.0.0.1 only.
"""

import os
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it was ready")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} is not ready after {seconds} s")


@contextmanager
def server(name, command, ready, environment, logs):
    """Runs `command` until the block ends; yields the endpoint."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    logs.mkdir(parents=True, exist_ok=True)
    variables = {k: str(v).replace("PORT", str(port)) for k, v in environment.items()}
    with open(logs / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            [part.replace("PORT", str(port)) for part in command],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_ready(endpoint + ready, process)
            yield endpoint
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def moto(venv: Path, logs: Path):
    command = [str(venv / "bin/moto_server"), "-H", "127.0.0.1", "-p", "PORT"]
    return server("moto", command, "/moto-api/", {}, logs)


def ministack(venv: Path, logs: Path):
    # Without these it listens on every address, and opens MQTT and SFTP beside HTTP.
    environment = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "PORT", "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0"}
    return server("ministack", [str(venv / "bin/ministack")], "/_ministack/ready", environment, logs)
