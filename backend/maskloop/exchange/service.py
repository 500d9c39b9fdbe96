"""A project as one COCO document, written in pieces: memory does not grow with the project."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from maskloop import __version__
from maskloop.errors import NotFoundError
from maskloop.exchange.records import annotation_writer, annotations_of, as_json, image_json, images_of
from maskloop.exchange.schemas import CocoCategory, CocoCategoryLineage, CocoInfo, SegmentationForm
from maskloop.tables import Annotation, Category, Image, Project

ROWS_AT_ONCE = 32
"""What is held in memory: an RLE is mostly a few kilobytes, and 4 MB at the very most."""
UNCATEGORISED = "object"


async def coco_document(
    sessions: async_sessionmaker[AsyncSession], project_id: int, form: SegmentationForm, with_provenance: bool
) -> AsyncGenerator[bytes]:
    """The document in pieces, all of one moment; the last piece closes it, so a file that was cut short never parses.

    It holds a database connection of its own until it is read to its end or closed. Raises NotFoundError.
    """
    async with _snapshot(sessions) as session:
        info = await _info(session, project_id)
        categories, fallback = await _categories(session, project_id, with_provenance)
        listed = b",".join(as_json(category) for category in categories)
        yield b'{"info":%b,"licenses":[],"categories":[%b],"images":[' % (as_json(info), listed)
        async for piece in _joined(session, images_of(project_id), image_json):
            yield piece
        yield b'],"annotations":['
        write = annotation_writer(form, with_provenance, fallback)
        async for piece in _joined(session, annotations_of(project_id, with_provenance), write):
            yield piece
        yield b"]}\n"


@asynccontextmanager
async def _snapshot(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    """A session that sees one moment of the database and changes nothing."""
    async with sessions() as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield session


async def _info(session: AsyncSession, project_id: int) -> CocoInfo:
    row = (await session.execute(select(Project.name, func.now()).where(Project.id == project_id))).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no project {project_id}.")
    name, now = row
    contributor = f"Maskloop {__version__}"
    return CocoInfo(description=name, version="1.0", year=now.year, contributor=contributor, date_created=now)


async def _categories(session: AsyncSession, project_id: int, with_definitions: bool) -> tuple[list[CocoCategory], int]:
    """The categories, and the id of the one for annotations without any; it is listed only if there are such."""
    listed = await session.scalars(
        select(Category).where(Category.project_id == project_id).order_by(Category.position)
    )
    categories = [_category(category, with_definitions) for category in listed]
    for category in categories:
        if category.name == UNCATEGORISED:
            return categories, category.id
    fallback = CocoCategory(id=max((category.id for category in categories), default=0) + 1, name=UNCATEGORISED)
    needed = await session.scalar(_some_uncategorised(project_id))
    return [*categories, fallback] if needed else categories, fallback.id


def _category(category: Category, with_definitions: bool) -> CocoCategory:
    lineage = CocoCategoryLineage(attributes=category.attributes) if with_definitions else None
    return CocoCategory(id=category.id, name=category.name, maskloop=lineage)


def _some_uncategorised(project_id: int) -> Select[tuple[bool]]:
    images = select(Image.id).where(Image.project_id == project_id)
    return select(exists().where(Annotation.category_id.is_(None), Annotation.image_id.in_(images)))


async def _joined(
    session: AsyncSession, statement: Select[Any], write: Callable[[Row[Any]], bytes]
) -> AsyncIterator[bytes]:
    """The rows as JSON with commas between, some at a time, written in a thread: polygons take a while."""
    result = await session.stream(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    comma = b""
    async for rows in result.partitions():
        yield comma + b",".join(await asyncio.to_thread(_written, rows, write))
        comma = b","


def _written(rows: list[Row[Any]], write: Callable[[Row[Any]], bytes]) -> list[bytes]:
    return [write(row) for row in rows]
