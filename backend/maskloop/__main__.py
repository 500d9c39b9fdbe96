"""`python -m maskloop` is `maskloop`."""

from maskloop.cli import app

app(prog_name="maskloop")
