"""A web server for one file, which can be told to behave badly."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """Answers every path with `content`. The faults hold for every request until they are changed."""

    content: bytes
    etag: str | None = '"one"'
    ranges: bool = True  # whether it can send a part
    length: bool = True  # whether it says how much will come
    breaks: list[int] = field(default_factory=list)  # bytes after which the next connections break, one each
    statuses: list[int] = field(default_factory=list)  # of the next answers
    location: str = ""  # of redirects
    requests: list[dict[str, str]] = field(default_factory=list)  # headers, in lower case
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """One request; subclasses say of which server."""

    files: FileServer

    def do_GET(self) -> None:
        asked = {name.lower(): value for name, value in self.headers.items()}
        self.files.requests.append(asked)
        if self.files.statuses:
            self._say(self.files.statuses.pop(0))
        else:
            self._send(asked)

    def _say(self, status: int) -> None:
        self.send_response(status)
        if self.files.location:
            self.send_header("Location", self.files.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, asked: dict[str, str]) -> None:
        content, etag = self.files.content, self.files.etag
        part = re.fullmatch(r"bytes=(\d+)-", asked.get("range", "")) if self.files.ranges else None
        start = int(part[1]) if part and asked.get("if-range", etag) == etag else 0
        if start >= len(content):
            self._say(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if etag:
            self.send_header("ETag", etag)
        if self.files.length:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = start + self.files.breaks.pop(0) if self.files.breaks else None
        self.wfile.write(content[start:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Says nothing."""


class QuietServer(ThreadingHTTPServer):
    """Takes it without a word that clients go away."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing."""


@contextmanager
def serving(files: FileServer) -> Iterator[FileServer]:
    """On a free port of this machine, while inside."""
    handler = type("OneHandler", (Handler,), {"files": files})
    with QuietServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        files.url = f"http://127.0.0.1:{http.server_address[1]}/released.pth"
        try:
            yield files
        finally:
            http.shutdown()
            thread.join()
