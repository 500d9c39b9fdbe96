"""From settings to a database that is there and up to date: what every command does before its own work."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from maskloop.db import Database
from maskloop.embedded import EmbeddedPostgres
from maskloop.migrations import migrate
from maskloop.settings import Settings
from maskloop.store import ensure_folder

Result = TypeVar("Result")

OTHER_CLIENTS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@contextmanager
def running_database(settings: Settings) -> Iterator[Settings]:
    """Settings that name a database which answers and has the newest schema. Raises StartupError.

    Without MASKLOOP_DATABASE_URL it is the embedded one: attached to where it runs, which it does when the program was
    killed, else started. On the way out it is stopped, unless another program still uses it.
    """
    if settings.database_url:
        asyncio.run(_with(settings.database_url, _make_ready))
        yield settings
        return
    server = EmbeddedPostgres(ensure_folder(settings.data_dir) / "postgres")
    server.start()
    try:
        asyncio.run(_with(server.dsn, _make_ready))
        yield settings.model_copy(update={"database_url": server.dsn})
    finally:
        if asyncio.run(_with(server.dsn, _is_unused)):
            server.stop()


async def _with(dsn: str, use: Callable[[Database], Awaitable[Result]]) -> Result:
    database = Database.open(dsn)
    try:
        return await use(database)
    finally:
        await database.close()


async def _make_ready(database: Database) -> None:
    await database.check()
    await migrate(database)


async def _is_unused(database: Database) -> bool:
    """Whether it runs and nobody else is connected."""
    try:
        async with database.sessions() as db:
            return not await db.scalar(OTHER_CLIENTS)
    except (OSError, SQLAlchemyError):
        return False  # it was stopped or killed meanwhile
