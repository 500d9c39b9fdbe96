"""The standard simulated annotator of interactive segmentation: it always clicks where the mask is most wrong."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage  # type: ignore[import-untyped] # comes with scikit-image, without types

Bitmap = npt.NDArray[np.bool_]


class Click(NamedTuple):
    """Column x and row y of a pixel; foreground: the object shall have it, else it shall lose it."""

    x: int
    y: int
    foreground: bool

    @property
    def point(self) -> tuple[float, float]:
        """(x, y) of the pixel's centre, which lies at +0.5."""
        return self.x + 0.5, self.y + 0.5


def next_click(truth: Bitmap, mask: Bitmap, clicked: Collection[Click] = ()) -> Click | None:
    """The deepest pixel of what is missing or of what is too much in `mask` (H,W), whichever is deeper.

    Depth is the Euclidean distance to the nearest pixel that is not wrong in the same way; outside the image nothing
    is wrong. A pixel is never clicked twice. None where nothing is left to click. Equal depths: a background click,
    and the first pixel in reading order, as in the public code of the benchmarks.
    """
    missing, missing_at = _deepest(truth & ~mask, clicked)
    excess, excess_at = _deepest(mask & ~truth, clicked)
    if max(missing, excess) == 0:
        return None
    foreground = missing > excess
    row, column = missing_at if foreground else excess_at
    return Click(column, row, foreground)


def _deepest(wrong: Bitmap, clicked: Collection[Click]) -> tuple[float, tuple[int, int]]:
    """Depth and (row, column) of the deepest pixel that was not clicked yet; depth 0 where there is none."""
    if not wrong.any():
        return 0.0, (0, 0)
    window = ndimage.find_objects(wrong.astype(np.uint8))[0]  # the rest is not wrong, so the padding can stand for it
    top, left = window[0].start, window[1].start
    depth = ndimage.distance_transform_edt(np.pad(wrong[window], 1))[1:-1, 1:-1]
    for click in clicked:
        row, column = click.y - top, click.x - left
        if 0 <= row < depth.shape[0] and 0 <= column < depth.shape[1]:
            depth[row, column] = 0
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    return float(depth[row, column]), (int(row) + top, int(column) + left)
