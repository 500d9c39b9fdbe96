"""The model that this server serves, known by its files alone: the web process never imports torch for it."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from maskloop.errors import StartupError
from maskloop.settings import Settings
from sam import zoo
from sam.errors import SamError

Device = Literal["cpu", "cuda"]


@dataclass(frozen=True)
class ServedModel:
    """Its digests are SHA-256, hexadecimal; the decoder's is that of the file at `decoder_path`."""

    name: str
    device: Device
    encoder_digest: str
    decoder_digest: str
    decoder_path: Path


def find_model(settings: Settings) -> ServedModel:
    """The pulled model that the settings name, its files verified. Raises StartupError with what to do."""
    try:
        files = zoo.verify(settings.model, settings.weights_dir)
    except SamError as error:
        raise StartupError(str(error)) from error
    return ServedModel(
        name=settings.model,
        device=choose_device(settings.device),
        encoder_digest=files.encoder_digest,
        decoder_digest=files.decoder_digest,
        decoder_path=files.decoder_path,
    )


def choose_device(wanted: Literal["auto", "cpu", "cuda"]) -> Device:
    """CUDA where this machine has an NVIDIA driver and this torch can use it, asked without importing torch."""
    if wanted != "auto":
        return wanted
    has_driver = Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists()  # the latter: WSL
    return "cuda" if has_driver and not version("torch").endswith("+cpu") else "cpu"
