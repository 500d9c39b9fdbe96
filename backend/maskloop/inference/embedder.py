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
from maskloop.inference.gate import DeviceGate
from maskloop.inference.store import EmbeddingStore
from maskloop.jobs.engine import Urgency

log = structlog.get_logger(__name__)

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class WrongEncoderError(DomainError):
    """Asked for the embedding of an encoder that this worker does not run."""

    code = "unknown_encoder"

    def __init__(self) -> None:
        super().__init__("It was to be embedded by another model than the one in use. Open it again.")


class ImageGoneError(DomainError):
    """The database knows the image, the store lacks its file."""

    code = "image_file_missing"

    def __init__(self) -> None:
        super().__init__("The image's file is missing from the store. Restore it from a backup, or upload it again.")


class Embedder:
    """One encoder on one device. While an image computes, the next ones are read and decoded.

    Decoding a very large image takes much memory, so each urgency decodes one at a time; what waits for the device is
    small (12 MB). All of it runs on threads: a stalled event loop would look like a dead worker.
    """

    def __init__(self, encoder: Encoder, files: ObjectStore, *, max_pixels: int) -> None:
        self._encoder = encoder
        self._files = files
        self._embeddings = EmbeddingStore(files)
        self._max_pixels = max_pixels
        self._gate = DeviceGate()
        self._device_thread = ThreadPoolExecutor(1, "device")
        self._decoding = {urgency: asyncio.Lock() for urgency in Urgency}

    @property
    def encoder_digest(self) -> str:
        return self._encoder.digest

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Loads the model at once, in the background; on leaving, waits for computations that have begun."""
        warming = self._on_device(self._encoder.warm)
        warming.add_done_callback(_report_failure)
        try:
            yield
        finally:
            await asyncio.to_thread(self._device_thread.shutdown, cancel_futures=True)

    async def embed(self, encoder_digest: str, image_digest: str, urgency: Urgency) -> None:
        """Puts the embedding in the store, unless it is there. DomainError: this image will never work, and why."""
        if encoder_digest != self._encoder.digest:
            raise WrongEncoderError
        if await self._embeddings.has(encoder_digest, image_digest):
            return
        prepared = await self._prepare(image_digest, urgency)
        async with self._gate.enter(urgency.priority):
            embedding = await self._on_device(self._encoder.encode, prepared)
        await self._embeddings.put(encoder_digest, image_digest, embedding)

    async def _prepare(self, image_digest: str, urgency: Urgency) -> Input:
        async with self._decoding[urgency]:
            try:
                rgb = await load_rgb(self._files, image_digest, self._max_pixels)
            except FileNotFoundError as error:
                raise ImageGoneError from error
            return await asyncio.to_thread(self._encoder.prepare, rgb)

    def _on_device(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._device_thread, work, *arguments)


def _report_failure(warming: asyncio.Future[None]) -> None:
    if not warming.cancelled() and (error := warming.exception()):
        log.error("the model cannot be loaded; nothing can be embedded", reason=str(error))
