"""A project that does not fit on one screen."""

import io
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.server import Server

IMAGES = 220
"""More than two pages of the server's list."""


@pytest.fixture(scope="module")
def grid_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a project with many images, on a server that does not compute embeddings of them."""
    data_dir = tmp_path_factory.mktemp("many") / "data"
    with Server(data_dir, environment={"MASKLOOP_INLINE_WORKER": "false"}) as server:
        with httpx.Client(base_url=f"{server.url}/api", timeout=60) as api:
            project = api.post("/projects", json={"name": "Many"}).raise_for_status().json()
            api.post(f"/projects/{project['id']}/images", files=tiny_images()).raise_for_status()
        yield f"{server.url}/projects/{project['id']}"


def tiny_images() -> list[tuple[str, tuple[str, bytes]]]:
    files = []
    for number in range(IMAGES):
        content = io.BytesIO()
        Image.new("RGB", (8, 8), (number, 0, 0)).save(content, "PNG")
        files.append(("files", (f"{number:03}.png", content.getvalue())))
    return files


def test_scrolling_the_grid_reaches_every_image(grid_url: str, page: Page) -> None:
    page.goto(grid_url)
    tiles = page.get_by_role("list", name="Images").get_by_role("link")
    expect(tiles).to_have_count(100)
    for count in (200, IMAGES):
        tiles.last.scroll_into_view_if_needed()
        expect(tiles).to_have_count(count)
    expect(tiles.last).to_contain_text("219.png")


def test_the_way_back_from_an_image_leads_to_its_place_in_the_grid(grid_url: str, page: Page) -> None:
    page.goto(grid_url)
    tile = page.get_by_role("list", name="Images").get_by_role("link").nth(90)
    tile.click()
    page.get_by_role("link", name="Back to the images").click()
    expect(tile).to_be_in_viewport()
