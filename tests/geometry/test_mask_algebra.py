"""The browser's masks against pycocotools, NumPy and SciPy: arbitrary masks, strokes and polygons, the same pixels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray
from pycocotools import mask as coco
from scipy import ndimage

from tests.geometry.conftest import Bitmap, Browser, decode, encode

steady = settings(deadline=None, derandomize=True, max_examples=50)  # the same cases, however busy the machine
EIGHT = np.ones((3, 3))

shapes = npst.array_shapes(min_dims=2, max_dims=2, max_side=24)


def textured(shape: tuple[int, int]) -> st.SearchStrategy[Bitmap]:
    """Noise of any grain: thin threads, solid blobs, runs over several columns."""
    grains = st.tuples(st.integers(0, 2**32 - 1), st.sampled_from([0, 0.6, 1.5, 3]), st.floats(0.2, 0.8))

    def draw(grain: tuple[int, float, float]) -> Bitmap:
        seed, blur, share = grain
        noise = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), blur)
        return np.asarray(noise < np.quantile(noise, share))

    return grains.map(draw)


def masks(shape: tuple[int, int]) -> st.SearchStrategy[Bitmap]:
    return st.one_of(textured(shape), npst.arrays(np.bool_, shape))


bitmaps = shapes.flatmap(masks)
pairs = shapes.flatmap(lambda shape: st.tuples(masks(shape), masks(shape)))


@pytest.mark.parametrize(
    ("how", "rule"),
    [
        ("union", np.logical_or),
        ("intersection", np.logical_and),
        ("difference", lambda a, b: a & ~b),
        ("symmetricDifference", np.logical_xor),
    ],
)
@given(pair=pairs)
@steady
def test_masks_are_combined_as_numpy_does(algebra: Browser, how, rule, pair):
    np.testing.assert_array_equal(algebra.edit("combine", *pair, how=how), rule(*pair))


@pytest.mark.parametrize(("how", "intersect"), [("union", False), ("intersection", True)])
@given(pair=pairs)
@steady
def test_masks_are_combined_as_pycocotools_does_to_the_letter(algebra: Browser, how, intersect, pair):
    merged = coco.merge([encode(bitmap) for bitmap in pair], intersect)
    answer = algebra.ask("combine", pair[0].shape, *pair, how=how)
    assert answer["segmentation"]["counts"] == str(merged["counts"], "ascii")


@given(pair=pairs)
@steady
def test_overlap_is_that_of_pycocotools(algebra: Browser, pair):
    a, b = (encode(bitmap) for bitmap in pair)
    assert algebra.ask("iou", pair[0].shape, *pair) == pytest.approx(coco.iou([a], [b], [0])[0, 0], abs=1e-12)


@given(bitmap=bitmaps)
@steady
def test_area_and_box_are_those_of_numpy(algebra: Browser, bitmap):
    answer = algebra.ask("measure", bitmap.shape, bitmap)
    rows, columns = (np.flatnonzero(bitmap.any(axis)) for axis in (1, 0))
    box = [columns[0], rows[0], np.ptp(columns) + 1, np.ptp(rows) + 1] if rows.size else [0, 0, 0, 0]
    assert answer["bbox"] == box
    assert answer["area"] == answer["sum"] == bitmap.sum()
    assert answer["isEmpty"] is not bitmap.any().item()
    assert answer["segmentation"] == encode(bitmap)


@given(bitmap=bitmaps)
@steady
def test_the_inverse_is_that_of_numpy(algebra: Browser, bitmap):
    np.testing.assert_array_equal(algebra.edit("invert", bitmap), ~bitmap)


@given(bitmap=bitmaps)
@steady
def test_parts_are_those_that_scipy_labels(algebra: Browser, bitmap):
    parts = [decode(part) for part in algebra.ask("parts", bitmap.shape, bitmap)]
    labels, count = ndimage.label(bitmap, EIGHT)
    expected = {(labels == label).tobytes() for label in range(1, count + 1)}
    assert {part.tobytes() for part in parts} == expected
    areas = [part.sum() for part in parts]
    assert areas == sorted(areas, reverse=True)
    assert len(parts) == count


@given(bitmap=bitmaps, largest=st.integers(0, 30))
@steady
def test_holes_are_those_that_scipy_fills(algebra: Browser, bitmap, largest):
    holes = ndimage.binary_fill_holes(bitmap) & ~bitmap
    labels, count = ndimage.label(holes)
    small = np.flatnonzero(np.bincount(labels.ravel(), minlength=count + 1) <= largest)
    filled = bitmap | (holes & np.isin(labels, small))
    np.testing.assert_array_equal(algebra.edit("fillHoles", bitmap, amount=largest), filled)
    np.testing.assert_array_equal(algebra.edit("fillHoles", bitmap), bitmap | holes)


@given(bitmap=bitmaps, amount=st.integers(0, 30))
@steady
def test_islands_are_dropped_by_their_area_as_scipy_labels_them(algebra: Browser, bitmap, amount):
    labels, _ = ndimage.label(bitmap, EIGHT)
    areas = np.bincount(labels.ravel())
    np.testing.assert_array_equal(
        algebra.edit("dropIslands", bitmap, amount=amount), bitmap & (areas[labels] >= amount)
    )
    kept = algebra.edit("keepLargest", bitmap, amount=amount)
    kept_areas = sorted(areas[1:], reverse=True)[:amount]
    assert sorted(np.bincount(ndimage.label(kept, EIGHT)[0].ravel())[1:], reverse=True) == kept_areas


@given(bitmap=bitmaps, radius=st.floats(0, 8))
@steady
def test_masks_grow_and_shrink_by_the_distance_that_scipy_finds(algebra: Browser, bitmap, radius):
    outside = ndimage.distance_transform_edt(~bitmap) if bitmap.any() else np.full(bitmap.shape, np.inf)
    inside = ndimage.distance_transform_edt(bitmap) if not bitmap.all() else np.full(bitmap.shape, np.inf)
    np.testing.assert_array_equal(algebra.edit("grow", bitmap, amount=radius), outside <= radius)
    if radius > 0:
        np.testing.assert_array_equal(algebra.edit("grow", bitmap, amount=-radius), inside > radius)


@given(bitmap=bitmaps, radius=st.integers(1, 6))
@steady
def test_masks_are_smoothed_by_the_majority_in_a_gaussian(algebra: Browser, bitmap, radius):
    reach = np.ceil(1.2 * radius)
    offsets = np.arange(-reach, reach + 1)
    weights = np.floor(4096 * np.exp(-(offsets**2) / (2 * (0.4 * radius) ** 2)) + 0.5)
    votes = np.where(bitmap, 1.0, -1.0)
    for axis in (0, 1):
        votes = ndimage.correlate1d(votes, weights, axis, mode="nearest")
    np.testing.assert_array_equal(algebra.edit("smooth", bitmap, amount=radius), votes > 0)


Points = NDArray[np.float64]


def centres(shape: tuple[int, int]) -> tuple[Points, Points]:
    """x and y of the middle of each pixel, (h, w) each."""
    y, x = np.indices(shape) + 0.5
    return x, y


coordinates = st.integers(-1500, 4000).map(lambda hundredths: hundredths / 100)
dabs = st.fixed_dictionaries({"x": coordinates, "y": coordinates, "radius": st.floats(0.01, 12)})


def distance_to_hull(shape: tuple[int, int], a: dict[str, float], b: dict[str, float]) -> Points:
    """Least signed distance to the discs between a and b, whose centre and radius go over evenly: (h, w)."""
    x, y = centres(shape)
    dx, dy, growth = b["x"] - a["x"], b["y"] - a["y"], b["radius"] - a["radius"]
    length = np.hypot(dx, dy)
    if length <= abs(growth):
        disc = a if growth < 0 else b
        return np.hypot(x - disc["x"], y - disc["y"]) - disc["radius"]
    along = ((x - a["x"]) * dx + (y - a["y"]) * dy) / length
    across = np.abs((x - a["x"]) * dy - (y - a["y"]) * dx) / length
    # Where the derivative by the share of the way is 0.
    slope = growth / np.sqrt(length**2 - growth**2)
    share = np.clip((along + across * slope) / length, 0, 1)
    return np.hypot(along - share * length, across) - (a["radius"] + share * growth)


@given(shape=shapes, stroke=st.lists(dabs, min_size=1, max_size=5))
@steady
def test_a_stroke_covers_the_hulls_of_its_discs(algebra: Browser, shape, stroke):
    drawn = decode(algebra.ask("stroke", shape, dabs=stroke))
    hulls = zip(stroke, [*stroke[1:], stroke[-1]], strict=True)
    distance = np.min([distance_to_hull(shape, a, b) for a, b in hulls], axis=0)
    clear = np.abs(distance) > 1e-9
    np.testing.assert_array_equal(drawn[clear], distance[clear] < 0)


def crossings_above(shape: tuple[int, int], ring: list[list[float]]) -> tuple[NDArray[np.int64], Bitmap]:
    """How many sides of a ring a ray upwards from each centre crosses, and which centres lie on a side: (h, w) each."""
    x, y = centres(shape)
    count, on_side = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        spans = (x0 <= x) != (x1 <= x)
        height = y0 + (y1 - y0) * (x - x0) / np.where(spans, x1 - x0, 1)
        count += spans & (height < y)
        on_side |= spans & (np.abs(height - y) < 1e-9)
    return count, on_side


rings = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=8), max_size=3)


@given(shape=shapes, lassos=rings)
@steady
def test_rings_are_filled_by_the_even_odd_rule_at_pixel_centres(algebra: Browser, shape, lassos):
    points = [[{"x": x, "y": y} for x, y in ring] for ring in lassos]
    filled = decode(algebra.ask("rings", shape, rings=points))
    crossed = [crossings_above(shape, ring) for ring in lassos]
    count = sum((count for count, _ in crossed), np.zeros(shape, np.int64))
    clear = ~np.any([on_side for _, on_side in crossed], axis=0) if crossed else np.ones(shape, np.bool_)
    np.testing.assert_array_equal(filled[clear], (count % 2 == 1)[clear])


@given(bitmap=bitmaps)
@steady
def test_outlines_enclose_the_mask_and_nothing_else(algebra: Browser, bitmap):
    outlines = algebra.ask("contours", bitmap.shape, bitmap, amount=0)
    points = [[(vertex["x"], vertex["y"]) for vertex in ring] for ring in outlines]
    count = sum((crossings_above(bitmap.shape, ring)[0] for ring in points), np.zeros(bitmap.shape, np.int64))
    np.testing.assert_array_equal(count % 2 == 1, bitmap)
    np.testing.assert_array_equal(decode(algebra.ask("rings", bitmap.shape, rings=outlines)), bitmap)
    # A ring for each part and for each hole.
    holes = ndimage.binary_fill_holes(bitmap) & ~bitmap
    assert len(points) == ndimage.label(bitmap, EIGHT)[1] + ndimage.label(holes)[1]
