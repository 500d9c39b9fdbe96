"""The embedding of an image: computed once however many ask, kept for ever, and a clear answer where there is none."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from maskloop.inference.embedder import Embedder
from maskloop.inference.encoders import EncoderPool, encoders_of
from maskloop.inference.store import EMBEDDING_BYTES, EMBEDDING_SHAPE, EmbeddingStore, embedding_key
from maskloop.jobs.engine import Urgency
from maskloop.store import original_key
from tests.backend.factories import Api, image_file, problem
from tests.backend.workers import ENCODER, Bench, FakeEncoder, pool_of, ported, until, working
from tests.backend.zoo import BOXES, DEFAULT, OTHER, encoder_of, install, make_models


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def bench(database) -> Bench:
    return Bench(database)


@pytest.fixture
async def worker(application: FastAPI, database, encoder: FakeEncoder) -> AsyncIterator[None]:
    """A worker on the application's store."""
    embedder = Embedder(pool_of(encoder), application.state.store, max_pixels=10_000)
    async with embedder.running(), working(database, embedder.embed):
        yield


@pytest.fixture
async def image(api: Api) -> dict[str, Any]:
    project = await api.project()
    return await api.image(project["id"], image_file(Image.new("RGB", (8, 6), (90, 90, 90))))


@pytest.fixture
def change_port(application: FastAPI) -> Iterator[Callable[..., None]]:
    """Replaces parts of the application's inference port for one test."""
    with ExitStack() as stack:
        yield lambda **parts: stack.enter_context(ported(application, **parts))


def store_of(application: FastAPI) -> EmbeddingStore:
    return EmbeddingStore(application.state.store)


async def forget(application: FastAPI, image: dict[str, Any]) -> None:
    """The store outlives the test's database: other tests use images of the same bytes."""
    key = embedding_key(ENCODER, image["digest"])
    if await store_of(application).has(ENCODER, image["digest"]):
        await application.state.store.delete_async(key)


@pytest.fixture(autouse=True)
async def fresh(application: FastAPI, image: dict[str, Any]) -> None:
    await forget(application, image)


def path(image: dict[str, Any], encoder_digest: str = ENCODER) -> str:
    return f"/images/{image['id']}/embeddings/{encoder_digest}"


@pytest.mark.usefixtures("worker")
async def test_it_is_float16_in_the_shape_that_the_browser_reads(client, image):
    response = await client.get(path(image))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
    embedding = np.frombuffer(response.content, "<f2").reshape(EMBEDDING_SHAPE)
    assert np.all(embedding == 90)


@pytest.mark.usefixtures("worker")
async def test_it_is_computed_once_however_many_ask_at_the_same_time(client, image, encoder):
    encoder.seconds = 0.1
    responses = await asyncio.gather(*(client.get(path(image)) for _ in range(40)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.content for response in responses}) == 1
    assert len(encoder.runs) == 1


@pytest.mark.usefixtures("worker")
async def test_it_is_computed_once_for_all_projects_and_times(client, api, image, encoder):
    await client.get(path(image))
    other = await api.project("Other")
    same = await api.image(other["id"], image_file(Image.new("RGB", (8, 6), (90, 90, 90))))
    assert same["digest"] == image["digest"]
    assert (await client.get(path(same))).status_code == 200
    assert (await client.get(path(image))).status_code == 200
    assert len(encoder.runs) == 1


