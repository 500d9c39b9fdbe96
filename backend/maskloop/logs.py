"""What is logged and how: events with fields, for people on a terminal and as JSON for machines. Quiet by default."""

import logging
import sys
import time
from http import HTTPStatus

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maskloop.settings import Settings

log = structlog.get_logger(__name__)


def configure_logging(settings: Settings) -> None:
    """Logs go to stderr; libraries speak from warnings on."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            *(_for_people() if sys.stderr.isatty() else _for_machines()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),  # stderr as it is then: it may be replaced
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr)


# Neither shows local variables with a traceback: they can be gigabytes of pixels, and secrets.
def _for_people() -> list[structlog.typing.Processor]:
    return [
        structlog.processors.TimeStamper("%H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]


def _for_machines() -> list[structlog.typing.Processor]:
    return [
        structlog.processors.TimeStamper("iso"),
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(),
    ]


class RequestLog:
    """One event a request: debug, or error where the server failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            write = log.error if status >= HTTPStatus.INTERNAL_SERVER_ERROR else log.debug
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            write("request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds)
