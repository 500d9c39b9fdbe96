"""`make bench`: every figure that the documentation claims, measured side by side on this machine.

Writes bench-results/bench.json and bench-results/bench.md. `python -m tests.bench encoder` runs one part only.
"""

import json
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.markdown import Markdown

from tests.bench import application, automatic, decoder, embedding, encoder, gpu, workbench, zoom
from tests.bench.report import Row, table

RESULTS = Path(__file__).parents[2] / "bench-results"

PARTS: dict[str, Callable[[], list[Row]]] = {
    "encoder": encoder.measure,
    "gpu": gpu.measure,
    "embedding": embedding.measure,
    "decoder": decoder.measure,
    "automatic": automatic.measure,
    "application": application.measure,
    "zoom": zoom.measure,
    "workbench": workbench.measure,
}


def machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return platform.processor()
    return next(line.split(": ")[1] for line in cpuinfo.read_text().splitlines() if line.startswith("model name"))


def _commit() -> str:
    described = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return described.stdout.strip() or "unknown"


def main(names: list[str]) -> None:
    console = Console()
    rows: list[Row] = []
    for name in names or PARTS:
        console.print(f"[bold]==> Measuring the {name}[/bold]")
        rows += PARTS[name]()
    RESULTS.mkdir(exist_ok=True)
    facts = machine()
    document = {"commit": _commit(), "machine": facts, "rows": [row.as_dict() for row in rows]}
    (RESULTS / "bench.json").write_text(json.dumps(document, indent=2) + "\n")
    heading = f"{facts['processor']}, {facts['cores']} cores, {facts['system']}; commit {document['commit']}"
    text = f"{heading}\n\n{table(rows)}\n"
    (RESULTS / "bench.md").write_text(text)
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text)  # noqa: T201 - a log keeps the table as it is


if __name__ == "__main__":
    main(sys.argv[1:])
