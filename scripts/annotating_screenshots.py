"""Remakes the pictures of docs/annotating.md: each is something that an annotator does, done in a real browser.

`annotating_screenshots.py NAME...` makes only those.
"""

import functools
import sys
import tempfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import MODEL_TIMEOUT_MS, VIEWPORT, AnnotationPage, chromium
from tests.support.crowd import Bead, make_beads, photo_of
from tests.support.peer import PHOTOS
from tests.support.pictures import IMAGES, keep, require_chinese_font
from tests.support.scene import make_scene
from tests.support.server import Server

FOLDER = IMAGES / "annotating"
BEADS_PHOTO, LARGE_PHOTO = "beads.jpg", "scene.jpg"
THING = (900, 1000)
SELECTED = (1850, 1250)
SETTLED_MS = 800
"""For what fades in, and previews."""
TABLE = ("cup", "saucer", "spoon")
CREW = ("astronaut", "flag", "helmet")
BEADS = ("coral", "jade", "amber", "lapis")


@dataclass(frozen=True)
class Sitting:
    """Somebody at the annotation page of an image."""

    annotator: AnnotationPage
    api: httpx.Client
    project: dict[str, Any]
    image_id: int

    @property
    def page(self) -> Page:
        return self.annotator.page

    def take(self, *places: tuple[float, float], category: str = "1") -> None:
        """A mask of each place, by one click each."""
        for place in places:
            self.annotator.press(category)
            self.click(*place)
            self.annotator.accept()

    def click(self, x: float, y: float) -> None:
        """And wait for the answer."""
        self.annotator.click(x, y)
        self.answered()

    def answered(self, candidates: int = 3) -> None:
        """A lone click has three, more prompts have a fourth."""
        expect(self.annotator.stage).to_have_attribute("data-candidates", str(candidates), timeout=MODEL_TIMEOUT_MS)

    def trace(self, *path: tuple[float, float]) -> None:
        """Presses and drags, and does not let go."""
        first, *rest = (self.annotator.to_screen(*point) for point in path)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for point in rest:
            self.page.mouse.move(*point, steps=12)

    def box(self, *corners: float, mod: bool = False) -> None:
        if mod:
            self.page.keyboard.down("ControlOrMeta")
        self.annotator.drag_box(*corners)
        if mod:
            self.page.keyboard.up("ControlOrMeta")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.annotator.press(key)

    def rest(self) -> None:
        """The mouse away, everything stored."""
        self.annotator.wait_until_saved()
        self.page.mouse.move(700, 20)


def first_click(at: Sitting) -> None:
    at.click(300, 180)


def left_out(at: Sitting) -> None:
    """The saucer is left out of cup and saucer."""
    at.click(240, 215)
    at.annotator.click(130, 260, button="right")
    at.answered(4)


def ladder(at: Sitting) -> None:
    """The eye is kept beside the head."""
    at.click(150, 120)
    at.press("k")


def boxes(at: Sitting) -> None:
    at.box(22, 35, 67, 76)
    for corners in ((79, 36, 120, 74), (130, 26, 183, 77), (190, 25, 239, 77), (252, 29, 299, 75)):
        at.box(*corners, mod=True)
    expect(at.page.get_by_text("Enter accepts 5 masks")).to_be_visible(timeout=MODEL_TIMEOUT_MS)


def brush(at: Sitting) -> None:
    """The eraser goes along the handle of the spoon."""
    at.click(300, 180)
    at.press("x", *["]"] * 3)
    at.trace((425, 62), (418, 80), (408, 100), (398, 130))


def polygon(at: Sitting) -> None:
    at.press("p")
    for corner in ((20, 280), (70, 180), (150, 160), (210, 230), (190, 330)):
        at.annotator.click(*corner)
    at.annotator.hover(120, 380)


def vertices(at: Sitting) -> None:
    at.take((330, 284))
    at.press("v")
    at.annotator.click(330, 284)
    at.press("n")
    expect(at.page.get_by_text("vertices", exact=False).first).to_be_visible()
    at.rest()


def clean_up(at: Sitting) -> None:
    """The shining side of the cat's face is full of holes."""
    at.click(220, 150)
    at.press("Tab")
    at.page.get_by_role("button", name="Edit masks").click()
    expect(at.page.get_by_role("dialog", name="Edit masks")).to_be_visible()


def thousand(at: Sitting) -> None:
    at.press("v")
    at.annotator.hover(*SELECTED)
    at.annotator.click(*SELECTED)


def objects(at: Sitting) -> None:
    """Only the beads of one category are listed, and shown."""
    at.page.get_by_role("searchbox", name="Filter masks by words").fill("jade")
    at.page.get_by_role("button", name="Filter", exact=True).click()
    at.page.get_by_role("switch", name="Hide the others on the photo").click()


def keyboard(at: Sitting) -> None:
    """Three quarters on, the crosshair is at the face."""
    at.press("q", "u", "i", "k")


def palette(at: Sitting) -> None:
    at.take((240, 215))
    at.press("v")
    at.annotator.click(240, 215)
    at.press("Control+k")
    at.page.get_by_role("combobox").fill("mask")


def conflict(at: Sitting) -> None:
    """Somebody else cuts the mask while its category is changed here."""
    at.take((240, 215))
    at.rest()
    _change_elsewhere(at)
    at.press("v")
    at.annotator.click(240, 215)
    at.press("2")
    refused = at.page.locator("[data-pending]")
    expect(refused).to_contain_text("refused", timeout=30_000)
    refused.click()
    expect(at.page.get_by_role("dialog").get_by_role("img", name="Difference")).to_be_visible()


