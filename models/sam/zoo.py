"""Models by name: pull (fetch, verify, convert, export) or import, verify, load, remove. Torch comes only when needed.

A model is its files in the weights folder (sam/manifest.py): its weights, its ONNX exports and a manifest. The zoo are
those that zoo.toml says how to pull; others are imported, and are then used alike.
"""

import hashlib
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from filelock import FileLock, Timeout

from sam import manifest as manifests
from sam.config import ARCHITECTURES
from sam.errors import CheckpointError, ZooError
from sam.files import require_space, sha256_of
from sam.manifest import (
    CHECKPOINT,
    CONVERSION,
    DECODER_CLICK,
    DECODER_IMAGE,
    ENCODER,
    Manifest,
    check_name,
    path_of,
)
from sam.progress import Progress, silent
from sam.sources import GoneFile, LocalFile, Source, parse_source

if TYPE_CHECKING:
    from sam.sam import Sam

ZOO_FILE = resources.files("sam").joinpath("zoo.toml")
DOWNLOADS = ".downloads"  # folder inside the weights folder
LOCK_TICK_S = 1.0
EXPORTS_BYTES = 64 * 10**6  # more than a model's ONNX files take on the disk

State = Literal["here", "damaged", "not here"]


@dataclass(frozen=True)
class ZooEntry:
    """One table of zoo.toml, or what is known of a file that was imported."""

    name: str
    architecture: str
    title: str
    licence: str
    good_for: str
    source: Source


@dataclass(frozen=True)
class ModelFiles:
    """A model that is here. The digests name it for ever: an embedding belongs to an encoder, a mask to a decoder."""

    architecture: str
    checkpoint_path: Path
    decoder_image_path: Path
    decoder_click_path: Path
    encoder_onnx_path: Path | None  # where the architecture runs faster that way
    encoder_digest: str  # over the encoder's tensors
    decoder_digest: str  # over both parts of the decoder


@dataclass(frozen=True)
class LoadedModel(ModelFiles):
    """The same, and the network in memory."""

    sam: "Sam"


@dataclass(frozen=True)
class Listing:
    """A line of the catalogue."""

    name: str
    title: str
    architecture: str
    licence: str
    good_for: str
    origin: str
    state: State  # damaged: a file is missing or changed
    in_zoo: bool  # whether it can be pulled; an imported one can only be mended from its own weights
    download_bytes: int | None  # what a pull brings, where that is known


def names() -> list[str]:
    """Every model that can be pulled."""
    return list(_registry())


def installed(weights_dir: Path) -> list[str]:
    """Every model of the folder, pulled or imported, whole or damaged."""
    return manifests.names_in(weights_dir)


def entry(name: str, weights_dir: Path | None = None) -> ZooEntry:
    """The model of that name in the zoo, or imported into the folder. Raises ZooError where there is none."""
    registry = _registry()
    if name in registry:
        return registry[name]
    if weights_dir is None or name not in installed(weights_dir):
        raise ZooError(f"there is no model {name!r} in the zoo; there are: {', '.join(registry)}")
    manifest = manifests.read_manifest(name, weights_dir)
    return ZooEntry(
        name=name,
        architecture=manifest.architecture,
        title=manifest.title,
        licence=manifest.licence,
        good_for=manifest.good_for,
        source=GoneFile(manifest.origin, manifest.source),
    )


def catalogue(weights_dir: Path) -> list[Listing]:
    """What can be pulled, then what was imported. A file is read only where its size or date is not as it was."""
    pullable = _registry()
    imported = [name for name in installed(weights_dir) if name not in pullable]
    lines = [_listing(model, weights_dir, in_zoo=True) for model in pullable.values()]
    for name in imported:
        with suppress(ZooError):  # of a manifest that cannot be read, nothing can be said
            lines.append(_listing(entry(name, weights_dir), weights_dir, in_zoo=False))
    return lines


def pull(name: str, weights_dir: Path, on_progress: Progress = silent) -> ModelFiles:
    """Make the model ready in `weights_dir`; where it is so already, nothing is done (some milliseconds).

    Imported ones are made ready from their own weights. Two pulls of a model at a time take turns. Raises ZooError,
    CheckpointError for a source of another layout, or what on_progress raises.
    """
    model = entry(name, weights_dir)
    if _fault(name, model, weights_dir) is None:
        return _files(name, weights_dir, manifests.read_manifest(name, weights_dir))
    with _alone(name, weights_dir, on_progress):
        if fault := _fault(name, model, weights_dir):  # else another process has made it meanwhile
            on_progress(fault, None)
            if not _export_again(name, model, weights_dir, on_progress):
                _make(model, weights_dir, on_progress)
        return _files(name, weights_dir, manifests.read_manifest(name, weights_dir))


