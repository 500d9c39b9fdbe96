"""The real network behind the port: the embedding that is served is the one that `sam` makes of the photo."""

import asyncio
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from maskloop.errors import StartupError
from maskloop.inference import encoder as encoders
from maskloop.inference.embedder import Embedder
from maskloop.inference.encoder import SamEncoder, usable_cores
from maskloop.inference.gate import DeviceGate
from maskloop.inference.model import ServedModel, choose_device, find_model
from maskloop.inference.store import EMBEDDING_SHAPE
from maskloop.settings import Settings
from sam import zoo
from sam.predictor import encode
from tests.backend.workers import ported, until, working

WEIGHTS = Path(__file__).parents[2] / "models" / "weights"


@pytest.fixture(scope="module")
def model() -> ServedModel:
    zoo.pull("mobile_sam", WEIGHTS)
    return find_model(Settings(weights_dir=WEIGHTS, device="cpu"))


async def test_a_photo_is_uploaded_embedded_and_served(client, api, application, database, model):
    photo = (resources.files("skimage") / "data" / "chelsea.png").read_bytes()
    encoder = SamEncoder(model, WEIGHTS)
    embedder = Embedder(encoder, application.state.store, max_pixels=10**6)
    with ported(application, served=model):
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
    np.testing.assert_array_equal(served, expected)


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
