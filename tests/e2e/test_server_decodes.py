"""A browser that cannot run the model: the server computes, the page says so, and the masks are the same."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import decode, iou, stored
from tests.support.server import Server

SAYS = "This browser cannot run the model: the server computes"


def annotate(annotator: AnnotationPage, url: str) -> None:
    """A click; then a box with a point that leaves out, after which the mask before is the mask prompt."""
    annotator.open(url)
    annotator.click(300, 180)
    annotator.accept()
    annotator.drag_box(60, 40, 540, 380)
    expect(annotator.stage).to_have_attribute("data-candidates", re.compile("[1-9]"))  # the next prompt builds on it
    annotator.click(320, 150, button="right")
    annotator.accept()
    annotator.wait_until_saved()


def without_worker(page: Page) -> None:
    page.route("**/assets/worker-*.js", lambda route: route.abort())


NO_WASM = "Object.defineProperty(self, 'WebAssembly', { value: undefined })"


def without_webassembly(page: Page) -> None:
    """As where it is switched off: gone in the worker, which is where the model would run."""

    def answer(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=f"{NO_WASM};\n{response.text()}")

    page.route("**/assets/worker-*.js", answer)


@pytest.mark.parametrize("cripple", [without_worker, without_webassembly])
def test_a_person_clicks_and_accepts_all_the_same(
    cripple: Any, *, server: Server, api: httpx.Client, project: dict[str, Any], context: BrowserContext
) -> None:
    (image_id,) = upload(api, project["id"], "coffee.png")
    url = f"{server.url}/projects/{project['id']}/images/{image_id}"
    annotate(AnnotationPage(context.new_page()), url)
    crippled = AnnotationPage(context.new_page())
    cripple(crippled.page)
    annotate(crippled, url)
    expect(crippled.page.get_by_text(SAYS)).to_be_visible()
    own_click, own_box, click, box = stored(api, image_id)
    assert iou(decode(own_click), decode(click)) > 0.99
    assert iou(decode(own_box), decode(box)) > 0.99
    assert box["provenance"]["prompts"][1]["label"] == 0
