"""Masks by the hundred: classes, attributes, the list, what is hidden and what is locked; judged by what is stored."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pycocotools import mask as coco_mask

from tests.e2e.conftest import upload
from tests.support.browser import VIEWPORT, AnnotationPage
from tests.support.masks import stored
from tests.support.server import Server

WIDTH, HEIGHT = 600, 400
MATERIAL = {"name": "material", "kind": "choice", "choices": ["china", "glass"], "default": "china"}
HANDLES = {"name": "handles", "kind": "number", "minimum": 0, "maximum": 2}
FULL = {"name": "full", "kind": "checkbox"}
NOTE = {"name": "note", "kind": "text"}
Store = Callable[..., str]


@pytest.fixture
def table(server: Server, api: httpx.Client, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A project with a category that asks for attributes and eleven that do not, and the coffee photo."""
    plain = [{"name": name} for name in ["saucer", "spoon", *(f"thing {number}" for number in range(3, 12))]]
    cup = {"name": "cup", "attributes": [MATERIAL, HANDLES, FULL, NOTE]}
    body = {"name": request.node.name, "categories": [cup, *plain]}
    project: dict[str, Any] = api.post("/projects", json=body).raise_for_status().json()
    (project["image_id"],) = upload(api, project["id"], "coffee.png")
    project["url"] = f"{server.url}/projects/{project['id']}/images/{project['image_id']}"
    project["ids"] = {category["name"]: category["id"] for category in project["categories"]}
    return project


@pytest.fixture
def store(api: httpx.Client, table: dict[str, Any]) -> Store:
    """Stores a box as a mask; returns its id."""

    def post(x: int, y: int, side: int, category: str | None = None, score: float | None = None, **more: Any) -> str:
        mask = np.zeros((HEIGHT, WIDTH), np.uint8, order="F")
        mask[y : y + side, x : x + side] = 1
        body = {
            "id": str(uuid4()),
            "category_id": table["ids"][category] if category else None,
            "segmentation": {"size": [HEIGHT, WIDTH], "counts": coco_mask.encode(mask)["counts"].decode()},
            "provenance": {"source": "import", "name": "masks.json"} if score is None else by_model(score),
            **more,
        }
        headers = {"Idempotency-Key": str(uuid4())}
        api.post(f"/images/{table['image_id']}/annotations", json=body, headers=headers).raise_for_status()
        return str(body["id"])

    return post


def by_model(score: float) -> dict[str, Any]:
    scores = {"token": 0, "predicted_iou": score, "stability": 0.9, "seconds": 1}
    return {"source": "model", "encoder_digest": "e" * 64, "decoder_digest": "d" * 64, "prompts": [], **scores}


def rows(page: Page) -> Locator:
    return page.get_by_role("treegrid", name="Masks").get_by_role("row")


def selected(page: Page) -> Locator:
    return page.locator('[role=row][aria-selected="true"]')


