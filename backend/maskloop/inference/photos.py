"""Image files that a command is given, read as the server reads an upload."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from maskloop.errors import DomainError, StartupError


def read_rgb(path: Path, max_pixels: int) -> NDArray[np.uint8]:
    """(H,W,3), upright, sRGB. Raises StartupError, which names the file."""
    from maskloop.images import pixels  # noqa: PLC0415 - a command imports what it needs when it runs

    try:
        with path.open("rb") as file:
            return pixels.to_array(pixels.to_srgb(pixels.decode(file, max_pixels).image))
    except (OSError, DomainError) as error:
        raise StartupError(f"{path} cannot be read: {error}") from error
