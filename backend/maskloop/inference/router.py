"""Models, their decoders, embeddings, and what changes in a project as it changes."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import FileResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from maskloop.db import Db
from maskloop.errors import NotFoundError, problems
from maskloop.images.dependencies import get_image
from maskloop.inference import catalogue, service
from maskloop.inference.runtime import InferenceDep
from maskloop.inference.schemas import ModelEntryOut, ModelOut
from maskloop.inference.service import Delivery, Wanted
from maskloop.jobs.engine import Urgency
from maskloop.projects.dependencies import MAX_ID, ProjectDep, RowId, get_project
from maskloop.tables import Image, Project

router = APIRouter(prefix="/api", tags=["inference"])

IMMUTABLE = "private, max-age=31536000, immutable"
BINARY = "application/octet-stream"


class DecoderPart(StrEnum):
    """Of the decoder."""

    IMAGE = "image"
    CLICK = "click"


IfNoneMatch = Annotated[str | None, Header(include_in_schema=False)]


@router.get("/models", summary="List models", responses=problems(422))
async def list_models(
    inference: InferenceDep,
    db: Db,
    project: Annotated[
        int | None, Query(ge=1, le=MAX_ID, description="A project whose prepared images are to be counted.")
    ] = None,
) -> list[ModelEntryOut]:
    """Every model that a project can have: those that are here, and those that can be pulled."""
    return await catalogue.list_models(db, inference.models, project)


@router.post("/models/{name}/pull", summary="Pull a model", status_code=202, responses=problems(404, 422))
async def pull_model(name: str, inference: InferenceDep, db: Db) -> ModelEntryOut:
    """Asks a worker to fetch a model and make it ready: once, however many ask. A model that is here stays as it is; a
    pull that failed is tried again, and goes on where it broke off."""
    await catalogue.pull_model(db, inference.models, name)
    [entry] = await catalogue.read_models(db, inference.models, [name])
    return entry


@router.get("/projects/{project_id}/model", summary="Read the model of a project", responses=problems(404, 422, 503))
async def read_model(project: ProjectDep, inference: InferenceDep) -> ModelOut:
    """503 with `model_missing` while its weights are not here."""
    model = await inference.models.get(project.model)
    return ModelOut.of(model, (await inference.models.listing(model.name)).title)


@router.get(
    "/decoders/{digest}/{part}.onnx",
    summary="One of the decoder's two parts, which run in the browser",
    response_class=Response,
    responses={200: {"content": {BINARY: {}}, "description": "ONNX"}, **problems(404, 422)},
)
async def get_decoder(
    digest: str, part: DecoderPart, inference: InferenceDep, if_none_match: IfNoneMatch = None
) -> Response:
    """`image` runs once an image, `click` at every click. They never change, so browsers may keep them for ever."""
    model = await inference.models.with_decoder(digest)
    if model is None:
        raise NotFoundError(f"There is no decoder {digest}. GET /api/projects/ID/model names the one in use.")
    headers = _immutable(f"{digest}.{part}")
    if _has(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = model.files.decoder_image_path if part is DecoderPart.IMAGE else model.files.decoder_click_path
    return FileResponse(path, media_type=BINARY, headers=headers)


async def find_image(image_id: RowId, inference: InferenceDep) -> Image:
    """The image, read in a transaction that ends at once: what follows may wait for a minute."""
    async with inference.transaction() as db:
        return await get_image(image_id, db)


async def find_wanted(
    image: Annotated[Image, Depends(find_image)],
    encoder_digest: str,
    inference: InferenceDep,
    crop: Annotated[
        str | None, Query(pattern=r"^\d{1,7}(,\d{1,7}){3}$", description="`x,y,w,h`: of that part of the image alone.")
    ] = None,
) -> Wanted:
    """What is asked for, if there can be such a thing."""
    return await service.wanted_of(inference, image, encoder_digest, crop)


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
    wanted: Annotated[Wanted, Depends(find_wanted)],
    inference: InferenceDep,
    urgency: Annotated[
        Urgency, Query(description="`now`: a person waits for it. `ahead`: one may open it soon.")
    ] = Urgency.NOW,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Answers when the embedding is there: at once when it was computed before, else ahead of all work in the queue
    that nobody waits for. It never changes, so browsers may keep it for ever. Crops are squares of half the image's
    long side, of a quarter and so on, on quarter steps. 422: no such crop, or this image cannot be embedded, and why;
    asking again with `now` tries again. 503: not ready in time; ask again."""
    headers = _immutable(".".join(map(str, (wanted.encoder_digest, image.digest, *(wanted.crop or ())))))
    if _has(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    delivery = await service.get_embedding(inference, image, wanted.encoder_digest, urgency, wanted.crop)
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
    """Server-sent events: `image`, an `ImageEvent`; `project`, a `ProjectEvent`: its model changed; `model`, a
    `ModelEntryOut` without its numbers: how far the pulling of any model is. When the stream ends or opens anew,
    changes may have been missed: read again. Comments keep it open."""
    with inference.hub.subscribe(project_id=project.id) as changes:
        yield ServerSentEvent(comment="listening")
        while not changes.lost:
            for event in await service.events_of(inference, await changes.next()):
                yield event


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
