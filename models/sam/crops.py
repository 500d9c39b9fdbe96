"""Where automatic generation looks: the whole image, then overlapping windows that zoom in, each with a grid of points.

Plain numbers, no torch. Boxes are XYXY in pixels of the image, half open: x1 and y1 are one past the last pixel.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Size = tuple[int, int]  # (height, width)


@dataclass(frozen=True)
class Crop:
    """A window of the image; layer 0 is the image itself, layer n one of 2^n x 2^n."""

    layer: int
    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """XYXY."""
        return self.x0, self.y0, self.x1, self.y1

    @property
    def size(self) -> Size:
        """(height, width)."""
        return self.y1 - self.y0, self.x1 - self.x0

    @property
    def area(self) -> int:
        """Pixels: the fewer, the more zoomed in."""
        return (self.y1 - self.y0) * (self.x1 - self.x0)

    @property
    def window(self) -> tuple[slice, slice]:
        """What indexes an array (height,width,...) of the image."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)


def crops_of(size: Size, layers: int, overlap: float) -> list[Crop]:
    """The image and `layers` - 1 layers of crops.

    overlap: of two neighbours in the first layer of crops, as a part of the image's short side; half as much in each
    further layer, where the crops are half as large. Within a layer column by column, as the public code goes.
    """
    return [crop for layer in range(layers) for crop in _layer(size, layer, overlap)]


def _layer(size: Size, layer: int, overlap: float) -> list[Crop]:
    count = 2**layer
    shared = int(overlap * min(size) * 2 / count) if layer else 0
    rows, columns = (_intervals(length, count, shared) for length in size)
    return [Crop(layer, x0, y0, x1, y1) for x0, x1 in columns for y0, y1 in rows]


def _intervals(length: int, count: int, shared: int) -> list[tuple[int, int]]:
    """`count` equal intervals that cover `length`, neighbours sharing `shared`; the last may end sooner.

    On an image of a few pixels some would begin past its end: these are left out.
    """
    step = math.ceil((length + shared * (count - 1)) / count) - shared
    starts = (i * step for i in range(count))
    return [(start, min(start + step + shared, length)) for start in starts if start < length]


def point_grid(side: int, size: Size) -> npt.NDArray[np.float64]:
    """The centres of side x side equal cells of a window: (side*side,2), (x, y) in its pixels, row by row."""
    centres = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(centres * size[1], centres * size[0])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def touches_inner_border(box: tuple[int, int, int, int], crop: Crop, size: Size, tolerance: int) -> bool:
    """Whether a box XYXY comes within `tolerance` pixels of a side of its crop that is no side of the image.

    What does is most likely cut off there, and whole in the crop beside.
    """
    image = (0, 0, size[1], size[0])
    sides = zip(box, crop.box, image, strict=True)
    return any(abs(at - inner) <= tolerance < abs(at - outer) for at, inner, outer in sides)
