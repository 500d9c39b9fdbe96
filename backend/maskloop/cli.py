"""The command line: `maskloop --help`. What a command needs is imported when it runs, so that help is there at once."""

import json
from typing import Annotated

import typer

from maskloop.console import DataDir, one_line_errors, read_settings
from maskloop.inference.automatic_cli import automatic
from maskloop.inference.cli import models, worker
from maskloop.inference.evaluate_cli import evaluate
from maskloop.inference.trace_cli import trace
from maskloop.samples.cli import sample
from maskloop.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Model-assisted annotation. Every setting is an environment variable MASKLOOP_*; options below override them.",
)

Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="MASKLOOP_HOST or 127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="Port; 0 takes a free one.", show_default="MASKLOOP_PORT or 8000")]
Sample = Annotated[bool, typer.Option("--sample", help="Put the sample project into a database without projects.")]


@app.command()
def serve(host: Host = None, port: Port = None, data_dir: DataDir = None, sample: Sample = False) -> None:
    """Serve the application, and run background jobs unless MASKLOOP_INLINE_WORKER is false."""
    with one_line_errors():
        settings = read_settings(host=host, port=port, data_dir=data_dir)
        from maskloop.serve import serve as run  # noqa: PLC0415 - see above

        run(settings, with_sample=sample)


@app.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the schema of this version. `serve` does it too."""
    with one_line_errors():
        settings = read_settings(data_dir=data_dir)
        from maskloop.bootstrap import running_database  # noqa: PLC0415 - see above

        with running_database(settings):
            typer.echo("The database is up to date.")


@app.command()
def openapi() -> None:
    """Print the API's description (OpenAPI, JSON)."""
    from maskloop.main import create_app  # noqa: PLC0415 - see above

    typer.echo(json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False))


app.command()(worker)
app.command()(evaluate)
app.command()(automatic)
app.command()(trace)
app.command("sample")(sample)
app.add_typer(models, name="models")
