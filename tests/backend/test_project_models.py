"""A project has a model of its own: chosen at once where it is here, fetched first where it is not, and seen by all."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text, update

from maskloop.inference.embedder import Embedder
from maskloop.inference.models import Models, puller
from maskloop.inference.store import EmbeddingStore, embedding_key
from maskloop.jobs.pulling import PullProgress, PullStoppedError
from maskloop.tables import Job, JobKind, Project
from sam.errors import ZooError
from sam.progress import Progress
from tests.backend.factories import Api, image_file, pixels, problem
from tests.backend.test_inference_events import live, read_event  # noqa: F401 - a fixture
from tests.backend.workers import Bench, FakeEncoder, pool_of, ported, until, working
from tests.backend.zoo import BOXES, DEFAULT, OTHER, FakeZoo, encoder_of, install, make_models


@pytest.fixture
def zoo() -> FakeZoo:
    return FakeZoo()


@pytest.fixture
def models(application: FastAPI, tmp_path, zoo: FakeZoo) -> Iterator[Models]:
    """The application on a weights folder of this test's own, with the default model in it."""
    found = make_models(tmp_path / "weights", DEFAULT, zoo=zoo)
    with ported(application, models=found):
        yield found


@pytest.fixture
def bench(database) -> Bench:
    return Bench(database)


@pytest.fixture
async def project(api: Api, models: Models) -> dict[str, Any]:
    """With three images, prepared for nothing yet."""
    project = await api.project()
    for seed in range(3):
        await api.image(project["id"], image_file(pixels(seed=100 + seed)))
    return await api.read(f"/projects/{project['id']}")


@pytest.fixture
async def worker(application: FastAPI, database, models: Models) -> AsyncIterator[None]:
    """A worker for every model, on the application's store."""
    encoders = [FakeEncoder(encoder_of(name)) for name in (DEFAULT, OTHER)]
    embedder = Embedder(pool_of(*encoders), application.state.store, max_pixels=10_000)
    pull, known = puller(models), models.encoders
    async with embedder.running(), working(database, embedder.embed, pull=pull, encoders=known):
        yield


async def choose(client: httpx.AsyncClient, project: dict[str, Any], model: str | None) -> dict[str, Any]:
    response = await client.patch(f"/projects/{project['id']}", json={"model": model})
    assert response.status_code == 200, response.text
    changed: dict[str, Any] = response.json()
    return changed


async def entry(api: Api, name: str, project_id: int | None = None) -> dict[str, Any]:
    """Of the list of models."""
    listed = await api.read("/models" if project_id is None else f"/models?project={project_id}")
    [found] = [model for model in listed if model["name"] == name]
    return dict(found)


async def states(api: Api, project: dict[str, Any]) -> list[str]:
    page = await api.read(f"/projects/{project['id']}/images")
    return [image["embedding"]["state"] for image in page["items"]]


async def until_prepared(api: Api, project: dict[str, Any]) -> None:
    async def all_ready() -> bool:
        return set(await states(api, project)) == {"ready"}

    await until(all_ready)


async def test_every_model_is_listed_with_what_it_is_good_for_and_whether_it_is_here(api, models, zoo):
    assert [(model["name"], model["state"], model["default"]) for model in await api.read("/models")] == [
        (DEFAULT, "ready", True),
        (OTHER, "absent", False),
        (BOXES, "absent", False),
    ]
    boxes = await entry(api, BOXES)
    assert (boxes["prompts"], boxes["size_bytes"], boxes["good_for"]) == (["box"], 1_000_000, "Tests.")
    install(OTHER, models.weights_dir)
    assert (await entry(api, OTHER))["state"] == "ready", "weights that arrive are seen without a restart"
    install(OTHER, models.weights_dir, "damaged")
    damaged = await entry(api, OTHER)
    assert (damaged["state"], damaged["error"]) == ("failed", "sam_vit_b is damaged.")


@pytest.mark.usefixtures("worker")
async def test_a_model_that_is_here_takes_over_at_once_and_its_embeddings_are_made_beside_the_old(
    api, client, application, models, project
):
    await until_prepared(api, project)
    install(OTHER, models.weights_dir)

    changed = await choose(client, project, OTHER)

    assert (changed["model"], changed["next_model"]) == (OTHER, None)
    assert (await api.read(f"/projects/{project['id']}/model"))["encoder_digest"] == encoder_of(OTHER)
    await until_prepared(api, project)
    store = EmbeddingStore(application.state.store)
    for image in (await api.read(f"/projects/{project['id']}/images"))["items"]:
        for name in (DEFAULT, OTHER):
            assert await store.has(encoder_of(name), image["digest"])
            assert (await client.get(f"/images/{image['id']}/embeddings/{encoder_of(name)}")).status_code == 200
    assert (await entry(api, OTHER, project["id"]))["prepared_count"] == 3
    assert (await entry(api, OTHER))["seconds_per_image"] >= 0


