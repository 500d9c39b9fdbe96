"""The parts of automatic masks against references: crops, grids, suppression, clean-up, stability."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sam.automatic import stability_of
from sam.crops import Crop, crops_of, point_grid, touches_inner_border
from sam.mask_cleanup import without_small_regions
from sam.nms import box_nms


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (2, 400), (97, 31), (1000, 1000)], ids=str)
def test_each_layer_of_crops_covers_the_image_and_no_crop_is_empty(size: tuple[int, int]) -> None:
    crops = crops_of(size, 3, 512 / 1500)
    for layer in range(3):
        covered = np.zeros(size, dtype=bool)
        for crop in (crop for crop in crops if crop.layer == layer):
            assert min(crop.size) > 0
            assert covered[crop.window].shape == crop.size
            covered[crop.window] = True
        assert covered.all()


def test_points_are_the_centres_of_equal_cells() -> None:
    np.testing.assert_allclose(point_grid(2, (100, 200)), [(50, 25), (150, 25), (50, 75), (150, 75)])


@pytest.mark.parametrize(
    ("box", "touches"),
    [
        ((150, 150, 300, 250), False),  # well inside
        ((120, 150, 300, 250), True),  # 20 pixels from the left side, which is inside the image
        ((121, 150, 300, 250), False),
        ((150, 150, 400, 250), False),  # at the right side, where the image ends too
        ((150, 0, 300, 250), False),  # at the top, likewise
        ((150, 150, 300, 285), True),  # near the lower side, which is inside the image
    ],
)
def test_masks_touch_a_border_only_inside_the_image(box: tuple[int, int, int, int], *, touches: bool) -> None:
    crop = Crop(1, 100, 0, 400, 300)
    assert touches_inner_border(box, crop, (600, 400), 20) is touches


BOXES = st.lists(
    st.tuples(*[st.integers(0, 8)] * 2, *[st.integers(0, 6)] * 2, st.integers(0, 5)), min_size=0, max_size=14
)


@settings(max_examples=150, deadline=None)
@given(BOXES, st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]))
def test_suppression_is_that_of_comparing_every_pair(drawn: list[tuple[int, ...]], threshold: float) -> None:
    boxes = [(x, y, x + w, y + h) for x, y, w, h, _ in drawn]
    scores = [score for *_, score in drawn]
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda index: (-scores[index], index)):
        if all(pixel_iou(boxes[index], boxes[better]) <= threshold for better in kept):
            kept.append(index)
    found = box_nms(np.array(boxes, np.float64).reshape(-1, 4), np.array(scores, np.float64), threshold)
    assert found.tolist() == kept


def pixel_iou(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    pixels = [{(x, y) for x in range(x0, x1) for y in range(y0, y1)} for x0, y0, x1, y1 in (a, b)]
    union = pixels[0] | pixels[1]
    return len(pixels[0] & pixels[1]) / len(union) if union else 0.0


def cleaned(drawing: str, min_area: int) -> list[str]:
    mask = np.array([[pixel == "#" for pixel in row] for row in drawing.split()])
    rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    after = without_small_regions(mask, box, min_area)
    return ["".join("#" if pixel else "." for pixel in row) for row in after]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("####. #..#. ####.", "####. ####. ####."),  # a hole of two pixels
        ("##### #...# #####", "##### #...# #####"),  # one of three stays
        (".###. .#.#. .#.#.", ".###. .###. .###."),  # what mask and image border enclose is a hole
        (".###. .#.#. .#.#. .....", ".###. .#.#. .#.#. ....."),  # what is open to the outside is none
        ("###.. ###.. ....#", "###.. ###.. ....."),  # an island
        ("###.. ###.. ...#.", "###.. ###.. ...#."),  # not one: it touches at a corner
        ("##... ....#", "##... ....."),  # all are too small: the largest stays
        ("####### #.....# #.#...# #.....# #######", "####### #.....# #.....# #.....# #######"),  # an island in a hole
        ("####### #.....# #...... ####### ...#... ", "####### #.....# #...... ####### ...#..."),  # an open bay
    ],
)
def test_small_holes_are_filled_and_small_islands_removed(before: str, after: str) -> None:
    assert cleaned(before, 3) == after.split()


def test_stability_is_the_iou_of_two_cuts() -> None:
    logits = torch.tensor([[2.0, 0.5, -0.5, -2.0]])
    assert stability_of(logits, 1.0) == 1 / 3
    assert stability_of(logits - 10, 1.0) == 0
