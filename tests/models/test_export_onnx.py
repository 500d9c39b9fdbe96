"""The file that browsers run is the network that we run."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnxruntime import InferenceSession

from sam.export_onnx import INPUTS, OUTPUTS, export_decoder
from sam.sam import Sam
from sam.zoo import ModelFiles

PROMPTS = {
    "one point": [(500, 400, 1)],
    "point and padding": [(500, 400, 1), (0, 0, -1)],
    "five points": [(500, 400, 1), (520, 420, 1), (20, 900, 0), (640, 30, 0), (0, 0, -1)],
    "box": [(200, 150, 2), (700, 610, 3)],
    "box and a point": [(500, 400, 1), (200, 150, 2), (700, 610, 3)],
}


@pytest.mark.parametrize("has_mask", [0.0, 1.0], ids=["no mask", "mask prompt"])
@pytest.mark.parametrize("points", PROMPTS.values(), ids=PROMPTS.keys())
def test_exported_decoder_gives_what_the_eager_one_gives(
    points: list[tuple[float, float, float]],
    has_mask: float,
    sam: Sam,
    embeddings: dict[str, torch.Tensor],
    exported_decoder: InferenceSession,
) -> None:
    x, y, labels = torch.tensor(points, dtype=torch.float32).unbind(1)
    mask = torch.linspace(-12, 8, 256 * 256).view(1, 1, 256, 256)
    prompt = (embeddings["landscape"], torch.stack([x, y], 1)[None], labels[None], mask, torch.tensor([has_mask]))
    with torch.inference_mode():
        expected = sam.decode(*prompt)
    got = exported_decoder.run(None, {name: tensor.numpy() for name, tensor in zip(INPUTS, prompt, strict=True)})
    for ours, theirs in zip(expected, got, strict=True):
        np.testing.assert_allclose(theirs, ours.numpy(), atol=1e-3, rtol=0)
    assert [array.shape for array in got] == [(1, 4, 256, 256), (1, 4)]


def test_exported_decoder_has_the_agreed_interface(standard_decoder: Path) -> None:
    model = onnx.load(standard_decoder)
    onnx.checker.check_model(model)
    assert tuple(value.name for value in model.graph.input) == INPUTS
    assert tuple(value.name for value in model.graph.output) == OUTPUTS
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 17)]
    assert "Resize" not in {node.op_type for node in model.graph.node}


def test_exporting_again_in_another_process_gives_the_same_bytes(
    files: ModelFiles, sam: Sam, standard_decoder: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "sam.export_onnx", str(files.checkpoint_path), str(tmp_path / "cli.onnx")]
    subprocess.run(command, check=True)
    export_decoder(sam, tmp_path / "function.onnx")
    expected = standard_decoder.read_bytes()
    assert (tmp_path / "cli.onnx").read_bytes() == expected
    assert (tmp_path / "function.onnx").read_bytes() == expected


def test_command_line_says_which_checkpoint_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sam.export_onnx", str(tmp_path / "none.safetensors"), str(tmp_path / "out.onnx")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path / 'none.safetensors'}: there is no such file")
    assert "Traceback" not in done.stderr
