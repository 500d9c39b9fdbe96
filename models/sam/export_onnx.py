"""Prompt encoder and mask decoder -> one ONNX file for the browser: `python -m sam.export_onnx CHECKPOINT OUT.onnx`.

Inputs: image_embedding (1,256,64,64); point_coords (1,N,2), (x, y) in pixels of the network's input, N >= 1;
point_labels (1,N), values of `PointLabel`; mask_input (1,1,256,256); has_mask_input (1,), 0 or 1.
Outputs: low_res_logits (1,4,256,256); iou_predictions (1,4). All float32.
The caller appends a padding point (0, 0, -1) where there is no box, and enlarges the logits.
The same weights give the same bytes, so the file's digest names the decoder.
"""

import argparse
import sys
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from sam.checkpoints import load_checkpoint, replacing
from sam.errors import SamError
from sam.prompt_encoder import PointLabel
from sam.sam import Sam

OPSET = 17
INPUTS = ("image_embedding", "point_coords", "point_labels", "mask_input", "has_mask_input")
OUTPUTS = ("low_res_logits", "iou_predictions")


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
    with replacing(path) as temporary, warnings.catch_warnings():
        # The exporter that traces: the newer one needs onnxscript, and writes paths of this machine into the file.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        torch.onnx.export(
            Decoder(sam).eval(),
            example_prompt(sam),
            temporary,
            dynamo=False,
            opset_version=OPSET,
            input_names=INPUTS,
            output_names=OUTPUTS,
            dynamic_axes={"point_coords": {1: "points"}, "point_labels": {1: "points"}},
        )


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
