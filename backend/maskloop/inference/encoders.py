"""Encoders by digest: made when they are first needed, the latest few kept in memory."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path

from maskloop.errors import DomainError
from maskloop.inference.encoder import Encoder
from maskloop.inference.models import Models

MOST = 2
"""Encoders kept: while a project changes its model, people work with the old one and images are embedded by the new.
ViT-H takes 2.5 GB."""

MakeEncoder = Callable[[str], Awaitable[Encoder]]
"""The encoder of this digest. Raises EncoderGoneError."""


class EncoderGoneError(DomainError):
    """Asked for the embedding of an encoder whose model is not here."""

    code = "unknown_encoder"

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"It was to be embedded by a model that is not in the weights folder (encoder {digest[:12]}). "
            "Pull that model again, or choose another one in the project's settings."
        )


class EncoderPool:
    """For use on one event loop. An encoder that is put away lives on until what it is computing is done."""

    def __init__(self, make: MakeEncoder, most: int = MOST) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[str, Encoder] = OrderedDict()

    async def get(self, digest: str) -> Encoder:
        """Raises EncoderGoneError."""
        encoder = self._kept.get(digest) or await self._make(digest)
        encoder = self._kept.setdefault(digest, encoder)
        self._kept.move_to_end(digest)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return encoder


def encoders_of(models: Models, make: Callable[..., Encoder]) -> MakeEncoder:
    """Makes the encoders of the models that are here."""

    async def make_encoder(digest: str) -> Encoder:
        model = await models.with_encoder(digest)
        if model is None:
            raise EncoderGoneError(digest)
        return make(model, Path(models.weights_dir))

    return make_encoder
