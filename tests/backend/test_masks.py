"""Masks from outside: what fits is measured as pycocotools and NumPy do, what does not fit is refused with a reason."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from pycocotools import mask as coco

from maskloop.domain.masks import MAX_COUNTS_LENGTH, InvalidMask, decode, encode, from_bitmap, parse_rle

steady = settings(deadline=None, derandomize=True)  # the same cases in every run, however busy the machine
bitmaps = npst.arrays(np.bool_, npst.array_shapes(min_dims=2, max_dims=2, max_side=24))
set_bitmaps = bitmaps.filter(np.any)
alphabet = st.text([chr(code) for code in range(ord("0"), ord("p"))], max_size=40)


def spell(runs: list[int], height: int, width: int) -> str:
    """Any runs, sensible or not, as pycocotools spells them."""
    packed = coco.frPyObjects({"size": [height, width], "counts": runs}, height, width)
    return str(packed["counts"], "ascii")


@given(set_bitmaps)
@steady
def test_a_mask_survives_the_way_to_rle_and_back(bitmap):
    mask = from_bitmap(bitmap)
    np.testing.assert_array_equal(decode(mask), bitmap)
    np.testing.assert_array_equal(coco.decode({"size": mask.size, "counts": mask.counts}), bitmap)
    assert mask.counts == encode(bitmap)


@given(set_bitmaps)
@steady
def test_box_and_area_are_those_of_numpy_and_of_pycocotools(bitmap):
    mask = from_bitmap(bitmap)
    rows, columns = np.flatnonzero(bitmap.any(axis=1)), np.flatnonzero(bitmap.any(axis=0))
    assert mask.bbox == (columns[0], rows[0], np.ptp(columns) + 1, np.ptp(rows) + 1)
    assert list(mask.bbox) == coco.toBbox({"size": mask.size, "counts": mask.counts}).tolist()
    assert mask.area == bitmap.sum() == coco.area({"size": mask.size, "counts": mask.counts})


@given(set_bitmaps, st.data())
@steady
def test_zero_runs_in_between_change_the_spelling_only(bitmap, data):
    height, width = bitmap.shape
    runs = np.diff(np.flatnonzero(np.diff(bitmap.ravel("F"), prepend=False, append=True)), prepend=0).tolist()
    runs = runs if sum(runs) == bitmap.size else [*runs, bitmap.size - sum(runs)]
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(runs)))
        runs[at:at] = [0, 0] if at in (0, len(runs)) else [runs[at], 0, 0][1:]
    padded = parse_rle(spell(runs, height, width), (height, width), (height, width))
    assert padded == from_bitmap(bitmap)


def test_a_run_split_by_a_zero_run_is_one_run():
    assert parse_rle(spell([2, 3, 0, 1, 3, 0], 3, 3), (3, 3), (3, 3)) == parse_rle(
        spell([2, 4, 3], 3, 3), (3, 3), (3, 3)
    )


@given(alphabet, st.integers(1, 9), st.integers(1, 9))
@settings(steady, max_examples=500)
def test_a_string_is_either_refused_or_safe_for_pycocotools(counts, height, width):
    try:
        mask = parse_rle(counts, (height, width), (height, width))
    except InvalidMask:
        return
    bitmap = coco.decode({"size": mask.size, "counts": mask.counts}).astype(bool)
    np.testing.assert_array_equal(decode(mask), bitmap)
    assert from_bitmap(bitmap) == mask


@given(st.text())
@steady
def test_no_text_gets_past_the_check_with_another_error(counts):
    with pytest.raises(InvalidMask):
        parse_rle(counts, (1000, 7919), (1000, 7919))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=9))
@steady
def test_runs_are_accepted_only_if_they_add_up_to_the_image(runs):
    counts = spell(runs, 4, 5)
    if sum(runs) == 20 and sum(runs[1::2]) > 0:
        assert parse_rle(counts, (4, 5), (4, 5)).area == sum(runs[1::2])
    else:
        with pytest.raises(InvalidMask):
            parse_rle(counts, (4, 5), (4, 5))


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ("", "empty string"),
        (spell([20], 4, 5), "no pixel is set"),
        (spell([10, 0, 10], 4, 5), "no pixel is set"),
        (spell([3, 16], 4, 5), "add up to 19 pixels; the image has 4 \\* 5 = 20"),
        (spell([3, 18], 4, 5), "add up to 21 pixels"),
        ("3O6", "negative run: -1"),
        ("3_", "cut short"),
        ("3!", "'!' at position 1"),
        ("3\N{FULLWIDTH DIGIT THREE}", "at position 1"),
        ("3\ud800", "at position 1"),
        ("3\x00A", "at position 1"),
        ("oooooooooooooooooooo0", "one run with 21 characters"),
        ("oooooo?", "a run of"),
        ("0" * (MAX_COUNTS_LENGTH + 1), "at most 4,194,304 are accepted"),
    ],
)
def test_a_bad_string_is_refused_with_its_reason(counts, reason):
    with pytest.raises(InvalidMask, match=reason):
        parse_rle(counts, (4, 5), (4, 5))


def test_huge_runs_that_would_wrap_around_to_the_right_sum_are_refused():
    wrapping = spell([2**29, 2**29, 2**29, 2**29, 2**29, 2**29, 2**29, 2**29 + 20], 4, 5)
    with pytest.raises(InvalidMask):
        parse_rle(wrapping, (4, 5), (4, 5))


def test_a_mask_of_another_size_names_both_sizes():
    with pytest.raises(InvalidMask, match=r"5x4 pixels but its image is 4x5"):
        parse_rle(spell([3, 17], 4, 5), (4, 5), (5, 4))


@pytest.mark.parametrize("size", [(0, 5), (4, 0), (-4, -5), (2**20, 2**20)])
def test_a_size_that_no_image_has_is_refused(size):
    with pytest.raises(InvalidMask, match="outside what can be stored"):
        parse_rle("0", size, size)


def test_the_longest_string_of_zero_runs_is_refused():
    with pytest.raises(InvalidMask, match="add up to 0"):
        parse_rle("0" * MAX_COUNTS_LENGTH, (3000, 4000), (3000, 4000))


def test_a_full_and_a_corner_pixel_mask_of_a_large_image_are_measured():
    height, width = 10_000, 20_000
    full = parse_rle(spell([0, height * width], height, width), (height, width), (height, width))
    assert (full.bbox, full.area) == ((0, 0, width, height), height * width)
    corner = parse_rle(spell([height * width - 1, 1], height, width), (height, width), (height, width))
    assert (corner.bbox, corner.area) == ((width - 1, height - 1, 1, 1), 1)


def test_an_empty_bitmap_is_no_mask():
    with pytest.raises(InvalidMask, match="empty"):
        from_bitmap(np.zeros((4, 5), bool))
