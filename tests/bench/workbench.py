"""The annotation page under load: previews, clicks, panning, hovering and brushing with 0 and with 1,000 masks on 12
megapixels, in turn, and what the page keeps in memory after 200 images.

Chromium has no GPU here: it draws in software, with the processor that also decodes the masks.
"""

import io
import math
import re
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pycocotools import mask as coco_mask

from tests.bench.report import Row, timed
from tests.support.browser import VIEWPORT, AnnotationPage, chromium
from tests.support.peer import PHOTOS
from tests.support.server import Server

PROBE = Path(__file__).with_name("workbench_probe.js")
SIZE = (4000, 3000)
MASKS = 1000
CLICKS = 8
MOVES = 80
ROUNDS = 2
DABS = 2000
# Until the first, compiled code still piles up.
VISITS = (100, 200)
SMALL = (96, 64)
ANYTHING = re.compile(".")


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with Server(Path(folder) / "data") as server:
            rows = _under_load(server, browser)
        with Server(Path(folder) / "many", environment={"MASKLOOP_INLINE_WORKER": "false"}) as server:
            return rows + _memory(server, browser)


def _under_load(server: Server, browser: Browser) -> list[Row]:
    with httpx.Client(base_url=f"{server.url}/api", timeout=120) as api:
        project_id = _project(api)
        photo = _photo()
        bare_id, full_id = _upload(api, project_id, [("bare.jpg", photo), ("full.jpg", photo + b"\0")])
        for annotation in _blobs():
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            api.post(f"/images/{full_id}/annotations", json=annotation, headers=headers).raise_for_status()
    images = f"{server.url}/projects/{project_id}/images"
    bare, full = _open(browser, f"{images}/{bare_id}", 0), _open(browser, f"{images}/{full_id}", MASKS)
    # The first round warms up.
    bare_rounds, full_rounds = zip(*[(_round(bare), _round(full)) for _ in range(ROUNDS + 1)], strict=True)
    for page in (bare, full):
        page.page.context.close()
    return _rows(_joined(bare_rounds[1:]), _joined(full_rounds[1:]))


@dataclass(frozen=True)
class Session:
    """What one page measured: milliseconds, but for the previews a second."""

    previews: list[float]
    clicks: list[float]
    preview_work: list[float]
    pan_frames: list[float]
    pan_work: list[float]
    hover_work: list[float]
    select_work: list[float]
    brush_work: list[float]


def _joined(rounds: Sequence[Session]) -> Session:
    return Session(**{field.name: [x for one in rounds for x in getattr(one, field.name)] for field in fields(Session)})


def _open(browser: Browser, url: str, masks: int) -> AnnotationPage:
    context = browser.new_context(viewport=VIEWPORT)
    context.add_init_script(path=PROBE)
    annotator = AnnotationPage(context.new_page())
    annotator.open(url)
    expect(annotator.stage).to_have_attribute("data-annotation-count", str(masks))
    return annotator


def _round(annotator: AnnotationPage) -> Session:
    """Everything once; the page is as it was before."""
    annotator.page.bring_to_front()
    annotator.press("s")
    clicks = _click(annotator)
    previews = _record(annotator, _spiral())
    annotator.press("v")
    hovers = _record(annotator, _spiral())
    selections = _record(annotator, _scattered(CLICKS), press=True)
    pans = _pan(annotator)
    brushing = _brush(annotator)
    return Session(
        previews=[previews["previews"] / previews["seconds"]],
        clicks=clicks,
        preview_work=previews["works"],
        pan_frames=pans["frames"],
        pan_work=pans["works"],
        hover_work=hovers["works"],
        select_work=selections["works"],
        brush_work=brushing["works"],
    )


def _rows(bare: Session, full: Session) -> list[Row]:
    none = "no masks"
    previews, bare_previews = median(full.previews), median(bare.previews)
    what = f"previews a second under the moving mouse, {MASKS} masks"
    return [
        Row(what, "1/s", previews, None, none, bare_previews, runs=ROUNDS),
        timed(f"click to candidates, {MASKS} masks", full.clicks, none, bare.clicks),
        timed(f"work of a move that previews, {MASKS} masks", full.preview_work, none, bare.preview_work),
        timed(f"frame while panning, {MASKS} masks", full.pan_frames, none, bare.pan_frames),
        timed(f"work of a step of panning, {MASKS} masks", full.pan_work, none, bare.pan_work),
        timed(f"work of hovering, {MASKS} masks", full.hover_work, none, bare.hover_work),
        timed(f"work of selecting, {MASKS} masks", full.select_work, none, bare.select_work),
        timed(f"work of a move of a long stroke, {MASKS} masks", full.brush_work, none, bare.brush_work),
    ]


def _click(annotator: AnnotationPage) -> list[float]:
    """Milliseconds from each press to its candidates, at places where no preview waits."""
    times = []
    for x, y in _scattered(CLICKS + 1):
        annotator.page.evaluate("void (window.clicked = workbenchProbe.untilCandidates())")
        annotator.click(x, y)
        times.append(float(annotator.page.evaluate("window.clicked")))
        annotator.press("Escape")
        expect(annotator.stage).not_to_have_attribute("data-candidates", "3")
    return times[1:]


def _record(annotator: AnnotationPage, path: list[tuple[float, float]], press: bool = False) -> dict[str, Any]:
    positions = [annotator.to_screen(x, y) for x, y in path]
    mouse = annotator.page.mouse
    annotator.page.evaluate("workbenchProbe.start()")
    for position in positions:
        (mouse.click if press else mouse.move)(*position)
    recorded: dict[str, Any] = annotator.page.evaluate("workbenchProbe.stop()")
    return recorded


