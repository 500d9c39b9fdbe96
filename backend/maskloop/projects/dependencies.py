"""The project or category that a path names, or 404: written once."""

from typing import Annotated

from fastapi import Depends, Path

from maskloop.db import Db
from maskloop.errors import NotFoundError
from maskloop.tables import Category, Project

MAX_ID = 2**63 - 1
RowId = Annotated[int, Path(ge=1, le=MAX_ID, examples=[1])]


async def get_project(project_id: RowId, db: Db) -> Project:
    """Raises NotFoundError."""
    project = await db.get(Project, project_id)
    if project is None:
        raise NotFoundError(f"There is no project {project_id}; it may have been deleted.")
    return project


async def get_category(category_id: RowId, db: Db) -> Category:
    """Raises NotFoundError."""
    category = await db.get(Category, category_id)
    if category is None:
        raise NotFoundError(f"There is no category {category_id}; it may have been deleted.")
    return category


ProjectDep = Annotated[Project, Depends(get_project)]
CategoryDep = Annotated[Category, Depends(get_category)]