def import_file(
    file: Path,
    weights_dir: Path,
    name: str | None = None,
    architecture: str | None = None,
    on_progress: Progress = silent,
) -> str:
    """Make a model of a file: Meta's, MobileSAM's or LiteMedSAM's .pth or .pt, one tuned from them, or our safetensors.

    One whose digest the zoo knows becomes that model. Any other is called `name`, or as the file is. Returns the name.
    Raises ZooError or CheckpointError.
    """
    if not file.is_file():
        raise ZooError(f"{file}: there is no such file")
    if architecture is not None and architecture not in ARCHITECTURES:
        raise ZooError(f"there is no architecture {architecture!r}; there are: {', '.join(ARCHITECTURES)}")
    on_progress(f"{file.name}: taking its SHA-256", None)
    source = LocalFile(file, sha256_of(file))
    model = _describe(source, name, architecture)
    if model.name in names() and entry(model.name).source.digests != source.digests:
        raise ZooError(f"{model.name!r} is a model of the zoo, and {file} is not its file; give another --name")
    if model.name not in names() and model.name in installed(weights_dir):
        raise ZooError(f"there is a model {model.name!r} here already; give another --name, or remove that one first")
    with _alone(model.name, weights_dir, on_progress):
        _make(model, weights_dir, on_progress)
    return model.name


def verify(name: str, weights_dir: Path, *, thorough: bool = False) -> ModelFiles:
    """A model that is here. Raises ZooError where a file of it is missing or not as it was made.

    thorough: read every byte; else only those files whose size or date is another than when they were last read.
    One that an earlier version made is good enough to serve; only `pull` makes it again.
    """
    entry(name, weights_dir)
    try:
        return _files(name, weights_dir, manifests.check_files(name, weights_dir, thorough=thorough))
    except ZooError as error:
        raise ZooError(f"{error}. Run `maskloop models pull {name}`.") from None


def load(name: str, weights_dir: Path, device: str = "cpu") -> LoadedModel:
    """A model that is here, verified, on `device` ("cpu", "cuda", "cuda:1"...)."""
    from sam.checkpoints import load_checkpoint  # noqa: PLC0415 - brings torch

    files = verify(name, weights_dir)
    return LoadedModel(**vars(files), sam=load_checkpoint(files.checkpoint_path, device))


def remove(name: str, weights_dir: Path) -> int:
    """Delete a model's files, and what an unfinished pull left of it; returns the bytes that this freed."""
    downloads = [weights_dir / DOWNLOADS / digest[:12] for digest in entry(name, weights_dir).source.digests]
    unfinished = [path for folder in downloads for path in folder.glob("*")]
    if name not in installed(weights_dir) and not unfinished:
        raise ZooError(f"{name} is not in {weights_dir}")
    freed = sum(path.stat().st_size for path in unfinished)
    for folder in downloads:
        shutil.rmtree(folder, ignore_errors=True)
    return freed + manifests.remove_files(name, weights_dir)


def _fault(name: str, model: ZooEntry, weights_dir: Path) -> str | None:
    """Why the model has to be made, or exported again; None where it is up to date and intact."""
    try:
        manifest = manifests.check_files(name, weights_dir)
    except ZooError as error:
        return str(error)
    if manifest.recipe != _recipe() or not _is_converted(manifest, model):
        return f"{name} in {weights_dir} was made by another version"
    return None


def _is_converted(manifest: Manifest, model: ZooEntry) -> bool:
    """Whether converting the source today would give the same tensors."""
    if isinstance(model.source, GoneFile):
        return True
    return (manifest.conversion, manifest.source) == (CONVERSION, model.source.digests)


def _export_again(name: str, model: ZooEntry, weights_dir: Path, on_progress: Progress) -> bool:
    """Make the ONNX files anew of the converted weights; whether that was possible."""
    from sam.convert import export  # noqa: PLC0415 - brings torch

    try:
        manifest = manifests.read_manifest(name, weights_dir)
        if not _is_converted(manifest, model) or not manifests.is_intact(name, weights_dir, manifest, CHECKPOINT):
            return False
        files = export(name, weights_dir, on_progress)
    except (ZooError, CheckpointError):  # the latter: the network's modules have other names or shapes by now
        return False
    manifests.write_manifest(replace(manifest, recipe=_recipe(), files=files), name, weights_dir)
    on_progress(f"{name}: ready in {weights_dir}", 1.0)
    return True


