"""The one composition root: settings in, application out. Nothing is opened before the application starts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Literal

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy import text

from maskloop import __version__
from maskloop.annotations.router import router as annotations
from maskloop.db import Database, Db
from maskloop.errors import LastResort, StartupError, install_error_handlers, problems
from maskloop.exchange.router import router as exchange
from maskloop.images.router import router as images
from maskloop.images.service import Intake, Limits
from maskloop.inference.decoding import Decoding
from maskloop.inference.decoding_router import router as decoding
from maskloop.inference.router import router as inference
from maskloop.inference.runtime import open_inference, open_worker
from maskloop.logs import RequestLog
from maskloop.openapi import DESCRIPTION, describe
from maskloop.preferences.router import router as preferences
from maskloop.projects.router import router as projects
from maskloop.security import BodyLimit, Guard
from maskloop.settings import Settings
from maskloop.static import Frontend
from maskloop.store import open_store


class Health(BaseModel):
    """The server answers, and so does its database."""

    status: Literal["ok"] = "ok"
    version: str = Field(examples=["0.1.0"])


server = APIRouter(tags=["server"])


@server.get("/health", summary="Ask whether the server works", responses=problems(503))
async def read_health(db: Db) -> Health:
    """503 with `database_unavailable` while the database does not answer."""
    await db.execute(text("SELECT 1"))
    return Health(version=__version__)


def create_app(settings: Settings) -> FastAPI:
    """The application. `settings` must name a database that has the newest schema: see `bootstrap.running_database`."""
    app = FastAPI(
        title="Maskloop",
        version=__version__,
        description=DESCRIPTION,
        lifespan=_lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,  # these two load scripts from other servers
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    install_error_handlers(app)
    app.add_middleware(LastResort)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestLog)
    app.add_middleware(Guard, trusted_hosts=settings.trusted_hosts)
    for router in (server, projects, images, annotations, exchange, preferences):
        app.include_router(router, prefix="/api")
    app.include_router(inference)
    app.include_router(decoding)
    app.mount("/", Frontend(settings.frontend_dir.absolute()))
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # the way that FastAPI documents
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Opens what handlers use, and closes it in the opposite order."""
    settings: Settings = app.state.settings
    if not settings.database_url:
        raise StartupError(
            "No database is named. Start the server with `maskloop serve`, or set MASKLOOP_DATABASE_URL."
        )
    async with AsyncExitStack() as stack:
        app.state.store = open_store(settings)
        app.state.intake = Intake(app.state.store, Limits(settings.max_upload_bytes, settings.max_image_pixels))
        app.state.database = database = Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        port = await stack.enter_async_context(open_inference(settings, database, app.state.store))
        app.state.inference = port
        app.state.decoding = Decoding()
        stack.callback(app.state.decoding.close)
        if settings.inline_worker:
            worker = await stack.enter_async_context(open_worker(settings, database, app.state.store, port.models))
            await stack.enter_async_context(worker.running())
        yield


def _operation_id(route: APIRoute) -> str:
    """The handler's name: what the generated client calls the operation."""
    return route.name
