"""The commands of docker-compose.yml as processes, on a PostgreSQL of their own: one photo from upload to export."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx
import numpy as np
import psutil
import pytest
import skimage
from pycocotools.coco import COCO

from maskloop.domain.masks import from_bitmap
from maskloop.embedded import EmbeddedPostgres
from tests.deploy.compose import BASE, REPOSITORY, load
from tests.support.server import free_port

PHOTO = Path(skimage.__file__).parent / "data" / "coffee.png"
PROVENANCE = {
    "source": "model",
    "encoder_digest": "0" * 64,
    "decoder_digest": "0" * 64,
    "prompts": [{"kind": "point", "x": 300.5, "y": 200.5, "label": 1, "at_ms": 0}],
    "token": 0,
    "predicted_iou": 0.9,
    "stability": 0.9,
    "seconds": 1.5,
}


@dataclass(frozen=True)
class Service:
    """One service of the compose file, as a process of ours."""

    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> int:
        """SIGTERM, as `docker compose stop` sends it; the exit code."""
        self.process.terminate()
        return self.process.wait(30)


@dataclass(frozen=True)
class Deployment:
    folder: Path
    database_url: str
    port: int

    @property
    def api(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api", timeout=60)

    def environment(self, service: dict[str, Any]) -> dict[str, str]:
        """The compose file's, with what containers have by other means: the database's host, the volume, the port."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("MASKLOOP_")}
        places = {
            "MASKLOOP_DATABASE_URL": self.database_url,
            "MASKLOOP_DATA_DIR": str(self.folder / "data"),
            "MASKLOOP_PORT": str(self.port),
        }
        assert set(service["environment"]) >= {"MASKLOOP_DATABASE_URL"}
        return ours | service["environment"] | places

    @contextmanager
    def run(self, name: str) -> Iterator[Service]:
        service = load(BASE, environment={"MASKLOOP_DB_PASSWORD": "secret"})["services"][name]
        program, *arguments = service["command"]
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [Path(sys.executable).with_name(program), *arguments],
                cwd=REPOSITORY,
                env=self.environment(service),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Service(process, log)
        finally:
            process.kill()
            process.wait()


def wait_until(condition: Callable[[], bool], service: Service, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert service.process.poll() is None, f"it ended:\n{service.log.read_text()[-4000:]}"
        assert time.monotonic() < deadline, f"not in {seconds} s:\n{service.log.read_text()[-4000:]}"
        time.sleep(0.1)


def answers(api: httpx.Client) -> bool:
    try:
        return api.get("/health").is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A second PostgreSQL server, known to Maskloop by its URL only, with an account that is not a superuser."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("external") / "postgres")
    server.start()
    try:
        socket = quote(str(server.socket_folder), safe="")
        superuser = f"postgresql://postgres@/postgres?host={socket}"
        _execute(superuser, "CREATE ROLE maskloop LOGIN PASSWORD 'secret'", "CREATE DATABASE maskloop OWNER maskloop")
        yield f"postgresql://maskloop:secret@/maskloop?host={socket}"
    finally:
        server.stop()


def _execute(url: str, *statements: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(url)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(execute())


@pytest.fixture
def deployment(tmp_path: Path, database_url: str) -> Deployment:
    return Deployment(tmp_path, database_url, free_port())


def embedding_state(api: httpx.Client, image_id: int) -> str:
    state: str = api.get(f"/images/{image_id}").raise_for_status().json()["embedding"]["state"]
    return state


def accept_a_mask(api: httpx.Client, image: dict[str, Any]) -> np.ndarray:
    bitmap = np.zeros((image["height"], image["width"]), bool)
    bitmap[100:300, 200:400] = True
    bitmap[150:200, 250:300] = False
    mask = from_bitmap(bitmap)
    body = {
        "id": str(uuid4()),
        "category_id": None,
        "segmentation": {"size": mask.size, "counts": mask.counts},
        "provenance": PROVENANCE,
    }
    headers = {"Idempotency-Key": str(uuid4())}
    api.post(f"/images/{image['id']}/annotations", json=body, headers=headers).raise_for_status()
    return bitmap


def test_the_services_of_the_compose_file_take_a_photo_from_upload_to_export(deployment, tmp_path):
    with deployment.run("migrate") as migrate:
        assert migrate.process.wait(60) == 0, migrate.log.read_text()

    with deployment.run("web") as web, deployment.api as api:
        wait_until(lambda: answers(api), web)
        project = api.post("/projects", json={"name": "Kaffee ☕"}).raise_for_status().json()
        with PHOTO.open("rb") as photo:
            upload = api.post(f"/projects/{project['id']}/images", files={"files": (PHOTO.name, photo, "image/png")})
        (result,) = upload.raise_for_status().json()["results"]
        image = result["image"]
        time.sleep(1)
        assert embedding_state(api, image["id"]) == "queued", "the web service must leave it to the worker"

        with deployment.run("worker") as worker:
            wait_until(lambda: embedding_state(api, image["id"]) == "ready", worker)
            model = api.get(f"/projects/{project['id']}/model").raise_for_status().json()
            embedding = api.get(f"/images/{image['id']}/embeddings/{model['encoder_digest']}").raise_for_status()
            assert len(embedding.content) == 256 * 64 * 64 * 2

            bitmap = accept_a_mask(api, image)
            export = api.get(f"/projects/{project['id']}/export/coco").raise_for_status()
            (tmp_path / "coco.json").write_bytes(export.content)

            children = psutil.Process(worker.process.pid).children(recursive=True)
            assert worker.stop() == 0, worker.log.read_text()
            assert not any(child.is_running() for child in children)
        assert web.stop() == 0, web.log.read_text()

    coco = COCO(tmp_path / "coco.json")
    (annotation,) = coco.loadAnns(coco.getAnnIds())
    np.testing.assert_array_equal(coco.annToMask(annotation), bitmap)
