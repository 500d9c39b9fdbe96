"""Annotations: stored exactly once, changed by whoever saw the newest version, refused with a reason."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from sqlalchemy import func, select

from maskloop.db import Database
from maskloop.tables import Annotation, Mutation
from tests.backend.factories import Api, annotation, bitmap, problem, provenance, segmentation


@pytest.fixture
async def image(api: Api) -> dict[str, Any]:
    """An image of 60 x 40 pixels; its project has two categories."""
    return await api.image((await api.project())["id"])


@pytest.fixture
async def categories(api: Api, image: dict[str, Any]) -> list[int]:
    return [category["id"] for category in (await api.read(f"/projects/{image['project_id']}"))["categories"]]


async def test_an_accepted_mask_is_stored_and_measured(api: Api, image: dict[str, Any], categories: list[int]) -> None:
    body = annotation(category_id=categories[0])

    response = await api.annotate(image["id"], body)

    assert response.status_code == 201
    stored = response.json()
    assert stored == body | {
        "image_id": image["id"],
        "bbox": [10, 5, 20, 8],
        "area": 160,
        "version": 1,
        "created_at": stored["created_at"],
        "updated_at": stored["updated_at"],
    }
    assert await api.annotations(image["id"]) == [stored]
    assert (await api.read(f"/images/{image['id']}"))["annotation_count"] == 1


async def test_the_whole_provenance_is_kept(api: Api, image: dict[str, Any]) -> None:
    told = provenance(
        prompts=[
            {"kind": "box", "x0": 1.5, "y0": 2.5, "x1": 30.0, "y1": 20.25, "at_ms": 12.5},
            {"kind": "point", "x": 3.5, "y": 4.5, "label": 0, "at_ms": 900.0},
        ]
    )

    await api.annotated(image["id"], provenance=told)

    assert (await api.annotations(image["id"]))[0]["provenance"] == told


async def test_a_repeated_request_is_answered_and_not_done_again(api: Api, image: dict[str, Any]) -> None:
    body, key = annotation(), uuid4()

    first, again = await api.annotate(image["id"], body, key), await api.annotate(image["id"], body, key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(await api.annotations(image["id"])) == 1


async def test_a_repeat_is_answered_as_the_first_was_even_after_later_changes(api: Api, image: dict[str, Any]) -> None:
    body, key = annotation(), uuid4()
    first = (await api.annotate(image["id"], body, key)).json()
    await api.change(first["id"], {"version": 1, "segmentation": segmentation(bitmap((0, 0, 5, 5)))})
    await api.delete(first["id"], 2)

    again = await api.annotate(image["id"], body, key)

    assert (again.status_code, again.json()) == (200, first)
    assert await api.annotations(image["id"]) == []


async def test_many_requests_of_one_key_at_the_same_time_store_one_mask(
    api: Api, image: dict[str, Any], database: Database
) -> None:
    body, key = annotation(), uuid4()

    responses = await asyncio.gather(*(api.annotate(image["id"], body, key) for _ in range(8)))

    assert sorted(response.status_code for response in responses) == [200] * 7 + [201]
    assert all(response.json() == responses[0].json() for response in responses)
    async with database.sessions() as db:
        assert await db.scalar(select(func.count(Annotation.id))) == 1
        assert await db.scalar(select(func.count(Mutation.key))) == 1


async def test_many_keys_with_one_id_at_the_same_time_store_one_mask(api: Api, image: dict[str, Any]) -> None:
    body = annotation()

    responses = await asyncio.gather(*(api.annotate(image["id"], body) for _ in range(8)))

    assert sorted(response.status_code for response in responses) == [201] + [409] * 7
    assert len(await api.annotations(image["id"])) == 1


async def test_a_key_used_for_another_change_is_refused(api: Api, image: dict[str, Any]) -> None:
    key = uuid4()
    stored = (await api.annotate(image["id"], annotation(), key)).json()

    problem(await api.annotate(image["id"], annotation(), key), 422, "idempotency_key_reused")
    problem(await api.delete(stored["id"], 1, key), 422, "idempotency_key_reused")
    assert await api.annotations(image["id"]) == [stored]


async def test_an_id_that_is_taken_is_refused(api: Api, image: dict[str, Any]) -> None:
    body = annotation()
    await api.annotate(image["id"], body)

    problem(await api.annotate(image["id"], body), 409, "annotation_exists")


@pytest.mark.parametrize("key", [None, "not-a-uuid"])
async def test_every_change_needs_a_key(client: httpx.AsyncClient, image: dict[str, Any], key: str | None) -> None:
    headers = {"Idempotency-Key": key} if key else {}

    response = await client.post(f"/images/{image['id']}/annotations", json=annotation(), headers=headers)

    document = problem(response, 422, "invalid_request")
    assert document["errors"][0]["path"] == "header.idempotency-key"


async def test_only_what_is_named_changes(api: Api, image: dict[str, Any], categories: list[int]) -> None:
    stored = await api.annotated(image["id"], category_id=categories[0])

    moved = (await api.change(stored["id"], {"version": 1, "category_id": categories[1]})).json()
    assert moved == stored | {"category_id": categories[1], "version": 2, "updated_at": moved["updated_at"]}
    assert moved["updated_at"] > stored["updated_at"]

    mask = segmentation(bitmap((3, 4, 5, 6)))
    redrawn = (await api.change(stored["id"], {"version": 2, "segmentation": mask})).json()
    assert (redrawn["segmentation"], redrawn["bbox"], redrawn["area"]) == (mask, [3, 4, 5, 6], 30)
    assert redrawn["category_id"] == categories[1]

    bare = (await api.change(stored["id"], {"version": 3, "category_id": None})).json()
    assert (bare["category_id"], bare["version"]) == (None, 4)
    assert await api.annotations(image["id"]) == [bare]


async def test_a_repeated_change_is_made_once(api: Api, image: dict[str, Any], categories: list[int]) -> None:
    stored, key = await api.annotated(image["id"]), uuid4()
    body = {"version": 1, "category_id": categories[0]}

    first, again = await api.change(stored["id"], body, key), await api.change(stored["id"], body, key)

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert (await api.annotations(image["id"]))[0]["version"] == 2


async def test_a_stale_change_is_refused_and_told_what_is_current(
    api: Api, image: dict[str, Any], categories: list[int]
) -> None:
    stored = await api.annotated(image["id"])
    current = (await api.change(stored["id"], {"version": 1, "category_id": categories[0]})).json()

    late_change = await api.change(stored["id"], {"version": 1, "category_id": categories[1]})
    late_delete = await api.delete(stored["id"], 1)

    assert problem(late_change, 409, "stale_version")["current"] == current
    assert problem(late_delete, 409, "stale_version")["current"] == current
    assert await api.annotations(image["id"]) == [current]


async def test_of_two_changes_at_the_same_time_one_is_refused(
    api: Api, image: dict[str, Any], categories: list[int]
) -> None:
    stored = await api.annotated(image["id"])

    responses = await asyncio.gather(
        *(api.change(stored["id"], {"version": 1, "category_id": category}) for category in categories)
    )

    assert sorted(response.status_code for response in responses) == [200, 409]


async def test_a_deleted_mask_is_gone_and_deleting_it_again_is_no_error(api: Api, image: dict[str, Any]) -> None:
    stored, key = await api.annotated(image["id"]), uuid4()

    first, again = await api.delete(stored["id"], 1, key), await api.delete(stored["id"], 1, key)

    assert (first.status_code, again.status_code) == (204, 204)
    assert await api.annotations(image["id"]) == []
    problem(await api.delete(stored["id"], 1), 404, "not_found")
    problem(await api.change(stored["id"], {"version": 1, "category_id": None}), 404, "not_found")


async def test_a_deletion_is_undone_by_storing_the_mask_again(api: Api, image: dict[str, Any]) -> None:
    body = annotation()
    await api.annotate(image["id"], body)
    await api.delete(body["id"], 1)

    back = await api.annotate(image["id"], body)

    assert back.status_code == 201
    assert [mask["id"] for mask in await api.annotations(image["id"])] == [body["id"]]


def empty() -> dict[str, Any]:
    return segmentation(np.zeros((40, 60), np.bool_))


BAD_MASKS = {
    "of another size": segmentation(bitmap(size=(61, 40))),
    "with width and height swapped": segmentation(bitmap(size=(40, 60))),
    "whose runs do not fill the image": {"size": [40, 60], "counts": segmentation(bitmap(size=(30, 40)))["counts"]},
    "that is empty": empty(),
    "without runs": {"size": [40, 60], "counts": ""},
    "of strange characters": {"size": [40, 60], "counts": "\u2603~~"},
    "cut short": {"size": [40, 60], "counts": segmentation()["counts"][:-2]},
}


@pytest.mark.parametrize("kind", BAD_MASKS)
async def test_a_mask_that_does_not_fit_is_refused_and_nothing_is_stored(
    api: Api, image: dict[str, Any], kind: str
) -> None:
    stored, key = await api.annotated(image["id"]), uuid4()

    created = await api.annotate(image["id"], annotation(segmentation=BAD_MASKS[kind]), key)
    changed = await api.change(stored["id"], {"version": 1, "segmentation": BAD_MASKS[kind]})

    assert problem(created, 422, "invalid_mask")["detail"]
    problem(changed, 422, "invalid_mask")
    assert await api.annotations(image["id"]) == [stored]
    assert (await api.annotate(image["id"], annotation(), key)).status_code == 201, "a refusal does not use up its key"


async def test_a_category_of_no_or_another_project_is_refused(api: Api, image: dict[str, Any]) -> None:
    stored = await api.annotated(image["id"])
    elsewhere = (await api.project("other"))["categories"][0]["id"]

    for category in (elsewhere, 10**6):
        document = problem(await api.annotate(image["id"], annotation(category_id=category)), 422, "unknown_category")
        assert str(category) in document["detail"]
        problem(await api.change(stored["id"], {"version": 1, "category_id": category}), 422, "unknown_category")
    assert await api.annotations(image["id"]) == [stored]


BAD_BODIES = {
    "no mask": ({"segmentation": None}, "body.segmentation"),
    "an id that is no UUID": ({"id": "7"}, "body.id"),
    "a category too large": ({"category_id": 2**63}, "body.category_id"),
    "an unknown member": ({"colour": "red"}, "body.colour"),
    "another source": ({"provenance": provenance(source="me")}, "body.provenance"),
    "a token that is none": ({"provenance": provenance(token=4)}, "body.provenance.model.token"),
    "a prompt of no kind": ({"provenance": provenance(prompts=[{"x": 1}])}, "body.provenance.model.prompts.0"),
    "a digest that is none": ({"provenance": provenance(encoder_digest="abc")}, "body.provenance.model.encoder_digest"),
    "negative seconds": ({"provenance": provenance(seconds=-1)}, "body.provenance.model.seconds"),
}


@pytest.mark.parametrize("kind", BAD_BODIES)
async def test_a_malformed_request_is_told_where_each_fault_is(api: Api, image: dict[str, Any], kind: str) -> None:
    changes, path = BAD_BODIES[kind]

    document = problem(await api.annotate(image["id"], annotation(**changes)), 422, "invalid_request")

    assert [fault["path"] for fault in document["errors"]] == [path]
    assert path in document["detail"]
    assert await api.annotations(image["id"]) == []


async def test_a_change_of_nothing_is_refused(api: Api, image: dict[str, Any]) -> None:
    stored = await api.annotated(image["id"])

    problem(await api.change(stored["id"], {"version": 1}), 422, "invalid_request")


async def test_masks_go_with_their_image(api: Api, client: httpx.AsyncClient, image: dict[str, Any]) -> None:
    stored = await api.annotated(image["id"])

    assert (await client.delete(f"/images/{image['id']}")).status_code == 204

    problem(await api.annotate(image["id"], annotation()), 404, "not_found")
    problem(await api.delete(stored["id"], 1), 404, "not_found")


async def test_masks_are_listed_in_the_order_of_their_creation(api: Api, image: dict[str, Any]) -> None:
    made = [(await api.annotated(image["id"]))["id"] for _ in range(5)]

    assert [mask["id"] for mask in await api.annotations(image["id"])] == made
