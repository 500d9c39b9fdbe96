"""What the annotations of a category can say beside the mask: its definitions, and whether values fit them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

MAX_ATTRIBUTES = 50
MAX_CHOICES = 200
LARGEST_NUMBER = 2.0**53
"""Up to here, JSON's numbers are exact in every reader."""

Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Number = Annotated[StrictInt | StrictFloat, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
AttributeValue = StrictBool | Number | Text


class Definition(BaseModel):
    """What the four kinds share. `default` is for those who make annotations: the server fills in nothing."""

    model_config = ConfigDict(extra="forbid")

    name: Label = Field(examples=["occluded"])

    def problem_with(self, value: AttributeValue) -> str | None:
        """What is allowed in place of a value that does not fit; None for one that does."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _default_fits(self) -> Self:
        default: AttributeValue | None = getattr(self, "default", None)
        problem = None if default is None else self.problem_with(default)
        if problem:
            raise ValueError(f"the default of “{self.name}” must be {problem}")
        return self


class TextAttribute(Definition):
    """Free words."""

    kind: Literal["text"]
    default: Text | None = None

    def problem_with(self, value: AttributeValue) -> str | None:
        return None if isinstance(value, str) else "a text"


class NumberAttribute(Definition):
    """A number, within bounds that count as inside."""

    kind: Literal["number"]
    minimum: Number | None = None
    maximum: Number | None = None
    default: Number | None = None

    def problem_with(self, value: AttributeValue) -> str | None:
        least = -LARGEST_NUMBER if self.minimum is None else self.minimum
        most = LARGEST_NUMBER if self.maximum is None else self.maximum
        if isinstance(value, bool | str) or not least <= value <= most:
            return self._allowed()
        return None

    def _allowed(self) -> str:
        least = None if self.minimum is None else f"at least {self.minimum}"
        most = None if self.maximum is None else f"at most {self.maximum}"
        bounds = [bound for bound in (least, most) if bound]
        return " ".join(["a number", *bounds[:1], *(f"and {bound}" for bound in bounds[1:])])

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"the minimum of “{self.name}” is above its maximum")
        return self


class ChoiceAttribute(Definition):
    """One of several words."""

    kind: Literal["choice"]
    choices: list[Label] = Field(min_length=1, max_length=MAX_CHOICES, examples=[["front", "side", "back"]])
    default: Label | None = None

    def problem_with(self, value: AttributeValue) -> str | None:
        return None if value in self.choices else f"one of {', '.join(f'“{choice}”' for choice in self.choices)}"

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        if len(set(self.choices)) < len(self.choices):
            raise ValueError(f"a choice of “{self.name}” is there twice")
        return self


class CheckboxAttribute(Definition):
    """Yes or no."""

    kind: Literal["checkbox"]
    default: StrictBool | None = None

    def problem_with(self, value: AttributeValue) -> str | None:
        return None if isinstance(value, bool) else "true or false"


AttributeDefinition = Annotated[
    TextAttribute | NumberAttribute | ChoiceAttribute | CheckboxAttribute, Field(discriminator="kind")
]
Definitions = Sequence[TextAttribute | NumberAttribute | ChoiceAttribute | CheckboxAttribute]
_stored: TypeAdapter[Definitions] = TypeAdapter(list[AttributeDefinition])


def definitions_of(stored: object) -> Definitions:
    """The definitions in a category's column."""
    return _stored.validate_python(stored)


def complaint(definitions: Definitions, values: Mapping[str, AttributeValue]) -> str | None:
    """Which attribute is wrong, with which value, and what is allowed; None where all values fit."""
    by_name = {definition.name: definition for definition in definitions}
    for name, value in values.items():
        definition = by_name.get(name)
        if definition is None:
            known = ", ".join(f"“{other}”" for other in by_name) or "none"
            return f"There is no attribute “{name}” (its category has: {known})."
        if allowed := definition.problem_with(value):
            return f"The attribute “{name}” cannot be {value!r}: it must be {allowed}."
    return None
