#!/usr/bin/env bash
# Usage: setup_python.sh LOCK_FILE. Makes .venv and installs exactly what the lock file names, then torch, then ourselves.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Maskloop needs Python 3.11 or later; '$python' is $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11." >&2
  exit 1
}
if [ ! -x .venv/bin/pip ]; then
  echo "==> Creating .venv with $("$python" --version)"
  "$python" -m venv .venv || { echo "Could not create .venv: on Debian or Ubuntu, install the python3-venv package." >&2; exit 1; }
fi

# A person sees pip's progress; a log gets what matters.
quiet=--quiet
if [ -t 1 ]; then quiet=; fi
pip_install() { .venv/bin/python -m pip --disable-pip-version-check install $quiet "$@"; }
echo "==> Installing Python packages from $lock"
pip_install --require-hashes --requirement "$lock"
# Its build depends on the machine, so it is pinned by version and found through pip's own settings (see README, "GPU or CPU").
torch=$(grep -oE 'torch==[0-9.]+' pyproject.toml)
echo "==> Installing $torch"
pip_install "$torch"
echo "==> Installing maskloop"
pip_install --no-deps --no-build-isolation --editable .
