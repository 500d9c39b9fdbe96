"""What goes over the wire about annotations."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"])]
CategoryId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Milliseconds = Annotated[Finite, Field(ge=0, description="Since the mask was begun.", examples=[840])]


class Strict(BaseModel):
    """What we do not know we do not store."""

    model_config = ConfigDict(extra="forbid")


class PointPrompt(Strict):
    """A click; (x, y) in pixels of the image, pixel centres at +0.5. Label 1 takes the object, 0 leaves it out."""

    kind: Literal["point"] = "point"
    x: Finite = Field(examples=[311.5])
    y: Finite = Field(examples=[207.5])
    label: Literal[0, 1] = Field(examples=[1])
    at_ms: Milliseconds


class BoxPrompt(Strict):
    """A dragged box, corners XYXY in pixels of the image."""

    kind: Literal["box"] = "box"
    x0: Finite = Field(examples=[100])
    y0: Finite = Field(examples=[80])
    x1: Finite = Field(examples=[420])
    y1: Finite = Field(examples=[360])
    at_ms: Milliseconds


class Provenance(Strict):
    """How the mask came to be: the model, and what the person told it."""

    source: Literal["model"]
    encoder_digest: Sha256
    decoder_digest: Sha256
    prompts: list[Annotated[PointPrompt | BoxPrompt, Field(discriminator="kind")]] = Field(max_length=1000)
    token: int = Field(ge=0, le=3, description="Mask token of the decoder: 0 single, 1 to 3 the ambiguous three.")
    predicted_iou: Finite = Field(examples=[0.97])
    stability: Finite = Field(examples=[0.98], description="IoU of the masks cut at logits -1 and +1.")
    seconds: Finite = Field(ge=0, description="From the first prompt to Accept.", examples=[3.2])


class Segmentation(BaseModel):
    """COCO's compressed run-length encoding, at the image's full size."""

    size: tuple[int, int] = Field(description="Height and width of the image.", examples=[[480, 640]])
    counts: str = Field(examples=["Pb9`0d0Y2"])


class AnnotationIn(Strict):
    """A mask to store. Its id is made by the client."""

    id: UUID
    category_id: CategoryId | None = Field(examples=[3])
    segmentation: Segmentation
    provenance: Provenance


class AnnotationPatch(Strict):
    """What to change; what is left out stays, `category_id: null` takes the category away."""

    version: int = Field(ge=1, description="The version this change was made from.", examples=[1])
    category_id: CategoryId | None = Field(None, examples=[3])
    segmentation: Segmentation | None = None
    provenance: Provenance | None = None

    @model_validator(mode="after")
    def _something_to_change(self) -> Self:
        if not self.model_fields_set - {"version"}:
            raise ValueError("name at least one of category_id, segmentation, provenance")
        return self


class AnnotationOut(BaseModel):
    """A stored mask. Box and area are computed by the server."""

    id: UUID
    image_id: int = Field(examples=[11])
    category_id: int | None = Field(examples=[3])
    segmentation: Segmentation
    bbox: tuple[int, int, int, int] = Field(
        description="x, y, width, height in pixels.", examples=[[100, 80, 320, 280]]
    )
    area: int = Field(description="Pixels of the mask.", examples=[51234])
    provenance: Provenance
    version: int = Field(description="Grows by one with every change.", examples=[1])
    created_at: datetime
    updated_at: datetime
