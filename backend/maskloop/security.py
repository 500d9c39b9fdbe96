"""What every response says and which requests are not even looked at: the browser is a way in for other web pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maskloop.errors import problem_response

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OWN_SITES = {"same-origin", "none"}  # "none": typed by the user
MOST_BODY_BYTES = 16 * 2**20
CONTENT_SECURITY_POLICY = "; ".join([
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "connect-src 'self' blob:",
    "img-src 'self' blob: data:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
])  # fmt: skip
HEADERS = {
    # Together these two isolate the page, which gives it SharedArrayBuffer: threads for the decoder.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}


class Guard:
    """Refuses hosts that are not ours (DNS rebinding) and changes that other sites ask for; adds the headers above."""

    def __init__(self, app: ASGIApp, trusted_hosts: list[str]) -> None:
        self._app = app
        self._trusted = {host.lower() for host in trusted_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        app = self._refusal(Request(scope)) or self._app
        await app(scope, receive, with_headers)

    def _refusal(self, request: Request) -> ASGIApp | None:
        host = _name(f"//{request.headers.get('host', '')}")
        if not self._trusts(host):
            detail = f"This server does not answer to the name {host!r}. Add it to MASKLOOP_ALLOWED_HOSTS if it should."
            return problem_response(request, 400, "untrusted_host", detail)
        if request.method not in SAFE_METHODS and not self._is_own_page(request.headers):
            detail = "Another web page asked for this change. Only Maskloop's own page may."
            return problem_response(request, 403, "cross_site", detail)
        return None

    def _is_own_page(self, headers: Headers) -> bool:
        """Browsers say where a request comes from; other programs do not, and are not what this is about."""
        if site := headers.get("sec-fetch-site"):
            return site in OWN_SITES
        origin = headers.get("origin")  # what browsers send over plain HTTP from another machine
        return origin is None or self._trusts(_name(origin))

    def _trusts(self, host: str) -> bool:
        return "*" in self._trusted or host in self._trusted


class BodyLimit:
    """Refuses bodies larger than any mask needs before they fill memory. Uploads go to disk, with their own limit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or Headers(scope=scope).get("content-type", "").startswith("multipart/"):
            await self._app(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BODY_BYTES:
                detail = f"The request is larger than {MOST_BODY_BYTES // 2**20} MiB; no mask is. Nothing was stored."
                raise HTTPException(413, detail)
            return message

        await self._app(scope, counted, send)


def _name(url: str) -> str:
    """The host without its port, in lower case; an IPv6 address keeps its brackets, as in the settings."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host
