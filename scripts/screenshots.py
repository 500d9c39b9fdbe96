"""Remakes the documentation's pictures: image grid, annotation page, choice of a model; from the sample project."""

import sys
import tempfile
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page, expect

from tests.support.browser import VIEWPORT, AnnotationPage, chromium
from tests.support.pictures import IMAGES, keep
from tests.support.server import Server

PHOTO = "chelsea.png"


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "data", arguments=("--sample",)) as server,
        chromium() as browser,
    ):
        page = browser.new_page(viewport=VIEWPORT)
        project, image = _sample(server, PHOTO)
        _annotate(AnnotationPage(page), f"{server.url}/projects/{project}/images/{image}")
        keep(page, IMAGES / "annotate.webp")
        _show_grid(page, f"{server.url}/projects/{project}")
        keep(page, IMAGES / "grid.webp")
        _show_models(page)
        keep(page, IMAGES / "models.webp")


def _sample(server: Server, photo: str) -> tuple[int, int]:
    with httpx.Client(base_url=f"{server.url}/api", timeout=60) as client:
        project = client.get("/projects").raise_for_status().json()[0]["id"]
        images = client.get(f"/projects/{project}/images").raise_for_status().json()["items"]
        return project, next(image["id"] for image in images if image["file_name"] == photo)


def _annotate(annotator: AnnotationPage, url: str) -> None:
    """The cat is accepted; its eye is in the making, the candidates beside it."""
    annotator.open(url)
    annotator.press("2")
    annotator.click(220, 150)
    annotator.accept()
    annotator.press("0")
    annotator.click(150, 120)
    expect(annotator.stage).to_have_attribute("data-candidates", "3")
    annotator.wait_until_saved()
    expect(annotator.stage).to_have_attribute("data-model-phase", "ready")


def _show_grid(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("Ready")).to_have_count(7, timeout=60_000)
    for image in page.locator("img").all():
        expect(image).to_have_js_property("complete", value=True)
    page.mouse.move(0, 0)


def _show_models(page: Page) -> None:
    """The consequences of another model are said before it is fetched."""
    page.get_by_role("button", name="Settings").click()
    page.get_by_text("SAM ViT-B", exact=True).click()
    page.get_by_role("button", name="Download and use").scroll_into_view_if_needed()


if __name__ == "__main__":
    main()
