"""The image encoder on this CPU beside its peers, run in turn: how fast, and how near."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch

from maskloop.inference.encoder import TorchEncoder, make_encoder, usable_cores
from maskloop.inference.model import ServedModel, find_model
from maskloop.settings import Settings
from sam.config import ARCHITECTURES, ViTConfig
from sam.official import from_official
from sam.predictor import Predictor
from sam.preparation import Input
from sam.sam import Sam
from sam.zoo import load
from tests.bench.masks import NAMES, iou, masks_of, photo
from tests.bench.report import Row, interleave, threads_of, timed
from tests.support.peer import ENCODER
from tests.support.peer_sam import random_peer

ROUNDS = 15
PEER = "onnxruntime, package's encoder"
SETTINGS = Settings(device="cpu")


def measure() -> list[Row]:
    model = find_model(SETTINGS)
    rows = [row for threads in sorted({1, usable_cores()}) for row in _tiny_vit(model, threads)]
    return [*rows, *_accuracy(model), _vit_b(usable_cores())]


def _tiny_vit(model: ServedModel, threads: int) -> list[Row]:
    """What the server runs, and our modules in PyTorch, each beside the peer."""
    with _openmp(threads):
        served, modules = make_encoder(model, SETTINGS.weights_dir), TorchEncoder(model, SETTINGS.weights_dir)
        served.warm()
        modules.warm()
    prepared = served.prepare(photo(NAMES[0]))
    peer = _peer(threads)
    samples = interleave(
        [
            lambda: served.encode(prepared),
            lambda: modules.encode(prepared),
            lambda: peer.run(None, {"input": prepared[None]}),
        ],
        ROUNDS,
    )
    what = f"encoder, TinyViT, {threads_of(threads)}"
    return [
        timed(f"{what}, as served", samples[0], PEER, samples[2]),
        timed(f"{what}, our modules in PyTorch", samples[1], PEER, samples[2]),
    ]


def _accuracy(model: ServedModel) -> list[Row]:
    """Embeddings as served beside the peer's, both as float16, and the masks that one decoder makes of them."""
    served, peer = make_encoder(model, SETTINGS.weights_dir), _peer(usable_cores())
    predictor = Predictor(load(model.name, SETTINGS.weights_dir).sam)
    differences, ious = [], []
    for name in NAMES:
        rgb = photo(name)
        prepared = served.prepare(rgb)
        ours, theirs = served.encode(prepared), _encode(peer, prepared)
        differences.append(float(np.abs(ours.astype(np.float32) - theirs).max() / np.abs(theirs).max()))
        pairs = zip(*(masks_of(predictor, embedding, rgb) for embedding in (ours, theirs)), strict=True)
        ious += [iou(one, other) for one, other in pairs]
    worst = f"encoder, TinyViT, as served: worst mask of {len(ious)} prompts against the peer's"
    return [
        Row(
            "encoder, TinyViT, as served: largest difference from the peer's", "of the largest value", max(differences)
        ),
        Row(worst, "IoU", min(ious), runs=len(ious)),
    ]


def _vit_b(threads: int) -> Row:
    """Random weights, the same in both."""
    config = ARCHITECTURES["sam_vit_b"]
    assert isinstance(config.encoder, ViTConfig)
    theirs = random_peer(config.encoder, seed=0)
    ours = Sam(config).eval()
    ours.load_state_dict(dict(from_official(theirs.state_dict(), "the peer")))
    torch.set_num_threads(threads)
    images = torch.randn(1, 3, config.input_side, config.input_side)
    with torch.inference_mode():
        samples = interleave([lambda: ours.image_encoder(images), lambda: theirs.image_encoder(images)], rounds=1)
    return timed(f"encoder, ViT-B, {threads_of(threads)}, PyTorch", samples[0], "Meta's code", samples[1])


@contextmanager
def _openmp(threads: int) -> Iterator[None]:
    """What an operator would set to give the encoder so many threads."""
    kept = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = str(threads)
    try:
        yield
    finally:
        del os.environ["OMP_NUM_THREADS"]
        if kept is not None:
            os.environ["OMP_NUM_THREADS"] = kept


def _peer(threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(ENCODER, options, providers=["CPUExecutionProvider"])


def _encode(peer: onnxruntime.InferenceSession, prepared: Input) -> npt.NDArray[np.float16]:
    (embedding,) = peer.run(None, {"input": prepared[None]})
    half: npt.NDArray[np.float16] = embedding[0].astype(np.float16)
    return half
