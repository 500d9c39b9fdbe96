"""Remakes the README's pictures of the image grid and the annotation page, from the sample project in a browser."""

import sys
import tempfile
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page

from tests.support.browser import VIEWPORT, AnnotationPage, chromium
from tests.support.server import REPOSITORY, Server

IMAGES = REPOSITORY / "docs" / "images"
PHOTO = "coffee.png"
"""Its project's first category is asked for by key 1; positions are in the photo's pixels."""


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "data", arguments=("--sample",)) as server,
        chromium() as browser,
    ):
        page = browser.new_page(viewport=VIEWPORT)
        project, image = _sample(server, PHOTO)
        _annotate(AnnotationPage(page), f"{server.url}/projects/{project}/images/{image}")
        page.screenshot(path=IMAGES / "annotate.png")
        _show_grid(page, f"{server.url}/projects/{project}")
        page.screenshot(path=IMAGES / "grid.png")


def _sample(server: Server, photo: str) -> tuple[int, int]:
    with httpx.Client(base_url=f"{server.url}/api", timeout=60) as client:
        project = client.get("/projects").raise_for_status().json()[0]["id"]
        images = client.get(f"/projects/{project}/images").raise_for_status().json()["items"]
        return project, next(image["id"] for image in images if image["file_name"] == photo)


def _annotate(annotator: AnnotationPage, url: str) -> None:
    annotator.open(url)
    annotator.drag_box(140, 50, 500, 340)
    annotator.accept()
    annotator.click(90, 250)
    annotator.wait_for_model()


def _show_grid(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
