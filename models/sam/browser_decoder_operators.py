"""Operators of onnxruntime that PyTorch has no single name for: eagerly what they compute, exported as themselves."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


class FastGelu(torch.autograd.Function):
    """GELU of x + bias by a tangent, at most 5e-4 off: (...,C), (C,) -> (...,C)."""

    @staticmethod
    def forward(_: Any, x: Tensor, bias: Tensor) -> Tensor:
        return functional.gelu(x + bias, approximate="tanh")

    @staticmethod
    def symbolic(graph: Any, x: Any, bias: Any) -> Any:
        return graph.op("com.microsoft::FastGelu", x, bias).setType(x.type())


class SkipRmsNorm(torch.autograd.Function):
    """Divide each row of a sum by its root mean square, then weigh the channels: (...,C), (...,C), (C,) -> (...,C)."""

    @staticmethod
    def forward(_: Any, x: Tensor, skip: Tensor, weight: Tensor, epsilon: float) -> Tensor:
        return functional.rms_norm(x + skip, weight.shape, weight, epsilon)

    @staticmethod
    def symbolic(graph: Any, x: Any, skip: Any, weight: Any, epsilon: float) -> Any:
        operator = "com.microsoft::SkipSimplifiedLayerNormalization"
        return graph.op(operator, x, skip, weight, epsilon_f=epsilon).setType(x.type())


def fast_gelu(x: Tensor, bias: Tensor) -> Tensor:
    """`FastGelu` as a function."""
    y: Tensor = FastGelu.apply(x, bias)  # type: ignore[no-untyped-call]
    return y


def skip_rms_norm(x: Tensor, skip: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """`SkipRmsNorm` as a function."""
    y: Tensor = SkipRmsNorm.apply(x, skip, weight, epsilon)  # type: ignore[no-untyped-call]
    return y
