"""What the largest image takes on its way in: `python -m tests.bench.tiles`. Seconds, bytes, and the peak of memory."""

import io
import resource
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from maskloop.images.intake import prepare

SIDE = 20_000
CELL = 2_000
OCTAVES = ((8, 0.45), (40, 0.25), (200, 0.15), (1000, 0.1), (2000, 0.05))  # cells across, weight: as busy as a photo


def photo_file(image_format: str) -> bytes:
    """20,000 x 20,000 pixels of smooth noise of several sizes, repeated."""
    random = np.random.default_rng(0)
    cell = np.zeros((CELL, CELL, 3), np.float32)
    for across, weight in OCTAVES:
        noise = Image.fromarray(random.integers(0, 256, (across, across, 3), dtype=np.uint8))
        cell += weight * np.asarray(noise.resize((CELL, CELL), Image.Resampling.BICUBIC), np.float32)
    tile = Image.fromarray(cell.astype(np.uint8))
    photo = Image.new("RGB", (SIDE, SIDE))
    for place in range((SIDE // CELL) ** 2):
        photo.paste(tile, (place % 10 * CELL, place // 10 * CELL))
    file = io.BytesIO()
    photo.save(file, image_format, **({"quality": 92} if image_format == "JPEG" else {"compress_level": 1}))
    return file.getvalue()


def take_in(path: Path) -> tuple[float, int, int, int]:
    """Seconds, number of tiles, their bytes, and the most memory that this process ever had, in MB."""
    sizes: list[int] = []
    began = time.perf_counter()
    with path.open("rb") as file:
        prepare(file, SIDE * SIDE, lambda _level, _x, _y, data: sizes.append(len(data)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return time.perf_counter() - began, len(sizes), sum(sizes), peak


def main() -> None:
    with TemporaryDirectory() as folder:
        for image_format in ("JPEG", "PNG"):
            path = Path(folder) / f"photo.{image_format.lower()}"
            with get_context("spawn").Pool(1) as maker:
                path.write_bytes(maker.apply(photo_file, (image_format,)))
            with get_context("spawn").Pool(1) as process:  # a process of its own: its peak is the image's
                seconds, count, size, peak = process.apply(take_in, (path,))
            sys.stdout.write(
                f"{image_format}: {path.stat().st_size / 1e6:.0f} MB in, {seconds:.1f} s, "
                f"{count} tiles of {size / 1e6:.0f} MB, peak {peak} MB\n"
            )


if __name__ == "__main__":
    main()
