"""Computing an embedding: read, decode, prepare, then the device's turn, then the store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar, TypeVarTuple

import structlog
from obstore.store import ObjectStore

from maskloop.errors import DomainError
from maskloop.images.service import load_region, load_rgb
from maskloop.inference.encoder import Encoder, Input, Pixels
from maskloop.inference.encoders import EncoderPool
from maskloop.inference.gate import DeviceGate
from maskloop.inference.store import EmbeddingStore
from maskloop.jobs.engine import Urgency
from maskloop.jobs.records import EmbedWork

log = structlog.get_logger(__name__)

ENOUGH = 2048
"""Twice the longest input side of any network: of an image with tiles, no more pixels are read."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class ImageGoneError(DomainError):
    """The database knows the image, the store lacks its file."""

    code = "image_file_missing"

    def __init__(self) -> None:
        super().__init__("The image's file is missing from the store. Restore it from a backup, or upload it again.")


class Embedder:
    """Encoders on one device. While an image computes, the next ones are read and decoded.

    Decoding an image takes up to half a gigabyte, so each urgency decodes one at a time; what waits for the device is
    small (12 MB). All of it runs on threads: a stalled event loop would look like a dead worker.
    """

    def __init__(self, encoders: EncoderPool, files: ObjectStore, *, max_pixels: int) -> None:
        self._encoders = encoders
        self._files = files
        self._embeddings = EmbeddingStore(files)
        self._max_pixels = max_pixels
        self._gate = DeviceGate()
        self._device_thread = ThreadPoolExecutor(1, "device")
        self._decoding = {urgency: asyncio.Lock() for urgency in Urgency}

    @asynccontextmanager
    async def running(self, first: str | None = None) -> AsyncIterator[None]:
        """Loads the encoder `first` (a digest) at once, in the background; on leaving, waits for computations that
        have begun."""
        if first:
            warming = self._on_device((await self._encoders.get(first)).warm)
            warming.add_done_callback(_report_failure)
        try:
            yield
        finally:
            await asyncio.to_thread(self._device_thread.shutdown, cancel_futures=True)

    async def embed(self, work: EmbedWork, urgency: Urgency) -> None:
        """Puts the embedding in the store, unless it is there. DomainError: this image will never work, and why."""
        if await self._embeddings.has(work.encoder_digest, work.image_digest, work.crop):
            return
        encoder = await self._encoders.get(work.encoder_digest)
        prepared = await self._prepare(encoder, work, urgency)
        async with self._gate.enter(urgency.priority):
            embedding = await self._on_device(encoder.encode, prepared)
        await self._embeddings.put(work.encoder_digest, work.image_digest, embedding, work.crop)

    async def _prepare(self, encoder: Encoder, work: EmbedWork, urgency: Urgency) -> Input:
        async with self._decoding[urgency]:
            try:
                rgb = await self._pixels(work)
            except FileNotFoundError as error:
                raise ImageGoneError from error
            return await asyncio.to_thread(encoder.prepare, rgb)

    async def _pixels(self, work: EmbedWork) -> Pixels:
        if work.crop:
            return await load_region(self._files, work.image_digest, work.crop, self._max_pixels, ENOUGH)
        return await load_rgb(self._files, work.image_digest, self._max_pixels, ENOUGH)

    def _on_device(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._device_thread, work, *arguments)


def _report_failure(warming: asyncio.Future[None]) -> None:
    if not warming.cancelled() and (error := warming.exception()):
        log.error("the model cannot be loaded; nothing can be embedded", reason=str(error))
