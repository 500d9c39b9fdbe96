"""Masks as COCO polygons, exactly: rasterised by pycocotools, the polygons give back every pixel and no other.

A polygon follows the edges between pixels, so its vertices are integer corner coordinates (x, y) with (0, 0) the outer
corner of the first pixel and (w, h) that of the last. Pixels are connected by their sides (4-neighbours): two that
touch at a corner are two parts. Outer edges run clockwise as seen on the screen, holes counter-clockwise.

COCO polygons cannot hold holes, so each hole is cut open to the edge above it by a bridge of zero width that is walked
down and up again. Such a ring is right under the even-odd and under the non-zero rule. See docs/coco.md.

How: a lattice point where the boundary turns is a corner. Along a row of the lattice, corners sorted by x are left and
right ends of horizontal edges by turns; along a column, sorted by y, upper and lower ends of vertical edges. Two sorts
therefore give every corner its two neighbours, without following any edge pixel by pixel.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maskloop.domain.masks import Bitmap, Mask, decode

Ints = NDArray[np.int64]
Polygon = list[int]
"""x0, y0, x1, y1, ... of a closed ring, its first point not repeated, as COCO writes it."""


def to_polygons(mask: Mask) -> list[Polygon]:
    """Mask -> one polygon for each of its parts, in pixels of the image."""
    x, y, width, height = mask.bbox
    rings = trace(decode(mask)[y : y + height, x : x + width])
    origin = np.array((x, y))
    return [(ring + origin).ravel().tolist() for ring in rings]


def trace(bitmap: Bitmap) -> list[Ints]:
    """(h, w) bool -> for each part its ring (n, 2) of corners (x, y), holes bridged, no three in a row on one line."""
    padded = np.pad(bitmap, 1)
    corners = _find_corners(padded)
    successor = _link(corners)
    rings = _cycles(successor)
    holes = [ring[0] for ring in rings if not corners.leaves_sideways[ring[0]]]
    points = np.stack((corners.x, corners.y), axis=1)
    if not holes:
        return [points[ring] for ring in rings]
    points, successor = _bridge(padded, corners, successor, np.array(holes))
    return [_without_idle_points(points[ring]) for ring in _cycles(successor)]


@dataclass(frozen=True, slots=True)
class _Corners:
    """Where the boundary turns; all (n,), sorted by y, then x, then goes_right.

    Where two foreground pixels touch at one point only, that point is two corners, one of each pixel.
    """

    x: Ints
    y: Ints
    goes_right: NDArray[np.bool_]  # its horizontal edge lies to its right, else to its left
    goes_down: NDArray[np.bool_]  # its vertical edge lies below it, else above
    leaves_sideways: NDArray[np.bool_]  # the ring, foreground on its right hand, leaves by the horizontal edge


def _find_corners(padded: Bitmap) -> _Corners:
    """(h+2, w+2) bool with a background rim -> corners in coordinates of the inner bitmap."""
    nw, ne, sw, se = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    touching = (nw == se) & (ne == sw) & (nw != ne)
    y, x = np.nonzero((nw ^ ne ^ sw ^ se) | touching)
    twice = touching[y, x]
    repeats = 1 + twice
    y, x, twice = np.repeat(y, repeats), np.repeat(x, repeats), np.repeat(twice, repeats)
    second = np.append(False, twice[1:] & (y[1:] == y[:-1]) & (x[1:] == x[:-1]))
    up_left, below_right = nw[y, x], se[y, x]
    goes_right = np.where(twice, second, ne[y, x] != below_right)
    goes_down = np.where(twice, second == up_left, sw[y, x] != below_right)
    return _Corners(x, y, goes_right, goes_down, np.where(goes_right, below_right, up_left))


def _link(corners: _Corners) -> Ints:
    """The corner that follows each corner on its ring, (n,)."""
    sideways = _partners(np.arange(corners.x.size))
    upright = _partners(np.lexsort((corners.goes_down, corners.y, corners.x)))
    return np.where(corners.leaves_sideways, sideways, upright)


def _partners(order: Ints) -> Ints:
    """Corners in order along parallel lines, ends of edges by turns -> for each corner the other end, (n,)."""
    partners = np.empty_like(order)
    partners[order[0::2]], partners[order[1::2]] = order[1::2], order[0::2]
    return partners


def _cycles(successor: Ints) -> list[list[int]]:
    """The rings of a permutation, each from its smallest member on: the leftmost of its highest corners."""
    following: list[int] = successor.tolist()
    rings = []
    for start in range(len(following)):
        ring, at = [], start
        while (next_at := following[at]) >= 0:
            ring.append(at)
            following[at] = -1
            at = next_at
        if ring:
            rings.append(ring)
    return rings


def _bridge(padded: Bitmap, corners: _Corners, successor: Ints, holes: Ints) -> tuple[Ints, Ints]:
    """Cut each hole, given by its highest leftmost corner, open to the edge straight above it.

    That edge may be another hole's lower one; it is higher, so by steps every hole reaches its part's outer ring.
    Returns the points (n + 2 * holes, 2), two new ones for each hole, and their successors.
    """
    x, top = corners.x[holes], _edge_above(padded, corners.x[holes], corners.y[holes])
    edges = _left_end(corners, x, top)
    order = np.lexsort((x, edges))  # holes under one edge are visited from left to right
    holes, x, top, edges = holes[order], x[order], top[order], edges[order]
    count = corners.x.size
    down = count + 2 * np.arange(holes.size)
    up = down + 1

    points = np.empty((count + 2 * holes.size, 2), np.int64)
    points[:count, 0], points[:count, 1] = corners.x, corners.y
    points[down] = points[up] = np.stack((x, top), axis=1)

    spliced = np.concatenate((successor, np.empty(2 * holes.size, np.int64)))
    spliced[down], spliced[holes] = successor[holes], up
    continues = np.append(edges[1:] == edges[:-1], False)
    spliced[up] = np.where(continues, np.append(down[1:], -1), successor[edges])
    spliced[edges[::-1]] = down[::-1]  # reversed: the leftmost hole of an edge is written last and stays
    return points, spliced


def _edge_above(padded: Bitmap, x: Ints, y: Ints) -> Ints:
    """The upper end of the foreground run that lies in pixel column x and ends above row y, (n,)."""
    columns = padded.T[1:-1]
    height = columns.shape[1] - 1
    upper_ends = np.flatnonzero(columns[:, 1:] & ~columns[:, :-1])
    nearest = np.searchsorted(upper_ends, x * height + y, side="left") - 1
    return np.asarray(upper_ends[nearest] - x * height)


def _left_end(corners: _Corners, x: Ints, y: Ints) -> Ints:
    """The corner at the left end of the horizontal edge that covers x to x + 1 in lattice row y, (n,)."""
    stride = int(corners.x.max()) + 1
    key = 2 * (corners.y * stride + corners.x) + corners.goes_right
    return np.searchsorted(key, 2 * (y * stride + x) + 1, side="right") - 1


def _without_idle_points(ring: Ints) -> Ints:
    """(n, 2) -> without points that repeat the one before or lie on the way straight ahead."""
    ring = ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)]
    heading = np.sign(np.roll(ring, -1, axis=0) - ring)
    turns: NDArray[np.bool_] = np.any(heading != np.roll(heading, 1, axis=0), axis=1)
    return ring[turns]
