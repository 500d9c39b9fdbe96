"""The server decodes for browsers that cannot: prompts reach the network in its own frame, and nothing piles up."""

import asyncio
import base64
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from maskloop.domain.crops import Crop
from maskloop.inference import decoding as decoding_module
from maskloop.inference.decoder import ClickInput, ClickOutput
from maskloop.inference.decoding import Decoding
from maskloop.inference.decoding_schemas import BACKGROUND, BOX_BOTTOM_RIGHT, BOX_TOP_LEFT, FOREGROUND, PADDING
from maskloop.inference.store import EMBEDDING_SHAPE, EmbeddingStore
from sam.prompt_encoder import PointLabel
from tests.backend.factories import Api, image_file, problem
from tests.backend.workers import ENCODER
from tests.backend.zoo import DEFAULT, decoder_of

SIDE = 256
POINT = {"kind": "point", "x": 40.0, "y": 30.0, "label": 1}
OTHER_POINT = {"kind": "point", "x": 8.0, "y": 6.0, "label": 0}
BOX = {"kind": "box", "x0": 8.0, "y0": 6.0, "x1": 40.0, "y1": 30.0}


@dataclass
class FakeDecoder:
    """Says which embedding it saw (in the IoUs) and which tokens were asked for (in the logits)."""

    prompts: list[ClickInput] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)

    def see(self, embedding):
        self.seen.append(float(embedding.mean()))
        return {"mean": embedding.mean(dtype=np.float32)}

    def click(self, seen, prompt):
        assert self.free.wait(30)
        self.prompts.append(prompt)
        logits = np.stack([np.full((SIDE, SIDE), token + 0.5, np.float32) for token in prompt.tokens])
        return ClickOutput(logits, np.full(4, seen["mean"], np.float32))


@pytest.fixture
def decoder() -> FakeDecoder:
    fake = FakeDecoder()
    fake.free.set()
    return fake


@pytest.fixture
def decoding(application: FastAPI, decoder: FakeDecoder) -> Iterator[Decoding]:
    """The application's, with a decoder that records."""
    original = application.state.decoding
    application.state.decoding = Decoding(lambda _: decoder)
    yield application.state.decoding
    application.state.decoding.close()
    application.state.decoding = original


@pytest.fixture
async def image(api: Api, application: FastAPI, decoding: Decoding) -> AsyncIterator[dict[str, Any]]:
    """80x60, embedded."""
    made = await embedded(api, application, grey=7)
    yield made
    await EmbeddingStore(application.state.store).forget(made["digest"])


async def embedded(api: Api, application: FastAPI, grey: int) -> dict[str, Any]:
    project = await api.project()
    made = await api.image(project["id"], image_file(Image.new("RGB", (80, 60), (grey, grey, grey))))
    embedding = np.full(EMBEDDING_SHAPE, grey, np.float16)
    await EmbeddingStore(application.state.store).put(ENCODER, made["digest"], embedding)
    return made


def body(*prompts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"decoder_digest": decoder_of(DEFAULT), "prompts": list(prompts), **more}


def path(image: dict[str, Any]) -> str:
    return f"/images/{image['id']}/decode"


def prior(value: float = 1.5, size: int = SIDE * SIDE) -> str:
    return base64.b64encode(np.full(size, value, "<f2").tobytes()).decode()


async def test_the_answer_is_ious_and_half_floats_of_the_masks_asked_for(client, image):
    response = await client.post(path(image), json=body(POINT, tokens=[0, 2]))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
    assert np.frombuffer(response.content[:16], "<f4").tolist() == [7, 7, 7, 7]
    logits = np.frombuffer(response.content[16:], "<f2").reshape(2, SIDE, SIDE)
    assert [set(mask.ravel().tolist()) for mask in logits] == [{0.5}, {2.5}]


async def test_prompts_reach_the_network_in_its_frame_points_before_boxes(client, image, decoder):
    await client.post(path(image), json=body(BOX, POINT, OTHER_POINT))
    [prompt] = decoder.prompts
    scale = 1024 / 80
    expected = [[40, 30], [8, 6], [8, 6], [40, 30]]
    np.testing.assert_allclose(prompt.coords, np.array(expected) * scale, rtol=1e-6)
    assert prompt.labels.tolist() == [FOREGROUND, BACKGROUND, BOX_TOP_LEFT, BOX_BOTTOM_RIGHT]
    assert prompt.prior is None
    assert prompt.tokens == (0, 1, 2, 3)


