"""The decoder on the server: the two graphs that browsers run, in the runtime that browsers have."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from maskloop.inference.encoder import threads
from maskloop.inference.model import ServedModel
from maskloop.inference.store import Embedding
from sam.config import PromptDecoderConfig

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = npt.NDArray[np.float32]
SeenImage = Mapping[str, Floats]
"""What the image part made of an embedding, by the names that the click part knows: tens of megabytes."""

LOGIT_SIDE = PromptDecoderConfig().mask_size


@dataclass(frozen=True)
class ClickInput:
    """A prompt as the click part takes it. A padding point closes the points where there is no box."""

    coords: Floats  # (N,2), (x, y) in pixels of the network's input
    labels: Floats  # (N,)
    prior: Floats | None  # (256,256) logits of an earlier round
    tokens: tuple[int, ...]  # the masks wanted, (M,)


@dataclass(frozen=True)
class ClickOutput:
    """What the network says to a prompt."""

    logits: Floats  # (M,256,256)
    predicted_ious: Floats  # (4,), always all


class OnnxDecoder:
    """The decoder of one model. Its methods block: call them on a thread, one at a time."""

    def __init__(self, model: ServedModel) -> None:
        self._files = model.files

    def see(self, embedding: Embedding) -> SeenImage:
        """Runs the image part on (256,64,64)."""
        names = [output.name for output in self._image.get_outputs()]
        outputs = self._image.run(None, {"image_embedding": embedding[None].astype(np.float32)})
        return dict(zip(names, outputs, strict=True))

    def click(self, seen: SeenImage, prompt: ClickInput) -> ClickOutput:
        """Runs the click part."""
        blank = np.zeros((LOGIT_SIDE, LOGIT_SIDE), np.float32)
        inputs = {
            "point_coords": prompt.coords[None],
            "point_labels": prompt.labels[None],
            "mask_input": (blank if prompt.prior is None else prompt.prior)[None, None],
            "has_mask_input": np.array([prompt.prior is not None], np.float32),
            "mask_tokens": np.array(prompt.tokens, np.int64),
        }
        logits, ious = self._click.run(None, {**seen, **inputs})  # (1,M,256,256), (1,4)
        return ClickOutput(logits[0], ious[0])

    @cached_property
    def _image(self) -> "InferenceSession":
        return _session(self._files.decoder_image_path)

    @cached_property
    def _click(self) -> "InferenceSession":
        return _session(self._files.decoder_click_path)


def _session(graph: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - most servers never decode

    options = SessionOptions()
    options.intra_op_num_threads = threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # requests are answered on the same cores
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