def _make(model: ZooEntry, weights_dir: Path, on_progress: Progress) -> None:
    """Fetch, convert, export; the manifest comes last."""
    from sam.convert import convert, export  # noqa: PLC0415 - brings torch

    name, source, downloads = model.name, model.source, weights_dir / DOWNLOADS
    require_space(weights_dir, 2 * (source.size or 0) + EXPORTS_BYTES, f"making {name}")
    on_progress(f"{name}: making it from {source}", None)
    files = source.fetch(downloads, on_progress)
    on_progress(f"{name}: converting the weights", None)
    encoder_digest = convert(files, name, weights_dir, model.architecture, source.digests)
    manifest = Manifest(
        title=model.title,
        architecture=model.architecture,
        licence=model.licence,
        good_for=model.good_for,
        origin=str(source),
        source=source.digests,
        conversion=CONVERSION,
        recipe=_recipe(),
        encoder_digest=encoder_digest,
        files=export(name, weights_dir, on_progress),
    )
    manifests.write_manifest(manifest, name, weights_dir)
    for file in files:
        if file.is_relative_to(downloads):  # its tensors are in our own file now
            shutil.rmtree(file.parent)
    on_progress(f"{name}: ready in {weights_dir}", 1.0)


def _describe(source: LocalFile, name: str | None, architecture: str | None) -> ZooEntry:
    """The model of the zoo whose released file this is, by its digest, or what can be said of any other."""
    for model in _registry().values():
        if model.source.digests == source.digests:
            return replace(model, name=check_name(name or model.name), source=source)
    from sam.convert import architecture_of  # noqa: PLC0415 - brings torch

    name = check_name(name or source.path.stem)
    return ZooEntry(
        name=name,
        architecture=architecture or architecture_of(source.path),
        title=name,
        licence="unknown: ask who made the file",
        good_for="Imported; what it is good for is for its owner to say.",
        source=source,
    )


def _listing(model: ZooEntry, weights_dir: Path, *, in_zoo: bool) -> Listing:
    return Listing(
        name=model.name,
        title=model.title,
        architecture=model.architecture,
        licence=model.licence,
        good_for=model.good_for,
        origin=str(model.source),
        state=_state(model.name, weights_dir),
        in_zoo=in_zoo,
        download_bytes=model.source.size if in_zoo else None,
    )


def _state(name: str, weights_dir: Path) -> State:
    if name not in installed(weights_dir):
        return "not here"
    try:
        manifests.check_files(name, weights_dir)
    except ZooError:
        return "damaged"
    return "here"


def _files(name: str, weights_dir: Path, manifest: Manifest) -> ModelFiles:
    endings = (CHECKPOINT, DECODER_IMAGE, DECODER_CLICK, ENCODER)
    checkpoint, image, click, encoder = (path_of(name, weights_dir, ending) for ending in endings)
    return ModelFiles(
        architecture=manifest.architecture,
        checkpoint_path=checkpoint,
        decoder_image_path=image,
        decoder_click_path=click,
        encoder_onnx_path=encoder if ENCODER in manifest.files else None,
        encoder_digest=manifest.encoder_digest,
        decoder_digest=manifest.decoder_digest,
    )


@contextmanager
def _alone(name: str, weights_dir: Path, on_progress: Progress) -> Iterator[None]:
    """The one process that makes this model: two would write into the same files. A disk that fails is a ZooError."""
    try:
        weights_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(weights_dir / f".{name}.lock")
        _acquire(lock, name, on_progress)
        try:
            yield
        finally:
            lock.release()
    except OSError as error:
        raise ZooError(
            f"{weights_dir}: {name} cannot be written there ({error}). Make room and give this account the right to "
            "write, or set MASKLOOP_WEIGHTS_DIR to another folder."
        ) from error


def _acquire(lock: FileLock, name: str, on_progress: Progress) -> None:
    while True:
        try:
            lock.acquire(timeout=LOCK_TICK_S)
        except Timeout:
            on_progress(f"{name}: another process is making it; waiting", None)
        else:
            return


def _recipe() -> str:
    """A digest of what makes the ONNX files out of our weights: this package's code, and the exporter's version."""
    digest = hashlib.sha256(metadata.version("torch").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _registry() -> dict[str, ZooEntry]:
    tables = tomllib.loads(ZOO_FILE.read_text("utf-8"))
    return {name: _parse(name, table) for name, table in tables.items()}


def _parse(name: str, table: dict[str, Any]) -> ZooEntry:
    return ZooEntry(**table | {"name": check_name(name), "source": parse_source(table["source"])})
