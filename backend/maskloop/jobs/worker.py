"""The worker: every lane, and the sweep that puts right what crashes leave behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop.jobs import queue
from maskloop.jobs.engine import Lane
from maskloop.jobs.events import Connect
from maskloop.jobs.lanes import Timing, run_lane, wait_for
from maskloop.jobs.pulling import Pull
from maskloop.jobs.running import Doing, Embed, JobRunner
from maskloop.projects.service import adopt_ready
from maskloop.tables import Encoders

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Worker:
    """Embeds images and pulls models until told to stop; several processes may."""

    sessions: async_sessionmaker[AsyncSession]
    connect: Connect
    embed: Embed
    pull: Pull
    encoders: Callable[[], Awaitable[Encoders]]
    """Of the models that are here; asked anew each time, for models come while the worker runs."""
    timing: Timing

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then ends what it has begun."""
        handle = JobRunner(self.sessions, Doing(self.embed, self.pull, self._catch_up), stop)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_sweeping(stop))
            for lane in Lane:
                tasks.create_task(run_lane(lane, self.connect, handle, self.timing, stop))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works beside the body of the `async with`; leaving it ends what was begun."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.run(stop))
            try:
                yield
            finally:
                stop.set()

    async def _keep_sweeping(self, stop: asyncio.Event) -> None:
        while True:
            try:
                await self._sweep()
            except (OSError, SQLAlchemyError, asyncpg.PostgresError) as error:
                log.warning("the queue could not be swept; trying again", reason=str(error))
            if await wait_for(stop, self.timing.sweep.total_seconds()):
                return

    async def _sweep(self) -> None:
        async with self.sessions.begin() as db:
            await self._catch_up(db)
            await queue.restore_lost(db, self.timing.sweep)
            await queue.release_orphans(db)

    async def _catch_up(self, db: AsyncSession) -> None:
        """Projects change to models that they wait for and that are here; images nobody asked about are queued."""
        encoders = await self.encoders()
        await adopt_ready(db, encoders)
        await queue.enqueue_missing(db, encoders)
