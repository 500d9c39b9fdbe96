"""The image's cells at a click, without computing them: a base that the image part knows, and shares in a few rows.

n = 4096 cells, T = 5+N tokens, 8 heads of 16 channels, J rows; one image and one prompt, so there is no batch.

Whatever a click adds to the cells is made of few rows of 256 channels: a mask prompt adds 17 (`mask_rows`), an
image-to-token attention one a head and token but the first, a norm its bias. A cell is what it is without a click, plus
its share of each row. All that is ever asked of cells is a projection of them, and those of base and rows are summed.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from sam.mask_decoder import MaskDecoder
from sam.prompt_encoder import PromptEncoder
from sam.transformer import Attention, TwoWayLayer

Groups = list[Tensor]  # of rows: (K,256), the same at every click, or (8,16,256), what a head's 16 channels become


class Values(NamedTuple):
    """What an image-to-token attention reads of the tokens: the first token's values, and how the others' differ."""

    first: Tensor  # (1,128), heads side by side
    others: Tensor  # (8,T-1,16)


class Mask(NamedTuple):
    """How much of the mask prompt's rows a click has."""

    given: Tensor  # (1,1), 0 or 1
    channels: Tensor  # (), int64: how many of the 16


class Cells(NamedTuple):
    """Cell i is (base_i + sum over j of shares[j,i] row_j) / spread_i; the rows come in groups."""

    shares: Tensor  # (J,n)
    mask: Mask
    values: tuple[Values | None, ...]  # after the mask's two groups, what rows are made of; None: a norm's bias
    spread: Tensor | None  # (1,n); None for 1, before the first norm

    def groups_of(self, groups: Sequence[Tensor]) -> list[Tensor]:
        """The rows as the groups make them: each (K,c) or (8,16,c) -> (K,c) or (8(T-1),c)."""
        channels, bias, *others = groups
        rows = [channels[: self.mask.channels], bias * self.mask.given]
        for group, values in zip(others, self.values, strict=True):
            if values is None:
                rows.append(group)
            else:  # every cell has the first token's values once, and the row before as well: one row for both
                rows[-1] = rows[-1] + values.first @ group.flatten(0, 1)
                rows.append((values.others @ group).flatten(0, 1))
        return rows

    def rows_of(self, groups: Sequence[Tensor]) -> Tensor:
        """`groups_of`, one below the other: (J,c)."""
        return torch.cat(self.groups_of(groups))


class LayerRows(NamedTuple):
    """The groups of rows in one layer of the transformer."""

    seen: Groups  # by its attentions
    added: Groups  # with what its image-to-token attention adds, centred: what its last norm scales


def fold_rows(encoder: PromptEncoder, decoder: MaskDecoder) -> tuple[list[LayerRows], Groups]:
    """The groups of rows layer by layer, and after the last."""
    layers: list[LayerRows] = []
    groups = mask_rows(encoder)
    for layer in layers_of(decoder):
        back = layer.image_to_token
        added = [*groups, head_rows(back)]
        if layers:  # the row before is a norm's bias, which every cell has: the attention's own joins it
            added[-2] = added[-2] + constant_of(back)
        added = [centred(group) for group in added]
        layers.append(LayerRows(groups, added))
        groups = [*(group * layer.norm4.weight for group in added), layer.norm4.bias[None]]
    return layers, groups


def layers_of(decoder: MaskDecoder) -> list[TwoWayLayer]:
    """The transformer's layers, by their type."""
    return cast("list[TwoWayLayer]", list(decoder.transformer.layers))


def mask_rows(encoder: PromptEncoder) -> Groups:
    """A mask prompt's: a row for each channel (16,256); and its last bias for the embedding of no mask (1,256)."""
    last = cast("nn.Conv2d", encoder.mask_downscaling[-1])
    return [last.weight.flatten(1).t(), (bias_of(last) - encoder.no_mask_embedding)[None]]


def head_rows(attention: Attention) -> Tensor:
    """What each channel of each head adds to an output: (8,16,256)."""
    return attention.out.weight.t().reshape(attention.heads, -1, attention.out.out_features)


def constant_of(attention: Attention) -> Tensor:
    """What the biases add to every output, for attention's weights sum to one: (256,)."""
    return attention.out.weight @ attention.value.bias + attention.out.bias


def bias_of(layer: nn.Conv2d | nn.ConvTranspose2d) -> Tensor:
    """The bias of a convolution that has one."""
    return cast("Tensor", layer.bias)


