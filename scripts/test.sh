#!/usr/bin/env bash
# Every check and every test. Arguments go to pytest: scripts/test.sh tests/e2e -k accept
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then
  scripts/check.sh
  echo "==> Front end (Vitest)"
  npm run --silent --prefix frontend test
fi
MASKLOOP_CHROMIUM=$(scripts/find_chromium.sh)
export MASKLOOP_CHROMIUM
echo "==> Models, server, deployment and browser (pytest; browser: $MASKLOOP_CHROMIUM)"
.venv/bin/python -m pytest "$@"
