#!/usr/bin/env bash
# Proof 1: our client against moto and ministack. Makes the virtual environments it needs, then compares.
# Further arguments go to compare.py, for example: --no-screen, --binary target/release/quarterdeck
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../../target}

# A finished environment is kept as long as its requirements do not change.
venv() {
  local folder=$target/ci-venv-$1 wanted=$here/requirements-$1.txt
  if ! cmp -s "$wanted" "$folder/requirements.txt"; then
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$folder/requirements.txt"
  fi
}

mkdir -p "$target"
venv moto
venv ministack
exec "$target/ci-venv-moto/bin/python" "$here/compare.py" \
  --moto "$target/ci-venv-moto" --ministack "$target/ci-venv-ministack" --logs "$target/oracles" "$@"
