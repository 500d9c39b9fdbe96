"""Embeddings on disk, or in the object store: one file for each encoder and image, or crop of it, for all projects."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import structlog
from obstore.store import ObjectStore

from maskloop.domain.crops import Crop

Embedding = npt.NDArray[np.float16]
"""(256,64,64), C order: what the encoder makes of an image, and what the browser's decoder reads."""

EMBEDDING_SHAPE = (256, 64, 64)
STORED_TYPE = np.dtype("<f2")
EMBEDDING_BYTES = int(np.prod(EMBEDDING_SHAPE)) * STORED_TYPE.itemsize  # 2 MiB

log = structlog.get_logger(__name__)


def embedding_key(encoder_digest: str, image_digest: str, crop: Crop | None = None) -> str:
    """Both digests are SHA-256, hexadecimal: of the encoder's weights, and of the image's bytes as uploaded."""
    folder = _crops_key(encoder_digest, image_digest)
    return f"{folder}/{crop}.f16" if crop else f"{folder}.f16"


@dataclass(frozen=True)
class EmbeddingStore:
    """float16, little-endian. A file that is not exactly one embedding counts as absent, and is replaced."""

    files: ObjectStore

    async def has(self, encoder_digest: str, image_digest: str, crop: Crop | None = None) -> bool:
        key = embedding_key(encoder_digest, image_digest, crop)
        try:
            found = await self.files.head_async(key)
        except FileNotFoundError:
            return False
        return _is_whole(key, found["size"])

    async def get(self, encoder_digest: str, image_digest: str, crop: Crop | None = None) -> bytes | None:
        key = embedding_key(encoder_digest, image_digest, crop)
        try:
            found = await self.files.get_async(key)
        except FileNotFoundError:
            return None
        if not _is_whole(key, found.meta["size"]):
            return None
        return bytes(await found.bytes_async())

    async def put(self, encoder_digest: str, image_digest: str, embedding: Embedding, crop: Crop | None = None) -> None:
        """Readers see the whole file or none: the store writes beside the place and renames."""
        if embedding.shape != EMBEDDING_SHAPE:
            raise ValueError(f"an embedding must be {EMBEDDING_SHAPE}, got {embedding.shape}")
        data = np.ascontiguousarray(embedding, STORED_TYPE).tobytes()
        await self.files.put_async(embedding_key(encoder_digest, image_digest, crop), data)

    async def forget(self, image_digest: str) -> None:
        """Deletes what every encoder made of an image and of its crops."""
        folders = (await self.files.list_with_delimiter_async("embeddings/"))["common_prefixes"]
        for encoder_digest in (folder.rstrip("/").rpartition("/")[2] for folder in folders):
            with suppress(FileNotFoundError):  # not every encoder has seen it
                await self.files.delete_async(embedding_key(encoder_digest, image_digest))
            crops = await self.files.list_async(_crops_key(encoder_digest, image_digest)).collect_async()
            await self.files.delete_async([crop["path"] for crop in crops])


def _crops_key(encoder_digest: str, image_digest: str) -> str:
    return f"embeddings/{encoder_digest}/{image_digest}"


def _is_whole(key: str, size: int) -> bool:
    if size != EMBEDDING_BYTES:
        log.warning("a damaged embedding will be computed again", key=key, size=size, expected=EMBEDDING_BYTES)
    return size == EMBEDDING_BYTES
