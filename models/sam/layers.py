"""Small layers that several parts of the network share, and the windows that both image encoders attend in."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from sam.errors import InputError
from sam.fused import Conv2d


class LayerNorm2d(nn.Module):
    """Layer normalisation over the channels of a feature map: (B,C,H,W) -> (B,C,H,W)."""

    def __init__(self, channels: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        x = x.permute(0, 2, 3, 1)  # (B,H,W,C): a view, and contiguous where x is channels-last
        x = functional.layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)  # (B,C,H,W)


class Neck(nn.Sequential):
    """From an encoder's channels to the decoder's: (B,C,H,W) -> (B,C',H,W)."""

    def __init__(self, dim_in: int, dim_out: int) -> None:
        super().__init__(
            Conv2d(dim_in, dim_out, 1, bias=False),
            LayerNorm2d(dim_out),
            Conv2d(dim_out, dim_out, 3, bias=False),
            LayerNorm2d(dim_out),
        )


class MLP(nn.Module):
    """`depth` linear layers with ReLU between them: (...,dim_in) -> (...,dim_out)."""

    def __init__(self, dim_in: int, dim_hidden: int, dim_out: int, depth: int) -> None:
        super().__init__()
        dims = [dim_in, *[dim_hidden] * (depth - 1), dim_out]
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in pairwise(dims))

    def forward(self, x: Tensor) -> Tensor:
        *hidden, last = self.layers
        for layer in hidden:
            x = functional.relu(layer(x))
        out: Tensor = last(x)
        return out


def check_images(images: Tensor, side: int) -> None:
    """Refuse what is not (B,3,side,side)."""
    if tuple(images.shape[1:]) != (3, side, side):
        raise InputError(f"the encoder wants (B,3,{side},{side}), got {tuple(images.shape)}: use sam.predictor.encode")


def to_windows(cells: Tensor, window: int) -> Tensor:
    """(B,H,W,C) -> (B*windows,N,C). Cells of zeros fill the last windows; they are attended to, as in training."""
    batch, height, width, dim = cells.shape
    cells = functional.pad(cells, (0, 0, 0, -width % window, 0, -height % window))
    rows, columns = cells.shape[1] // window, cells.shape[2] // window
    cells = cells.view(batch, rows, window, columns, window, dim).transpose(2, 3)
    return cells.reshape(batch * rows * columns, window * window, dim)


def from_windows(windows: Tensor, window: int, shape: torch.Size) -> Tensor:
    """The inverse of `to_windows`: (B*windows,N,C) -> `shape` (B,H,W,C), the filling cropped away."""
    batch, height, width, dim = shape
    rows, columns = -(-height // window), -(-width // window)
    cells = windows.view(batch, rows, columns, window, window, dim).transpose(2, 3)
    return cells.reshape(batch, rows * window, columns * window, dim)[:, :height, :width]
