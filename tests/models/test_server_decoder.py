"""What the server decodes for a browser that cannot is what the network says: prompts in pixels, masks at full size."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from maskloop.inference.decoder import OnnxDecoder
from maskloop.inference.decoding_router import packed
from maskloop.inference.decoding_schemas import HALF, DecodeIn
from maskloop.inference.model import ServedModel
from sam.frame import Frame
from sam.predictor import full_size_masks
from sam.sam import Sam
from sam.zoo import ModelFiles
from tests.support.decoder_prompts import SIDE, smallest_iou

POINT = {"kind": "point", "x": 300.0, "y": 200.0, "label": 1}
OUT = {"kind": "point", "x": 120.0, "y": 60.0, "label": 0}
BOX = {"kind": "box", "x0": 60.0, "y0": 40.0, "x1": 400.0, "y1": 300.0}


@pytest.mark.parametrize("prompts", [[POINT], [POINT, OUT], [BOX], [BOX, POINT, OUT]], ids=len)
@pytest.mark.parametrize("name", ["square", "landscape", "portrait"])
def test_masks_are_those_of_the_network(
    name: str, prompts: list[dict[str, Any]], *, files: ModelFiles, sam: Sam, photos: Any, embeddings: dict[str, Tensor]
) -> None:
    height, width = photos[name].shape[:2]
    frame = Frame(height, width, sam.config.input_side)
    asked = DecodeIn(decoder_digest=files.decoder_digest, prompts=prompts)  # type: ignore[arg-type]
    click = asked.click((0, 0, width, height), sam.config.input_side)
    with torch.inference_mode():
        blank = torch.zeros(1, 1, SIDE, SIDE)
        points = torch.from_numpy(click.coords)[None], torch.from_numpy(click.labels)[None]
        expected, expected_ious = sam.decode(embeddings[name], *points, blank, torch.zeros(1))
    decoder = OnnxDecoder(ServedModel("mobile_sam", "cpu", files))
    seen = decoder.see(embeddings[name][0].numpy().astype(np.float16))
    answer = packed(decoder.click(seen, click))
    ious, logits = np.frombuffer(answer[:16], "<f4"), np.frombuffer(answer[16:], HALF).reshape(4, SIDE, SIDE)
    np.testing.assert_allclose(ious, expected_ious[0].numpy(), atol=5e-3)
    got = full_size_masks(torch.from_numpy(logits.astype(np.float32)), frame)
    assert smallest_iou(full_size_masks(expected[0], frame), got) >= 0.99
