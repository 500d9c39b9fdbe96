"""The two files that a browser runs give what the one network gives."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from onnxruntime import InferenceSession
from torch import Tensor, nn

from sam.browser_decoder import ClickPart, ImagePart
from sam.browser_decoder_operators import exact_gelu
from sam.config import ARCHITECTURES
from sam.export_onnx import PROMPT_INPUTS, export_browser_decoder
from sam.frame import Frame
from sam.predictor import full_size_masks
from sam.prompt_encoder import PointLabel
from sam.sam import Sam

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Prompt = tuple[Tensor, Tensor, Tensor, Tensor]  # coords, labels, mask, has_mask, as `Sam.decode` wants them

SUBSETS = [[0], [1], [3], [1, 2, 3], [0, 1, 2, 3], [2, 0]]
SIDE = 256


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
    image, click = (InferenceSession(path) for path in paths)
    return Parts(image, click)


def click_prompt(points: list[tuple[float, float, int]], prior: Tensor | None = None) -> Prompt:
    """(x, y, label) in the network's input; the padding point is added where there is no box."""
    if all(label in {PointLabel.FOREGROUND, PointLabel.BACKGROUND} for _, _, label in points):
        points = [*points, (0.0, 0.0, PointLabel.PADDING)]
    table = torch.tensor(points, dtype=torch.float32)
    mask = torch.zeros(1, 1, SIDE, SIDE) if prior is None else prior
    return table[None, :, :2], table[None, :, 2], mask, torch.tensor([float(prior is not None)])


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


PLACES_A_PHOTO = 23  # with three prompts each, on three photos: 207 prompts


class Case(NamedTuple):
    prompt: Prompt
    tokens: list[int]
    expected: Tensor  # (1,4,256,256)


def cases(sam: Sam, embedding: Tensor, frame: Frame) -> Iterator[Case]:
    """As a person would: a click, then more clicks or a box for what it found, then a correction with that as prior."""
    rng = np.random.default_rng(7)
    height, width = frame.resized
    pixels_a_logit = frame.input_side // SIDE
    for i in range(PLACES_A_PHOTO):
        places = rng.uniform(0.06, 0.94, (7, 2)) * (width, height)
        first = click_prompt([(*places[0], 1)])
        found = sam.decode(embedding, *first)[0]
        yield Case(first, ([1, 2, 3], [0])[i % 2], found)

        inside = (found[0, 0] > 0).numpy()
        cells = (places // pixels_a_logit).astype(int)
        clicks = [(*place, int(inside[y, x])) for place, (x, y) in zip(places, cells, strict=True)]
        box = box_around(inside, pixels_a_logit, rng.normal(0, 8, 4))
        points = (clicks[: 2 + i // 4 % 5], box, box + clicks[:2], [*clicks[:1], clicks[1]])[i % 4]
        second = click_prompt(points)
        logits = sam.decode(embedding, *second)[0]
        yield Case(second, ([0], [0, 1, 2, 3])[i % 5 == 0], logits)

        third = click_prompt([*points, clicks[6]], prior=logits[:, :1])
        yield Case(third, ([0], [1, 2, 3])[i % 5 == 1], sam.decode(embedding, *third)[0])


def box_around(inside: npt.NDArray[np.bool_], scale: int, noise: Floats) -> list[tuple[float, float, int]]:
    """A box about a mask, not quite fitting, in the network's input."""
    y, x = np.nonzero(inside)
    x0, y0, x1, y1 = np.array([x.min(), y.min(), x.max() + 1, y.max() + 1]) * scale + noise
    return [(x0, y0, 2), (x1, y1, 3)]


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
            agreements.append(min(iou(*pair) for pair in zip(expected, got, strict=True)))
    assert len(agreements) == 3 * PLACES_A_PHOTO
    assert min(agreements) >= 0.995


def iou(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 1.0


def test_files_stand_alone_and_hold_halves(paths: tuple[Path, Path]) -> None:
    for path in paths:
        model: Any = onnx.load(path, load_external_data=False)
        assert not any(tensor.external_data for tensor in model.graph.initializer)
        floats = [tensor for tensor in model.graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT]
        assert max(int(np.prod(tensor.dims)) for tensor in floats) <= 2**16
    assert sum(path.stat().st_size for path in paths) < 12.5e6


def test_exporting_again_gives_the_same_bytes(sam: Sam, paths: tuple[Path, Path], tmp_path: Path) -> None:
    again = tmp_path / "image.onnx", tmp_path / "click.onnx"
    export_browser_decoder(sam, *again)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
