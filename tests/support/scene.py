"""A large photo-like scene with small things on it, whose masks are known to the pixel.

The ground is a photo of scikit-image's wheel, enlarged; each thing is a shape cut from another photo, with soft edges
as a lens makes them. Nothing is random: the same scene at every run.
"""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skimage
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

PHOTOS = Path(skimage.__file__).parent / "data"
WIDTH, HEIGHT = 6000, 4000
FINE = 4
"""Shapes are drawn this much larger, for edges finer than a pixel."""

Mask = NDArray[np.bool_]
Outline = list[tuple[float, float]]


@dataclass(frozen=True)
class Thing:
    """One object: where its middle lies, its mask (H,W) of the whole scene, and its box XYXY."""

    name: str
    center: tuple[int, int]
    mask: Mask
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Scene:
    """RGB (H,W,3), and what is on it."""

    pixels: NDArray[np.uint8]
    things: list[Thing]

    def jpeg(self) -> bytes:
        """As a camera stores it."""
        buffer = io.BytesIO()
        Image.fromarray(self.pixels).save(buffer, "JPEG", quality=95, subsampling=0)
        return buffer.getvalue()


def make_scene() -> Scene:
    ground = _photo("coffee.png").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    cloth = _photo("chelsea.png").resize((1200, 800), Image.Resampling.BICUBIC)
    things = []
    for i, (name, outline) in enumerate(_shapes().items()):
        center = (900 + i % 4 * 1400, 1000 + i // 4 * 2000)
        alpha = _alpha(outline, center)
        ground.paste(_tinted(cloth, i), (center[0] - 600, center[1] - 400), alpha.crop(_around(center)))
        mask = np.asarray(alpha) >= 128
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
        things.append(Thing(name, center, mask, box))
    return Scene(np.asarray(ground), things)


def _photo(name: str) -> Image.Image:
    return Image.open(PHOTOS / name).convert("RGB")


def _around(center: tuple[int, int]) -> tuple[int, int, int, int]:
    return center[0] - 600, center[1] - 400, center[0] + 600, center[1] + 400


def _tinted(photo: Image.Image, i: int) -> Image.Image:
    """The photo in a hue that the ground does not have."""
    tint = [(60, 120, 230), (40, 190, 120), (170, 80, 220), (30, 190, 210)][i % 4]
    return Image.blend(photo, Image.new("RGB", photo.size, tint), 0.65)


def _shapes() -> dict[str, Outline]:
    """Outlines around the middle, in pixels: 150 to 400 of them across, with parts only a few wide."""
    return {
        "flower": _polar(lambda angle: 120 * (1 + 0.4 * math.cos(7 * angle))),
        "gear": _polar(lambda angle: 110 + (22 if math.cos(16 * angle) > 0 else 0)),
        "star": _polar(lambda angle: 60 + 130 * abs(math.cos(2.5 * angle)) ** 6),
        "leaf": _polar(lambda angle: 170 * abs(math.sin(angle)) ** 2.5 + 12 + 5 * math.cos(40 * angle)),
        "clover": _polar(lambda angle: 55 + 110 * math.cos(1.5 * angle) ** 2),
        "saw": _polar(lambda angle: 95 + 35 * ((18 * angle / math.tau) % 1)),
        "bow": _polar(lambda angle: 200 * abs(math.cos(angle)) ** 3 + 14),
        "splash": _polar(lambda angle: 100 + 40 * math.sin(5 * angle) + 25 * math.sin(13 * angle + 1)),
    }


def _polar(radius: Callable[[float], float]) -> Outline:
    angles = [math.tau * i / 2000 for i in range(2000)]
    return [(radius(angle) * math.cos(angle), radius(angle) * math.sin(angle)) for angle in angles]


def _alpha(outline: Outline, center: tuple[int, int]) -> Image.Image:
    """How much of each pixel the thing covers, as a lens draws it: 0 to 255."""
    left, top, right, bottom = _around(center)
    fine = Image.new("L", ((right - left) * FINE, (bottom - top) * FINE))
    middle = (600, 400)
    ImageDraw.Draw(fine).polygon([((x + middle[0]) * FINE, (y + middle[1]) * FINE) for x, y in outline], fill=255)
    soft = fine.resize((right - left, bottom - top), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.8))
    alpha = Image.new("L", (WIDTH, HEIGHT))
    alpha.paste(soft, (left, top))
    return alpha
