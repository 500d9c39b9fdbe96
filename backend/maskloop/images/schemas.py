"""What goes over the wire about images."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field, computed_field

from maskloop.images.pyramid import OVERLAP, TILE, pyramid_of

EmbeddingState = Literal["none", "queued", "running", "ready", "failed"]


class EmbeddingOut(BaseModel):
    """Where the image's embedding by the encoder of the project's model stands."""

    state: EmbeddingState = Field(examples=["ready"])
    error: str | None = Field(None, description="Why it failed.")


class ImageOut(BaseModel):
    """An image of a project. Width and height are those of the image as shown, its EXIF orientation applied."""

    id: int = Field(examples=[11])
    project_id: int = Field(examples=[1])
    file_name: str = Field(examples=["cat.jpg"])
    width: int = Field(examples=[640])
    height: int = Field(examples=[480])
    digest: str = Field(description="SHA-256 of the uploaded bytes.", examples=["9f86d081884c7d65…"])
    media_type: str = Field(examples=["image/jpeg"])
    byte_size: int = Field(examples=[81234])
    embedding: EmbeddingOut
    annotation_count: int = Field(examples=[7])
    created_at: datetime


class TilesOut(BaseModel):
    """How a large image is cut into tiles.

    Level 0 is the image itself; each further level has half of the sides of the one before, rounded up. Tile x, y of a
    level shows its pixels from size * x, size * y on, and `overlap` more on each side that has a neighbour.
    """

    size: int = Field(examples=[512])
    overlap: int = Field(examples=[1])
    levels: int = Field(description="The last one is at most 2048 pixels wide and high.", examples=[5])


class ImageDetail(ImageOut):
    """An image and its place among the images of its project."""

    previous_id: int | None = Field(examples=[10])
    next_id: int | None = Field(examples=[12])
    position: int = Field(description="From 1.", examples=[11])
    total: int = Field(examples=[120])

    @computed_field(description="Null where the image is small enough for one picture.")  # type: ignore[prop-decorator]
    @property
    def tiles(self) -> TilesOut | None:
        """Follows from the size alone."""
        pyramid = pyramid_of(self.width, self.height)
        return TilesOut(size=TILE, overlap=OVERLAP, levels=pyramid.levels) if pyramid else None


class ImagePage(BaseModel):
    """A stretch of a project's images, oldest first."""

    items: list[ImageOut]
    total: int = Field(description="Of the whole project.", examples=[120])
    next_after: int | None = Field(description="`after` of the next page; null on the last.", examples=[111])


class Outcome(StrEnum):
    """What became of an uploaded file."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class UploadFault(BaseModel):
    """Why a file was rejected."""

    code: str = Field(examples=["damaged_image"])
    detail: str = Field(examples=["holiday.jpg: It is damaged or cut short (image file is truncated)."])


class UploadResult(BaseModel):
    """What became of one file. A duplicate comes with the image that is there already."""

    file_name: str = Field(examples=["cat.jpg"])
    outcome: Outcome
    image: ImageOut | None
    error: UploadFault | None


class UploadOut(BaseModel):
    """One result a file, in the order of the files."""

    results: list[UploadResult]
