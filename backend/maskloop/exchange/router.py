"""Downloads of a whole project."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from maskloop.db import Database
from maskloop.errors import problems
from maskloop.exchange.naming import attachment
from maskloop.exchange.schemas import CocoDocument, SegmentationForm
from maskloop.exchange.service import coco_document
from maskloop.projects.dependencies import ProjectDep

router = APIRouter(prefix="/projects/{project_id}/export", tags=["export"])

Form = Annotated[SegmentationForm, Query(description="Run-length encoding, or polygons with holes cut open.")]
WithProvenance = Annotated[
    bool,
    Query(description="Add masks' prompts, model and times, and categories' attribute definitions, as `maskloop`."),
]


class Download(StreamingResponse):
    """Streams a file; when the client goes away, what feeds it is closed at once, with its database connection.

    When an error ends the stream half-way, the server drops the connection without the final chunk: no client takes
    what it got for the whole.
    """

    def __init__(self, pieces: AsyncGenerator[bytes], disposition: str) -> None:
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        super().__init__(pieces, headers=headers, media_type="application/json")
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._pieces):
            await super().__call__(scope, receive, send)


@router.get(
    "/coco",
    summary="Export the project as COCO",
    status_code=200,
    response_class=Download,
    responses={200: {"model": CocoDocument, "description": "The whole project, of one moment"}, **problems(404)},
)
async def export_coco(
    project: ProjectDep,
    request: Request,
    segmentation: Form = SegmentationForm.RLE,
    provenance: WithProvenance = False,
) -> Download:
    """Categories, images and annotations in COCO's instance format; docs/coco.md says how each field is filled."""
    database: Database = request.app.state.database
    pieces = coco_document(database.sessions, project.id, segmentation, provenance)
    return Download(pieces, attachment(project.name, "-coco.json"))
