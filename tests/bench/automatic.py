"""Automatic masks beside the published generator's: the same encoder and weights in both, one thread, run in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch

from maskloop.settings import Settings
from sam.automatic import PRESETS, generate, look_with
from sam.zoo import load
from tests.bench.masks import NAMES, photo
from tests.bench.report import Row, interleave, timed
from tests.support.peer_sam import peer, peer_of

SIDE = 6  # points along each side of the grid
ROUNDS = 3


def measure() -> list[Row]:
    settings = Settings(device="cpu")
    sam = load(settings.model, settings.weights_dir, "cpu").sam
    rgb = photo(NAMES[0])
    config = replace(PRESETS["public"], points_per_side=(SIDE,))
    generator = peer().SamAutomaticMaskGenerator(peer_of(sam), points_per_side=SIDE, output_mode="coco_rle")
    with _one_thread():
        ours, theirs = interleave(
            [lambda: generate(look_with(sam, rgb), rgb.shape[:2], config), lambda: generator.generate(rgb)], ROUNDS
        )
    return [timed(f"automatic masks, {SIDE}x{SIDE} points, 1 thread", ours, "published generator", theirs)]


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
