#!/usr/bin/env bash
# Usage: setup_node.sh FOLDER. Installs exactly what the folder's lock file names.
set -euo pipefail
cd "$(dirname "$0")/../$1"
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null || {
  echo "Maskloop needs Node.js 20.19 or later; found $(node --version 2>/dev/null || echo none)." >&2
  exit 1
}
echo "==> Installing npm packages in $1"
npm ci --no-audit --no-fund --loglevel=error
