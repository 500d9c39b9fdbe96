"""A reload takes nothing away: not what can be undone or redone, not a mask that is half made."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import decode, iou, stored
from tests.support.server import Server


@pytest.fixture
def coffee(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> int:
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return image_id


def reload(page: Page, annotation_page: AnnotationPage) -> None:
    page.wait_for_timeout(500)  # drafts are written a moment after the change
    page.reload()
    annotation_page.wait_for_model()


def test_redo_after_a_reload_brings_an_undone_mask_back_and_it_is_stored(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    for place in ((300, 180), (120, 60)):
        annotation_page.click(*place)
        annotation_page.accept()
    annotation_page.wait_until_saved()
    first, second = stored(api, coffee)
    annotation_page.press("Control+z")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    annotation_page.wait_until_saved()

    reload(page, annotation_page)
    assert [annotation["id"] for annotation in stored(api, coffee)] == [first["id"]]
    annotation_page.press("Control+Shift+z")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "2")
    annotation_page.wait_until_saved()
    again = {annotation["id"]: annotation for annotation in stored(api, coffee)}
    assert (decode(again[second["id"]]) == decode(second)).all()

    annotation_page.press("Control+z")
    annotation_page.press("Control+z")
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "0")
    annotation_page.wait_until_saved()
    assert stored(api, coffee) == []


def give_two_clicks(annotation_page: AnnotationPage) -> None:
    """The second one corrects the answer to the first, as it does when the page asks again."""
    annotation_page.click(300, 180)
    expect(annotation_page.stage).to_have_attribute("data-candidates", "3")
    annotation_page.click(120, 60, button="right")
    expect(annotation_page.stage).to_have_attribute("data-candidates", "4")


def test_a_half_made_mask_is_there_again_after_a_reload_and_can_be_accepted(
    api: httpx.Client, page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    give_two_clicks(annotation_page)
    annotation_page.accept()
    give_two_clicks(annotation_page)
    reload(page, annotation_page)
    expect(annotation_page.stage).to_have_attribute("data-candidates", "4")
    annotation_page.accept()
    annotation_page.wait_until_saved()
    whole, resumed = stored(api, coffee)
    assert [prompt["label"] for prompt in resumed["provenance"]["prompts"]] == [1, 0]
    assert iou(decode(whole), decode(resumed)) > 0.99