def centred(x: Tensor, dim: int = -1) -> Tensor:
    """Without its mean over `dim`."""
    return x - x.mean(dim, keepdim=True)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(K,128) -> (8,K,16)."""
    return x.view(x.shape[0], heads, x.shape[1] // heads).transpose(0, 1)


class Projection(nn.Module):
    """The rows through a linear layer without bias, which is multiplied into their groups beforehand: (8,J,16)."""

    def __init__(self, groups: Groups, linear: nn.Linear, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.groups = fixed(group @ linear.weight.t() for group in groups)

    def forward(self, cells: Cells) -> Tensor:
        return split_heads(cells.rows_of([*self.groups]), self.heads)


class TokensLook(nn.Module):
    """Token-to-image attention. A bias on the keys moves all scores of a token alike: softmax forgets it."""

    def __init__(self, attention: Attention, groups: Groups) -> None:
        super().__init__()
        self.heads = attention.heads
        self.query = scaled(attention.query, self.heads)
        self.key = attention.key
        self.row_keys = Projection(groups, attention.key, self.heads)
        self.row_values = Projection(groups, attention.value, self.heads)
        self.out = linear(attention.out.weight, constant_of(attention))

    def forward(self, tokens: Tensor, cells: Cells, key: Tensor, value: Tensor, position: Tensor) -> Tensor:
        """tokens (T,256), base's key (8,16,n) and value (8,n,16), position (256,n) -> (T,256)."""
        q = split_heads(self.query(tokens), self.heads)  # (8,T,16)
        scores = q @ key + q @ self.row_keys(cells).transpose(1, 2) @ cells.shares  # (8,T,n)
        if cells.spread is not None:
            scores = scores / cells.spread + q @ (self.key.weight @ position).view(key.shape)
        attention = scores.softmax(-1)
        if cells.spread is not None:
            attention = attention / cells.spread
        looked = attention @ value + attention @ cells.shares.t() @ self.row_values(cells)  # (8,T,16)
        out: Tensor = self.out(looked.transpose(0, 1).flatten(1))
        return out


class CellsLook(nn.Module):
    """Image-to-token attention. A bias on the tokens' keys moves all scores of a cell alike: softmax forgets it.

    A cell's attention sums to one in each head, so what it pays to the first token need not be told.
    """

    def __init__(self, attention: Attention, groups: Groups) -> None:
        super().__init__()
        self.heads = attention.heads
        self.query = attention.query
        self.row_queries = Projection(groups, attention.query, self.heads)
        self.key = linear(scaled(attention.key, self.heads).weight, None)
        self.value = linear(attention.value.weight, None)

    def forward(
        self, keys: Tensor, values: Tensor, cells: Cells, query: Tensor, position: Tensor
    ) -> tuple[Tensor, Values]:
        """keys, values (T,256), base's query (8,16,n), position -> cells' shares (8(T-1),n) in the others' values."""
        k = split_heads(self.key(keys[1:] - keys[:1]), self.heads)  # (8,T-1,16)
        scores = k @ query + k @ self.row_queries(cells).transpose(1, 2) @ cells.shares  # (8,T-1,n); the first's is 0
        if cells.spread is not None:
            placed = (self.query.weight @ position + self.query.bias[:, None]).view(query.shape)
            scores = scores / cells.spread + k @ placed
        # Softmax over the middle: written out, for onnxruntime would transpose there and back.
        largest = scores.amax(1, keepdim=True).relu()
        shares = (scores - largest).exp()
        shares = shares / (shares.sum(1, keepdim=True) + (-largest).exp())
        others = split_heads(self.value(values[1:] - values[:1]), self.heads)
        return shares.flatten(0, 1), Values(self.value(values[:1]), others)


class AddAndNorm(nn.Module):
    """Add what an image-to-token attention found, then layer normalisation: centre, divide by the spread, weigh.

    Base and rows are centred and weighed beforehand, so a click has only the spread to find: a square of sums.
    """

    def __init__(self, layer: TwoWayLayer, rows: LayerRows) -> None:
        super().__init__()
        self.epsilon = layer.norm4.eps
        self.groups = fixed(rows.added)

    def forward(self, cells: Cells, found: tuple[Tensor, Values], square: Tensor, products: Sequence[Tensor]) -> Cells:
        """Base's mean square (1,n), and twice its mean product with each group's rows: (K,n) or (8,16,n)."""
        shares, values = found  # shares (8(T-1),n)
        epsilon: float | Tensor = self.epsilon
        if cells.spread is not None:
            shares = shares * cells.spread
            epsilon = self.epsilon * cells.spread * cells.spread
        sum_ = Cells(torch.cat([cells.shares, shares]), cells.mask, (*cells.values, values), None)
        rows, before = sum_.rows_of([*self.groups]), cells.shares.shape[0]  # (J,256)
        gram = rows @ rows.t() / rows.shape[1]  # (J,J), symmetric: the quarter above the diagonal is that below
        *with_old, with_new = sum_.groups_of(products)
        old = torch.addmm(torch.cat(with_old), gram[:before, :before], cells.shares)
        pairs = torch.cat([2 * gram[before:, :before], gram[before:, before:]], dim=1)
        new = torch.addmm(with_new, pairs, sum_.shares)  # (8(T-1),n)
        variance = square + (cells.shares * old).sum(0, keepdim=True) + (shares * new).sum(0, keepdim=True)
        spread = (variance + epsilon).sqrt()
        return Cells(torch.cat([sum_.shares, spread]), cells.mask, (*sum_.values, None), spread)


def scaled(layer: nn.Linear, heads: int) -> nn.Linear:
    """A projection to queries or keys with attention's scale in its weights."""
    scale = (layer.out_features // heads) ** -0.5
    return linear(layer.weight * scale, layer.bias * scale)


def linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    """A linear layer of these weights."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    layer.weight = nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        layer.bias = nn.Parameter(bias, requires_grad=False)
    return layer


def fixed(tensors: Iterable[Tensor]) -> nn.ParameterList:
    """Tensors that a module keeps."""
    return nn.ParameterList(nn.Parameter(tensor.contiguous(), requires_grad=False) for tensor in tensors)
