"""Architectures so small that a test can make, convert and export them in a moment."""

import torch

from sam.config import PromptDecoderConfig, SamConfig, TinyViTConfig, ViTConfig
from sam.sam import Sam

DECODER = PromptDecoderConfig(dim=32, image_size=64, grid_size=4, heads=2, mlp_dim=32)
VIT = SamConfig(
    ViTConfig(image_size=64, out_channels=32, dim=16, depth=2, heads=2, global_blocks=(1,), window=3), DECODER
)
TINYVIT = SamConfig(
    TinyViTConfig(image_size=64, out_channels=32, embed_dims=(8, 8, 8, 8), depths=(1, 1, 1, 1), heads=(1, 2, 2, 2)),
    DECODER,
)


def random_sam(config: SamConfig, seed: int = 0) -> Sam:
    """A network with weights of its own."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        sam = Sam(config)
        for parameter in sam.parameters():  # zeros and ones could be swapped unseen
            torch.nn.init.normal_(parameter)
    return sam.eval()
