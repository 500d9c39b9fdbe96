"""Which parts of a large image are embedded by themselves: the same for server and browser, and not many."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from maskloop.domain.crops import MOST_ENLARGED, Box, Crop, Size, crop_for, crops_of, is_canonical

FIXTURE = Path(__file__).parents[2] / "frontend/src/geometry/fixtures/crops.json"
SIZES = [Size(6000, 4000), Size(1500, 2000), Size(4001, 3003), Size(20_000, 700)]


@pytest.mark.parametrize("place", json.loads(FIXTURE.read_text()), ids=str)
def test_the_browser_is_held_to_the_same_answers(place):
    size, side = Size(*place["size"]), place["input_side"]
    crop = crop_for(Box(*place["seen"]), size, side)
    assert (list(crop) if crop else None) == place["crop"]
    assert crop is None or is_canonical(crop, size, side)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("side", [1024, 256])
def test_every_crop_lies_in_the_image_and_is_not_enlarged_much(size, side):
    crops = list(crops_of(size, side))
    assert len(set(crops)) == len(crops)
    for crop in crops:
        assert min(crop.left, crop.top) >= 0
        assert crop.left + crop.width <= size.width
        assert crop.top + crop.height <= size.height
        assert side <= MOST_ENLARGED * max(crop.width, crop.height)
        assert is_canonical(crop, size, side)


@pytest.mark.parametrize("size", SIZES)
def test_the_crops_of_a_level_lie_on_quarter_steps_from_edge_to_edge(size):
    for width in {crop.width for crop in crops_of(size, 1024)}:
        lefts = sorted({crop.left for crop in crops_of(size, 1024) if crop.width == width})
        assert (lefts[0], lefts[-1]) == (0, size.width - width)
        assert all(after - before <= width // 4 for before, after in pairwise(lefts))


def test_there_are_few_of_them():
    assert len(list(crops_of(Size(6000, 4000), 1024))) < 700


@pytest.mark.parametrize("crop", [(0, 0, 6000, 4000), (1, 0, 3000, 3000), (0, 0, 3000, 2999), (800, 0, 3000, 3000)])
def test_no_other_crop_is_one(crop):
    assert not is_canonical(Crop(*crop), Size(6000, 4000), 1024)


def test_a_crop_is_read_as_it_is_written():
    assert Crop.parse(str(Crop(1, 2, 30, 40))) == Crop(1, 2, 30, 40)
