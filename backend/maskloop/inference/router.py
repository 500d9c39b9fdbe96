"""The model, its decoder, embeddings, and what changes in a project as it changes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import FileResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from maskloop.errors import NotFoundError, problems
from maskloop.images.dependencies import get_image
from maskloop.inference import service
from maskloop.inference.runtime import InferenceDep
from maskloop.inference.schemas import ModelOut
from maskloop.inference.service import Delivery
from maskloop.jobs.engine import Urgency
from maskloop.projects.dependencies import RowId, get_project
from maskloop.tables import Image, Project

router = APIRouter(prefix="/api", tags=["inference"])

IMMUTABLE = "private, max-age=31536000, immutable"
BINARY = "application/octet-stream"

IfNoneMatch = Annotated[str | None, Header(include_in_schema=False)]


@router.get("/model", summary="The model in use", responses=problems(503))
async def get_model(inference: InferenceDep) -> ModelOut:
    return ModelOut.of(inference.model)


@router.get(
    "/decoders/{digest}.onnx",
    summary="The decoder that runs in the browser",
    response_class=Response,
    responses={200: {"content": {BINARY: {}}, "description": "ONNX"}, **problems(404, 503)},
)
async def get_decoder(digest: str, inference: InferenceDep, if_none_match: IfNoneMatch = None) -> Response:
    model = inference.model
    if digest != model.decoder_digest:
        raise NotFoundError(f"There is no decoder {digest}. GET /api/model names the one in use.")
    headers = _immutable(digest)
    if _has(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return FileResponse(model.decoder_path, media_type=BINARY, headers=headers)


async def find_image(image_id: RowId, inference: InferenceDep) -> Image:
    """The image, read in a transaction that ends at once: what follows may wait for a minute."""
    async with inference.transaction() as db:
        return await get_image(image_id, db)


@router.get(
    "/images/{image_id}/embeddings/{encoder_digest}",
    summary="The embedding of an image, computed if need be",
    response_class=Response,
    responses={
        200: {"content": {BINARY: {}}, "description": "2 MiB: (256,64,64) float16, little-endian, C order"},
        **problems(404, 422, 503),
    },
)
async def get_embedding(
    image: Annotated[Image, Depends(find_image)],
    encoder_digest: str,
    inference: InferenceDep,
    urgency: Annotated[
        Urgency, Query(description="`now`: a person waits for it. `ahead`: one may open it soon.")
    ] = Urgency.NOW,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Answers when the embedding is there: at once when it was computed before, else ahead of all work in the queue
    that nobody waits for. It never changes, so browsers may keep it for ever. 422: this image cannot be embedded, and
    why; asking again with `now` tries again. 503: not ready in time; ask again."""
    if encoder_digest != inference.model.encoder_digest:
        raise NotFoundError(f"There is no encoder {encoder_digest}. GET /api/model names the one in use.")
    headers = _immutable(f"{encoder_digest}.{image.digest}")
    if _has(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    delivery = await service.get_embedding(inference, image, encoder_digest, urgency)
    return Response(delivery.data, media_type=BINARY, headers=headers | {"Server-Timing": _timing(delivery)})


async def find_project(project_id: RowId, inference: InferenceDep) -> Project:
    """The project, read in a transaction that ends at once: what follows may last for hours."""
    async with inference.transaction() as db:
        return await get_project(project_id, db)


@router.get(
    "/projects/{project_id}/events",
    summary="What changes in a project, as it changes",
    response_class=EventSourceResponse,
    responses=problems(404),
)
async def project_events(
    project: Annotated[Project, Depends(find_project)], inference: InferenceDep
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events named `image`, each an `ImageEvent`. When the stream ends or opens anew, changes may have been
    missed: read the images again. Comments keep it open."""
    with inference.hub.subscribe(project_id=project.id) as changes:
        yield ServerSentEvent(comment="listening")
        while not changes.lost:
            image_ids = await changes.next()
            for event in await service.image_events(inference, image_ids):
                yield ServerSentEvent(event="image", data=event)


def _immutable(tag: str) -> dict[str, str]:
    return {"Cache-Control": IMMUTABLE, "ETag": f'"{tag}"'}


def _has(if_none_match: str | None, etag: str) -> bool:
    """Whether the client holds it: its header is `*` or a list of tags, weak ones included (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or "*" in tags


def _timing(delivery: Delivery) -> str:
    """Server-Timing, in milliseconds."""
    read = f"store;dur={delivery.read * 1000:.1f}"
    return f"wait;dur={delivery.waited * 1000:.1f}, {read}" if delivery.waited else read
