"""Our network gives what the package's own graphs give, on real photos."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from onnxruntime import InferenceSession

from sam.frame import Frame
from sam.predictor import Predictor, encode, prepare_image
from sam.sam import Sam, full_size_logits

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

ORIENTATIONS = ("square", "landscape", "portrait")


@dataclass(frozen=True)
class Prompt:
    """In fractions of the image's width and height, so that one table serves photos of all sizes."""

    points: list[tuple[float, float]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None
    after: "Prompt | None" = None  # its low-res logits become the mask prompt

    def in_pixels(self, rgb: Pixels) -> dict[str, Any]:
        """Arguments of `Predictor.predict`."""
        scale = np.array([rgb.shape[1], rgb.shape[0]], dtype=np.float64)
        return {
            "points": np.reshape(self.points, (-1, 2)) * scale,
            "labels": self.labels,
            "box": None if self.box is None else np.array(self.box) * np.tile(scale, 2),
        }


CLICK = Prompt([(0.45, 0.42)], [1])
PROMPTS = {
    "one point": CLICK,
    "one background point": Prompt([(0.2, 0.9)], [0]),
    "points of both labels": Prompt([(0.45, 0.42), (0.5, 0.6), (0.1, 0.1), (0.9, 0.2)], [1, 1, 0, 0]),
    "box": Prompt(box=(0.2, 0.15, 0.75, 0.8)),
    "box and points": Prompt([(0.45, 0.42), (0.3, 0.7)], [1, 0], (0.2, 0.15, 0.75, 0.8)),
    "point after a point": Prompt([(0.45, 0.42), (0.1, 0.1)], [1, 0], after=CLICK),
    "box after a point": Prompt(box=(0.2, 0.15, 0.75, 0.8), after=CLICK),
}


@pytest.fixture(scope="module")
def embeddings(sam: Sam, photos: dict[str, Pixels]) -> dict[str, torch.Tensor]:
    return {name: encode(sam, [rgb]) for name, rgb in photos.items()}


@pytest.fixture(scope="module", params=ORIENTATIONS)
def orientation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def official_feed(prompt: Prompt, rgb: Pixels, mask_input: Floats | None) -> dict[str, Any]:
    """The prompt as the package documents it: pixels of the 1024 input, box corners last, or a padding point."""
    height, width = rgb.shape[:2]
    scale = 1024 / max(height, width)
    pixels = prompt.in_pixels(rgb)
    box = [] if prompt.box is None else pixels["box"].reshape(2, 2)
    coords = np.concatenate([pixels["points"], box if len(box) else [[0, 0]]])
    stretch = np.array([int(width * scale + 0.5) / width, int(height * scale + 0.5) / height])
    labels = [*prompt.labels, *([2, 3] if len(box) else [-1])]
    return {
        "point_coords": (coords * stretch).astype(np.float32)[None],
        "point_labels": np.array([labels], dtype=np.float32),
        "mask_input": np.zeros((1, 1, 256, 256), np.float32) if mask_input is None else mask_input,
        "has_mask_input": np.array([mask_input is not None], dtype=np.float32),
    }


def earlier_logits(sam: Sam, prompt: Prompt, rgb: Pixels, embedding: torch.Tensor) -> Floats | None:
    if prompt.after is None:
        return None
    predictor = Predictor(sam)
    predictor.set_embedding(embedding, rgb.shape[:2])
    return predictor.predict(**prompt.after.in_pixels(rgb), multimask=False).low_res_logits[None]


def test_encoder_gives_the_packages_embedding(
    orientation: str,
    photos: dict[str, Pixels],
    embeddings: dict[str, torch.Tensor],
    package_encoder: InferenceSession,
) -> None:
    (expected,) = package_encoder.run(None, {"input": prepare_image(photos[orientation])[None].numpy()})
    assert expected.std() > 0.01
    np.testing.assert_allclose(embeddings[orientation].numpy(), expected, atol=1e-3, rtol=0)


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
def test_decoder_gives_the_packages_four_masks(
    prompt: Prompt,
    orientation: str,
    sam: Sam,
    photos: dict[str, Pixels],
    embeddings: dict[str, torch.Tensor],
    package_decoder: InferenceSession,
) -> None:
    rgb, embedding = photos[orientation], embeddings[orientation]
    mask_input = earlier_logits(sam, prompt, rgb, embedding)
    feed = official_feed(prompt, rgb, mask_input)
    size = np.array(rgb.shape[:2], dtype=np.float32)
    outputs = package_decoder.run(None, {"image_embeddings": embedding.numpy(), "orig_im_size": size, **feed})
    full, _, best, all_logits, all_ious = outputs
    predictor = Predictor(sam)
    predictor.set_embedding(embedding, rgb.shape[:2])
    arguments = {**prompt.in_pixels(rgb), "mask_input": None if mask_input is None else mask_input[0]}
    single = predictor.predict(**arguments, multimask=False)
    ambiguous = predictor.predict(**arguments)

    logits = np.concatenate([single.low_res_logits, ambiguous.low_res_logits])
    np.testing.assert_allclose(logits, all_logits[0], atol=1e-2, rtol=0)
    np.testing.assert_allclose(np.concatenate([single.ious, ambiguous.ious]), all_ious[0], atol=1e-3, rtol=0)
    ours = full_size_logits(torch.from_numpy(best), Frame(*rgb.shape[:2])).numpy()
    np.testing.assert_allclose(ours, full, atol=1e-2, rtol=0)
    masks = np.concatenate([single.masks, ambiguous.masks])
    chosen = int(np.abs(logits - best[0]).max(axis=(1, 2)).argmin())
    assert np.mean(masks[chosen] != (full[0, 0] > 0)) < 1e-4
    assert masks.shape == (4, *rgb.shape[:2])
