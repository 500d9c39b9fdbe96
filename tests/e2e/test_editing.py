"""Masks changed by hand, judged by what is stored: against the same shapes drawn with NumPy."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pycocotools import mask as coco_mask

from tests.e2e.conftest import upload
from tests.support.browser import AnnotationPage
from tests.support.masks import Mask, decode, iou, stored
from tests.support.server import Server

WIDTH, HEIGHT = 600, 400
Path = Sequence[tuple[float, float]]
Store = Callable[[Mask], str]

# The middles of all pixels.
ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
SQUARE = [(250, 100), (350, 100), (350, 200), (250, 200)]


def box(x0: float, y0: float, x1: float, y1: float) -> Mask:
    inside: Mask = (xs >= x0) & (xs < x1) & (ys >= y0) & (ys < y1)
    return inside


def disc(x: float, y: float, radius: float) -> Mask:
    inside: Mask = np.hypot(xs - x, ys - y) <= radius
    return inside


def line(x0: float, x1: float, y: float, radius: float) -> Mask:
    """A level stroke."""
    return disc(x0, y, radius) | disc(x1, y, radius) | box(x0, y - radius, x1, y + radius)


def polygon(corners: Path) -> Mask:
    """By the even-odd rule: how often the way up from a pixel's middle crosses an edge."""
    inside = np.zeros((HEIGHT, WIDTH), bool)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if x0 != x1:
            inside ^= ((xs < x0) != (xs < x1)) & (ys > y0 + (y1 - y0) * (xs - x0) / (x1 - x0))
    return inside


@pytest.fixture
def coffee(server: Server, api: httpx.Client, project: dict[str, Any]) -> int:
    (image_id,) = upload(api, project["id"], "coffee.png")
    return image_id


@pytest.fixture
def store(api: httpx.Client, coffee: int) -> Store:
    """Stores a mask that was imported; returns its id."""

    def post(mask: Mask) -> str:
        rle = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
        body = {
            "id": str(uuid4()),
            "category_id": None,
            "segmentation": {"size": rle["size"], "counts": rle["counts"].decode()},
            "provenance": {"source": "import", "name": "masks.json", "edits": []},
        }
        headers = {"Idempotency-Key": str(uuid4())}
        api.post(f"/images/{coffee}/annotations", json=body, headers=headers).raise_for_status()
        return str(body["id"])

    return post


class Hand:
    """Someone who edits masks on the coffee photo."""

    def __init__(self, annotation_page: AnnotationPage, api: httpx.Client, url: str, image_id: int) -> None:
        self.annotation_page = annotation_page
        self.page = annotation_page.page
        self.api = api
        self.image_id = image_id
        annotation_page.open(url)

    def take(self, key: str, brush: int | None = None) -> None:
        self.annotation_page.press(key)
        if brush is not None:
            self.set("Size", brush)

    def set(self, name: str, value: int) -> None:
        """An option of the tool in hand; then the keys are the canvas' again."""
        option = self.page.get_by_role("textbox", name=name)
        option.fill(str(value))
        option.press("Enter")
        self.annotation_page.canvas.focus()

    def select(self, x: float, y: float) -> None:
        self.annotation_page.press("v")
        self.annotation_page.click(x, y)

    def stroke(self, path: Path, button: Any = "left") -> None:
        mouse, (first, *rest) = self.page.mouse, path
        mouse.move(*self.annotation_page.to_screen(*first))
        mouse.down(button=button)
        for point in rest:
            mouse.move(*self.annotation_page.to_screen(*point), steps=4)
        mouse.up(button=button)

    def click_all(self, corners: Path) -> None:
        for corner in corners:
            self.annotation_page.click(*corner)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.annotation_page.press(key)

    def stored(self) -> list[dict[str, Any]]:
        self.annotation_page.wait_until_saved()
        return stored(self.api, self.image_id)

    def masks(self) -> list[Mask]:
        return [decode(annotation) for annotation in self.stored()]


@pytest.fixture
def url(server: Server, project: dict[str, Any], coffee: int) -> str:
    return f"{server.url}/projects/{project['id']}/images/{coffee}"


