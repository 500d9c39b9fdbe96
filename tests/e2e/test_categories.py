"""Naming things while annotating, and telling them apart where nothing has a name."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import stored
from tests.support.server import Server


@pytest.fixture
def nameless(server: Server, api: httpx.Client, annotation_page: AnnotationPage) -> dict[str, Any]:
    """A project without categories; its coffee photo is open on the annotation page."""
    project: dict[str, Any] = api.post("/projects", json={"name": "Things"}).raise_for_status().json()
    (project["image_id"],) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{project['image_id']}")
    return project


def add(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Find or add a category").click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def test_a_category_is_added_in_place_and_is_the_one_of_the_next_mask(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, nameless: dict[str, Any]
) -> None:
    add(page, "saucer")
    add(page, "cup")
    expect(page.get_by_role("radio", name="cup")).to_be_checked()
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.press("1")
    expect(page.get_by_role("radio", name="saucer")).to_be_checked()
    annotation_page.click(120, 60)
    annotation_page.accept()
    annotation_page.wait_until_saved()
    saucer, cup = api.get(f"/projects/{nameless['id']}").raise_for_status().json()["categories"]
    assert [saucer["name"], cup["name"]] == ["saucer", "cup"]
    assert [mask["category_id"] for mask in stored(api, nameless["image_id"])] == [cup["id"], saucer["id"]]


def test_a_name_that_is_there_already_is_taken_in_hand_and_not_made_twice(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, nameless: dict[str, Any]
) -> None:
    add(page, "cup")
    expect(page.get_by_role("radio", name="cup")).to_be_checked()
    annotation_page.press("0")
    add(page, "Cup")
    expect(page.get_by_role("radio", name="cup")).to_be_checked()
    expect(annotation_page.canvas).to_be_focused()
    categories = api.get(f"/projects/{nameless['id']}").raise_for_status().json()["categories"]
    assert [category["name"] for category in categories] == ["cup"]


def test_typing_a_name_is_no_command_to_the_editor(
    page: Page, annotation_page: AnnotationPage, nameless: dict[str, Any]
) -> None:
    annotation_page.click(300, 180)
    page.get_by_role("combobox", name="Find or add a category").click()
    page.keyboard.type("vase 1")
    annotation_page.press("Backspace")
    annotation_page.press("Escape")
    expect(annotation_page.stage).to_have_attribute("data-candidates", "3")
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(nameless["image_id"]))
    expect(annotation_page.canvas).to_have_attribute("data-tool", "prompt")


def test_masks_without_a_category_keep_their_colours_over_a_reload(
    page: Page, annotation_page: AnnotationPage, nameless: dict[str, Any]
) -> None:
    for x, y in ((300, 180), (120, 60), (500, 100), (300, 350)):
        annotation_page.click(x, y)
        annotation_page.accept()
    annotation_page.wait_until_saved()
    swatches = page.get_by_role("treegrid", name="Masks").locator("i")
    read = "all => all.map((swatch) => getComputedStyle(swatch).backgroundColor)"
    before = swatches.evaluate_all(read)
    page.reload()
    annotation_page.wait_for_model()
    expect(swatches).to_have_count(4)
    assert swatches.evaluate_all(read) == before
    assert len(before) == 4
