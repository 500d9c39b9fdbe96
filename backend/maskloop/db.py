"""The way to PostgreSQL: engine, sessions, and one transaction a request."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

import asyncpg
from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from maskloop.errors import DatabaseUnavailableError, StartupError

POOL_SIZE = 10
POOL_OVERFLOW = 20
CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Database:
    """An open database. `dsn` is its plain URL, postgresql://..., for those who speak asyncpg themselves."""

    dsn: str
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]

    @classmethod
    def open(cls, dsn: str) -> "Database":
        """Connects lazily: nothing is sent before the first session."""
        engine = create_async_engine(
            "postgresql+asyncpg://",
            # asyncpg reads the URL, so that all of it means what PostgreSQL's own tools take it to mean (sslmode, ...).
            async_creator=partial(asyncpg.connect, dsn, timeout=CONNECT_SECONDS),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_pre_ping=True,  # the server may have been restarted under us
        )
        # What was read stays readable after the commit.
        return cls(dsn, engine, async_sessionmaker(engine, expire_on_commit=False))

    async def check(self) -> None:
        """Raises StartupError with the reason when the database cannot be reached."""
        try:
            async with self.engine.connect():
                pass
        except (OSError, SQLAlchemyError) as error:
            reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
            raise StartupError(
                f"Cannot reach the database at {without_password(self.dsn)}: {reason}. "
                "Check that PostgreSQL runs there and that MASKLOOP_DATABASE_URL is right."
            ) from error

    async def close(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()


def without_password(dsn: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(dsn)
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return parts._replace(netloc=f"{name}@{host}" if name else host).geturl()


async def get_db(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the handler returns, rolled back when it raises."""
    database: Database = request.app.state.database
    async with database.sessions() as session:
        await connected(session)
        yield session
        await session.commit()


async def connected(session: AsyncSession) -> None:
    """Begins the session's transaction. Raises DatabaseUnavailableError."""
    try:
        await session.connection()
    except (OSError, SQLAlchemyError) as error:
        raise DatabaseUnavailableError from error


# scope="function" ends the dependency when the handler returns, before the reply is sent; FastAPI's default is after.
# What a client was told is stored, is stored.
Db = Annotated[AsyncSession, Depends(get_db, scope="function")]