def _pan(annotator: AnnotationPage) -> dict[str, Any]:
    """Drags with the middle button, to and fro, at twice the scale that shows the whole image."""
    mouse = annotator.page.mouse
    middle = annotator.to_screen(SIZE[0] / 2, SIZE[1] / 2)
    mouse.move(*middle)
    mouse.wheel(0, -385)
    annotator.page.wait_for_timeout(1000)
    mouse.down(button="middle")
    annotator.page.evaluate("workbenchProbe.start()")
    for i in range(MOVES):
        angle = i / MOVES * 2 * math.pi
        mouse.move(middle[0] + 300 * math.sin(2 * angle), middle[1] + 200 * math.sin(3 * angle))
    recorded: dict[str, Any] = annotator.page.evaluate("workbenchProbe.stop()")
    mouse.up(button="middle")
    annotator.press("f")
    annotator.page.wait_for_timeout(1000)
    return recorded


def _brush(annotator: AnnotationPage) -> dict[str, Any]:
    """A stroke that is long already: what more of it costs. It is taken back in the end."""
    positions = [annotator.to_screen(x, y) for x, y in _spiral()]
    mouse = annotator.page.mouse
    annotator.press("b")
    mouse.move(*positions[0])
    mouse.down()
    annotator.page.evaluate("([path, count]) => workbenchProbe.move(path, count)", [positions, DABS])
    annotator.page.evaluate("workbenchProbe.start()")
    for position in reversed(positions):
        mouse.move(*position)
    recorded: dict[str, Any] = annotator.page.evaluate("workbenchProbe.stop()")
    annotator.press("Escape")
    mouse.up()
    annotator.press("v")
    return recorded


def _spiral() -> list[tuple[float, float]]:
    """Image pixels around the middle, a hand's pace apart."""
    steps = [(i / MOVES, i * 0.15) for i in range(MOVES)]
    return [
        (SIZE[0] * (0.5 + 0.4 * reach * math.cos(angle)), SIZE[1] * (0.5 + 0.4 * reach * math.sin(angle)))
        for reach, angle in steps
    ]


def _scattered(count: int) -> list[tuple[float, float]]:
    positions = np.random.default_rng(5).uniform(0.1, 0.9, (count, 2)) * SIZE
    return [(float(x), float(y)) for x, y in positions]


def _photo() -> bytes:
    content = io.BytesIO()
    Image.open(PHOTOS / "coffee.png").convert("RGB").resize(SIZE, Image.Resampling.BICUBIC).save(content, "JPEG")
    return content.getvalue()


def _blobs() -> list[dict[str, Any]]:
    """Masks of 20 to 200 pixels across with wavy outlines, the same in every run."""
    numbers = np.random.default_rng(3)
    return [_blob(numbers) for _ in range(MASKS)]


def _blob(numbers: np.random.Generator) -> dict[str, Any]:
    radius = 10 + 90 * float(numbers.random()) ** 2
    center = numbers.random(2) * SIZE
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    reach = radius * (1 + 0.15 * np.sin(5 * angle + numbers.random() * 6))
    outline = (center + reach[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)).clip(0, SIZE)
    rle = coco_mask.merge(coco_mask.frPyObjects([outline.ravel().tolist()], SIZE[1], SIZE[0]))
    segmentation = {"size": rle["size"], "counts": rle["counts"].decode()}
    provenance = {"source": "import", "name": "workbench"}
    return {"id": str(uuid.uuid4()), "category_id": None, "segmentation": segmentation, "provenance": provenance}


def _project(api: httpx.Client) -> int:
    project_id: int = api.post("/projects", json={"name": "Workbench"}).raise_for_status().json()["id"]
    return project_id


def _upload(api: httpx.Client, project_id: int, files: list[tuple[str, bytes]]) -> list[int]:
    parts = [("files", file) for file in files]
    uploaded = api.post(f"/projects/{project_id}/images", files=parts).raise_for_status().json()
    return [result["image"]["id"] for result in uploaded["results"]]


def _small(number: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", SMALL, (number % 256, number // 256, 99)).save(content, "PNG")
    return content.getvalue()


def _memory(server: Server, browser: Browser) -> list[Row]:
    """What the page holds after it went through images by key, garbage collected."""
    with httpx.Client(base_url=f"{server.url}/api", timeout=120) as api:
        project_id = _project(api)
        images = _upload(api, project_id, [(f"{i:03}.png", _small(i)) for i in range(max(VISITS) + 1)])
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.goto(f"{server.url}/projects/{project_id}/images/{images[0]}")
    early, late = (_visit(context, page, images, count) for count in VISITS)
    context.close()
    peer = f"after {VISITS[0]}"
    return [
        Row(f"{what} after {VISITS[1]} images", unit, late[name], None, peer, early[name])
        for what, unit, name in [
            ("JavaScript heap", "bytes", "JSHeapUsedSize"),
            ("DOM nodes", "nodes", "Nodes"),
            ("event listeners", "listeners", "JSEventListeners"),
        ]
    ]


def _visit(context: BrowserContext, page: Page, images: list[int], count: int) -> dict[str, float]:
    """Goes on by key until `count` images were seen, and looks into the browser."""
    stage = page.locator("[data-model-phase]")
    expect(stage).to_have_attribute("data-view", ANYTHING, timeout=60_000)
    start = images.index(int(stage.get_attribute("data-image-id") or 0))
    for image_id in images[start + 1 : count + 1]:
        page.keyboard.press("d")
        expect(stage).to_have_attribute("data-image-id", str(image_id))
        expect(stage).to_have_attribute("data-view", ANYTHING)
    page.wait_for_timeout(1000)
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    devtools.detach()
    return {metric["name"]: metric["value"] for metric in metrics}
