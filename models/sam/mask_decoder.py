"""Image embedding and prompts -> four masks and how good each one is."""

import torch
from torch import Tensor, nn

from sam.config import PromptDecoderConfig
from sam.layers import MLP, LayerNorm2d
from sam.transformer import TwoWayTransformer


class MaskDecoder(nn.Module):
    """Token 0 of the four masks is the single, unambiguous answer; 1 to 3 are whole, part and subpart in any order."""

    def __init__(self, config: PromptDecoderConfig) -> None:
        super().__init__()
        dim, depth = config.dim, config.head_depth
        self.output_tokens = nn.Parameter(torch.zeros(1 + config.masks, dim))  # the IoU token, then the mask tokens
        self.transformer = TwoWayTransformer(config)
        self.upscaling = nn.Sequential(
            nn.ConvTranspose2d(dim, dim // 4, 2, stride=2),
            LayerNorm2d(dim // 4),
            nn.GELU(),
            nn.ConvTranspose2d(dim // 4, dim // 8, 2, stride=2),
            nn.GELU(),
        )
        self.mask_heads = nn.ModuleList(MLP(dim, dim, dim // 8, depth) for _ in range(config.masks))
        self.iou_head = MLP(dim, dim, config.masks, depth)

    def forward(self, image: Tensor, image_position: Tensor, sparse: Tensor, dense: Tensor) -> tuple[Tensor, Tensor]:
        """Decode B prompts, of one image or of B.

        image (1 or B,256,64,64), image_position (1,256,64,64), sparse (B,N,256), dense (1 or B,256,64,64)
        -> logits (B,4,256,256), predicted IoUs (B,4).
        """
        tokens = torch.cat([self.output_tokens.expand(sparse.shape[0], -1, -1), sparse], dim=1)  # (B,5+N,256)
        image = image + dense  # (1 or B,256,64,64)
        tokens, cells = self.transformer(tokens, flatten(image), flatten(image_position))  # (B,5+N,256), (B,4096,256)
        features = self.upscaling(cells.transpose(1, 2).unflatten(2, image.shape[2:]))  # (B,32,256,256)
        filters = torch.stack([head(tokens[:, 1 + i]) for i, head in enumerate(self.mask_heads)], dim=1)  # (B,4,32)
        logits = (filters @ features.flatten(2)).view(-1, *filters.shape[1:2], *features.shape[2:])  # (B,4,256,256)
        return logits, self.iou_head(tokens[:, 0])


def flatten(x: Tensor) -> Tensor:
    """A map as a sequence: (B,C,H,W) -> (B,H*W,C)."""
    return x.flatten(2).transpose(1, 2)
