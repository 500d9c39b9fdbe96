"""COCO export: what readers get, from a real PostgreSQL, for projects empty, small and large."""

import asyncio
import json
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from pycocotools.coco import COCO
from sqlalchemy import delete, insert, text

from maskloop.db import Database
from maskloop.domain.masks import Bitmap, from_bitmap
from maskloop.exchange import records
from maskloop.exchange.schemas import CocoDocument, SegmentationForm
from maskloop.exchange.service import coco_document
from maskloop.tables import Annotation, Category, Image, Project

HEIGHT, WIDTH = 40, 50
PROVENANCE = {"source": "model", "token": 2, "note": None}


class Sample:
    """A project in the database that tests add to."""

    def __init__(self, database: Database, project_id: int) -> None:
        self.database, self.project_id, self.images = database, project_id, 0

    async def add(self, row: Any) -> Any:
        async with self.database.sessions() as session:
            session.add(row)
            await session.commit()
        return row

    async def category(self, name: str) -> int:
        row = await self.add(Category(project_id=self.project_id, name=name, color="#ff0000", position=0))
        return int(row.id)

    async def image(self, name: str = "photo.jpg", height: int = HEIGHT, width: int = WIDTH) -> int:
        self.images += 1
        digest = f"{self.images:016x}" + "0" * 48
        size = {"width": width, "height": height}
        row = Image(
            project_id=self.project_id, digest=digest, file_name=name, media_type="image/jpeg", byte_size=1, **size
        )
        return int((await self.add(row)).id)

    async def annotation(self, image_id: int, bitmap: Bitmap, category_id: int | None = None) -> Annotation:
        row: Annotation = await self.add(Annotation(**annotation_row(image_id, bitmap, category_id)))
        return row

    async def annotations(self, image_id: int, bitmap: Bitmap, count: int) -> None:
        row = annotation_row(image_id, bitmap)
        async with self.database.sessions() as session:
            await session.execute(insert(Annotation), [row | {"id": uuid4()} for _ in range(count)])
            await session.commit()


def annotation_row(image_id: int, bitmap: Bitmap, category_id: int | None = None) -> dict[str, Any]:
    mask = from_bitmap(bitmap)
    box = dict(zip(("bbox_x", "bbox_y", "bbox_w", "bbox_h"), mask.bbox, strict=True))
    measured = {"counts": mask.counts, "area": mask.area, **box}
    return {"id": uuid4(), "image_id": image_id, "category_id": category_id, "provenance": PROVENANCE, **measured}


@pytest.fixture
async def sample(database: Database) -> Sample:
    async with database.sessions() as session:
        project = Project(name="Straße")
        session.add(project)
        await session.commit()
    return Sample(database, project.id)


def ring(height: int = HEIGHT, width: int = WIDTH) -> Bitmap:
    bitmap = np.zeros((height, width), bool)
    bitmap[5:30, 10:40] = True
    bitmap[10:20, 15:25] = False
    bitmap[0, 0] = True
    return bitmap


def noise(height: int, width: int) -> Bitmap:
    return np.random.default_rng(7).random((height, width)) < 0.5


async def export(client: httpx.AsyncClient, sample: Sample, **query: Any) -> dict[str, Any]:
    response = await client.get(f"/projects/{sample.project_id}/export/coco", params=query)
    document: dict[str, Any] = response.raise_for_status().json()
    CocoDocument.model_validate(document)
    return document


@pytest.mark.parametrize("form", list(SegmentationForm))
async def test_pycocotools_reads_the_very_masks_that_were_stored(client, sample, form, tmp_path):
    cat, dog = await sample.category("cat"), await sample.category("dog")
    first, second = await sample.image("a.jpg"), await sample.image("b.jpg", 30, 60)
    stored = {}
    for image_id, bitmap, category in [(first, ring(), cat), (second, noise(30, 60), dog), (first, noise(40, 50), dog)]:
        row = await sample.annotation(image_id, bitmap, category)
        stored[row.coco_id] = (bitmap, image_id, category)
    file = tmp_path / "coco.json"
    file.write_text(json.dumps(await export(client, sample, segmentation=form.value)))

    coco = COCO(file)
    assert set(coco.getAnnIds()) == set(stored)
    for annotation in coco.loadAnns(coco.getAnnIds()):
        bitmap, image_id, category = stored[annotation["id"]]
        np.testing.assert_array_equal(coco.annToMask(annotation), bitmap)
        assert (annotation["image_id"], annotation["category_id"]) == (image_id, category)
        assert annotation["iscrowd"] == 0
        assert annotation["area"] == bitmap.sum()
        assert tuple(annotation["bbox"]) == from_bitmap(bitmap).bbox
    assert coco.getImgIds(catIds=[cat]) == [first]


