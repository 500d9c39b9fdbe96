"""Cutting a decoded image into the tiles of its pyramid. Blocking; for a thread.

Colours are converted strip by strip, so that beside the decoded image no second one of its size is ever there.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PIL import Image

from maskloop.images.pixels import Encoded, converter, encode
from maskloop.images.pyramid import TILE, Pyramid

Keep = Callable[[int, int, int, bytes], None]
"""Stores a tile: level, column, row, and the bytes of its file. Called on several threads at once."""

JPEG, WEBP = "image/jpeg", "image/webp"
Convert = Callable[[Image.Image], Image.Image]
Write = Callable[[int, Image.Image], None]

WRITERS = 8  # an object store takes its time for each file


def tile_type(media_type: str) -> str:
    """JPEG for JPEG; all others lose nothing, in WebP, which takes a third of the time of PNG and less space."""
    return JPEG if media_type == JPEG else WEBP


def make_tiles(image: Image.Image, media_type: str, keep: Keep) -> Image.Image:
    """Hands every tile to `keep` and returns the overview, 8-bit sRGB. The image is whole, upright, in its own mode."""
    pyramid, kind = Pyramid(*image.size), tile_type(media_type)
    source, convert = image, converter(image)
    with ThreadPoolExecutor(WRITERS) as pool:
        for level in range(pyramid.levels):
            row = partial(_write_row, pool=pool, pyramid=pyramid, level=level, kind=kind, keep=keep)
            source, convert = _cut(source, convert, pyramid, level, row), _as_it_is
    return source


def _cut(source: Image.Image, convert: Convert, pyramid: Pyramid, level: int, write_row: Write) -> Image.Image:
    """Writes one level, row by row, and returns the next; of the last, itself."""
    smaller: Image.Image | None = None
    for y in range(pyramid.grid_of(level)[1]):
        _, top, _, height = pyramid.box_of(level, 0, y)
        strip = convert(source.crop((0, top, source.width, top + height)))
        write_row(y, strip)
        if level < pyramid.levels - 1:
            smaller = smaller or Image.new(strip.mode, pyramid.size_of(level + 1))
            smaller.paste(_halved(strip, y * TILE - top), (0, y * TILE // 2))
    return smaller or source


def _write_row(
    y: int, strip: Image.Image, *, pool: ThreadPoolExecutor, pyramid: Pyramid, level: int, kind: str, keep: Keep
) -> None:
    def write(x: int) -> None:
        left, _, width, height = pyramid.box_of(level, x, y)
        keep(level, x, y, _encode(strip.crop((left, 0, left + width, height)), kind).data)

    # Listed: a row is written before the next is cut, and a tile that cannot be kept fails the whole.
    list(pool.map(write, range(pyramid.grid_of(level)[0])))


def _halved(strip: Image.Image, start: int) -> Image.Image:
    """Without the overlap, which ends at `start`: means of two by two pixels."""
    return strip.crop((0, start, strip.width, min(strip.height, start + TILE))).reduce(2)


def _as_it_is(image: Image.Image) -> Image.Image:
    return image


def _encode(tile: Image.Image, kind: str) -> Encoded:
    if kind == JPEG:
        return encode(tile, "JPEG", quality=95, subsampling=0)
    return encode(tile, "WEBP", lossless=True, quality=0, method=0)
