"""HTTP for annotations. Every change carries an Idempotency-Key and is made exactly once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.responses import JSONResponse

from maskloop.annotations import service
from maskloop.annotations.mutations import ClaimDep, once
from maskloop.annotations.schemas import AnnotationIn, AnnotationOut, AnnotationPatch
from maskloop.db import Db
from maskloop.errors import problems
from maskloop.images.dependencies import ImageDep

router = APIRouter(tags=["annotations"])
PROBLEMS = problems(404, 409, 422)


@router.get("/images/{image_id}/annotations", summary="List an image's annotations", responses=problems(404, 422))
async def list_annotations(image: ImageDep, db: Db) -> list[AnnotationOut]:
    """In the order of their creation."""
    return await service.read_annotations(db, image)


@router.post(
    "/images/{image_id}/annotations",
    summary="Store a mask",
    status_code=201,
    response_model=AnnotationOut,
    responses={200: {"model": AnnotationOut, "description": "It was stored by the same request before"}, **PROBLEMS},
)
async def create_annotation(image: ImageDep, body: AnnotationIn, claim: ClaimDep, db: Db) -> Response:
    """Committed before the reply. To undo a deletion, store the mask again: same id, new key."""
    answer = await once(db, claim, lambda: service.create(db, image, body))
    return JSONResponse(answer.body, 200 if answer.is_replay else 201)


@router.patch(
    "/annotations/{annotation_id}",
    summary="Change a mask",
    response_model=AnnotationOut,
    responses=PROBLEMS,
)
async def change_annotation(annotation_id: UUID, body: AnnotationPatch, claim: ClaimDep, db: Db) -> Response:
    """Refused with `stale_version`, and the annotation as `current`, where somebody else was first."""
    answer = await once(db, claim, lambda: service.update(db, annotation_id, body))
    return JSONResponse(answer.body)


@router.delete("/annotations/{annotation_id}", summary="Delete a mask", status_code=204, responses=PROBLEMS)
async def delete_annotation(
    annotation_id: UUID,
    version: Annotated[int, Query(ge=1, description="The version that is deleted.")],
    claim: ClaimDep,
    db: Db,
) -> None:
    """Refused with `stale_version`, and the annotation as `current`, where somebody else was first."""
    await once(db, claim, lambda: service.remove(db, annotation_id, version))