async def test_an_empty_project_is_a_valid_file(client, sample):
    document = await export(client, sample)
    assert document["info"]["description"] == "Straße"
    assert (document["images"], document["annotations"], document["categories"]) == ([], [], [])


async def test_images_without_annotations_are_in_the_file(client, sample):
    image_id = await sample.image("a.jpg")
    assert (await export(client, sample))["images"] == [
        {"id": image_id, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}
    ]


async def test_other_projects_stay_out(client, sample, database):
    other = Sample(database, (await sample.add(Project(name="other"))).id)
    await other.annotation(await other.image(), ring(), await other.category("bird"))
    document = await export(client, sample)
    assert (document["images"], document["annotations"], document["categories"]) == ([], [], [])


async def test_masks_without_a_category_are_objects_of_an_id_that_is_free(client, sample):
    cat, image_id = await sample.category("cat"), await sample.image()
    await sample.annotation(image_id, ring(), cat)
    await sample.annotation(image_id, ring())
    document = await export(client, sample)
    assert [category["name"] for category in document["categories"]] == ["cat", "object"]
    assert [annotation["category_id"] for annotation in document["annotations"]] == [cat, cat + 1]
    assert document["categories"][1]["id"] == cat + 1


async def test_no_category_is_added_where_every_mask_has_one(client, sample):
    await sample.annotation(await sample.image(), ring(), await sample.category("cat"))
    assert [category["name"] for category in (await export(client, sample))["categories"]] == ["cat"]


async def test_a_project_with_a_category_called_object_gets_no_second_one(client, sample):
    ours = await sample.category("object")
    await sample.category("cat")
    await sample.annotation(await sample.image(), ring())
    document = await export(client, sample)
    assert sorted(category["name"] for category in document["categories"]) == ["cat", "object"]
    assert document["annotations"][0]["category_id"] == ours


async def test_images_of_one_name_are_told_apart(client, sample):
    for name in ("photo.jpg", "Photo.JPG", "other.jpg", "photo.jpg"):
        await sample.image(name)
    names = [image["file_name"] for image in (await export(client, sample))["images"]]
    assert names == ["photo.jpg", "Photo-0000000000000002.JPG", "other.jpg", "photo-0000000000000004.jpg"]


async def test_provenance_is_added_only_when_asked_for(client, sample):
    row = await sample.annotation(await sample.image(), ring())
    (plain,) = (await export(client, sample))["annotations"]
    (traced,) = (await export(client, sample, provenance=True))["annotations"]
    assert "maskloop" not in plain
    assert traced == plain | {"maskloop": {"id": str(row.id), "provenance": PROVENANCE}}


async def test_attributes_are_written_where_there_are_any(client, sample):
    image_id, said = await sample.image(), {"occluded": False, "age": 2.5, "view": "side"}
    await sample.add(Annotation(**annotation_row(image_id, ring()), attributes=said))
    await sample.annotation(image_id, ring())
    spoken, silent = (await export(client, sample))["annotations"]
    assert spoken["attributes"] == said
    assert "attributes" not in silent


async def test_definitions_of_attributes_are_added_only_when_asked_for(client, sample):
    definitions = [{"name": "view", "kind": "choice", "choices": ["front", "side"]}]
    row = Category(project_id=sample.project_id, name="cat", color="#ff0000", position=0, attributes=definitions)
    await sample.add(row)
    (plain,) = (await export(client, sample))["categories"]
    (traced,) = (await export(client, sample, provenance=True))["categories"]
    assert plain == {"id": row.id, "name": "cat", "supercategory": ""}
    assert traced == plain | {"maskloop": {"attributes": definitions}}


