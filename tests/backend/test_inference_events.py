"""Whoever watches a project hears what changed in it, once it is committed, and is never left hanging."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text

from maskloop.inference.runtime import connector
from maskloop.jobs.events import EventHub, News, publish
from tests.backend.factories import Api, problem
from tests.backend.workers import ported, until


@pytest.fixture
async def hub(database) -> AsyncIterator[EventHub]:
    hub = EventHub(connector(database))
    async with hub.running():
        yield hub


async def say(database, project_id: int, image_id: int) -> None:
    async with database.sessions.begin() as db:
        await publish(db, News(project_id, image_id))


async def test_a_change_is_heard_once_it_is_committed(hub, database):
    with hub.subscribe(project_id=1) as changes:
        async with database.sessions() as db:
            await publish(db, News(1, 7))
            await db.rollback()
        async with database.sessions() as db:
            await publish(db, News(1, 8))
            await asyncio.sleep(0.1)
            assert changes.changed == set()
            await db.commit()
        assert await asyncio.wait_for(changes.next(), 5) == {News(1, 8)}


async def test_listeners_hear_only_what_they_asked_for(hub, database):
    with hub.subscribe(project_id=1) as project, hub.subscribe(image_id=30) as image:
        for project_id, image_id in ((1, 10), (2, 20), (3, 30), (1, 11)):
            await say(database, project_id, image_id)
        await until(lambda: project.changed == {News(1, 10), News(1, 11)} and image.changed == {News(3, 30)})


async def test_changes_that_nobody_has_read_yet_are_told_once(hub, database):
    with hub.subscribe(project_id=1) as changes:
        for _ in range(50):
            await say(database, 1, 10)
        await say(database, 1, 11)
        await until(lambda: News(1, 11) in changes.changed)
        assert await changes.next() == {News(1, 10), News(1, 11)}
        assert changes.changed == set()


async def test_a_lost_connection_is_admitted_and_made_anew(hub, database):
    with hub.subscribe(project_id=1) as before:
        async with database.sessions() as db:
            await db.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'maskloop events'"
                )
            )
        assert await asyncio.wait_for(before.next(), 5) == set()
        assert before.lost

    async def hears_again() -> bool:
        with hub.subscribe(project_id=1) as after:
            await say(database, 1, 10)
            await asyncio.sleep(0.05)
            return after.changed == {News(1, 10)}

    await until(hears_again)


async def test_who_subscribes_to_a_closed_hub_does_not_wait_for_ever(hub):
    hub.close()
    with hub.subscribe(project_id=1) as changes:
        assert await asyncio.wait_for(changes.next(), 1) == set()
        assert changes.lost


@pytest.fixture
async def live(application: FastAPI, database) -> AsyncIterator[tuple[uvicorn.Server, httpx.AsyncClient]]:
    """The application behind a real socket: the test client of the others reads a response only when it has ended."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api", timeout=10) as client:
        yield server, client
    server.should_exit = True
    await asyncio.wait_for(serving, 10)


async def read_event(lines: AsyncIterator[str]) -> dict[str, Any]:
    """The data of the next event."""
    async with asyncio.timeout(5):
        async for line in lines:
            if line.startswith("data: "):
                event: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return event
    raise AssertionError("the stream ended")


async def test_a_browser_hears_of_masks_in_its_project_and_of_no_other(live):
    _, client = live
    api = Api(client)
    project, other = await api.project(), await api.project("Other")
    image, elsewhere = await api.image(project["id"]), await api.image(other["id"])
    async with client.stream("GET", f"/projects/{project['id']}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-cache"
        lines = response.aiter_lines()
        assert await anext(lines) == ": listening"
        await api.annotated(elsewhere["id"])
        await api.annotated(image["id"])
        assert await read_event(lines) == {
            "image_id": image["id"],
            "embedding": {"state": "queued", "error": None},
            "annotation_count": 1,
        }


async def test_an_open_stream_ends_when_the_hub_closes(live, application, hub):
    _, client = live
    project = await Api(client).project()
    with ported(application, hub=hub):
        async with client.stream("GET", f"/projects/{project['id']}/events") as response:
            lines = response.aiter_lines()
            assert await anext(lines) == ": listening"
            hub.close()
            async with asyncio.timeout(5):
                assert [line async for line in lines if line] == []


async def test_events_of_a_project_that_is_not_there_are_not_found(client):
    problem(await client.get("/projects/987654/events"), 404, "not_found")