async def test_a_crop_is_decoded_from_its_own_embedding_in_its_own_frame(client, api, application, decoding, decoder):
    crop = Crop(800, 400, 800, 800)
    project = await api.project()
    image = await api.image(project["id"], image_file(Image.new("RGB", (1600, 1200))))
    store = EmbeddingStore(application.state.store)
    await store.put(ENCODER, image["digest"], np.full(EMBEDDING_SHAPE, 9, np.float16), crop)
    point = {"kind": "point", "x": 1000, "y": 500, "label": 1}
    response = await client.post(path(image), json=body(point, crop=crop))
    assert np.frombuffer(response.content[:16], "<f4").tolist() == [9, 9, 9, 9]
    np.testing.assert_allclose(decoder.prompts[0].coords[0], [200 * 1.28, 100 * 1.28])
    problem(await client.post(path(image), json=body(point, crop=[1, 0, 800, 800])), 422, "not_a_crop")
    await store.forget(image["digest"])


async def test_points_alone_are_closed_by_a_padding_point(client, image, decoder):
    await client.post(path(image), json=body(POINT))
    assert decoder.prompts[0].labels.tolist() == [FOREGROUND, PADDING]


async def test_the_earlier_logits_come_along(client, image, decoder):
    await client.post(path(image), json=body(POINT, prior=prior(-3.25)))
    assert decoder.prompts[0].prior.shape == (SIDE, SIDE)
    assert set(decoder.prompts[0].prior.ravel().tolist()) == {-3.25}


def test_labels_are_those_of_the_network():
    ours = [PADDING, BACKGROUND, FOREGROUND, BOX_TOP_LEFT, BOX_BOTTOM_RIGHT]
    assert ours == [int(label) for label in PointLabel]


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompts": []},
        {"prompts": [{"kind": "point", "x": "Infinity", "y": 0, "label": 1}]},
        {"prompts": [{"kind": "point", "x": 1, "y": 1, "label": 2}]},
        {"prompts": [POINT] * 1001},
        {"prior": "not base64"},
        {"prior": prior(size=7)},
        {"prior": prior(float("nan"))},
        {"tokens": []},
        {"tokens": [2, 1]},
        {"tokens": [1, 1]},
        {"tokens": [4]},
        {"surprise": 1},
    ],
    ids=str,
)
async def test_what_no_network_can_be_asked_is_refused(wrong, client, image, decoder):
    problem(await client.post(path(image), json=body(POINT) | wrong), 422, "invalid_request")
    assert decoder.prompts == []


async def test_an_image_or_a_decoder_that_is_not_there(client, image):
    problem(await client.post("/images/999999/decode", json=body(POINT)), 404, "not_found")
    problem(await client.post(path(image), json=body(POINT) | {"decoder_digest": "a" * 64}), 404, "not_found")


async def test_an_image_is_looked_at_once_and_its_file_read_once(client, image, decoder, application):
    await client.post(path(image), json=body(POINT))
    await EmbeddingStore(application.state.store).forget(image["digest"])
    assert (await client.post(path(image), json=body(OTHER_POINT, POINT))).status_code == 200
    assert decoder.seen == [7]


async def test_images_seen_longest_ago_give_way(client, api, application, decoding, decoder):
    images = [await embedded(api, application, grey) for grey in range(1, decoding_module.SEEN_MOST + 2)]
    for image in [*images, images[0]]:
        await client.post(path(image), json=body(POINT))
    assert decoder.seen == [*range(1, decoding_module.SEEN_MOST + 2), 1]


async def test_a_decode_leaves_the_event_loop_free_and_one_too_many_is_sent_away(client, image, decoder):
    decoder.free.clear()
    count = decoding_module.WAITING_MOST + 1
    requests = [asyncio.create_task(client.post(path(image), json=body(POINT))) for _ in range(count)]
    try:
        first, others = await asyncio.wait(requests, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        assert (await client.get("/health")).status_code == 200
    finally:
        decoder.free.set()
    [refused] = [task.result() for task in first]
    problem(refused, 503, "decoding_busy")
    assert refused.headers["retry-after"] == "1"
    assert {response.status_code for response in await asyncio.gather(*others)} == {200}
