"""The image that a path names, or 404: written once."""

from typing import Annotated

from fastapi import Depends

from maskloop.db import Db
from maskloop.errors import NotFoundError
from maskloop.inference.runtime import InferenceDep
from maskloop.projects.dependencies import RowId
from maskloop.tables import Encoders, Image


async def get_image(image_id: RowId, db: Db) -> Image:
    """Raises NotFoundError."""
    image = await db.get(Image, image_id)
    if image is None:
        raise NotFoundError(f"There is no image {image_id}; it may have been deleted.")
    return image


ImageDep = Annotated[Image, Depends(get_image)]


async def get_encoders(inference: InferenceDep) -> Encoders:
    """Whose embeddings count as ready, by the model of the project."""
    return await inference.models.encoders()


EncodersDep = Annotated[Encoders, Depends(get_encoders)]
