"""Reading image files that strangers sent: one frame, one orientation, one colour space for browser and encoder alike.

The first frame is taken, EXIF orientation is applied, embedded colour profiles become sRGB, transparency becomes white,
deeper than 8 bits is stretched from the image's own minimum and maximum to 0..255 (12-bit data in 16-bit files would
else be black). Everything here blocks and belongs in a worker thread.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from maskloop.errors import DomainError, InvalidError

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with further pictures behind it, as some phones and stereo cameras write
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}
BROWSER_TYPES = {"image/jpeg", "image/png", "image/webp"}
DEEP_MODES = {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}
FLAT_MODES = {"1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr", "HSV"}
CLEAR_MODES = {"LA", "La", "PA", "RGBA", "RGBa"}
THUMBNAIL_SIDE = 384
ROWS_AT_ONCE = 1024

# Pillow's own guard only warns up to twice its limit; ours is checked before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class ImageRejectedError(InvalidError):
    """The file cannot become an image of a project, now or later."""

    code = "damaged_image"


@dataclass(frozen=True)
class Decoded:
    """A whole image in its own mode, upright. `as_is`: a browser shows the file's bytes as the encoder sees them."""

    image: Image.Image
    media_type: str
    as_is: bool


@dataclass(frozen=True)
class Encoded:
    """The bytes of an image file that we made."""

    data: bytes
    media_type: str


def read_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height that the file's first bytes speak of, before any orientation. Raises ImageRejectedError."""
    with _rejections():
        return Image.open(file, formats=FORMATS).size


def decode(file: BinaryIO, max_pixels: int) -> Decoded:
    """Decodes every pixel of the first frame, so that a truncated file is found now. Raises ImageRejectedError."""
    with _rejections():
        image = Image.open(file, formats=FORMATS)
        _check_pixels(image, max_pixels)
        media_type = MEDIA_TYPES[image.format or ""]
        as_is = media_type in BROWSER_TYPES and _is_plain(image)
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    if image.mode not in DEEP_MODES | FLAT_MODES | CLEAR_MODES:
        raise ImageRejectedError(
            f"Its pixels are stored as {image.mode}, which is not supported. Save it as RGB or gray.",
            code="unsupported_pixels",
        )
    return Decoded(image, media_type, as_is)


def to_srgb(image: Image.Image) -> Image.Image:
    """8-bit sRGB, mode RGB or L, without transparency."""
    return converter(image)(image)


def converter(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What `to_srgb` does to the image, to be done to any part cut from it: the same pixels come out."""
    if image.mode in DEEP_MODES:
        deep = np.asarray(image)
        return partial(_stretch, low=float(np.nanmin(deep)), high=float(np.nanmax(deep)))
    return _flatten


def _flatten(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        return _without_profile(_on_white(image), image)
    plain = image if image.mode in {"L", "RGB", "CMYK"} else image.convert("L" if image.mode == "1" else "RGB")
    return _without_profile(plain, image)


def to_array(image: Image.Image) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB, writable."""
    return np.array(to_srgb(image).convert("RGB"))


def make_thumbnail(image: Image.Image) -> Encoded:
    """WebP whose long side is 384, never enlarged. `image` is 8-bit sRGB."""
    scale = min(1.0, THUMBNAIL_SIDE / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return encode(small, "WEBP", quality=80)


def make_rendition(decoded: Decoded) -> Encoded | None:
    """What browsers get in place of the original: none where they can show it, JPEG for JPEG, else lossless PNG."""
    if decoded.as_is:
        return None
    srgb = to_srgb(decoded.image)
    if decoded.media_type == "image/jpeg":
        return encode(srgb, "JPEG", quality=95, subsampling=0)  # all colours: the encoder sees them too
    return encode(srgb, "PNG", compress_level=3)


def encode(image: Image.Image, image_format: str, **options: int) -> Encoded:
    """The image as a file, without whatever its own file said beside the pixels."""
    # A fresh image: Pillow would else write the original's profile and EXIF into the new file.
    image.info.clear()
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return Encoded(buffer.getvalue(), MEDIA_TYPES[image_format])


@contextmanager
def _rejections() -> Iterator[None]:
    """Whatever a decoder makes of a stranger's bytes is a reason to reject the file, never to fail."""
    try:
        yield
    except DomainError:
        raise
    except UnidentifiedImageError as error:
        raise ImageRejectedError(
            "It is not an image that Maskloop reads: JPEG, PNG, WebP, TIFF, BMP or GIF.", code="not_an_image"
        ) from error
    except MemoryError as error:
        raise ImageRejectedError("There is not enough memory to decode it.", code="too_many_pixels") from error
    except Exception as error:
        raise ImageRejectedError(f"It is damaged or cut short ({error}). Export or copy it again.") from error


def _check_pixels(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if width * height > max_pixels:
        raise ImageRejectedError(
            f"It has {width} x {height} = {width * height:,} pixels, more than the {max_pixels:,} allowed. "
            "Make it smaller, or raise MASKLOOP_MAX_IMAGE_PIXELS.",
            code="too_many_pixels",
        )


def _is_plain(image: Image.Image) -> bool:
    """8-bit RGB or gray, upright, opaque, one frame. Asked before decoding, which may drop what it asks about."""
    upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
    still = image.format == "MPO" or not getattr(image, "is_animated", False)
    return upright and still and image.mode in {"RGB", "L"} and not image.has_transparency_data


def _on_white(image: Image.Image) -> Image.Image:
    clear = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    return white


def _without_profile(image: Image.Image, source: Image.Image) -> Image.Image:
    """Applies the source's colour profile, where it has one that says more than sRGB."""
    profile_bytes = source.info.get("icc_profile")
    if not profile_bytes:
        return image if image.mode in {"L", "RGB"} else image.convert("RGB")
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))
        if image.mode == "RGB" and ImageCms.getProfileDescription(profile).startswith("sRGB"):
            return image
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        # A broken profile, or one for another kind of pixel: browsers ignore it, so we do.
        return image if image.mode in {"L", "RGB"} else image.convert("RGB")
    return converted or image


def _stretch(image: Image.Image, low: float, high: float) -> Image.Image:
    """Deep gray to 8-bit gray, linear between the whole image's extremes; not-a-number becomes black."""
    deep = np.asarray(image)
    scale = 255 / (high - low) if high > low else 0.0
    gray = np.empty(deep.shape, np.uint8)
    for top in range(0, deep.shape[0], ROWS_AT_ONCE):  # not all at once: floats are four times the size
        rows = deep[top : top + ROWS_AT_ONCE].astype(np.float32)
        gray[top : top + ROWS_AT_ONCE] = np.nan_to_num((rows - low) * scale + 0.5)
    return Image.fromarray(gray)
