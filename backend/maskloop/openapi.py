"""The API's description, with errors as they are: problem documents, not FastAPI's default."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from maskloop.errors import PROBLEM_MEDIA_TYPE, Problem, problems

TAGS = [
    {"name": "projects", "description": "Projects and the categories of their annotations."},
    {"name": "images", "description": "Images: upload, list, look at, delete."},
    {"name": "annotations", "description": "Masks. Every change carries an Idempotency-Key and is made exactly once."},
    {"name": "inference", "description": "The model, its decoder, embeddings, and what changes as it changes."},
    {"name": "export", "description": "Downloads of a whole project."},
    {"name": "preferences", "description": "What a person has set for themselves."},
    {"name": "server", "description": "The server itself."},
]
DESCRIPTION = f"""Model-assisted annotation: the data-engine loop of *Segment Anything*.

Coordinates are (x, y) in pixels of the image as shown, with its EXIF orientation applied; pixel centres lie at +0.5.
Every error is `{PROBLEM_MEDIA_TYPE}` (RFC 9457): `code` is for programs, `detail` for people."""
REPLACED = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document; made once."""
    if not app.openapi_schema:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=TAGS
        )
        _describe_errors(document)
        app.openapi_schema = document
    return app.openapi_schema


def _describe_errors(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in REPLACED:
        schemas.pop(name, None)
    _, problem = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    schemas.update(problem["$defs"])
    for path in document["paths"].values():
        for operation in path.values():
            if "422" in operation["responses"]:
                operation["responses"]["422"] = problems(422)[422]
