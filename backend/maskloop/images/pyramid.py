"""How an image beyond one texture is cut into tiles. Pure arithmetic; `tiling.py` makes them, `tiles.py` reads them.

Level 0 is the image itself, and each further level has half of the sides of the one before, rounded up: pixel x of
level l covers the image's pixels x * 2^l to (x + 1) * 2^l. The last level is the overview. A tile has one pixel more on
each side that has a neighbour, so that colours can be interpolated across the seams.
"""

from dataclasses import dataclass

Box = tuple[int, int, int, int]
"""XYWH in whole pixels."""

TILE = 512
OVERLAP = 1
OVERVIEW_SIDE = 2048
# What nearly every browser holds in one texture: 40 megapixels are 213 MB of graphics memory with their mipmaps.
TEXTURE_SIDE = 8192
TEXTURE_AREA = 40_000_000


@dataclass(frozen=True)
class Pyramid:
    """The tiles of an image of this size."""

    width: int
    height: int

    @property
    def levels(self) -> int:
        """Until the longer side is at most 2048."""
        levels = 1
        while max(self.size_of(levels - 1)) > OVERVIEW_SIDE:
            levels += 1
        return levels

    def size_of(self, level: int) -> tuple[int, int]:
        """Width and height of a level, in its own pixels."""
        return -(-self.width >> level), -(-self.height >> level)

    def grid_of(self, level: int) -> tuple[int, int]:
        """Columns and rows of tiles."""
        width, height = self.size_of(level)
        return -(-width // TILE), -(-height // TILE)

    def has(self, level: int, x: int, y: int) -> bool:
        """Whether there is such a tile."""
        if not 0 <= level < self.levels:
            return False
        columns, rows = self.grid_of(level)
        return 0 <= x < columns and 0 <= y < rows

    def box_of(self, level: int, x: int, y: int) -> Box:
        """What a tile shows, its overlap included, in pixels of its level."""
        width, height = self.size_of(level)
        left, top = max(0, x * TILE - OVERLAP), max(0, y * TILE - OVERLAP)
        right, bottom = min(width, (x + 1) * TILE + OVERLAP), min(height, (y + 1) * TILE + OVERLAP)
        return left, top, right - left, bottom - top

    def tiles_in(self, level: int, box: Box) -> list[tuple[int, int]]:
        """Column and row of every tile with pixels of the box, which is in pixels of the level."""
        left, top, width, height = box
        columns, rows = self.grid_of(level)
        across = range(max(0, left // TILE), min(columns, -(-(left + width) // TILE)))
        down = range(max(0, top // TILE), min(rows, -(-(top + height) // TILE)))
        return [(x, y) for y in down for x in across]

    def level_for(self, box: Box, side: int) -> int:
        """The coarsest level at which the longer side of the box, given in pixels of the image, has `side` pixels."""
        return max((level for level in range(self.levels) if max(box[2:]) >> level >= side), default=0)

    def scaled(self, box: Box, level: int) -> Box:
        """The pixels of the level that show the box, which is given in pixels of the image."""
        left, top, width, height = box
        right, bottom = -(-(left + width) >> level), -(-(top + height) >> level)
        return left >> level, top >> level, right - (left >> level), bottom - (top >> level)


def pyramid_of(width: int, height: int) -> Pyramid | None:
    """None where the image fits into one texture."""
    fits = max(width, height) <= TEXTURE_SIDE and width * height <= TEXTURE_AREA
    return None if fits else Pyramid(width, height)
