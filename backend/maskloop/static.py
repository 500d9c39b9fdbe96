"""The browser application: built files, the page for every address that is the application's own."""

import mimetypes
import os
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from maskloop.errors import NotFoundError

HASHED = "assets/"
"""Vite puts a hash of the content into the names below this folder: the content never changes."""
FOREVER = "public, max-age=31536000, immutable"
ASK_ALWAYS = "no-cache"
# What some systems' tables lack or have wrong; a browser refuses modules and WebAssembly of another type.
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Maskloop</title>
<body style="font: 16px system-ui; max-width: 40rem; margin: 4rem auto">
<h1>The browser application is not built</h1>
<p>The server runs, and its API answers below <code>/api</code>. Build the application with <code>make setup</code>,
or point <code>MASKLOOP_FRONTEND_DIR</code> to a folder that holds it, then load this page again.</p></body></html>"""


class Frontend(StaticFiles):
    """Files of one folder; where there is none, the page itself answers a person, and 404 anything else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._page = folder / "index.html"

    async def check_config(self) -> None:
        """A folder that is not there yet is no error: `get_response` says what to do."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; for an address of the application, its page."""
        if path == "api" or path.startswith("api/"):
            raise NotFoundError(f"There is no {scope['method']} /{path}. GET /api/openapi.json lists what there is.")
        if not self._page.is_file():
            return HTMLResponse(NOT_BUILT, 503)
        try:
            return await super().get_response("index.html" if path == "." else path, scope)
        except HTTPException as error:
            if error.status_code == HTTPStatus.NOT_FOUND and "text/html" in Headers(scope=scope).get("accept", ""):
                return await super().get_response("index.html", scope)
            raise

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """With its caching, and compressed where the build left a compressed twin and the browser takes it."""
        path, asked = Path(full_path), Headers(scope=scope)
        headers = {"Cache-Control": FOREVER if self._is_hashed(path) else ASK_ALWAYS, "Vary": "Accept-Encoding"}
        media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        twin = path.with_name(f"{path.name}.br")
        if "br" in asked.get("accept-encoding", "") and twin.is_file():
            headers["Content-Encoding"] = "br"
            path, stat_result = twin, twin.stat()
        response = FileResponse(path, status_code, headers, media_type, stat_result=stat_result)
        return NotModifiedResponse(response.headers) if self.is_not_modified(response.headers, asked) else response

    def _is_hashed(self, path: Path) -> bool:
        return path.is_relative_to(self._page.parent.resolve() / HASHED)
