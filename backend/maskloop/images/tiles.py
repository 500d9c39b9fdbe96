"""The tiles of large images in the store: made once, read by regions, forgotten with the image."""

import asyncio
import io

import numpy as np
from anyio import CapacityLimiter, to_thread
from numpy.typing import NDArray
from obstore.store import ObjectStore
from PIL import Image
from pydantic import TypeAdapter

from maskloop.images.pixels import decode
from maskloop.images.pyramid import TILE, Box, Pyramid
from maskloop.images.tiling import Keep, make_tiles
from maskloop.store import original_key, pyramid_key, tile_key, tiles_prefix

READS_AT_ONCE = 16
PYRAMID = TypeAdapter(Pyramid)


class TileMaker:
    """Cuts large images, one at a time: 400 megapixels take 2 GB until they are cut."""

    def __init__(self, store: ObjectStore, max_pixels: int) -> None:
        self._store = store
        self._max_pixels = max_pixels
        self._making: dict[str, asyncio.Task[None]] = {}
        self.limiter = CapacityLimiter(1)

    def keep(self, digest: str) -> Keep:
        """Stores the tiles of one image."""

        def keep(level: int, x: int, y: int, data: bytes) -> None:
            self._store.put(tile_key(digest, level, x, y), data)

        return keep

    async def seal(self, digest: str, pyramid: Pyramid) -> None:
        """Says that all tiles are there."""
        await self._store.put_async(pyramid_key(digest), PYRAMID.dump_json(pyramid))

    async def ensure(self, digest: str) -> None:
        """For an image that came in before there were tiles, or has lost some. Whoever asks meanwhile waits for the
        same work. Raises FileNotFoundError where the original is gone."""
        making = self._making.get(digest)
        if making is None:
            making = self._making[digest] = asyncio.create_task(self._make(digest))
            making.add_done_callback(lambda _: self._making.pop(digest))
        await asyncio.shield(making)

    async def _make(self, digest: str) -> None:
        data = bytes(await (await self._store.get_async(original_key(digest))).bytes_async())
        pyramid = await to_thread.run_sync(self._make_tiles, digest, data, limiter=self.limiter)
        await self.seal(digest, pyramid)
        try:
            await self._store.head_async(original_key(digest))
        except FileNotFoundError:  # deleted meanwhile
            await forget_tiles(self._store, digest)
            raise

    def _make_tiles(self, digest: str, data: bytes) -> Pyramid:
        decoded = decode(io.BytesIO(data), self._max_pixels)
        make_tiles(decoded.image, decoded.media_type, self.keep(digest))
        return Pyramid(*decoded.image.size)


async def find_pyramid(store: ObjectStore, digest: str) -> Pyramid | None:
    """None for an image whose tiles are not all there."""
    try:
        found = await store.get_async(pyramid_key(digest))
    except FileNotFoundError:
        return None
    return PYRAMID.validate_json(bytes(await found.bytes_async()))


async def read_tiles(store: ObjectStore, digest: str, pyramid: Pyramid, level: int, box: Box) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB: the box, in pixels of the level, which it must not leave. Raises FileNotFoundError."""
    left, top, width, height = box
    region = Image.new("RGB", (width, height))
    reading = asyncio.Semaphore(READS_AT_ONCE)

    async def paste(x: int, y: int) -> None:
        async with reading:
            data = bytes(await (await store.get_async(tile_key(digest, level, x, y))).bytes_async())
            tile = await asyncio.to_thread(_open, data)
        tile_left, tile_top, _, _ = pyramid.box_of(level, x, y)
        # Without the overlap: each pixel comes from one tile, whichever is read first.
        inner_left, inner_top = x * TILE - tile_left, y * TILE - tile_top
        right, bottom = min(tile.width, inner_left + TILE), min(tile.height, inner_top + TILE)
        region.paste(tile.crop((inner_left, inner_top, right, bottom)), (x * TILE - left, y * TILE - top))

    await asyncio.gather(*(paste(x, y) for x, y in pyramid.tiles_in(level, box)))
    return np.array(region)


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("JPEG", "WEBP")).convert("RGB")


async def forget_tiles(store: ObjectStore, digest: str) -> None:
    """Deletes all tiles of an image, if it has any."""
    async for found in store.list(tiles_prefix(digest)):
        await store.delete_async([item["path"] for item in found])
