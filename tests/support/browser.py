"""A real Chromium, and the annotation page as a person uses it: by mouse, keyboard and what it says."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests.support.server import REPOSITORY

# Headless Chromium as root in a container; the rest keeps it from calling its maker.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
MODEL_TIMEOUT_MS = 60_000


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium() -> str:
    """The browser that `scripts/test.sh` found, or the one that its script finds now."""
    if path := os.environ.get("MASKLOOP_CHROMIUM"):
        return path
    found = subprocess.run([REPOSITORY / "scripts" / "find_chromium.sh"], stdout=subprocess.PIPE, text=True, check=True)
    return found.stdout.strip()


@dataclass(frozen=True)
class AnnotationPage:
    """Positions are in image pixels; the page's own view is read from its `data-view` attribute."""

    page: Page

    @property
    def stage(self) -> Locator:
        return self.page.locator("[data-model-phase]")

    @property
    def canvas(self) -> Locator:
        """The one of its role, in any language."""
        return self.page.get_by_role("application")

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.wait_for_model()

    def wait_for_model(self) -> None:
        expect(self.stage).to_have_attribute("data-model-phase", "ready", timeout=MODEL_TIMEOUT_MS)

    @property
    def image_id(self) -> int:
        return int(self.stage.get_attribute("data-image-id") or 0)

    @property
    def annotation_count(self) -> int:
        return int(self.stage.get_attribute("data-annotation-count") or 0)

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        view: dict[str, Any] = json.loads(self.stage.get_attribute("data-view") or "{}")
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + x * view["scale"] + view["offsetX"], box["y"] + y * view["scale"] + view["offsetY"]

    def hover(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.to_screen(x, y))

    def click(self, x: float, y: float, button: Any = "left") -> None:
        self.page.mouse.click(*self.to_screen(x, y), button=button)

    def drag_box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.page.mouse.move(*self.to_screen(x0, y0))
        self.page.mouse.down()
        self.page.mouse.move(*self.to_screen((x0 + x1) / 2, (y0 + y1) / 2), steps=4)
        self.page.mouse.move(*self.to_screen(x1, y1), steps=4)
        self.page.mouse.up()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def accept(self) -> None:
        """Enter, and wait until the page counts the mask among its annotations."""
        count = self.annotation_count
        self.press("Enter")
        expect(self.stage).to_have_attribute("data-annotation-count", str(count + 1))

    def wait_until_saved(self) -> None:
        expect(self.page.locator("[data-pending]")).to_have_attribute("data-pending", "0", timeout=30_000)
