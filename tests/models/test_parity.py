"""Our network gives what the package's own graphs give, on real photos."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
import torch
from onnxruntime import InferenceSession

from sam.frame import Frame
from sam.predictor import Predictor, prepare_image
from sam.sam import Sam, full_size_logits

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


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


class Photo(NamedTuple):
    rgb: Pixels
    embedding: torch.Tensor


@pytest.fixture(params=["square", "landscape", "portrait"])
def photo(request: pytest.FixtureRequest, photos: dict[str, Pixels], embeddings: dict[str, torch.Tensor]) -> Photo:
    return Photo(photos[request.param], embeddings[request.param])


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
        "mask_input": (np.zeros((256, 256), np.float32) if mask_input is None else mask_input)[None, None],
        "has_mask_input": np.array([mask_input is not None], dtype=np.float32),
    }


def earlier_logits(predictor: Predictor, prompt: Prompt, rgb: Pixels) -> Floats | None:
    """(256,256), the answer to the prompt before this one."""
    if prompt.after is None:
        return None
    (logits,) = predictor.predict(**prompt.after.in_pixels(rgb), multimask=False).low_res_logits
    return logits


def test_encoder_gives_the_packages_embedding(photo: Photo, sam: Sam, package_encoder: InferenceSession) -> None:
    (expected,) = package_encoder.run(None, {"input": prepare_image(photo.rgb, sam.config)[None].numpy()})
    assert expected.std() > 0.01
    np.testing.assert_allclose(photo.embedding.numpy(), expected, atol=1e-3, rtol=0)


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
def test_decoder_gives_the_packages_four_masks(
    prompt: Prompt, photo: Photo, sam: Sam, package_decoder: InferenceSession
) -> None:
    size = photo.rgb.shape[:2]
    predictor = Predictor(sam)
    predictor.set_embedding(photo.embedding, size)
    mask_input = earlier_logits(predictor, prompt, photo.rgb)
    arguments = {**prompt.in_pixels(photo.rgb), "mask_input": mask_input}
    single, ambiguous = (predictor.predict(**arguments, multimask=several) for several in (False, True))

    feed = {"image_embeddings": photo.embedding.numpy(), "orig_im_size": np.array(size, dtype=np.float32)}
    outputs = package_decoder.run(None, feed | official_feed(prompt, photo.rgb, mask_input))
    full, _, best, all_logits, all_ious = outputs

    logits = np.concatenate([single.low_res_logits, ambiguous.low_res_logits])
    np.testing.assert_allclose(logits, all_logits[0], atol=1e-2, rtol=0)
    np.testing.assert_allclose(np.concatenate([single.ious, ambiguous.ious]), all_ious[0], atol=1e-3, rtol=0)
    enlarged = full_size_logits(torch.from_numpy(best), Frame(*size, 1024)).numpy()
    np.testing.assert_allclose(enlarged, full, atol=1e-2, rtol=0)
    masks = np.concatenate([single.masks, ambiguous.masks])
    chosen = np.abs(logits - best[0]).max(axis=(1, 2)).argmin()  # the package gives one mask of the four in full size
    assert np.mean(masks[chosen] != (full[0, 0] > 0)) < 1e-4
