"""The command line: `maskloop --help`. What a command needs is imported when it runs, so that help is there at once."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from maskloop.errors import StartupError
from maskloop.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Model-assisted annotation. Every setting is an environment variable MASKLOOP_*; options below override them.",
)

Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="MASKLOOP_HOST or 127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="Port; 0 takes a free one.", show_default="MASKLOOP_PORT or 8000")]
DataDir = Annotated[
    str | None, typer.Option(help="Folder of all that is kept.", show_default="MASKLOOP_DATA_DIR or .maskloop")
]


@app.command()
def serve(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Serve the application, and run background jobs unless MASKLOOP_INLINE_WORKER is false."""
    with one_line_errors():
        settings = read_settings(host=host, port=port, data_dir=data_dir)
        from maskloop.serve import serve as run  # noqa: PLC0415 - see above

        run(settings)


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


def read_settings(**options: Any) -> Settings:
    """Settings from the environment; options given on the command line go before. Raises StartupError."""
    from maskloop.logs import configure_logging  # noqa: PLC0415 - see above

    try:
        settings = Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        [first, *_] = error.errors()
        name = f"MASKLOOP_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise StartupError(f"{name} is not usable: {first['msg']} (it is {first['input']!r}).") from error
    configure_logging(settings)
    return settings


@contextmanager
def one_line_errors() -> Iterator[None]:
    """What stops a command is one line on stderr and exit code 1; SIGTERM and Ctrl-C are an orderly end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    except StartupError as error:
        typer.echo(f"maskloop: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
