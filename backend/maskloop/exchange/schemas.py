"""COCO's instance segmentation format, the fields that its readers know; docs/coco.md says how each is filled."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, Field


class SegmentationForm(StrEnum):
    """How masks are written."""

    RLE = "rle"
    POLYGON = "polygon"


class CocoRle(BaseModel):
    """A mask as COCO's compressed run-length encoding."""

    size: tuple[int, int] = Field(description="Height and width of the image.", examples=[[480, 640]])
    counts: str = Field(examples=["Pb9`0d0Y2"])


class CocoInfo(BaseModel):
    """What the file is."""

    description: str = Field(description="The project's name.")
    version: str
    year: int
    contributor: str
    date_created: datetime = Field(description="The moment whose state of the project the file shows.")


class CocoImage(BaseModel):
    """Width and height are those of the image as shown: with its EXIF orientation applied."""

    id: int
    file_name: str = Field(description="Unique in the file, whatever the case of its letters.")
    width: int
    height: int


class CocoLineage(BaseModel):
    """Where an annotation comes from; no part of COCO, its readers skip it."""

    id: str = Field(description="The annotation's id in Maskloop.")
    provenance: dict[str, Any]


class CocoAnnotation(BaseModel):
    """One mask. A box is x, y, width, height in pixels; polygons are x0, y0, x1, y1, ... along the pixels' edges."""

    id: int
    image_id: int
    category_id: int
    segmentation: CocoRle | list[list[int]]
    area: int = Field(description="Pixels of the mask.")
    bbox: tuple[int, int, int, int]
    iscrowd: Literal[0] = 0
    attributes: dict[str, str | int | float | bool] | None = Field(
        None, description="Values by name, where there are any.", examples=[{"occluded": True}]
    )
    parent_id: int | None = Field(None, description="Id of the annotation that it is a part of.")
    maskloop: CocoLineage | None = Field(None, description="With `provenance=true` only.")


class CocoCategoryLineage(BaseModel):
    """What Maskloop knows of a category; no part of COCO, its readers skip it."""

    attributes: list[dict[str, Any]] = Field(description="What its annotations can say: name, kind, choices, bounds.")


class CocoCategory(BaseModel):
    """A class of the project."""

    id: int
    name: str
    supercategory: str = ""
    maskloop: CocoCategoryLineage | None = Field(default=None, description="With `provenance=true` only.")


class CocoDocument(BaseModel):
    """A whole project in one COCO file."""

    info: CocoInfo
    licenses: list[dict[str, Any]] = Field(description="Empty: Maskloop does not know under which terms images are.")
    categories: list[CocoCategory]
    images: list[CocoImage]
    annotations: list[CocoAnnotation]
