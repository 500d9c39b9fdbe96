"""The sample project: complete, made once, and left alone by those who did not ask for it."""

import asyncio

import pytest
from sqlalchemy import func, select

from maskloop.db import Database
from maskloop.samples.service import CATEGORIES, NAME, PHOTOS, add_sample, add_sample_to_new
from maskloop.tables import Image, Project
from tests.backend.factories import Api


async def add(database: Database, settings, only_to_new: bool = False) -> int:
    """The command line's calls run an event loop of their own."""
    return await asyncio.to_thread(add_sample_to_new if only_to_new else add_sample, settings)


async def test_it_has_photos_to_click_on_and_categories_to_choose(database, settings, api):
    assert await add(database, settings) == len(PHOTOS)
    [project] = await api.read("/projects")
    assert project["name"] == NAME
    assert [category["name"] for category in project["categories"]] == list(CATEGORIES)
    images = (await api.read(f"/projects/{project['id']}/images"))["items"]
    assert [image["file_name"] for image in images] == list(PHOTOS)
    assert (await api.client.get(f"/images/{images[0]['id']}/pixels")).status_code == 200


async def test_a_second_time_adds_nothing(database, settings, api):
    await add(database, settings)
    assert await add(database, settings) == 0
    assert [project["image_count"] for project in await api.read("/projects")] == [len(PHOTOS)]


async def test_a_photo_that_was_deleted_comes_back_only_when_asked_for(database, settings, api):
    await add(database, settings)
    async with database.sessions.begin() as db:
        await db.delete(await db.get(Image, 1))
    assert await add(database, settings, only_to_new=True) == 0
    assert await add(database, settings) == 1


@pytest.mark.parametrize(("others", "added"), [((), len(PHOTOS)), (("Mine",), 0)], ids=["new", "in use"])
async def test_serving_adds_it_only_to_a_database_without_projects(database, settings, api: Api, others, added):
    for name in others:
        await api.project(name)
    assert await add(database, settings, only_to_new=True) == added
    async with database.sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Project)) == 1
