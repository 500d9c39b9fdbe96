"""What was accepted is never lost and never doubled, whatever dies."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import APIResponse, BrowserContext, Route, expect

from tests.e2e.conftest import PHOTOS
from tests.support.browser import AnnotationPage
from tests.support.server import Server


@pytest.fixture
def mortal(tmp_path: Path) -> Server:
    """A server of this test's own, to be killed."""
    return Server(tmp_path / "data")


def prepare(server: Server) -> tuple[int, int]:
    with httpx.Client(base_url=f"{server.url}/api", timeout=60) as client:
        project_id: int = client.post("/projects", json={"name": "Mortal"}).raise_for_status().json()["id"]
        file = ("files", ("coffee.png", (PHOTOS / "coffee.png").read_bytes()))
        uploaded = client.post(f"/projects/{project_id}/images", files=[file]).raise_for_status().json()
        image_id: int = uploaded["results"][0]["image"]["id"]
        return project_id, image_id


def open_photo(server: Server, context: BrowserContext) -> tuple[AnnotationPage, int]:
    """Starts the server, with one photo of its own, and opens it; the id of its image."""
    server.start()
    project_id, image_id = prepare(server)
    annotator = AnnotationPage(context.new_page())
    annotator.open(f"{server.url}/projects/{project_id}/images/{image_id}")
    return annotator, image_id


def annotations(server: Server, image_id: int) -> list[dict[str, object]]:
    stored: list[dict[str, object]] = httpx.get(f"{server.url}/api/images/{image_id}/annotations").json()
    return stored


def test_a_mask_accepted_just_before_everything_is_killed_is_found_exactly_once(
    mortal: Server, context: BrowserContext
) -> None:
    try:
        annotator, image_id = open_photo(mortal, context)
        annotator.click(300, 200)
        annotator.accept()
        mortal.kill()

        mortal.start()
        annotator.wait_until_saved()
        assert len(annotations(mortal, image_id)) == 1

        annotator.page.reload()
        annotator.wait_for_model()
        expect(annotator.stage).to_have_attribute("data-annotation-count", "1")
        assert len(annotations(mortal, image_id)) == 1
    finally:
        mortal.kill()


def test_a_mask_accepted_while_the_server_is_away_survives_a_reload_and_arrives_later(
    mortal: Server, context: BrowserContext
) -> None:
    try:
        annotator, image_id = open_photo(mortal, context)
        address = annotator.page.url
        annotator.click(300, 200)
        mortal.kill()
        annotator.accept()
        expect(annotator.page.locator("[data-pending]")).to_have_attribute("data-pending", "1")

        annotator.page.close()
        mortal.start()
        annotator = AnnotationPage(context.new_page())
        annotator.open(address)
        annotator.wait_until_saved()
        expect(annotator.stage).to_have_attribute("data-annotation-count", "1")
        assert len(annotations(mortal, image_id)) == 1
    finally:
        mortal.kill()


def test_the_reply_to_an_accept_that_never_reached_the_browser_does_not_double_the_mask(
    server: Server, context: BrowserContext
) -> None:
    project_id, image_id = prepare(server)
    page = context.new_page()
    dropped: list[APIResponse] = []

    def drop_the_first_reply(route: Route) -> None:
        if route.request.method == "POST" and not dropped:
            dropped.append(route.fetch())
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/images/*/annotations", drop_the_first_reply)
    annotator = AnnotationPage(page)
    annotator.open(f"{server.url}/projects/{project_id}/images/{image_id}")
    annotator.click(300, 200)
    annotator.accept()
    annotator.wait_until_saved()
    assert [reply.status for reply in dropped] == [201]
    assert len(annotations(server, image_id)) == 1
