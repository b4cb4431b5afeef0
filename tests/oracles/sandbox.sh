#!/usr/bin/env bash
# Proof 2: our sandbox against botocore, the AWS CLI and AWS's own models, which know nothing of it.
# Usage: sandbox.sh BINARY
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$1
target=${CARGO_TARGET_DIR:-$here/../../target}
venv=$target/ci-venv-sandbox
logs=$target/oracles
mkdir -p "$logs"

if ! cmp -s "$here/requirements-sandbox.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements-sandbox.txt"
  cp "$here/requirements-sandbox.txt" "$venv/requirements.txt"
fi
