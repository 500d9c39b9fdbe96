"""Prompts as a person gives them, one after another, and what the network in float32 answers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam.frame import Frame
from sam.prompt_encoder import PointLabel
from sam.sam import Sam

Prompt = tuple[Tensor, Tensor, Tensor, Tensor]  # coords, labels, mask, has_mask, as `Sam.decode` wants them
Point = tuple[float, float, int]  # (x, y, label) in the network's input

SIDE = 256
PLACES = 23  # on each image
CASES = 3 * PLACES


class Case(NamedTuple):
    prompt: Prompt
    tokens: list[int]  # the masks asked for
    expected: Tensor  # (1,4,256,256) logits


def click_prompt(points: list[Point], prior: Tensor | None = None) -> Prompt:
    """The padding point is added where there is no box."""
    if all(label in {PointLabel.FOREGROUND, PointLabel.BACKGROUND} for _, _, label in points):
        points = [*points, (0.0, 0.0, PointLabel.PADDING)]
    table = torch.tensor(points, dtype=torch.float32)
    mask = torch.zeros(1, 1, SIDE, SIDE) if prior is None else prior
    return table[None, :, :2], table[None, :, 2], mask, torch.tensor([float(prior is not None)])


def cases(sam: Sam, embedding: Tensor, frame: Frame) -> Iterator[Case]:
    """A click; then more clicks, or a box for what it found, or both; then a correction with that as prior."""
    rng = np.random.default_rng(7)
    height, width = frame.resized
    scale = frame.input_side // SIDE
    for i in range(PLACES):
        places = rng.uniform(0.06, 0.94, (7, 2)) * (width, height)
        first = click_prompt([(*places[0], 1)])
        found = sam.decode(embedding, *first)[0]
        yield Case(first, ([1, 2, 3], [0])[i % 2], found)

        inside = (found[0, 0] > 0).numpy()
        cells = (places // scale).astype(int)
        clicks = [(*place, int(inside[y, x])) for place, (x, y) in zip(places, cells, strict=True)]
        box = box_around(inside, scale, rng.normal(0, 8, 4))
        points = (clicks[: 2 + i // 4 % 5], box, box + clicks[:2], clicks[:2])[i % 4]
        second = click_prompt(points)
        logits = sam.decode(embedding, *second)[0]
        yield Case(second, ([0], [0, 1, 2, 3])[i % 5 == 0], logits)

        third = click_prompt([*points, clicks[6]], prior=logits[:, :1])
        yield Case(third, ([0], [1, 2, 3])[i % 5 == 1], sam.decode(embedding, *third)[0])


def box_around(inside: npt.NDArray[np.bool_], scale: int, noise: npt.NDArray[np.float64]) -> list[Point]:
    """A box about a mask, not quite fitting."""
    y, x = np.nonzero(inside)
    x0, y0, x1, y1 = np.array([x.min(), y.min(), x.max() + 1, y.max() + 1]) * scale + noise
    return [(x0, y0, PointLabel.BOX_TOP_LEFT), (x1, y1, PointLabel.BOX_BOTTOM_RIGHT)]


def iou(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 1.0


def smallest_iou(expected: npt.NDArray[Any], got: npt.NDArray[Any]) -> float:
    """Of M masks (M,height,width) each."""
    return min(iou(*pair) for pair in zip(expected, got, strict=True))
