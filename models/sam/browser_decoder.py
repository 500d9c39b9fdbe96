"""The decoder in two parts for the browser: what depends on the image alone, and what every click needs.

The network is `Sam.decode`, its weights multiplied out beforehand; docs/decoder.md derives every step.
n = 4096 cells of the embedding, T = 5+N tokens, 8 heads of 16 channels; one image and one prompt, so there is no batch.
"""

from collections.abc import Callable, Iterator
from typing import cast

import torch
from torch import Tensor, nn

from sam.browser_decoder_cells import (
    AddAndNorm,
    Cells,
    CellsLook,
    Groups,
    Mask,
    TokensLook,
    bias_of,
    centred,
    constant_of,
    fixed,
    fold_rows,
    layers_of,
    linear,
)
from sam.browser_decoder_operators import fast_gelu, skip_rms_norm
from sam.layers import MLP, LayerNorm2d
from sam.mask_decoder import MaskDecoder
from sam.prompt_encoder import PromptEncoder
from sam.sam import Sam

NO_EPSILON = 1e-12  # in place of 1e-6 times the square of a cell's spread, 1e-4 of what it is added to or less
Gelu = Callable[[Tensor, Tensor], Tensor]
MaskLayers = tuple[nn.Conv2d, LayerNorm2d, nn.GELU, nn.Conv2d, LayerNorm2d, nn.GELU, nn.Conv2d]
UpscalingLayers = tuple[nn.ConvTranspose2d, LayerNorm2d, nn.GELU, nn.ConvTranspose2d, nn.GELU]


class ImagePart(nn.Module):
    """Run once an image: the cells as they are without a click, by every projection that a click will ask for."""

    def __init__(self, sam: Sam) -> None:
        super().__init__()
        self.encoder = sam.prompt_encoder
        self.decoder = sam.mask_decoder
        self.heads = sam.config.decoder.heads
        layers, _ = fold_rows(sam.prompt_encoder, sam.mask_decoder)
        self.rows = nn.ModuleList(fixed(layer.added) for layer in layers)
        self.upscaling = first_upscaling(sam.mask_decoder)

    def forward(self, embedding: Tensor) -> tuple[Tensor, ...]:
        """(1,256,64,64) -> the tensors of `output_names`."""
        return tuple(output for _, output in self.outputs(embedding))

    def output_names(self) -> list[str]:
        """What the outputs are called, here and among the click's inputs."""
        side = self.encoder.config.grid_size
        return [name for name, _ in self.outputs(torch.zeros(1, self.encoder.config.dim, side, side))]

    def outputs(self, embedding: Tensor) -> Iterator[tuple[str, Tensor]]:
        """(8,16,n) keys and queries, (8,n,16) values, (n,256) for the upscaling, and what norms ask for, by name."""
        x = embedding[0].flatten(1) + self.encoder.no_mask_embedding[:, None]  # (256,n)
        placed = x + self.encoder.image_position()[0].flatten(1)
        for i, layer in enumerate(layers_of(self.decoder)):
            look, back = layer.token_to_image, layer.image_to_token
            yield f"layer{i}.key", self.by_head(look.key.weight @ placed)
            yield f"layer{i}.value", self.by_head(look.value.weight @ x).transpose(1, 2)
            query = back.query.weight @ placed
            yield f"layer{i}.query", self.by_head(query if i else query + back.query.bias[:, None])
            x = centred(x if i else x + constant_of(back)[:, None], dim=0)
            yield f"layer{i}.square", (x * x).mean(0, keepdim=True)
            for j, rows in enumerate(cast("nn.ParameterList", self.rows[i])):
                yield f"layer{i}.product{j}", rows @ x * (2 / x.shape[0])  # (K,n) or (8,16,n)
            x = placed = x * layer.norm4.weight[:, None]  # a click adds the norm's bias, and where a cell lies
        final = self.decoder.transformer.final_token_to_image
        yield "final.key", self.by_head(final.key.weight @ x)
        yield "final.value", self.by_head(final.value.weight @ x).transpose(1, 2)
        yield "upscaling", self.upscaling(x.t())

    def by_head(self, x: Tensor) -> Tensor:
        """(128,n) -> (8,16,n)."""
        return x.view(self.heads, -1, x.shape[1])


