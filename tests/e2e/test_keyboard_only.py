"""The main job without a mouse: no pointer event is sent here, and what is stored is looked at."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import MODEL_TIMEOUT_MS, AnnotationPage
from tests.support.masks import decode, stored
from tests.support.server import Server


@pytest.fixture(autouse=True)
def no_mouse(page: Page) -> None:
    """Any pointer event that a person would make fails the test: clicks of a keyboard have no pointer."""
    page.add_init_script(
        """for (const type of ['pointerdown', 'mousedown', 'wheel', 'touchstart'])
             addEventListener(type, () => setTimeout(() => { throw new Error(`a ${type}`) }), true);"""
    )


@pytest.fixture
def coffee(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> int:
    """The coffee photo (600x400: a cup on a table), open on the annotation page."""
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return image_id


def crosshair(page: Page) -> tuple[float, float]:
    """Where it is drawn, image pixels."""
    at: dict[str, float] = json.loads(page.locator("[data-crosshair]").get_attribute("data-crosshair") or "{}")
    return at["x"], at["y"]


def lead_to(page: Page, x: float, y: float) -> None:
    """By quarters, as close as ten of them come, then not a pixel further: the point stands within half a pixel."""
    page.keyboard.press("q")
    for _ in range(10):
        at = crosshair(page)
        page.keyboard.press({(0, 0): "u", (1, 0): "i", (0, 1): "j", (1, 1): "k"}[(int(x > at[0]), int(y > at[1]))])
    assert crosshair(page) == pytest.approx((x, y), abs=0.6)


def tab_to(page: Page, link: Locator) -> None:
    """Walks there by Tab."""
    expect(link).to_be_visible()
    for _ in range(60):
        if link.evaluate("link => link === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not come there.")


def test_from_the_list_of_projects_to_stored_masks_and_the_next_image(
    server: Server, api: httpx.Client, project: dict[str, Any], page: Page, annotation_page: AnnotationPage
) -> None:
    first, second = upload(api, project["id"], "coffee.png", "chelsea.png")
    page.goto(server.url)
    tab_to(page, page.get_by_role("link", name=str(project["name"])))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="coffee.png"))
    page.keyboard.press("Enter")
    annotation_page.wait_for_model()

    lead_to(page, 300, 180)
    page.keyboard.press("2")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    annotation_page.accept()
    page.keyboard.press("d")
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(second))
    annotation_page.wait_for_model()
    annotation_page.wait_until_saved()

    (mask,) = stored(api, first)
    assert mask["category_id"] == project["categories"][1]["id"]
    assert decode(mask)[180, 300]
    (prompt,) = mask["provenance"]["prompts"]
    assert (prompt["x"], prompt["y"], prompt["label"]) == (pytest.approx(300, abs=1), pytest.approx(180, abs=1), 1)


def test_the_mask_at_the_crosshair_is_shown_before_it_is_taken(
    page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    page.keyboard.press("ArrowRight")
    expect(annotation_page.stage).to_have_attribute("data-preview", "true", timeout=MODEL_TIMEOUT_MS)


def test_shift_and_space_leave_out_what_is_under_the_crosshair(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    for leaves_out in (False, True):
        page.keyboard.press("q")
        page.keyboard.press("u")
        page.keyboard.press("g")
        for _ in range(25):
            page.keyboard.press("Shift+ArrowRight")
            page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("g")
        if leaves_out:
            lead_to(page, 320, 150)
            page.keyboard.press("Shift+Space")
        annotation_page.accept()
    annotation_page.wait_until_saved()
    whole, without = (decode(annotation) for annotation in stored(api, coffee))
    assert whole[150, 320]
    assert not without[150, 320]
    assert [prompt["kind"] for prompt in stored(api, coffee)[1]["provenance"]["prompts"]] == ["box", "point"]


def test_a_polygon_is_drawn_by_its_vertices_and_a_brush_is_led(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    page.keyboard.press("p")
    for x, y in ((100, 100), (200, 100), (200, 200)):
        lead_to(page, x, y)
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    annotation_page.accept()
    page.keyboard.press("b")
    lead_to(page, 400, 100)
    page.keyboard.press("g")
    start = crosshair(page)
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    end = crosshair(page)
    page.keyboard.press("g")
    annotation_page.accept()
    annotation_page.wait_until_saved()
    triangle, stroke = (decode(annotation) for annotation in stored(api, coffee))
    assert triangle.sum() == pytest.approx(5000, rel=0.03)
    assert triangle[120, 180]
    assert not triangle[180, 120]
    assert end[0] > start[0] + 20
    assert stroke[100, int((start[0] + end[0]) / 2)]
    assert not stroke[100, int(end[0]) + 40]


def test_the_view_follows_the_crosshair_when_it_comes_near_the_edge(
    page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    page.keyboard.press("ArrowRight")
    for _ in range(6):
        page.keyboard.press("+")
    before = annotation_page.stage.get_attribute("data-view") or ""
    for _ in range(60):
        page.keyboard.press("Shift+ArrowRight")
    expect(annotation_page.stage).not_to_have_attribute("data-view", before)
    box = annotation_page.canvas.bounding_box()
    assert box is not None
    x, y = annotation_page.to_screen(*crosshair(page))
    assert box["x"] + 40 < x < box["x"] + box["width"] - 40
    assert box["y"] < y < box["y"] + box["height"]


def test_the_focus_goes_round_the_parts_of_the_page_and_back_from_dialogs(
    page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    expect(annotation_page.canvas).to_be_focused()
    page.keyboard.press("F6")
    expect(annotation_page.canvas).not_to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(annotation_page.canvas).to_be_focused()
    for chord in ("?", "Control+k"):
        page.keyboard.press(chord)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(annotation_page.canvas).to_be_focused()


def test_what_happens_on_the_canvas_is_said(page: Page, annotation_page: AnnotationPage, coffee: int) -> None:
    news = page.locator("[data-announced=news]")
    expect(page.locator("[data-announced=image]")).to_contain_text("coffee.png")
    lead_to(page, 300, 180)
    expect(news).to_contain_text("Quarters of")
    page.keyboard.press("Space")
    expect(news).to_have_text(
        re.compile(r"^Mask: \d+ % of the image, .+, predicted IoU 0\.\d\d, candidate \d of 3: \w+$")
    )
    annotation_page.accept()
    expect(news).to_have_text("Mask 1, thing, accepted")
    page.keyboard.press("Control+z")
    expect(news).to_have_text("Undone: 1 mask removed")
    page.keyboard.press("Control+Shift+z")
    expect(news).to_have_text("Redone: Mask 1, thing, accepted")
    page.keyboard.press(".")
    expect(news).to_contain_text("Selected: mask 1, thing")
    page.keyboard.press("2")
    expect(news).to_have_text("Mask 1 is now: other")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.locator("[data-announced=trouble]")).to_contain_text("There is no mask to accept yet")
