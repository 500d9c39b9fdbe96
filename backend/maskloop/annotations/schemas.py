"""What goes over the wire about annotations."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from maskloop.projects.attributes import MAX_ATTRIBUTES, AttributeValue

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c"])]
CategoryId = Annotated[int, Field(ge=1, le=2**63 - 1)]
MAX_LAYER = 1_000_000
MAX_PIXELS = 2**53
NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in JSON."""
Finite = Annotated[float, Field(allow_inf_nan=False)]
Milliseconds = Annotated[Finite, Field(ge=0, description="Since the mask was begun.", examples=[840])]


EditKind = Literal[
    "brush", "eraser", "polygon", "lasso", "vertices", "fill_holes", "drop_islands", "keep_largest",
    "smooth", "merge", "split", "overlap", "copy",
]  # fmt: skip


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


class Edit(Strict):
    """A change of the mask by hand."""

    kind: EditKind
    pixels: int = Field(ge=0, le=MAX_PIXELS, description="How many pixels it changed.", examples=[1520])
    at_ms: Milliseconds


Edits = Annotated[list[Edit], Field(max_length=10_000, description="What was changed by hand, in order.")]
Seconds = Annotated[Finite, Field(ge=0, description="From the first prompt or edit to Accept.", examples=[3.2])]


class ModelProvenance(Strict):
    """A mask by a model: which, what the person told it, and what was changed by hand afterwards."""

    source: Literal["model"]
    encoder_digest: Sha256
    decoder_digest: Sha256
    prompts: list[Annotated[PointPrompt | BoxPrompt, Field(discriminator="kind")]] = Field(max_length=1000)
    token: int = Field(ge=0, le=3, description="Mask token of the decoder: 0 single, 1 to 3 the ambiguous three.")
    predicted_iou: Finite = Field(examples=[0.97])
    stability: Finite = Field(examples=[0.98], description="IoU of the masks cut at logits -1 and +1.")
    threshold: Finite = Field(0, description="The logit that the mask was cut at.")
    edits: Edits = []
    seconds: Seconds


class ManualProvenance(Strict):
    """A mask that a person made without a model."""

    source: Literal["manual"]
    edits: Edits = []
    seconds: Seconds


class ImportProvenance(Strict):
    """A mask that came in a file."""

    source: Literal["import"]
    name: str = Field(min_length=1, max_length=500, pattern=NO_NUL, description="Of the file.", examples=["pets.json"])
    edits: Edits = []


Provenance = Annotated[ModelProvenance | ManualProvenance | ImportProvenance, Field(discriminator="source")]

_provenance: TypeAdapter[ModelProvenance | ManualProvenance | ImportProvenance] = TypeAdapter(Provenance)


def provenance_of(stored: object) -> ModelProvenance | ManualProvenance | ImportProvenance:
    """The provenance in an annotation's column; what older rows do not say takes its default."""
    return _provenance.validate_python(stored)


class Segmentation(BaseModel):
    """COCO's compressed run-length encoding, at the image's full size."""

    size: tuple[int, int] = Field(description="Height and width of the image.", examples=[[480, 640]])
    counts: str = Field(examples=["Pb9`0d0Y2"])


Attributes = Annotated[
    dict[str, AttributeValue],
    Field(
        max_length=MAX_ATTRIBUTES,
        description="Values by name, as the category defines them; those left out are not said.",
        examples=[{"occluded": True}],
    ),
]
ParentId = Annotated[UUID, Field(description="The whole that it is a part of: an annotation of the same image.")]
Layer = Annotated[int, Field(ge=-MAX_LAYER, le=MAX_LAYER, description="Drawn by rising layer, then by falling area.")]


class AnnotationIn(Strict):
    """A mask to store. Its id is made by the client."""

    id: UUID
    category_id: CategoryId | None = Field(examples=[3])
    segmentation: Segmentation
    attributes: Attributes = Field(default_factory=dict)
    parent_id: ParentId | None = None
    layer: Layer = 0
    provenance: Provenance


class AnnotationPatch(Strict):
    """What to change; what is left out stays; `category_id: null` and `parent_id: null` take away what was there."""

    version: int = Field(ge=1, description="The version this change was made from.", examples=[1])
    category_id: CategoryId | None = Field(None, examples=[3])
    segmentation: Segmentation | None = None
    attributes: Attributes | None = Field(None, description="All of them: they take the place of those before.")
    parent_id: ParentId | None = None
    layer: Layer | None = None
    provenance: Provenance | None = None

    @model_validator(mode="after")
    def _something_to_change(self) -> Self:
        if not self.model_fields_set - {"version"}:
            raise ValueError(f"name at least one of {', '.join(PATCHED)}")
        return self


PATCHED = [name for name in AnnotationPatch.model_fields if name != "version"]


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
    attributes: dict[str, AttributeValue] = Field(examples=[{"occluded": True}])
    parent_id: UUID | None = Field(description="The whole that it is a part of.")
    layer: int = Field(description="Drawn by rising layer, then by falling area.", examples=[0])
    provenance: Provenance
    version: int = Field(description="Grows by one with every change.", examples=[1])
    created_at: datetime
    updated_at: datetime
