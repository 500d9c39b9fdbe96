"""Commands by palette and by a person's own keys."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import VIEWPORT, AnnotationPage
from tests.support.masks import stored
from tests.support.server import Server


@pytest.fixture(autouse=True)
def settings_as_they_were(api: httpx.Client) -> Iterator[None]:
    """The server keeps a person's settings, and serves the other tests, too."""
    yield
    now = api.get("/preferences").raise_for_status().json()
    defaults = {**now["settings"], "key_bindings": {}, "language": None}
    api.put("/preferences", json={**now, "settings": defaults}).raise_for_status()


@pytest.fixture
def images(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> list[int]:
    """Two photos, of which the first one (600x400: a cup on a table) is open."""
    images = upload(api, project["id"], "coffee.png", "chelsea.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{images[0]}")
    return images


def find(page: Page, text: str) -> None:
    """Types into the palette and runs what is found first."""
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find a command")
    palette.get_by_role("combobox").fill(text)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(palette).to_have_count(0)


def open_keys(page: Page, text: str) -> Locator:
    find(page, "change keys")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("searchbox").fill(text)
    return dialog


def give(dialog: Locator, command: str, chord: str) -> None:
    dialog.get_by_role("button", name=f"Add a key to: {command}", exact=True).click()
    dialog.get_by_role("textbox", name=f"Add a key to: {command}", exact=True).press(chord)


def test_the_palette_finds_commands_categories_and_images_and_runs_them(
    api: httpx.Client, project: dict[str, Any], page: Page, annotation_page: AnnotationPage, images: list[int]
) -> None:
    find(page, "category other")
    annotation_page.click(300, 180)
    find(page, "acc mask")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    find(page, "chelsea")
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(images[1]))
    annotation_page.wait_until_saved()
    (annotation,) = stored(api, images[0])
    assert annotation["category_id"] == project["categories"][1]["id"]


def test_what_is_not_possible_now_is_there_but_is_not_run(page: Page, images: list[int]) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("merge the selected")
    option = page.get_by_role("option").first
    expect(option).to_have_attribute("aria-disabled", "true")
    expect(option).to_contain_text("not possible now")


def test_in_chinese_commands_are_found_by_either_name(
    server: Server, api: httpx.Client, project: dict[str, Any], page: Page, annotation_page: AnnotationPage
) -> None:
    now = api.get("/preferences").json()
    chinese = {**now["settings"], "language": "zh-CN"}
    api.put("/preferences", json={**now, "settings": chinese}).raise_for_status()
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    page.keyboard.press("Control+k")
    for text in ("放大", "zoom in"):
        page.get_by_role("dialog").get_by_role("combobox").fill(text)
        expect(page.get_by_role("option").first).to_contain_text("放大")


def test_a_key_that_was_changed_holds_in_another_browser(
    server: Server, project: dict[str, Any], page: Page, browser: Browser, images: list[int]
) -> None:
    dialog = open_keys(page, "next image")
    with page.expect_response(lambda response: response.request.method == "PUT" and "preferences" in response.url):
        give(dialog, "Next image", "Alt+n")
    other = AnnotationPage(browser.new_context(viewport=VIEWPORT).new_page())
    with other.page.expect_response(lambda response: response.url.endswith("/api/preferences")):
        other.open(f"{server.url}/projects/{project['id']}/images/{images[0]}")
    other.press("Alt+n")
    expect(other.stage).to_have_attribute("data-image-id", str(images[1]))
    other.page.context.close()


def test_a_key_that_another_command_has_is_left_or_taken(
    page: Page, annotation_page: AnnotationPage, images: list[int]
) -> None:
    dialog = open_keys(page, "whole image")
    give(dialog, "Show the whole image", "d")
    question = dialog.get_by_role("alert")
    expect(question).to_contain_text("D already does: Next image")
    question.get_by_role("button", name="Leave it there").click()
    expect(question).to_have_count(0)
    give(dialog, "Show the whole image", "d")
    question.get_by_role("button", name="Take it").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("d")
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(images[0]))
    dialog = open_keys(page, "next image")
    dialog.get_by_role("button", name="Usual keys for: Next image").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("d")
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(images[1]))


def test_keys_of_the_browser_are_refused_with_the_reason_and_tab_leaves_the_field(
    page: Page, images: list[int]
) -> None:
    dialog = open_keys(page, "next image")
    add = dialog.get_by_role("button", name="Add a key to: Next image", exact=True)
    field = dialog.get_by_role("textbox", name="Add a key to: Next image", exact=True)
    add.click()
    page.evaluate(
        """document.activeElement.dispatchEvent(
             new KeyboardEvent('keydown', { key: 'w', code: 'KeyW', ctrlKey: true, bubbles: true }))"""
    )
    expect(dialog.get_by_text("belongs to the browser")).to_be_visible()
    field.press("Tab")
    expect(field).to_have_count(0)
    add.click()
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(dialog).to_be_visible()


def test_the_help_shows_the_keys_as_they_are_and_is_searched(page: Page, images: list[int]) -> None:
    give(open_keys(page, "next image"), "Next image", "Alt+n")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and gestures")
    dialog.get_by_role("searchbox").fill("next image")
    row = dialog.locator("dl > div").filter(has=page.get_by_text("Next image", exact=True))
    expect(row.locator("kbd")).to_have_text(["D", "Page down", "Alt", "N"])
    dialog.get_by_role("searchbox").fill("two fingers")
    expect(dialog.get_by_text("Zoom and move the image")).to_be_visible()


def test_letters_work_on_a_keyboard_without_latin_letters(
    page: Page, annotation_page: AnnotationPage, images: list[int]
) -> None:
    page.evaluate(
        """document.activeElement.dispatchEvent(
             new KeyboardEvent('keydown', { key: 'в', code: 'KeyD', bubbles: true }))"""
    )
    expect(annotation_page.stage).to_have_attribute("data-image-id", str(images[1]))
