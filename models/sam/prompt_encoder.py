"""Prompts -> embeddings. No branch looks at data: the one implementation serves training, Predictor and ONNX export."""

import math
from enum import IntEnum

import torch
from torch import Tensor, nn

from sam.config import PromptDecoderConfig
from sam.layers import LayerNorm2d


class PointLabel(IntEnum):
    """What a point says. A box is two points: its corners."""

    PADDING = -1  # not a point; fills up a batch, and stands in for the box where there is none
    BACKGROUND = 0
    FOREGROUND = 1
    BOX_TOP_LEFT = 2
    BOX_BOTTOM_RIGHT = 3


class FourierPosition(nn.Module):
    """Position -> sines and cosines at random frequencies (Tancik et al. 2020)."""

    frequencies: Tensor

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.randn(2, dim // 2))

    def forward(self, xy: Tensor) -> Tensor:
        """(...,2) positions in [0, 1] -> (...,dim)."""
        angles = 2 * math.pi * (2 * xy - 1) @ self.frequencies  # (...,dim/2)
        return torch.cat([angles.sin(), angles.cos()], dim=-1)

    def grid(self, side: int) -> Tensor:
        """Positions of the centres of a side x side grid: (1,dim,side,side)."""
        centres = (torch.arange(side, device=self.frequencies.device, dtype=self.frequencies.dtype) + 0.5) / side
        y, x = torch.meshgrid(centres, centres, indexing="ij")
        encoded: Tensor = self(torch.stack([x, y], dim=-1))  # (side,side,dim)
        return encoded.permute(2, 0, 1)[None]


class PromptEncoder(nn.Module):
    """Points, boxes and a mask of an earlier round."""

    def __init__(self, config: PromptDecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.position = FourierPosition(config.dim)
        self.label_embedding = nn.Embedding(len(PointLabel), config.dim)  # row = label + 1
        self.no_mask_embedding = nn.Parameter(torch.zeros(config.dim))
        channels = config.mask_channels
        self.mask_downscaling = nn.Sequential(
            nn.Conv2d(1, channels // 4, 2, stride=2),
            LayerNorm2d(channels // 4),
            nn.GELU(),
            nn.Conv2d(channels // 4, channels, 2, stride=2),
            LayerNorm2d(channels),
            nn.GELU(),
            nn.Conv2d(channels, config.dim, 1),
        )

    def forward(self, coords: Tensor, labels: Tensor, mask: Tensor, has_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Embed the prompts.

        coords (B,N,2): (x, y) in pixels of the network's input; labels (B,N): values of `PointLabel`, any type;
        mask (B,1,256,256): logits of an earlier round, or anything where has_mask (B,) is 0.
        Returns sparse (B,N,256), one token a point, and dense (B,256,64,64), to be added to the image embedding.
        """
        return self.embed_points(coords, labels), self.embed_mask(mask, has_mask)

    def embed_points(self, coords: Tensor, labels: Tensor) -> Tensor:
        """(B,N,2), (B,N) -> (B,N,256)."""
        # The released weights were trained with this half pixel on top of continuous coordinates: keep it.
        position = self.position((coords + 0.5) / self.config.image_size)  # (B,N,256)
        is_point = (labels != PointLabel.PADDING)[..., None]  # (B,N,1)
        position = torch.where(is_point, position, torch.zeros_like(position))
        embedded: Tensor = position + self.label_embedding(labels.long() + 1)
        return embedded

    def embed_mask(self, mask: Tensor, has_mask: Tensor) -> Tensor:
        """(B,1,256,256), (B,) -> (B,256,64,64)."""
        given = self.mask_downscaling(mask)  # (B,256,64,64)
        absent = self.no_mask_embedding[None, :, None, None].expand_as(given)
        return torch.where((has_mask > 0)[:, None, None, None], given, absent)

    def image_position(self) -> Tensor:
        """Positional encoding of the image embedding's cells: (1,256,64,64)."""
        return self.position.grid(self.config.grid_size)
