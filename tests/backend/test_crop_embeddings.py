"""The embedding of a part of a large image: what the encoder makes of it at full resolution, kept like any other."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from maskloop.domain.crops import Crop
from maskloop.inference.embedder import Embedder
from maskloop.inference.store import EmbeddingStore
from maskloop.store import original_key
from tests.backend.factories import Api, image_file, problem
from tests.backend.workers import ENCODER, Bench, FakeEncoder, pool_of, until, working

CROP = Crop(400, 800, 800, 800)
ORIENTATION, TURNED = 0x0112, 6
"""As a camera held upright says it."""


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
async def worker(application: FastAPI, database, encoder: FakeEncoder) -> AsyncIterator[None]:
    """A worker on the application's store."""
    embedder = Embedder(pool_of(encoder), application.state.store, max_pixels=4_000_000)
    async with embedder.running(), working(database, embedder.embed):
        yield


@pytest.fixture
def photo() -> Image.Image:
    """1200 x 1600, brighter to the right and downwards."""
    x, y = np.meshgrid(np.linspace(0, 120, 1200), np.linspace(0, 120, 1600))
    gray = (x + y).astype(np.uint8)
    return Image.fromarray(np.stack([gray, gray, gray], axis=-1))


@pytest.fixture
async def image(api: Api, application: FastAPI, photo: Image.Image) -> dict[str, Any]:
    project = await api.project()
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    image = await api.image(project["id"], image_file(photo.rotate(90, expand=True), exif=exif))
    await EmbeddingStore(application.state.store).forget(image["digest"])  # other tests use the same bytes
    return image


def path(image: dict[str, Any], crop: Crop | str | None = CROP) -> str:
    return f"/images/{image['id']}/embeddings/{ENCODER}" + (f"?crop={crop}" if crop else "")


@pytest.mark.usefixtures("worker")
async def test_it_is_the_embedding_of_the_photo_cut_to_the_crop(client, api, image, photo):
    left, top, width, height = CROP
    cut = await api.image(image["project_id"], image_file(photo.crop((left, top, left + width, top + height))))
    of_crop, of_cut, of_all = [await client.get(path(*which)) for which in ((image,), (cut, None), (image, None))]
    assert of_crop.status_code == 200
    assert of_crop.content == of_cut.content != of_all.content


@pytest.mark.usefixtures("worker")
async def test_it_is_computed_once_however_many_ask_and_browsers_keep_it(client, image, encoder):
    await client.get(path(image, None))
    encoder.runs.clear()
    encoder.seconds = 0.1
    responses = await asyncio.gather(*(client.get(path(image)) for _ in range(20)))
    assert {response.status_code for response in responses} == {200}
    assert len(encoder.runs) == 1
    [etag] = {response.headers["etag"] for response in responses}
    assert (await client.get(path(image), headers={"If-None-Match": etag})).status_code == 304
    assert (await client.get(path(image, None), headers={"If-None-Match": etag})).status_code == 200
    assert len(encoder.runs) == 1


@pytest.mark.parametrize("crop", ["0,0,1200,1600", "401,800,800,800", "0,0,400,400", "0,1600,800,800", "0,0,0,0"])
async def test_only_the_crops_of_the_rule_are_embedded(client, image, database, crop):
    problem(await client.get(path(image, crop)), 422, "not_a_crop")
    assert not [job for job in await Bench(database).jobs() if job.crop]


@pytest.mark.parametrize("crop", ["0,0,800", "a,b,c,d", "-1,0,800,800", "0,0,800,99999999"])
async def test_what_is_not_four_numbers_is_refused(client, image, crop):
    problem(await client.get(path(image, crop)), 422, "invalid_request")


@pytest.mark.usefixtures("worker")
async def test_the_state_of_an_image_is_that_of_its_whole(client, api, application, image):
    await client.get(path(image, None))
    await application.state.store.delete_async(original_key(image["digest"]))
    refusal = problem(await client.get(path(image)), 422, "embedding_failed")
    assert "missing from the store" in refusal["detail"]
    assert (await api.read(f"/images/{image['id']}"))["embedding"] == {"state": "ready", "error": None}
    page = await api.read(f"/projects/{image['project_id']}/images")
    assert [(item["id"], item["embedding"]["state"]) for item in page["items"]] == [(image["id"], "ready")]
    assert (await api.read(f"/projects/{image['project_id']}"))["embedded_count"] == 1


@pytest.mark.usefixtures("worker")
async def test_a_crop_alone_does_not_make_an_image_ready(client, api, image):
    await client.get(path(image))
    await until(lambda: _is_ready(api, image))
    assert (await api.read(f"/projects/{image['project_id']}"))["embedded_count"] == 1


async def _is_ready(api: Api, image: dict[str, Any]) -> bool:
    return bool((await api.read(f"/images/{image['id']}"))["embedding"]["state"] == "ready")


async def test_a_person_who_zooms_waits_for_the_crop_and_not_behind_uploads(client, api, image, database):
    waiting = asyncio.create_task(client.get(path(image)))
    bench = Bench(database)

    async def is_queued() -> bool:
        return ("embed_fast", 10, "queued") in await bench.entries()

    await until(is_queued)
    assert sorted(job.crop for job in await bench.jobs()) == ["", str(CROP)]
    waiting.cancel()


@pytest.mark.usefixtures("worker")
async def test_the_last_image_of_these_bytes_takes_its_crops_along(client, application, image):
    await client.get(path(image))
    store = EmbeddingStore(application.state.store)
    assert await store.has(ENCODER, image["digest"], CROP)
    assert (await client.delete(f"/images/{image['id']}")).status_code == 204

    async def is_gone() -> bool:
        return not await store.has(ENCODER, image["digest"], CROP)

    await until(is_gone)


@pytest.mark.usefixtures("worker")
async def test_a_small_image_has_no_crops(client, api, image):
    small = await api.image(image["project_id"], image_file(Image.new("RGB", (1000, 900))))
    problem(await client.get(path(small, "0,0,500,500")), 422, "not_a_crop")