@pytest.fixture
def open_page(annotation_page: AnnotationPage, api: httpx.Client, url: str, coffee: int) -> Callable[[], Hand]:
    """To be opened once the masks that the test needs are stored."""
    return lambda: Hand(annotation_page, api, url, coffee)


def test_the_brush_makes_a_mask_from_nothing_and_the_eraser_takes_from_it(open_page: Callable[[], Hand]) -> None:
    hand = open_page()
    hand.take("b", brush=40)
    hand.stroke([(200, 200), (300, 200)])
    hand.take("x")
    hand.stroke([(250, 150), (250, 250)])
    hand.annotation_page.accept()
    (annotation,) = hand.stored()
    expected = line(200, 300, 200, 20) & ~disc(250, 150, 20) & ~disc(250, 250, 20) & ~box(230, 150, 270, 250)
    assert iou(decode(annotation), expected) > 0.99
    provenance = annotation["provenance"]
    assert provenance["source"] == "manual"
    assert [edit["kind"] for edit in provenance["edits"]] == ["brush", "eraser"]
    assert provenance["edits"][0]["pixels"] == pytest.approx(line(200, 300, 200, 20).sum(), rel=0.01)
    assert 0 < provenance["seconds"] < 60


def test_the_brush_changes_the_selected_mask_at_once_and_undo_brings_it_back(
    open_page: Callable[[], Hand], store: Store
) -> None:
    square = box(200, 100, 300, 200)
    store(square)
    hand = open_page()
    hand.select(250, 150)
    hand.take("b", brush=60)
    hand.stroke([(300, 150)])
    (painted,) = hand.masks()
    assert iou(painted, square | disc(300, 150, 30)) > 0.99
    hand.stroke([(200, 150)], button="right")
    (erased,) = hand.masks()
    assert iou(erased, (square | disc(300, 150, 30)) & ~disc(200, 150, 30)) > 0.99
    hand.press("Control+z", "Control+z")
    (annotation,) = hand.stored()
    assert np.array_equal(decode(annotation), square)
    assert annotation["provenance"]["edits"] == []
    hand.press("Control+y")
    assert np.array_equal(hand.masks()[0], painted)


def test_keys_and_the_wheel_change_the_size_of_the_brush(open_page: Callable[[], Hand], page: Page) -> None:
    hand = open_page()
    hand.take("b", brush=20)
    hand.press("]")
    size = page.get_by_role("textbox", name="Size")
    expect(size).to_have_value("23")
    hand.annotation_page.hover(300, 200)
    page.keyboard.down("Alt")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Alt")
    expect(size).to_have_value("26")
    hand.stroke([(300, 200)])
    hand.annotation_page.accept()
    assert hand.masks()[0].sum() == pytest.approx(disc(300, 200, 13).sum(), rel=0.02)


def test_shift_and_click_paint_a_straight_line_from_the_stroke_before(
    open_page: Callable[[], Hand], page: Page
) -> None:
    hand = open_page()
    hand.take("b", brush=30)
    hand.stroke([(150, 200)])
    page.keyboard.down("Shift")
    hand.stroke([(400, 200)])
    page.keyboard.up("Shift")
    hand.annotation_page.accept()
    assert iou(hand.masks()[0], line(150, 400, 200, 15)) > 0.99


def test_a_pen_paints_as_wide_as_it_is_pressed(open_page: Callable[[], Hand], page: Page) -> None:
    hand = open_page()
    hand.take("b", brush=80)
    pen = page.context.new_cdp_session(page)
    x, y = hand.annotation_page.to_screen(300, 200)
    for event, buttons, force in (("mouseMoved", 0, 0.0), ("mousePressed", 1, 0.5), ("mouseReleased", 0, 0.0)):
        position = {"x": x, "y": y, "button": "left" if event != "mouseMoved" else "none", "buttons": buttons}
        pen.send("Input.dispatchMouseEvent", {"type": event, **position, "pointerType": "pen", "force": force})
    hand.annotation_page.accept()
    assert iou(hand.masks()[0], disc(300, 200, 20)) > 0.98