class ClickPart(nn.Module):
    """Run at every click: `Sam.decode` on top of what the image part has made."""

    def __init__(self, sam: Sam, image_names: list[str], gelu: Gelu = fast_gelu) -> None:
        super().__init__()
        decoder = sam.mask_decoder
        rows_of_layers, last = fold_rows(sam.prompt_encoder, decoder)
        self.image_names = image_names
        self.encoder = sam.prompt_encoder
        self.decoder = decoder
        self.mask_prompt = MaskPrompt(sam.prompt_encoder)
        pairs = list(zip(layers_of(decoder), rows_of_layers, strict=True))
        self.tokens_look = nn.ModuleList(TokensLook(layer.token_to_image, rows.seen) for layer, rows in pairs)
        self.cells_look = nn.ModuleList(CellsLook(layer.image_to_token, rows.seen) for layer, rows in pairs)
        self.norms = nn.ModuleList(AddAndNorm(layer, rows) for layer, rows in pairs)
        self.last_look = TokensLook(decoder.transformer.final_token_to_image, last)
        self.filters = Filters(decoder)
        self.upscaling = Upscaling(decoder, last, sam.config.decoder.grid_size, gelu)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """The image part's outputs, coords (1,N,2), labels (1,N), mask (1,1,256,256), has_mask (1,), which (M,).

        -> logits (1,M,256,256) of the masks asked for, predicted IoUs (1,4) of all.
        """
        *image, coords, labels, mask, has_mask, which = inputs
        base = dict(zip(self.image_names, image, strict=True))
        position = self.encoder.image_position()[0].flatten(1)  # (256,n)
        start = torch.cat([self.decoder.output_tokens, self.encoder.embed_points(coords, labels)[0]])  # (T,256)
        cells = self.mask_prompt(mask, has_mask)
        tokens = start
        for i, layer in enumerate(layers_of(self.decoder)):
            seen = {name: base[f"layer{i}.{name}"] for name in ("key", "value", "query", "square")}
            tokens = layer.norm1(layer.attend_to_each_other(tokens[None], start[None])[0])
            looked = self.tokens_look[i](tokens + start, cells, seen["key"], seen["value"], position)
            tokens = layer.norm2(tokens + looked)
            tokens = layer.norm3(tokens + layer.mlp(tokens))
            found = self.cells_look[i](tokens + start, tokens, cells, seen["query"], position)
            products = [base[name] for name in self.image_names if name.startswith(f"layer{i}.product")]
            cells = self.norms[i](cells, found, seen["square"], products)
        wanted = torch.cat([torch.zeros_like(which[:1]), 1 + which])  # the IoU token, and the masks' that are asked for
        tokens, start = tokens[wanted], start[wanted]  # (1+M,256): nobody reads what the others would learn now
        looked = self.last_look(tokens + start, cells, base["final.key"], base["final.value"], position)
        tokens = self.decoder.transformer.final_norm(tokens + looked)
        logits = self.upscaling(cells, base["upscaling"], self.filters(tokens[1:], which))
        return logits, self.decoder.iou_head(tokens[:1])


class MaskPrompt(nn.Module):
    """The convolutions of a mask prompt but the last: what they give are the shares in that one's rows."""

    def __init__(self, encoder: PromptEncoder) -> None:
        super().__init__()
        first, norm1, gelu1, second, norm2, gelu2, _ = cast("MaskLayers", tuple(encoder.mask_downscaling))
        self.layers = nn.Sequential(first, ChannelNorm(norm1), gelu1, second, ChannelNorm(norm2), gelu2)
        self.side = encoder.config.grid_size

    def forward(self, mask: Tensor, has_mask: Tensor) -> Cells:
        """(1,1,256,256), (1,) -> shares in 16 rows for a click with a mask, else none in one; all of the bias's row."""
        has = (has_mask > 0).long()[0]
        side = 1 + (self.side - 1) * has  # without a mask one cell will do, and stands for all
        x = self.layers(mask[:, :, : 4 * side, : 4 * side])[0].flatten(1)  # (16,n)
        given = has.to(x.dtype).view(1, 1)
        channels = 1 + (x.shape[0] - 1) * has
        shares = torch.cat([x[:channels] * given, torch.ones_like(x[:1])])
        return Cells(shares.expand(-1, self.side * self.side), Mask(given, channels), (), None)


