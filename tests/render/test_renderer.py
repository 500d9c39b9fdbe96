"""The renderer in a real browser: what is drawn must be what is stored, pixel by pixel."""

import pytest
from playwright.sync_api import Page

# Landscape, portrait, smaller than the grid of logits, many cells to a pixel, far larger, and thinner than a cell.
SIZES = [(640, 480), (333, 777), (64, 48), (16, 9), (5000, 3000), (20_000, 30), (1, 1)]
# The model's input: of most networks, and of those whose input is as small as the grid of logits.
INPUT_SIDES = [1024, 256]


@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize("input_side", INPUT_SIDES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_drawn_candidate_is_the_stored_mask(
    page: Page, width: int, height: int, scale: int, input_side: int
) -> None:
    size = {"width": width, "height": height}
    view = {"scale": scale, "x": -int(width * scale * 0.2), "y": -int(height * scale * 0.1)}
    drawn = "([size, view, side]) => harness.candidateMismatches(size, view, side)"
    assert page.evaluate(drawn, [size, view, input_side]) == 0


@pytest.mark.parametrize("input_side", INPUT_SIDES)
@pytest.mark.parametrize("crop", [[1500, 750, 1500, 1500], [0, 0, 750, 750], [5250, 3250, 750, 750], [40, 30, 21, 13]])
@pytest.mark.parametrize("scale", [0.25, 1, 4])
def test_the_drawn_candidate_of_a_crop_is_the_stored_mask(
    page: Page, scale: float, crop: list[int], input_side: int
) -> None:
    left, top, *_ = crop
    size = {"width": 6000, "height": 4000}
    view = {"scale": scale, "x": 90 - int(left * scale), "y": 60 - int(top * scale)}
    drawn = "([size, view, side, crop]) => harness.candidateMismatches(size, view, side, crop)"
    assert page.evaluate(drawn, [size, view, input_side, crop]) == 0


@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_drawn_annotation_is_the_stored_mask(page: Page, width: int, height: int, scale: int) -> None:
    size = {"width": width, "height": height}
    view = {"scale": scale, "x": -int(width * scale * 0.2), "y": -int(height * scale * 0.1)}
    assert page.evaluate("([size, view]) => harness.maskMismatches(size, view)", [size, view]) == 0


def test_the_candidate_is_the_stored_mask_when_zoomed_out_too(page: Page) -> None:
    arguments = [{"width": 5000, "height": 3000}, {"scale": 0.125, "x": 3, "y": 5}]
    assert page.evaluate("([size, view]) => harness.candidateMismatches(size, view, 1024)", arguments) == 0


def test_the_photo_stays_while_only_the_pointer_moves(page: Page) -> None:
    assert page.evaluate("harness.photoOverFrames(4)") == [[0, 0, 200]] * 4


def test_the_photo_comes_back_with_a_lost_graphics_context(page: Page) -> None:
    assert page.evaluate("harness.photoAfterContextLoss()") == [0, 0, 200]
