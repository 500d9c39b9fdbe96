"""The shapes that are told are the shapes that are."""

import re
from importlib import import_module
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch

from sam.config import ARCHITECTURES
from sam.sam import Sam
from sam.trace import Step, to_markdown, trace

DOCUMENT = Path(__file__).parents[2] / "docs" / "shapes.md"
BEGIN, END = "<!-- trace -->\n", "\n<!-- /trace -->"


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    rgb = np.zeros((400, 600, 3), np.uint8)
    return trace(Sam(ARCHITECTURES["mobile_sam"]).eval(), rgb, points=[(300, 200), (10, 10)], labels=[1, 0])


def test_the_document_shows_the_shapes_of_the_running_network(steps: list[Step]) -> None:
    shown = DOCUMENT.read_text().split(BEGIN)[1].split(END)[0]
    assert shown == to_markdown(steps), "copy the table on the right into docs/shapes.md"


def test_every_box_of_the_papers_figures_has_the_name_that_is_told() -> None:
    with torch.device("meta"):
        networks = [Sam(ARCHITECTURES[name]) for name in ("mobile_sam", "sam_vit_b")]
    built = {type(module).__name__: module for module in chain(*(network.modules() for network in networks))}
    rows = re.findall(r"^\| [^|]+ \| (`\w+\.py`[^|]*) \| ([^|]+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert len(rows) == 20
    for files, names in rows:
        modules = [import_module(f"sam.{file}") for file in re.findall(r"`(\w+)\.py`", files)]
        for name, attribute in re.findall(r"`(\w+)(?:\.(\w+))?`", names):
            assert any(hasattr(module, name) for module in modules), name
            assert not attribute or hasattr(built[name], attribute), f"{name}.{attribute}"


def test_parts_come_in_the_order_of_the_figure(steps: list[Step]) -> None:
    assert list(dict.fromkeys(step.part for step in steps)) == ["image encoder", "prompt encoder", "mask decoder"]
    assert steps[-1].outputs == ((1, 4, 256, 256), (1, 4))


def test_what_one_part_gives_the_next_one_takes(steps: list[Step]) -> None:
    gives = {step.module: step.outputs for step in steps}
    (decoder,) = [step for step in steps if step.module == "mask_decoder"]
    embedding, (sparse, dense) = gives["image_encoder.neck"][0], gives["prompt_encoder"]
    assert (decoder.inputs[0], decoder.inputs[2], decoder.inputs[3]) == (embedding, sparse, dense)


def test_watching_leaves_no_trace_behind() -> None:
    sam = Sam(ARCHITECTURES["mobile_sam"]).eval()
    trace(sam, np.zeros((8, 8, 3), np.uint8), box=(1, 1, 5, 5))
    assert not any(module._forward_hooks for module in sam.modules())
