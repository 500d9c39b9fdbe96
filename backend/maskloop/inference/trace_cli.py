"""`maskloop trace`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maskloop.console import one_line_errors, read_settings
from maskloop.errors import StartupError
from maskloop.inference.photos import read_rgb

if TYPE_CHECKING:
    from sam.trace import Step

LOG_WIDTH = 170
"""Columns of the table where there is no terminal to ask."""

Points = Annotated[
    list[str] | None, typer.Option("--point", help="x,y of the image takes, x,y,- leaves out; may be repeated.")
]
Box = Annotated[str | None, typer.Option("--box", help="x0,y0,x1,y1 in pixels of the image.")]


def trace(image: Annotated[Path, typer.Argument(help="An image file.")], point: Points = None, box: Box = None) -> None:
    """Print the shape of every tensor on its way from an image and a prompt to masks."""
    with one_line_errors():
        settings = read_settings()
        prompts = [_numbers(text.removesuffix(",-"), 2, "--point") for text in point or []]
        labels = [0 if text.endswith(",-") else 1 for text in point or []]
        corners = _numbers(box, 4, "--box") if box else None
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs
        from sam.errors import SamError  # noqa: PLC0415 - as above
        from sam.trace import trace as watch  # noqa: PLC0415 - as above

        try:
            sam = zoo.load(settings.model, settings.weights_dir).sam
            steps = watch(sam, read_rgb(image, settings.max_image_pixels), prompts or None, labels or None, corners)
        except SamError as error:
            raise StartupError(str(error)) from error
        _print(steps)


def _numbers(text: str, count: int, option: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise StartupError(f"{option} {text} is not {count} numbers with commas between them.")
    return numbers


def _print(steps: "Sequence[Step]") -> None:
    from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs
    from rich.table import Table  # noqa: PLC0415 - as above

    from sam.trace import describe  # noqa: PLC0415 - as above

    table = Table("part", "module", "takes", "gives", "what it does")
    part = ""
    for step in steps:
        if step.part != part:
            table.add_section()
        table.add_row(
            step.part if step.part != part else "",
            step.module,
            describe(step.inputs),
            describe(step.outputs),
            step.what,
        )
        part = step.part
    console = Console()
    if not console.is_terminal:
        console.width = LOG_WIDTH
    console.print(table)
