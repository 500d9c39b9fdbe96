"""PgQueuer as this project sets it up: its own database schema, its two lanes, its calls.

Everything that names the engine's tables, entry points or query builders is here, so that another engine
(docs/decisions/0003-the-queue.md names one) means another version of this file and of `lanes.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import uuid4

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel, QueueManagerId

SCHEMA = "pgqueuer"
CHANNEL = "maskloop_queue"


class Lane(StrEnum):
    """An entry point of the queue. `FAST` has a person waiting; `BULK` is work ahead of people; `PULL` fetches models,
    which takes minutes, and must not hold the place of an image."""

    FAST = "embed_fast"
    BULK = "embed_bulk"
    PULL = "pull"


class Urgency(StrEnum):
    """How soon a person needs the result: `NOW` waits for it, `AHEAD` may need it later."""

    NOW = "now"
    AHEAD = "ahead"

    @property
    def lane(self) -> Lane:
        return Lane.FAST if self is Urgency.NOW else Lane.BULK

    @property
    def priority(self) -> int:
        """Of the job, and inside the engine; higher runs first."""
        return 10 if self is Urgency.NOW else 0


@dataclass(frozen=True)
class Entry:
    """One piece of work as the queue holds it. `dedupe_key` keeps it once in the queue until it has run."""

    dedupe_key: str
    payload: bytes


@cache
def _settings() -> DBSettings:
    return DBSettings(db_schema=SCHEMA, channel=Channel(CHANNEL))


def install_sql() -> str:
    """The engine's tables, indexes and trigger: several statements, for the simple query protocol."""
    return QueryBuilderEnvironment(_settings()).build_install_query()


def queries(connection: Any) -> Queries:
    """The engine's calls over one raw asyncpg connection, in whatever transaction that connection is in."""
    settings = _settings()
    return Queries(
        AsyncpgDriver(connection),
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )


async def put(connection: Any, entries: Sequence[Entry], urgency: Urgency) -> None:
    """Queues each entry once, inside the connection's transaction; what waits already is only ever raised."""
    if urgency is Urgency.NOW:
        await _move_to_fast_lane(connection, [entry.dedupe_key for entry in entries])
    await put_in(connection, urgency.lane, entries, urgency.priority)


async def put_in(connection: Any, lane: Lane, entries: Sequence[Entry], priority: int = 0) -> None:
    """The same in a lane of one's choice; an entry stays in the lane that it is in."""
    await queries(connection).enqueue(
        [lane.value] * len(entries),
        [entry.payload for entry in entries],
        [priority] * len(entries),
        dedupe_key=[entry.dedupe_key for entry in entries],
        on_conflict="update_priority",
    )


async def _move_to_fast_lane(connection: Any, keys: list[str]) -> None:
    # The engine's upsert raises the priority but keeps the lane. The upsert that follows sends the wake-up.
    await connection.execute(
        f"UPDATE {SCHEMA}.pgqueuer SET entrypoint = $1 "  # noqa: S608 -- a constant, no input
        "WHERE dedupe_key = ANY($2::text[]) AND status = 'queued' AND entrypoint <> $1",
        Lane.FAST.value,
        keys,
    )


async def present(connection: Any, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that the queue holds, waiting or running."""
    rows = await connection.fetch(
        f"SELECT dedupe_key FROM {SCHEMA}.pgqueuer "  # noqa: S608 -- a constant, no input
        "WHERE dedupe_key = ANY($1::text[]) AND status IN ('queued', 'picked')",
        list(keys),
    )
    return {row["dedupe_key"] for row in rows}


def new_manager_id() -> QueueManagerId:
    return QueueManagerId(uuid4())


def session_name(manager: QueueManagerId) -> str:
    """Name of the database session that a lane's manager works over, in `pg_stat_activity`."""
    return f"maskloop lane {manager}"


async def release_orphans(connection: Any) -> None:
    """Lets the next dequeue take what dead workers held, without waiting for their heartbeats to be overdue.

    A worker whose database session is gone is dead or cut off. If it was only cut off, its work runs twice, which
    final writes allow for.
    """
    await connection.execute(
        f"UPDATE {SCHEMA}.pgqueuer SET heartbeat = now() - interval '1 day' "  # noqa: S608 -- a constant, no input
        "WHERE status = 'picked' AND NOT EXISTS (SELECT FROM pg_stat_activity "
        "WHERE application_name = 'maskloop lane ' || queue_manager_id)"
    )
