"""Photos as the renderer draws them: tiles without seams, and adjusted colours."""

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("scale", [1, 1.7, 2.5, 3.9, 5])
def test_a_photo_in_tiles_looks_like_the_photo_in_one_piece(page: Page, scale: float) -> None:
    assert page.evaluate("(scale) => harness.tileMismatch(scale)", scale) <= 1


PLAIN = {"brightness": 0, "contrast": 0, "gamma": 1}


@pytest.mark.parametrize(
    ("adjustments", "seen"),
    [
        ({}, [40, 128, 200]),
        ({"brightness": 0.2}, [91, 179, 251]),
        ({"brightness": -1}, [0, 0, 0]),
        ({"contrast": -1}, [128, 128, 128]),
        ({"contrast": 0.5}, [0, 129, 255]),
        ({"gamma": 2}, [101, 181, 226]),
    ],
)
def test_brightness_contrast_and_gamma_change_what_is_shown(
    page: Page, adjustments: dict[str, float], seen: list[int]
) -> None:
    drawn = "(adjustments) => harness.adjustedColor([40, 128, 200], adjustments)"
    shown = page.evaluate(drawn, PLAIN | adjustments)
    assert shown == pytest.approx(seen, abs=1)
