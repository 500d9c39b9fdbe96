"""Stored masks as arrays, and how alike two of them are."""

from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

Mask = NDArray[np.bool_]


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / (a | b).sum())


def stored(api: httpx.Client, image_id: int) -> list[dict[str, Any]]:
    """The image's annotations as the server has them, oldest first."""
    annotations: list[dict[str, Any]] = api.get(f"/images/{image_id}/annotations").raise_for_status().json()
    return sorted(annotations, key=lambda annotation: str(annotation["created_at"]))


def decode(annotation: dict[str, Any]) -> Mask:
    mask: Mask = coco_mask.decode(annotation["segmentation"]).astype(bool)
    return mask
