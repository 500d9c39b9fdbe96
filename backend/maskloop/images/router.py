"""HTTP for images: upload, list, look at, delete."""

from contextlib import suppress
from typing import Annotated, NamedTuple

from fastapi import APIRouter, BackgroundTasks, File, Header, Query, Request, UploadFile
from obstore.store import ObjectStore
from starlette.responses import Response, StreamingResponse

from maskloop.db import Database, Db
from maskloop.errors import DomainError, NotFoundError, problems
from maskloop.images import queries, service
from maskloop.images.dependencies import EncodersDep, ImageDep
from maskloop.images.intake import safe_name
from maskloop.images.pyramid import pyramid_of
from maskloop.images.schemas import ImageDetail, ImageOut, ImagePage, Outcome, UploadFault, UploadOut, UploadResult
from maskloop.images.tiling import tile_type
from maskloop.inference.runtime import InferenceDep
from maskloop.inference.service import embed_ahead
from maskloop.projects.dependencies import MAX_ID, ProjectDep
from maskloop.store import Store, original_key, rendition_key, thumbnail_key, tile_key
from maskloop.tables import Image

router = APIRouter(tags=["images"])

FOREVER = "private, max-age=31536000, immutable"
CHUNK = 1024 * 1024


class Variant(NamedTuple):
    """One of the files of an image."""

    name: str
    key: str
    media_type: str


IfNoneMatch = Annotated[str | None, Header(include_in_schema=False)]


@router.post(
    "/projects/{project_id}/images",
    summary="Upload images",
    responses=problems(404, 422),
)
async def upload_images(
    *,
    project: ProjectDep,
    files: Annotated[list[UploadFile], File(description="One or many: JPEG, PNG, WebP, TIFF, BMP or GIF.")],
    request: Request,
    inference: InferenceDep,
    encoders: EncodersDep,
    db: Db,
) -> UploadOut:
    """Takes each file on its own: one that is rejected never stops the others.

    The same bytes twice in a project are one image. An embedding of each new image is computed in the background.
    """
    intake: service.Intake = request.app.state.intake
    results = []
    for upload in files:
        arrival = service.Arrival(upload.file, safe_name(upload.filename))
        try:
            image, is_new = await intake.take(db, project.id, arrival)
            if is_new:
                await embed_ahead(db, inference, project, [image.id])
            [shown] = await queries.read_images(db, encoders, Image.id == image.id)
            await db.commit()
            results.append(_accepted(arrival.name, shown, is_new))
        except DomainError as error:
            await db.rollback()
            results.append(_rejected(arrival.name, error))
    return UploadOut(results=results)


def _accepted(name: str, image: ImageOut, is_new: bool) -> UploadResult:
    outcome = Outcome.CREATED if is_new else Outcome.DUPLICATE
    return UploadResult(file_name=name, outcome=outcome, image=image, error=None)


def _rejected(name: str, error: DomainError) -> UploadResult:
    fault = UploadFault(code=error.code, detail=f"{name}: {error.detail}")
    return UploadResult(file_name=name, outcome=Outcome.REJECTED, image=None, error=fault)


@router.get("/projects/{project_id}/images", summary="List images", responses=problems(404, 422))
async def list_images(
    project: ProjectDep,
    encoders: EncodersDep,
    db: Db,
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="Id of the last image of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ImagePage:
    """A page of the project's images, in the order of their upload."""
    return await queries.read_page(db, encoders, project.id, after, limit)


@router.get("/images/{image_id}", summary="Read an image", responses=problems(404, 422))
async def read_image(image: ImageDep, encoders: EncodersDep, db: Db) -> ImageDetail:
    """The image, its place in the project, and its neighbours."""
    return await queries.read_detail(db, encoders, image)


@router.get(
    "/images/{image_id}/pixels",
    summary="Read an image's pixels",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}}, **problems(404, 422)},
)
async def read_pixels(image: ImageDep, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """What a browser can show: the original where it can, else an upright 8-bit sRGB rendition of the same size."""
    if image.rendition_type:
        rendition = Variant("rendition", rendition_key(image.digest), image.rendition_type)
        return await _file(store, image, rendition, if_none_match)
    original = Variant("original", original_key(image.digest), image.media_type)
    return await _file(store, image, original, if_none_match)


@router.get(
    "/images/{image_id}/thumbnail",
    summary="Read an image's thumbnail",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}}, **problems(404, 422)},
)
async def read_thumbnail(image: ImageDep, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """WebP, at most 384 pixels wide and high."""
    thumbnail = Variant("thumbnail", thumbnail_key(image.digest), "image/webp")
    return await _file(store, image, thumbnail, if_none_match)


@router.get(
    "/images/{image_id}/tiles/{level}/{x}/{y}",
    summary="Read a tile of a large image",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/webp": {}}}, **problems(404, 422)},
)
async def read_tile(
    *,
    image: ImageDep,
    level: int,
    x: int,
    y: int,
    request: Request,
    store: Store,
    db: Db,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """What the image's `tiles` speak of. JPEG of a JPEG; all others lose nothing."""
    pyramid = pyramid_of(image.width, image.height)
    if pyramid is None or not pyramid.has(level, x, y):
        raise NotFoundError(f"{image.file_name} has no tile {x}, {y} at level {level}.")
    key = tile_key(image.digest, level, x, y)
    tile = Variant(f"tile-{level}-{x}-{y}", key, tile_type(image.media_type))
    try:
        return await _file(store, image, tile, if_none_match)
    except NotFoundError:
        intake: service.Intake = request.app.state.intake
        await db.commit()  # cutting takes a while: hold no transaction meanwhile
        with suppress(FileNotFoundError):  # `_file` says so
            await intake.tile_maker.ensure(image.digest)
    return await _file(store, image, tile, if_none_match)


@router.delete("/images/{image_id}", summary="Delete an image", status_code=204, responses=problems(404, 422))
async def delete_image(image: ImageDep, request: Request, store: Store, tasks: BackgroundTasks, db: Db) -> None:
    """With its annotations. Its files go with the last image that has the same bytes."""
    database: Database = request.app.state.database
    await db.delete(image)
    tasks.add_task(service.drop_files, database.sessions, store, [image.digest])


async def _file(store: ObjectStore, image: Image, variant: Variant, if_none_match: str | None) -> Response:
    headers = {"ETag": f'"{image.digest}-{variant.name}"', "Cache-Control": FOREVER}
    if headers["ETag"] in (if_none_match or ""):
        return Response(status_code=304, headers=headers)
    try:
        found = await store.get_async(variant.key)
    except FileNotFoundError as error:
        raise NotFoundError(
            f"The file store has lost the {variant.name} of {image.file_name}. Delete the image and upload it again.",
            code="file_missing",
        ) from error
    headers["Content-Length"] = str(found.meta["size"])
    return StreamingResponse(found.stream(min_chunk_size=CHUNK), media_type=variant.media_type, headers=headers)
