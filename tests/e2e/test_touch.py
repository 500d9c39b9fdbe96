"""Fingers and pens on the annotation page, judged by what is stored."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import decode, stored
from tests.support.server import Server

Spot = tuple[float, float]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tablet lying on its side."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def fingers(page: Page, annotation_page: AnnotationPage) -> "Fingers":
    return Fingers(page, annotation_page)


class Fingers:
    """Places are in image pixels, of the view at the moment when they are touched."""

    def __init__(self, page: Page, annotation_page: AnnotationPage) -> None:
        self.page = page
        self.annotation_page = annotation_page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def at(self, *spots: Spot) -> list[Spot]:
        return [self.annotation_page.to_screen(*spot) for spot in spots]

    def send(self, kind: str, places: list[Spot]) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def tap(self, *spots: Spot) -> None:
        self.send("touchStart", self.at(*spots))
        self.send("touchEnd", [])

    def press_long(self, spot: Spot) -> None:
        self.send("touchStart", self.at(spot))
        self.page.wait_for_timeout(700)
        self.send("touchEnd", [])

    def drag(self, *paths: tuple[Spot, Spot]) -> None:
        """Each finger from its first place to its second one."""
        starts, ends = self.at(*(path[0] for path in paths)), self.at(*(path[1] for path in paths))
        self.send("touchStart", starts)
        for step in range(1, 9):
            self.send("touchMove", [between(start, end, step / 8) for start, end in zip(starts, ends, strict=True)])
        self.send("touchEnd", [])

    def pen(self, kind: str, spot: Spot, force: float = 0.0, button: str = "left") -> None:
        (x, y) = self.at(spot)[0]
        buttons = {"none": 0, "left": 1, "right": 2}[button if kind != "mouseReleased" else "none"]
        event = {"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "force": force, "clickCount": 1}
        self.session.send("Input.dispatchMouseEvent", {**event, "pointerType": "pen"})


def between(start: Spot, end: Spot, share: float) -> Spot:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


@pytest.fixture
def coffee(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> int:
    """The coffee photo (600x400: a cup on a table), open on the annotation page."""
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return image_id


def accept(annotation_page: AnnotationPage) -> None:
    """Once the fingers' mask is there: the browser hands touches over a frame later than keys."""
    expect(annotation_page.stage).to_have_attribute("data-candidates", re.compile("."))
    annotation_page.accept()


def prompts(api: httpx.Client, image_id: int) -> list[dict[str, Any]]:
    """Of the only mask there is."""
    (annotation,) = stored(api, image_id)
    given: list[dict[str, Any]] = annotation["provenance"]["prompts"]
    return given


def test_a_tap_takes_and_a_long_press_leaves_out(
    api: httpx.Client, annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    fingers.drag(((60, 40), (540, 380)))
    fingers.press_long((320, 150))
    fingers.tap((150, 200))
    accept(annotation_page)
    annotation_page.wait_until_saved()
    assert [(prompt["kind"], prompt.get("label")) for prompt in prompts(api, coffee)] == [
        ("box", None),
        ("point", 0),
        ("point", 1),
    ]
    assert not decode(stored(api, coffee)[0])[150, 320]


def test_a_finger_that_rolls_a_little_still_taps(
    api: httpx.Client, annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    fingers.drag(((300, 180), (304, 184)))
    accept(annotation_page)
    annotation_page.wait_until_saved()
    (prompt,) = prompts(api, coffee)
    assert (prompt["kind"], prompt["x"], prompt["y"]) == ("point", pytest.approx(300, abs=1), pytest.approx(180, abs=1))


def test_two_fingers_zoom_and_move_and_leave_no_mark(
    annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    before = annotation_page.to_screen(300, 200)
    left, right = annotation_page.to_screen(250, 200), annotation_page.to_screen(350, 200)
    fingers.drag(((250, 200), (150, 200)), ((350, 200), (450, 200)))
    expect(annotation_page.stage).not_to_have_attribute("data-candidates", re.compile("."))
    wider = annotation_page.to_screen(350, 200)[0] - annotation_page.to_screen(250, 200)[0]
    assert wider == pytest.approx(3 * (right[0] - left[0]), rel=0.1)
    assert annotation_page.to_screen(300, 200) == pytest.approx(before, abs=8)


def test_taps_of_two_and_three_fingers_undo_and_redo(
    api: httpx.Client, annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    fingers.tap((300, 180))
    accept(annotation_page)
    fingers.tap((200, 100), (260, 100))
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "0")
    fingers.tap((200, 100), (260, 100), (320, 100))
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    annotation_page.wait_until_saved()
    assert len(stored(api, coffee)) == 1


def test_a_brush_follows_the_finger(
    api: httpx.Client, annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    annotation_page.press("b")
    fingers.drag(((100, 200), (300, 200)))
    accept(annotation_page)
    annotation_page.wait_until_saved()
    mask = decode(stored(api, coffee)[0])
    assert mask[200, 100:300].all()
    assert not mask[260:].any()


def test_a_pen_that_presses_harder_paints_wider_and_its_button_erases(
    api: httpx.Client, annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    annotation_page.press("b")
    for y, force in ((100, 0.3), (250, 1.0)):
        stroke(fingers, (100, y), (400, y), force)
    stroke(fingers, (300, 250), (400, 250), 1.0, "right")
    accept(annotation_page)
    annotation_page.wait_until_saved()
    mask = decode(stored(api, coffee)[0])
    light, heavy = mask[:170, 200].sum(), mask[170:, 200].sum()
    assert 0 < light < heavy / 2
    assert not mask[250, 310:390].any()


def stroke(fingers: Fingers, start: Spot, end: Spot, force: float, button: str = "left") -> None:
    fingers.pen("mouseMoved", start, 0, "none")
    fingers.pen("mousePressed", start, force, button)
    for step in range(1, 11):
        fingers.pen("mouseMoved", between(start, end, step / 10), force, button)
    fingers.pen("mouseReleased", end, 0, button)


def test_a_hand_that_rests_on_the_screen_while_it_writes_does_nothing(
    page: Page, api: httpx.Client, annotation_page: AnnotationPage, fingers: Fingers, coffee: int
) -> None:
    fingers.pen("mouseMoved", (300, 180), 0, "none")
    fingers.tap((100, 350))
    fingers.pen("mousePressed", (300, 180), 0.5)
    fingers.tap((120, 350))
    fingers.pen("mouseReleased", (300, 180))
    accept(annotation_page)
    annotation_page.wait_until_saved()
    assert [prompt["x"] for prompt in prompts(api, coffee)] == [pytest.approx(300, abs=1)]
    page.wait_for_timeout(800)
    fingers.tap((100, 350))
    accept(annotation_page)


def test_controls_are_as_large_as_fingers_on_a_tablet(page: Page, annotation_page: AnnotationPage, coffee: int) -> None:
    for button in [
        *page.get_by_role("toolbar").get_by_role("button").all(),
        *page.get_by_role("banner").get_by_role("button").all(),
    ]:
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, button.get_attribute("aria-label")
    canvas = annotation_page.canvas.bounding_box()
    assert canvas is not None
    assert canvas["width"] > 600
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
