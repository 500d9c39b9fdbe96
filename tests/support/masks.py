"""Stored masks as arrays, and how alike two of them are."""

from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask
from scipy import ndimage  # type: ignore[import-untyped] # comes with scikit-image, without types

Mask = NDArray[np.bool_]
BOUNDARY_SHARE = 0.02


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / (a | b).sum())


def boundary_iou(truth: Mask, mask: Mask) -> float:
    """IoU of the two masks' inner edges (Cheng et al. 2021), which small errors of an outline do not escape.

    The edges are as wide as 2 % of the diagonal of the true mask's box, where the paper takes the image's: in a large
    image that would be wider than a small object.
    """
    rows, columns = np.flatnonzero(truth.any(1)), np.flatnonzero(truth.any(0))
    width = max(1.0, BOUNDARY_SHARE * float(np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1)))
    return iou(_edge(truth, width), _edge(mask, width))


def _edge(mask: Mask, width: float) -> Mask:
    """The pixels of a mask that lie within `width` of its outside, or of the image's."""
    edge = np.zeros_like(mask)
    for window in ndimage.find_objects(mask.astype(np.uint8)):  # at most one: everything that is in the mask
        depth = ndimage.distance_transform_edt(np.pad(mask[window], 1))[1:-1, 1:-1]
        edge[window] = mask[window] & (depth <= width)
    return edge


def stored(api: httpx.Client, image_id: int) -> list[dict[str, Any]]:
    """The image's annotations as the server has them, oldest first."""
    annotations: list[dict[str, Any]] = api.get(f"/images/{image_id}/annotations").raise_for_status().json()
    return sorted(annotations, key=lambda annotation: str(annotation["created_at"]))


def decode(annotation: dict[str, Any]) -> Mask:
    mask: Mask = coco_mask.decode(annotation["segmentation"]).astype(bool)
    return mask
