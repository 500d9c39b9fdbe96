"""The decoder in Chromium beside the package's own, in the same page and the same onnxruntime-web; and what it costs in
accuracy: the masks of the page against those of the network in float32.
"""

import base64
import functools
import http.server
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from PIL import Image
from playwright.sync_api import Browser, Page
from torch import Tensor

from maskloop.settings import Settings
from sam.export_onnx import export_browser_decoder, export_decoder
from sam.frame import Frame
from sam.predictor import encode, full_size_masks
from sam.sam import Sam
from sam.zoo import load
from tests.bench.report import Row, timed
from tests.support.browser import chromium
from tests.support.decoder_prompts import Case, cases, smallest_iou
from tests.support.peer import DECODER, PHOTOS

ORT = Path(__file__).parents[2] / "frontend" / "node_modules" / "onnxruntime-web" / "dist"
PAGE = Path(__file__).with_name("decoder.html")
ROUNDS = 40
ACCURACY_PHOTOS = ("astronaut.png", "coffee.png", "rocket.jpg")  # 3 x 69 prompts
PEER = "package's decoder, same page"
WHAT = {
    "one": ("per click, one mask", True),
    "four": ("per click, four masks", True),
    "prior": ("per click with a mask prompt", True),
    "plain": ("per click, our export in one file", True),
    "image": ("once an image", False),  # has no peer: the package does this work again at every click
}


class IsolatedHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder with the headers that let a page use threads."""

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet: a table is printed at the end."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    handler = functools.partial(IsolatedHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings()
        sam = load(settings.model, settings.weights_dir, "cpu").sam
        photos = _prepare(sam, folder)
        with serve(folder) as url, chromium() as browser:
            threads = sorted({1, min(4, psutil.cpu_count() or 1)})
            rows = [row for count in threads for row in _speed(_page(browser, url), count)]
            return rows + _accuracy(_page(browser, url), sam, photos)


def _page(browser: Browser, url: str) -> Page:
    page = browser.new_page()
    page.goto(f"{url}/decoder.html")
    page.wait_for_function("window.decode !== undefined")
    return page


def _speed(page: Page, threads: int) -> list[Row]:
    samples = page.evaluate(f"measure({threads}, {ROUNDS})")
    page.close()
    rows = []
    for name, (what, has_peer) in WHAT.items():
        peer = (PEER, samples["peer"]) if has_peer else ()
        rows.append(timed(f"decoder in Chromium, {what}, {threads} thread{'s'[: threads > 1]}", samples[name], *peer))
    fastest = Row(
        what=f"the same, one mask, {threads} thread{'s'[: threads > 1]}, fastest of {ROUNDS}",
        unit="ms",
        median=min(samples["one"]),
        peer=PEER,
        peer_median=min(samples["peer"]),
        runs=ROUNDS,
    )
    return [*rows, fastest]


@torch.inference_mode()
def _accuracy(page: Page, sam: Sam, photos: list[tuple[Tensor, Frame]]) -> list[Row]:
    ious = []
    for i, (embedding, frame) in enumerate(photos):
        page.evaluate(f"open('{i}.f32')")
        for case in cases(sam, embedding, frame):
            expected = full_size_masks(case.expected[0, case.tokens], frame)
            ious.append(smallest_iou(expected, full_size_masks(_decode(page, case), frame)))
    page.close()
    what = f"its masks in Chromium against float32, {len(ious)} prompts"
    return [
        Row(f"{what}, mean", "IoU", statistics.mean(ious), runs=len(ious)),
        Row(f"{what}, worst", "IoU", min(ious), runs=len(ious)),
    ]


def _decode(page: Page, case: Case) -> Tensor:
    """(M,256,256) logits of the page."""
    coords, labels, mask, has_mask = case.prompt
    prior = base64.b64encode(mask.numpy().tobytes()).decode() if has_mask else None
    arguments = [coords[0].tolist(), labels[0].tolist(), prior, case.tokens]
    answer = page.evaluate("(prompt) => decode(...prompt)", arguments)
    return torch.from_numpy(np.frombuffer(base64.b64decode(answer), "<f4").copy()).view(-1, *mask.shape[2:])


def _prepare(sam: Sam, folder: Path) -> list[tuple[Tensor, Frame]]:
    """What the page loads; the photos' embeddings (1,256,64,64) and frames."""
    photos = []
    for i, name in enumerate(ACCURACY_PHOTOS):
        rgb = np.asarray(Image.open(PHOTOS / name).convert("RGB"))
        embedding = encode(sam, [rgb])
        embedding.numpy().astype("<f4").tofile(folder / f"{i}.f32")
        photos.append((embedding, Frame(*rgb.shape[:2], sam.config.input_side)))
    export_browser_decoder(sam, folder / "image.onnx", folder / "click.onnx")
    export_decoder(sam, folder / "plain.onnx")
    shutil.copy(DECODER, folder / "peer.onnx")
    shutil.copy(PAGE, folder)
    for name in ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"):
        shutil.copy(ORT / name, folder)
    return photos
