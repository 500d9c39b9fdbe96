"""What annotations say already, against what a category is about to define."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Select, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.errors import ConflictError
from maskloop.projects.attributes import Definitions, complaint
from maskloop.tables import Annotation, Category


async def check_still_fit(db: AsyncSession, category: Category, definitions: Definitions) -> None:
    """ConflictError with the count where annotations of the category say what these definitions do not allow.

    Until the transaction ends, no annotation of the category is stored by the definitions before.
    """
    await db.execute(select(Category.id).where(Category.id == category.id).with_for_update(key_share=True))
    count, first = 0, ""
    async for name, value, times in _said(db, category.id):
        if wrong := complaint(definitions, {name: value}):
            count, first = count + times, first or wrong
    if count:
        raise ConflictError(
            f"{count} annotation value(s) would no longer be allowed. {first} Change them first.",
            code="attribute_in_use",
            count=count,
        )


async def _said(db: AsyncSession, category_id: int) -> AsyncIterator[tuple[str, Any, int]]:
    """Every attribute and value that annotations have, and how many of them."""
    result = await db.stream(_tally(category_id), execution_options={"yield_per": 1000})
    async for name, value, times in result:
        yield name, value, times


def _tally(category_id: int) -> Select[str, Any, int]:
    entry = func.jsonb_each(Annotation.attributes).table_valued(column("key"), column("value", JSONB))
    said = select(entry.c.key, entry.c.value, func.count()).select_from(Annotation).join(entry, true())
    return said.where(Annotation.category_id == category_id).group_by(entry.c.key, entry.c.value)
