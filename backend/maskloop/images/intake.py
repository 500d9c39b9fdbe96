"""An uploaded file on its way in: measured, hashed, decoded, and made ready for browsers. Blocking; for a thread."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from maskloop.images.pixels import (
    Encoded,
    ImageRejectedError,
    decode,
    make_rendition,
    make_thumbnail,
    read_size,
    to_srgb,
)
from maskloop.images.pyramid import pyramid_of
from maskloop.images.tiling import Keep, make_tiles

CHUNK = 1024 * 1024
LONGEST_NAME = 200
LONGEST_SUFFIX = 20
HIDDEN = {"Cc", "Cf", "Cs"}  # control, formatting (such as right-to-left override), lone surrogates


@dataclass(frozen=True)
class Prepared:
    """What is stored of an image beside its original bytes. Width and height are upright."""

    media_type: str
    width: int
    height: int
    thumbnail: Encoded
    rendition: Encoded | None


def safe_name(name: str | None) -> str:
    """The last part of the path that a browser sent, without what cannot be seen; "image" where nothing is left."""
    base = PurePosixPath((name or "").replace("\\", "/")).name
    seen = "".join(char for char in unicodedata.normalize("NFC", base) if unicodedata.category(char) not in HIDDEN)
    seen = re.sub(r"\s+", " ", seen).strip(" .")
    suffix = PurePosixPath(seen).suffix[:LONGEST_SUFFIX]
    return seen.removesuffix(suffix)[: LONGEST_NAME - len(suffix)] + suffix or "image"


def digest_and_size(file: BinaryIO, max_bytes: int) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and length of the whole file. Raises ImageRejectedError for none or too many bytes."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise ImageRejectedError(
                f"It has more than the {max_bytes:,} bytes allowed. "
                "Make it smaller, or raise MASKLOOP_MAX_UPLOAD_BYTES.",
                code="file_too_large",
            )
    if not size:
        raise ImageRejectedError("It is empty (0 bytes). Export or copy it again.", code="empty_file")
    return digest.hexdigest(), size


def is_large(file: BinaryIO) -> bool:
    """Whether decoding it takes so much memory that only one such file may be decoded at a time."""
    file.seek(0)
    return pyramid_of(*read_size(file)) is not None


def prepare(file: BinaryIO, max_pixels: int, keep_tile: Keep) -> Prepared:
    """Decodes the file to its last pixel, and cuts a large image into tiles. Raises ImageRejectedError."""
    file.seek(0)
    decoded = decode(file, max_pixels)
    image, media_type = decoded.image, decoded.media_type
    shown = make_tiles(image, media_type, keep_tile) if pyramid_of(*image.size) else to_srgb(image)
    return Prepared(
        media_type=media_type,
        width=image.width,
        height=image.height,
        thumbnail=make_thumbnail(shown),
        rendition=make_rendition(decoded),
    )
