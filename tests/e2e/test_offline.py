"""The server goes away: the page says what goes on, keeps everything, and sends it when the server is back."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.e2e.conftest import upload
from tests.e2e.test_durability import annotations, open_photo
from tests.support.browser import AnnotationPage
from tests.support.server import Server


@pytest.fixture
def mortal(tmp_path: Path) -> Server:
    """A server of this test's own, to be killed."""
    return Server(tmp_path / "data")


def test_work_goes_on_without_the_server_and_arrives_when_it_is_back(mortal: Server, context: BrowserContext) -> None:
    try:
        annotator, image_id = open_photo(mortal, context)
        banner = annotator.page.get_by_role("region", name="Connection")
        expect(banner).to_have_count(0)
        mortal.kill()
        for place in ((300, 180), (120, 60)):
            annotator.click(*place)
            annotator.accept()
        expect(banner).to_contain_text("You can go on")
        expect(banner).to_contain_text("2 changes wait to be sent")
        expect(annotator.page.locator("[data-pending]")).to_contain_text("Offline")

        mortal.start()
        banner.get_by_role("button", name="Try now").click()
        annotator.wait_until_saved()
        expect(banner).to_have_count(0)
        assert len(annotations(mortal, image_id)) == 2
    finally:
        mortal.kill()


def test_a_server_that_asks_for_patience_is_not_called_offline(
    server: Server, api: httpx.Client, project: dict[str, object], annotation_page: AnnotationPage
) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if route.request.method == "POST" and not refused:
            refused.append(route.request.url)
            problem = {"code": "unavailable", "detail": "Not now."}
            route.fulfill(status=503, headers={"Retry-After": "3"}, json=problem)
        else:
            route.continue_()

    page = annotation_page.page
    page.route("**/api/images/*/annotations", refuse_once)
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    annotation_page.click(300, 180)
    annotation_page.accept()
    expect(page.locator("[data-pending]")).to_contain_text("Server busy")
    expect(page.get_by_role("region", name="Connection")).to_have_count(0)
    annotation_page.wait_until_saved()
    assert len(annotations(server, image_id)) == 1
    assert len(refused) == 1
