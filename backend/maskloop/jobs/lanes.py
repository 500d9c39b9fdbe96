"""Running one lane of the queue: claim, run, report, over one connection of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import structlog
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as Claimed
from pgqueuer.domain.types import Channel

from maskloop.jobs import engine
from maskloop.jobs.engine import CHANNEL, Lane
from maskloop.jobs.events import Connect

RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)

Handler = Callable[[Lane, bytes], Awaitable[float | None]]
"""Runs the payload of one entry. None: done, for good or ill. A number: try again after that many seconds."""


@dataclass(frozen=True)
class Timing:
    """How the engine waits. `heartbeat` is how long a silent worker is believed alive; it beats twice in that time."""

    heartbeat: timedelta = timedelta(seconds=30)
    dequeue: timedelta = timedelta(seconds=1)
    """The longest a wake-up that got lost can delay a job."""
    sweep: timedelta = timedelta(seconds=15)
    """How often what crashes left behind is put right."""


SLOTS = {Lane.FAST: 4, Lane.BULK: 2, Lane.PULL: 2}
"""Entries a lane holds at once, two at least: one computes, the others read and decode their images meanwhile."""


async def run_lane(lane: Lane, connect: Connect, handle: Handler, timing: Timing, stop: asyncio.Event) -> None:
    """Works the lane until `stop` is set and what it claimed is done. Connects again when the connection is lost."""
    while not stop.is_set():
        try:
            await _run_once(lane, connect, handle, timing, stop)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("the queue's connection was lost; connecting again", lane=lane.value, reason=str(error))
        except Exception:  # whatever it was, a lane that is gone for good would be worse
            log.exception("a lane of the queue stopped; starting it again", lane=lane.value)
        await wait_for(stop, RECONNECT_SECONDS)


async def wait_for(stop: asyncio.Event, seconds: float) -> bool:
    """Sleeps, or returns as soon as `stop` is set; whether it is."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _run_once(lane: Lane, connect: Connect, handle: Handler, timing: Timing, stop: asyncio.Event) -> None:
    manager_name = engine.new_manager_id()
    connection = await connect(engine.session_name(manager_name))
    try:
        manager = QueueManager(engine.queries(connection), Channel(CHANNEL))
        manager.queue_manager_id = manager_name
        manager.shutdown = stop
        manager.entrypoint(lane.value)(_entrypoint(lane, handle))
        await manager.run(
            dequeue_timeout=timing.dequeue,
            batch_size=1,  # a result is recorded at once, not when a batch is full
            max_concurrent_tasks=SLOTS[lane],
            heartbeat_timeout=timing.heartbeat,
            shutdown_on_listener_failure=False,
        )
    finally:
        connection.terminate()


def _entrypoint(lane: Lane, handle: Handler) -> Callable[[Claimed], Awaitable[None]]:
    async def run(claimed: Claimed) -> None:
        delay = await handle(lane, claimed.payload or b"")
        if delay is not None:
            raise RetryRequested(timedelta(seconds=delay), reason="see the job table")

    return run
