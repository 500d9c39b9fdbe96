#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/ruff check --fix --quiet .
.venv/bin/ruff format --quiet .
cd frontend
npx prettier --write --log-level warn .
