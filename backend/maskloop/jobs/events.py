"""A word between processes: "this image changed", "this project", "this model". PostgreSQL carries it (NOTIFY), each
process listens once.

The word carries no state. Who hears it reads the row, so nothing arrives out of order and nothing can be too large.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import asyncpg
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "maskloop_events"
RECONNECT_SECONDS = 1.0
PROBE_SECONDS = 30.0

log = structlog.get_logger()

Connect = Callable[[str], Awaitable[Any]]
"""Opens an asyncpg connection of its own under a name that operators see in `pg_stat_activity`."""


@dataclass(frozen=True)
class News:
    """What changed: an image of a project (its embedding, its masks), a project itself (its model), or the fetching of
    a model, which concerns every project."""

    project_id: int | None = None
    image_id: int | None = None
    model: str | None = None


async def publish(db: AsyncSession, news: News) -> None:
    """Tells every process, once the session's transaction commits."""
    said = {name: value for name, value in asdict(news).items() if value is not None}
    await db.execute(select(func.pg_notify(CHANNEL, json.dumps(said))))


@dataclass(eq=False)
class Subscription:
    """What one listener has not read yet. Several changes of the same thing between two reads are one."""

    project_id: int | None = None
    image_id: int | None = None
    changed: set[News] = field(default_factory=set)
    lost: bool = False
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, news: News) -> None:
        if self._concerns(news):
            self.changed.add(news)
            self._wake.set()

    def _concerns(self, news: News) -> bool:
        if self.image_id is not None:
            return news.image_id == self.image_id
        return news.model is not None or self.project_id in {None, news.project_id}

    def lose(self) -> None:
        """From now on changes may have been missed: the listener must look for itself."""
        self.lost = True
        self._wake.set()

    async def next(self) -> set[News]:
        """Waits for a change; what changed, empty when changes may have been missed."""
        await self._wake.wait()
        self._wake.clear()
        changed, self.changed = self.changed, set()
        return changed


class EventHub:
    """The one LISTEN connection of this process, and who in the process wants to hear."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._subscriptions: set[Subscription] = set()
        self._closed = False

    @contextmanager
    def subscribe(self, *, project_id: int | None = None, image_id: int | None = None) -> Iterator[Subscription]:
        """Hears of one project, its images and every model, or of one image, from here on."""
        subscription = Subscription(project_id=project_id, image_id=image_id, lost=self._closed)
        if self._closed:
            subscription.lose()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def close(self) -> None:
        """Ends what listens for long, so that a server that is asked to stop need not wait for open streams."""
        self._closed = True
        self._lose_all()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens for the body of the `async with`; on entry the connection stands."""
        connection = await self._listen()
        task = asyncio.create_task(self._keep_listening(connection))
        try:
            yield
        finally:
            self.close()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self) -> Any:
        connection = await self._connect("maskloop events")
        await connection.add_listener(CHANNEL, self._hear)
        return connection

    async def _keep_listening(self, connection: Any) -> None:
        while True:
            try:
                await _until_lost(connection)
            finally:
                connection.terminate()
            log.warning("events.connection_lost")
            self._lose_all()
            connection = await self._listen_again()

    async def _listen_again(self) -> Any:
        while True:
            try:
                return await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("events.reconnect_failed", reason=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        news = News(**json.loads(payload))
        for subscription in list(self._subscriptions):
            subscription.offer(news)

    def _lose_all(self) -> None:
        for subscription in list(self._subscriptions):
            subscription.lose()


async def _until_lost(connection: Any) -> None:
    """Returns when the connection no longer works: closed by the other side, or silent when asked."""
    closed = asyncio.Event()
    connection.add_termination_listener(lambda _: closed.set())
    while not closed.is_set():
        try:
            await asyncio.wait_for(closed.wait(), PROBE_SECONDS)
        except TimeoutError:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.execute("SELECT 1", timeout=PROBE_SECONDS)
                continue
            return
