#!/usr/bin/env bash
# Linters, types, layer rules, formats, and that the generated API client is the server's.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { echo "==> $*"; "$@"; }
step .venv/bin/ruff check --quiet .
step .venv/bin/ruff format --check --quiet .
step .venv/bin/mypy
step .venv/bin/lint-imports --no-cache
step npm run --silent --prefix frontend typecheck
step npm run --silent --prefix frontend lint
step npm run --silent --prefix frontend format
step scripts/generate_api.sh --check
