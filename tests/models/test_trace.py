"""The shapes that are told are the shapes that are."""

from pathlib import Path

import numpy as np
import pytest

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
