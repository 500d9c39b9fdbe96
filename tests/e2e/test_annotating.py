"""The annotation page under mouse and keyboard, judged by what is stored."""

from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import decode, iou, stored
from tests.support.server import Server


@pytest.fixture
def coffee(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> int:
    """The coffee photo (600x400: a cup on a table), open on the annotation page."""
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return image_id


def test_a_right_click_takes_away_what_it_points_at(
    api: httpx.Client, annotation_page: AnnotationPage, coffee: int
) -> None:
    annotation_page.drag_box(60, 40, 540, 380)
    annotation_page.accept()
    annotation_page.drag_box(60, 40, 540, 380)
    annotation_page.click(320, 150, button="right")
    annotation_page.accept()
    annotation_page.wait_until_saved()
    whole, without = [decode(annotation) for annotation in stored(api, coffee)]
    assert not without[150, 320]
    assert whole[150, 320]


def test_tab_walks_whole_part_and_subpart_and_stores_the_chosen_one(
    api: httpx.Client, annotation_page: AnnotationPage, coffee: int
) -> None:
    for steps in range(3):
        annotation_page.click(300, 180)
        for _ in range(steps):
            annotation_page.press("Tab")
        annotation_page.accept()
    annotation_page.wait_until_saved()
    annotations = stored(api, coffee)
    areas = [annotation["area"] for annotation in annotations]
    assert len(set(areas)) == 3
    assert {annotation["provenance"]["token"] for annotation in annotations} == {1, 2, 3}


def test_undo_and_redo_work_inside_the_mask_and_across_accepted_masks(
    api: httpx.Client, annotation_page: AnnotationPage, coffee: int
) -> None:
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.click(120, 60)
    annotation_page.press("Control+z")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    annotation_page.press("Control+z")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "0")
    annotation_page.wait_until_saved()
    assert stored(api, coffee) == []
    annotation_page.press("Control+Shift+z")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    annotation_page.wait_until_saved()
    assert len(stored(api, coffee)) == 1


def test_enter_pressed_many_times_stores_one_mask(
    api: httpx.Client, annotation_page: AnnotationPage, coffee: int
) -> None:
    annotation_page.click(300, 180)
    for _ in range(5):
        annotation_page.press("Enter")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    annotation_page.wait_until_saved()
    assert len(stored(api, coffee)) == 1


def test_escape_clears_the_mask_in_the_making_and_stores_nothing(
    api: httpx.Client, annotation_page: AnnotationPage, coffee: int
) -> None:
    annotation_page.click(300, 180)
    annotation_page.press("Escape")
    annotation_page.press("Enter")
    annotation_page.wait_until_saved()
    assert stored(api, coffee) == []


def test_number_keys_choose_the_category_of_the_next_mask_and_the_tool_stays_armed(
    api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage, coffee: int
) -> None:
    first, second = (category["id"] for category in project["categories"])
    for key, x in (("1", 300), ("2", 120)):
        annotation_page.press(key)
        annotation_page.click(x, 180)
        annotation_page.accept()
    annotation_page.wait_until_saved()
    assert [annotation["category_id"] for annotation in stored(api, coffee)] == [first, second]


def test_an_accepted_mask_is_selected_recategorised_and_deleted(
    api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage, coffee: int
) -> None:
    annotation_page.press("1")
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.press("v")
    annotation_page.click(300, 180)
    annotation_page.press("2")
    annotation_page.wait_until_saved()
    (annotation,) = stored(api, coffee)
    assert annotation["category_id"] == project["categories"][1]["id"]
    assert annotation["version"] == 2
    annotation_page.press("Delete")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "0")
    annotation_page.wait_until_saved()
    assert stored(api, coffee) == []


def test_a_zoomed_and_panned_view_stores_the_same_mask(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.hover(300, 180)
    before, view = annotation_page.to_screen(300, 180), annotation_page.stage.get_attribute("data-view") or ""
    page.mouse.wheel(0, -300)
    expect(annotation_page.stage).not_to_have_attribute("data-view", view)
    after = annotation_page.to_screen(300, 180)
    assert np.allclose(before, after, atol=1.0), "the wheel zooms at the pointer"
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.wait_until_saved()
    first, second = [decode(annotation) for annotation in stored(api, coffee)]
    assert iou(first, second) > 0.98


def test_the_next_image_is_ready_without_waiting_and_the_way_back_keeps_the_masks(
    server: Server, api: httpx.Client, project: dict[str, Any], page: Page, annotation_page: AnnotationPage
) -> None:
    first, second = upload(api, project["id"], "coffee.png", "chelsea.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{first}")
    annotation_page.click(300, 180)
    annotation_page.accept()
    page.get_by_role("button", name="Next image").click()
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(second))
    annotation_page.wait_for_model()
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "0")
    annotation_page.click(220, 150)
    annotation_page.accept()
    page.get_by_role("button", name="Previous image").click()
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(first))
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    annotation_page.wait_until_saved()
    assert [len(stored(api, image)) for image in (first, second)] == [1, 1]
