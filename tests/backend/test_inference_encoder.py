"""The real network behind the port: the embedding that is served is the one that `sam` makes of the photo."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from maskloop.errors import StartupError
from maskloop.inference import encoder as encoders
from maskloop.inference.embedder import Embedder
from maskloop.inference.encoder import (
    OpenVinoEncoder,
    TorchEncoder,
    encode_in_half,
    make_encoder,
    threads,
    usable_cores,
)
from maskloop.inference.gate import DeviceGate
from maskloop.inference.model import ServedModel, choose_device, find_model
from maskloop.inference.models import Models
from maskloop.inference.store import EMBEDDING_SHAPE
from maskloop.settings import Settings
from sam import zoo
from sam.predictor import encode
from tests.backend.workers import pool_of, ported, until, working

WEIGHTS = Path(__file__).parents[2] / "models" / "weights"
needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="it has no package for this machine")


@pytest.fixture(scope="module")
def model() -> ServedModel:
    zoo.pull("mobile_sam", WEIGHTS)
    return find_model(Settings(weights_dir=WEIGHTS, device="cpu"))


async def test_a_photo_is_uploaded_embedded_and_served(client, api, application, database, model):
    photo = (resources.files("skimage") / "data" / "chelsea.png").read_bytes()
    encoder = make_encoder(model, WEIGHTS)
    embedder = Embedder(pool_of(encoder), application.state.store, max_pixels=10**6)
    with ported(application, models=Models.of(Settings(weights_dir=WEIGHTS, device="cpu"))):
        image = await api.image((await api.project())["id"], photo)
        async with embedder.running(), working(database, embedder.embed):
            response = await client.get(f"/images/{image['id']}/embeddings/{model.encoder_digest}")
        shown = (await api.read(f"/images/{image['id']}"))["embedding"]
    assert shown == {"state": "ready", "error": None}
    served = np.frombuffer(response.content, "<f2").reshape(EMBEDDING_SHAPE)
    with Image.open(Path(str(resources.files("skimage") / "data" / "chelsea.png"))) as opened:
        rgb = np.array(opened.convert("RGB"))
    loaded = await asyncio.to_thread(zoo.load, "mobile_sam", WEIGHTS)
    expected = (await asyncio.to_thread(encode, loaded.sam, [rgb]))[0].half().numpy()
    np.testing.assert_allclose(served, expected, rtol=0, atol=1e-3)  # the last bit of a float16 below 2


@pytest.mark.parametrize(
    ("device", "has_graph", "has_openvino", "engine"),
    [
        ("cpu", True, True, OpenVinoEncoder),
        ("cpu", True, False, TorchEncoder),  # OpenVINO has no package for every machine
        ("cpu", False, True, TorchEncoder),  # a ViT
        ("cuda", True, True, TorchEncoder),
    ],
)
def test_the_fastest_engine_that_there_is_runs_the_encoder(
    *, device, has_graph, has_openvino, engine, model, monkeypatch
):
    monkeypatch.setattr(encoders, "find_spec", lambda _: has_openvino or None)
    graph = model.files.encoder_onnx_path if has_graph else None
    served = replace(model, device=device, files=replace(model.files, encoder_onnx_path=graph))
    encoder = make_encoder(served, WEIGHTS)
    assert type(encoder) is engine
    assert encoder.digest == model.encoder_digest


@needs_openvino
def test_both_engines_see_the_same(model):
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    engines = OpenVinoEncoder(model, model.files.encoder_onnx_path), TorchEncoder(model, WEIGHTS)
    inputs = [engine.prepare(pixels) for engine in engines]
    np.testing.assert_array_equal(*inputs)
    embeddings = [engine.encode(prepared) for engine, prepared in zip(engines, inputs, strict=True)]
    assert [(array.shape, array.dtype) for array in embeddings] == [(EMBEDDING_SHAPE, np.float16)] * 2
    np.testing.assert_allclose(*embeddings, rtol=0, atol=1e-3)


WITHOUT_TORCH = """
import sys
from pathlib import Path
import numpy as np
sys.modules["torch"] = None  # importing it fails
from maskloop.inference.encoder import make_encoder
from maskloop.inference.model import find_model
from maskloop.settings import Settings
encoder = make_encoder(find_model(Settings(weights_dir=Path(sys.argv[1]), device="cpu")), Path(sys.argv[1]))
encoder.warm()
embedding = encoder.encode(encoder.prepare(np.zeros((20, 30, 3), np.uint8)))
assert embedding.std() > 0.01
"""


@needs_openvino
def test_on_a_cpu_the_default_model_needs_no_torch(model):
    subprocess.run([sys.executable, "-c", WITHOUT_TORCH, WEIGHTS], check=True)


QUIETLY = """
import sys
from maskloop.inference.encoder import silence_openvino
silence_openvino()
import openvino
openvino.Core()
assert not [name for name, module in sys.modules.items() if module and name.startswith("openvino_telemetry")]
"""


@needs_openvino
def test_the_engine_tells_nobody_that_it_is_used(tmp_path):
    subprocess.run([sys.executable, "-c", QUIETLY], check=True, env={**os.environ, "HOME": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


class Doubling(torch.nn.Module):
    """Its weights say what precision it is run in."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(1, 1, bias=False)
        self.linear.weight.data.fill_(factor)
        self.types: list[torch.dtype] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.linear(x)
        self.types.append(out.dtype)
        return out


