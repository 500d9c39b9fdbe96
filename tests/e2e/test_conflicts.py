"""Two people, one mask: the second one sees both versions and decides; nothing is overwritten unseen."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pycocotools import mask as coco_mask

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import decode, stored
from tests.support.server import Server

Stored = dict[str, Any]


@pytest.fixture
def mine(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> Stored:
    """A mask of the coffee photo that the page has stored, selected there."""
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    annotation_page.click(300, 180)
    annotation_page.accept()
    annotation_page.wait_until_saved()
    annotation_page.press("v")
    annotation_page.click(300, 180)
    (annotation,) = stored(api, image_id)
    return annotation


def patch(api: httpx.Client, annotation: Stored, **changes: Any) -> None:
    """Somebody else changes it."""
    body = {"version": annotation["version"], **changes}
    api.patch(f"/annotations/{annotation['id']}", json=body, headers=new_key()).raise_for_status()


def new_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def other_mask(api: httpx.Client, annotation: Stored) -> dict[str, Any]:
    """A rectangle in the image of the annotation, as RLE."""
    bitmap = np.zeros(annotation["segmentation"]["size"], np.uint8, order="F")
    bitmap[20:80, 30:130] = 1
    encoded = coco_mask.encode(bitmap)
    return {"size": [int(side) for side in encoded["size"]], "counts": encoded["counts"].decode()}


def conflict(api: httpx.Client, page: Page, project: dict[str, Any], annotation: Stored) -> None:
    """They give it another mask, I another category; the page asks."""
    patch(api, annotation, segmentation=other_mask(api, annotation))
    page.keyboard.press("2")
    indicator = page.locator("[data-pending]")
    expect(indicator).to_contain_text("refused", timeout=15_000)
    indicator.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Somebody else changed this mask, too")


def choose(page: Page, name: str) -> None:
    """By keyboard alone."""
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Nothing is left to decide")
    close(page)


def close(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_until_a_person_decides_both_versions_are_there_and_shown(
    api: httpx.Client, page: Page, project: dict[str, Any], mine: Stored
) -> None:
    conflict(api, page, project, mine)
    dialog = page.get_by_role("dialog")
    for name in ("Mine", "Theirs", "Difference"):
        expect(dialog.get_by_role("img", name=name)).to_be_visible()
    expect(dialog).to_contain_text("other")
    (now,) = stored(api, mine["image_id"])
    assert now["area"] == 6000
    assert now["category_id"] is not None or mine["category_id"] is None
    page.reload()
    expect(page.locator("[data-pending]")).to_contain_text("refused", timeout=15_000)


Check = Callable[[Stored, list[Stored], dict[str, Any]], None]


def is_mine(before: Stored, after: list[Stored], project: dict[str, Any]) -> None:
    (now,) = after
    assert (decode(now) == decode(before)).all()
    assert now["category_id"] == project["categories"][1]["id"]


def is_theirs(before: Stored, after: list[Stored], project: dict[str, Any]) -> None:
    (now,) = after
    assert now["area"] == 6000
    assert now["category_id"] == before["category_id"]


def is_both(before: Stored, after: list[Stored], project: dict[str, Any]) -> None:
    theirs, own = after
    assert theirs["id"] == before["id"]
    assert theirs["area"] == 6000
    assert (decode(own) == decode(before)).all()
    assert own["category_id"] == project["categories"][1]["id"]


def is_combined(before: Stored, after: list[Stored], project: dict[str, Any]) -> None:
    (now,) = after
    assert now["area"] == 6000
    assert now["category_id"] == project["categories"][1]["id"]


def is_united(before: Stored, after: list[Stored], project: dict[str, Any]) -> None:
    (now,) = after
    rectangle = decode(before) * False
    rectangle[20:80, 30:130] = True
    assert (decode(now) == (decode(before) | rectangle)).all()


@pytest.mark.parametrize(
    ("choice", "check"),
    [
        ("Keep mine", is_mine),
        ("Keep theirs", is_theirs),
        ("Keep both", is_both),
        ("Theirs with my changes", is_combined),
        ("Unite both masks", is_united),
    ],
)
def test_what_was_chosen_is_what_is_stored_and_shown(
    choice: str,
    check: Check,
    *,
    api: httpx.Client,
    page: Page,
    project: dict[str, Any],
    annotation_page: AnnotationPage,
    mine: Stored,
) -> None:
    conflict(api, page, project, mine)
    choose(page, choice)
    annotation_page.wait_until_saved()
    after = stored(api, mine["image_id"])
    check(mine, after, project)
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", str(len(after)))


def test_changes_made_while_the_decision_waits_go_along_with_mine(
    api: httpx.Client, page: Page, project: dict[str, Any], annotation_page: AnnotationPage, mine: Stored
) -> None:
    conflict(api, page, project, mine)
    close(page)
    annotation_page.press("1")
    expect(page.locator("[data-pending]")).to_have_attribute("data-pending", "2")
    page.get_by_role("button", name="Refused by the server: decide").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 later change of yours")
    choose(page, "Keep mine")
    annotation_page.wait_until_saved()
    (now,) = stored(api, mine["image_id"])
    assert (decode(now) == decode(mine)).all()
    assert now["category_id"] == project["categories"][0]["id"]


def test_a_mask_that_somebody_else_deleted_can_be_stored_again(
    api: httpx.Client, page: Page, project: dict[str, Any], annotation_page: AnnotationPage, mine: Stored
) -> None:
    api.delete(f"/annotations/{mine['id']}", params={"version": 1}, headers=new_key()).raise_for_status()
    page.keyboard.press("2")
    indicator = page.locator("[data-pending]")
    expect(indicator).to_contain_text("refused", timeout=15_000)
    indicator.click()
    expect(page.get_by_role("dialog")).to_contain_text("Somebody else deleted this mask")
    assert stored(api, mine["image_id"]) == []
    choose(page, "Store mine again")
    annotation_page.wait_until_saved()
    (now,) = stored(api, mine["image_id"])
    assert (decode(now) == decode(mine)).all()
    assert now["category_id"] == project["categories"][1]["id"]


def test_changes_of_an_image_that_was_deleted_elsewhere_are_explained_and_let_go(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, mine: Stored
) -> None:
    api.delete(f"/images/{mine['image_id']}").raise_for_status()
    page.keyboard.press("2")
    indicator = page.locator("[data-pending]")
    expect(indicator).to_contain_text("refused", timeout=15_000)
    indicator.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Image coffee.png was deleted elsewhere")
    dialog.get_by_role("button", name="Discard the change").click()
    expect(dialog).to_contain_text("Nothing is left to decide")
    annotation_page.wait_until_saved()
