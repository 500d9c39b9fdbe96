"""The picture of photo and accepted masks, in a real browser: its looks, and that keeping it changes no pixel."""

import pytest
from playwright.sync_api import Page

RED, GREEN, BLACK = [255, 0, 0], [0, 255, 0], [0, 0, 0]
SAME_LAYER = {"large": 0, "small": 0}


def color_under(page: Page, parts: str = "{}", layers: dict[str, int] = SAME_LAYER) -> list[int]:
    color: list[int] = page.evaluate(f"(layers) => harness.colorUnder({parts}, layers)", layers)
    return color


def test_a_small_mask_lies_over_a_large_one(page: Page) -> None:
    assert color_under(page) == GREEN


def test_a_higher_layer_lies_over_a_lower_one_whatever_its_size(page: Page) -> None:
    assert color_under(page, layers={"large": 3, "small": 2}) == RED


def test_a_hidden_mask_is_not_drawn(page: Page) -> None:
    assert color_under(page, "{hiddenIds: new Set(['small'])}") == RED
    assert color_under(page, "{hiddenIds: new Set(['small', 'large'])}") == BLACK


def test_a_hidden_mask_is_not_drawn_under_the_pointer_either(page: Page) -> None:
    hovered = "{hiddenIds: new Set(['small']), hoveredId: 'small', selection: ['small']}"
    assert color_under(page, hovered) == RED


def test_fills_are_as_opaque_as_wanted(page: Page) -> None:
    half = color_under(page, "{maskOpacity: 0.5, hiddenIds: new Set(['small'])}")
    assert half == pytest.approx([128, 0, 0], abs=1)


def test_outlines_alone_leave_the_inside_as_it_is(page: Page) -> None:
    assert color_under(page, "{outlineOnly: true}") == BLACK
    assert color_under(page, "{outlineOnly: true, hoveredId: 'small', selection: ['large']}") == BLACK


@pytest.mark.parametrize("scale", [0.37, 1, 5])
def test_panning_changes_no_pixel(page: Page, scale: float) -> None:
    assert page.evaluate("(scale) => harness.differenceAfterPanning(scale)", scale) == 0


@pytest.mark.parametrize("scale", [0.37, 1, 2.5])
def test_mending_the_picture_changes_no_pixel(page: Page, scale: float) -> None:
    assert page.evaluate("(scale) => harness.differenceAfterEditing(scale)", scale) == 0


@pytest.mark.parametrize("scale", [0.7, 1, 3])
def test_what_lies_over_the_picture_leaves_no_trace(page: Page, scale: float) -> None:
    assert page.evaluate("(scale) => harness.differencesOverOverlays(scale)", scale) == [0] * 8


def test_the_picture_becomes_exact_frame_by_frame(page: Page) -> None:
    assert page.evaluate("harness.framesUntilExact()") < 100


def test_nothing_is_blank_while_a_hand_throws_the_image_about(page: Page) -> None:
    assert page.evaluate("harness.blanksWhilePanning()") == [0] * 4


@pytest.mark.parametrize("factor", [0.6, 0.9, 1.1, 1.7])
def test_the_picture_follows_a_zoom_under_way(page: Page, factor: float) -> None:
    difference = page.evaluate("(factor) => harness.differencesWhileZooming(factor)", factor)
    assert 0 < difference["shown"] < 0.5 * difference["before"]


def test_a_zoom_comes_to_rest_at_the_exact_picture(page: Page) -> None:
    canvas = page.locator("canvas")
    page.evaluate("harness.zoomAndRest()")
    page.wait_for_timeout(1000)
    rested = canvas.screenshot()
    page.evaluate("harness.drawAnew()")
    assert rested == canvas.screenshot()
