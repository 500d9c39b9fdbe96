"""The application as a person meets it: from opening an image to its first mask, and what crosses the wire."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, Page

from tests.bench.report import Row, timed
from tests.support.browser import VIEWPORT, AnnotationPage, chromium
from tests.support.peer import PHOTOS
from tests.support.server import Server

ROUNDS = 5
PHOTO = PHOTOS / "astronaut.png"
CLICK = (220.5, 110.5)
TIMEOUT_MS = 60_000
LOOK_AT_GRID_MS = 4_000


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, Server(Path(folder) / "data") as server:
        return [*_first_mask(server, browser), *_wire(server)]


def _first_mask(server: Server, browser: Browser) -> list[Row]:
    project_id, image_id = _upload(server)
    grid = f"{server.url}/projects/{project_id}"
    url = f"{grid}/images/{image_id}"
    cold, from_grid, reloaded = [], [], []
    for _ in range(ROUNDS):
        shutil.rmtree(server.data_dir / "files" / "embeddings")
        context = browser.new_context(viewport=VIEWPORT)
        cold.append(_until_first_mask(context, lambda page: page.goto(url)))
        from_grid.append(_until_first_mask(context, lambda page: page.get_by_role("link").last.click(), begin=grid))
        reloaded.append(_until_first_mask(context, lambda page: page.goto(url)))
        context.close()
    return [
        timed("first mask: address typed, nothing cached, no embedding", cold),
        timed("first mask: address typed, files and embedding cached", reloaded),
        timed("first mask: clicked in the grid, embedding on the server", from_grid),
    ]


def _until_first_mask(context: BrowserContext, open_image: Callable[[Page], object], begin: str | None = None) -> float:
    """Milliseconds from opening to candidates on the screen; the click comes as soon as the photo is there."""
    page = context.new_page()
    if begin:
        page.goto(begin)
        page.wait_for_timeout(LOOK_AT_GRID_MS)
    annotator = AnnotationPage(page)
    start = time.perf_counter()
    open_image(page)
    # These look at every frame; `expect` would look at longer and longer intervals.
    page.wait_for_selector("[data-view]", timeout=TIMEOUT_MS)
    annotator.click(*CLICK)
    page.wait_for_selector('[data-candidates="3"]', timeout=TIMEOUT_MS)
    elapsed = (time.perf_counter() - start) * 1000
    page.close()
    return elapsed


def _upload(server: Server) -> tuple[int, int]:
    """One photo, its embedding computed once, so that the model is loaded as on any server that has been up a while."""
    with httpx.Client(base_url=f"{server.url}/api", timeout=60) as client:
        project_id: int = client.post("/projects", json={"name": "Bench"}).raise_for_status().json()["id"]
        file = ("files", (PHOTO.name, PHOTO.read_bytes()))
        uploaded = client.post(f"/projects/{project_id}/images", files=[file]).raise_for_status().json()
        image_id: int = uploaded["results"][0]["image"]["id"]
        model = client.get(f"/projects/{project_id}/model").raise_for_status().json()
        client.get(f"/images/{image_id}/embeddings/{model['encoder_digest']}").raise_for_status()
        return project_id, image_id


def _wire(server: Server) -> list[Row]:
    with httpx.Client(base_url=f"{server.url}/api", timeout=60) as client:
        project = client.get("/projects").raise_for_status().json()[0]
        model = client.get(f"/projects/{project['id']}/model").raise_for_status().json()
        image = client.get(f"/projects/{project['id']}/images").raise_for_status().json()["items"][0]
        with client.stream("GET", f"/images/{image['id']}/embeddings/{model['encoder_digest']}") as response:
            size = sum(len(chunk) for chunk in response.iter_raw())
    return [Row("embedding on the wire", "bytes", size, peer="float32", peer_median=256 * 64 * 64 * 4)]
