"""The encoder's graph, which is written by hand, is the encoder."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from torch import Tensor, nn

from maskloop.inference.encoder import silence_openvino
from sam.config import ARCHITECTURES, SamConfig, TinyViTConfig, ViTConfig
from sam.errors import CheckpointError
from sam.export_onnx_encoder import INPUT, OUTPUT, export_encoder
from sam.predictor import prepare_image
from sam.sam import Sam
from sam.zoo import ModelFiles
from tests.models.conftest import session

TOLERANCE = 1e-4  # of the largest value

EXPORT = """
import sys
from pathlib import Path
from sam.checkpoints import load_checkpoint
from sam.export_onnx_encoder import export_encoder
export_encoder(load_checkpoint(Path(sys.argv[1])), Path(sys.argv[2]))
"""

# What there is to get wrong: windows that fill the grid, that are cut off at its border, wider than the grid.
SMALL = {
    "patches of 4": TinyViTConfig(
        image_size=64, embed_dims=(8, 16, 20, 20), depths=(1, 2, 1, 1), windows=(7, 3, 4, 14)
    ),
    "patches of 1": TinyViTConfig(
        image_size=20, embed_dims=(8, 16, 20, 20), depths=(1, 1, 1, 1), patch_kernel=1, patch_stride=1
    ),
}


def random_sam(config: TinyViTConfig) -> Sam:
    """Weights under which every bias and every offset counts."""
    torch.manual_seed(0)
    sam = Sam(SamConfig(config)).eval().requires_grad_(requires_grad=False)
    for name, parameter in sam.image_encoder.named_parameters():
        if name.endswith("bias"):
            nn.init.normal_(parameter)
    return sam


def in_openvino(path: Path, image: Tensor) -> npt.NDArray[np.float32]:
    if find_spec("openvino") is None:
        pytest.skip("OpenVINO has no package for this machine")
    silence_openvino()
    import openvino  # noqa: PLC0415 - not everywhere

    compiled = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    embedding: npt.NDArray[np.float32] = compiled({INPUT: image.numpy()})[OUTPUT]
    return embedding


def in_onnxruntime(path: Path, image: Tensor) -> npt.NDArray[np.float32]:
    embedding: npt.NDArray[np.float32] = session(str(path)).run([OUTPUT], {INPUT: image.numpy()})[0]
    return embedding


@pytest.mark.parametrize("run", [in_openvino, in_onnxruntime])
@pytest.mark.parametrize("config", SMALL.values(), ids=SMALL.keys())
def test_the_graph_gives_what_the_modules_give(config: TinyViTConfig, run, tmp_path: Path) -> None:
    sam = random_sam(config)
    export_encoder(sam, tmp_path / "encoder.onnx")
    image = torch.randn(1, 3, config.image_size, config.image_size)
    expected = sam.image_encoder(image)
    got = run(tmp_path / "encoder.onnx", image)
    assert got.shape == expected.shape
    assert np.abs(got - expected.numpy()).max() <= TOLERANCE * float(expected.abs().max())


def test_mobile_sam_sees_a_photo_the_same_either_way(
    sam: Sam, photos: dict[str, npt.NDArray[np.uint8]], embeddings: dict[str, Tensor], tmp_path: Path
) -> None:
    export_encoder(sam, tmp_path / "encoder.onnx")
    expected = embeddings["landscape"].numpy()
    got = in_openvino(tmp_path / "encoder.onnx", prepare_image(photos["landscape"], sam.config)[None])
    assert np.abs(got - expected).max() <= TOLERANCE * np.abs(expected).max()


def test_the_file_is_valid_and_says_its_shapes(tmp_path: Path) -> None:
    export_encoder(random_sam(SMALL["patches of 4"]), tmp_path / "encoder.onnx")
    model = onnx.load(tmp_path / "encoder.onnx")
    onnx.checker.check_model(model, full_check=True)
    shapes = {
        value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    }
    assert shapes == {INPUT: [1, 3, 64, 64], OUTPUT: [1, 256, 4, 4]}


def test_another_process_writes_the_same_bytes(files: ModelFiles, sam: Sam, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", EXPORT, files.checkpoint_path, tmp_path / "other.onnx"], check=True)
    export_encoder(sam, tmp_path / "function.onnx")
    assert (tmp_path / "other.onnx").read_bytes() == (tmp_path / "function.onnx").read_bytes()


def test_a_vit_is_refused(tmp_path: Path) -> None:
    with torch.device("meta"):
        sam = Sam(ARCHITECTURES["sam_vit_b"])
    assert isinstance(sam.config.encoder, ViTConfig)
    with pytest.raises(CheckpointError, match="ViT has no ONNX form"):
        export_encoder(sam, tmp_path / "encoder.onnx")
    assert not list(tmp_path.iterdir())
