"""How near two embeddings of a photo are, by what counts: the masks that one decoder makes of them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from sam.predictor import Predictor
from sam.preparation import Pixels
from tests.support.peer import PHOTOS

NAMES = ("astronaut.png", "coffee.png", "chelsea.png")
GRID = 5  # points on a side of a photo, each a prompt; and a box around each

Mask = npt.NDArray[np.bool_]


def photo(name: str) -> Pixels:
    """RGB (H,W,3)."""
    with Image.open(Path(PHOTOS, name)) as opened:
        return np.asarray(opened.convert("RGB"))


def masks_of(predictor: Predictor, embedding: npt.NDArray[np.floating], rgb: Pixels) -> Mask:
    """(P,H,W): one of each prompt, full size: points on a grid, then boxes around them."""
    height, width = rgb.shape[:2]
    predictor.set_embedding(embedding, (height, width))
    y, x = np.meshgrid(*((np.arange(GRID) + 0.5) / GRID * side for side in (height, width)), indexing="ij")
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    half = np.array([width, height]) / GRID
    boxes = np.concatenate([points - half, points + half], axis=1).clip(0, [width, height, width, height])
    of_points = predictor.predict(points[:, None], np.ones((len(points), 1)), multimask=False)
    of_boxes = predictor.predict(box=boxes, multimask=False)
    return np.concatenate([of_points.masks, of_boxes.masks])[:, 0]


def iou(one: Mask, other: Mask) -> float:
    union = np.count_nonzero(one | other)
    return float(np.count_nonzero(one & other) / union) if union else 1.0
