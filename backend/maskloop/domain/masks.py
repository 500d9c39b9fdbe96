"""Masks as COCO compressed RLE: read from a browser that is not trusted, written for readers that are strict.

A mask of size (h, w) is run through column by column (x slow, y fast); runs alternate background, foreground, and the
first is background, possibly of length 0. The string packs each run in 5-bit digits, from the fourth run on as the
difference to the run two before it. pycocotools writes the strings, but its C reader trusts them with its memory; so a
string from outside is unpacked and checked here, in NumPy, and pycocotools sees only runs that are known to be good.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

MAX_COUNTS_LENGTH = 4 * 1024 * 1024
"""Characters. A mask of 12 megapixels with 100,000 runs takes about 0.3 million."""
MAX_PIXELS = 2**29
"""pycocotools gives a run six 5-bit digits, one bit of them for the sign."""
DIGIT = 0b111111
MAX_DIGITS = 7
"""A run of MAX_PIXELS takes six; more than seven can only be padding and would overflow the 64-bit sums below."""

Bitmap = NDArray[np.bool_]
Runs = NDArray[np.int64]


class InvalidMask(ValueError):  # noqa: N818 - reads as what it is where it is caught
    """A segmentation that cannot be stored: the message says what is wrong with it and what was expected."""


@dataclass(frozen=True, slots=True)
class Mask:
    """A checked mask that has at least one pixel.

    counts: COCO compressed RLE in its one canonical spelling; size: (h, w);
    bbox: (x, y, width, height) in whole pixels, as COCO writes boxes; area: pixels.
    """

    counts: str
    size: tuple[int, int]
    bbox: tuple[int, int, int, int]
    area: int


def parse_rle(counts: str, size: tuple[int, int], expected_size: tuple[int, int]) -> Mask:
    """Check an RLE of unknown origin against the (h, w) of its image and measure it; raises InvalidMask."""
    _check_size(size, expected_size)
    runs = _unpack(counts)
    _check_runs(runs, size)
    return _measure(_merge_zero_runs(runs), size)


def from_bitmap(bitmap: Bitmap) -> Mask:
    """(h, w) bool -> Mask; raises InvalidMask when nothing is set."""
    height, width = bitmap.shape
    return parse_rle(encode(bitmap), (height, width), (height, width))


def encode(bitmap: Bitmap) -> str:
    """(h, w) bool -> COCO compressed RLE."""
    return str(coco.encode(np.asfortranarray(bitmap, dtype=np.uint8))["counts"], "ascii")


def decode(mask: Mask) -> Bitmap:
    """Mask -> (h, w) bool."""
    runs = _unpack(mask.counts)
    height, width = mask.size
    return np.repeat(np.arange(runs.size) % 2 == 1, runs).reshape(width, height).T


def _check_size(size: tuple[int, int], expected: tuple[int, int]) -> None:
    if tuple(size) != tuple(expected):
        raise InvalidMask(
            f"The mask is {size[1]}x{size[0]} pixels but its image is {expected[1]}x{expected[0]} (width x height); "
            "send `size` as [height, width] of the image with its EXIF orientation applied."
        )
    if min(size) < 1 or size[0] * size[1] > MAX_PIXELS:
        raise InvalidMask(f"A mask of {size[1]}x{size[0]} pixels is outside what can be stored: 1 to {MAX_PIXELS:,}.")


def _unpack(counts: str) -> Runs:
    """The string -> its runs (n,), alternating background and foreground, not yet checked for sense."""
    digits = _digits(counts)
    last = np.flatnonzero((digits & 32) == 0)  # bit 5 says: more digits of this run follow
    if last.size == 0 or last[-1] != digits.size - 1:
        raise InvalidMask("The RLE ends in the middle of a run: it was cut short.")
    first = np.concatenate(([0], last[:-1] + 1))
    lengths = last - first + 1
    if lengths.max() > MAX_DIGITS:
        raise InvalidMask(f"The RLE spells one run with {lengths.max()} characters; {MAX_DIGITS} hold any run.")
    shifts = 5 * (np.arange(digits.size) - np.repeat(first, lengths))
    values = np.add.reduceat((digits & 31) << shifts, first)
    values -= np.where(digits[last] & 16, 1 << (5 * lengths), 0)  # bit 4 of the last digit is the sign
    return _undo_differences(values)


def _digits(counts: str) -> Runs:
    """The string's characters as 6-bit numbers, (n,) int64."""
    if not counts:
        raise InvalidMask("The RLE is an empty string: it has no runs.")
    if len(counts) > MAX_COUNTS_LENGTH:
        raise InvalidMask(f"The RLE has {len(counts):,} characters; at most {MAX_COUNTS_LENGTH:,} are accepted.")
    digits = np.frombuffer(counts.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64) - ord("0")
    strange = np.flatnonzero(digits & ~DIGIT)
    if strange.size:
        at = int(strange[0])
        raise InvalidMask(
            f"The RLE has {counts[at]!r} at position {at}; COCO's compressed RLE uses the characters '0' to 'o' only."
        )
    return digits


def _undo_differences(values: Runs) -> Runs:
    """Runs 3, 4, 5, ... are stored as differences to the run two before them; run 2 is not (as pycocotools has it)."""
    runs = values.copy()
    runs[1::2] = np.cumsum(values[1::2])
    runs[2::2] = np.cumsum(values[2::2])
    return runs


def _check_runs(runs: Runs, size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    image = f"the image has {size[0]} * {size[1]} = {pixels:,} pixels"
    if runs.min() < 0:
        raise InvalidMask(f"The RLE has a negative run: {runs.min()} as run number {int(runs.argmin())}.")
    if runs.max() > pixels:  # before the sum, which could otherwise wrap around to the right answer
        raise InvalidMask(f"The RLE has a run of {runs.max():,} pixels; {image}.")
    if runs.sum() != pixels:
        raise InvalidMask(f"The RLE's runs add up to {runs.sum():,} pixels; {image}.")
    if not runs[1::2].any():
        raise InvalidMask("The mask is empty: no pixel is set. Delete the annotation to have no mask.")


def _merge_zero_runs(runs: Runs) -> Runs:
    """One spelling for one mask: a zero run joins its neighbours, a trailing zero run goes; the first may be zero."""
    if runs[1:].all():
        return runs
    ends = np.cumsum(runs)
    foreground = np.arange(runs.size) % 2 == 1
    kept = runs > 0
    ends, foreground = ends[kept], foreground[kept]
    turns = np.append(foreground[1:] != foreground[:-1], True)
    lead = [0] if foreground[0] else []
    return np.diff(np.concatenate(([0], lead, ends[turns]))).astype(np.int64)


def _measure(runs: Runs, size: tuple[int, int]) -> Mask:
    """Canonical runs -> the mask with its box and area."""
    ends = np.cumsum(runs)[1::2]  # of the foreground runs, one past the last pixel
    starts = ends - runs[1::2]
    packed = coco.frPyObjects({"size": list(size), "counts": runs}, *size)
    return Mask(str(packed["counts"], "ascii"), size, _bbox(starts, ends - 1, size[0]), int(runs[1::2].sum()))


def _bbox(first: Runs, last: Runs, height: int) -> tuple[int, int, int, int]:
    """Column-major indices of the first and last pixel of each foreground run -> (x, y, width, height)."""
    left, right = int(first[0]) // height, int(last[-1]) // height
    if (first // height != last // height).any():  # a run over a column's end touches bottom and top
        top, bottom = 0, height - 1
    else:
        top, bottom = int((first % height).min()), int((last % height).max())
    return left, top, right - left + 1, bottom - top + 1