async def test_a_part_names_its_whole_by_the_number_in_the_file(client, sample):
    image_id = await sample.image()
    whole = await sample.annotation(image_id, ring())
    await sample.add(Annotation(**annotation_row(image_id, ring()), parent_id=whole.id))
    first, second = (await export(client, sample))["annotations"]
    assert "parent_id" not in first
    assert second["parent_id"] == first["id"]


async def test_it_is_a_download_under_the_projects_name(client, sample):
    response = await client.get(f"/projects/{sample.project_id}/export/coco")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Stra_e-coco.json\"; filename*=UTF-8''Stra%C3%9Fe-coco.json"
    )


async def test_an_unknown_project_is_a_problem_document(client):
    response = await client.get("/projects/999999/export/coco")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert "There is no project 999999" in response.json()["detail"]


async def test_an_unknown_form_is_a_problem_document(client, sample):
    response = await client.get(f"/projects/{sample.project_id}/export/coco", params={"segmentation": "svg"})
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert "'rle' or 'polygon'" in response.json()["detail"]


async def test_the_file_shows_one_moment_whatever_happens_meanwhile(sample, database):
    first = await sample.image("a.jpg")
    kept = await sample.annotation(first, ring())
    pieces = coco_document(database.sessions, sample.project_id, SegmentationForm.RLE, with_provenance=False)
    text_so_far = await anext(pieces)
    await sample.annotation(await sample.image("b.jpg"), ring(), await sample.category("late"))
    async with database.sessions() as session:
        await session.execute(delete(Annotation).where(Annotation.id == kept.id))
        await session.commit()
    document = json.loads(text_so_far + b"".join([piece async for piece in pieces]))
    assert [image["id"] for image in document["images"]] == [first]
    assert [annotation["id"] for annotation in document["annotations"]] == [kept.coco_id]


async def test_memory_does_not_grow_with_the_project(sample, database):
    bitmap = noise(128, 128)
    image_id = await sample.image(height=128, width=128)
    await sample.annotations(image_id, bitmap, 3000)
    tracemalloc.start()
    try:
        pieces = coco_document(database.sessions, sample.project_id, SegmentationForm.RLE, with_provenance=True)
        written = sum([len(piece) async for piece in pieces])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert written > 3000 * len(from_bitmap(bitmap).counts) > 20e6
    assert peak < 5e6


async def test_polygons_are_made_off_the_event_loop(client, sample, monkeypatch):
    await sample.annotation(await sample.image(), ring())
    threads = []

    def spy(mask):
        threads.append(threading.current_thread())
        return [[0, 0, 1, 0, 1, 1, 0, 1]]

    monkeypatch.setattr(records, "to_polygons", spy)
    await export(client, sample, segmentation="polygon")
    assert threads
    assert threading.current_thread() not in threads


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - neither uvicorn nor the pool tells
            await asyncio.sleep(0.01)


@pytest.fixture
async def url(application: FastAPI) -> AsyncIterator[str]:
    """The same application behind a real socket: how a stream ends is seen there only."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api"
    server.should_exit = True
    await serving


@pytest.fixture
async def large(sample: Sample) -> Sample:
    """More than sockets' buffers hold."""
    await sample.annotations(await sample.image(height=256, width=256), noise(256, 256), 1000)
    return sample


async def test_a_stream_that_fails_half_way_is_not_taken_for_a_file(url, large, database):
    received = bytearray()

    async def download() -> None:
        path = f"{url}/projects/{large.project_id}/export/coco"
        async with httpx.AsyncClient() as client, client.stream("GET", path) as response:
            assert response.status_code == 200
            async for piece in response.aiter_raw():
                if not received:
                    await terminate_transactions(database)
                received.extend(piece)

    with pytest.raises(httpx.RemoteProtocolError):
        await download()
    with pytest.raises(json.JSONDecodeError):
        json.loads(received)


async def terminate_transactions(database: Database) -> None:
    others = "datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
    async with database.sessions() as session:
        await session.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608


async def test_a_reader_who_leaves_gives_the_database_connection_back(url, large, application):
    pool = application.state.database.engine.pool
    path = f"{url}/projects/{large.project_id}/export/coco"
    async with httpx.AsyncClient() as client, client.stream("GET", path) as response:
        await anext(response.aiter_raw())
        assert pool.checkedout() == 1
    await until(lambda: pool.checkedout() == 0)
