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
    """Logs go to stderr; libraries speak from warnings on, or as we do when that is debug."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    for_people = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso" if not for_people else "%H:%M:%S", utc=not for_people),
            *([] if for_people else [structlog.processors.dict_tracebacks]),
            structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=level if level == logging.DEBUG else max(level, logging.WARNING), stream=sys.stderr)


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
