"""What goes over the wire about preferences."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
CommandId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Chord = Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f\x7f]*$")]
Chords = Annotated[list[Chord], Field(max_length=10)]


class Photo(BaseModel):
    """How photos are shown; 0, 0 and 1 leave them as they are."""

    model_config = ConfigDict(extra="forbid")

    brightness: Signed = 0
    contrast: Signed = 0
    gamma: Annotated[float, Field(ge=0.1, le=10, allow_inf_nan=False)] = 1


class Settings(BaseModel):
    """Everything there is to set; what is left out has its default. What is not known here is refused."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["en", "zh-CN"] | None = Field(default=None, description="Null: the browser's.")
    theme: Literal["system", "dark", "light"] = "system"
    key_bindings: dict[CommandId, Chords] = Field(
        default={},
        max_length=500,
        description="Chords by command, where they are not the usual ones; an empty list takes the keys away.",
        examples=[{"mask.accept": ["Enter", "E"]}],
    )
    brush_size: Annotated[float, Field(ge=1, le=2000, allow_inf_nan=False)] = Field(
        default=20, description="Diameter, pixels of the image."
    )
    brush_pressure: bool = Field(default=True, description="Whether a pen's pressure changes the brush's size.")
    mask_opacity: Fraction = 0.32
    outline_only: bool = Field(default=False, description="Masks are drawn without their fill.")
    show_outlines: bool = True
    photo: Photo = Photo()
    zoom_embeddings: bool = Field(default=True, description="Whether the model looks again, closer, when one zooms in.")
    no_overlaps: Literal["off", "yield", "bite"] = Field(
        default="off", description="Whether a new mask yields to those that are there, or bites into them."
    )
    crosshair: bool = False
    preview: bool = Field(
        default=True, description="Whether the mask that a click would give is shown under the pointer."
    )
    confirm_delete: bool = False


class PreferencesIn(BaseModel):
    """All settings: they take the place of those before."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0, description="The version these were made from; 0: none was stored.", examples=[4])
    settings: Settings


class PreferencesOut(BaseModel):
    """A person's settings."""

    version: int = Field(description="Grows by one with every change; 0: all are defaults.", examples=[4])
    settings: Settings
