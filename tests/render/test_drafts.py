"""Masks that are changed by hand, in a real browser: what is seen under the hand is what will be stored."""

import pytest
from playwright.sync_api import Page

SIZES = [(640, 480), (97, 61), (5000, 3000)]
OPERATIONS = ["add", "subtract", "intersect"]
BASES = ["none", "logits", "full"]


def view_of(width: int, height: int, scale: float) -> dict[str, float]:
    return {"scale": scale, "x": -int(width * scale * 0.3), "y": -int(height * scale * 0.2)}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_live_stroke_is_the_stored_mask(page: Page, width: int, height: int, scale: int, operation: str) -> None:
    arguments = [{"width": width, "height": height}, view_of(width, height, scale), operation, "full"]
    assert page.evaluate("(all) => harness.strokeMismatches(...all)", arguments) == 0


@pytest.mark.parametrize("base", BASES)
def test_a_stroke_goes_on_from_any_mask(page: Page, base: str) -> None:
    arguments = [{"width": 320, "height": 240}, view_of(320, 240, 2), "add", base]
    assert page.evaluate("(all) => harness.strokeMismatches(...all)", arguments) == 0


def test_the_live_stroke_is_the_stored_mask_when_zoomed_out_too(page: Page) -> None:
    arguments = [{"width": 5000, "height": 3000}, {"scale": 0.125, "x": 3, "y": 5}, "add", "none"]
    assert page.evaluate("(all) => harness.strokeMismatches(...all)", arguments) == 0


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_inside_of_rings_is_the_stored_mask(
    page: Page, width: int, height: int, scale: int, operation: str
) -> None:
    arguments = [{"width": width, "height": height}, view_of(width, height, scale), operation, "full"]
    assert page.evaluate("(all) => harness.ringsMismatches(...all)", arguments) == 0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_full_mask_in_the_making_is_the_stored_mask(page: Page, width: int, height: int) -> None:
    arguments = [{"width": width, "height": height}, view_of(width, height, 1)]
    assert page.evaluate("(all) => harness.fullMismatches(...all)", arguments) == 0
