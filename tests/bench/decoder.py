"""The decoder in Chromium beside the package's own, in the same page and the same onnxruntime-web."""

import functools
import http.server
import shutil
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

from maskloop.settings import Settings
from sam.export_onnx import export_decoder
from sam.predictor import prepare_image
from sam.zoo import load
from tests.bench.report import Row, timed
from tests.support.browser import chromium
from tests.support.peer import DECODER, PHOTOS

ORT = Path(__file__).parents[2] / "frontend" / "node_modules" / "onnxruntime-web" / "dist"
PAGE = Path(__file__).with_name("decoder.html")
ROUNDS = 40


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
        _prepare(folder)
        with serve(folder) as url, chromium() as browser:
            rows = []
            for threads in sorted({1, min(4, psutil.cpu_count() or 1)}):
                page = browser.new_page()
                page.goto(f"{url}/decoder.html")
                page.wait_for_function("window.measure !== undefined")
                samples = page.evaluate(f"measure({threads}, {ROUNDS})")
                rows.append(
                    timed(
                        f"decoder in Chromium, per click, {threads} thread{'s'[: threads > 1]}",
                        samples["ours"],
                        "package's decoder, same page",
                        samples["peer"],
                    )
                )
                page.close()
            return rows


def _prepare(folder: Path) -> None:
    settings = Settings()
    model = load(settings.model, settings.weights_dir, "cpu")
    image = prepare_image(np.asarray(Image.open(PHOTOS / "astronaut.png").convert("RGB")), model.sam.config)[None]
    with torch.inference_mode():
        model.sam.image_encoder(image).numpy().astype("<f4").tofile(folder / "embedding.f32")
    export_decoder(model.sam, folder / "ours.onnx")
    shutil.copy(DECODER, folder / "peer.onnx")
    shutil.copy(PAGE, folder)
    for name in ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"):
        shutil.copy(ORT / name, folder)
