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

# Starts `quarterdeck sandbox` on a free port and reads from its first lines where it listens.
servers=()
trap 'kill "${servers[@]}" 2> /dev/null || true' EXIT
serve() { # scenario
  local lines line
  exec {lines}< <(exec env -i PATH="$PATH" HOME="$logs" TZ=UTC "$binary" sandbox --port 0 --scenario "$1" 2> "$logs/sandbox-$1.log")
  servers+=($!)
  while read -r -u "$lines" line; do
    case $line in
      'export AWS_ENDPOINT_URL='*) endpoint=${line#*=}; return ;;
    esac
  done
  echo "the sandbox $1 said nothing of where it listens:" >&2
  cat "$logs/sandbox-$1.log" >&2
  return 1
}

serve demo
demo=$endpoint
serve drill
drill=$endpoint
serve bad-day
"$venv/bin/python" "$here/sandbox_conformance.py" --endpoint "$demo" --drill "$drill" --bad-day "$endpoint"

# The other way round: what our client sent, read with AWS's models. The test writes the requests down.
(cd "$here/../.." && cargo test --quiet --locked --test suite requests_written_down)
"$venv/bin/python" "$here/request_check.py" --requests "$target/tmp/requests.jsonl"
