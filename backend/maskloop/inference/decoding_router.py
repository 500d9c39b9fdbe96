"""The server decodes where a browser cannot."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends
from fastapi.responses import Response

from maskloop.errors import InvalidError, NotFoundError, problems
from maskloop.inference import service
from maskloop.inference.decoder import ClickOutput
from maskloop.inference.decoding import DecodingDep
from maskloop.inference.decoding_schemas import HALF, DecodeIn, Xywh
from maskloop.inference.router import BINARY, find_image
from maskloop.inference.runtime import Inference, InferenceDep
from maskloop.inference.store import EMBEDDING_SHAPE, STORED_TYPE, Embedding
from maskloop.jobs.engine import Urgency
from maskloop.tables import Image

router = APIRouter(prefix="/api", tags=["inference"])

ANSWER = "(4,) float32 predicted IoUs, then (M,256,256) float16 logits, M the tokens asked for; little-endian, C order"


@router.post(
    "/images/{image_id}/decode",
    summary="Masks for a browser that cannot compute them",
    response_class=Response,
    responses={200: {"content": {BINARY: {}}, "description": ANSWER}, **problems(404, 422, 503)},
)
async def decode(
    image: Annotated[Image, Depends(find_image)], body: DecodeIn, inference: InferenceDep, decoding: DecodingDep
) -> Response:
    """What the decoder of a model says to prompts, by the same graphs that browsers run. Embeds the image first where
    that was not done. 503: not now, and when to ask again."""
    model = await inference.models.with_decoder(body.decoder_digest)
    if model is None:
        raise NotFoundError(
            f"There is no decoder {body.decoder_digest}. GET /api/projects/ID/model names the one in use."
        )
    crop = _inside(body.crop, image)
    prompt = body.click(crop, model.config.input_side)
    name = f"{image.digest} {crop}"
    output = await decoding.decode(model, name, _reader(inference, image, model.encoder_digest), prompt)
    return Response(packed(output), media_type=BINARY)


def _inside(crop: Xywh | None, image: Image) -> Xywh:
    if crop is None:
        return 0, 0, image.width, image.height
    x, y, width, height = crop
    if min(x, y) < 0 or min(width, height) < 1 or x + width > image.width or y + height > image.height:
        raise InvalidError(f"The crop {crop} does not lie in the image, which is {image.width} x {image.height}.")
    return crop


def _reader(inference: Inference, image: Image, encoder_digest: str) -> Callable[[], Awaitable[Embedding]]:
    async def read() -> Embedding:
        delivery = await service.get_embedding(inference, image, encoder_digest, Urgency.NOW)
        return np.frombuffer(delivery.data, STORED_TYPE).reshape(EMBEDDING_SHAPE)

    return read


def packed(output: ClickOutput) -> bytes:
    """The answer's body: see `ANSWER`."""
    largest = np.finfo(HALF).max
    logits = output.logits.clip(-largest, largest).astype(HALF)
    return output.predicted_ious.astype("<f4").tobytes() + logits.tobytes()
