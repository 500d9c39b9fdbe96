"""What a person tells the model beyond a click: boxes, several objects, kept candidates, a threshold, an older mask."""

from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pycocotools import mask as coco_mask

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import decode, iou, stored
from tests.support.server import Server

CUP, SPOON = (300, 180), (330, 284)
SPOON_BOX, HANDLE_BOX = (322, 262, 405, 330), (195, 231, 258, 308)


@pytest.fixture
def coffee(api: httpx.Client, project: dict[str, Any]) -> int:
    """The coffee photo: 600x400, a cup with a saucer and a spoon."""
    (image_id,) = upload(api, project["id"], "coffee.png")
    return image_id


@pytest.fixture
def opened(server: Server, project: dict[str, Any], annotation_page: AnnotationPage, coffee: int) -> AnnotationPage:
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{coffee}")
    return annotation_page


def another_box(annotation_page: AnnotationPage, *corners: float) -> None:
    """With Ctrl: for an object of its own."""
    annotation_page.page.keyboard.down("ControlOrMeta")
    annotation_page.drag_box(*corners)
    annotation_page.page.keyboard.up("ControlOrMeta")


def await_count(annotation_page: AnnotationPage, count: int) -> None:
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", str(count))
    annotation_page.wait_until_saved()


def bounds(annotation: dict[str, Any]) -> tuple[float, float, float, float]:
    """XYXY."""
    x, y, width, height = coco_mask.toBbox(annotation["segmentation"])
    return float(x), float(y), float(x + width), float(y + height)


def test_several_boxes_become_several_masks_by_one_enter_and_go_by_one_undo(
    page: Page, api: httpx.Client, opened: AnnotationPage, coffee: int
) -> None:
    opened.drag_box(*SPOON_BOX)
    another_box(opened, *HANDLE_BOX)
    expect(page.get_by_text("Enter accepts 2 masks")).to_be_visible()
    opened.press("Enter")
    await_count(opened, 2)
    by_left = sorted(stored(api, coffee), key=bounds)
    for annotation, box in zip(by_left, (HANDLE_BOX, SPOON_BOX), strict=True):
        assert bounds(annotation) == pytest.approx(box, abs=25)
        assert [prompt["kind"] for prompt in annotation["provenance"]["prompts"]] == ["box"]
    opened.press("Control+z")
    await_count(opened, 0)
    assert stored(api, coffee) == []


def test_a_click_after_a_box_corrects_it(api: httpx.Client, opened: AnnotationPage, coffee: int) -> None:
    opened.drag_box(60, 40, 540, 380)
    opened.click(*SPOON, button="right")
    opened.accept()
    opened.wait_until_saved()
    (annotation,) = stored(api, coffee)
    assert not decode(annotation)[SPOON[1], SPOON[0]]
    prompts = annotation["provenance"]["prompts"]
    assert [(prompt["kind"], prompt.get("label")) for prompt in prompts] == [("box", None), ("point", 0)]


def test_a_kept_candidate_is_stored_beside_the_one_that_is_shown_as_its_part_or_whole(
    page: Page, api: httpx.Client, opened: AnnotationPage, coffee: int
) -> None:
    opened.click(*SPOON)
    expect(opened.stage).to_have_attribute("data-candidates", "3")
    opened.press("k")
    expect(page.get_by_text("Enter accepts 2 masks")).to_be_visible()
    opened.press("Enter")
    await_count(opened, 2)
    whole, part = sorted(stored(api, coffee), key=lambda annotation: -annotation["area"])
    assert whole["parent_id"] is None
    assert part["parent_id"] == whole["id"]
    assert (decode(part) & ~decode(whole)).sum() < 0.2 * part["area"]
    assert whole["provenance"]["token"] != part["provenance"]["token"]


@pytest.mark.parametrize(("keys", "is_smaller"), [(["Alt+ArrowUp"] * 10, True), (["Alt+ArrowDown"] * 10, False)])
def test_the_threshold_makes_the_mask_tighter_or_looser_and_is_stored(
    api: httpx.Client, opened: AnnotationPage, coffee: int, keys: list[str], *, is_smaller: bool
) -> None:
    for pressed in ([], keys):
        opened.click(*SPOON)
        expect(opened.stage).to_have_attribute("data-candidates", "3")
        for key in pressed:
            opened.press(key)
        opened.accept()
    opened.wait_until_saved()
    usual, cut = stored(api, coffee)
    inner, outer = (decode(cut), decode(usual)) if is_smaller else (decode(usual), decode(cut))
    assert inner.sum() < outer.sum()
    assert not (inner & ~outer).any()
    assert usual["provenance"]["threshold"] == 0
    assert cut["provenance"]["threshold"] == pytest.approx(1 if is_smaller else -1)


def test_the_wheel_with_alt_walks_the_candidates(
    page: Page, api: httpx.Client, opened: AnnotationPage, coffee: int
) -> None:
    for turns in range(3):
        opened.click(*CUP)
        expect(opened.stage).to_have_attribute("data-candidates", "3")
        page.keyboard.down("Alt")
        for _ in range(turns):
            page.mouse.wheel(0, 100)
        page.keyboard.up("Alt")
        opened.accept()
    opened.wait_until_saved()
    assert {annotation["provenance"]["token"] for annotation in stored(api, coffee)} == {1, 2, 3}


def test_an_imported_mask_is_corrected_by_clicks_and_stays_the_same_annotation(
    server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage, coffee: int
) -> None:
    """It covers the spoon and a good piece of the saucer beside it."""
    rough = np.zeros((400, 600), np.uint8, order="F")
    rough[255:335, 230:410] = 1
    imported = store(api, coffee, rough)
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{coffee}")
    annotation_page.press("v")
    annotation_page.click(*SPOON)
    annotation_page.press("e")
    annotation_page.click(250, 320, button="right")
    expect(annotation_page.stage).to_have_attribute("data-candidates", "4")
    annotation_page.press("Enter")
    expect(annotation_page.stage).not_to_have_attribute("data-candidates", "4")
    annotation_page.wait_until_saved()
    (annotation,) = stored(api, coffee)
    assert annotation["id"] == imported
    assert annotation["version"] == 2
    assert not decode(annotation)[320, 250]
    assert decode(annotation)[SPOON[1], SPOON[0]]
    annotation_page.press("Control+z")
    annotation_page.wait_until_saved()
    (again,) = stored(api, coffee)
    assert iou(decode(again), rough.astype(bool)) == 1


def store(api: httpx.Client, image_id: int, mask: Any) -> str:
    """A mask (H,W) that came in a file; returns its id."""
    rle = coco_mask.encode(mask)
    body = {
        "id": str(uuid4()),
        "category_id": None,
        "segmentation": {"size": rle["size"], "counts": rle["counts"].decode()},
        "provenance": {"source": "import", "name": "masks.json"},
    }
    headers = {"Idempotency-Key": str(uuid4())}
    api.post(f"/images/{image_id}/annotations", json=body, headers=headers).raise_for_status()
    return str(body["id"])
