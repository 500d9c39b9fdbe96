"""The image encoder as the server sees it, and the real one."""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import structlog

from maskloop.inference.model import ServedModel
from maskloop.inference.store import Embedding

if TYPE_CHECKING:
    from sam.zoo import LoadedModel

log = structlog.get_logger(__name__)

Pixels = npt.NDArray[np.uint8]
"""RGB (H,W,3), EXIF orientation applied."""
Input = npt.NDArray[np.float32]
"""(3,S,S), S the network's `input_side`: scaled so that the long side is S, normalised, zeros right and below."""


class Encoder(Protocol):
    """Two halves, because only the second one needs the device. Both block: call them on threads."""

    @property
    def digest(self) -> str:
        """Names the weights; an embedding belongs to them for ever."""

    def prepare(self, pixels: Pixels) -> Input:
        """May run on several threads at once."""

    def encode(self, prepared: Input) -> Embedding:
        """Always called on one and the same thread."""

    def warm(self) -> None:
        """Loads what the first `encode` would otherwise have to wait for; called on the thread of `encode`."""


class SamEncoder:
    """Segment Anything's encoder. Torch and the weights are loaded with the first use."""

    def __init__(self, model: ServedModel, weights_dir: Path) -> None:
        self._model = model
        self._weights_dir = weights_dir

    @property
    def digest(self) -> str:
        return self._model.encoder_digest

    def prepare(self, pixels: Pixels) -> Input:
        from sam.config import ARCHITECTURES  # noqa: PLC0415 - a module imports what it needs when it is needed
        from sam.predictor import prepare_image  # noqa: PLC0415 - brings torch
        from sam.zoo import entry  # noqa: PLC0415 - as above

        config = ARCHITECTURES[entry(self._model.name).architecture]
        prepared: Input = prepare_image(pixels, config).numpy()
        return prepared

    def encode(self, prepared: Input) -> Embedding:
        import torch  # noqa: PLC0415 - a second to import, and the web process has no need of it

        network, device = self._loaded.sam.image_encoder, self._model.device
        with torch.inference_mode():
            embedding = network(torch.from_numpy(prepared)[None].to(device))  # (1,256,64,64)
        embedded: Embedding = embedding[0].to(torch.float16).cpu().numpy()
        return embedded

    def warm(self) -> None:
        log.info("model ready", model=self._model.name, device=self._model.device, digest=self._loaded.encoder_digest)

    @cached_property
    def _loaded(self) -> "LoadedModel":
        import torch  # noqa: PLC0415 - as above

        from sam import zoo  # noqa: PLC0415 - as above

        if "OMP_NUM_THREADS" not in os.environ:
            torch.set_num_threads(usable_cores())
        return zoo.load(self._model.name, self._weights_dir, self._model.device)


def usable_cores() -> int:
    """Cores this process may run on; a container or `taskset` may allow fewer than the machine has."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _quota()))


def _quota() -> int:
    """Whole cores that the container's CPU quota (cgroup v2) allows; more threads would only be throttled."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
    except (OSError, ValueError):
        return 1 << 16
    return 1 << 16 if quota == "max" else -(-int(quota) // int(period))
