from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import skimage
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browser import VIEWPORT, AnnotationPage
from tests.support.server import Server

PHOTOS = Path(skimage.__file__).parent / "data"
FAILURES = Path(__file__).parent / "failures"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("e2e") / "data") as server:
        yield server


@pytest.fixture
def api(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}/api", timeout=60) as client:
        yield client


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose script errors fail the test, and whose last sight is kept when the test fails."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    failures_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failures_before:
        FAILURES.mkdir(exist_ok=True)
        page.screenshot(path=FAILURES / f"{request.node.name}.png")
    assert errors == [], "the page threw"


@pytest.fixture
def annotation_page(page: Page) -> AnnotationPage:
    return AnnotationPage(page)


@pytest.fixture
def project(api: httpx.Client, request: pytest.FixtureRequest) -> dict[str, object]:
    """A project of this test's own, with two categories and no images."""
    body = {"name": request.node.name, "categories": [{"name": "thing"}, {"name": "other"}]}
    response = api.post("/projects", json=body).raise_for_status()
    created: dict[str, object] = response.json()
    return created


def upload(api: httpx.Client, project_id: object, *names: str) -> list[int]:
    """Uploads photos of scikit-image's wheel; returns their image ids."""
    files = [("files", (name, (PHOTOS / name).read_bytes())) for name in names]
    results = api.post(f"/projects/{project_id}/images", files=files).raise_for_status().json()["results"]
    return [result["image"]["id"] for result in results]
