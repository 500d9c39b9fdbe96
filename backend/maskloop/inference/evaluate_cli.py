"""`maskloop evaluate`: how many clicks the model needs, on photos whose masks are known."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maskloop.console import one_line_errors, read_settings
from maskloop.errors import StartupError

if TYPE_CHECKING:
    from rich.table import Table

    from sam.datasets import Photo
    from sam.evaluate import Curve, Rule, Segmenter

Results = dict[str, list["Curve"]]
"""By the name of the rule."""

CHARTED_CLICKS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20)
BAR_WIDTH = 14  # characters; four rules fit a terminal of 80

Data = Annotated[Path, typer.Argument(metavar="PATH", help="A folder with images/ and masks/, or a COCO file.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Take the first N images only.", show_default="all")]
Out = Annotated[Path | None, typer.Option("--json", help="Write every object's clicks and IoUs to this file.")]
RuleNames = Annotated[
    list[str] | None, typer.Option("--rule", help="Which mask is taken; may be given more than once, or `all`.")
]
Model = Annotated[str | None, typer.Option(help="A pulled model.", show_default="MASKLOOP_MODEL")]


def evaluate(path: Data, limit: Limit = None, out: Out = None, rule: RuleNames = None, model: Model = None) -> None:
    """Count the clicks that a simulated annotator needs (NoC@85, NoC@90), and measure mIoU after clicks and boxes."""
    with one_line_errors():
        settings = read_settings(model=model)
        from maskloop.inference.model import find_model  # noqa: PLC0415 - a command imports what it needs when it runs
        from sam import zoo  # noqa: PLC0415 - as above
        from sam.datasets import read_dataset  # noqa: PLC0415 - as above
        from sam.errors import SamError  # noqa: PLC0415 - as above
        from sam.evaluate import SamSegmenter  # noqa: PLC0415 - as above

        rules, served = _rules(rule), find_model(settings)
        try:
            photos = read_dataset(path)[:limit]
            sam = zoo.load(served.name, settings.weights_dir, served.device).sam
            results = _run(photos, SamSegmenter(sam), rules)
            _show(results)
            if out is not None:
                head = {"model": served.name, "encoder": served.encoder_digest, "decoder": served.decoder_digest}
                out.write_text(json.dumps(head | {"data": path.name, "rules": _report(results)}), "utf-8")
        except (SamError, OSError) as error:
            raise StartupError(str(error)) from error


def _rules(wanted: list[str] | None) -> list["Rule"]:
    from sam.evaluate import DEFAULT_RULE, RULES  # noqa: PLC0415 - brings torch

    names = wanted or [DEFAULT_RULE]
    if unknown := set(names) - RULES.keys() - {"all"}:
        raise StartupError(f"there is no rule {', '.join(sorted(unknown))}: take {', '.join(RULES)} or all")
    return list(RULES.values()) if "all" in names else [RULES[name] for name in dict.fromkeys(names)]


def _run(photos: list["Photo"], segmenter: "Segmenter", rules: list["Rule"]) -> Results:
    """Everything, with a bar that says how far it is where someone watches."""
    from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs
    from rich.progress import track  # noqa: PLC0415 - as above

    from sam.evaluate import evaluate as curves_of  # noqa: PLC0415 - as above

    results: Results = {rule.name: [] for rule in rules}
    rounds = curves_of(photos, segmenter, rules)
    for curves in track(rounds, "Clicking", len(photos), console=Console(stderr=True)):
        for name, more in curves.items():
            results[name] += more
    return results


def _show(results: Results) -> None:
    from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs

    from sam.evaluate import RULES, TARGETS  # noqa: PLC0415 - as above

    console = Console()
    console.print(_table(results))
    for name in results:
        console.print(f"{name}: {RULES[name].summary}", highlight=False)
    console.print(f"\nObjects that have reached IoU {max(TARGETS):.2f}, by clicks (a full bar is all of them)")
    console.print(_chart(results))


def _table(results: Results) -> "Table":
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - a command imports what it needs when it runs
    from rich.table import Table  # noqa: PLC0415 - as above

    from sam.evaluate import AFTER_CLICKS, TARGETS, figures  # noqa: PLC0415 - as above

    objects = len(next(iter(results.values())))
    caption = f"{objects} object{'s' * (objects != 1)}; in brackets those that never got there"
    table = Table("rule", box=SIMPLE_HEAD, caption=caption)
    nocs = [f"NoC@{100 * target:.0f}" for target in TARGETS]
    for heading in (*nocs, *(f"mIoU@{clicks}" for clicks in AFTER_CLICKS), "box"):
        table.add_column(heading, justify="right")
    for name, curves in results.items():
        all_ = figures(curves)
        counts = [f"{all_.noc[target]:.2f} ({all_.failures[target]})" for target in TARGETS]
        means = [f"{mean:.3f}" for mean in (*all_.miou.values(), all_.box_miou)]
        table.add_row(name, *counts, *means)
    return table


def _chart(results: Results) -> "Table":
    """Bars, a column a rule: the share of objects at the highest target after some numbers of clicks."""
    from rich.bar import Bar  # noqa: PLC0415 - a command imports what it needs when it runs
    from rich.table import Table  # noqa: PLC0415 - as above

    from sam.evaluate import TARGETS, share_reached  # noqa: PLC0415 - as above

    table = Table("clicks", *results, box=None)
    shares = [share_reached(curves, max(TARGETS)) for curves in results.values()]
    for clicks in CHARTED_CLICKS:
        table.add_row(f"{clicks}", *(Bar(1.0, 0.0, share[clicks - 1], width=BAR_WIDTH) for share in shares))
    return table


def _report(results: Results) -> dict[str, Any]:
    """As JSON: the figures of each rule, and every object's curve. Clicks are (x, y, foreground), whole pixels."""
    from sam.evaluate import RULES, figures  # noqa: PLC0415 - brings torch

    return {
        name: {"summary": RULES[name].summary, "figures": asdict(figures(curves)), "objects": list(_objects(curves))}
        for name, curves in results.items()
    }


def _objects(curves: list["Curve"]) -> Iterator[dict[str, Any]]:
    for curve in curves:
        yield asdict(curve) | {"clicks": [[*click] for click in curve.clicks]}
