"""TinyViT -> one ONNX file that runs on a CPU without torch.

Input: image (1,3,S,S), S = `input_side`, as `sam.predictor.prepare_image` makes it. Output: image_embedding
(1,256,64,64). Both float32.

The graph is written here node by node, for the exporter that traces keeps a transposition of memory at every view of
PyTorch's. Between two convolutions, cells are rows of a plain matrix (H*W,C). Around the attention three things differ
from `sam.image_encoder_tinyvit`, none of them in what comes out:

1. Norm and projections see the cells of the grid, not those of the windows, which are up to a fifth more. So the cells
   that fill the last windows are added after the projections, as zeros, where training had them before the norm, which
   makes its bias `beta` of a zero: keys W_k beta + b_k, values W_v beta + b_v. Hence keys and values are taken less
   these constants: a constant on all keys adds the same to each of a query's logits, which the softmax drops; one on
   all values comes out of the attention as it is, for its weights sum to one, and goes into the output projection's
   bias. Filled queries are cropped away, whatever they are. What is left is no bias on keys and values, and the norm's
   on queries alone.
2. Rows of the projection are sorted into queries, keys, values, and heads within each; so cutting it is free.
3. Queries are scaled by their weights.

The same weights give the same bytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from sam.errors import CheckpointError
from sam.files import replacing
from sam.fused import Conv2d
from sam.image_encoder_tinyvit import AttentionBlock, Downsample, InvertedBottleneck, Stage, TinyViT, WindowAttention
from sam.layers import LayerNorm2d
from sam.sam import Sam

OPSET = 20  # the first with Gelu
IR_VERSION = 9
INPUT, OUTPUT = "image", "image_embedding"


class Graph:
    """Nodes in the order in which they are added; each value is known by its name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: Tensor | npt.NDArray[np.generic]) -> str:
        """A weight, or a list of integers that a node wants as a tensor."""
        array = values.detach().numpy() if isinstance(values, Tensor) else values
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        """A node; returns the names of what it gives."""
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=f"{kind}_{len(self.nodes)}", **attributes))
        return names

    def apply(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node that gives one value; returns its name."""
        return self.add(kind, *inputs, **attributes)[0]

    def reshape(self, x: str, *shape: int) -> str:
        return self.apply("Reshape", x, self.constant(np.array(shape, np.int64)))

    def transpose(self, x: str, *order: int) -> str:
        return self.apply("Transpose", x, perm=order)


def export_encoder(sam: Sam, path: Path) -> None:
    """Write the encoder of a network on the CPU to `path`. Raises CheckpointError for one that is not a TinyViT."""
    encoder = sam.image_encoder
    if not isinstance(encoder, TinyViT):
        raise CheckpointError(f"{type(encoder).__name__} has no ONNX form; only TinyViT runs faster that way")
    graph = Graph()
    grid = add_tiny_vit(graph, encoder)
    side, channels = encoder.config.image_size, encoder.config.out_channels
    image = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, 3, side, side])
    embedding = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, channels, grid, grid])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "image_encoder", [image], [embedding], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    with replacing(path) as temporary:
        onnx.save(model, temporary)


def add_tiny_vit(graph: Graph, encoder: TinyViT) -> int:
    """From INPUT to OUTPUT; returns the side of the embedding's grid."""
    config = encoder.config
    x = add_convolution(graph, encoder.patch_embed.conv1, INPUT)
    x = add_convolution(graph, encoder.patch_embed.conv2, x)
    side = config.image_size // config.patch_stride**2
    stages: Sequence[Any] = list(encoder.stages)  # containers of torch's forget what they hold
    for stage, stride in zip(stages, (*config.strides, 1), strict=True):
        x = add_stage(graph, stage, x, side)
        side //= stride
    neck: Sequence[Any] = list(encoder.neck)
    convolution1, norm1, convolution2, norm2 = neck
    x = add_norm_2d(graph, norm1, add_convolution(graph, convolution1, x), side)
    x = add_norm_2d(graph, norm2, add_convolution(graph, convolution2, x), side)
    graph.nodes[-1].output[0] = OUTPUT
    return side


def add_stage(graph: Graph, stage: Stage, x: str, side: int) -> str:
    """(1,C,H,W) -> (1,C',H/stride,W/stride)."""
    blocks: Sequence[Any] = list(stage.blocks)
    if isinstance(blocks[0], AttentionBlock):
        channels = blocks[0].attention.qkv.in_features
        cells = to_cells(graph, x, side, channels)
        for block in blocks:
            cells = add_attention_block(graph, block, cells, side)
        x = to_map(graph, cells, side, channels)
    else:
        for block in blocks:
            x = add_inverted_bottleneck(graph, block, x)
    return x if stage.downsample is None else add_downsample(graph, stage.downsample, x)


def add_inverted_bottleneck(graph: Graph, block: InvertedBottleneck, x: str) -> str:
    """(1,C,H,W) -> the same."""
    y = x
    for convolution in (block.widen, block.depthwise, block.narrow):
        y = add_convolution(graph, convolution, y)
    return graph.apply("Gelu", graph.apply("Add", x, y))


def add_downsample(graph: Graph, downsample: Downsample, x: str) -> str:
    """(1,C,H,W) -> (1,C',H/stride,W/stride)."""
    for convolution in (downsample.project, downsample.depthwise, downsample.mix):
        x = add_convolution(graph, convolution, x)
    return x


def add_attention_block(graph: Graph, block: AttentionBlock, cells: str, side: int) -> str:
    """(H*W,C) -> the same."""
    channels = block.attention.qkv.in_features
    cells = graph.apply("Add", cells, add_attention(graph, block.attention, cells, side, block.window))
    local = add_convolution(graph, block.local, to_map(graph, cells, side, channels))
    cells = to_cells(graph, local, side, channels)
    mlp: Sequence[Any] = list(block.mlp)
    norm, widen, narrow = mlp
    hidden = graph.apply("Gelu", add_linear(graph, add_norm(graph, norm, cells), widen.weight, widen.bias))
    return graph.apply("Add", cells, add_linear(graph, hidden, narrow.weight, narrow.bias))


def add_attention(graph: Graph, attention: WindowAttention, cells: str, side: int, window: int) -> str:
    """Self-attention inside windows, as the module's docstring derives it: (H*W,C) -> the same."""
    heads, dim = attention.heads, attention.qkv.in_features
    count, area = (-(-side // window)) ** 2, window**2  # windows, and N cells in each
    weight, bias, output_bias = fold_constants(attention)
    normed = graph.apply("LayerNormalization", cells, graph.constant(attention.norm.weight), epsilon=attention.norm.eps)
    q, k, v = (
        graph.reshape(part, count, area, heads, dim // heads)  # each (W,N,heads,D)
        for part in to_windows(graph, add_linear(graph, normed, weight, bias), side, window, dim)
    )
    logits = graph.apply("MatMul", graph.transpose(q, 0, 2, 1, 3), graph.transpose(k, 0, 2, 3, 1))  # (W,heads,N,N)
    offsets = graph.constant(attention.offset_bias[:, attention.bias_index][None])  # (1,heads,N,N)
    weights = graph.apply("Softmax", graph.apply("Add", logits, offsets), axis=-1)
    attended = graph.transpose(graph.apply("MatMul", weights, graph.transpose(v, 0, 2, 1, 3)), 0, 2, 1, 3)
    return add_linear(
        graph, from_windows(graph, attended, side, window, dim), attention.project.weight, output_bias
    )  # (H*W,C)


def fold_constants(attention: WindowAttention) -> tuple[Tensor, Tensor, Tensor]:
    """The projection to queries, keys and values, (3C,C) and (3C,), rows sorted, and the output's bias (C,)."""
    heads, dim = attention.heads, attention.qkv.in_features
    scale = (dim // heads) ** -0.5
    weight = attention.qkv.weight.double().view(heads, 3, -1, dim).transpose(0, 1).reshape(3, dim, dim)
    bias = attention.qkv.bias.double().view(heads, 3, -1).transpose(0, 1).reshape(3, dim)
    of_zero = weight @ attention.norm.bias.double() + bias  # (3,C): what the norm makes of a zero, projected
    output_bias = attention.project.bias.double() + attention.project.weight.double() @ of_zero[2]  # (C,)
    weight = torch.cat([weight[:1] * scale, weight[1:]])  # (3,C,C)
    bias = torch.cat([of_zero[:1] * scale, torch.zeros_like(of_zero[1:])])  # (3,C)
    return weight.flatten(0, 1).float(), bias.flatten().float(), output_bias.float()


def to_windows(graph: Graph, cells: str, side: int, window: int, dim: int) -> list[str]:
    """Queries, keys and values of the grid (H*W,3C) -> of its windows, three of (1,rows,columns,window,window,C)."""
    count = -(-side // window)  # windows on a side
    missing = count * window - side
    grid = graph.reshape(cells, side, side, 3 * dim)
    if missing:
        grid = graph.apply("Pad", grid, graph.constant(np.array([0, 0, 0, missing, missing, 0], np.int64)))
    grid = graph.reshape(grid, count, window, count, window, 3, dim)
    windows = graph.transpose(grid, 4, 0, 2, 1, 3, 5)  # (3,rows,columns,window,window,C)
    return graph.add("Split", windows, outputs=3, axis=0, num_outputs=3)


def from_windows(graph: Graph, windows: str, side: int, window: int, dim: int) -> str:
    """(W,N,heads,D) -> (H*W,C), the filling cropped away."""
    count = -(-side // window)
    grid = graph.transpose(graph.reshape(windows, count, count, window, window, dim), 0, 2, 1, 3, 4)
    grid = graph.reshape(grid, count * window, count * window, dim)
    if count * window > side:
        start, end, axes = (graph.constant(np.array(pair, np.int64)) for pair in ([0, 0], [side, side], [0, 1]))
        grid = graph.apply("Slice", grid, start, end, axes)
    return graph.reshape(grid, side * side, dim)


def add_convolution(graph: Graph, convolution: Conv2d, x: str) -> str:
    """(1,C,H,W) -> (1,C',H',W'), with the GELU that belongs to it."""
    weights = [graph.constant(tensor) for tensor in (convolution.weight, convolution.bias) if tensor is not None]
    x = graph.apply(
        "Conv",
        x,
        *weights,
        kernel_shape=convolution.kernel_size,
        strides=convolution.stride,
        pads=(*padding_of(convolution), *padding_of(convolution)),
        group=convolution.groups,
    )
    return graph.apply("Gelu", x) if convolution.gelu else x


def padding_of(convolution: Conv2d) -> Sequence[int]:
    """Rows above, columns to the left; the same are below and to the right."""
    height, width = convolution.kernel_size
    return height // 2, width // 2


def add_linear(graph: Graph, x: str, weight: Tensor, bias: Tensor) -> str:
    """(N,C) -> (N,C'), without a GELU."""
    return graph.apply("Add", graph.apply("MatMul", x, graph.constant(weight.T)), graph.constant(bias))


def add_norm(graph: Graph, norm: nn.LayerNorm | LayerNorm2d, x: str) -> str:
    """(N,C) -> the same."""
    weight, bias = graph.constant(norm.weight), graph.constant(norm.bias)
    return graph.apply("LayerNormalization", x, weight, bias, epsilon=norm.eps)


def add_norm_2d(graph: Graph, norm: LayerNorm2d, x: str, side: int) -> str:
    """(1,C,H,W) -> the same."""
    channels = len(norm.weight)
    return to_map(graph, add_norm(graph, norm, to_cells(graph, x, side, channels)), side, channels)


def to_cells(graph: Graph, x: str, side: int, channels: int) -> str:
    """(1,C,H,W) -> (H*W,C): where feature maps are channels-last in memory, nothing moves."""
    return graph.reshape(graph.transpose(x, 0, 2, 3, 1), side * side, channels)


def to_map(graph: Graph, cells: str, side: int, channels: int) -> str:
    """(H*W,C) -> (1,C,H,W)."""
    return graph.transpose(graph.reshape(cells, 1, side, side, channels), 0, 3, 1, 2)
