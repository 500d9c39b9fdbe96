"""Prompt encoder and mask decoder -> one standard ONNX file: `python -m sam.export_onnx CHECKPOINT OUT.onnx`.

For the browser, `export_browser_decoder` writes two files: what depends on the image alone, and what a click needs.

Inputs: image_embedding (1,256,64,64); point_coords (1,N,2), (x, y) in pixels of the network's input, N >= 1;
point_labels (1,N), values of `PointLabel`; mask_input (1,1,256,256); has_mask_input (1,), 0 or 1.
Outputs: low_res_logits (1,4,256,256); iou_predictions (1,4). All float32.
The caller appends a padding point (0, 0, -1) where there is no box, and enlarges the logits.
The same weights give the same bytes, so the file's digest names the decoder.
"""

import argparse
import math
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from sam.browser_decoder import ClickPart, ImagePart
from sam.checkpoints import load_checkpoint
from sam.errors import SamError
from sam.files import replacing
from sam.prompt_encoder import PointLabel
from sam.sam import Sam

OPSET = 17
LARGE = 2**19  # weights: the matrices of the tokens' MLPs
PROMPT_INPUTS = ("point_coords", "point_labels", "mask_input", "has_mask_input")
INPUTS = ("image_embedding", *PROMPT_INPUTS)
OUTPUTS = ("low_res_logits", "iou_predictions")
ANY_POINTS = {"point_coords": {1: "points"}, "point_labels": {1: "points"}}
ANY_MASKS = {"mask_tokens": {0: "masks"}, "low_res_logits": {1: "masks"}}


class Decoder(nn.Module):
    """`Sam.decode` as a module, for the exporter wants one."""

    def __init__(self, sam: Sam) -> None:
        super().__init__()
        self.sam = sam

    def forward(
        self, embedding: Tensor, coords: Tensor, labels: Tensor, mask: Tensor, has_mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        return self.sam.decode(embedding, coords, labels, mask, has_mask)


def export_decoder(sam: Sam, path: Path) -> None:
    """Write the decoder of a network on the CPU to `path`."""
    _export(Decoder(sam), example_prompt(sam), path, inputs=INPUTS, outputs=OUTPUTS, dynamic=ANY_POINTS)


def export_browser_decoder(sam: Sam, image_path: Path, click_path: Path) -> None:
    """Write the decoder of a network on the CPU in two parts, for the browser.

    `image_path` runs once an image: image_embedding (1,256,64,64) -> tensors that the click's inputs have the names of.
    `click_path` runs at every click. Its inputs are those tensors; the prompt as in the standard file; and mask_tokens
    (M,) int64, which of the masks to compute. Outputs: low_res_logits (1,M,256,256); iou_predictions (1,4), always all.
    """
    embedding, *prompt = example_prompt(sam)
    with torch.no_grad():
        image_part = ImagePart(sam)
        names = image_part.output_names()
        click_part = ClickPart(sam, names)
        arguments = (*image_part(embedding), *prompt, torch.arange(sam.config.decoder.masks))
    inputs = (*names, *PROMPT_INPUTS, "mask_tokens")
    _export(image_part, (embedding,), image_path, inputs=("image_embedding",), outputs=names, dynamic={})
    dynamic = ANY_POINTS | ANY_MASKS
    _export(click_part, arguments, click_path, inputs=inputs, outputs=OUTPUTS, dynamic=dynamic, halves=True)


def _export(
    module: nn.Module,
    arguments: tuple[Tensor, ...],
    path: Path,
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
    halves: bool = False,
) -> None:
    with replacing(path) as temporary, warnings.catch_warnings():
        # The exporter that traces: the newer one needs onnxscript, and writes paths of this machine into the file.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        torch.onnx.export(
            module.eval(),
            arguments,
            temporary,
            dynamo=False,
            opset_version=OPSET,
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=dynamic,
        )
        if halves:
            store_as_halves(temporary)


def store_as_halves(path: Path) -> None:
    """Write a graph's largest weights as float16, and a cast before each: the runtime casts once, as it loads the file.

    The smaller ones lie where rounding costs most: on the way from the tokens to the logits.
    """
    model = onnx.load(path)
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT and math.prod(tensor.dims) >= LARGE:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float16"), f"{name}.half"))
            casts.append(helper.make_node("Cast", [tensor.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, path)


def example_prompt(sam: Sam) -> tuple[Tensor, ...]:
    """A click and its padding, to trace with: any prompt takes the same way through the network."""
    config = sam.config.decoder
    return (
        torch.zeros(1, config.dim, config.grid_size, config.grid_size),
        torch.zeros(1, 2, 2),
        torch.tensor([[float(PointLabel.FOREGROUND), float(PointLabel.PADDING)]]),
        torch.zeros(1, 1, config.mask_size, config.mask_size),
        torch.zeros(1),
    )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m sam.export_onnx", description="Export the decoder to ONNX.")
    parser.add_argument("checkpoint", type=Path, help="a .safetensors file of this package's layout")
    parser.add_argument("out", type=Path, help="the .onnx file to write")
    arguments = parser.parse_args()
    try:
        export_decoder(load_checkpoint(arguments.checkpoint), arguments.out)
    except (SamError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
