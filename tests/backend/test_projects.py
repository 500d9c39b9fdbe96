"""Projects and categories."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from tests.backend.factories import Api, image_file, pixels, problem


async def test_a_project_starts_empty_with_its_categories_in_order(api: Api) -> None:
    project = await api.project("  Pets ", ("cat", "dog", "bird"))

    assert project["name"] == "Pets"
    assert [category["name"] for category in project["categories"]] == ["cat", "dog", "bird"]
    assert [category["position"] for category in project["categories"]] == [0, 1, 2]
    assert len({category["color"] for category in project["categories"]}) == 3
    assert (project["image_count"], project["annotation_count"], project["embedded_count"]) == (0, 0, 0)
    assert project["cover_image_ids"] == []


async def test_numbers_follow_what_is_in_a_project(api: Api) -> None:
    project, other = await api.project("one"), await api.project("two")
    images = [await api.image(project["id"], image_file(pixels(seed=seed))) for seed in range(5)]
    await api.image(other["id"])
    await api.annotated(images[0]["id"])
    await api.annotated(images[0]["id"])

    shown = await api.read(f"/projects/{project['id']}")

    assert (shown["image_count"], shown["annotation_count"]) == (5, 2)
    assert shown["cover_image_ids"] == [image["id"] for image in images[:4]]
    assert await api.read("/projects") == [await api.read(f"/projects/{other['id']}"), shown]


async def test_listing_projects_costs_the_same_number_of_queries_however_many(api: Api, application: FastAPI) -> None:
    async def count_queries() -> int:
        statements: list[str] = []
        engine = application.state.database.engine.sync_engine
        listener = (engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        event.listen(*listener)
        await api.read("/projects")
        event.remove(*listener)
        return len(statements)

    await api.project("one")
    few = await count_queries()
    for number in range(5):
        await api.project(f"more {number}")

    assert few > 0
    assert await count_queries() == few


async def test_a_project_can_be_renamed(api: Api, client: httpx.AsyncClient) -> None:
    project = await api.project("Pets")

    renamed = (await client.patch(f"/projects/{project['id']}", json={"name": "Animals"})).json()

    assert renamed == project | {"name": "Animals"}
    assert await api.read(f"/projects/{project['id']}") == renamed


async def test_deleting_a_project_takes_everything_along_and_leaves_others_alone(
    api: Api, client: httpx.AsyncClient
) -> None:
    project, other = await api.project("one"), await api.project("two")
    image, kept = await api.image(project["id"]), await api.image(other["id"])
    category_id = project["categories"][0]["id"]
    await api.annotated(image["id"], category_id=category_id)

    assert (await client.delete(f"/projects/{project['id']}")).status_code == 204

    problem(await client.get(f"/projects/{project['id']}"), 404, "not_found")
    problem(await client.get(f"/images/{image['id']}"), 404, "not_found")
    problem(await client.patch(f"/categories/{category_id}", json={"name": "x"}), 404, "not_found")
    assert (await client.get(f"/images/{kept['id']}/pixels")).status_code == 200, "the same bytes, in the other project"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\nb", None])
async def test_a_name_that_cannot_be_shown_is_refused(client: httpx.AsyncClient, name: str | None) -> None:
    document = problem(await client.post("/projects", json={"name": name}), 422, "invalid_request")

    assert document["errors"][0]["path"] == "body.name"


async def test_two_categories_of_one_name_are_refused_and_nothing_is_stored(
    api: Api, client: httpx.AsyncClient
) -> None:
    body = {"name": "Pets", "categories": [{"name": "cat"}, {"name": "cat"}]}

    document = problem(await client.post("/projects", json=body), 409, "category_exists")

    assert "“cat”" in document["detail"]
    assert await api.read("/projects") == []


async def test_categories_are_added_changed_and_deleted(api: Api, client: httpx.AsyncClient) -> None:
    project = await api.project(categories=("cat",))
    added = await client.post(f"/projects/{project['id']}/categories", json={"name": "dog", "color": "#ABCDEF"})
    assert added.status_code == 201
    made = added.json()
    assert made == {"id": made["id"], "name": "dog", "color": "#abcdef", "position": 1, "attributes": []}

    changed = await client.patch(f"/categories/{added.json()['id']}", json={"name": "puppy"})
    assert changed.json() == added.json() | {"name": "puppy"}
    problem(await client.patch(f"/categories/{added.json()['id']}", json={"name": "cat"}), 409, "category_exists")

    assert (await client.delete(f"/categories/{project['categories'][0]['id']}")).status_code == 204
    assert [category["name"] for category in (await api.read(f"/projects/{project['id']}"))["categories"]] == ["puppy"]


@pytest.mark.parametrize(("position", "order"), [(0, "dog cat cow"), (1, "cat dog cow"), (9, "cat cow dog")])
async def test_a_category_moves_to_another_place(
    api: Api, client: httpx.AsyncClient, position: int, order: str
) -> None:
    project = await api.project(categories=("cat", "cow", "dog"))
    dog = project["categories"][2]

    moved = await client.patch(f"/categories/{dog['id']}", json={"position": position})

    categories = (await api.read(f"/projects/{project['id']}"))["categories"]
    assert [category["name"] for category in categories] == order.split()
    assert [category["position"] for category in categories] == [0, 1, 2]
    assert moved.json() in categories


async def test_a_category_in_use_is_not_deleted(api: Api, client: httpx.AsyncClient) -> None:
    project = await api.project()
    image = await api.image(project["id"])
    category = project["categories"][0]
    mask = await api.annotated(image["id"], category_id=category["id"])

    document = problem(await client.delete(f"/categories/{category['id']}"), 409, "category_in_use")
    assert "“cat” is used by 1 annotation" in document["detail"]

    await api.delete(mask["id"], mask["version"])
    assert (await client.delete(f"/categories/{category['id']}")).status_code == 204


@pytest.mark.parametrize("project_id", ["7", "0", "-1", "x", str(2**63)])
async def test_a_project_that_is_not_there_is_a_clear_error(client: httpx.AsyncClient, project_id: str) -> None:
    response = await client.get(f"/projects/{project_id}")

    assert response.status_code in {404, 422}
    assert response.headers["content-type"] == "application/problem+json"
