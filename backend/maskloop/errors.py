"""What can go wrong, as one small tree; and its form on the wire, RFC 9457 problem details.

A `detail` says what was wrong, with what, and what to do about it: it is shown to people as it is.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, InterfaceError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

PROBLEM_MEDIA_TYPE = "application/problem+json"
CODES = {413: "too_large"}
"""Where the phrase, which else gives the code, differs between versions of Python."""


class StartupError(Exception):
    """The program cannot start; the command line prints it as its one line and exits with 1."""


class DomainError(Exception):
    """Something the caller can understand and act on. Raise a subclass, or give a `code` of your own.

    Keywords other than `code` and `headers` become members of the problem document.
    """

    status: int = HTTPStatus.BAD_REQUEST
    code: str = "bad_request"

    def __init__(
        self, detail: str, *, code: str | None = None, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.headers = headers
        self.members = members


class NotFoundError(DomainError):
    """There is no such thing, or no longer."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class ConflictError(DomainError):
    """What is there already stands against it."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class InvalidError(DomainError):
    """Well-formed, and wrong in what it says."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"


class UnavailableError(DomainError):
    """Not now; try again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer."""

    code = "database_unavailable"

    def __init__(self) -> None:
        detail = "The database does not answer. Nothing was stored; the next request tries it again."
        super().__init__(detail, headers={"Retry-After": "2"})


class Fault(BaseModel):
    """One fault of a request: where it is and what is wrong with it."""

    path: str = Field(examples=["body.segmentation.counts"])
    detail: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """RFC 9457 problem details: what every error of this API looks like."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:maskloop:problem:not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no image 7."])
    code: str = Field(examples=["not_found"], description="Stable name of the fault, for programs.")
    instance: str = Field(examples=["/api/images/7"])
    errors: list[Fault] | None = Field(default=None, description="Each fault of a request that is not well-formed.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI `responses` for the statuses given: `@router.get(..., responses=problems(404, 409))`."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {PROBLEM_MEDIA_TYPE: schema}}
        for status in statuses
    }


def problem_response(
    request: Request, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """Renders one problem document."""
    body = {
        "type": f"urn:maskloop:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": request.url.path,
        **members,
    }
    return JSONResponse(jsonable_encoder(body), status, headers=headers, media_type=PROBLEM_MEDIA_TYPE)


async def _domain_error(request: Request, error: DomainError) -> Response:
    return problem_response(request, error.status, error.code, error.detail, error.headers, **error.members)


async def _validation_error(request: Request, error: RequestValidationError) -> Response:
    faults = [
        {"path": ".".join(str(part) for part in fault["loc"]), "detail": str(fault["msg"])} for fault in error.errors()
    ]
    summary = "; ".join(f"{fault['path']}: {fault['detail']}" for fault in faults[:3])
    detail = f"The request is not well-formed. {summary}"
    return problem_response(request, 422, "invalid_request", detail, errors=faults)


async def _http_exception(request: Request, error: HTTPException) -> Response:
    code = CODES.get(error.status_code) or HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return problem_response(request, error.status_code, code, str(error.detail), error.headers)


async def _database_error(request: Request, error: DBAPIError) -> Response:
    if isinstance(error, InterfaceError) or error.connection_invalidated:
        return await _domain_error(request, DatabaseUnavailableError())
    raise error


class LastResort:
    """Answers what nobody caught. As a middleware of ours, so that this answer has the headers of all others too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if started or scope["type"] != "http":
                raise  # the server breaks the connection off, so that nobody takes half an answer for a whole one
            log.exception("request failed", method=scope["method"], path=scope["path"])
            detail = "Something went wrong in the server; its log says what."
            await problem_response(Request(scope), 500, "internal_error", detail)(scope, receive, send)


def install_error_handlers(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""
    handlers: dict[type[Exception], Any] = {
        DomainError: _domain_error,
        RequestValidationError: _validation_error,
        HTTPException: _http_exception,
        DBAPIError: _database_error,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
