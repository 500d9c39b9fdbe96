"""What tests of background work need: a quick encoder that counts, images without files, and a worker of their own."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from fastapi import FastAPI
from sqlalchemy import Row, select, text

from maskloop.db import Database
from maskloop.inference.encoder import Encoder, Input, Pixels
from maskloop.inference.encoders import EncoderGoneError, EncoderPool
from maskloop.inference.runtime import connector
from maskloop.inference.store import EMBEDDING_SHAPE, Embedding
from maskloop.jobs.engine import Urgency
from maskloop.jobs.lanes import Timing
from maskloop.jobs.pulling import Pull, PullProgress
from maskloop.jobs.queue import enqueue_embeddings
from maskloop.jobs.running import Embed
from maskloop.jobs.worker import Worker
from maskloop.tables import Encoders, Image, Job, Project
from tests.backend.zoo import DEFAULT, encoder_of

ENCODER = encoder_of(DEFAULT)
QUICK = Timing(dequeue=timedelta(seconds=0.2), sweep=timedelta(seconds=0.2))


@dataclass
class FakeEncoder:
    """An encoder whose embedding says which image it is of. It blocks its thread while `free` is not set."""

    digest: str = ENCODER
    prepared: list[float] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)
    failures: list[Exception] = field(default_factory=list)
    seconds: float = 0

    def __post_init__(self) -> None:
        self.free.set()

    def warm(self) -> None:
        """Nothing to load."""

    def prepare(self, pixels: Pixels) -> Input:
        self.prepared.append(float(pixels.mean()))
        return np.array([pixels.mean()], np.float32)

    def encode(self, prepared: Input) -> Embedding:
        assert self.free.wait(30)
        time.sleep(self.seconds)
        self.runs.append(float(prepared[0]))
        if self.failures:
            raise self.failures.pop(0)
        return np.full(EMBEDDING_SHAPE, prepared[0], np.float16)


def pool_of(*encoders: Encoder) -> EncoderPool:
    """A worker's encoders, where these are the models that are here."""

    async def make(digest: str) -> Encoder:
        for encoder in encoders:
            if encoder.digest == digest:
                return encoder
        raise EncoderGoneError(digest)

    return EncoderPool(make, most=len(encoders))


@dataclass(frozen=True)
class Bench:
    """Images that exist only as rows, and their jobs."""

    database: Database

    async def images(self, count: int, name: str = "photo", project: str = "Bench") -> list[int]:
        """Ids of new images; the same `name` in two projects means the same bytes."""
        async with self.database.sessions.begin() as db:
            owner = Project(name=project)
            db.add(owner)
            await db.flush()
            rows = [_image(owner.id, f"{name} {number}") for number in range(count)]
            db.add_all(rows)
            await db.flush()
            return [row.id for row in rows]

    async def ask(self, *image_ids: int, urgency: Urgency = Urgency.AHEAD, retry_failed: bool = False) -> None:
        async with self.database.sessions.begin() as db:
            await enqueue_embeddings(db, image_ids, encoder_digest=ENCODER, urgency=urgency, retry_failed=retry_failed)

    async def jobs(self) -> list[Job]:
        async with self.database.sessions() as db:
            return list(await db.scalars(select(Job).order_by(Job.image_id)))

    async def job(self, image_id: int) -> Job:
        [job] = [job for job in await self.jobs() if job.image_id == image_id]
        return job

    async def entries(self) -> list[Row[tuple[str, int, str]]]:
        """What the engine holds: lane, priority, status."""
        async with self.database.sessions() as db:
            found = await db.execute(
                text("SELECT entrypoint, priority, status::text FROM pgqueuer.pgqueuer ORDER BY id")
            )
            return list(found.all())

    async def settled(self, *image_ids: int, seconds: float = 20) -> list[str]:
        """Waits until the jobs have ended; their states."""
        async with asyncio.timeout(seconds):
            while True:
                states = [job.state for job in await self.jobs() if not image_ids or job.image_id in image_ids]
                if states and not {"queued", "running"} & set(states):
                    return states
                await asyncio.sleep(0.02)


def digest_of(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _image(project_id: int, name: str) -> Image:
    return Image(
        project_id=project_id, digest=digest_of(name), file_name=f"{name}.png", media_type="image/png",
        byte_size=1, width=1, height=1,
    )  # fmt: skip


async def default_encoder() -> Encoders:
    """The default model is here, and no other."""
    return {None: ENCODER, DEFAULT: ENCODER}


async def no_pull(name: str, progress: PullProgress) -> None:
    """For tests in which no model is pulled."""
    raise AssertionError(f"nobody asked for {name}")


@asynccontextmanager
async def working(
    database: Database,
    embed: Embed,
    timing: Timing = QUICK,
    *,
    pull: Pull = no_pull,
    encoders: Callable[[], Awaitable[Encoders]] = default_encoder,
) -> AsyncIterator[Worker]:
    """A worker beside the body of the `async with`."""
    worker = Worker(database.sessions, connector(database), embed, pull, encoders, timing)
    async with worker.running():
        yield worker


@contextmanager
def ported(application: FastAPI, **parts: Any) -> Iterator[None]:
    """The application with parts of its inference port replaced."""
    original = application.state.inference
    application.state.inference = replace(original, **parts)
    try:
        yield
    finally:
        application.state.inference = original


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 10) -> None:
    """Waits until it holds, or fails."""
    async with asyncio.timeout(seconds):
        while True:
            outcome = holds()
            if outcome if isinstance(outcome, bool) else await outcome:
                return
            await asyncio.sleep(0.01)