@pytest.mark.usefixtures("worker")
async def test_browsers_keep_it_for_ever(client, image):
    first = await client.get(path(image))
    assert first.headers["cache-control"] == "private, max-age=31536000, immutable"
    again = await client.get(path(image), headers={"If-None-Match": f'W/"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.usefixtures("worker")
async def test_the_answer_says_what_took_how_long(client, image):
    computed = (await client.get(path(image))).headers["server-timing"]
    stored = (await client.get(path(image))).headers["server-timing"]
    assert computed.startswith("wait;dur=")
    assert stored.startswith("store;dur=")


@pytest.mark.usefixtures("worker")
async def test_a_truncated_file_is_computed_again(client, application, image, encoder):
    whole = (await client.get(path(image))).content
    await application.state.store.put_async(embedding_key(ENCODER, image["digest"]), whole[: EMBEDDING_BYTES // 2])
    assert (await client.get(path(image))).content == whole
    assert len(encoder.runs) == 2


@pytest.mark.usefixtures("worker")
async def test_a_file_that_vanished_is_computed_again(client, application, image, encoder):
    await client.get(path(image))
    await forget(application, image)
    assert (await client.get(path(image))).status_code == 200
    assert len(encoder.runs) == 2


@pytest.mark.usefixtures("worker")
async def test_a_person_comes_before_uploads_that_wait_for_the_device(client, api, image, encoder):
    encoder.free.clear()
    for shade in range(6):
        await api.image(image["project_id"], image_file(Image.new("RGB", (4, 4), (shade,) * 3)))
    wanted = await api.image(image["project_id"], image_file(Image.new("RGB", (4, 4), (200,) * 3)))
    waiting = asyncio.create_task(client.get(path(wanted)))
    await until(lambda: 200 in encoder.prepared)
    await until(lambda: _is_running(api, wanted))  # while this is asked and answered, it takes its place in the line
    encoder.free.set()
    assert (await waiting).status_code == 200
    assert encoder.runs.index(200) <= 1, "one computation had begun already; no other may go first"


async def _is_running(api: Api, image: dict[str, Any]) -> bool:
    state: str = (await api.read(f"/images/{image['id']}"))["embedding"]["state"]
    return state == "running"


@pytest.mark.usefixtures("worker")
async def test_an_image_that_cannot_be_read_says_why_and_is_tried_again_when_opened(client, api, application, image):
    store, key = application.state.store, original_key(image["digest"])
    original = bytes(await (await store.get_async(key)).bytes_async())
    await store.put_async(key, original[:30])
    refusal = problem(await client.get(path(image)), 422, "embedding_failed")
    assert refusal["detail"].startswith("photo.png cannot be embedded. ")
    shown = (await api.read(f"/images/{image['id']}"))["embedding"]
    assert shown["state"] == "failed"
    assert shown["error"] in refusal["detail"]

    await store.put_async(key, original)
    problem(await client.get(path(image), params={"urgency": "ahead"}), 422, "embedding_failed")
    assert (await client.get(path(image))).status_code == 200
    assert (await api.read(f"/images/{image['id']}"))["embedding"] == {"state": "ready", "error": None}


@pytest.mark.usefixtures("worker")
async def test_an_image_whose_file_is_gone_says_so(client, application, image):
    await application.state.store.delete_async(original_key(image["digest"]))
    refusal = problem(await client.get(path(image)), 422, "embedding_failed")
    assert "missing from the store" in refusal["detail"]


async def test_who_waits_too_long_is_told_when_to_ask_again(client, image, bench, change_port):
    change_port(timeout=0.1)
    response = await client.get(path(image))
    problem(response, 503, "embedding_timeout")
    assert int(response.headers["retry-after"]) > 0
    assert (await bench.job(image["id"])).state == "queued"
    assert ("embed_fast", 10, "queued") in await bench.entries()


async def test_ahead_does_not_push_in_front_of_people(client, image, bench, change_port):
    change_port(timeout=0.1)
    problem(await client.get(path(image), params={"urgency": "ahead"}), 503, "embedding_timeout")
    assert await bench.entries() == [("embed_bulk", 0, "queued")]


async def test_many_who_wait_leave_the_database_to_others(client, application, api, image, change_port):
    change_port(timeout=60)
    waiting = [asyncio.create_task(client.get(path(image))) for _ in range(50)]
    await asyncio.sleep(1.5)
    await until(lambda: application.state.database.engine.pool.checkedout() == 0)
    assert await asyncio.wait_for(api.read("/projects"), 5)
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_an_image_deleted_while_somebody_waits_is_not_found(client, image):
    waiting = asyncio.create_task(client.get(path(image)))
    await asyncio.sleep(0.2)
    assert (await client.delete(f"/images/{image['id']}")).status_code == 204
    problem(await waiting, 404, "not_found")


async def test_a_lost_wake_up_delays_no_longer_than_a_moment(client, application, image):
    waiting = asyncio.create_task(client.get(path(image)))
    await asyncio.sleep(0.2)
    await store_of(application).put(ENCODER, image["digest"], np.zeros(EMBEDDING_SHAPE, np.float16))
    assert (await asyncio.wait_for(waiting, 5)).status_code == 200


async def test_what_is_not_there_is_not_found(client, image):
    problem(await client.get(path(image, "f" * 64)), 404, "not_found")
    problem(await client.get(f"/images/987654/embeddings/{ENCODER}"), 404, "not_found")
    problem(await client.get(f"/images/x/embeddings/{ENCODER}"), 422, "invalid_request")
    problem(await client.get(path(image), params={"urgency": "yesterday"}), 422, "invalid_request")


async def test_without_weights_the_answer_says_what_to_do(client, image, change_port, tmp_path):
    change_port(models=make_models(tmp_path))
    refusal = problem(await client.get(f"/projects/{image['project_id']}/model"), 503, "model_missing")
    assert "maskloop models pull mobile_sam" in refusal["detail"]
    problem(await client.get(path(image)), 404, "not_found")
    assert (await client.get(f"/images/{image['id']}")).json()["embedding"] == {"state": "none", "error": None}


async def test_a_damaged_model_is_not_served(client, image, change_port, tmp_path):
    install(DEFAULT, tmp_path, "damaged")
    change_port(models=make_models(tmp_path))
    refusal = problem(await client.get(f"/projects/{image['project_id']}/model"), 503, "model_missing")
    assert refusal["detail"].startswith("mobile_sam is damaged. ")


async def test_only_a_whole_embedding_is_stored(application):
    with pytest.raises(ValueError, match=r"must be \(256, 64, 64\)"):
        await store_of(application).put(ENCODER, "0" * 64, np.zeros((256, 64), np.float16))


async def test_the_job_of_a_model_that_is_gone_says_so(application, bench, encoder):
    [image_id] = await bench.images(1)
    encoder.digest = "a" * 64
    embedder = Embedder(pool_of(encoder), application.state.store, max_pixels=100)
    await bench.ask(image_id, urgency=Urgency.NOW)
    async with embedder.running(), working(bench.database, embedder.embed):
        assert await bench.settled(image_id) == ["failed"]
    assert "not in the weights folder" in ((await bench.job(image_id)).error or "")


async def test_a_few_encoders_stay_in_memory(tmp_path):
    made = []

    def make(model, _weights_dir):
        made.append(model.name)
        return FakeEncoder(model.encoder_digest)

    pool = EncoderPool(encoders_of(make_models(tmp_path, DEFAULT, OTHER, BOXES), make), most=2)
    for name in (DEFAULT, OTHER, DEFAULT, BOXES, DEFAULT, OTHER):
        assert (await pool.get(encoder_of(name))).digest == encoder_of(name)
    assert made == [DEFAULT, OTHER, BOXES, OTHER], "the one that was used longest ago goes"


async def test_the_model_is_told_with_the_decoder_that_reads_its_embeddings(client, image):
    model = (await client.get(f"/projects/{image['project_id']}/model")).json()
    digest = model["decoder_digest"]
    assert model == {
        "name": DEFAULT,
        "title": "Mobile Sam",
        "encoder_digest": ENCODER,
        "decoder_digest": digest,
        "decoder": {
            "image_url": f"/api/decoders/{digest}/image.onnx",
            "click_url": f"/api/decoders/{digest}/click.onnx",
        },
        "input_side": 1024,
        "prompts": ["point", "box", "mask"],
    }
    for part in ("image", "click"):
        url = model["decoder"][f"{part}_url"].removeprefix("/api")
        decoder = await client.get(url)
        assert decoder.text == f"{DEFAULT} {part}"
        assert decoder.headers["cache-control"] == "private, max-age=31536000, immutable"
        etag = {"If-None-Match": decoder.headers["etag"]}
        assert (await client.get(url, headers=etag)).status_code == 304
    problem(await client.get("/decoders/1234/image.onnx"), 404, "not_found")
    problem(await client.get(f"/decoders/{digest}/other.onnx"), 422, "invalid_request")


async def test_damaged_bytes_of_the_wrong_size_count_as_absent(application):
    store = store_of(application)
    await application.state.store.put_async(embedding_key(ENCODER, "1" * 64), b"\0" * (EMBEDDING_BYTES + 1))
    assert not await store.has(ENCODER, "1" * 64)
    assert await store.get(ENCODER, "1" * 64) is None
