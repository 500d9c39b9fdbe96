"""Masks for browsers that cannot decode themselves: one decode at a time, on a thread; images lately seen stay seen."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Request

from maskloop.errors import UnavailableError
from maskloop.inference.decoder import ClickInput, ClickOutput, OnnxDecoder, SeenImage
from maskloop.inference.model import ServedModel
from maskloop.inference.store import Embedding

SEEN_MOST = 4
"""Images kept as the click part wants them, some 40 MB each."""
DECODERS_MOST = 2
"""While a project changes its model, people work with the old one and with the new."""
WAITING_MOST = 9
"""Computations at once, the one at hand included; each browser has one or two on their way."""

K = TypeVar("K")
V = TypeVar("V")

View = tuple[str, str]
"""Digest of the decoder, name of what it has seen."""


class DecodingBusyError(UnavailableError):
    """More browsers want masks of this server than it can make."""

    code = "decoding_busy"

    def __init__(self) -> None:
        super().__init__(
            "The server computes masks for too many browsers at once. Try again in a moment.",
            headers={"Retry-After": "1"},
        )


class Decoder(Protocol):
    """Its methods block, and are called on one and the same thread."""

    def see(self, embedding: Embedding) -> SeenImage: ...
    def click(self, seen: SeenImage, prompt: ClickInput) -> ClickOutput: ...


class Decoding:
    """For use on one event loop; close it at the end. Nothing is loaded before somebody asks."""

    def __init__(self, make: Callable[[ServedModel], Decoder] = OnnxDecoder) -> None:
        self._make = make
        self._decoders: OrderedDict[str, Decoder] = OrderedDict()
        self._seen: OrderedDict[View, SeenImage] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="decoder")
        self._waiting = 0

    async def decode(
        self, model: ServedModel, name: str, read: Callable[[], Awaitable[Embedding]], prompt: ClickInput
    ) -> ClickOutput:
        """`name` tells what the embedding is of; `read` is called where that has not been seen lately.

        Raises DecodingBusyError, and what `read` raises.
        """
        decoder = _latest(self._decoders, model.decoder_digest, lambda: self._make(model), DECODERS_MOST)
        view = (model.decoder_digest, name)
        seen = self._seen.get(view)
        if seen is None:
            embedding = await read()
            seen = await self._on_thread(lambda: decoder.see(embedding))
        found = _latest(self._seen, view, lambda: seen, SEEN_MOST)
        return await self._on_thread(lambda: decoder.click(found, prompt))

    def close(self) -> None:
        """Waits for the decode at hand."""
        self._thread.shutdown()

    async def _on_thread(self, work: Callable[[], V]) -> V:
        if self._waiting >= WAITING_MOST:
            raise DecodingBusyError
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1


def _latest(kept: OrderedDict[K, V], key: K, make: Callable[[], V], most: int) -> V:
    """The value of `key`, made if need be; those used longest ago give way."""
    if key not in kept:
        kept[key] = make()
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]


async def get_decoding(request: Request) -> Decoding:
    """What the composition root opened."""
    decoding: Decoding = request.app.state.decoding
    return decoding


DecodingDep = Annotated[Decoding, Depends(get_decoding)]