@pytest.mark.usefixtures("worker")
async def test_going_back_needs_no_work(api, client, models, project):
    await until_prepared(api, project)
    install(OTHER, models.weights_dir)
    await choose(client, project, OTHER)
    await until_prepared(api, project)

    back = await choose(client, project, None)

    assert (back["model"], back["embedded_count"]) == (None, 3)
    assert await states(api, project) == ["ready"] * 3


async def test_each_project_is_counted_by_its_own_model(api, client, models, project, bench):
    install(OTHER, models.weights_dir)
    other = await api.project("Other")
    await choose(client, other, OTHER)
    async with bench.database.sessions.begin() as db:
        await db.execute(update(Job).where(Job.encoder_digest == encoder_of(DEFAULT)).values(state="succeeded"))
    await api.image(other["id"], image_file(pixels(seed=100)))
    counts = {shown["name"]: shown["embedded_count"] for shown in await api.read("/projects")}
    assert counts == {"Other": 0, "Pets": 3}
    assert (await states(api, project), await states(api, other)) == (["ready"] * 3, ["queued"])


async def test_what_was_queued_for_the_model_before_is_dropped(api, client, models, project, bench):
    install(OTHER, models.weights_dir)
    await choose(client, project, OTHER)
    jobs = await bench.jobs()
    assert {job.encoder_digest for job in jobs} == {encoder_of(OTHER)}
    assert len(jobs) == 3


@pytest.mark.parametrize("name", ["sam_9", "../mobile_sam"])
async def test_a_model_that_does_not_exist_is_refused_with_those_that_do(client, project, name):
    refusal = problem(
        await client.patch(f"/projects/{project['id']}", json={"model": name, "name": "New"}), 422, "unknown_model"
    )
    assert f"{DEFAULT}, {OTHER}, {BOXES}" in refusal["detail"]
    problem(await client.post("/models/sam_9/pull"), 422, "unknown_model")
    assert (await client.get(f"/projects/{project['id']}")).json() == project, "nothing else was changed either"


@pytest.mark.usefixtures("worker")
async def test_a_model_that_is_not_here_is_fetched_while_the_old_one_works(api, client, models, project, zoo):
    arrive = threading.Event()

    def download(tell: Progress) -> None:
        tell("Sam Vit B: downloading 375 MB", 0.4)
        assert arrive.wait(10)

    zoo.on_pull = download
    changed = await choose(client, project, OTHER)
    assert (changed["model"], changed["next_model"]) == (None, OTHER)

    async def is_at_40_percent() -> bool:
        shown = await entry(api, OTHER)
        return (shown["state"], shown["step"], shown["progress"]) == ("pulling", "Sam Vit B: downloading 375 MB", 0.4)

    await until(is_at_40_percent)
    assert (await api.read(f"/projects/{project['id']}/model"))["name"] == DEFAULT
    arrive.set()

    async def is_adopted() -> bool:
        shown = await api.read(f"/projects/{project['id']}")
        return (shown["model"], shown["next_model"]) == (OTHER, None)

    await until(is_adopted)
    await until_prepared(api, project)
    assert (await entry(api, OTHER))["state"] == "ready"


@pytest.mark.usefixtures("worker")
async def test_it_is_pulled_once_however_many_ask(api, client, models, project, zoo):
    arrive = threading.Event()
    zoo.on_pull = lambda _: arrive.wait(10) and None
    other = await api.project("Other")
    await asyncio.gather(*(choose(client, chosen, OTHER) for chosen in (project, other)))
    responses = await asyncio.gather(*(client.post(f"/models/{OTHER}/pull") for _ in range(20)))
    assert {(reply.status_code, reply.json()["state"]) for reply in responses} == {(202, "pulling")}
    arrive.set()

    async def all_adopted() -> bool:
        return {shown["model"] for shown in await api.read("/projects")} == {OTHER}

    await until(all_adopted)
    assert zoo.pulled == [OTHER]
    assert (await client.post(f"/models/{OTHER}/pull")).json()["state"] == "ready"
    assert zoo.pulled == [OTHER]