def _change_elsewhere(at: Sitting) -> None:
    (annotation,) = at.api.get(f"/images/{at.image_id}/annotations").raise_for_status().json()
    height, width = annotation["segmentation"]["size"]
    other = Bead(0, 300, 130, 110).segmentation((width, height))
    body = {"version": annotation["version"], "segmentation": other}
    at.api.patch(f"/annotations/{annotation['id']}", json=body, headers=_key()).raise_for_status()


def offline(at: Sitting) -> None:
    at.page.context.set_offline(True)
    at.take((240, 215))
    expect(at.page.get_by_role("region", name="Connection")).to_contain_text("1 change waits")


def closer(at: Sitting) -> None:
    """One thing of a scene of 24 megapixels, as finely as it is seen."""
    at.annotator.hover(*THING)
    for _ in range(11):
        at.page.mouse.wheel(0, -120)
    at.page.mouse.down(button="middle")
    at.page.mouse.move(620, 460, steps=8)
    at.page.mouse.up(button="middle")
    expect(at.page.get_by_text("sharp")).to_be_visible(timeout=MODEL_TIMEOUT_MS)
    at.click(*THING)


def portrait(at: Sitting) -> None:
    at.take((230, 380), category="1")
    at.take((60, 200), category="2")
    at.rest()
    at.press("3")
    at.click(430, 430)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


@dataclass(frozen=True)
class Scene:
    name: str
    photo: str
    act: Callable[[Sitting], None]
    categories: Sequence[str] = TABLE
    options: dict[str, Any] = field(default_factory=dict)


SCENES = [
    Scene("first-click", "coffee.png", first_click),
    Scene("left-out", "coffee.png", left_out),
    Scene("ladder", "chelsea.png", ladder, ("cat", "eye")),
    Scene("boxes", "coins.png", boxes, ("coin",)),
    Scene("brush", "coffee.png", brush),
    Scene("polygon", "coffee.png", polygon),
    Scene("vertices", "coffee.png", vertices),
    Scene("clean-up", "chelsea.png", clean_up, ("cat", "eye")),
    Scene("thousand", BEADS_PHOTO, thousand, BEADS),
    Scene("objects", BEADS_PHOTO, objects, BEADS),
    Scene("keyboard", "astronaut.png", keyboard, CREW),
    Scene("palette", "coffee.png", palette),
    Scene("conflict", "coffee.png", conflict),
    Scene("offline", "coffee.png", offline),
    Scene("closer", LARGE_PHOTO, closer, ("flower", "gear")),
    Scene("dark", "astronaut.png", portrait, CREW, {"color_scheme": "dark"}),
    Scene("light", "astronaut.png", portrait, CREW),
    Scene("chinese", "astronaut.png", portrait, ("宇航员", "旗帜", "头盔"), {"locale": "zh-CN"}),
]


def main(names: Sequence[str]) -> None:
    if unknown := set(names) - {scene.name for scene in SCENES}:
        sys.exit(f"There is no picture called {', '.join(sorted(unknown))}.")
    require_chinese_font()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "data") as server,
        httpx.Client(base_url=f"{server.url}/api", timeout=120) as api,
        chromium() as browser,
    ):
        for scene in SCENES:
            if not names or scene.name in names:
                _show(scene, server, api, browser)


def _show(scene: Scene, server: Server, api: httpx.Client, browser: Browser) -> None:
    print(scene.name, flush=True)
    project, image_id = _prepare(scene, api)
    context = browser.new_context(viewport=VIEWPORT, **scene.options)
    annotator = AnnotationPage(context.new_page())
    annotator.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    scene.act(Sitting(annotator, api, project, image_id))
    annotator.page.wait_for_timeout(SETTLED_MS)
    keep(annotator.page, FOLDER / f"{scene.name}.webp")
    context.close()


def _prepare(scene: Scene, api: httpx.Client) -> tuple[dict[str, Any], int]:
    """A project with the scene's photo. That of the beads is made once: it takes a while, and nobody changes it."""
    if scene.photo == BEADS_PHOTO:
        return _beads(api)
    return _project(api, scene.name.replace("-", " ").capitalize(), scene.categories, scene.photo)


@functools.cache
def _beads(api: httpx.Client) -> tuple[dict[str, Any], int]:
    """With the mask of each."""
    project, image_id = _project(api, "Beads", BEADS, BEADS_PHOTO)
    for bead in make_beads():
        _store(api, image_id, project["categories"][bead.kind]["id"], bead)
    return project, image_id


def _project(api: httpx.Client, name: str, categories: Sequence[str], photo: str) -> tuple[dict[str, Any], int]:
    body = {"name": name, "categories": [{"name": category} for category in categories]}
    project: dict[str, Any] = api.post("/projects", json=body).raise_for_status().json()
    files = [("files", (photo, _content(photo)))]
    (result,) = api.post(f"/projects/{project['id']}/images", files=files).raise_for_status().json()["results"]
    return project, result["image"]["id"]


def _content(photo: str) -> bytes:
    made = {BEADS_PHOTO: lambda: photo_of(make_beads()), LARGE_PHOTO: lambda: make_scene().jpeg()}
    return made[photo]() if photo in made else (PHOTOS / photo).read_bytes()


def _store(api: httpx.Client, image_id: int, category_id: int, bead: Bead) -> None:
    provenance = {"source": "import", "name": "beads.json"}
    mask = {"id": str(uuid.uuid4()), "category_id": category_id, "segmentation": bead.segmentation()}
    body = mask | {"provenance": provenance}
    api.post(f"/images/{image_id}/annotations", json=body, headers=_key()).raise_for_status()


if __name__ == "__main__":
    main(sys.argv[1:])
