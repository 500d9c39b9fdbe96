"""HTTP for projects and categories."""

from fastapi import APIRouter, BackgroundTasks, Request

from maskloop.db import Database, Db
from maskloop.errors import problems
from maskloop.images import service as images
from maskloop.images.dependencies import EncodersDep
from maskloop.inference.runtime import InferenceDep
from maskloop.projects import service
from maskloop.projects.dependencies import CategoryDep, ProjectDep
from maskloop.projects.queries import read_projects
from maskloop.projects.schemas import CategoryIn, CategoryOut, CategoryPatch, ProjectIn, ProjectOut, ProjectPatch
from maskloop.store import Store
from maskloop.tables import Encoders, Project

router = APIRouter(tags=["projects"])


@router.get("/projects", summary="List projects")
async def list_projects(encoders: EncodersDep, db: Db) -> list[ProjectOut]:
    """Newest first."""
    return await read_projects(db, encoders)


@router.post("/projects", summary="Create a project", status_code=201, responses=problems(409, 422))
async def create_project(body: ProjectIn, encoders: EncodersDep, db: Db) -> ProjectOut:
    """Its categories keep the order given."""
    project = await service.create_project(db, body)
    return await _read(db, encoders, project)


@router.get("/projects/{project_id}", summary="Read a project", responses=problems(404, 422))
async def read_project(project: ProjectDep, encoders: EncodersDep, db: Db) -> ProjectOut:
    """With its categories and numbers."""
    return await _read(db, encoders, project)


@router.patch("/projects/{project_id}", summary="Change a project", responses=problems(404, 422))
async def change_project(project: ProjectDep, body: ProjectPatch, inference: InferenceDep, db: Db) -> ProjectOut:
    """Its name, its model, or both. Masks stay as they are whatever the model; images are prepared anew for another
    one, and what was prepared for the model before is kept."""
    if body.name is not None:
        project.name = body.name
    if "model" in body.model_fields_set:
        await service.set_model(db, inference.models, project, body.model)
    await db.flush()
    return await _read(db, await inference.models.encoders(), project)


@router.delete("/projects/{project_id}", summary="Delete a project", status_code=204, responses=problems(404, 422))
async def delete_project(project: ProjectDep, request: Request, store: Store, tasks: BackgroundTasks, db: Db) -> None:
    """With all its images, categories and annotations. There is no way back."""
    database: Database = request.app.state.database
    digests = await images.digests_of(db, project.id)
    await service.delete_project(db, project)
    tasks.add_task(images.drop_files, database.sessions, store, digests)


@router.post(
    "/projects/{project_id}/categories",
    summary="Add a category",
    status_code=201,
    responses=problems(404, 409, 422),
)
async def create_category(project: ProjectDep, body: CategoryIn, db: Db) -> CategoryOut:
    """At the end of the project's list."""
    return CategoryOut.model_validate(await service.add_category(db, project, body))


@router.patch("/categories/{category_id}", summary="Change a category", responses=problems(404, 409, 422))
async def change_category(category: CategoryDep, body: CategoryPatch, db: Db) -> CategoryOut:
    """Refused with `attribute_in_use`, and how often, while annotations say what its attributes would not allow."""
    await service.change_category(db, category, body)
    return CategoryOut.model_validate(category)


@router.delete(
    "/categories/{category_id}", summary="Delete a category", status_code=204, responses=problems(404, 409, 422)
)
async def delete_category(category: CategoryDep, db: Db) -> None:
    """Refused with `category_in_use` while annotations have it."""
    await service.delete_category(db, category)


async def _read(db: Db, encoders: Encoders, project: Project) -> ProjectOut:
    [shown] = await read_projects(db, encoders, [Project.id == project.id])
    return shown
