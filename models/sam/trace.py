"""What every part of the network takes and gives, watched on a real run, in the order of the paper's figure 4."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from torch import Tensor, nn

from sam.predictor import Predictor
from sam.preparation import Pixels
from sam.sam import Sam

Shape = tuple[int, ...]

# Part of the figure, path of its module, what it does. `*` is any number; what an architecture lacks is passed over.
PARTS = (
    ("image encoder", "image_encoder.patch_embed", "cut the image into patches"),
    ("image encoder", "image_encoder.stages.*", "blocks on one grid, then the step to the next"),
    ("image encoder", "image_encoder.blocks.*", "attention and MLP"),
    ("image encoder", "image_encoder.neck", "to the decoder's 256 channels"),
    ("prompt encoder", "prompt_encoder.position", "positions as sines and cosines"),
    ("prompt encoder", "prompt_encoder.label_embedding", "what each point says"),
    ("prompt encoder", "prompt_encoder.mask_downscaling", "the mask of an earlier round"),
    ("prompt encoder", "prompt_encoder", "points as tokens; the mask, or its absence, on the grid"),
    ("mask decoder", "mask_decoder.transformer.layers.*", "tokens look at the image, the image looks back"),
    ("mask decoder", "mask_decoder.transformer.final_token_to_image", "tokens look once more"),
    ("mask decoder", "mask_decoder.transformer", "two-way transformer"),
    ("mask decoder", "mask_decoder.upscaling", "cells to a grid four times as fine"),
    ("mask decoder", "mask_decoder.mask_heads.*", "a mask token to a filter"),
    ("mask decoder", "mask_decoder.iou_head", "the IoU token to a predicted IoU for each mask"),
    ("mask decoder", "mask_decoder", "each filter times the grid: logits; and predicted IoUs"),
)


@dataclass(frozen=True)
class Step:
    """One call of one module."""

    part: str
    module: str
    what: str
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]


def trace(
    sam: Sam,
    rgb: Pixels,
    points: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
    box: npt.ArrayLike | None = None,
) -> list[Step]:
    """The calls that one image and one prompt make, in their order. Arguments as in `Predictor.predict`."""
    predictor = Predictor(sam)
    with watching(sam) as steps:
        predictor.set_image(rgb)
        predictor.predict(points, labels, box)
    return steps


@contextmanager
def watching(sam: Sam) -> Iterator[list[Step]]:
    """A list that grows by one step whenever a module of PARTS is called."""
    steps: list[Step] = []
    watches = [_watch(steps, *found) for found in _modules(sam)]
    try:
        yield steps
    finally:
        for watch in watches:
            watch.remove()


def _modules(sam: Sam) -> Iterator[tuple[str, str, str, nn.Module]]:
    modules = dict(sam.named_modules())
    for part, path, what in PARTS:
        for name, module in modules.items():
            if _matches(name, path):
                yield part, name, what, module


def _matches(name: str, path: str) -> bool:
    names, wanted = name.split("."), path.split(".")
    return len(names) == len(wanted) and all(w in {n, "*"} for n, w in zip(names, wanted, strict=True))


def _watch(steps: list[Step], part: str, name: str, what: str, module: nn.Module) -> Any:
    def note(_module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        steps.append(Step(part, name, what, _shapes(inputs), _shapes(output)))

    return module.register_forward_hook(note)


def _shapes(value: Any) -> tuple[Shape, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(tuple(item.shape) for item in values if isinstance(item, Tensor))


def to_markdown(steps: list[Step]) -> str:
    """A table, as docs/shapes.md holds it."""
    rows = (
        f"| {step.part} | `{step.module}` | {describe(step.inputs)} | {describe(step.outputs)} | {step.what} |"
        for step in steps
    )
    return "\n".join(["| part | module | takes | gives | what it does |", "| --- | --- | --- | --- | --- |", *rows])


def describe(shapes: tuple[Shape, ...]) -> str:
    """For people: `(1, 256, 64, 64)`, several side by side."""
    return ", ".join(f"({', '.join(str(side) for side in shape)})" for shape in shapes)
