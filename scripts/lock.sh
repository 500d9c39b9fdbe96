#!/usr/bin/env bash
# Resolves pyproject.toml into the two hashed lock files (every platform, Python 3.11 and later).
#
# torch and the CUDA libraries it names are left out: which build of torch suits a machine (CPU, CUDA, macOS) is not
# ours to decide, so scripts/setup_python.sh installs the pinned version by itself, from whatever index pip is set up with.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() { .venv/bin/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --no-header --no-emit-index-url "$@"; }

left_out=()
for name in torch $(compile --no-annotate | grep -oE '^(nvidia|cuda|triton)[a-z0-9-]*' | sort -u); do
  left_out+=(--no-emit-package "$name")
done

compile --generate-hashes "${left_out[@]}" --output-file requirements.lock
compile --generate-hashes "${left_out[@]}" --extra dev --output-file requirements-dev.lock
