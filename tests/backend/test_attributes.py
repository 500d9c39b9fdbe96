"""Attributes: what a category lets its annotations say, and that they say nothing else."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.backend.factories import Api, annotation, problem

DEFINITIONS = [
    {"name": "occluded", "kind": "checkbox", "default": False},
    {"name": "view", "kind": "choice", "choices": ["front", "side"], "default": None},
    {"name": "age", "kind": "number", "minimum": 0, "maximum": 30, "default": None},
    {"name": "note", "kind": "text", "default": None},
]
Said = dict[str, Any]


@pytest.fixture
async def project(api: Api, client: httpx.AsyncClient) -> Said:
    """Its cats have attributes, its dogs have none."""
    categories = [{"name": "cat", "attributes": DEFINITIONS}, {"name": "dog"}]
    made: Said = (await client.post("/projects", json={"name": "Pets", "categories": categories})).json()
    return made


@pytest.fixture
def cat(project: Said) -> int:
    return int(project["categories"][0]["id"])


@pytest.fixture
def dog(project: Said) -> int:
    return int(project["categories"][1]["id"])


@pytest.fixture
async def image(api: Api, project: Said) -> Said:
    return await api.image(project["id"])


async def test_a_category_keeps_its_definitions_in_order(project: Said) -> None:
    assert project["categories"][0]["attributes"] == DEFINITIONS
    assert project["categories"][1]["attributes"] == []


BAD_DEFINITIONS = {
    "a kind that is none": ({"name": "a", "kind": "colour"}, "kind"),
    "no name": ({"name": " ", "kind": "text"}, "name"),
    "a choice of nothing": ({"name": "a", "kind": "choice", "choices": []}, "choices"),
    "a choice that is there twice": ({"name": "a", "kind": "choice", "choices": ["x", "x "]}, "is there twice"),
    "a default that is no choice": ({"name": "a", "kind": "choice", "choices": ["x"], "default": "y"}, "one of “x”"),
    "bounds in the wrong order": ({"name": "a", "kind": "number", "minimum": 2, "maximum": 1}, "above its maximum"),
    "a default out of bounds": ({"name": "a", "kind": "number", "minimum": 2, "default": 1}, "at least 2"),
    "bounds of another kind": ({"name": "a", "kind": "text", "minimum": 2}, "minimum"),
    "a number for a checkbox": ({"name": "a", "kind": "checkbox", "default": 1}, "default"),
}


@pytest.mark.parametrize("kind", BAD_DEFINITIONS)
async def test_a_definition_that_says_nothing_sensible_is_refused(
    client: httpx.AsyncClient, dog: int, kind: str
) -> None:
    definition, reason = BAD_DEFINITIONS[kind]

    response = await client.patch(f"/categories/{dog}", json={"attributes": [definition]})

    assert reason in problem(response, 422, "invalid_request")["detail"]


async def test_two_attributes_of_one_name_are_refused(client: httpx.AsyncClient, dog: int) -> None:
    twice = [{"name": "age", "kind": "text"}, {"name": "age", "kind": "number"}]
    response = await client.patch(f"/categories/{dog}", json={"attributes": twice})
    assert "“age”" in problem(response, 422, "invalid_request")["detail"]


VALUES = {"occluded": True, "view": "side", "age": 2.5, "note": "asleep\non the sofa"}


async def test_an_annotation_says_what_its_category_defines(api: Api, image: Said, cat: int) -> None:
    stored = await api.annotated(image["id"], category_id=cat, attributes=VALUES)
    assert stored["attributes"] == VALUES

    changed = (await api.change(stored["id"], {"version": 1, "attributes": {"age": 3}})).json()

    assert changed["attributes"] == {"age": 3}
    assert await api.annotations(image["id"]) == [changed]


BAD_VALUES = {
    "an attribute that is not defined": ({"breed": "x"}, ["“breed”", "“occluded”, “view”, “age”, “note”"]),
    "another choice": ({"view": "top"}, ["“view”", "'top'", "one of “front”, “side”"]),
    "a number above the maximum": ({"age": 31}, ["“age”", "31", "at least 0 and at most 30"]),
    "a yes for a number": ({"age": True}, ["“age”", "True", "a number"]),
    "a number for a yes": ({"occluded": 1}, ["“occluded”", "1", "true or false"]),
    "a number for a text": ({"note": 1}, ["“note”", "1", "a text"]),
}


@pytest.mark.parametrize("kind", BAD_VALUES)
async def test_another_value_is_refused_and_told_what_is_allowed(api: Api, image: Said, cat: int, kind: str) -> None:
    values, reasons = BAD_VALUES[kind]
    stored = await api.annotated(image["id"], category_id=cat)

    refused = [
        await api.annotate(image["id"], annotation(category_id=cat, attributes=values)),
        await api.change(stored["id"], {"version": 1, "attributes": values}),
    ]

    for response in refused:
        detail = problem(response, 422, "invalid_attributes")["detail"]
        assert [reason for reason in reasons if reason not in detail] == []
    assert await api.annotations(image["id"]) == [stored]


@pytest.mark.parametrize("value", ["NaN", "1e16", '"\\u0000"', '"' + "x" * 2001 + '"', "null", "[1]", "{}"])
async def test_a_value_that_cannot_be_kept_is_refused(
    client: httpx.AsyncClient, api: Api, image: Said, cat: int, value: str
) -> None:
    stored = await api.annotated(image["id"], category_id=cat)
    body = f'{{"version": 1, "attributes": {{"note": {value}}}}}'
    headers = {"Idempotency-Key": "00000000-0000-4000-8000-000000000000", "content-type": "application/json"}

    response = await client.patch(f"/annotations/{stored['id']}", content=body, headers=headers)

    problem(response, 422, "invalid_request")


async def test_a_change_of_category_must_leave_behind_what_the_new_one_does_not_define(
    api: Api, image: Said, cat: int, dog: int
) -> None:
    stored = await api.annotated(image["id"], category_id=cat, attributes={"age": 3})

    for category in (dog, None):
        problem(await api.change(stored["id"], {"version": 1, "category_id": category}), 422, "invalid_attributes")
    changed = await api.change(stored["id"], {"version": 1, "category_id": dog, "attributes": {}})

    assert (changed.json()["category_id"], changed.json()["attributes"]) == (dog, {})


IN_USE = {
    "removed": [DEFINITIONS[0], DEFINITIONS[1], DEFINITIONS[3]],
    "renamed": [*DEFINITIONS[:2], {**DEFINITIONS[2], "name": "years"}, DEFINITIONS[3]],
    "bounded more tightly": [*DEFINITIONS[:2], {**DEFINITIONS[2], "maximum": 2}, DEFINITIONS[3]],
    "of another kind": [*DEFINITIONS[:2], {"name": "age", "kind": "text"}, DEFINITIONS[3]],
}


@pytest.mark.parametrize("change", IN_USE)
async def test_an_attribute_in_use_is_not_taken_away_from_under_its_values(
    api: Api, client: httpx.AsyncClient, image: Said, cat: int, change: str
) -> None:
    masks = [await api.annotated(image["id"], category_id=cat, attributes={"age": age}) for age in (3, 3, 4)]

    document = problem(
        await client.patch(f"/categories/{cat}", json={"attributes": IN_USE[change]}), 409, "attribute_in_use"
    )
    assert document["count"] == 3
    assert "3 annotation value(s)" in document["detail"]
    assert "“age”" in document["detail"]

    for mask in masks:
        await api.change(mask["id"], {"version": 1, "attributes": {"note": "old"}})
    changed = await client.patch(f"/categories/{cat}", json={"attributes": IN_USE[change]})
    assert [each["name"] for each in changed.json()["attributes"]] == [each["name"] for each in IN_USE[change]]


async def test_definitions_can_grow_while_they_are_in_use(
    api: Api, client: httpx.AsyncClient, image: Said, cat: int
) -> None:
    await api.annotated(image["id"], category_id=cat, attributes=VALUES)
    wider = {"name": "view", "kind": "choice", "choices": ["front", "side", "top"]}

    response = await client.patch(f"/categories/{cat}", json={"attributes": [wider, *DEFINITIONS[2:], DEFINITIONS[0]]})

    assert [each["name"] for each in response.json()["attributes"]] == ["view", "age", "note", "occluded"]


async def test_no_value_slips_in_while_its_attribute_is_removed(
    api: Api, client: httpx.AsyncClient, image: Said, cat: int
) -> None:
    said = [api.annotate(image["id"], annotation(category_id=cat, attributes={"age": 3})) for _ in range(8)]
    removal = client.patch(f"/categories/{cat}", json={"attributes": IN_USE["removed"]})

    *answers, removed = await asyncio.gather(*said[:4], *said[4:], removal)

    stored = [mask for mask in await api.annotations(image["id"]) if "age" in mask["attributes"]]
    assert len(stored) == sum(answer.status_code == 201 for answer in answers)
    assert (removed.status_code == 200) == (stored == [])


async def test_a_mask_and_the_deletion_of_its_category_at_the_same_time_leave_a_clear_answer(
    api: Api, client: httpx.AsyncClient, image: Said, dog: int
) -> None:
    masks = [api.annotate(image["id"], annotation(category_id=dog)) for _ in range(4)]

    *answers, deleted = await asyncio.gather(*masks, client.delete(f"/categories/{dog}"))

    refused = [answer for answer in answers if answer.status_code != 201]
    for answer in refused:
        problem(answer, 422, "unknown_category")
    assert (deleted.status_code, len(refused)) in [(204, 4), (409, len(refused))]
