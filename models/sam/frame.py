"""The two coordinate frames: an image's own pixels, and the network's square input. Plain numbers, no torch."""

from dataclasses import dataclass

from sam.errors import InputError


@dataclass(frozen=True)
class Frame:
    """How an image of (height, width) pixels lies in the network's square input of side `input_side`.

    The long side is scaled to `input_side`; what is left on the right or at the bottom is padding. Coordinates are
    continuous (x, y) with pixel centres at +0.5, in both frames.
    """

    height: int
    width: int
    input_side: int  # 1024 pixels for most networks: `SamConfig.input_side`

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1:
            raise InputError(
                f"an image must have at least one pixel, got {self.height} x {self.width} (height x width)"
            )

    @property
    def resized(self) -> tuple[int, int]:
        """(height, width) of the image inside the network's input, without the padding; a thread-thin side stays 1."""
        scale = self.input_side / max(self.height, self.width)
        return max(1, int(self.height * scale + 0.5)), max(1, int(self.width * scale + 0.5))

    def to_input(self, x: float, y: float) -> tuple[float, float]:
        """A point of the image -> the same point in the network's input."""
        height, width = self.resized
        return x * width / self.width, y * height / self.height
