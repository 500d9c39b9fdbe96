"""Convolution and linear layer with their GELU in one pass over memory, where the machine has it.

A GELU of its own reads and writes maps of 64 MiB once more; oneDNN does it while the result is still in registers, and
its matrix product is also faster than the default one on some CPUs. PyTorch's own compiler calls these operators too.
They have no gradient, so training takes the plain path. Parameters are those of nn.Linear and nn.Conv2d.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Linear(nn.Linear):
    """(...,C) -> (...,C'), then a GELU if asked for."""

    def __init__(self, dim_in: int, dim_out: int, *, gelu: bool = False) -> None:
        super().__init__(dim_in, dim_out)
        self.gelu = gelu

    def forward(self, x: Tensor) -> Tensor:
        if has_one_pass(x):
            out: Tensor = torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, *after(self.gelu))
            return out
        x = super().forward(x)
        return functional.gelu(x) if self.gelu else x


class Conv2d(nn.Conv2d):
    """(B,C,H,W) -> (B,C',H',W'), then a GELU if asked for. Padding keeps the grid, but for the stride."""

    def __init__(
        self,
        dim_in: int,
        dim_out: int,
        side: int,
        *,
        stride: int = 1,
        groups: int = 1,
        bias: bool = True,
        gelu: bool = False,
    ) -> None:
        super().__init__(dim_in, dim_out, side, stride, padding=side // 2, groups=groups, bias=bias)
        self.gelu = gelu

    def forward(self, x: Tensor) -> Tensor:
        if has_one_pass(x):
            geometry = (self.padding, self.stride, self.dilation, self.groups)
            out: Tensor = torch.ops.mkldnn._convolution_pointwise(
                x, self.weight, self.bias, *geometry, *after(self.gelu)
            )
            return out
        x = super().forward(x)
        return functional.gelu(x) if self.gelu else x


def has_one_pass(x: Tensor) -> bool:
    """Whether oneDNN's operators can take this tensor here and now.

    No exported graph can have them, and a compiler fuses by itself.
    """
    if torch.compiler.is_compiling() or torch.onnx.is_in_onnx_export():
        return False
    plain = torch.is_grad_enabled() or x.device.type != "cpu" or x.dtype != torch.float32
    return not plain and bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]


def after(gelu: bool) -> tuple[str, list[float], str]:
    """What follows the product, as oneDNN's operators want it said: name, parameters, algorithm ("none": the exact)."""
    return ("gelu", [], "none") if gelu else ("none", [], "")
