"""Files of weights: written whole or not at all, known by their digests. No torch here: it is cheap to import."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sam.errors import ZooError


def sha256_of(path: Path) -> str:
    """Digest of a file, in hexadecimal; its content streams by."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, renamed to `path` at the end: readers see the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def require_space(folder: Path, needed: int, purpose: str) -> None:
    """Raise ZooError where the disk of `folder`, which exists, has fewer than `needed` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ZooError(
            f"{folder}: {purpose} needs {in_words(needed)}, and the disk has {in_words(free)} left. Make room, or set "
            "MASKLOOP_WEIGHTS_DIR to a folder on another disk."
        )


def in_words(size: float) -> str:
    """A number of bytes for people, in decimal units: 375 MB, 2.6 GB."""
    for unit, one in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= one:
            return f"{size / one:.1f} {unit}" if size < 10 * one else f"{size / one:.0f} {unit}"
    return f"{size:.0f} bytes"
