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
from maskloop.errors import StartupError, UnavailableError
from maskloop.inference.embedder import Embedder
from maskloop.inference.encoder import Encoder, SamEncoder
from maskloop.inference.model import ServedModel, find_model
from maskloop.inference.store import EmbeddingStore
from maskloop.jobs.events import Connect, EventHub
from maskloop.jobs.lanes import Timing
from maskloop.jobs.worker import Worker
from maskloop.settings import Settings
from maskloop.store import open_store

log = structlog.get_logger(__name__)


class ModelMissingError(UnavailableError):
    """The server runs, but without weights."""

    code = "model_missing"


@dataclass(frozen=True)
class Inference:
    """The port. Without a served model everything but inference works; `model_missing` then says what to do."""

    sessions: async_sessionmaker[AsyncSession]
    embeddings: EmbeddingStore
    hub: EventHub
    timeout: float
    """Seconds that a request waits for an embedding."""
    served: ServedModel | None
    model_missing: str = ""

    @property
    def model(self) -> ServedModel:
        """Raises ModelMissingError, a 503 that says what to do."""
        if self.served is None:
            raise ModelMissingError(self.model_missing)
        return self.served

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
    served, model_missing = None, ""
    try:
        served = find_model(settings)
    except StartupError as error:
        model_missing = str(error)
        log.warning("no embeddings can be made or served", reason=model_missing)
    hub = EventHub(connector(database))
    async with hub.running():
        yield Inference(
            sessions=database.sessions,
            embeddings=EmbeddingStore(files),
            hub=hub,
            timeout=settings.embedding_timeout,
            served=served,
            model_missing=model_missing,
        )


@asynccontextmanager
async def open_worker(
    settings: Settings, database: Database, files: ObjectStore, encoder: Encoder
) -> AsyncIterator[Worker]:
    """A worker and its loaded model; run it inside. On leaving, computations that have begun are waited for."""
    async with AsyncExitStack() as stack:
        embedder = Embedder(encoder, files, max_pixels=settings.max_image_pixels)
        await stack.enter_async_context(embedder.running())
        yield Worker(
            sessions=database.sessions,
            connect=connector(database),
            embed=embedder.embed,
            encoder_digest=encoder.digest,
            timing=Timing(heartbeat=timedelta(seconds=settings.job_heartbeat)),
        )


async def run_worker(settings: Settings, model: ServedModel, on_start: Callable[[asyncio.Event], None]) -> None:
    """A worker without a server. `on_start` gets the event that ends it."""
    database, stop = Database.open(settings.database_url or ""), asyncio.Event()
    try:
        async with open_worker(settings, database, open_store(settings), make_encoder(settings, model)) as worker:
            on_start(stop)
            await worker.run(stop)
    finally:
        await database.close()


def make_encoder(settings: Settings, model: ServedModel) -> Encoder:
    """The real one; weights are read with its first use."""
    return SamEncoder(model, settings.weights_dir)


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
