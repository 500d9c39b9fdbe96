"""The image encoder on this CPU beside onnxruntime on the package's own encoder, run in turn."""

import time
from collections.abc import Callable

import numpy as np
import onnxruntime
import psutil
import torch
from PIL import Image

from maskloop.settings import Settings
from sam.predictor import prepare_image
from sam.zoo import load
from tests.bench.report import Row, timed
from tests.support.peer import ENCODER, PHOTOS

ROUNDS = 15


def measure() -> list[Row]:
    threads = psutil.cpu_count(logical=False) or 1
    torch.set_num_threads(threads)
    settings = Settings()
    sam = load(settings.model, settings.weights_dir, "cpu").sam
    image = prepare_image(np.asarray(Image.open(PHOTOS / "astronaut.png").convert("RGB")), sam.config)[None]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    peer = onnxruntime.InferenceSession(ENCODER, options, providers=["CPUExecutionProvider"])
    pixels = image.numpy()

    def ours() -> None:
        with torch.inference_mode():
            sam.image_encoder(image)

    def theirs() -> None:
        peer.run(None, {"input": pixels})

    samples = interleave(ours, theirs, ROUNDS)
    return [timed(f"encoder, TinyViT, {threads} threads", samples[0], "onnxruntime, package's encoder", samples[1])]


def interleave(ours: Callable[[], None], theirs: Callable[[], None], rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each round, the two in turn, after one warm-up of each."""
    samples: tuple[list[float], list[float]] = ([], [])
    for turn in range(-1, rounds):
        for run, times in zip((ours, theirs), samples, strict=True):
            start = time.perf_counter()
            run()
            if turn >= 0:
                times.append((time.perf_counter() - start) * 1000)
    return samples
