"""Projects with their numbers: a fixed number of queries, however many projects there are."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from maskloop.projects.schemas import CategoryOut, ProjectOut
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

COVER_IMAGES = 4


async def read_projects(
    db: AsyncSession, encoders: Encoders, where: Sequence[ColumnElement[bool]] = ()
) -> list[ProjectOut]:
    """Newest first. Embeddings by the encoder of the project's own model count as ready."""
    rows = await db.execute(
        select(Project, _images(), _annotations(), _embedded(encoders), _cover())
        .options(selectinload(Project.categories))
        .where(*where)
        .order_by(Project.id.desc())
        .execution_options(populate_existing=True)
    )
    return [_out(row) for row in rows]


def _out(row: Row[Project, int, int, int, list[int]]) -> ProjectOut:
    project, images, annotations, embedded, cover = row
    return ProjectOut(
        id=project.id,
        name=project.name,
        model=project.model,
        next_model=project.next_model,
        categories=[CategoryOut.model_validate(category) for category in project.categories],
        image_count=images,
        annotation_count=annotations,
        embedded_count=embedded,
        cover_image_ids=cover,
        created_at=project.created_at,
    )


def _images() -> ScalarSelect[int]:
    return select(func.count()).where(Image.project_id == Project.id).correlate(Project).scalar_subquery()


def _annotations() -> ScalarSelect[int]:
    return (
        select(func.count(Annotation.id))
        .join(Image, Image.id == Annotation.image_id)
        .where(Image.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )


def _embedded(encoders: Encoders) -> ScalarSelect[int]:
    return (
        select(func.count(Job.id))
        .join(Image, Image.id == Job.image_id)
        .where(
            Image.project_id == Project.id,
            Job.kind == JobKind.EMBED,
            Job.state == JobState.SUCCEEDED,
            Job.encoder_digest == encoder_of_project(encoders),
            Job.crop == WHOLE_IMAGE,
        )
        .correlate(Project)
        .scalar_subquery()
    )


def _cover() -> ScalarSelect[list[int]]:
    first = select(Image.id).where(Image.project_id == Project.id).order_by(Image.id).limit(COVER_IMAGES)
    array = func.array(first.correlate(Project).scalar_subquery(), type_=ARRAY(BigInteger))
    return select(array).scalar_subquery()
