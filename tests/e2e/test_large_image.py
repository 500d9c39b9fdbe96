"""An image beyond one texture: looked at down to its pixels, and clicked."""

import io
import time
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.support.browser import AnnotationPage
from tests.support.masks import decode, iou, stored
from tests.support.server import Server

SIZE = (20_000, 3_000)
DISC = (14_200, 1_400, 600)  # centre and radius
PATIENCE = 15
ZOOM_STEPS = 8

Pixels = NDArray[np.uint8]


def large_photo() -> Image.Image:
    """A disc on a shaded ground, and patches of noise to be recognised by: no two places look alike."""
    ground = Image.linear_gradient("L").rotate(90).resize(SIZE)
    image = Image.merge("RGB", (ground, ground.point(lambda value: 200 - value // 2), Image.new("L", SIZE, 90)))
    x, y, radius = DISC
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=(250, 220, 40))
    random = np.random.default_rng(0)
    for left, top in ((6_900, 900), (3_040, 2_000)):
        image.paste(Image.fromarray(random.integers(0, 256, (300, 300, 3), dtype=np.uint8)), (left, top))
    return image


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return large_photo()


@pytest.fixture
def image_id(
    server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage, photo: Image.Image
) -> int:
    """Uploaded and open."""
    file = io.BytesIO()
    photo.save(file, "PNG", compress_level=1)
    files = [("files", ("large.png", file.getvalue()))]
    [result] = api.post(f"/projects/{project['id']}/images", files=files).raise_for_status().json()["results"]
    image_id = int(result["image"]["id"])
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return image_id


def screen(page: Page) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))


def differences(page: Page, annotation_page: AnnotationPage, photo: Image.Image, left: int, top: int) -> list[int]:
    """How far 5x5 pixels of the photo are from what the screen shows in their middles."""
    shown = screen(page)
    found = []
    for x, y in [(left + i, top + j) for i in range(5) for j in range(5)]:
        on_screen = annotation_page.to_screen(x + 0.5, y + 0.5)
        there = shown[int(on_screen[1]), int(on_screen[0])].astype(int)
        found.append(int(np.abs(there - photo.getpixel((x, y))).max()))
    return found


def await_pixels(page: Page, annotation_page: AnnotationPage, photo: Image.Image, left: int, top: int) -> None:
    """Until the screen shows the photo's own pixels; the tests fail when it never does."""
    deadline = time.monotonic() + PATIENCE
    while any(found := differences(page, annotation_page, photo, left, top)):
        assert time.monotonic() < deadline, f"the screen does not show the photo's own pixels: {found}"
        time.sleep(0.1)


def zoom_to(page: Page, annotation_page: AnnotationPage, x: float, y: float) -> None:
    """From the whole image to where its pixels can be counted. Each step doubles, and aims anew: a mouse has whole
    pixels, of which each is many of the photo's at first."""
    for _ in range(ZOOM_STEPS):
        before = annotation_page.stage.get_attribute("data-view") or ""
        annotation_page.hover(x, y)
        page.mouse.wheel(0, -400)
        expect(annotation_page.stage).not_to_have_attribute("data-view", before)
    page.mouse.move(5, 5)  # off the canvas: no preview of a mask on the pixels


def test_a_large_image_shows_its_own_pixels_wherever_one_looks_and_is_clicked_in_the_right_place(
    page: Page, api: httpx.Client, annotation_page: AnnotationPage, image_id: int, photo: Image.Image
) -> None:
    x, y, radius = DISC
    annotation_page.click(x, y)
    annotation_page.accept()
    annotation_page.press("v")
    zoom_to(page, annotation_page, 7_050, 1_050)
    await_pixels(page, annotation_page, photo, 7_046, 1_048)

    page.keyboard.down("Space")
    page.mouse.move(700, 450)
    page.mouse.down()
    page.mouse.move(500, 300, steps=8)
    page.mouse.up()
    page.keyboard.up("Space")
    page.mouse.move(5, 5)
    await_pixels(page, annotation_page, photo, 7_049, 1_050)

    annotation_page.press("f")
    zoom_to(page, annotation_page, 3_190, 2_150)
    await_pixels(page, annotation_page, photo, 3_186, 2_148)

    annotation_page.wait_until_saved()
    [mask] = [decode(annotation) for annotation in stored(api, image_id)]
    rows, columns = np.ogrid[: SIZE[1], : SIZE[0]]
    assert iou(mask, (columns - x) ** 2 + (rows - y) ** 2 <= radius**2) > 0.9
