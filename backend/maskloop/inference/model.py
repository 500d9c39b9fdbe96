"""A model that this server serves, known by its files alone: the web process never imports torch for it."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from maskloop.errors import StartupError
from maskloop.inference.bundled import link_bundled
from maskloop.settings import Settings
from sam import zoo
from sam.config import ARCHITECTURES, SamConfig
from sam.errors import SamError
from sam.zoo import ModelFiles

Device = Literal["cpu", "cuda"]


@dataclass(frozen=True)
class ServedModel:
    """A model that is here, and where its encoder runs. Its digests (SHA-256, hexadecimal) name it for ever."""

    name: str
    device: Device
    files: ModelFiles

    @property
    def encoder_digest(self) -> str:
        return self.files.encoder_digest

    @property
    def decoder_digest(self) -> str:
        return self.files.decoder_digest

    @property
    def config(self) -> SamConfig:
        return ARCHITECTURES[self.files.architecture]


def find_model(settings: Settings) -> ServedModel:
    """The pulled model that the settings name, its files verified. Raises StartupError with what to do."""
    link_bundled(settings)
    try:
        files = zoo.verify(settings.model, settings.weights_dir)
    except SamError as error:
        raise StartupError(str(error)) from error
    return ServedModel(settings.model, choose_device(settings.device), files)


def choose_device(wanted: Literal["auto", "cpu", "cuda"]) -> Device:
    """CUDA where this machine has an NVIDIA driver and this torch can use it, asked without importing torch."""
    if wanted != "auto":
        return wanted
    has_driver = Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists()  # the latter: WSL
    return "cuda" if has_driver and not version("torch").endswith("+cpu") else "cpu"
