"""The two files that a browser runs give what the one network gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from onnxruntime import InferenceSession, SessionOptions
from torch import Tensor, nn
from torch.nn import functional

from sam.browser_decoder import ClickPart, ImagePart
from sam.config import ARCHITECTURES
from sam.export_onnx import PROMPT_INPUTS, export_browser_decoder
from sam.frame import Frame
from sam.predictor import full_size_masks
from sam.sam import Sam
from tests.support.decoder_prompts import CASES, SIDE, Prompt, cases, click_prompt, smallest_iou

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

SUBSETS = [[0], [1], [3], [1, 2, 3], [0, 1, 2, 3], [2, 0]]


class Parts(NamedTuple):
    """The exported pair, and what a browser does with it."""

    image: InferenceSession
    click: InferenceSession

    def see(self, embedding: Tensor) -> dict[str, Floats]:
        names = [output.name for output in self.image.get_outputs()]
        return dict(zip(names, self.image.run(None, {"image_embedding": embedding.numpy()}), strict=True))

    def decode(self, seen: Mapping[str, Floats], prompt: Prompt, tokens: list[int]) -> tuple[Floats, Floats]:
        feeds = {name: tensor.numpy() for name, tensor in zip(PROMPT_INPUTS, prompt, strict=True)}
        logits, ious = self.click.run(None, {**seen, **feeds, "mask_tokens": np.array(tokens, dtype=np.int64)})
        return logits, ious


@pytest.fixture(scope="module")
def paths(sam: Sam, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("browser")
    export_browser_decoder(sam, folder / "image.onnx", folder / "click.onnx")
    return folder / "image.onnx", folder / "click.onnx"


@pytest.fixture(scope="module")
def parts(paths: tuple[Path, Path]) -> Parts:
    options = SessionOptions()
    options.intra_op_num_threads = 1  # in turn with torch: threads that spin would take its cores
    image, click = (InferenceSession(path, options) for path in paths)
    return Parts(image, click)


RAMP = torch.linspace(-12, 8, SIDE * SIDE).view(1, 1, SIDE, SIDE)
CLICKS = [(500.0, 400.0, 1), (20.0, 600.0, 0)]
BOX = [(200.0, 150.0, 2), (700.0, 610.0, 3)]


@pytest.mark.parametrize("prior", [None, RAMP], ids=["no mask", "mask prompt"])
@pytest.mark.parametrize("points", [CLICKS[:1], CLICKS, CLICKS * 6, BOX, CLICKS + BOX, BOX * 3], ids=len)
def test_the_algebra_is_exact(
    points: list[tuple[float, float, int]], prior: Tensor | None, sam: Sam, embeddings: dict[str, Tensor]
) -> None:
    assert_same_as_eager(sam, embeddings["landscape"], click_prompt(points, prior))


@pytest.mark.parametrize("prior", [None, RAMP], ids=["no mask", "mask prompt"])
def test_the_algebra_is_exact_for_any_weights(prior: Tensor | None) -> None:
    """Weights and biases at random, norms' too: released ones could hide a term that is near zero in them."""
    torch.manual_seed(0)
    sam = Sam(ARCHITECTURES["mobile_sam"]).eval().requires_grad_(requires_grad=False)
    for module in (sam.prompt_encoder, sam.mask_decoder):
        for name, parameter in module.named_parameters():
            if parameter.dim() == 1:
                nn.init.normal_(parameter, mean=float("norm" in name and name.endswith("weight")), std=0.3)
    sam.prompt_encoder.position.frequencies.normal_()
    assert_same_as_eager(sam, torch.randn(1, 256, 64, 64), click_prompt(CLICKS + BOX, prior))


def exact_gelu(x: Tensor, bias: Tensor) -> Tensor:
    """What the network was trained with."""
    return functional.gelu(x + bias)


def assert_same_as_eager(sam: Sam, embedding: Tensor, prompt: Prompt) -> None:
    image_part = ImagePart(sam)
    click_part = ClickPart(sam, image_part.output_names(), exact_gelu)
    with torch.inference_mode():
        expected, expected_ious = sam.decode(embedding, *prompt)
        logits, ious = click_part(*image_part(embedding), *prompt, torch.arange(4))
    assert (logits - expected).abs().max() <= 2e-4 * expected.abs().max()  # epsilon: docs/decoder.md
    assert (ious - expected_ious).abs().max() <= 1e-4


@pytest.mark.parametrize("prior", [None, RAMP], ids=["no mask", "mask prompt"])
@pytest.mark.parametrize("tokens", SUBSETS, ids=str)
def test_only_the_masks_asked_for_are_computed(
    tokens: list[int], prior: Tensor | None, sam: Sam, embeddings: dict[str, Tensor], parts: Parts
) -> None:
    prompt = click_prompt(CLICKS, prior)
    with torch.inference_mode():
        logits, ious = sam.decode(embeddings["landscape"], *prompt)
    got, got_ious = parts.decode(parts.see(embeddings["landscape"]), prompt, tokens)
    assert got.shape == (1, len(tokens), SIDE, SIDE)
    np.testing.assert_allclose(got, logits[:, tokens].numpy(), atol=5e-3 * float(logits.abs().max()), rtol=0)
    np.testing.assert_allclose(got_ious, ious.numpy(), atol=2e-3, rtol=0)


@pytest.mark.parametrize("name", ["square", "landscape", "portrait"])
def test_every_mask_of_207_prompts_is_the_same_to_half_a_percent(
    name: str, sam: Sam, photos: dict[str, Pixels], embeddings: dict[str, Tensor], parts: Parts
) -> None:
    frame = Frame(*photos[name].shape[:2], sam.config.input_side)
    seen = parts.see(embeddings[name])
    agreements = []
    with torch.inference_mode():
        for prompt, tokens, logits in cases(sam, embeddings[name], frame):
            expected = full_size_masks(logits[0, tokens], frame)
            got = full_size_masks(torch.from_numpy(parts.decode(seen, prompt, tokens)[0][0]), frame)
            agreements.append(smallest_iou(expected, got))
    assert len(agreements) == CASES
    assert min(agreements) >= 0.995


def test_files_stand_alone_and_hold_halves(paths: tuple[Path, Path]) -> None:
    for path in paths:
        model: Any = onnx.load(path, load_external_data=False)
        assert not any(tensor.external_data for tensor in model.graph.initializer)
        floats = [tensor for tensor in model.graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT]
        assert max(int(np.prod(tensor.dims)) for tensor in floats) < 2**19
    assert sum(path.stat().st_size for path in paths) < 15e6


def test_exporting_again_gives_the_same_bytes(sam: Sam, paths: tuple[Path, Path], tmp_path: Path) -> None:
    again = tmp_path / "image.onnx", tmp_path / "click.onnx"
    export_browser_decoder(sam, *again)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
