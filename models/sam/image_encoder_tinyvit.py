"""TinyViT image encoder: (B,3,1024,1024) -> (B,256,64,64). LiteMedSAM's sees (B,3,256,256), one pixel a patch.

Batch normalisation is folded into the convolutions (`sam.official` does it for weights that still carry it), so a
convolution here has a bias and nothing follows it but its GELU. Feature maps are (B,C,H,W) in memory format
channels-last: the (B,H,W,C) view that attention wants then costs nothing.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from sam.config import TinyViTConfig
from sam.fused import Conv2d, Linear
from sam.layers import Neck, check_images, from_windows, to_windows


class TinyViT(nn.Module):
    """Patches -> four stages on grids of side 256, 128, 64, 64 -> neck."""

    def __init__(self, config: TinyViTConfig) -> None:
        super().__init__()
        self.config = config
        self.patch_embed = PatchEmbed(config)
        self.stages = nn.ModuleList(Stage(config, i) for i in range(len(config.depths)))
        self.neck = Neck(config.embed_dims[-1], config.out_channels)

    def forward(self, images: Tensor) -> Tensor:
        """Normalised, padded images (B,3,S,S), S = `image_size` -> embeddings (B,256,64,64), contiguous."""
        check_images(images, self.config.image_size)
        x = self.patch_embed(images.contiguous(memory_format=torch.channels_last))  # (B,64,256,256)
        for stage in self.stages:
            x = stage(x)  # (B,128,128,128), (B,160,64,64), (B,320,64,64), (B,320,64,64)
        embedding: Tensor = self.neck(x)  # (B,256,64,64)
        return embedding.contiguous()


class PatchEmbed(nn.Module):
    """Two convolutions, 3x3 of stride 2 in MobileSAM: (B,3,H,W) -> (B,C,H/4,W/4). In LiteMedSAM 1x1 of stride 1."""

    def __init__(self, config: TinyViTConfig) -> None:
        super().__init__()
        channels, kernel, stride = config.embed_dims[0], config.patch_kernel, config.patch_stride
        self.conv1 = Conv2d(3, channels // 2, kernel, stride=stride, gelu=True)
        self.conv2 = Conv2d(channels // 2, channels, kernel, stride=stride)

    def forward(self, images: Tensor) -> Tensor:
        x: Tensor = self.conv2(self.conv1(images))
        return x


class Stage(nn.Module):
    """Blocks on one grid, then the downsampling to the next one, which the last stage lacks."""

    def __init__(self, config: TinyViTConfig, index: int) -> None:
        super().__init__()
        dim, depth = config.embed_dims[index], config.depths[index]
        last = index == len(config.depths) - 1
        self.blocks = nn.Sequential(*(build_block(config, index) for _ in range(depth)))
        self.downsample = None if last else Downsample(dim, config.embed_dims[index + 1], config.strides[index])

    def forward(self, x: Tensor) -> Tensor:
        """(B,C,H,W) -> (B,C',H/stride,W/stride)."""
        x = self.blocks(x)
        if self.downsample is not None:
            x = self.downsample(x)
        return x


def build_block(config: TinyViTConfig, stage: int) -> nn.Module:
    """Stage 0 is convolutional, where the grid is too fine for attention; the others attend."""
    dim = config.embed_dims[stage]
    if stage == 0:
        return InvertedBottleneck(dim, config.expansion)
    return AttentionBlock(dim, config.heads[stage], config.windows[stage], config.expansion)


class InvertedBottleneck(nn.Module):
    """Widen, look around, narrow, add (MobileNetV2): (B,C,H,W) -> (B,C,H,W)."""

    def __init__(self, dim: int, expansion: int) -> None:
        super().__init__()
        wide = dim * expansion
        self.widen = Conv2d(dim, wide, 1, gelu=True)
        self.depthwise = Conv2d(wide, wide, 3, groups=wide, gelu=True)
        self.narrow = Conv2d(wide, dim, 1)

    def forward(self, x: Tensor) -> Tensor:
        return functional.gelu(x + self.narrow(self.depthwise(self.widen(x))))


class Downsample(nn.Module):
    """To the next stage's grid and channels: (B,C,H,W) -> (B,C',H/stride,W/stride)."""

    def __init__(self, dim: int, dim_out: int, stride: int) -> None:
        super().__init__()
        self.project = Conv2d(dim, dim_out, 1, gelu=True)
        self.depthwise = Conv2d(dim_out, dim_out, 3, stride=stride, groups=dim_out, gelu=True)
        self.mix = Conv2d(dim_out, dim_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.mix(self.depthwise(self.project(x)))
        return mixed


class AttentionBlock(nn.Module):
    """Attention inside windows, a depthwise convolution that joins the windows, an MLP: (B,C,H,W) -> (B,C,H,W)."""

    def __init__(self, dim: int, heads: int, window: int, expansion: int) -> None:
        super().__init__()
        self.window = window
        self.attention = WindowAttention(dim, heads, window)
        self.local = Conv2d(dim, dim, 3, groups=dim)
        self.mlp = nn.Sequential(
            nn.LayerNorm(dim), Linear(dim, dim * expansion, gelu=True), Linear(dim * expansion, dim)
        )

    def forward(self, x: Tensor) -> Tensor:
        cells = x.permute(0, 2, 3, 1)  # (B,H,W,C)
        windows = to_windows(cells, self.window)  # (B*windows,N,C)
        cells = cells + from_windows(self.attention(windows), self.window, cells.shape)  # (B,H,W,C)
        cells = self.local(cells.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)  # (B,H,W,C)
        out: Tensor = cells + self.mlp(cells)  # (B,H,W,C)
        return out.permute(0, 3, 1, 2)  # (B,C,H,W)


class WindowAttention(nn.Module):
    """Self-attention over the N = window² cells of each window, with a learned bias for every relative offset."""

    bias_index: Tensor

    def __init__(self, dim: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(dim)
        self.qkv = Linear(dim, 3 * dim)
        self.project = Linear(dim, dim)
        self.offset_bias = nn.Parameter(torch.zeros(heads, window * window))
        self.register_buffer("bias_index", offset_index(window), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(W,N,C) -> (W,N,C), where W counts the windows of the whole batch."""
        count, cells, dim = x.shape
        qkv = self.qkv(self.norm(x)).view(count, cells, self.heads, 3, -1)  # each head holds its own q, k, v
        q, k, v = qkv.permute(3, 0, 2, 1, 4)  # each (W,heads,N,C/heads)
        bias = self.offset_bias[:, self.bias_index][None]  # (1,heads,N,N): the fast kernel wants all four axes
        x = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)  # (W,heads,N,C/heads)
        projected: Tensor = self.project(x.transpose(1, 2).reshape(count, cells, dim))
        return projected


def offset_index(window: int) -> Tensor:
    """For each pair of a window's cells, the number |dy| * window + |dx| of their offset: (N,N) int64."""
    y, x = torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")
    y, x = y.flatten(), x.flatten()  # (N,)
    return (y[:, None] - y[None]).abs() * window + (x[:, None] - x[None]).abs()
