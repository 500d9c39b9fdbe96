"""Preferences: a person's settings, whole and valid, and not overwritten by a window that has old ones."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from maskloop.db import Database
from tests.backend.factories import problem


async def stored(client: httpx.AsyncClient, version: int, **settings: Any) -> httpx.Response:
    return await client.put("/preferences", json={"version": version, "settings": settings})


async def test_they_are_defaults_before_anything_is_set(client: httpx.AsyncClient, database: Database) -> None:
    answer = (await client.get("/preferences")).json()

    assert answer["version"] == 0
    assert answer["settings"]["theme"] == "system"
    assert answer["settings"]["photo"] == {"brightness": 0, "contrast": 0, "gamma": 1}


async def test_what_is_set_is_there_again_and_the_rest_has_its_default(
    client: httpx.AsyncClient, database: Database
) -> None:
    bindings = {"mask.accept": ["Enter", "E"], "edit.undo": []}

    first = await stored(client, 0, theme="dark", language="zh-CN", key_bindings=bindings)
    second = await stored(client, 1, theme="light", brush_size=64)

    assert (first.json()["version"], second.json()["version"]) == (1, 2)
    assert first.json()["settings"]["key_bindings"] == bindings
    assert (await client.get("/preferences")).json() == second.json()
    assert (
        second.json()["settings"] | {"theme": "light", "brush_size": 64, "language": None} == second.json()["settings"]
    )


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_window_with_old_settings_is_told_the_current_ones(
    client: httpx.AsyncClient, database: Database, version: int
) -> None:
    await stored(client, 0, theme="dark")
    current = (await stored(client, 1, theme="light")).json()

    assert problem(await stored(client, version, crosshair=True), 409, "stale_version")["current"] == current
    assert (await client.get("/preferences")).json() == current


async def test_of_two_windows_at_the_same_time_one_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    answers = await asyncio.gather(*(stored(client, 0, theme=theme) for theme in ("dark", "light")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


WRONG: list[dict[str, Any]] = [
    {"colour": "red"},
    {"theme": "pink"},
    {"language": "xx"},
    {"mask_opacity": 1.5},
    {"brush_size": 0},
    {"photo": {"gamma": 0}},
    {"photo": {"saturation": 1}},
    {"no_overlaps": "on"},
    {"key_bindings": {"": ["E"]}},
    {"key_bindings": {"edit.undo": [""]}},
    {"key_bindings": {f"command.{n}": [] for n in range(501)}},
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_not_a_setting_is_refused(
    client: httpx.AsyncClient, database: Database, wrong: dict[str, Any]
) -> None:
    problem(await stored(client, 0, **wrong), 422, "invalid_request")
    assert (await client.get("/preferences")).json()["version"] == 0


async def test_a_setting_that_this_version_does_not_know_any_more_is_passed_over(
    client: httpx.AsyncClient, database: Database
) -> None:
    await stored(client, 0, theme="dark")
    async with database.engine.begin() as connection:
        await connection.execute(text("""UPDATE preferences SET settings = settings || '{"sound": true}'"""))

    answer = (await client.get("/preferences")).json()

    assert answer["settings"]["theme"] == "dark"
    assert "sound" not in answer["settings"]