def test_a_stroke_on_what_the_model_says_is_part_of_the_stored_mask(open_page: Callable[[], Hand]) -> None:
    hand = open_page()
    hand.annotation_page.click(300, 180)
    hand.take("b", brush=40)
    hand.stroke([(40, 40)])
    hand.annotation_page.accept()
    (annotation,) = hand.stored()
    assert iou(decode(annotation) & box(0, 0, 80, 80), disc(40, 40, 20)) > 0.98
    assert decode(annotation)[180, 300]
    provenance = annotation["provenance"]
    assert provenance["source"] == "model"
    assert len(provenance["prompts"]) == 1
    assert [edit["kind"] for edit in provenance["edits"]] == ["brush"]


def test_a_polygon_gets_a_hole_by_a_second_one(open_page: Callable[[], Hand], page: Page) -> None:
    hand = open_page()
    outer, inner = [(150, 80), (450, 100), (400, 350), (180, 320)], [(250, 150), (350, 150), (300, 250)]
    hand.take("p")
    hand.click_all(outer)
    hand.press("Enter")
    page.get_by_role("radio", name="Take away").click()
    hand.click_all(inner)
    hand.annotation_page.click(*inner[0])
    hand.annotation_page.accept()
    (mask,) = hand.masks()
    assert iou(mask, polygon(outer) & ~polygon(inner)) > 0.99
    assert not mask[180, 300], "the hole is open"


def test_backspace_takes_vertices_back_and_a_double_click_closes(open_page: Callable[[], Hand], page: Page) -> None:
    hand = open_page()
    hand.take("p")
    hand.click_all([*SQUARE[:2], (500, 380)])
    hand.press("Backspace")
    hand.click_all(SQUARE[2:3])
    page.mouse.dblclick(*hand.annotation_page.to_screen(*SQUARE[3]))
    hand.annotation_page.accept()
    assert iou(hand.masks()[0], polygon(SQUARE)) > 0.99


def test_the_lasso_takes_what_it_surrounds(open_page: Callable[[], Hand]) -> None:
    hand = open_page()
    hand.take("l")
    hand.stroke(SQUARE)
    hand.annotation_page.accept()
    assert iou(hand.masks()[0], polygon(SQUARE)) > 0.99


def test_the_slider_shows_fewer_vertices_and_all_again_and_leaves_the_mask_alone(
    open_page: Callable[[], Hand], store: Store, page: Page
) -> None:
    store(disc(300, 200, 120))
    hand = open_page()
    hand.select(300, 200)
    hand.take("n")
    shown = page.get_by_text(re.compile(r"\d+ vertices"))
    hand.set("Tolerance", 0)
    every = shown.inner_text()
    hand.set("Tolerance", 8)
    expect(shown).not_to_have_text(every)
    hand.set("Tolerance", 0)
    expect(shown).to_have_text(every)
    assert hand.stored()[0]["version"] == 1


def test_a_dragged_vertex_changes_the_outline_beside_it_and_nothing_else(
    open_page: Callable[[], Hand], store: Store
) -> None:
    square, bump = box(200, 100, 300, 200), disc(300, 150, 30)
    store(square | bump)
    hand = open_page()
    hand.select(250, 150)
    hand.take("n")
    hand.set("Tolerance", 10)
    hand.stroke([(200, 100), (150, 60)])
    (pulled,) = hand.masks()
    assert iou(pulled, square | bump | polygon([(200, 200), (150, 60), (300, 100), (200, 100)])) > 0.99
    right = box(300, 0, 600, 400)
    assert np.array_equal(pulled & right, bump & right), "what the tolerance hides is kept"
    hand.press("Control+z")
    assert np.array_equal(hand.masks()[0], square | bump)


