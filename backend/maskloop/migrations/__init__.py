"""Brings a database to the schema of this version of the program."""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from maskloop.db import Database

log = structlog.get_logger(__name__)

LOCK_KEY = 0x6D61736B6C6F6F70
"""One migration at a time, however many servers start together ("maskloop" in ASCII)."""


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for the migrations of this package, bound to a connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(database: Database) -> None:
    """Upgrades to the newest schema, in one transaction; nothing happens where it is there already."""
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    before = MigrationContext.configure(connection).get_current_revision()
    command.upgrade(configuration(connection), "head")
    after = MigrationContext.configure(connection).get_current_revision()
    if before != after:
        log.info("database migrated", before=before, after=after)
