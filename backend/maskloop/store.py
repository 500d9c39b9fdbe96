"""Where files are kept: a folder, or an object store by its URL. Keys are made here, and nowhere else.

Originals, thumbnails and renditions are named by the digest of the upload, so two projects share one file.
"""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from maskloop.errors import StartupError
from maskloop.settings import Settings


def open_store(settings: Settings) -> ObjectStore:
    """The store at MASKLOOP_STORE_URL, or the folder `files` in the data folder."""
    try:
        if settings.store_url:
            return from_url(settings.store_url)
        return LocalStore(ensure_folder(settings.data_dir / "files"), automatic_cleanup=True)
    except (BaseError, ValueError) as error:
        raise StartupError(
            f"Cannot open the file store {settings.store_url}: {error}. Check MASKLOOP_STORE_URL."
        ) from error


def ensure_folder(folder: Path) -> Path:
    """Makes a folder of ours and its absolute path, or raises StartupError where we may not write."""
    folder = folder.absolute()
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartupError(
            f"Cannot write to the data folder {folder}: {error.strerror}. "
            "Make it writable, or set MASKLOOP_DATA_DIR to a folder that is."
        ) from error
    return folder


def original_key(digest: str) -> str:
    """The bytes as they were uploaded."""
    return f"originals/{digest[:2]}/{digest}"


def rendition_key(digest: str) -> str:
    """Oriented 8-bit sRGB, for images whose original a browser cannot show as the encoder sees it."""
    return f"renditions/{digest[:2]}/{digest}"


def thumbnail_key(digest: str) -> str:
    """WebP, long side 384."""
    return f"thumbnails/{digest[:2]}/{digest}.webp"


def tiles_prefix(digest: str) -> str:
    """Folder of the tiles of a large image."""
    return f"tiles/{digest[:2]}/{digest}/"


def tile_key(digest: str, level: int, x: int, y: int) -> str:
    """JPEG or WebP: `images.pyramid` says what is on it."""
    return f"{tiles_prefix(digest)}{level}/{x}-{y}"


def pyramid_key(digest: str) -> str:
    """Size of the image as JSON; written after the last tile."""
    return f"{tiles_prefix(digest)}pyramid.json"


def get_store(request: Request) -> ObjectStore:
    """The store that the composition root opened."""
    store: ObjectStore = request.app.state.store
    return store


Store = Annotated[ObjectStore, Depends(get_store)]
