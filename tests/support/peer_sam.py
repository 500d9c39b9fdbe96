"""PyPI's `segment-anything`, as a peer for parity tests.

It imports four functions of torchvision, which this project does without; they stand here, as torchvision defines them.
"""

import importlib
import sys
from collections.abc import Callable
from functools import cache, partial
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn

from sam.config import ViTConfig
from sam.official import NO_MASK, OUTPUT_TOKENS, POINT_EMBEDDINGS, rename
from sam.sam import Sam


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


class OurEncoder(torch.nn.Module):
    """Stands where the package expects its ViT."""

    img_size = 1024

    def __init__(self, encode_input: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.encode_input = encode_input

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.encode_input(images)


def peer_of_nothing() -> Any:
    """The package's network, without an encoder and with random weights."""
    network = peer().modeling
    decoder = network.MaskDecoder(
        transformer_dim=256,
        transformer=network.TwoWayTransformer(depth=2, embedding_dim=256, num_heads=8, mlp_dim=2048),
    )
    return network.Sam(OurEncoder(torch.nn.Identity()), network.PromptEncoder(256, (64, 64), (1024, 1024), 16), decoder)


def peer_of(sam: Sam) -> Any:
    """The package's network with our encoder and our weights."""
    theirs, ours = peer_of_nothing(), sam.state_dict()
    tables = {
        **dict(zip(POINT_EMBEDDINGS, ours["prompt_encoder.label_embedding.weight"].split(1), strict=True)),
        **dict(zip(OUTPUT_TOKENS, ours["mask_decoder.output_tokens"].split((1, 4)), strict=True)),
        NO_MASK: ours["prompt_encoder.no_mask_embedding"][None],
    }
    names = theirs.state_dict().keys() - tables.keys()
    theirs.load_state_dict(tables | {name: ours[rename(name)] for name in names}, strict=True)
    theirs.image_encoder = OurEncoder(sam.image_encoder)
    return theirs.eval()


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
