"""`maskloop models ...` and `maskloop worker`."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maskloop.console import DataDir, one_line_errors, read_settings
from maskloop.errors import StartupError

if TYPE_CHECKING:
    from maskloop.settings import Settings
    from sam.progress import Progress

models = typer.Typer(no_args_is_help=True, help="The networks' weights: fetch, import, check, remove them.")

Name = Annotated[str | None, typer.Argument(help="A model of `maskloop models list`.", show_default="MASKLOOP_MODEL")]


@models.command()
def pull(name: Name = None) -> None:
    """Make a model ready: fetch it, or the rest of it, verify, convert, export. Quick where it is ready already."""
    with _model_command(name) as (model, weights_dir):
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs

        with _telling() as tell:
            files = zoo.pull(model, weights_dir, tell)
        typer.echo(f"{model} is ready: encoder {files.encoder_digest}, decoder {files.decoder_digest}")


@models.command("import")
def import_model(
    file: Annotated[Path, typer.Argument(help="A .pth or .pt of Meta's, MobileSAM's or LiteMedSAM's; a .safetensors.")],
    name: Annotated[str | None, typer.Option(help="What to call it.", show_default="as the zoo or the file")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="What it is, such as sam_vit_b.", show_default="seen by its tensors")
    ] = None,
) -> None:
    """Make a model of a file: one downloaded elsewhere, or one tuned further. Nothing in it is run."""
    with _model_command(name) as (_, weights_dir):
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs

        with _telling() as tell:
            made = zoo.import_file(file, weights_dir, name, architecture, tell)
        files = zoo.verify(made, weights_dir)
        typer.echo(f"{made} is ready, a {files.architecture}: encoder {files.encoder_digest}")


@models.command()
def use(
    name: Annotated[str, typer.Argument(help="A model of `maskloop models list`.")],
    project: Annotated[int | None, typer.Option(help="Its number.", show_default="the only one there is")] = None,
    data_dir: DataDir = None,
) -> None:
    """Give a project a model, pulled first where it is not here. Its images are embedded anew; its masks stay."""
    with _model_command(name) as (model, weights_dir):
        from maskloop.bootstrap import running_database  # noqa: PLC0415 - a command imports what it needs when it runs
        from sam import zoo  # noqa: PLC0415 - as above

        with running_database(read_settings(data_dir=data_dir)) as ready:
            asyncio.run(_with_project(ready, project, None))  # a wrong number is told before hours of downloading
            with _telling() as tell:
                zoo.pull(model, weights_dir, tell)
            title = asyncio.run(_with_project(ready, project, model))
        typer.echo(f"“{title}” works with {model} now.")


@models.command()
def remove(name: Annotated[str, typer.Argument(help="A model that is here.")]) -> None:
    """Delete a model's files. Projects that use it need it again to go on."""
    with _model_command(name) as (model, weights_dir):
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs
        from sam.files import in_words  # noqa: PLC0415 - as above

        freed = zoo.remove(model, weights_dir)
        typer.echo(f"{model} is gone; {in_words(freed)} are free again.")


@models.command()
def verify(name: Name = None) -> None:
    """Read every byte of a model's files anew; exit code 1 where one is missing or not as it was made."""
    with _model_command(name) as (model, weights_dir):
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs

        zoo.verify(model, weights_dir, thorough=True)
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
    """Every model that can be pulled or was imported, and which are here."""
    with _model_command(None) as (_, weights_dir):
        from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs
        from rich.table import Column, Table  # noqa: PLC0415 - as above

        from sam import zoo  # noqa: PLC0415 - as above
        from sam.files import in_words  # noqa: PLC0415 - as above

        table = Table(Column("name", no_wrap=True), "here", "to fetch", "good for", "licence")
        for line in zoo.catalogue(weights_dir):
            here = {"here": "yes", "not here": "no", "damaged": "damaged"}[line.state]
            size = in_words(line.download_bytes) if line.download_bytes else ""
            table.add_row(line.name, here, size, line.good_for, line.licence)
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


async def _with_project(settings: "Settings", project_id: int | None, model: str | None) -> str:
    """The project's name, after giving it a model, if any. Raises StartupError where it is not clear which is meant."""
    from sqlalchemy import select  # noqa: PLC0415 - a command imports what it needs when it runs

    from maskloop.db import Database  # noqa: PLC0415 - as above
    from maskloop.inference.models import Models  # noqa: PLC0415 - as above
    from maskloop.projects.service import set_model  # noqa: PLC0415 - as above
    from maskloop.tables import Project  # noqa: PLC0415 - as above

    database = Database.open(settings.database_url or "")
    try:
        async with database.sessions() as db:
            projects = {project.id: project for project in await db.scalars(select(Project).order_by(Project.id))}
            if project_id is None and len(projects) == 1:
                [project_id] = projects
            if project_id not in projects:
                known = ", ".join(f"{number} “{project.name}”" for number, project in projects.items()) or "none"
                raise StartupError(f"say which project with --project; there are: {known}")
            if model is not None:
                await set_model(db, Models.of(settings), projects[project_id], model)
                await db.commit()
            return projects[project_id].name
    finally:
        await database.close()


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


@contextmanager
def _telling() -> Iterator["Progress"]:
    """Shows progress: each step on a line of its own, and on a terminal a bar for what can be measured."""
    from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.progress import BarColumn, TextColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bars  # noqa: PLC0415 - as above

    console, started = Console(stderr=True), time.monotonic()
    said, told = "", 0.0
    columns = (BarColumn(), TextColumn("{task.percentage:3.0f} %"), TextColumn("{task.description}"))
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("", total=1, visible=False)

        def tell(sentence: str, fraction: float | None) -> None:
            nonlocal said, told
            bars.update(bar, description=sentence, completed=fraction or 0, visible=fraction is not None)
            # Waiting repeats its sentence. In a log, a line at every tenth: there is no bar.
            is_new = sentence != said if fraction is None else not console.is_terminal and fraction >= told + 0.1
            if is_new:
                said, told = sentence, fraction or 0
                seconds = time.monotonic() - started
                console.print(f"[dim]{seconds:5.1f} s[/]  {escape(sentence)}", highlight=False, soft_wrap=True)

        yield tell
