"""What a browser asks that cannot decode by itself."""

import base64
import binascii
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from maskloop.inference.decoder import LOGIT_SIDE, ClickInput, Floats
from sam.frame import Frame

BACKGROUND, FOREGROUND, BOX_TOP_LEFT, BOX_BOTTOM_RIGHT, PADDING = 0, 1, 2, 3, -1
"""The network's labels; see `sam.prompt_encoder.PointLabel`, which would bring torch."""

HALF = np.dtype("<f2")
PRIOR_BYTES = LOGIT_SIDE * LOGIT_SIDE * HALF.itemsize
PROMPTS_MOST = 1000

Finite = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Token = Annotated[int, Field(ge=0, le=3)]
Xywh = tuple[int, int, int, int]


class Strict(BaseModel):
    """A field that we do not know is a mistake."""

    model_config = ConfigDict(extra="forbid")


class ClickPoint(Strict):
    """A click; (x, y) in pixels of the image, pixel centres at +0.5. Label 1 takes the object, 0 leaves it out."""

    kind: Literal["point"]
    x: Finite
    y: Finite
    label: Literal[0, 1]

    def rows(self) -> list[tuple[float, float, int]]:
        return [(self.x, self.y, self.label)]


class DraggedBox(Strict):
    """A box, corners XYXY in pixels of the image."""

    kind: Literal["box"]
    x0: Finite
    y0: Finite
    x1: Finite
    y1: Finite

    def rows(self) -> list[tuple[float, float, int]]:
        return [(self.x0, self.y0, BOX_TOP_LEFT), (self.x1, self.y1, BOX_BOTTOM_RIGHT)]


def _is_prior(text: str) -> str:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error
    if len(data) != PRIOR_BYTES:
        raise ValueError(f"{LOGIT_SIDE}x{LOGIT_SIDE} float16 are {PRIOR_BYTES} bytes, these are {len(data)}")
    if not np.isfinite(np.frombuffer(data, HALF)).all():
        raise ValueError("logits must be finite")
    return text


class DecodeIn(Strict):
    """Prompts, and what is asked about them."""

    decoder_digest: str = Field(max_length=64, description="Of the project's model; it names the encoder, too.")
    crop: Xywh | None = Field(None, description="The part of the image that the encoder saw; the whole image without.")
    prompts: list[Annotated[ClickPoint | DraggedBox, Field(discriminator="kind")]] = Field(
        min_length=1, max_length=PROMPTS_MOST
    )
    prior: Annotated[str, Field(max_length=4 * PRIOR_BYTES), AfterValidator(_is_prior)] | None = Field(
        None, description="Logits of an earlier round: base64 of (256,256) float16, little-endian, C order."
    )
    tokens: list[Token] = Field([0, 1, 2, 3], min_length=1, max_length=4, description="The masks wanted, rising.")

    @model_validator(mode="after")
    def _tokens_rise(self) -> Self:
        if sorted(set(self.tokens)) != self.tokens:
            raise ValueError("tokens must rise")
        return self

    def click(self, crop: Xywh, input_side: int) -> ClickInput:
        """As the network takes it: pixels of its input; points in the order given, then boxes, as it was trained."""
        left, top, width, height = crop
        frame = Frame(height, width, input_side)
        prompts = sorted(self.prompts, key=lambda prompt: prompt.kind == "box")
        rows = [row for prompt in prompts for row in prompt.rows()]
        points = [(*frame.to_input(x - left, y - top), label) for x, y, label in rows]
        if prompts[-1].kind != "box":
            points.append((0.0, 0.0, PADDING))
        table = np.array(points, np.float32)
        return ClickInput(table[:, :2], table[:, 2], self._prior(), tuple(self.tokens))

    def _prior(self) -> Floats | None:
        if self.prior is None:
            return None
        logits = np.frombuffer(base64.b64decode(self.prior), HALF).astype(np.float32)
        return logits.reshape(LOGIT_SIDE, LOGIT_SIDE)
