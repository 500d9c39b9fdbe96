"""A model's files in the weights folder, and its manifest, NAME.json, which is written last and knows their digests.

Reading 2.5 GB at every start of a server would take seconds. So the manifest also holds each file's size and time of
change as they were when its digest was taken: a file that still has both is trusted, any other is read again. Whoever
wants every byte looked at asks for a thorough check.
"""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sam.errors import ZooError
from sam.files import replacing, sha256_of

CHECKPOINT = ".safetensors"
DECODER_IMAGE = ".decoder-image.onnx"  # what of the decoder depends on the image alone
DECODER_CLICK = ".decoder-click.onnx"
ENCODER = ".encoder.onnx"  # only of architectures that run faster that way
MANIFEST = ".json"

CONVERSION = 1
"""Which version of the way from a source's file to our tensors this is. Raise it when the same file would become others
(a test tells): models are then fetched and converted anew, where a change of other code only exports them again."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class FileRecord:
    """A file as it was made. `changed`: its time of modification, in ns since 1970, when its digest was last taken."""

    sha256: str
    size: int
    changed: int


@dataclass(frozen=True)
class Manifest:
    """What NAME.json holds. `files` by their ending; digests are SHA-256, hexadecimal."""

    title: str
    architecture: str
    licence: str
    good_for: str
    origin: str
    source: list[str]  # digests of what the weights were made of
    conversion: int  # CONVERSION when they were made
    recipe: str  # what code exported the ONNX files
    encoder_digest: str  # over the encoder's tensors
    files: dict[str, FileRecord]

    @property
    def decoder_digest(self) -> str:
        """Names what a browser runs: over the digests of both parts."""
        both = self.files[DECODER_IMAGE].sha256 + self.files[DECODER_CLICK].sha256
        return hashlib.sha256(both.encode()).hexdigest()


def check_name(name: str) -> str:
    """The name, where it can be a file's: letters, digits, `-`, `_` and `.`, up to 64, the first a letter or digit."""
    if not NAME.fullmatch(name):
        raise ZooError(f"{name!r} cannot name a model: use up to 64 letters, digits, '-', '_' and '.'")
    return name


def path_of(name: str, weights_dir: Path, ending: str) -> Path:
    """Of one of the model's files, which need not exist."""
    return weights_dir / f"{check_name(name)}{ending}"


def read_manifest(name: str, weights_dir: Path) -> Manifest:
    """Raises ZooError where there is none, or one of another version of this program."""
    path = path_of(name, weights_dir, MANIFEST)
    try:
        table = json.loads(path.read_bytes())
        files = {ending: FileRecord(**record) for ending, record in table.pop("files").items()}
        return Manifest(**table, files=files)
    except FileNotFoundError:
        raise ZooError(f"{name} is not in {weights_dir}") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ZooError(f"{path}: not a manifest of this version ({error!r})") from error


def write_manifest(manifest: Manifest, name: str, weights_dir: Path) -> None:
    """Replace it."""
    with replacing(path_of(name, weights_dir, MANIFEST)) as temporary:
        temporary.write_text(json.dumps(asdict(manifest), indent=2), "utf-8")


def record(path: Path) -> FileRecord:
    """Of a file as it is now."""
    before = path.stat()
    return FileRecord(sha256_of(path), before.st_size, before.st_mtime_ns)


def check_files(name: str, weights_dir: Path, *, thorough: bool = False) -> Manifest:
    """The manifest of a model whose files are as they were made; raises ZooError with the first that is not.

    thorough: take every digest anew, rather than of files alone whose size or time of change is another than noted.
    """
    manifest = read_manifest(name, weights_dir)
    found = {
        ending: _check_file(path_of(name, weights_dir, ending), noted, thorough=thorough)
        for ending, noted in manifest.files.items()
    }
    if found != manifest.files:  # copied, or touched: the next start need not read it again
        manifest = replace(manifest, files=found)
        with suppress(OSError):  # the account that serves may not write here
            write_manifest(manifest, name, weights_dir)
    return manifest


def is_intact(name: str, weights_dir: Path, manifest: Manifest, ending: str) -> bool:
    """Whether one of the model's files is as it was made, by its digest."""
    path = path_of(name, weights_dir, ending)
    return path.is_file() and ending in manifest.files and sha256_of(path) == manifest.files[ending].sha256


def _check_file(path: Path, noted: FileRecord, *, thorough: bool) -> FileRecord:
    try:
        status = path.stat()
        same = (status.st_size, status.st_mtime_ns) == (noted.size, noted.changed)
        if same and not thorough:
            return noted
        found = record(path)
    except FileNotFoundError:
        raise ZooError(f"{path}: there is no such file any more") from None
    if found.sha256 != noted.sha256:
        raise ZooError(
            f"{path}: damaged or changed since it was made (SHA-256 expected {noted.sha256}, found {found.sha256})"
        )
    return found


def names_in(weights_dir: Path) -> list[str]:
    """Every name that a manifest in the folder stands for, readable or not."""
    return sorted(path.stem for path in weights_dir.glob(f"*{MANIFEST}") if NAME.fullmatch(path.stem))


def remove_files(name: str, weights_dir: Path) -> int:
    """Delete the model's files, its manifest first; returns the bytes that this freed."""
    freed = 0
    for ending in (MANIFEST, CHECKPOINT, DECODER_IMAGE, DECODER_CLICK, ENCODER):
        path = path_of(name, weights_dir, ending)
        with suppress(FileNotFoundError):
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed
