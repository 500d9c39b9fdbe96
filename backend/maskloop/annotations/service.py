"""Storing, changing and deleting masks. Each function is one change, to be made inside `mutations.once`."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.annotations.checks import check_parent, check_saying
from maskloop.annotations.mutations import Change
from maskloop.annotations.schemas import AnnotationIn, AnnotationOut, AnnotationPatch, Segmentation, provenance_of
from maskloop.domain.masks import InvalidMask, Mask, parse_rle
from maskloop.errors import ConflictError, InvalidError, NotFoundError
from maskloop.jobs.events import News, publish
from maskloop.tables import Annotation, Image

EMPTIABLE = {"category_id", "parent_id"}
"""What null takes away; for the rest of a patch, null says nothing."""


async def read_annotations(db: AsyncSession, image: Image) -> list[AnnotationOut]:
    """In the order of their creation."""
    rows = await db.scalars(select(Annotation).where(Annotation.image_id == image.id).order_by(Annotation.coco_id))
    return [_out(annotation, image) for annotation in rows]


async def create(db: AsyncSession, image: Image, body: AnnotationIn) -> Change:
    """InvalidError for a mask, category, attribute or parent that does not fit; ConflictError where the id is taken."""
    await _hold(db, image.id)
    await check_saying(db, image, body.category_id, body.attributes)
    if body.parent_id:
        await check_parent(db, image, body.id, body.parent_id)
    said = body.model_dump(mode="json", include={"attributes", "layer", "provenance"})
    ids = {"id": body.id, "image_id": image.id, "category_id": body.category_id, "parent_id": body.parent_id}
    values: dict[str, Any] = {**ids, **said, **_mask_columns(await _parse(image, body.segmentation))}
    made = await _insert(db, values)
    if made is None:
        raise ConflictError(
            f"There is an annotation {body.id} already, stored under another Idempotency-Key. Make a new id.",
            code="annotation_exists",
        )
    return await _changed(db, image, made)


async def update(db: AsyncSession, annotation_id: UUID, body: AnnotationPatch) -> Change:
    """ConflictError with `current` where the version is not the newest; InvalidError as in `create`."""
    annotation, image = await _lock(db, annotation_id, body.version)
    changes = body.model_dump(include=body.model_fields_set - {"version", "segmentation", "provenance"})
    columns = {name: value for name, value in changes.items() if value is not None or name in EMPTIABLE}
    if columns.keys() & {"category_id", "attributes"}:
        said = {"category_id": annotation.category_id, "attributes": annotation.attributes, **columns}
        await check_saying(db, image, said["category_id"], said["attributes"])
    if body.parent_id:
        await check_parent(db, image, annotation.id, body.parent_id)
    if body.segmentation:
        columns |= _mask_columns(await _parse(image, body.segmentation))
    if body.provenance:
        columns["provenance"] = body.provenance.model_dump(mode="json")
    for column, value in columns.items():
        setattr(annotation, column, value)
    annotation.version += 1
    await db.flush()
    return await _changed(db, image, annotation)


async def remove(db: AsyncSession, annotation_id: UUID, version: int) -> Change:
    """ConflictError with `current` where the version is not the newest."""
    annotation, image = await _lock(db, annotation_id, version)
    await db.execute(delete(Annotation).where(Annotation.id == annotation.id))
    await publish(db, News(project_id=image.project_id, image_id=image.id))
    return Change(image.id, annotation_id, answer=None)


async def _hold(db: AsyncSession, image_id: int | ScalarSelect[int]) -> Image:
    """The image, whose annotations nobody else changes until this transaction ends. Raises NotFoundError.

    Before anything else is locked: whoever deletes a project goes from its images to its categories, too.
    """
    image = await db.scalar(select(Image).where(Image.id == image_id).with_for_update(key_share=True))
    if image is None:
        raise NotFoundError("There is no such annotation or image; it may have been deleted.")
    return image


async def _lock(db: AsyncSession, annotation_id: UUID, version: int) -> tuple[Annotation, Image]:
    """The newest row, which nobody else changes until this transaction ends."""
    image = await _hold(db, select(Annotation.image_id).where(Annotation.id == annotation_id).scalar_subquery())
    annotation = await db.get(Annotation, annotation_id)
    if annotation is None:
        raise NotFoundError(f"There is no annotation {annotation_id}; it may have been deleted.")
    if annotation.version != version:
        raise ConflictError(
            f"The annotation was changed meanwhile: it has version {annotation.version}, the request is about version "
            f"{version}. Look at it again.",
            code="stale_version",
            current=_out(annotation, image),
        )
    return annotation, image


async def _parse(image: Image, segmentation: Segmentation) -> Mask:
    size = (image.height, image.width)
    try:
        return await asyncio.to_thread(parse_rle, segmentation.counts, segmentation.size, size)
    except InvalidMask as error:
        raise InvalidError(str(error), code="invalid_mask") from error


def _mask_columns(mask: Mask) -> dict[str, int | str]:
    names = ("bbox_x", "bbox_y", "bbox_w", "bbox_h")
    return {"counts": mask.counts, "area": mask.area, **dict(zip(names, mask.bbox, strict=True))}


async def _insert(db: AsyncSession, values: dict[str, Any]) -> Annotation | None:
    """None where the id is taken. What it refers to is held, and so cannot be deleted meanwhile."""
    statement = insert(Annotation).values(values).on_conflict_do_nothing(index_elements=[Annotation.id])
    return await db.scalar(statement.returning(Annotation))


async def _changed(db: AsyncSession, image: Image, annotation: Annotation) -> Change:
    await publish(db, News(project_id=image.project_id, image_id=image.id))
    return Change(image.id, annotation.id, _out(annotation, image))


def _out(annotation: Annotation, image: Image) -> AnnotationOut:
    return AnnotationOut(
        id=annotation.id,
        image_id=annotation.image_id,
        category_id=annotation.category_id,
        segmentation=Segmentation(size=(image.height, image.width), counts=annotation.counts),
        bbox=(annotation.bbox_x, annotation.bbox_y, annotation.bbox_w, annotation.bbox_h),
        area=annotation.area,
        attributes=annotation.attributes,
        parent_id=annotation.parent_id,
        layer=annotation.layer,
        provenance=provenance_of(annotation.provenance),
        version=annotation.version,
        created_at=annotation.created_at,
        updated_at=annotation.updated_at,
    )
