"""Photos that scikit-image's wheel carries, put into a project the way uploads are. Nothing is downloaded."""

import asyncio
from importlib import resources

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.db import Database
from maskloop.images.service import Arrival, Intake, Limits
from maskloop.projects.schemas import CategoryIn, ProjectIn
from maskloop.projects.service import create_project
from maskloop.settings import Settings
from maskloop.store import open_store
from maskloop.tables import Project

NAME = "Sample photos"
CATEGORIES = ("person", "cat", "cup", "coin", "rocket", "motorcycle")
PHOTOS = (
    "chelsea.png",
    "coffee.png",
    "astronaut.png",
    "coins.png",
    "rocket.jpg",
    "motorcycle_left.png",
    "camera.png",
)
"""In public domain or CC0, as scikit-image's documentation says of each."""

log = structlog.get_logger(__name__)


def add_sample(settings: Settings) -> int:
    """Makes the sample project where there is none, and adds the photos it lacks: how many."""
    return asyncio.run(_add(settings, only_to_new=False))


def add_sample_to_new(settings: Settings) -> int:
    """The same, but only where there is no project at all: whoever deleted it does not want it back."""
    return asyncio.run(_add(settings, only_to_new=True))


async def _add(settings: Settings, *, only_to_new: bool) -> int:
    """`settings` must name a database that is up to date: see `bootstrap.running_database`."""
    database = Database.open(settings.database_url or "")
    try:
        async with database.sessions() as db:
            if only_to_new and await db.scalar(select(func.count()).select_from(Project)):
                return 0
            project = await _find_or_create(db)
            intake = Intake(open_store(settings), Limits(settings.max_upload_bytes, settings.max_image_pixels))
            return await _take_photos(db, intake, project.id)
    finally:
        await database.close()


async def _find_or_create(db: AsyncSession) -> Project:
    project = await db.scalar(select(Project).where(Project.name == NAME).order_by(Project.id).limit(1))
    if project is None:
        categories = [CategoryIn(name=name, color=None) for name in CATEGORIES]
        project = await create_project(db, ProjectIn(name=NAME, categories=categories))
        await db.commit()
    return project


async def _take_photos(db: AsyncSession, intake: Intake, project_id: int) -> int:
    added = 0
    for name in PHOTOS:
        with resources.as_file(resources.files("skimage") / "data" / name) as path, path.open("rb") as file:
            _, is_new = await intake.take(db, project_id, Arrival(file, name))
        await db.commit()
        added += is_new
    return added
