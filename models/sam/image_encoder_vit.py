"""ViT image encoder of the paper, base, large and huge: (B,3,1024,1024) -> (B,256,64,64).

A plain vision transformer (Dosovitskiy et al. 2021) as ViTDet adapts it (Li et al. 2022): most blocks attend inside
windows, four spread over the depth to the whole grid, and every attention knows how far apart two cells are.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from sam.config import ViTConfig
from sam.fused import Linear
from sam.layers import Neck, check_images, from_windows, to_windows

NORM_EPS = 1e-6
BIAS_NUMBERS = 2**24  # of the position bias that is in memory at a time on a CPU: 64 MiB, those of one head of an image
BIAS_NUMBERS_GPU = 2**30  # all heads of a few images: a GPU is not busy with one head


class ViT(nn.Module):
    """Patches of 16x16 pixels, each a cell of a 64x64 grid -> `depth` blocks on that grid -> neck."""

    def __init__(self, config: ViTConfig) -> None:
        super().__init__()
        self.config = config
        self.patch_embed = nn.Conv2d(3, config.dim, config.patch_size, stride=config.patch_size)
        self.position = nn.Parameter(torch.zeros(1, config.grid_size, config.grid_size, config.dim))
        self.blocks = nn.ModuleList(Block(config, window_of(config, i)) for i in range(config.depth))
        self.neck = Neck(config.dim, config.out_channels)

    def forward(self, images: Tensor) -> Tensor:
        """Normalised, padded images (B,3,1024,1024) -> embeddings (B,256,64,64), contiguous."""
        check_images(images, self.config.image_size)
        cells = self.patch_embed(images).permute(0, 2, 3, 1) + self.position  # (B,64,64,C)
        for block in self.blocks:
            cells = block(cells)
        embedding: Tensor = self.neck(cells.permute(0, 3, 1, 2))  # (B,256,64,64)
        return embedding.contiguous()


def window_of(config: ViTConfig, block: int) -> int | None:
    """The side of a block's windows; None where it attends to the whole grid."""
    return None if block in config.global_blocks else config.window


class Block(nn.Module):
    """Attention, then an MLP, each on normalised cells and added to what came in: (B,H,W,C) -> (B,H,W,C)."""

    def __init__(self, config: ViTConfig, window: int | None) -> None:
        super().__init__()
        self.window = window
        self.norm1 = nn.LayerNorm(config.dim, NORM_EPS)
        self.attention = GridAttention(config.dim, config.heads, window or config.grid_size)
        self.norm2 = nn.LayerNorm(config.dim, NORM_EPS)
        self.mlp = FeedForward(config.dim, config.expansion)

    def forward(self, cells: Tensor) -> Tensor:
        cells = cells + self.attend(self.norm1(cells))
        out: Tensor = cells + self.mlp(self.norm2(cells))
        return out

    def attend(self, cells: Tensor) -> Tensor:
        """Inside windows or not: (B,H,W,C) -> (B,H,W,C)."""
        if self.window is None:
            attended: Tensor = self.attention(cells.flatten(1, 2))  # (B,H*W,C)
            return attended.view(cells.shape)
        windows = to_windows(cells, self.window)  # (B*windows,N,C)
        return from_windows(self.attention(windows), self.window, cells.shape)


class FeedForward(nn.Module):
    """Widen, GELU, narrow: (...,C) -> (...,C)."""

    def __init__(self, dim: int, expansion: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(Linear(dim, dim * expansion, gelu=True), Linear(dim * expansion, dim))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers(x)
        return out


class GridAttention(nn.Module):
    """Self-attention over the N = side² cells of a grid, with decomposed relative positions (Li et al. 2022, MViTv2).

    What a cell adds to its attention to another one is its query's product with the learned vector of their distance
    in rows, plus that with the one of their distance in columns.
    """

    offset_index: Tensor

    def __init__(self, dim: int, heads: int, side: int) -> None:
        super().__init__()
        self.heads = heads
        self.side = side
        self.qkv = Linear(dim, 3 * dim)
        self.project = Linear(dim, dim)
        self.row_offsets = nn.Parameter(torch.zeros(2 * side - 1, dim // heads))  # from 1 - side to side - 1
        self.column_offsets = nn.Parameter(torch.zeros(2 * side - 1, dim // heads))
        self.register_buffer("offset_index", offset_index(side), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B,N,C) -> (B,N,C), where B counts grids: images, or the windows of all of them."""
        qkv = self.qkv(x).view(*x.shape[:2], 3, self.heads, -1)  # (B,N,3,heads,D)
        qkv = qkv.permute(2, 0, 3, 1, 4)  # (3,B,heads,N,D)
        parts = [self.attend(*part) for part in qkv.split(heads_at_once(x), dim=2)]
        x = torch.cat(parts, dim=1)  # (B,heads,N,D)
        projected: Tensor = self.project(x.transpose(1, 2).flatten(2))  # (B,N,C)
        return projected

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Some of the heads, each tensor (B,heads,N,D) -> (B,heads,N,D)."""
        return functional.scaled_dot_product_attention(q, k, v, attn_mask=self.position_bias(q))

    def position_bias(self, q: Tensor) -> Tensor:
        """Queries (B,heads,N,D) -> what is added to each one's attention to each cell, (B,heads,N,N)."""
        grid = q.view(*q.shape[:2], self.side, self.side, -1)  # (B,heads,H,W,D)
        rows = torch.einsum("bnhwd,hkd->bnhwk", grid, self.row_offsets[self.offset_index])  # (B,heads,H,W,H)
        columns = torch.einsum("bnhwd,wkd->bnhwk", grid, self.column_offsets[self.offset_index])  # (B,heads,H,W,W)
        bias = rows[..., :, None] + columns[..., None, :]  # (B,heads,H,W,H,W)
        return bias.flatten(4).flatten(2, 3)


def heads_at_once(x: Tensor) -> int:
    """How many heads of cells (B,N,C) attend together: the bias of all of them would take gigabytes."""
    batch, cells, _ = x.shape
    most = BIAS_NUMBERS if x.device.type == "cpu" else BIAS_NUMBERS_GPU
    return max(1, most // (batch * cells**2))


def offset_index(side: int) -> Tensor:
    """For each pair of rows (or of columns), the place of their signed distance in a table: (side,side) int64."""
    places = torch.arange(side)
    return places[:, None] - places[None] + side - 1
