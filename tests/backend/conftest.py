"""A real PostgreSQL for the whole run, migrated once and emptied after each test that used it; the real application."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from maskloop.bootstrap import running_database
from maskloop.db import Database
from maskloop.embedded import EmbeddedPostgres
from maskloop.main import create_app
from maskloop.settings import Settings
from maskloop.tables import Base
from tests.backend.factories import Api
from tests.backend.zoo import DEFAULT, make_models

MAX_UPLOAD_BYTES = 2_000_000


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder with a path short enough for a database's socket."""
    folder = Path(tempfile.mkdtemp(prefix="maskloop-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def dsn(scratch: Path) -> Iterator[str]:
    """MASKLOOP_TEST_DATABASE_URL (it will be emptied!), or an embedded PostgreSQL that need not survive a power cut."""
    if given := os.environ.get("MASKLOOP_TEST_DATABASE_URL"):
        yield given
        return
    server = EmbeddedPostgres(scratch / "postgres", options=("-c", "fsync=off", "-c", "synchronous_commit=off"))
    server.start()
    yield server.dsn
    server.stop()


@pytest.fixture(scope="session")
def settings(scratch: Path, dsn: str) -> Settings:
    wanted = Settings(
        data_dir=scratch / "data",
        database_url=dsn,
        weights_dir=scratch / "weights",
        frontend_dir=scratch / "dist",
        inline_worker=False,
        max_upload_bytes=MAX_UPLOAD_BYTES,
    )
    with running_database(wanted) as migrated:
        return migrated


@pytest.fixture(scope="session")
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    assert settings.database_url
    database = Database.open(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
async def database(open_database: Database) -> AsyncIterator[Database]:
    """An empty database; committed to like any other, emptied afterwards."""
    yield open_database
    names = [str(table.fullname) for table in Base.metadata.sorted_tables] + ["pgqueuer.pgqueuer"]
    async with open_database.engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))


@pytest.fixture(scope="session")
async def application(settings: Settings) -> AsyncIterator[FastAPI]:
    """The whole application, started, with a model that is known but not loaded: the queue is filled, and nobody
    empties it."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        app.state.inference = replace(app.state.inference, models=make_models(settings.weights_dir, DEFAULT))
        yield app


@pytest.fixture
async def client(application: FastAPI, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/api") as client:
        yield client


@pytest.fixture
def api(client: httpx.AsyncClient) -> Api:
    return Api(client)
