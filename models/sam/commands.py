"""Programs of the user's own (npm, pip) that fetch packages."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sam.errors import ZooError
from sam.progress import Progress

TIMEOUT_S = 900
TICK_S = 0.5


def run(command: Sequence[str], folder: Path, sentence: str, on_progress: Progress, timeout: float = TIMEOUT_S) -> None:
    """Run a program in `folder` to its end; on_progress hears the sentence twice a second, and may end it by raising.

    Raises ZooError with the last it said where it fails, or takes longer than `timeout` seconds.
    """
    shown = " ".join(command[:3])
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: S603
        try:
            status = _watch(process, sentence, on_progress, timeout)
        finally:
            process.kill()
            process.wait()
        if status is None:
            raise ZooError(f"`{shown}` in {folder} took over {timeout:g} s: check the network and try again")
        if status != 0:
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise ZooError(f"`{shown}` in {folder} failed with status {status}:\n{text[-2000:]}")


def _watch(process: "subprocess.Popen[bytes]", sentence: str, on_progress: Progress, timeout: float) -> int | None:
    """Its exit status, or None where time runs out."""
    for _ in range(max(1, round(timeout / TICK_S))):
        on_progress(sentence, None)
        try:
            return process.wait(TICK_S)
        except subprocess.TimeoutExpired:
            continue
    return None
