"""The two files that a browser runs give what the one network gives."""

from pathlib import Path

import numpy as np
import pytest
import torch
from onnxruntime import InferenceSession

from sam.export_onnx import PROMPT_INPUTS, export_browser_decoder
from sam.sam import Sam

SUBSETS = [[0], [1], [3], [1, 2, 3], [0, 1, 2, 3], [2, 0]]


@pytest.fixture(scope="module")
def parts(sam: Sam, tmp_path_factory: pytest.TempPathFactory) -> tuple[InferenceSession, InferenceSession]:
    """The image part and the click part."""
    folder = tmp_path_factory.mktemp("browser")
    paths = folder / "image.onnx", folder / "click.onnx"
    export_browser_decoder(sam, *paths)
    image, click = (InferenceSession(path) for path in paths)
    return image, click


def run(
    parts: tuple[InferenceSession, InferenceSession], embedding: torch.Tensor, feeds: dict[str, np.ndarray]
) -> list:
    """What a browser does: the click part gets every output of the image part by name."""
    image, click = parts
    outputs = image.run(None, {"image_embedding": embedding.numpy()})
    names = [output.name for output in image.get_outputs()]
    return click.run(None, dict(zip(names, outputs, strict=True)) | feeds)


@pytest.mark.parametrize("tokens", SUBSETS, ids=str)
def test_only_the_masks_asked_for_are_computed_and_they_are_the_same(
    tokens: list[int],
    sam: Sam,
    embeddings: dict[str, torch.Tensor],
    parts: tuple[InferenceSession, InferenceSession],
) -> None:
    prompt = (
        torch.tensor([[[500.0, 400.0], [20.0, 900.0], [0.0, 0.0]]]),
        torch.tensor([[1.0, 0.0, -1.0]]),
        torch.linspace(-12, 8, 256 * 256).view(1, 1, 256, 256),
        torch.tensor([1.0]),
    )
    with torch.inference_mode():
        logits, ious = sam.decode(embeddings["landscape"], *prompt)
    feeds = {name: tensor.numpy() for name, tensor in zip(PROMPT_INPUTS, prompt, strict=True)}
    got = run(parts, embeddings["landscape"], feeds | {"mask_tokens": np.array(tokens, dtype=np.int64)})
    np.testing.assert_allclose(got[0], logits[:, tokens].numpy(), atol=1e-3, rtol=0)
    np.testing.assert_allclose(got[1], ious.numpy(), atol=1e-3, rtol=0)


def test_exporting_again_gives_the_same_bytes(sam: Sam, tmp_path: Path) -> None:
    for name in ("first", "again"):
        export_browser_decoder(sam, tmp_path / f"{name}.image.onnx", tmp_path / f"{name}.click.onnx")
    for part in ("image", "click"):
        assert (tmp_path / f"first.{part}.onnx").read_bytes() == (tmp_path / f"again.{part}.onnx").read_bytes()
