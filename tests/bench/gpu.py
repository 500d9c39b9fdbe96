"""The paper's encoders on an NVIDIA card beside Meta's code on the same card; without one, a line that says so.

Speed is measured with random weights, the same in both. How near half precision is to single is measured with the
weights of the models that are here: `maskloop models pull sam_vit_h` first brings the real ones of the paper.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from statistics import median

import numpy as np
import torch
from torch import Tensor, nn

from maskloop.inference.encoder import encode_in_half, encode_whole
from maskloop.settings import Settings
from sam import zoo
from sam.config import ARCHITECTURES, SamConfig, ViTConfig
from sam.official import from_official
from sam.predictor import Predictor
from sam.preparation import prepare
from sam.sam import Sam
from tests.bench.masks import NAMES, iou, masks_of, photo
from tests.bench.report import Row, interleave, timed
from tests.support.peer_sam import random_peer

ROUNDS = 10
BATCHES = (1, 2, 4, 8, 16, 32)
TITLES = {"sam_vit_b": "ViT-B", "sam_vit_h": "ViT-H"}

Run = Callable[[nn.Module, Tensor], Tensor]


def measure() -> list[Row]:
    if not torch.cuda.is_available():
        print("Skipped: torch finds no NVIDIA card here.")  # noqa: T201 - the one line that is promised
        return []
    device = torch.device("cuda")
    card = torch.cuda.get_device_name(device)
    rows = []
    for name, title in TITLES.items():
        rows += speed(f"encoder, {title}, {card}", ARCHITECTURES[name], device)
    for name in zoo.installed(Settings().weights_dir):
        rows += nearness(name, device)
    return rows


@dataclass(frozen=True)
class Subject:
    """A network and a way to run it."""

    network: nn.Module
    run: Run
    device: torch.device
    side: int

    def encode(self, batch: int) -> None:
        """So many images at once, and wait until the device is done."""
        images = torch.zeros(batch, 3, self.side, self.side, device=self.device)
        with torch.inference_mode():
            self.run(self.network, images)
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def best_batch(self) -> int:
        """The size of batch that takes the least time an image; memory may end the search."""
        times = {}
        for batch in BATCHES:
            try:
                (samples,) = interleave([partial(self.encode, batch)], rounds=3)
            except torch.cuda.OutOfMemoryError:
                torch.cuda.empty_cache()
                break
            times[batch] = median(samples) / batch
        return min(times, key=times.__getitem__)


def speed(title: str, config: SamConfig, device: torch.device) -> list[Row]:
    """Both in single and in half precision, one image at a time and in the best batch; ours compiled, if that works."""
    assert isinstance(config.encoder, ViTConfig)
    peer = random_peer(config.encoder, seed=0)
    sam = Sam(config).eval().requires_grad_(requires_grad=False)
    sam.load_state_dict(dict(from_official(peer.state_dict(), "the peer")))
    ours, theirs = sam.image_encoder.to(device), peer.image_encoder.to(device)
    rows = []
    for precision, run in (("single", encode_whole), ("half", encode_in_half)):
        pair = [Subject(network, run, device, config.input_side) for network in (ours, theirs)]
        rows += compare(f"{title}, {precision} precision", *pair)
    if find_spec("triton") and shutil.which("cc"):
        compiled = Subject(torch.compile(ours), encode_in_half, device, config.input_side)
        rows += compare(f"{title}, half precision, compiled", compiled, pair[1])
    return rows


def compare(title: str, ours: Subject, theirs: Subject) -> list[Row]:
    """Milliseconds an image."""
    rows = []
    for batches in ((1, 1), (ours.best_batch(), theirs.best_batch())):
        subjects = zip((ours, theirs), batches, strict=True)
        samples = interleave([partial(subject.encode, batch) for subject, batch in subjects], ROUNDS)
        ours_ms, theirs_ms = ([ms / batch for ms in times] for times, batch in zip(samples, batches, strict=True))
        what = f"{title}, batch {batches[0]}: {1000 / median(ours_ms):.1f} images/s"
        peer = f"Meta's code, batch {batches[1]}: {1000 / median(theirs_ms):.1f} images/s"
        rows.append(timed(what, ours_ms, peer, theirs_ms))
    return rows


def nearness(name: str, device: torch.device) -> list[Row]:
    """Masks from an embedding made in half precision against those from one made in single precision."""
    sam = zoo.load(name, Settings().weights_dir, str(device)).sam
    predictor = Predictor(sam)
    ious = []
    for photo_name in NAMES:
        rgb = photo(photo_name)
        image = torch.from_numpy(prepare(rgb, sam.config))[None].to(device)
        with torch.inference_mode():
            embeddings = [run(sam.image_encoder, image)[0].half() for run in (encode_in_half, encode_whole)]
        half, whole = (masks_of(predictor, embedding.cpu().numpy(), rgb) for embedding in embeddings)
        ious += [iou(one, other) for one, other in zip(half, whole, strict=True)]
    title = f"encoder of {name}: half against single precision"
    return [
        Row(f"{title}, worst mask of {len(ious)} prompts", "IoU", min(ious), runs=len(ious)),
        Row(f"{title}, mean of them", "IoU", float(np.mean(ious)), runs=len(ious)),
    ]
