"""Polygons: pycocotools' own rasteriser gives back the mask to the pixel, whatever its shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PIL import Image, ImageDraw
from pycocotools import mask as coco
from skimage.measure import label

from maskloop.domain.masks import from_bitmap
from maskloop.domain.polygons import to_polygons

steady = settings(deadline=None, derandomize=True)  # the same cases in every run, however busy the machine
bitmaps = npst.arrays(np.bool_, npst.array_shapes(min_dims=2, max_dims=2, max_side=20)).filter(np.any)
dense_bitmaps = (
    st.tuples(bitmaps, bitmaps).filter(lambda pair: pair[0].shape == pair[1].shape).map(lambda p: p[0] | p[1])
)

SHAPES = {
    "one pixel": ["#"],
    "one pixel in the middle": ["...", ".#.", "..."],
    "full image": ["####", "####", "####"],
    "one row": ["##.##"],
    "one column": ["#", "#", ".", "#"],
    "diagonal touch, falling": ["#.", ".#"],
    "diagonal touch, rising": [".#", "#."],
    "chequers": ["#.#.#", ".#.#.", "#.#.#"],
    "a hole": ["###", "#.#", "###"],
    "a hole that touches the outside at a corner": [".###", "#.##", "####"],
    "two holes that touch at a corner": ["####", "#.##", "##.#", "####"],
    "two holes under one edge": ["#####", "#.#.#", "#####"],
    "a hole under a hole": ["###", "#.#", "###", "#.#", "###"],
    "a hole under the left end of its edge": [".####", "###.#", "#####", "##.##", "#####"],
    "an island in a hole, with a hole": ["#######", "#.....#", "#.###.#", "#.#.#.#", "#.###.#", "#.....#", "#######"],
    "a ring that bites its tail at a corner": ["####.", "#..#.", "#...#", "#####"],
    "a comb": ["#.#.#.#", "#######", "#.#.#.#"],
}


def drawn(rows: list[str]) -> np.ndarray:
    return np.array([[pixel == "#" for pixel in row] for row in rows])


def rasterised(polygons: list[list[int]], shape: tuple[int, int]) -> np.ndarray:
    return coco.decode(coco.merge(coco.frPyObjects(polygons, *shape))).astype(bool)


def points(polygon: list[int]) -> np.ndarray:
    return np.array(polygon).reshape(-1, 2)


def winding_numbers(polygon: list[int], shape: tuple[int, int]) -> np.ndarray:
    """How often the ring goes round each pixel's centre: signed crossings of a ray to the left, (h, w)."""
    winding = np.zeros(shape, int)
    ring = points(polygon)
    for (x, start), (_, end) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        winding[min(start, end) : max(start, end), x:] += np.sign(start - end)
    return winding


@given(bitmaps | dense_bitmaps)
@settings(steady, max_examples=400)
def test_pycocotools_gives_back_the_mask_exactly(bitmap):
    np.testing.assert_array_equal(rasterised(to_polygons(from_bitmap(bitmap)), bitmap.shape), bitmap)


@pytest.mark.parametrize("rows", SHAPES.values(), ids=SHAPES)
def test_named_shapes_come_back_exactly(rows):
    bitmap = drawn(rows)
    np.testing.assert_array_equal(rasterised(to_polygons(from_bitmap(bitmap)), bitmap.shape), bitmap)


@given(bitmaps | dense_bitmaps)
@steady
def test_every_part_connected_by_sides_is_one_polygon(bitmap):
    assert len(to_polygons(from_bitmap(bitmap))) == label(bitmap, connectivity=1).max()


@given(bitmaps | dense_bitmaps)
@steady
def test_even_odd_and_non_zero_readers_see_the_same_pixels(bitmap):
    windings = [winding_numbers(polygon, bitmap.shape) for polygon in to_polygons(from_bitmap(bitmap))]
    assert all(np.isin(winding, (0, 1)).all() for winding in windings) or all(
        np.isin(winding, (0, -1)).all() for winding in windings
    )
    np.testing.assert_array_equal(np.any(windings, axis=0), bitmap)


@given(bitmaps | dense_bitmaps)
@steady
def test_the_enclosed_areas_add_up_to_the_masks_area(bitmap):
    def area(polygon):
        x, y = points(polygon).T
        return (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2

    assert sum(area(polygon) for polygon in to_polygons(from_bitmap(bitmap))) == bitmap.sum()


@given(bitmaps | dense_bitmaps)
@steady
def test_edges_run_along_pixels_and_turn_at_every_point(bitmap):
    for polygon in to_polygons(from_bitmap(bitmap)):
        steps = np.roll(points(polygon), -1, axis=0) - points(polygon)
        assert ((steps != 0).sum(axis=1) == 1).all()
        heading = np.sign(steps)
        assert (heading != np.roll(heading, 1, axis=0)).any(axis=1).all()


@given(bitmaps)
@steady
def test_no_polygon_can_be_mistaken_for_a_box_or_leaves_the_image(bitmap):
    height, width = bitmap.shape
    for polygon in to_polygons(from_bitmap(bitmap)):
        assert len(polygon) >= 8  # pycocotools reads a list of four numbers as a box
        assert points(polygon).min() >= 0
        assert (points(polygon) <= (width, height)).all()


def test_a_hole_is_cut_open_to_the_edge_above_it():
    bitmap = drawn(["####", "#..#", "####"])
    assert to_polygons(from_bitmap(bitmap)) == [[0, 0, 1, 0, 1, 2, 3, 2, 3, 1, 1, 1, 1, 0, 4, 0, 4, 3, 0, 3]]


def test_a_second_rasteriser_sees_the_holes_too():
    bitmap = np.zeros((60, 60), bool)
    bitmap[5:55, 5:55] = True
    bitmap[15:25, 15:45] = bitmap[30:50, 20:30] = False
    canvas = Image.new("1", (60, 60))
    for polygon in to_polygons(from_bitmap(bitmap)):
        ImageDraw.Draw(canvas).polygon(polygon, fill=1)
    # Pillow draws the outline's own pixels as well: away from the edges it must agree.
    assert not np.asarray(canvas)[17:24, 17:44].any()
    assert not np.asarray(canvas)[32:49, 22:29].any()
    assert np.asarray(canvas)[7:14, 7:54].all()


def test_a_large_mask_full_of_holes_comes_back_exactly():
    y, x = np.mgrid[0:1500, 0:2000]
    bitmap = np.sin(x / 9.0) * np.sin(y / 13.0) < 0.7
    polygons = to_polygons(from_bitmap(bitmap))
    assert len(polygons) == label(bitmap, connectivity=1).max()
    np.testing.assert_array_equal(rasterised(polygons, bitmap.shape), bitmap)