class ChannelNorm(nn.Module):
    """`LayerNorm2d` written out, channels first: over so few channels the runtime's own takes three times as long."""

    def __init__(self, norm: LayerNorm2d) -> None:
        super().__init__()
        self.weight, self.bias = fixed([norm.weight[:, None, None], norm.bias[:, None, None]])
        self.epsilon = norm.eps

    def forward(self, x: Tensor) -> Tensor:
        x = centred(x, 1)  # (1,C,H,W)
        spread = ((x * x).mean(1, keepdim=True) + self.epsilon).sqrt()
        y: Tensor = x / spread * self.weight + self.bias
        return y


class Filters(nn.Module):
    """The mask heads, those that are asked for at once: (M,256) tokens, (M,) which -> (M,32)."""

    def __init__(self, decoder: MaskDecoder) -> None:
        super().__init__()
        heads_layers = [
            cast("list[nn.Linear]", list(head.layers)) for head in cast("list[MLP]", list(decoder.mask_heads))
        ]
        layers = list(zip(*heads_layers, strict=True))
        self.weights = fixed(torch.stack([head.weight.t() for head in heads]) for heads in layers)  # (4,in,out)
        self.biases = fixed(torch.stack([head.bias[None] for head in heads]) for heads in layers)  # (4,1,out)

    def forward(self, tokens: Tensor, which: Tensor) -> Tensor:
        x = tokens[:, None]  # (M,1,256)
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = (x.relu() if i else x) @ weight[which] + bias[which]
        return x[:, 0]


class Upscaling(nn.Module):
    """Two transposed convolutions as matrix products, cells first; only the logits are put in their places."""

    def __init__(self, decoder: MaskDecoder, rows: Groups, side: int, gelu: Gelu) -> None:
        super().__init__()
        conv, norm, _, second, _ = cast("UpscalingLayers", tuple(decoder.upscaling))
        first = first_upscaling(decoder)
        groups = [group @ first.weight.t() for group in rows]
        groups[-1] = groups[-1] + centred(bias_of(conv)).repeat(4)  # every cell has one share of the last
        self.groups = fixed(groups)
        self.norm, self.gelu = norm, gelu
        self.second = linear(second.weight.permute(2, 3, 1, 0).flatten(0, 2), None)  # 64 -> 2*2*32
        self.second_bias = nn.Parameter(bias_of(second).repeat(4), requires_grad=False)
        self.side = side

    def forward(self, cells: Cells, base: Tensor, filters: Tensor) -> Tensor:
        """Base's first upscaling (n,256), filters (M,32) -> logits (1,M,256,256)."""
        channels = self.norm.weight.shape[0]
        x = (cells.shares.t() @ cells.rows_of([*self.groups])).view(-1, channels)  # (n*2*2,64)
        # The sum is a cell's spread too large. Dividing by the root mean square makes up for that as well.
        x = skip_rms_norm(x, base.view(-1, channels), self.norm.weight, NO_EPSILON)
        x = self.gelu(x, self.norm.bias)
        x = self.gelu(self.second(x), self.second_bias).view(-1, filters.shape[1])  # (n*2*2*2*2,32)
        logits = (x @ filters.t()).view(self.side, self.side, 2, 2, 2, 2, -1).permute(6, 0, 2, 4, 1, 3, 5)
        return logits.reshape(1, -1, 4 * self.side, 4 * self.side)


def first_upscaling(decoder: MaskDecoder) -> nn.Linear:
    """The first transposed convolution as 256 -> 2*2*64, centred for the norm after it; without bias."""
    conv = cast("UpscalingLayers", tuple(decoder.upscaling))[0]
    weight = conv.weight.permute(2, 3, 1, 0)  # (2,2,64,256)
    return linear(centred(weight, 2).flatten(0, 2), None)