def test_half_precision_is_taken_where_its_range_suffices():
    network = Doubling(factor=2)
    assert encode_in_half(network, torch.ones(1, 1)).item() == 2
    assert network.types == [torch.float16]


def test_what_half_precision_cannot_hold_is_computed_again():
    network = Doubling(factor=300)
    assert encode_in_half(network, torch.full((1, 1), 300.0)).item() == 90_000
    assert network.types == [torch.float16, torch.float32]


def test_weights_that_are_not_there_are_one_line_that_says_what_to_do(tmp_path):
    with pytest.raises(StartupError, match="maskloop models pull"):
        find_model(Settings(weights_dir=tmp_path))


def test_a_model_that_does_not_exist_is_one_line_too():
    with pytest.raises(StartupError, match="no model 'sam_9'"):
        find_model(Settings(weights_dir=WEIGHTS, model="sam_9"))


@pytest.mark.parametrize("wanted", ["cpu", "cuda"])
def test_the_device_asked_for_is_taken(wanted):
    assert choose_device(wanted) == wanted


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 8), ("150000 100000", 2), ("50000 100000", 1), ("", 8)],
    ids=["no limit", "one and a half", "half", "no cgroup"],
)  # fmt: skip
def test_threads_are_no_more_than_the_container_may_use(quota, cores, monkeypatch):
    monkeypatch.setattr(encoders.os, "sched_getaffinity", lambda _: range(8))
    monkeypatch.setattr(encoders.Path, "read_text", lambda _: quota)
    assert usable_cores() == cores


@pytest.mark.parametrize(("said", "taken"), [("3", 3), ("3,2", 3), ("", 8), ("0", 8), ("many", 8)])
def test_omp_num_threads_has_the_last_word(said, taken, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    monkeypatch.setattr(encoders, "usable_cores", lambda: 8)
    assert threads() == taken


async def test_one_computation_at_a_time_and_the_urgent_ones_first():
    gate, order, inside = DeviceGate(), [], 0

    async def compute(name: str, priority: int) -> None:
        nonlocal inside
        async with gate.enter(priority):
            inside += 1
            assert inside == 1
            order.append(name)
            await asyncio.sleep(0)
            inside -= 1

    async with asyncio.TaskGroup() as tasks:
        for name, priority in (("a", 0), ("b", 0), ("c", 10), ("d", 0), ("e", 10)):
            tasks.create_task(compute(name, priority))
    assert order == ["a", "c", "e", "b", "d"]


async def test_who_gives_up_waiting_does_not_block_the_others():
    gate, done = DeviceGate(), []

    async def compute(name: str) -> None:
        async with gate.enter(0):
            done.append(name)
            await asyncio.sleep(0)

    async with gate.enter(0):
        tasks = [asyncio.create_task(compute(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await asyncio.sleep(0)
    tasks[1].cancel()  # the turn is its own already
    await until(tasks[2].done)
    assert done[-1] == "c"
    async with asyncio.timeout(1), gate.enter(0):
        pass
