"""What goes over the wire about projects and categories."""

from collections import Counter
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from maskloop.projects.attributes import MAX_ATTRIBUTES, AttributeDefinition

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]


def _names_differ(definitions: list[AttributeDefinition]) -> list[AttributeDefinition]:
    names = Counter(definition.name for definition in definitions)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ValueError(f"there is more than one attribute “{twice[0]}”")
    return definitions


AttributeDefinitions = Annotated[
    list[AttributeDefinition],
    Field(max_length=MAX_ATTRIBUTES, description="What its annotations can say beside the mask."),
    AfterValidator(_names_differ),
]


class CategoryIn(BaseModel):
    """A category to make; without a colour it gets one that the project does not use yet."""

    name: Name = Field(examples=["cat"])
    color: Color | None = Field(None, examples=["#e6194b"])
    attributes: AttributeDefinitions = Field(default_factory=list)


class CategoryPatch(BaseModel):
    """What to change; what is left out stays."""

    name: Name | None = Field(None, examples=["kitten"])
    color: Color | None = Field(None, examples=["#3cb44b"])
    attributes: AttributeDefinitions | None = Field(
        None, description="All of them: they take the place of those before."
    )
    position: int | None = Field(None, ge=0, description="Its place in the project's list, from 0.", examples=[2])


class CategoryOut(BaseModel):
    """A category; number keys choose it by its position, from 0."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[3])
    name: str = Field(examples=["cat"])
    color: str = Field(examples=["#e6194b"])
    position: int = Field(examples=[0])
    attributes: list[AttributeDefinition]


class ProjectIn(BaseModel):
    """A project to make."""

    name: Name = Field(examples=["Pets"])
    categories: list[CategoryIn] = Field(default_factory=list, max_length=1000)


class ProjectPatch(BaseModel):
    """What to change; what is left out stays."""

    name: Name | None = Field(None, examples=["Pets, 2026"])
    model: Name | None = Field(
        None,
        examples=["sam_vit_b"],
        description="A model of `GET /api/models`; null is the server's default. One that is not here yet is pulled, "
        "and the project changes to it when it is ready.",
    )


class ProjectOut(BaseModel):
    """A project and how far it is."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["Pets"])
    model: str | None = Field(examples=["sam_vit_b"], description="Its model; null: the server's default.")
    next_model: str | None = Field(
        examples=["sam_vit_l"], description="The model that it changes to as soon as that is here."
    )
    categories: list[CategoryOut]
    image_count: int = Field(examples=[120])
    annotation_count: int = Field(examples=[840])
    embedded_count: int = Field(examples=[96], description="Images whose embedding is ready.")
    cover_image_ids: list[int] = Field(examples=[[11, 12, 13, 14]], description="Up to four of its first images.")
    created_at: datetime
