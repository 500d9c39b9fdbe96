"""What an annotation refers to: a category, with the attributes that it defines, and the whole that it is part of."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.errors import InvalidError
from maskloop.projects.attributes import AttributeValue, complaint, definitions_of
from maskloop.tables import Annotation, Category, Image


async def check_saying(
    db: AsyncSession, image: Image, category_id: int | None, attributes: Mapping[str, AttributeValue]
) -> None:
    """InvalidError unless the category is of the image's project and defines the attributes.

    The category's definitions stay as they are until the transaction ends.
    """
    definitions = [] if category_id is None else definitions_of(await _attributes_of(db, image, category_id))
    if wrong := complaint(definitions, attributes):
        raise InvalidError(wrong, code="invalid_attributes")


async def _attributes_of(db: AsyncSession, image: Image, category_id: int) -> object:
    of_project = (Category.id == category_id, Category.project_id == image.project_id)
    found = await db.scalar(select(Category.attributes).where(*of_project).with_for_update(read=True))
    if found is None:
        raise InvalidError(
            f"The image's project has no category {category_id}; it may have been deleted. Choose another one.",
            code="unknown_category",
        )
    return found


async def check_parent(db: AsyncSession, image: Image, annotation_id: UUID, parent_id: UUID) -> None:
    """InvalidError unless the parent is on the same image, and neither the annotation itself nor a part of it.

    The caller holds the image: two changes at the same time could make a circle that neither makes alone.
    """
    if parent_id != annotation_id and not await _is_on(db, image, parent_id):
        raise InvalidError(
            f"The image has no annotation {parent_id} to be a part of; it may have been deleted.",
            code="unknown_parent",
        )
    if await _is_within(db, parent_id, annotation_id):
        raise InvalidError("An annotation cannot be a part of itself or of its own parts.", code="circular_parent")


async def _is_on(db: AsyncSession, image: Image, annotation_id: UUID) -> bool:
    found = await db.scalar(
        select(Annotation.id).where(Annotation.id == annotation_id, Annotation.image_id == image.id)
    )
    return found is not None


async def _is_within(db: AsyncSession, inner: UUID, outer: UUID) -> bool:
    """Whether `inner` is `outer`, or a part of it at any depth."""
    wholes = select(literal(inner).label("id")).cte(recursive=True)
    above = (
        select(Annotation.parent_id).join(wholes, Annotation.id == wholes.c.id).where(Annotation.parent_id.is_not(None))
    )
    wholes = wholes.union(above)
    return bool(await db.scalar(select(func.count()).select_from(wholes).where(wholes.c.id == outer)))
