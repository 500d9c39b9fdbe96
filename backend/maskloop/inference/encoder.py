"""The image encoder as the server sees it, and the engines that run it."""

import os
import sys
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import structlog

from maskloop.inference.model import ServedModel
from maskloop.inference.store import Embedding
from sam.preparation import prepare

if TYPE_CHECKING:
    from openvino import InferRequest
    from torch import Tensor, nn

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


def make_encoder(model: ServedModel, weights_dir: Path) -> Encoder:
    """The fastest engine that this machine has for this model. Nothing is loaded before it is used."""
    graph = model.files.encoder_onnx_path
    if model.device == "cpu" and graph is not None and find_spec("openvino") is not None:
        return OpenVinoEncoder(model, graph)
    return TorchEncoder(model, weights_dir)


class OpenVinoEncoder:
    """The encoder's graph on a CPU, run by OpenVINO: faster than PyTorch, in half the memory, and without it."""

    def __init__(self, model: ServedModel, graph: Path) -> None:
        self._model = model
        self._graph = graph

    @property
    def digest(self) -> str:
        return self._model.encoder_digest

    def prepare(self, pixels: Pixels) -> Input:
        return prepare(pixels, self._model.config)

    def encode(self, prepared: Input) -> Embedding:
        embedding = self._request.infer({0: prepared[None]})[0]  # (1,256,64,64)
        embedded: Embedding = embedding[0].astype(np.float16)
        return embedded

    def warm(self) -> None:
        self._request  # noqa: B018 - read for what it keeps
        log.info("model ready", model=self._model.name, device="cpu", engine="openvino", digest=self.digest)

    @cached_property
    def _request(self) -> "InferRequest":
        silence_openvino()
        import openvino  # noqa: PLC0415 - half a second, and the web process has no need of it

        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",  # else bfloat16 wherever the CPU has it, and masks suffer
            "INFERENCE_NUM_THREADS": threads(),
            "ENABLE_CPU_PINNING": False,  # several workers would sit on the same cores
        }
        return openvino.Core().compile_model(self._graph, "CPU", options).create_infer_request()


def silence_openvino() -> None:
    """To be called before OpenVINO is imported: its companion reports that over the network and marks the home folder.

    OpenVINO does without what cannot be imported.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment] # so Python's import system says "not here"


class TorchEncoder:
    """The network itself, on a GPU or a CPU. Torch and the weights are loaded with the first use."""

    def __init__(self, model: ServedModel, weights_dir: Path) -> None:
        self._model = model
        self._weights_dir = weights_dir

    @property
    def digest(self) -> str:
        return self._model.encoder_digest

    def prepare(self, pixels: Pixels) -> Input:
        return prepare(pixels, self._model.config)

    def encode(self, prepared: Input) -> Embedding:
        import torch  # noqa: PLC0415 - a second to import, and the web process has no need of it

        image = torch.from_numpy(prepared)[None].to(self._model.device)
        run = encode_in_half if self._model.device == "cuda" else encode_whole
        with torch.inference_mode():
            embedding = run(self._network, image)  # (1,256,64,64)
        embedded: Embedding = embedding[0].to(torch.float16).cpu().numpy()
        return embedded

    def warm(self) -> None:
        self._network  # noqa: B018 - read for what it keeps
        log.info("model ready", model=self._model.name, device=self._model.device, engine="torch", digest=self.digest)

    @cached_property
    def _network(self) -> "nn.Module":
        import torch  # noqa: PLC0415 - as above

        from sam import zoo  # noqa: PLC0415 - as above

        torch.set_num_threads(threads())
        return zoo.load(self._model.name, self._weights_dir, self._model.device).sam.image_encoder


def encode_whole(network: "nn.Module", images: "Tensor") -> "Tensor":
    """(B,3,S,S) -> (B,256,64,64) in single precision."""
    embeddings: Tensor = network(images)
    return embeddings


def encode_in_half(network: "nn.Module", images: "Tensor") -> "Tensor":
    """(B,3,S,S) -> (B,256,64,64) in half precision, which GPUs are several times as fast at.

    It knows no number above 65,504. Released weights keep far below; for others that do not, it is all computed once
    more in single precision.
    """
    import torch  # noqa: PLC0415 - as above

    with torch.autocast(images.device.type, torch.float16):
        embeddings: Tensor = network(images)
    return embeddings if bool(embeddings.isfinite().all()) else encode_whole(network, images)


def threads() -> int:
    """How many to compute with: what OMP_NUM_THREADS says, which both engines' users know, else all usable cores."""
    wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    return int(wanted) if wanted.isdecimal() and int(wanted) else usable_cores()


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
