"""The image that a path names, or 404: written once."""

from typing import Annotated

from fastapi import Depends

from maskloop.db import Db
from maskloop.errors import NotFoundError
from maskloop.inference.runtime import InferenceDep
from maskloop.projects.dependencies import RowId
from maskloop.tables import Image


async def get_image(image_id: RowId, db: Db) -> Image:
    """Raises NotFoundError."""
    image = await db.get(Image, image_id)
    if image is None:
        raise NotFoundError(f"There is no image {image_id}; it may have been deleted.")
    return image


ImageDep = Annotated[Image, Depends(get_image)]


def get_encoder_digest(inference: InferenceDep) -> str | None:
    """Whose embeddings count as ready: None where no model is installed."""
    return inference.served.encoder_digest if inference.served else None


EncoderDigest = Annotated[str | None, Depends(get_encoder_digest)]
