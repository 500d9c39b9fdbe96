"""Weights that came with the installation, in a folder that cannot be written to, beside those that people pull."""

from pathlib import Path
from uuid import uuid4

from maskloop.settings import Settings
from sam.manifest import CHECKPOINT


def link_bundled(settings: Settings) -> None:
    """Makes the bundled models appear in the weights folder as links, unless one of that name was pulled there.

    At every start, and with all files of a model: an upgrade brings others under the same names, and a manifest that
    was written anew (sam/manifest.py) must not outlive the files that it speaks of.
    """
    bundled, weights = settings.bundled_weights_dir, settings.weights_dir
    if bundled is None or not bundled.is_dir():
        return
    weights.mkdir(parents=True, exist_ok=True)
    for checkpoint in bundled.glob(f"*{CHECKPOINT}"):
        pulled = weights / checkpoint.name
        if pulled.exists() and not pulled.is_symlink():
            continue
        for file in bundled.glob(f"{checkpoint.stem}.*"):
            _link(weights / file.name, file.absolute())


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    temporary = link.with_name(f".{link.name}.{uuid4().hex}")  # several processes may start at the same time
    temporary.symlink_to(target)
    temporary.replace(link)
