"""Every hyper-parameter of the network, and the registry of architectures. No torch here: it is cheap to import."""

from dataclasses import dataclass, field
from typing import Literal

PromptKind = Literal["point", "box", "mask"]  # a mask of an earlier round


@dataclass(frozen=True)
class TinyViTConfig:
    """Image encoder of MobileSAM: one stage of convolutions, then three of window attention (Wu et al. 2022).

    Tuples hold one value a stage; `strides` one a downsampling, of which there is one after every stage but the last.
    """

    image_size: int = 1024
    out_channels: int = 256
    patch_kernel: int = 3  # side of each of the two convolutions that cut the image into patches
    patch_stride: int = 2  # of each of them: a patch is this squared on a side
    embed_dims: tuple[int, ...] = (64, 128, 160, 320)
    depths: tuple[int, ...] = (2, 2, 6, 2)
    heads: tuple[int, ...] = (2, 4, 5, 10)  # the first is unused: stage 0 has no attention
    windows: tuple[int, ...] = (7, 7, 14, 7)  # side of an attention window, in cells of that stage's grid
    strides: tuple[int, ...] = (2, 2, 1)
    expansion: int = 4  # of the channels inside an inverted bottleneck, and inside an attention block's MLP


@dataclass(frozen=True)
class ViTConfig:
    """Image encoder of the paper; the defaults are ViT-B (Kirillov et al. 2023, appendix A)."""

    image_size: int = 1024
    out_channels: int = 256
    patch_size: int = 16
    dim: int = 768
    depth: int = 12
    heads: int = 12
    global_blocks: tuple[int, ...] = (2, 5, 8, 11)  # attend to the whole grid; the others inside windows
    window: int = 14  # side of an attention window, in cells
    expansion: int = 4  # of the channels inside a block's MLP

    @property
    def grid_size(self) -> int:
        """Side of the grid of patches, and of the embedding: 64."""
        return self.image_size // self.patch_size


@dataclass(frozen=True)
class PromptDecoderConfig:
    """Prompt encoder and mask decoder; the same in every released SAM (Kirillov et al. 2023, appendix A)."""

    dim: int = 256
    image_size: int = 1024
    grid_size: int = 64  # side of the image embedding
    mask_channels: int = 16  # inside the convolutions that embed a mask prompt
    masks: int = 4  # one unambiguous, three for whole, part and subpart
    depth: int = 2
    heads: int = 8
    mlp_dim: int = 2048
    attention_downsample: int = 2  # cross-attention works in dim / 2
    head_depth: int = 3  # layers of the mask and IoU heads

    @property
    def mask_size(self) -> int:
        """Side of the logits, and of a mask prompt: 256."""
        return 4 * self.grid_size


@dataclass(frozen=True)
class MeanStd:
    """Pixels less a mean, over a standard deviation: one of each a channel, on 0-255. The defaults are ImageNet's."""

    mean: tuple[float, float, float] = (123.675, 116.28, 103.53)
    std: tuple[float, float, float] = (58.395, 57.12, 57.375)


@dataclass(frozen=True)
class MinMax:
    """Pixels from 0, the image's own least value in any channel, to 1, its greatest: medical images have no common
    scale.
    """


@dataclass(frozen=True)
class SamConfig:
    """One whole network, and how it was trained."""

    encoder: TinyViTConfig | ViTConfig = field(default_factory=TinyViTConfig)
    decoder: PromptDecoderConfig = field(default_factory=PromptDecoderConfig)
    normalisation: MeanStd | MinMax = field(default_factory=MeanStd)
    prompts: tuple[PromptKind, ...] = ("point", "box", "mask")  # others are taken too, but their masks are worthless

    @property
    def input_side(self) -> int:
        """Of the square that the encoder sees, in pixels; coordinates of prompts are in the same frame."""
        return self.encoder.image_size


ARCHITECTURES: dict[str, SamConfig] = {
    "mobile_sam": SamConfig(),
    "lite_medsam": SamConfig(
        TinyViTConfig(image_size=256, patch_kernel=1, patch_stride=1),
        PromptDecoderConfig(image_size=256),
        MinMax(),
        prompts=("box",),
    ),
    "sam_vit_b": SamConfig(ViTConfig()),
    "sam_vit_l": SamConfig(ViTConfig(dim=1024, depth=24, heads=16, global_blocks=(5, 11, 17, 23))),
    "sam_vit_h": SamConfig(ViTConfig(dim=1280, depth=32, heads=16, global_blocks=(7, 15, 23, 31))),
}
