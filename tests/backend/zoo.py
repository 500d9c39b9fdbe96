"""A zoo without networks: its models are empty files, and pulling one does as it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from maskloop.inference.models import Models
from sam.errors import ZooError
from sam.manifest import MANIFEST
from sam.progress import Progress
from sam.zoo import Listing, ModelFiles

DEFAULT, OTHER, BOXES = "mobile_sam", "sam_vit_b", "lite_medsam"


@dataclass
class FakeZoo:
    """`on_pull` runs on the pulling thread, with the progress to tell; the model is there when it returns."""

    names: tuple[str, ...] = (DEFAULT, OTHER, BOXES)
    on_pull: Callable[[Progress], None] = lambda _: None
    pulled: list[str] = field(default_factory=list)

    def installed(self, weights_dir: Path) -> list[str]:
        return sorted(path.stem for path in weights_dir.glob(f"*{MANIFEST}"))

    def catalogue(self, weights_dir: Path) -> list[Listing]:
        return [
            Listing(
                name=name,
                title=name.replace("_", " ").title(),
                architecture=name,
                licence="Apache-2.0",
                good_for="Tests.",
                origin="nowhere",
                state="here" if name in self.installed(weights_dir) else "not here",
                in_zoo=True,
                download_bytes=1_000_000,
            )
            for name in self.names
        ]

    def verify(self, name: str, weights_dir: Path) -> ModelFiles:
        if (weights_dir / f"{name}{MANIFEST}").read_text() == "damaged":
            raise ZooError(f"{name} is damaged")
        return files_of(name, weights_dir)

    def pull(self, name: str, weights_dir: Path, on_progress: Progress) -> ModelFiles:
        self.pulled.append(name)
        self.on_pull(on_progress)
        install(name, weights_dir)
        return files_of(name, weights_dir)


def files_of(name: str, weights_dir: Path) -> ModelFiles:
    """Digests made of the name; the decoder's two parts hold the name of the model and of the part."""
    return ModelFiles(
        architecture=name,
        checkpoint_path=weights_dir / f"{name}.safetensors",
        decoder_image_path=weights_dir / f"{name}.decoder-image.onnx",
        decoder_click_path=weights_dir / f"{name}.decoder-click.onnx",
        encoder_onnx_path=None,
        encoder_digest=encoder_of(name),
        decoder_digest=decoder_of(name),
    )


def encoder_of(name: str) -> str:
    return sha256(f"encoder of {name}".encode()).hexdigest()


def decoder_of(name: str) -> str:
    return sha256(f"decoder of {name}".encode()).hexdigest()


def install(name: str, weights_dir: Path, manifest: str = "whole") -> None:
    """Puts a model into the folder, as a pull does: its manifest last."""
    weights_dir.mkdir(parents=True, exist_ok=True)
    for part in ("image", "click"):
        (weights_dir / f"{name}.decoder-{part}.onnx").write_text(f"{name} {part}")
    temporary = weights_dir / f".{name}"
    temporary.write_text(manifest)
    temporary.replace(weights_dir / f"{name}{MANIFEST}")


def make_models(weights_dir: Path, *here: str, zoo: FakeZoo | None = None) -> Models:
    """A registry of a folder that holds the models named."""
    weights_dir.mkdir(parents=True, exist_ok=True)
    for name in here:
        install(name, weights_dir)
    return Models(weights_dir, DEFAULT, "cpu", zoo or FakeZoo())
