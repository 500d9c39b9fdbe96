"""Taking images in, handing their files out, and forgetting them."""

import asyncio
import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
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
from maskloop.inference.store import EmbeddingStore
from maskloop.store import original_key, rendition_key, thumbnail_key
from maskloop.tables import Image

DECODES_AT_ONCE = 2
"""The largest image allowed takes about 1 GB while it is decoded."""

Box = tuple[int, int, int, int]
"""XYWH in whole pixels of the image as shown."""


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

    async def take(self, db: AsyncSession, project_id: int, arrival: Arrival) -> tuple[Image, bool]:
        """The image, and whether it is new to the project. Raises ImageRejectedError; the caller commits."""
        digest, size = await asyncio.to_thread(intake.digest_and_size, arrival.file, self._limits.byte_size)
        if known := await _find(db, project_id, digest):
            return known, False
        await db.commit()  # decoding takes a while: hold no transaction meanwhile
        prepared = await to_thread.run_sync(intake.prepare, arrival.file, self._limits.pixels, limiter=self._decoding)
        await lock_digest(db, digest)
        if known := await _find(db, project_id, digest):
            return known, False
        await self._put_files(digest, arrival.file, prepared)
        image = _row(project_id, arrival.name, digest, size, prepared)
        await _insert(db, image)
        return image, True

    async def _put_files(self, digest: str, file: BinaryIO, prepared: intake.Prepared) -> None:
        file.seek(0)
        await asyncio.to_thread(self._store.put, original_key(digest), file)
        await self._store.put_async(thumbnail_key(digest), prepared.thumbnail.data)
        if prepared.rendition:
            await self._store.put_async(rendition_key(digest), prepared.rendition.data)


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
    await EmbeddingStore(store).forget(digest)


async def load_rgb(store: ObjectStore, digest: str, max_pixels: int) -> NDArray[np.uint8]:
    """The image as a browser shows it: (H, W, 3) uint8 sRGB, upright. Raises ImageRejectedError, FileNotFoundError."""
    data = await (await store.get_async(original_key(digest))).bytes_async()
    return await asyncio.to_thread(lambda: pixels.to_array(pixels.decode(io.BytesIO(data), max_pixels).image))


async def load_region(store: ObjectStore, digest: str, box: Box, max_pixels: int) -> NDArray[np.uint8]:
    """What `load_rgb` has inside the box, every pixel of it. Raises ImageRejectedError, FileNotFoundError."""
    left, top, width, height = box
    return (await load_rgb(store, digest, max_pixels))[top : top + height, left : left + width]
