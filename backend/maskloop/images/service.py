"""Taking images in, handing their files out, and forgetting them."""

import asyncio
import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import numpy as np
from anyio import CapacityLimiter, to_thread
from numpy.typing import NDArray
from obstore.store import ObjectStore
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop.errors import NotFoundError
from maskloop.images import intake, pixels
from maskloop.images.pyramid import Box, pyramid_of
from maskloop.images.tiles import TileMaker, find_pyramid, forget_tiles, read_tiles
from maskloop.inference.store import EmbeddingStore
from maskloop.store import original_key, rendition_key, thumbnail_key
from maskloop.tables import Image

DECODES_AT_ONCE = 2
"""Of ordinary images, 160 MB each; of large ones, `TileMaker` takes one at a time."""


@dataclass(frozen=True)
class Arrival:
    """A file that somebody sent; its name is safe to show."""

    file: BinaryIO
    name: str


@dataclass(frozen=True)
class Limits:
    """What is accepted at most."""

    byte_size: int
    pixels: int


class Intake:
    """Takes files into projects. Every file is a transaction of its own: what has come in stays in."""

    def __init__(self, store: ObjectStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._decoding = CapacityLimiter(DECODES_AT_ONCE)
        self.tile_maker = TileMaker(store, limits.pixels)

    async def take(self, db: AsyncSession, project_id: int, arrival: Arrival) -> tuple[Image, bool]:
        """The image, and whether it is new to the project. Raises ImageRejectedError; the caller commits."""
        digest, size = await asyncio.to_thread(intake.digest_and_size, arrival.file, self._limits.byte_size)
        if known := await _find(db, project_id, digest):
            return known, False
        await db.commit()  # decoding takes a while: hold no transaction meanwhile
        prepared = await self._prepare(arrival.file, digest)
        await lock_digest(db, digest)
        if known := await _find(db, project_id, digest):
            return known, False
        await self._put_files(digest, arrival.file, prepared)
        image = _row(project_id, arrival.name, digest, size, prepared)
        await _insert(db, image)
        return image, True

    async def _prepare(self, file: BinaryIO, digest: str) -> intake.Prepared:
        is_large = await asyncio.to_thread(intake.is_large, file)
        prepare = partial(intake.prepare, file, self._limits.pixels, self.tile_maker.keep(digest))
        return await to_thread.run_sync(prepare, limiter=self.tile_maker.limiter if is_large else self._decoding)

    async def _put_files(self, digest: str, file: BinaryIO, prepared: intake.Prepared) -> None:
        file.seek(0)
        await asyncio.to_thread(self._store.put, original_key(digest), file)
        await self._store.put_async(thumbnail_key(digest), prepared.thumbnail.data)
        if prepared.rendition:
            await self._store.put_async(rendition_key(digest), prepared.rendition.data)
        if pyramid := pyramid_of(prepared.width, prepared.height):
            await self.tile_maker.seal(digest, pyramid)


async def _find(db: AsyncSession, project_id: int, digest: str) -> Image | None:
    return await db.scalar(select(Image).where(Image.project_id == project_id, Image.digest == digest))


def _row(project_id: int, name: str, digest: str, size: int, prepared: intake.Prepared) -> Image:
    return Image(
        project_id=project_id,
        digest=digest,
        file_name=name,
        media_type=prepared.media_type,
        byte_size=size,
        width=prepared.width,
        height=prepared.height,
        rendition_type=prepared.rendition.media_type if prepared.rendition else None,
    )


async def _insert(db: AsyncSession, image: Image) -> None:
    db.add(image)
    try:
        await db.flush()
    except IntegrityError as error:
        raise NotFoundError(f"The project {image.project_id} was deleted during the upload.") from error


async def lock_digest(db: AsyncSession, digest: str) -> None:
    """Until the transaction ends, nobody else adds or drops files of this digest."""
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(digest, 0))))


async def digests_of(db: AsyncSession, project_id: int) -> list[str]:
    """Of all images of a project."""
    return list(await db.scalars(select(Image.digest).where(Image.project_id == project_id)))


async def drop_files(sessions: async_sessionmaker[AsyncSession], store: ObjectStore, digests: Iterable[str]) -> None:
    """Deletes the files that no image needs any more. After the commit: what is deleted before it may be needed."""
    for digest in digests:
        async with sessions.begin() as db:
            await lock_digest(db, digest)
            if await db.scalar(select(func.count()).where(Image.digest == digest)) == 0:
                await _delete_all(store, digest)


async def _delete_all(store: ObjectStore, digest: str) -> None:
    for key in (original_key(digest), thumbnail_key(digest), rendition_key(digest)):
        with suppress(FileNotFoundError):  # not every image has a rendition
            await store.delete_async(key)
    await forget_tiles(store, digest)
    await EmbeddingStore(store).forget(digest)


async def load_rgb(store: ObjectStore, digest: str, max_pixels: int, side: int | None = None) -> NDArray[np.uint8]:
    """The image as a browser shows it: (H, W, 3) uint8 sRGB, upright. Raises ImageRejectedError, FileNotFoundError.

    With `side`, an image with tiles may come coarser, by halves, as long as its longer side has that many pixels: all
    400 megapixels would take 4 GB.
    """
    if side and (pyramid := await find_pyramid(store, digest)):
        whole = (0, 0, pyramid.width, pyramid.height)
        return await load_region(store, digest, whole, max_pixels, side)
    data = await (await store.get_async(original_key(digest))).bytes_async()
    return await asyncio.to_thread(lambda: pixels.to_array(pixels.decode(io.BytesIO(data), max_pixels).image))


async def load_region(
    store: ObjectStore, digest: str, box: Box, max_pixels: int, side: int | None = None
) -> NDArray[np.uint8]:
    """What `load_rgb` has inside the box, which must lie in the image.

    Of an image with tiles only those of the box are read; with `side` they may be coarser, by halves, as long as the
    longer side of the result has that many pixels. Raises ImageRejectedError, FileNotFoundError.
    """
    pyramid = await find_pyramid(store, digest)
    if pyramid is None:
        left, top, width, height = box
        return (await load_rgb(store, digest, max_pixels))[top : top + height, left : left + width]
    level = pyramid.level_for(box, side) if side else 0
    return await read_tiles(store, digest, pyramid, level, pyramid.scaled(box, level))
