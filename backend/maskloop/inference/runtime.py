"""What inference needs while the program runs, opened and closed as one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import asyncpg
import structlog
from fastapi import Depends, Request
from obstore.store import ObjectStore
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop.db import Database, connected
from maskloop.inference.embedder import Embedder
from maskloop.inference.encoder import make_encoder
from maskloop.inference.encoders import EncoderPool, encoders_of
from maskloop.inference.model import ServedModel
from maskloop.inference.models import ModelMissingError, Models, puller
from maskloop.inference.store import EmbeddingStore
from maskloop.jobs.events import Connect, EventHub
from maskloop.jobs.lanes import Timing
from maskloop.jobs.worker import Worker
from maskloop.settings import Settings
from maskloop.store import open_store

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Inference:
    """The port. Without any model everything but inference works."""

    sessions: async_sessionmaker[AsyncSession]
    embeddings: EmbeddingStore
    hub: EventHub
    timeout: float
    """Seconds that a request waits for an embedding."""
    models: Models

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A short one, apart from the request's: whoever waits must not hold a connection meanwhile."""
        async with self.sessions() as db:
            await connected(db)
            yield db
            await db.commit()


@asynccontextmanager
async def open_inference(settings: Settings, database: Database, files: ObjectStore) -> AsyncIterator[Inference]:
    """Listens for events while open. Weights that are missing are reported in one line, and are not fatal."""
    models = Models.of(settings)
    try:
        await models.get(None)
    except ModelMissingError as error:
        log.warning("the default model cannot be used", reason=error.detail)
    hub = EventHub(connector(database))
    async with hub.running():
        yield Inference(
            sessions=database.sessions,
            embeddings=EmbeddingStore(files),
            hub=hub,
            timeout=settings.embedding_timeout,
            models=models,
        )


@asynccontextmanager
async def open_worker(
    settings: Settings, database: Database, files: ObjectStore, models: Models
) -> AsyncIterator[Worker]:
    """A worker; run it inside. It loads the default model at once, where that is here. On leaving, computations that
    have begun are waited for."""
    async with AsyncExitStack() as stack:
        pool = EncoderPool(encoders_of(models, make_encoder))
        embedder = Embedder(pool, files, max_pixels=settings.max_image_pixels)
        await stack.enter_async_context(embedder.running((await models.encoders()).get(None)))
        yield Worker(
            sessions=database.sessions,
            connect=connector(database),
            embed=embedder.embed,
            pull=puller(models),
            encoders=models.encoders,
            timing=Timing(heartbeat=timedelta(seconds=settings.job_heartbeat)),
        )


async def run_worker(settings: Settings, model: ServedModel, on_start: Callable[[asyncio.Event], None]) -> None:
    """A worker without a server. `model` is the default one, which it needs from the start; `on_start` gets the event
    that ends it."""
    log.info("the worker starts", model=model.name, digest=model.encoder_digest)
    database, stop = Database.open(settings.database_url or ""), asyncio.Event()
    try:
        async with open_worker(settings, database, open_store(settings), Models.of(settings)) as worker:
            on_start(stop)
            await worker.run(stop)
    finally:
        await database.close()


def connector(database: Database) -> Connect:
    """Opens connections of their own, outside the pool, for those who listen."""

    async def connect(name: str) -> Any:
        return await asyncpg.connect(database.dsn, server_settings={"application_name": name})

    return connect


async def get_inference(request: Request) -> Inference:
    """The port that the composition root opened."""
    inference: Inference = request.app.state.inference
    return inference


InferenceDep = Annotated[Inference, Depends(get_inference)]
