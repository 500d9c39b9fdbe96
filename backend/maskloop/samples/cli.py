"""`maskloop sample`."""

import typer

from maskloop.console import DataDir, one_line_errors, read_settings


def sample(data_dir: DataDir = None) -> None:
    """Put the sample project, photos of scikit-image's, into the database; add only what it lacks."""
    with one_line_errors():
        settings = read_settings(data_dir=data_dir)
        from maskloop.bootstrap import running_database  # noqa: PLC0415 - a command imports what it needs when it runs
        from maskloop.samples.service import NAME, add_sample  # noqa: PLC0415 - as above

        with running_database(settings) as ready:
            added = add_sample(ready)
        typer.echo(f"“{NAME}”: {added} photos added." if added else f"“{NAME}” is there already.")
