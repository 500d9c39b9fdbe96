"""Greedy non-maximum suppression of boxes: of those that cover nearly the same, the best one stays."""

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float64]


def box_nms(boxes: Boxes, scores: npt.NDArray[np.float64], threshold: float) -> npt.NDArray[np.intp]:
    """Boxes (N,4) XYXY and scores (N,) -> the indices that stay, best first; of equal scores the earlier is the better.

    A box goes where its IoU with a better one that stays is above `threshold`.
    """
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size:
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[box_iou(boxes[best], boxes[left]) <= threshold]
    return np.array(kept, dtype=np.intp)


def box_iou(box: Boxes, others: Boxes) -> npt.NDArray[np.float64]:
    """IoU of one box (4,) XYXY with each of others (N,4): (N,). Boxes without area have nothing in common."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    common = (high - low).clip(min=0).prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(axis=1) - common
    iou: npt.NDArray[np.float64] = np.divide(common, union, out=np.zeros_like(union), where=union > 0)
    return iou
