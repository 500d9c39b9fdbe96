"""PyPI's `segment-anything`, as a peer for parity tests.

It imports four functions of torchvision, which this project does without; they stand here, as torchvision defines them.
"""

import importlib
import sys
from functools import cache, partial
from types import ModuleType

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn

from sam.config import ViTConfig


@cache
def peer() -> ModuleType:
    """The package, imported beside stand-ins for the modules of torchvision that it wants."""
    stand_ins = torchvision_stand_ins()
    found = {name: sys.modules.get(name) for name in stand_ins}
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module("segment_anything")
    finally:
        for name, module in found.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def random_peer(config: ViTConfig, seed: int) -> nn.Module:
    """The package's network around an encoder of any size, every weight random, in evaluation mode."""
    torch.manual_seed(seed)
    build_sam = importlib.import_module(f"{peer().__name__}.build_sam")
    sam: nn.Module = build_sam._build_sam(8, 1, 1, ())
    sam.image_encoder = peer_encoder(config)
    for name, parameter in sam.named_parameters():
        if "rel_pos" in name or "pos_embed" in name:  # zeros otherwise, and nothing would depend on them
            nn.init.normal_(parameter, std=0.5)
        elif parameter.ndim == 1:  # gains of one and shifts of zero could be swapped unseen
            nn.init.normal_(parameter, mean=parameter.mean().item(), std=0.1)
    return sam.eval()


def peer_encoder(config: ViTConfig) -> nn.Module:
    """The package's ViT, with the settings that all its checkpoints share."""
    encoder: nn.Module = peer().modeling.ImageEncoderViT(
        img_size=config.image_size,
        embed_dim=config.dim,
        depth=config.depth,
        num_heads=config.heads,
        norm_layer=partial(nn.LayerNorm, eps=1e-6),
        use_rel_pos=True,
        window_size=config.window,
        global_attn_indexes=config.global_blocks,
    )
    return encoder


def torchvision_stand_ins() -> dict[str, ModuleType]:
    """Modules by name."""
    names = ("torchvision", "torchvision.ops", "torchvision.ops.boxes", "torchvision.transforms")
    modules = {name: ModuleType(name) for name in (*names, "torchvision.transforms.functional")}
    vars(modules["torchvision.ops.boxes"]).update(batched_nms=batched_nms, box_area=box_area)
    vars(modules["torchvision.transforms.functional"]).update(resize=resize, to_pil_image=to_pil_image)
    return modules


def to_pil_image(rgb: npt.NDArray[np.uint8]) -> Image.Image:
    """(H,W,3) -> an image."""
    return Image.fromarray(rgb)


def resize(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """To `size` (height, width)."""
    height, width = size
    return image.resize((width, height), Image.Resampling.BILINEAR)


def box_area(boxes: Tensor) -> Tensor:
    """XYXY (N,4) -> (N,)."""
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def batched_nms(boxes: Tensor, scores: Tensor, groups: Tensor, iou_threshold: float) -> Tensor:
    """Indices of the boxes (N,4) that are kept, by falling score; a box is dropped for a better one of its group."""
    order = scores.argsort(descending=True, stable=True)
    kept: list[int] = []
    for index in order.tolist():
        better = torch.tensor(kept, dtype=torch.long)
        overlap = iou(boxes[better], boxes[index]) > iou_threshold
        if not (overlap & (groups[better] == groups[index])).any():
            kept.append(index)
    return torch.tensor(kept, dtype=torch.long, device=boxes.device)


def iou(boxes: Tensor, box: Tensor) -> Tensor:
    """XYXY (N,4) and (4,) -> (N,)."""
    low, high = torch.maximum(boxes[:, :2], box[:2]), torch.minimum(boxes[:, 2:], box[2:])
    intersection = (high - low).clamp(min=0).prod(dim=1)
    return intersection / (box_area(boxes) + box_area(box[None]) - intersection)