@pytest.mark.usefixtures("worker")
async def test_a_pull_that_failed_says_why_and_is_tried_again(api, client, models, project, zoo):
    def refuse(_tell: Progress) -> None:
        raise ZooError("no network: run `maskloop models import FILE` here")

    zoo.on_pull = refuse
    await choose(client, project, OTHER)

    async def has_failed() -> bool:
        return (await entry(api, OTHER))["state"] == "failed"

    await until(has_failed)
    assert (await entry(api, OTHER))["error"] == "no network: run `maskloop models import FILE` here."
    assert (await api.read(f"/projects/{project['id']}"))["next_model"] == OTHER

    zoo.on_pull = lambda _: None
    await choose(client, project, OTHER)

    async def is_adopted() -> bool:
        return (await api.read(f"/projects/{project['id']}"))["model"] == OTHER

    await until(is_adopted)


@pytest.mark.usefixtures("worker")
async def test_who_changed_their_mind_stays_with_the_old_model(api, client, models, project, zoo):
    arrive = threading.Event()
    zoo.on_pull = lambda _: arrive.wait(10) and None
    await choose(client, project, OTHER)
    stayed = await choose(client, project, DEFAULT)
    assert (stayed["model"], stayed["next_model"]) == (DEFAULT, None)
    arrive.set()

    async def is_here() -> bool:
        return (await entry(api, OTHER))["state"] == "ready"

    await until(is_here)
    assert (await api.read(f"/projects/{project['id']}"))["model"] == DEFAULT


@pytest.mark.usefixtures("worker")
async def test_a_model_imported_by_hand_is_adopted_by_the_next_sweep(api, models, project, bench):
    async with bench.database.sessions.begin() as db:
        await db.execute(update(Project).values(next_model=OTHER))
    install(OTHER, models.weights_dir)

    async def is_adopted() -> bool:
        return (await api.read(f"/projects/{project['id']}"))["model"] == OTHER

    await until(is_adopted)


async def test_a_worker_that_ends_lays_the_pull_down_and_the_next_one_goes_on(client, database, models, project, bench):
    begun = threading.Event()

    def endless(tell: Progress) -> None:
        while True:
            tell("downloading", 0.1)
            begun.set()
            threading.Event().wait(0.02)

    models.zoo.on_pull = endless  # type: ignore[attr-defined]  # it is the fake
    async with working(database, _no_embed, pull=puller(models), encoders=models.encoders):
        await choose(client, project, OTHER)
        await until(begun.is_set)
    [job] = [job for job in await bench.jobs() if job.kind == JobKind.PULL]
    assert (job.state, job.attempts, job.run) == ("queued", 0, None)

    models.zoo.on_pull = lambda _: None  # type: ignore[attr-defined]  # it is the fake
    async with working(database, _no_embed, pull=puller(models), encoders=models.encoders):
        await until(lambda: OTHER in models.zoo.installed(models.weights_dir))


async def _no_embed(_work: object, _urgency: object) -> None:
    """Nothing is embedded here."""


async def test_a_pull_that_the_engine_lost_is_put_back(client, database, models, project, bench):
    await choose(client, project, OTHER)
    async with database.sessions.begin() as db:
        await db.execute(text("DELETE FROM pgqueuer.pgqueuer WHERE entrypoint = 'pull'"))
        await db.execute(text("UPDATE job SET updated_at = now() - interval '1 minute'"))
    async with working(database, _no_embed, pull=puller(models), encoders=models.encoders):
        await until(lambda: OTHER in models.zoo.installed(models.weights_dir))


def test_a_pull_that_is_to_end_is_told_at_its_next_step():
    progress = PullProgress()
    progress.note("downloading", 0.5)
    progress.stopping = True
    with pytest.raises(PullStoppedError):
        progress.note("converting", None)
    assert (progress.step, progress.fraction) == ("downloading", 0.5)


async def test_whoever_looks_at_a_project_hears_of_its_model_and_of_models_on_their_way(live, models):  # noqa: F811
    _, client = live
    project = await Api(client).project()
    async with client.stream("GET", f"/projects/{project['id']}/events") as response:
        lines = response.aiter_lines()
        assert await anext(lines) == ": listening"
        await choose(client, project, OTHER)
        news = [await read_event(lines), await read_event(lines)]
        assert {"project_id": project["id"], "model": None, "next_model": OTHER} in news
        [model] = [event for event in news if "state" in event]
        assert (model["name"], model["state"], model["prepared_count"]) == (OTHER, "pulling", None)


async def test_embeddings_of_every_model_go_with_the_image(api, client, application, models, project):
    [image, *_] = (await api.read(f"/projects/{project['id']}/images"))["items"]
    keys = [embedding_key(encoder_of(name), image["digest"]) for name in (DEFAULT, OTHER)]
    for key in keys:
        await application.state.store.put_async(key, b"bytes")
    assert (await client.delete(f"/images/{image['id']}")).status_code == 204
    for key in keys:
        with pytest.raises(FileNotFoundError):
            await application.state.store.head_async(key)
