"""The parts of a large image that an encoder may be shown by themselves: few enough to keep, many enough to zoom into.

Level 1 cuts the image into squares of half its long side, each further level into squares of half the side before, as
long as the model would not have to enlarge them more than twice. Squares lie on quarter steps, so whatever is not
larger than three quarters of a square lies inside one. A side that is shorter than the square takes the whole of it.

The browser follows the same rule (frontend/src/geometry/crops.ts); tests hold both to the same answers.
"""

from collections.abc import Iterator
from typing import NamedTuple

MARGIN = 0.1
"""Of what is seen, on each side: an object at the edge of the view goes on outside it."""
MOST_ENLARGED = 2
STEPS = 4
"""Of a square's side; with fewer, what is seen would often lie across two squares and be shown in a larger one."""


class Crop(NamedTuple):
    """XYWH in whole pixels of the image as shown."""

    left: int
    top: int
    width: int
    height: int

    def __str__(self) -> str:
        return ",".join(map(str, self))

    @classmethod
    def parse(cls, text: str) -> "Crop":
        """Raises ValueError where the text is not four whole numbers."""
        left, top, width, height = map(int, text.split(","))
        return cls(left, top, width, height)


class Size(NamedTuple):
    """Of an image, in pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """Corners, in pixels of the image, possibly outside it."""

    x0: float
    y0: float
    x1: float
    y1: float


def crops_of(size: Size, input_side: int) -> Iterator[Crop]:
    """All there are, for a model whose input is a square of this side."""
    for side in _sides(size, input_side):
        for top in _starts(size.height, side):
            for left in _starts(size.width, side):
                yield _crop(left, top, side, size)


def is_canonical(crop: Crop, size: Size, input_side: int) -> bool:
    """Whether it is one of `crops_of`."""
    return any(
        crop == _crop(crop.left, crop.top, side, size)
        and crop.left in _starts(size.width, side)
        and crop.top in _starts(size.height, side)
        for side in _sides(size, input_side)
    )


def crop_for(seen: Box, size: Size, input_side: int) -> Crop | None:
    """The smallest crop with all that is seen of the image, and a margin. None: the whole image serves as well."""
    [x0, x1] = _grow(seen.x0, seen.x1, size.width)
    [y0, y1] = _grow(seen.y0, seen.y1, size.height)
    if x1 <= x0 or y1 <= y0:
        return None
    for side in reversed(_sides(size, input_side)):
        left = _nearest(_starts(size.width, side), (x0 + x1) / 2 - min(side, size.width) / 2)
        top = _nearest(_starts(size.height, side), (y0 + y1) / 2 - min(side, size.height) / 2)
        crop = _crop(left, top, side, size)
        if left <= x0 and top <= y0 and x1 <= left + crop.width and y1 <= top + crop.height:
            return crop
    return None


def _sides(size: Size, input_side: int) -> list[int]:
    """Of the squares, falling."""
    longest = max(size)
    sides: list[int] = []
    while longest > input_side:
        side = int(longest / 2 ** (len(sides) + 1) + 0.5)
        if side * MOST_ENLARGED < input_side:
            break
        sides.append(side)
    return sides


def _starts(length: int, side: int) -> list[int]:
    """Where squares begin along an axis; the last one ends with the image."""
    last = max(0, length - side)
    return [*range(0, last, side // STEPS), last]


def _crop(left: int, top: int, side: int, size: Size) -> Crop:
    return Crop(left, top, min(side, size.width), min(side, size.height))


def _grow(low: float, high: float, length: int) -> tuple[float, float]:
    low, high = max(0.0, low), min(float(length), high)
    margin = MARGIN * (high - low)
    return max(0.0, low - margin), min(float(length), high + margin)


def _nearest(starts: list[int], wanted: float) -> int:
    return min(starts, key=lambda start: abs(start - wanted))
