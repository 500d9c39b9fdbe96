"""What can be done with projects and categories."""

from collections.abc import Sequence
from itertools import cycle, islice

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.errors import ConflictError
from maskloop.inference.models import Models
from maskloop.jobs import events, queue
from maskloop.jobs.events import News
from maskloop.projects.schemas import CategoryIn, CategoryPatch, ProjectIn
from maskloop.projects.values import check_still_fit
from maskloop.tables import Annotation, Category, Encoders, Image, Project

# Told apart by people with any colour vision on photos, light or dark (after Sasha Trubetskoy's list).
PALETTE = (
    "#e6194b", "#3cb44b", "#ffe119", "#4363d8", "#f58231", "#911eb4", "#46f0f0", "#f032e6", "#bcf60c", "#fabebe",
    "#008080", "#e6beff", "#9a6324", "#fffac8", "#800000", "#aaffc3", "#808000", "#ffd8b1", "#000075", "#a9a9a9",
)  # fmt: skip


async def create_project(db: AsyncSession, body: ProjectIn) -> Project:
    """A project and its categories, in the order given."""
    project = Project(name=body.name)
    db.add(project)
    await db.flush()
    for category in body.categories:
        await add_category(db, project, category)
    return project


async def set_model(db: AsyncSession, models: Models, project: Project, name: str | None) -> None:
    """Gives a project another model; None is the server's default. In the session's transaction, which the caller
    commits.

    A model that is here is the project's at once, and its images are queued to be embedded by it; what the model before
    has embedded is kept. A model that must be fetched first is pulled, and the project changes to it when it is ready
    (`adopt_ready`): until then it works with the model that it has. Raises UnknownModelError with the names there are.
    """
    encoders = await models.encoders()
    if name is not None and name not in encoders:
        await models.listing(name)
        project.next_model = name
        await queue.enqueue_pull(db, name)
    else:
        project.model, project.next_model = name, None
        await queue.drop_ahead(db, project.id, except_digest=encoders.get(name))
    await db.flush()
    await queue.enqueue_missing(db, encoders)
    await events.publish(db, News(project_id=project.id))


async def adopt_ready(db: AsyncSession, encoders: Encoders) -> None:
    """Projects that wait for a model that is here by now change to it; whoever looks at them is told."""
    ready = [name for name in encoders if name is not None]
    changed = await db.execute(
        update(Project)
        .where(Project.next_model.in_(ready))
        .values(model=Project.next_model, next_model=None)
        .returning(Project.id, Project.model)
        .execution_options(synchronize_session=False)
    )
    for project_id, name in changed.all():
        await queue.drop_ahead(db, project_id, except_digest=encoders[name])
        await events.publish(db, News(project_id=project_id))


async def delete_project(db: AsyncSession, project: Project) -> None:
    """With all that is in it. Files are dropped by whoever calls `images.service.drop_files` after the commit."""
    # Locked first, so that no image or category comes in meanwhile. Images before categories: annotations hold both.
    await db.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    await db.execute(delete(Image).where(Image.project_id == project.id))
    await db.execute(delete(Project).where(Project.id == project.id))


async def add_category(db: AsyncSession, project: Project, body: CategoryIn) -> Category:
    """At the end of the list. ConflictError where the name is taken."""
    await db.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    others = (await db.scalars(select(Category).where(Category.project_id == project.id))).all()
    category = Category(
        project_id=project.id,
        name=body.name,
        color=body.color or _free_color(others),
        attributes=[definition.model_dump(exclude_none=True) for definition in body.attributes],
        position=max((other.position for other in others), default=-1) + 1,
    )
    db.add(category)
    await _flush_name(db, body.name)
    return category


async def change_category(db: AsyncSession, category: Category, body: CategoryPatch) -> None:
    """Changes what the body names. ConflictError where the name is taken, or where annotations say what the attributes
    would no longer allow."""
    if body.position is not None:
        await _move(db, category, body.position)
    if body.attributes is not None:
        await check_still_fit(db, category, body.attributes)
    for field, value in body.model_dump(exclude_none=True, exclude={"position"}).items():
        setattr(category, field, value)
    await _flush_name(db, category.name)


async def _move(db: AsyncSession, category: Category, position: int) -> None:
    """To this place among the project's categories, or to the last one where there are not so many."""
    await db.execute(select(Project.id).where(Project.id == category.project_id).with_for_update())
    others = (Category.project_id == category.project_id, Category.id != category.id)
    order = list(await db.scalars(select(Category).where(*others).order_by(Category.position, Category.id)))
    order.insert(position, category)
    for place, each in enumerate(order):
        each.position = place


async def delete_category(db: AsyncSession, category: Category) -> None:
    """ConflictError while annotations use it."""
    # Locked first: an annotation that comes in meanwhile waits, and then finds the category gone.
    await db.execute(select(Category.id).where(Category.id == category.id).with_for_update())
    used = await db.scalar(select(func.count()).where(Annotation.category_id == category.id))
    if used:
        raise ConflictError(
            f"The category “{category.name}” is used by {used} annotation(s). Give them another category first.",
            code="category_in_use",
        )
    await db.execute(delete(Category).where(Category.id == category.id))


def _free_color(others: Sequence[Category]) -> str:
    used = {category.color for category in others}
    fallback = next(islice(cycle(PALETTE), len(others), None))
    return next((color for color in PALETTE if color not in used), fallback)


async def _flush_name(db: AsyncSession, name: str) -> None:
    try:
        await db.flush()
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a category “{name}” already. Choose another name.", code="category_exists"
        ) from error
