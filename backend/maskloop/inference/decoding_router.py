"""The server decodes where a browser cannot."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends
from fastapi.responses import Response

from maskloop.domain.crops import Crop
from maskloop.errors import NotFoundError, problems
from maskloop.inference import service
from maskloop.inference.decoder import ClickOutput
from maskloop.inference.decoding import DecodingDep
from maskloop.inference.decoding_schemas import HALF, DecodeIn
from maskloop.inference.router import BINARY, find_image
from maskloop.inference.runtime import Inference, InferenceDep
from maskloop.inference.service import Wanted
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
    whole = Crop(0, 0, image.width, image.height)
    crop = Crop(*body.crop) if body.crop else whole
    part = None if crop == whole else str(crop)
    wanted = await service.wanted_of(inference, image, model.encoder_digest, part)
    prompt = body.click(crop, model.config.input_side)
    output = await decoding.decode(model, f"{image.digest} {crop}", _reader(inference, image, wanted), prompt)
    return Response(packed(output), media_type=BINARY)


def _reader(inference: Inference, image: Image, wanted: Wanted) -> Callable[[], Awaitable[Embedding]]:
    async def read() -> Embedding:
        delivery = await service.get_embedding(inference, image, wanted.encoder_digest, Urgency.NOW, wanted.crop)
        return np.frombuffer(delivery.data, STORED_TYPE).reshape(EMBEDDING_SHAPE)

    return read


def packed(output: ClickOutput) -> bytes:
    """The answer's body: see `ANSWER`."""
    largest = np.finfo(HALF).max
    logits = output.logits.clip(-largest, largest).astype(HALF)
    return output.predicted_ious.astype("<f4").tobytes() + logits.tobytes()
