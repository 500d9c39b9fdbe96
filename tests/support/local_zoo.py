"""A zoo of a test's own: `python -m tests.support.local_zoo ZOO_TOML COMMAND...` is `maskloop COMMAND...` with it."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from maskloop.cli import app
from sam import zoo


def table(name: str, title: str, url: str, content: bytes) -> str:
    """Of zoo.toml: a MobileSAM that is a file on a web server."""
    source = f'kind = "url"\nurl = "{url}"\nsize = {len(content)}\nsha256 = "{hashlib.sha256(content).hexdigest()}"'
    about = f'architecture = "mobile_sam"\ntitle = "{title}"\nlicence = "Apache-2.0"\ngood_for = "Tests."'
    return f"\n[{name}]\n{about}\n[{name}.source]\n{source}\n"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder on a web server of this machine; its address."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    """Says nothing of its requests."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


if __name__ == "__main__":
    zoo.ZOO_FILE = Path(sys.argv.pop(1))
    app()
