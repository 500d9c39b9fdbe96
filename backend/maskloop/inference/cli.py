"""`maskloop models ...` and `maskloop worker`."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from maskloop.console import DataDir, one_line_errors, read_settings
from maskloop.errors import StartupError

models = typer.Typer(no_args_is_help=True, help="The networks' weights: fetch them, check them, export their decoders.")

Name = Annotated[str | None, typer.Argument(help="A model of `maskloop models list`.", show_default="MASKLOOP_MODEL")]


@models.command()
def pull(name: Name = None) -> None:
    """Make a model ready: fetch, verify by hash, convert, export its decoder. Quick where it is ready already."""
    with _model_command(name) as (model, weights_dir):
        from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs

        from sam import zoo  # noqa: PLC0415 - as above

        console, started = Console(stderr=True), time.monotonic()
        with console.status(f"{model}: looking at {weights_dir}") as status:

            def show(step: str, fraction: float | None) -> None:
                if fraction is None:
                    seconds = time.monotonic() - started
                    console.print(f"[dim]{seconds:5.1f} s[/]  {step}", highlight=False, soft_wrap=True)
                status.update(step)

            files = zoo.pull(model, weights_dir, show)
        typer.echo(f"{model} is ready: encoder {files.encoder_digest}, decoder {files.decoder_digest}")


@models.command()
def verify(name: Name = None) -> None:
    """Take the digests of a model's files anew; exit code 1 where one is missing or not as it was made."""
    with _model_command(name) as (model, weights_dir):
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs

        zoo.verify(model, weights_dir)
        typer.echo(f"{model} in {weights_dir} is as it was made.")


@models.command()
def export(
    name: Name = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The ONNX file to write.")] = Path("decoder.onnx"),
) -> None:
    """Export a pulled model's prompt encoder and mask decoder to one ONNX file."""
    with _model_command(name) as (model, weights_dir):
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs
        from sam.export_onnx import export_decoder  # noqa: PLC0415 - as above

        export_decoder(zoo.load(model, weights_dir).sam, out)
        typer.echo(f"Wrote {out}.")


@models.command("list")
def list_models() -> None:
    """Every model that can be pulled, and which are here."""
    with one_line_errors():
        settings = read_settings()
        from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs
        from rich.table import Table  # noqa: PLC0415 - as above

        from sam import zoo  # noqa: PLC0415 - as above

        table = Table("name", "title", "here", "good for", "licence")
        for name in zoo.names():
            entry = zoo.entry(name)
            table.add_row(name, entry.title, _presence(name, settings.weights_dir), entry.good_for, entry.licence)
        Console().print(table)


def worker(data_dir: DataDir = None) -> None:
    """Run background jobs in a process of its own, until SIGTERM or Ctrl-C; what has begun is finished first."""
    with one_line_errors():
        settings = read_settings(data_dir=data_dir)
        from maskloop.bootstrap import running_database  # noqa: PLC0415 - a command imports what it needs when it runs
        from maskloop.inference.model import find_model  # noqa: PLC0415 - as above
        from maskloop.inference.runtime import run_worker  # noqa: PLC0415 - as above

        model = find_model(settings)
        with running_database(settings) as ready:
            asyncio.run(run_worker(ready, model, on_start=_announce_and_obey))


def _announce_and_obey(stop: asyncio.Event) -> None:
    """The first signal lets the worker finish what it has begun; the second one ends it."""
    loop = asyncio.get_running_loop()

    def finish() -> None:
        typer.echo("Finishing what has begun; once more stops at once.")
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, finish)
    typer.echo("The worker runs (Ctrl-C stops it)")


@contextmanager
def _model_command(name: str | None) -> Iterator[tuple[str, Path]]:
    """The model's name and the folder of weights; what goes wrong with weights is one line and exit code 1."""
    with one_line_errors():
        settings = read_settings()
        from sam.errors import SamError  # noqa: PLC0415 - a command imports what it needs when it runs

        try:
            yield name or settings.model, settings.weights_dir
        except (SamError, OSError) as error:
            raise StartupError(str(error)) from error


def _presence(name: str, weights_dir: Path) -> str:
    from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs
    from sam.errors import ZooError  # noqa: PLC0415 - as above

    try:
        zoo.verify(name, weights_dir)
    except ZooError:
        return "no"
    return "yes"
