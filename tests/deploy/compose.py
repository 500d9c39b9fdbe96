"""The compose files as docker compose understands them: variables filled in, overlays merged."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[2]
BASE = REPOSITORY / "docker-compose.yml"
GPU = REPOSITORY / "docker-compose.gpu.yml"

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class RequiredVariableError(Exception):
    """A variable that must be set is not."""


def load(*files: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for file in files:
        merged = _merge(merged, _fill(yaml.safe_load(file.read_text()), environment))
    return merged


def _fill(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(item, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, environment) for item in value]
    return _VARIABLE.sub(lambda found: _resolve(found, environment), value) if isinstance(value, str) else value


def _resolve(found: re.Match[str], environment: Mapping[str, str]) -> str:
    value = environment.get(found["name"], "")
    if value or found["kind"] is None:
        return value
    if found["kind"] == "?":
        raise RequiredVariableError(f"{found['name']}: {found['rest']}")
    return str(found["rest"])


def _merge(base: Any, overlay: Any) -> Any:
    if isinstance(base, dict) and isinstance(overlay, dict):
        return base | {key: _merge(base.get(key), value) for key, value in overlay.items()}
    return overlay
