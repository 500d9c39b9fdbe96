"""Specks are taken off a mask, and pinholes in it are filled."""

import numpy as np
import numpy.typing as npt
from skimage.measure import label

Mask = npt.NDArray[np.bool_]
Box = tuple[int, int, int, int]

DIAGONALS = 2  # pixels that touch at a corner belong together


def without_small_regions(mask: Mask, box: Box, min_area: int) -> Mask:
    """A mask (H,W) without the holes and then without the islands of fewer than `min_area` pixels.

    box: XYXY of the mask, half open. Of islands that are all too small the largest stays. A new array.
    """
    x0, y0, x1, y1 = box
    window = slice(max(y0 - 1, 0), y1 + 1), slice(max(x0 - 1, 0), x1 + 1)  # the box and a rim of what is around it
    inside = np.zeros_like(mask)
    inside[y0:y1, x0:x1] = True
    cleaned = mask.copy()
    cleaned[window] = _keep_islands(_fill_holes(mask[window], ~inside[window], min_area), min_area)
    return cleaned


def _fill_holes(mask: Mask, outside: Mask, min_area: int) -> Mask:
    """outside: pixels that are beyond the mask's box, and with them all the background that they are part of."""
    regions, areas = _regions(~mask)
    small = areas < min_area
    small[0] = False  # the mask itself
    small[np.unique(regions[outside])] = False
    return mask | small[regions]


def _keep_islands(mask: Mask, min_area: int) -> Mask:
    regions, areas = _regions(mask)
    areas[0] = 0  # the background
    large = areas >= min_area
    large[areas.argmax()] = True
    large[0] = False
    kept: Mask = large[regions]
    return kept


def _regions(mask: Mask) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The number of the region that each pixel is in, 0 outside of all, and the area of each."""
    regions = label(mask, connectivity=DIAGONALS)  # type: ignore[no-untyped-call]
    return regions, np.bincount(regions.ravel())