def test_a_mask_is_split_and_its_parts_are_merged_again(open_page: Callable[[], Hand], store: Store) -> None:
    small, large = box(100, 100, 150, 150), box(300, 100, 400, 200)
    kept = store(small | large)
    hand = open_page()
    hand.select(350, 150)
    hand.press("Shift+S")
    expect(hand.annotation_page.stage).to_have_attribute("data-annotation-count", "2")
    first, second = hand.stored()
    assert first["id"] == kept
    assert np.array_equal(decode(first), large)
    assert np.array_equal(decode(second), small)
    hand.press("m")
    expect(hand.annotation_page.stage).to_have_attribute("data-annotation-count", "1")
    (merged,) = hand.stored()
    assert merged["id"] == kept
    assert np.array_equal(decode(merged), small | large)
    assert [edit["kind"] for edit in merged["provenance"]["edits"]] == ["split", "merge"]


def test_holes_and_islands_go_by_size_and_the_panel_says_how_many_pixels(
    open_page: Callable[[], Hand], store: Store, page: Page
) -> None:
    block, hole, island = box(200, 100, 400, 300), box(290, 190, 300, 200), box(50, 50, 58, 58)
    store((block & ~hole) | island)
    hand = open_page()
    hand.select(250, 150)
    page.get_by_role("button", name="Edit masks").click()
    panel = page.get_by_role("dialog", name="Edit masks")
    expect(panel.get_by_text("100 px")).to_be_visible()
    panel.get_by_role("button", name="Fill").click()
    expect(panel.get_by_role("button", name="Fill")).to_be_disabled()
    assert np.array_equal(hand.masks()[0], block | island)
    panel.get_by_role("button", name="Drop").click()
    assert np.array_equal(hand.masks()[0], block)
    page.keyboard.press("Escape")
    hand.annotation_page.canvas.focus()
    hand.press("Control+z", "Control+z")
    assert np.array_equal(hand.masks()[0], (block & ~hole) | island)


@pytest.mark.parametrize(("rule", "wins"), [("Give way", "old"), ("Take over", "new")])
def test_no_overlaps_leaves_disjoint_masks(
    open_page: Callable[[], Hand], store: Store, page: Page, rule: str, wins: str
) -> None:
    old, new = box(200, 100, 300, 200), polygon(SQUARE)
    store(old)
    hand = open_page()
    page.get_by_role("button", name="Edit masks").click()
    page.get_by_role("radio", name=rule).click()
    page.keyboard.press("Escape")
    hand.annotation_page.canvas.focus()
    hand.take("l")
    hand.stroke(SQUARE)
    hand.annotation_page.accept()
    first, second = hand.masks()
    assert not (first & second).any()
    assert iou(first, old if wins == "old" else old & ~new) > 0.99
    assert iou(second, new & ~old if wins == "old" else new) > 0.99
    hand.press("Control+z")
    (only,) = hand.masks()
    assert np.array_equal(only, old), "undo gives the bitten pixels back"


def test_selected_masks_are_copied_to_the_next_image(
    server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage, page: Page
) -> None:
    """From 600x400 to 451x300: what lies beyond is cut off."""
    first, second = upload(api, project["id"], "coffee.png", "chelsea.png")
    hand = Hand(annotation_page, api, f"{server.url}/projects/{project['id']}/images/{first}", first)
    hand.take("l")
    hand.stroke([(400, 100), (500, 100), (500, 200), (400, 200)])
    hand.annotation_page.accept()
    hand.select(450, 150)
    hand.press("Shift+D")
    expect(page.get_by_text("Copied 1 mask to chelsea.png")).to_be_visible()
    annotation_page.wait_until_saved()
    (original,), (copy,) = stored(api, first), stored(api, second)
    assert copy["id"] != original["id"]
    assert np.array_equal(decode(copy), decode(original)[:300, :451])
    assert [edit["kind"] for edit in copy["provenance"]["edits"]] == ["lasso", "copy"]


def test_layers_are_stored(open_page: Callable[[], Hand], store: Store) -> None:
    store(box(100, 100, 300, 300))
    store(box(200, 200, 260, 260))
    hand = open_page()
    hand.select(150, 150)
    hand.press("Control+]")
    assert [annotation["layer"] for annotation in hand.stored()] == [1, 0]
