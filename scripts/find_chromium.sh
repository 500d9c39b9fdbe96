#!/usr/bin/env bash
# Prints the path of a Chromium or Chrome for the browser tests; installs one where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

find_one() {
  for name in "${MASKLOOP_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    [ -n "$name" ] && command -v "$name" && return 0
  done
  # Playwright's own, if it was installed.
  .venv/bin/python - <<'PY'
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
if not Path(path).exists():
    sys.exit(1)
print(path)
PY
}

install_one() {
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] && grep -q '^ID=debian' /etc/os-release; then
    apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
  else
    .venv/bin/playwright install chromium
  fi
}

find_one 2>/dev/null && exit 0
echo "==> No Chromium found: installing one" >&2
install_one >&2 || {
  echo "The browser tests need Chromium. Install it (Debian: apt-get install chromium; elsewhere: .venv/bin/playwright" \
    "install chromium) or set MASKLOOP_CHROMIUM to its path." >&2
  exit 1
}
find_one
