"""A worker process that claims a job and never ends it: `python -m tests.backend.stuck_worker DSN HEARTBEAT`."""

import asyncio
import sys
from datetime import timedelta

from maskloop.db import Database
from maskloop.jobs.engine import Urgency
from maskloop.jobs.lanes import Timing
from maskloop.jobs.records import EmbedWork
from tests.backend.workers import working


async def main(dsn: str, heartbeat: float) -> None:
    async def embed(work: EmbedWork, _urgency: Urgency) -> None:
        sys.stdout.write(f"{work.image_digest}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    timing = Timing(timedelta(seconds=heartbeat), timedelta(seconds=0.2), timedelta(seconds=60))
    async with working(Database.open(dsn), embed, timing):
        await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], float(sys.argv[2])))
