"""Who zooms in on something small gets a mask as fine as what is seen, and can switch that off."""

import json

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import MODEL_TIMEOUT_MS, AnnotationPage
from tests.support.masks import boundary_iou, decode, iou, stored
from tests.support.scene import Scene, Thing, make_scene
from tests.support.server import Server

NEAR = 1.2
"""Screen pixels for one of the image: three sides of a thing fill the canvas."""


@pytest.fixture(scope="module")
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def image_id(api: httpx.Client, project: dict[str, object], scene: Scene) -> int:
    files = [("files", ("scene.jpg", scene.jpeg()))]
    [result] = api.post(f"/projects/{project['id']}/images", files=files).raise_for_status().json()["results"]
    uploaded: int = result["image"]["id"]
    return uploaded


@pytest.fixture
def opened(
    server: Server, project: dict[str, object], annotation_page: AnnotationPage, image_id: int
) -> AnnotationPage:
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return annotation_page


def zoom_in(page: Page, annotation_page: AnnotationPage, thing: Thing) -> None:
    """Turns the wheel over the thing, as often as it takes."""
    annotation_page.hover(*thing.center)
    for _ in range(60):
        if json.loads(annotation_page.stage.get_attribute("data-view") or "{}")["scale"] >= NEAR:
            return
        page.mouse.wheel(0, -120)
    raise AssertionError("the wheel does not zoom")


def take(annotation_page: AnnotationPage, thing: Thing) -> None:
    """Clicks the thing's middle and accepts what the model makes of it."""
    annotation_page.click(*thing.center)
    expect(annotation_page.stage).not_to_have_attribute("data-candidates", "0", timeout=MODEL_TIMEOUT_MS)
    annotation_page.accept()
    annotation_page.wait_until_saved()


def test_the_mask_made_near_is_finer_than_the_one_made_from_afar(
    page: Page, api: httpx.Client, opened: AnnotationPage, image_id: int, scene: Scene
) -> None:
    flower = scene.things[0]
    take(opened, flower)
    zoom_in(page, opened, flower)
    expect(page.get_by_text("sharp")).to_be_visible(timeout=MODEL_TIMEOUT_MS)
    take(opened, flower)
    from_afar, near = (decode(annotation) for annotation in stored(api, image_id))
    assert near.shape == flower.mask.shape
    assert iou(flower.mask, near) > 0.85
    assert boundary_iou(flower.mask, near) > 0.4
    assert boundary_iou(flower.mask, near) > 2 * boundary_iou(flower.mask, from_afar)


def test_the_closer_look_can_be_switched_off(page: Page, opened: AnnotationPage, scene: Scene) -> None:
    crops: list[str] = []
    page.on("request", lambda request: crops.append(request.url) if "crop=" in request.url else None)
    switch = page.get_by_role("button", name="Closer look")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    zoom_in(page, opened, scene.things[1])
    page.wait_for_timeout(1000)  # four times what a view takes to settle
    assert crops == []
    expect(page.get_by_text("Zoomed in")).to_be_hidden()
    switch.click()
    expect(page.get_by_text("sharp")).to_be_visible(timeout=MODEL_TIMEOUT_MS)