def by_id(api: httpx.Client, table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {mask["id"]: mask for mask in stored(api, table["image_id"])}


def test_classes_are_given_by_key_and_by_name(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    first, second = store(100, 100, 50), store(300, 100, 50)
    annotation_page.open(table["url"])
    annotation_page.press("v")
    annotation_page.click(120, 120)
    annotation_page.press("3")
    annotation_page.click(320, 120)
    annotation_page.press("c")
    page.keyboard.type("11")
    expect(page.get_by_role("option")).to_have_text(["thing 11", "Add “11”"])
    annotation_page.press("Enter")
    expect(annotation_page.canvas).to_be_focused()
    annotation_page.wait_until_saved()
    masks = by_id(api, table)
    assert masks[first]["category_id"] == table["ids"]["spoon"]
    assert masks[second]["category_id"] == table["ids"]["thing 11"]


def test_what_was_used_last_is_offered_first_and_a_new_name_makes_a_category(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    mask = store(100, 100, 50, "spoon")
    annotation_page.open(table["url"])
    annotation_page.press("v")
    annotation_page.click(120, 120)
    annotation_page.press("c")
    annotation_page.press("ArrowDown")
    expect(page.get_by_role("option").first).to_contain_text("spoon")
    page.keyboard.type("sugar")
    annotation_page.press("Enter")
    expect(page.get_by_role("radio", name="sugar")).to_be_checked()
    annotation_page.wait_until_saved()
    project = api.get(f"/projects/{table['id']}").raise_for_status().json()
    assert project["categories"][-1]["name"] == "sugar"
    assert by_id(api, table)[mask]["category_id"] == project["categories"][-1]["id"]


def test_attributes_are_stored_for_all_selected_masks_and_go_with_a_category_that_lacks_them(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    ids = [store(100, 100, 50, "cup", attributes={"handles": 1}), store(300, 100, 50, "cup")]
    annotation_page.open(table["url"])
    rows(page).nth(0).click()
    rows(page).nth(1).click(modifiers=["Control"])
    fields = page.get_by_role("region", name="Attributes")
    handles = fields.get_by_role("textbox", name="handles")
    expect(handles).to_have_attribute("placeholder", "Mixed")
    handles.fill("7")
    handles.press("Enter")
    fields.get_by_role("checkbox", name="full").click()
    fields.get_by_role("textbox", name="note").fill("chipped")
    fields.get_by_role("combobox", name="material").click()
    page.get_by_role("option", name="glass").click()
    annotation_page.wait_until_saved()
    said = {"material": "glass", "handles": 2, "full": True, "note": "chipped"}
    assert [by_id(api, table)[mask]["attributes"] for mask in ids] == [said, said]
    fields.get_by_role("textbox", name="note").press("Escape")
    expect(annotation_page.canvas).to_be_focused()
    annotation_page.press("2")
    annotation_page.wait_until_saved()
    assert {mask["category_id"] for mask in stored(api, table["image_id"])} == {table["ids"]["saucer"]}
    assert [by_id(api, table)[mask]["attributes"] for mask in ids] == [{}, {}]
    annotation_page.press("Control+z")
    annotation_page.wait_until_saved()
    assert [by_id(api, table)[mask]["attributes"] for mask in ids] == [said, said]


def test_a_new_mask_says_the_defaults_of_its_category(
    api: httpx.Client, annotation_page: AnnotationPage, table: dict[str, Any]
) -> None:
    annotation_page.open(table["url"])
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.wait_until_saved()
    (mask,) = stored(api, table["image_id"])
    assert mask["attributes"] == {"material": "china"}


def test_several_are_deleted_at_once_and_a_whole_gets_its_parts_back_by_undo(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    whole = store(100, 100, 150)
    part = store(120, 120, 40, parent_id=whole)
    detail = store(125, 125, 10, parent_id=part)
    store(400, 100, 50)
    annotation_page.open(table["url"])
    page.get_by_role("button", name="Group and sort").click()
    page.get_by_role("menuitemradio", name="Whole and parts").click()
    page.keyboard.press("Escape")
    expect(rows(page).nth(2)).to_have_attribute("aria-level", "3")
    rows(page).nth(0).click()
    rows(page).nth(3).click(modifiers=["Control"])
    annotation_page.press("Delete")
    annotation_page.wait_until_saved()
    assert {mask: row["parent_id"] for mask, row in by_id(api, table).items()} == {part: None, detail: part}
    annotation_page.press("Control+z")
    annotation_page.wait_until_saved()
    after = by_id(api, table)
    assert len(after) == 4
    assert (after[part]["parent_id"], after[detail]["parent_id"]) == (whole, part)


def test_what_is_hidden_locked_or_left_out_by_solo_is_not_under_the_pointer(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    below, above = store(100, 100, 100), store(120, 120, 40)
    annotation_page.open(table["url"])
    annotation_page.press("v")
    for put_away, back in (("h", "Alt+h"), ("Shift+L", "Alt+l")):
        annotation_page.click(130, 130)
        expect(selected(page)).to_have_attribute("data-key", above)
        annotation_page.press(put_away)
        annotation_page.click(150, 150)
        expect(selected(page)).to_have_attribute("data-key", below)
        annotation_page.press(back)
    annotation_page.press("i")
    annotation_page.click(130, 130)
    expect(selected(page)).to_have_attribute("data-key", below)
    annotation_page.press("i")
    annotation_page.click(150, 150)
    expect(selected(page)).to_have_attribute("data-key", above)
    page.get_by_role("button", name=re.compile("^Lock mask 2")).click()
    annotation_page.press("Delete")
    annotation_page.wait_until_saved()
    assert set(by_id(api, table)) == {below, above}


def test_the_list_is_filtered_by_score_and_the_canvas_follows_where_asked(
    page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    good = store(100, 100, 100, "cup", score=0.95)
    store(120, 120, 40, "cup", score=0.55)
    store(300, 100, 40, "spoon")
    annotation_page.open(table["url"])
    page.get_by_role("button", name="Filter", exact=True).click()
    least = page.get_by_role("slider", name="Least predicted IoU")
    least.focus()
    for _ in range(8):
        page.keyboard.press("PageUp")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("switch", name="Hide the others on the photo").click()
    page.keyboard.press("Escape")
    annotation_page.press("v")
    annotation_page.click(130, 130)
    expect(selected(page)).to_have_attribute("data-key", good)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("button", name="Clear the filter").click()
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("Escape")
    annotation_page.press("/")
    page.keyboard.type("spo")
    expect(rows(page)).to_have_count(1)


def test_a_thousand_masks_are_walked_and_selected_in_a_list_that_holds_a_few_rows(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    for number in range(1000):
        store(number % 40 * 14, number // 40 * 15, 10, ("cup", "saucer", "spoon")[number % 3])
    annotation_page.open(table["url"])
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1000")
    grid = page.get_by_role("treegrid", name="Masks")
    expect(grid).to_have_attribute("aria-rowcount", "1000")
    assert rows(page).count() < 100
    grid.focus()
    annotation_page.press("End")
    expect(selected(page)).to_have_attribute("aria-rowindex", "1000")
    expect(selected(page)).to_be_in_viewport()
    for _ in range(4):
        annotation_page.press("Shift+ArrowUp")
    annotation_page.press("4")
    annotation_page.wait_until_saved()
    changed = [mask["category_id"] == table["ids"]["thing 3"] for mask in stored(api, table["image_id"])]
    assert changed == [False] * 995 + [True] * 5
    annotation_page.press("Escape")
    annotation_page.click(3 * 14 + 5, 5)
    expect(selected(page)).to_have_attribute("aria-rowindex", "4")
    expect(selected(page)).to_be_in_viewport()


def test_a_row_has_a_menu_of_commands_that_act_on_its_mask(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    mask = store(100, 100, 50, "cup")
    annotation_page.open(table["url"])
    rows(page).first.click(button="right")
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "2")
    expect(annotation_page.canvas).to_be_focused()
    annotation_page.wait_until_saved()
    assert {row["area"] for row in stored(api, table["image_id"])} == {by_id(api, table)[mask]["area"]}


def test_settings_of_the_view_are_there_in_another_browser(
    api: httpx.Client, browser: Browser, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    mask, page = store(100, 100, 50), annotation_page.page
    annotation_page.open(table["url"])
    page.get_by_role("button", name="View", exact=True).click()
    opacity = page.get_by_role("slider", name="Opacity of masks")
    opacity.focus()
    with page.expect_response(lambda reply: reply.url.endswith("/preferences") and reply.request.method == "PUT"):
        page.keyboard.press("End")
        page.get_by_role("switch", name="Ask before deleting").click()
    settings = api.get("/preferences").raise_for_status().json()["settings"]
    assert (settings["mask_opacity"], settings["confirm_delete"]) == (1, True)
    context = browser.new_context(viewport=VIEWPORT)
    other = AnnotationPage(context.new_page())
    other.open(table["url"])
    other.press("v")
    other.click(120, 120)
    other.press("Delete")
    dialog = other.page.get_by_role("dialog", name="Delete the mask?")
    dialog.get_by_role("button", name="Keep").click()
    assert other.annotation_count == 1
    other.press("Delete")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(other.stage).to_have_attribute("data-annotation-count", "0")
    other.wait_until_saved()
    assert mask not in by_id(api, table)
    context.close()
    current = api.get("/preferences").raise_for_status().json()
    settings = current["settings"] | {"mask_opacity": 0.32, "confirm_delete": False}
    api.put("/preferences", json={**current, "settings": settings}).raise_for_status()


def test_attributes_are_defined_beside_the_canvas_and_one_in_use_is_kept(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, table: dict[str, Any], store: Store
) -> None:
    store(100, 100, 50, "cup", attributes={"handles": 2})
    annotation_page.open(table["url"])
    page.get_by_role("button", name="Edit the categories").click()
    page.get_by_role("button", name="Attributes of saucer").click()
    saucer = page.get_by_role("group", name="Attributes of saucer")
    saucer.get_by_role("textbox", name="Attribute", exact=True).fill("size")
    saucer.get_by_role("combobox", name="Kind").select_option("choice")
    saucer.get_by_role("textbox", name="Choices").fill("small, large")
    saucer.get_by_role("button", name="Add the attribute").click()
    expect(saucer.get_by_role("button", name="Remove the attribute size")).to_be_visible()
    page.get_by_role("button", name="Attributes of cup").click()
    page.get_by_role("button", name="Remove the attribute handles").click()
    expect(page.get_by_role("alert")).to_contain_text("1 annotation value")
    page.get_by_role("button", name="Move spoon up").click()
    expect(page.get_by_role("textbox", name=re.compile("^Name of")).nth(1)).to_have_value("spoon")
    categories = api.get(f"/projects/{table['id']}").raise_for_status().json()["categories"]
    assert [category["name"] for category in categories[:3]] == ["cup", "spoon", "saucer"]
    assert [attribute["name"] for attribute in categories[0]["attributes"]] == ["material", "handles", "full", "note"]
    (size,) = categories[2]["attributes"]
    assert (size["kind"], size["choices"]) == ("choice", ["small", "large"])
