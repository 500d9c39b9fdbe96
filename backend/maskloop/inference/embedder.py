"""Computing an embedding: read, decode, prepare, then the device's turn, then the store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar, TypeVarTuple

import structlog
from obstore.store import ObjectStore

from maskloop.errors import DomainError
from maskloop.images.service import load_rgb
from maskloop.inference.encoder import Encoder, Input
from maskloop.inference.encoders import EncoderPool
from maskloop.inference.gate import DeviceGate
from maskloop.inference.store import EmbeddingStore
from maskloop.jobs.engine import Urgency

log = structlog.get_logger(__name__)

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class ImageGoneError(DomainError):
    """The database knows the image, the store lacks its file."""

    code = "image_file_missing"

    def __init__(self) -> None:
        super().__init__("The image's file is missing from the store. Restore it from a backup, or upload it again.")


class Embedder:
    """Encoders on one device. While an image computes, the next ones are read and decoded.

    Decoding a very large image takes much memory, so each urgency decodes one at a time; what waits for the device is
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

    async def embed(self, encoder_digest: str, image_digest: str, urgency: Urgency) -> None:
        """Puts the embedding in the store, unless it is there. DomainError: this image will never work, and why."""
        if await self._embeddings.has(encoder_digest, image_digest):
            return
        encoder = await self._encoders.get(encoder_digest)
        prepared = await self._prepare(encoder, image_digest, urgency)
        async with self._gate.enter(urgency.priority):
            embedding = await self._on_device(encoder.encode, prepared)
        await self._embeddings.put(encoder_digest, image_digest, embedding)

    async def _prepare(self, encoder: Encoder, image_digest: str, urgency: Urgency) -> Input:
        async with self._decoding[urgency]:
            try:
                rgb = await load_rgb(self._files, image_digest, self._max_pixels)
            except FileNotFoundError as error:
                raise ImageGoneError from error
            return await asyncio.to_thread(encoder.prepare, rgb)

    def _on_device(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._device_thread, work, *arguments)


def _report_failure(warming: asyncio.Future[None]) -> None:
    if not warming.cancelled() and (error := warming.exception()):
        log.error("the model cannot be loaded; nothing can be embedded", reason=str(error))
