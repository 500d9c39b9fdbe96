"""The page of the renderer's tests, served straight from the sources."""

import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.support.server import REPOSITORY, free_port

FRONTEND = REPOSITORY / "frontend"
START_TIMEOUT = 60


@pytest.fixture(scope="module")
def development_server() -> Iterator[str]:
    """Vite serves the page of the test straight from the sources."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = ["node", "node_modules/vite/bin/vite.js", "--port", str(port), "--strictPort"]
    with subprocess.Popen(command, cwd=FRONTEND, stdout=subprocess.DEVNULL) as process:
        try:
            _await_answer(url, process)
            yield url
        finally:
            process.terminate()


def _await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(url):
        if time.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError("the development server did not start")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/src/render/testing/harness.html", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def page(browser: Browser, development_server: str) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    # Vite would load the page anew when a source changes while the tests run.
    page.route_web_socket("**", lambda _: None)
    page.goto(f"{development_server}/src/render/testing/harness.html")
    page.wait_for_function("window.harness !== undefined")
    yield page
    assert page.evaluate("harness.errors") == []
    page.close()
