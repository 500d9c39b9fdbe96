"""Images with their numbers: a fixed number of queries, however many images there are."""

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.images.schemas import EmbeddingOut, EmbeddingState, ImageDetail, ImageOut, ImagePage
from maskloop.tables import (
    WHOLE_IMAGE,
    Annotation,
    Encoders,
    Image,
    Job,
    JobKind,
    JobState,
    Project,
    encoder_of_project,
)

STATES: dict[str | None, EmbeddingState] = {
    None: "none",
    JobState.QUEUED: "queued",
    JobState.RUNNING: "running",
    JobState.SUCCEEDED: "ready",
    JobState.FAILED: "failed",
}


async def read_images(db: AsyncSession, encoders: Encoders, *where: ColumnElement[bool]) -> list[ImageOut]:
    """Oldest first, with the state of their embeddings by the encoder of their project's model."""
    return [_out(row) for row in await db.execute(_select(encoders).where(*where))]


async def read_page(db: AsyncSession, encoders: Encoders, project_id: int, after: int, limit: int) -> ImagePage:
    """The images that follow the image `after`; 0 begins at the first."""
    of_project = Image.project_id == project_id
    rows = await db.execute(_select(encoders).where(of_project, Image.id > after).limit(limit + 1))
    items = [_out(row) for row in rows]
    return ImagePage(
        items=items[:limit],
        total=await db.scalar(select(func.count()).where(of_project)) or 0,
        next_after=items[limit - 1].id if len(items) > limit else None,
    )


async def read_detail(db: AsyncSession, encoders: Encoders, image: Image) -> ImageDetail:
    """The image and its neighbours, by order of upload."""
    [shown] = await read_images(db, encoders, Image.id == image.id)
    place = select(
        func.max(Image.id).filter(Image.id < image.id).label("previous_id"),
        func.min(Image.id).filter(Image.id > image.id).label("next_id"),
        func.count().filter(Image.id <= image.id).label("position"),
        func.count().label("total"),
    ).where(Image.project_id == image.project_id)
    row = (await db.execute(place)).one()
    return ImageDetail(**shown.model_dump(), **row._asdict())


def _select(encoders: Encoders) -> Select[Image, int, str | None, str | None]:
    annotations = select(func.count()).where(Annotation.image_id == Image.id).correlate(Image).scalar_subquery()
    encoder = encoder_of_project(encoders)
    embedding = and_(
        Job.image_id == Image.id,
        Job.kind == JobKind.EMBED,
        Job.encoder_digest == encoder,
        Job.crop == WHOLE_IMAGE,
    )
    return (
        select(Image, annotations, Job.state, Job.error)
        .join(Project, Project.id == Image.project_id)
        .outerjoin(Job, embedding)
        .order_by(Image.id)
    )


def _out(row: Row[Image, int, str | None, str | None]) -> ImageOut:
    image, annotation_count, state, error = row
    return ImageOut(
        id=image.id,
        project_id=image.project_id,
        file_name=image.file_name,
        width=image.width,
        height=image.height,
        digest=image.digest,
        media_type=image.media_type,
        byte_size=image.byte_size,
        embedding=EmbeddingOut(state=STATES[state], error=error),
        annotation_count=annotation_count,
        created_at=image.created_at,
    )
