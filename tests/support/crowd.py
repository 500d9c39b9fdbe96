"""A synthetic photo of a thousand beads, and the mask of each to the pixel. The same at every run."""

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from pycocotools import mask as coco_mask

COLUMNS, ROWS = 40, 25
PITCH = 100
SIZE = (COLUMNS * PITCH, ROWS * PITCH)
COLORS = [(214, 92, 74), (76, 148, 120), (222, 178, 84), (84, 118, 186)]


@dataclass(frozen=True)
class Bead:
    """One object: which of the colours it has, where its middle lies in pixels of the image, and how thick it is."""

    kind: int
    x: float
    y: float
    radius: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius

    def segmentation(self, size: tuple[int, int] = SIZE) -> dict[str, object]:
        """COCO RLE of the pixels whose middles lie inside, in an image of (width, height)."""
        left, top, right, bottom = (int(side) for side in self.box)
        mask: NDArray[np.uint8] = np.zeros((size[1], size[0]), np.uint8, order="F")
        ys, xs = np.mgrid[top : bottom + 1, left : right + 1] + 0.5
        mask[top : bottom + 1, left : right + 1] = np.hypot(xs - self.x, ys - self.y) <= self.radius
        rle = coco_mask.encode(mask)
        return {"size": rle["size"], "counts": rle["counts"].decode()}


def make_beads() -> list[Bead]:
    """In rows, each a little beside its place."""
    numbers = np.random.default_rng(4)
    beads = []
    for i in range(COLUMNS * ROWS):
        angle, radius = numbers.random() * math.tau, 24 + 16 * numbers.random()
        x, y = (i % COLUMNS + 0.5) * PITCH + 8 * math.cos(angle), (i // COLUMNS + 0.5) * PITCH + 8 * math.sin(angle)
        beads.append(Bead(int(numbers.integers(len(COLORS))), x, y, radius))
    return beads


def photo_of(beads: list[Bead]) -> bytes:
    """A JPEG: the beads on sand, lit from the upper left."""
    image = Image.new("RGB", SIZE, (206, 194, 172))
    shadows = Image.new("L", SIZE)
    for bead in beads:
        x0, y0, x1, y1 = bead.box
        ImageDraw.Draw(shadows).ellipse((x0 + 8, y0 + 10, x1 + 8, y1 + 10), fill=120)
    image.paste((60, 48, 36), mask=shadows.filter(ImageFilter.GaussianBlur(8)))
    for bead in beads:
        _draw(ImageDraw.Draw(image), bead)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=90)
    return content.getvalue()


def _draw(draw: ImageDraw.ImageDraw, bead: Bead) -> None:
    """Rings that grow lighter towards the light."""
    for step in range(12):
        share = 1 - step / 12
        shift = bead.radius * 0.3 * (1 - share)
        x0, y0, x1, y1 = (-bead.radius * share, -bead.radius * share, bead.radius * share, bead.radius * share)
        box = (bead.x + x0 - shift, bead.y + y0 - shift, bead.x + x1 - shift, bead.y + y1 - shift)
        red, green, blue = (min(255, int(value * (0.7 + 0.05 * step))) for value in COLORS[bead.kind])
        draw.ellipse(box, fill=(red, green, blue))
