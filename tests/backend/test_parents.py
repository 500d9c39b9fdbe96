"""Wholes and their parts: on one image, never in a circle, and no conflict for anyone when a whole is deleted."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from maskloop.db import Database
from tests.backend.factories import Api, annotation, problem, provenance


@pytest.fixture
async def image(api: Api) -> dict[str, Any]:
    return await api.image((await api.project())["id"])


async def test_a_part_names_its_whole_and_a_layer(api: Api, image: dict[str, Any]) -> None:
    whole = await api.annotated(image["id"])
    part = await api.annotated(image["id"], parent_id=whole["id"], layer=3)
    assert (part["parent_id"], part["layer"]) == (whole["id"], 3)

    freed = (await api.change(part["id"], {"version": 1, "parent_id": None, "layer": -1})).json()

    assert (freed["parent_id"], freed["layer"], freed["version"]) == (None, -1, 2)


async def test_a_whole_must_be_on_the_same_image(api: Api, image: dict[str, Any]) -> None:
    other = await api.image((await api.project())["id"])
    elsewhere = (await api.annotated(other["id"]))["id"]
    stored = await api.annotated(image["id"])

    for parent in (elsewhere, str(uuid4())):
        problem(await api.annotate(image["id"], annotation(parent_id=parent)), 422, "unknown_parent")
        problem(await api.change(stored["id"], {"version": 1, "parent_id": parent}), 422, "unknown_parent")
    assert await api.annotations(image["id"]) == [stored]


async def test_nothing_is_a_part_of_itself_or_of_its_parts(api: Api, image: dict[str, Any]) -> None:
    whole = await api.annotated(image["id"])
    part = await api.annotated(image["id"], parent_id=whole["id"])
    subpart = await api.annotated(image["id"], parent_id=part["id"])

    for parent in (whole, part, subpart):
        change = {"version": 1, "parent_id": parent["id"]}
        problem(await api.change(whole["id"], change), 422, "circular_parent")
    itself = annotation()
    problem(await api.annotate(image["id"], itself | {"parent_id": itself["id"]}), 422, "circular_parent")
    assert (await api.change(subpart["id"], {"version": 1, "parent_id": whole["id"]})).status_code == 200


async def test_two_changes_at_the_same_time_make_no_circle(api: Api, image: dict[str, Any]) -> None:
    one, two = await api.annotated(image["id"]), await api.annotated(image["id"])

    answers = await asyncio.gather(
        api.change(one["id"], {"version": 1, "parent_id": two["id"]}),
        api.change(two["id"], {"version": 1, "parent_id": one["id"]}),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_a_deleted_whole_lets_its_parts_go_without_a_conflict_for_who_edits_them(
    api: Api, image: dict[str, Any]
) -> None:
    whole = await api.annotated(image["id"])
    part = await api.annotated(image["id"], parent_id=whole["id"])

    await api.delete(whole["id"], 1)

    assert await api.annotations(image["id"]) == [part | {"parent_id": None}]
    assert (await api.change(part["id"], {"version": part["version"], "layer": 1})).status_code == 200


async def test_undoing_the_deletion_of_a_whole_brings_its_parts_back_to_it(api: Api, image: dict[str, Any]) -> None:
    whole = annotation()
    await api.annotate(image["id"], whole)
    part = await api.annotated(image["id"], parent_id=whole["id"])

    await api.change(part["id"], {"version": 1, "parent_id": None})
    await api.delete(whole["id"], 1)
    await api.annotate(image["id"], whole)
    undone = (await api.change(part["id"], {"version": 2, "parent_id": whole["id"]})).json()

    assert (undone["parent_id"], undone["version"]) == (whole["id"], 3)


EDITS = [{"kind": "brush", "pixels": 1520, "at_ms": 900.0}, {"kind": "fill_holes", "pixels": 3, "at_ms": 1200.0}]
SOURCES = {
    "a model, then by hand": provenance(threshold=-0.5, edits=EDITS),
    "hand": {"source": "manual", "edits": EDITS, "seconds": 12.5},
    "a file": {"source": "import", "name": "pets.json", "edits": []},
}


@pytest.mark.parametrize("source", SOURCES)
async def test_a_mask_says_that_it_was_made_by(api: Api, image: dict[str, Any], source: str) -> None:
    stored = await api.annotated(image["id"], provenance=SOURCES[source])
    assert stored["provenance"] == SOURCES[source]


async def test_provenance_from_before_there_were_edits_stays_readable(
    api: Api, image: dict[str, Any], database: Database
) -> None:
    stored = await api.annotated(image["id"])
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE annotation SET provenance = provenance - 'edits' - 'threshold'"))

    assert await api.annotations(image["id"]) == [stored]


@pytest.mark.parametrize(
    "wrong",
    [
        {"edits": [EDITS[0]] * 10_001},
        {"edits": [{"kind": "magic", "pixels": 1, "at_ms": 0}]},
        {"edits": [{"kind": "brush", "pixels": -1, "at_ms": 0}]},
    ],
)
async def test_edits_that_cannot_be_are_refused(api: Api, image: dict[str, Any], wrong: dict[str, Any]) -> None:
    problem(await api.annotate(image["id"], annotation(provenance=provenance(**wrong))), 422, "invalid_request")
