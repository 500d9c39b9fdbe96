"""The two-way transformer: tokens look at the image, and the image looks back."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from sam.config import PromptDecoderConfig
from sam.fused import Linear
from sam.layers import MLP


class TwoWayTransformer(nn.Module):
    """`depth` two-way layers and one last look of the tokens at the image."""

    def __init__(self, config: PromptDecoderConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(TwoWayLayer(config, first=i == 0) for i in range(config.depth))
        self.final_token_to_image = Attention(config.dim, config.heads, config.dim // config.attention_downsample)
        self.final_norm = nn.LayerNorm(config.dim)

    def forward(self, tokens: Tensor, image: Tensor, image_position: Tensor) -> tuple[Tensor, Tensor]:
        """tokens (B,T,256), image (1 or B,4096,256), image_position (1,4096,256) -> (B,T,256), (B,4096,256).

        Until the image has looked at the tokens it is the same for all prompts, and what is done to it is done once.
        """
        token_position = tokens  # what a token said at the start is where it stands in every later attention
        for layer in self.layers:
            tokens, image = layer(tokens, image, token_position, image_position)
        looked = self.final_token_to_image(tokens + token_position, image + image_position, image)
        tokens = self.final_norm(tokens + looked)
        return tokens, image


class TwoWayLayer(nn.Module):
    """Token self-attention, token-to-image attention, MLP on tokens, image-to-token attention; a norm after each."""

    def __init__(self, config: PromptDecoderConfig, *, first: bool) -> None:
        super().__init__()
        cross_dim = config.dim // config.attention_downsample
        self.first = first
        self.self_attention = Attention(config.dim, config.heads, config.dim)
        self.norm1 = nn.LayerNorm(config.dim)
        self.token_to_image = Attention(config.dim, config.heads, cross_dim)
        self.norm2 = nn.LayerNorm(config.dim)
        self.mlp = MLP(config.dim, config.mlp_dim, config.dim, depth=2)
        self.norm3 = nn.LayerNorm(config.dim)
        self.image_to_token = Attention(config.dim, config.heads, cross_dim)
        self.norm4 = nn.LayerNorm(config.dim)

    def forward(
        self, tokens: Tensor, image: Tensor, token_position: Tensor, image_position: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Shapes as in `TwoWayTransformer.forward`."""
        tokens = self.norm1(self.attend_to_each_other(tokens, token_position))
        image_key = image + image_position  # (B,4096,256)
        tokens = self.norm2(tokens + self.token_to_image(tokens + token_position, image_key, image))
        tokens = self.norm3(tokens + self.mlp(tokens))
        image = self.norm4(image + self.image_to_token(image_key, tokens + token_position, tokens))
        return tokens, image

    def attend_to_each_other(self, tokens: Tensor, token_position: Tensor) -> Tensor:
        """In the first layer tokens and their positions are the same thing, so nothing is added to anything."""
        if self.first:
            attended: Tensor = self.self_attention(tokens, tokens, tokens)
        else:
            placed = tokens + token_position
            attended = tokens + self.self_attention(placed, placed, tokens)
        return attended


class Attention(nn.Module):
    """Multi-head attention inside `inner_dim` channels: q (B,Q,C), k and v (B,K,C) -> (B,Q,C).

    Either side may be one for all, (1,...): it is projected once.
    """

    def __init__(self, dim: int, heads: int, inner_dim: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = Linear(dim, inner_dim)
        self.key = Linear(dim, inner_dim)
        self.value = Linear(dim, inner_dim)
        self.out = Linear(inner_dim, dim)

    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        q, k, v = self.split(self.query(q)), self.split(self.key(k)), self.split(self.value(v))
        if not torch.onnx.is_in_onnx_export():  # a graph is of one prompt, and would take note of the comparison
            q, k, v = one_each(q, k, v)
        x = functional.scaled_dot_product_attention(q, k, v)  # (B,heads,Q,inner/heads)
        joined: Tensor = self.out(x.transpose(1, 2).flatten(2))  # (B,Q,C)
        return joined

    def split(self, x: Tensor) -> Tensor:
        """(B,T,inner) -> (B,heads,T,inner/heads)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


def one_each(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Tensors (1 or B,heads,T,D) -> (B,heads,T,D), without copying; the fast kernels want it so."""
    batch = max(q.shape[0], k.shape[0])
    q, k, v = (x if x.shape[0] == batch else x.expand(batch, -1, -1, -1) for x in (q, k, v))
    return q, k, v
