#!/usr/bin/env bash
# Writes the server's OpenAPI document and the TypeScript types made from it; --check fails where they differ from the committed ones.
set -euo pipefail
cd "$(dirname "$0")/.."
api=frontend/src/api
target=$api
if [ "${1:-}" = --check ]; then
  target=$(mktemp -d)
  trap 'rm -rf "$target"' EXIT
fi
.venv/bin/maskloop openapi >"$target/openapi.json"
frontend/node_modules/.bin/openapi-typescript "$target/openapi.json" --output "$target/schema.d.ts" >/dev/null
if [ "$target" != "$api" ]; then
  diff -u "$api/openapi.json" "$target/openapi.json" && diff -u "$api/schema.d.ts" "$target/schema.d.ts" || {
    echo "The API client is out of date: run 'make api' and commit the result." >&2
    exit 1
  }
fi
