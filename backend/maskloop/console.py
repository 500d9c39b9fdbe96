"""What every command of the command line does alike: read its settings, and say in one line why it cannot run."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from maskloop.errors import StartupError
from maskloop.settings import Settings

DataDir = Annotated[
    str | None, typer.Option(help="Folder of all that is kept.", show_default="MASKLOOP_DATA_DIR or .maskloop")
]


def read_settings(**options: Any) -> Settings:
    """Settings from the environment; options given on the command line go before. Raises StartupError."""
    from maskloop.logs import configure_logging  # noqa: PLC0415 - a command imports what it needs when it runs

    try:
        settings = Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = f"MASKLOOP_{str(first['loc'][0]).upper()}"
        # The value is not shown: it may hold a password.
        raise StartupError(f"{name} is not usable: {first['msg'].removeprefix('Value error, ')}.") from error
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
