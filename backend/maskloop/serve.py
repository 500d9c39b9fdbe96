"""Serving: the socket first, then the database, then the application, and the link once people can click it."""

import errno
import socket
from contextlib import closing
from types import FrameType

import typer
import uvicorn
from fastapi import FastAPI

from maskloop.bootstrap import running_database
from maskloop.errors import StartupError
from maskloop.main import create_app
from maskloop.samples.service import add_sample_to_new
from maskloop.settings import Settings
from maskloop.store import open_store

SECONDS_TO_FINISH = 5
"""Given to open requests at the end, such as those that wait for an embedding."""


class Server(uvicorn.Server):
    """Says where it is once it answers, and ends event streams when it is told to stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, link: str) -> None:
        super().__init__(config)
        self._app = app
        self._link = link

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            typer.echo(f"Maskloop is at {self._link}  (Ctrl-C stops it)")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.started:
            self._app.state.inference.hub.close()
        super().handle_exit(sig, frame)


def serve(settings: Settings, *, with_sample: bool = False) -> None:
    """Until SIGTERM or Ctrl-C. Raises StartupError."""
    with closing(_bind(settings)) as listener, running_database(settings) as ready:
        open_store(ready)  # now, where an error is one line
        if with_sample:
            add_sample_to_new(ready)
        app = create_app(ready)
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )
        server = Server(config, app, _link(listener))
        server.run(sockets=[listener])
        if not server.started:
            raise StartupError("The server could not start; the lines above say why.")


def _bind(settings: Settings) -> socket.socket:
    """The listening socket. Taken before anything is started, so that two servers never share a data folder's port."""
    where = f"{settings.host}:{settings.port}"
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartupError(
                f"{where} is in use by another program, perhaps another Maskloop. "
                "Stop it, or choose another port with --port or MASKLOOP_PORT."
            ) from error
        raise StartupError(
            f"Cannot listen on {where}: {error.strerror}. Check MASKLOOP_HOST and MASKLOOP_PORT."
        ) from error


def _link(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    name = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
