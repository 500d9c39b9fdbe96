"""One large file over HTTP: resumed where it broke off, verified before it is used.

Bytes go into NAME.part beside the target; the target appears when its digest is the one that was asked for. The next
try, in this run or in another, asks for the rest only; NAME.part.validator holds what the server called the content
(its ETag or date), so that a server with other content by now sends all of it.
"""

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from sam.errors import ELSEWHERE, ZooError
from sam.files import in_words, require_space, sha256_of
from sam.progress import Progress

MAX_BYTES = 16 * 10**9  # where the size is not known
MAX_REDIRECTS = 5
TRIES = 5  # in a row that bring nothing
TIMEOUT = httpx2.Timeout(30, connect=10)  # seconds without a byte; a download as a whole may take hours
TELL_EVERY_S = 0.25
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OK, PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 200, 206, 416
PASSING = (408, 425, 429, 500, 502, 503, 504)  # statuses that may be gone at the next try


class Interrupted(Exception):  # noqa: N818 - no error unless it goes on
    """The transfer stopped; the next try may bring the rest."""


class Unreachable(Interrupted):
    """There was no connection at all."""


class StartAgain(Exception):  # noqa: N818 - as above
    """What has come so far cannot be continued."""


@dataclass(frozen=True)
class Download:
    """What to fetch, and what it must be. `size` in bytes, where it is known."""

    url: str
    sha256: str
    size: int | None = None
    pause: float = 1.0  # seconds before the second try, doubled before each later one

    def fetch(self, target: Path, on_progress: Progress) -> None:
        """Make `target` the verified file. Raises ZooError; what came until then is kept for the next time."""
        if target.is_file() and sha256_of(target) == self.sha256:
            return
        check_url(self.url)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = PartialFile(target.with_name(f"{target.name}.part"))
        if self.size is not None:
            part.cut_to(self.size)
            require_space(target.parent, self.size - part.length, f"the rest of {target.name}")
        on_progress(f"downloading {self.url}", None)
        resumed = part.length > 0
        self._complete(part, on_progress)
        try:
            self._verify(part, on_progress)
        except ZooError:
            if not resumed:
                raise
            on_progress(f"{target.name}: what came earlier does not fit to what came now; downloading all of it", None)
            self._complete(part, on_progress)
            self._verify(part, on_progress)
        part.path.replace(target)
        part.forget()

    def _complete(self, part: "PartialFile", on_progress: Progress) -> None:
        """Try until every byte is there, or nothing comes any more."""
        failures = 0
        began = part.length
        while not (self.size is not None and part.length == self.size):
            before = part.length
            try:
                self._transfer(part, on_progress)
            except StartAgain:
                part.forget()
                failures += 1
            except Interrupted as reason:
                failures = 0 if part.length > before else failures + 1
                if failures == TRIES or (isinstance(reason, Unreachable) and part.length == began):
                    raise ZooError(self._gave_up(reason, part)) from reason
                self._wait(f"{reason}; trying again", 2.0**failures, on_progress)
            else:
                return
            if failures == TRIES:
                raise ZooError(f"{self.url}: the server's answers contradict each other. {ELSEWHERE}")

    def _gave_up(self, reason: Interrupted, part: "PartialFile") -> str:
        kept = f" {in_words(part.length)} are here and will not be fetched again." if part.length else ""
        return f"{self.url}: {reason}. Check the network and run it again.{kept} {ELSEWHERE}"

    def _wait(self, sentence: str, seconds: float, on_progress: Progress) -> None:
        end = time.monotonic() + seconds * self.pause
        while (left := end - time.monotonic()) > 0:
            on_progress(sentence, None)
            time.sleep(min(left, 0.5))

    def _transfer(self, part: "PartialFile", on_progress: Progress) -> None:
        """One request, from where `part` ends. Raises Interrupted, StartAgain or ZooError."""
        with open_response(self.url, part.headers()) as response:
            part.begin(response)
            total = self._total(response, part)
            meter = Meter(Path(part.path).stem, total, on_progress, part.length)
            limit = total or MAX_BYTES
            with part.path.open("ab") as file:
                for chunk in response.iter_raw():
                    if file.tell() + len(chunk) > limit:
                        raise ZooError(f"{self.url}: refused, it is larger than {in_words(limit)}")
                    file.write(chunk)
                    meter.tell(file.tell())
        if total is not None and part.length < total:
            raise Interrupted("the connection closed before the end")

    def _total(self, response: httpx2.Response, part: "PartialFile") -> int | None:
        """Bytes of the whole file, as known or as the server says."""
        length = response.headers.get("content-length")
        told = part.length + int(length) if length and length.isdigit() else None
        if self.size is not None and told is not None and told != self.size:
            part.forget()
            raise ZooError(
                f"{self.url}: refused, the server's file has {told} bytes in place of {self.size}: it is another one. "
                "Nothing of it was kept."
            )
        return told if self.size is None else self.size

    def _verify(self, part: "PartialFile", on_progress: Progress) -> None:
        on_progress(f"{part.path.stem}: verifying its SHA-256", None)
        found = sha256_of(part.path)
        if found != self.sha256:
            part.forget()
            raise ZooError(
                f"{self.url}: refused, its SHA-256 is not the pinned one.\n"
                f"  expected {self.sha256}\n  found    {found}\n"
                "Nothing of it was kept. Pull again; if it stays so, do not use that file."
            )


class PartialFile:
    """NAME.part, and its validator beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._validator = path.with_name(f"{path.name}.validator")

    @property
    def length(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def cut_to(self, size: int) -> None:
        """A file that is larger than what it shall become is another one."""
        if self.length > size:
            self.forget()

    def forget(self) -> None:
        """Delete what is there."""
        self.path.unlink(missing_ok=True)
        self._validator.unlink(missing_ok=True)

    def headers(self) -> dict[str, str]:
        """Of a request for the rest."""
        plain = {"Accept-Encoding": "identity"}
        if not self.length:
            return plain
        condition = {"If-Range": self._validator.read_text("utf-8")} if self._validator.exists() else {}
        return plain | {"Range": f"bytes={self.length}-"} | condition

    def begin(self, response: httpx2.Response) -> None:
        """Make ready for the body of `response`: to go on, or from the start where the server sends all of it."""
        if response.status_code == PARTIAL_CONTENT:
            place = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
            if place is None or int(place[1]) != self.length:
                raise StartAgain
            return
        self.forget()
        self.path.touch()
        if validator := strong_validator(response.headers):
            self._validator.write_text(validator, "utf-8")


class Meter:
    """Tells the speed and the time that is left, four times a second at most."""

    def __init__(self, name: str, total: int | None, on_progress: Progress, start: int) -> None:
        self._name, self._total, self._on_progress = name, total, on_progress
        self._start, self._began, self._told = start, time.monotonic(), 0.0

    def tell(self, length: int) -> None:
        """`length`: bytes that are there."""
        now = time.monotonic()
        if now - self._told < TELL_EVERY_S:
            return
        self._told = now
        rate = (length - self._start) / max(now - self._began, 1e-3)  # bytes a second
        if self._total is None:
            self._on_progress(f"{self._name}: {in_words(length)}, {in_words(rate)}/s", None)
            return
        left = time_in_words((self._total - length) / max(rate, 1))
        sentence = f"{self._name}: {in_words(length)} of {in_words(self._total)}, {in_words(rate)}/s, {left} left"
        self._on_progress(sentence, length / self._total)


def strong_validator(headers: httpx2.Headers) -> str | None:
    """What names the content byte by byte (RFC 9110, 13.1.5): an ETag that is not weak, else the date."""
    etag = headers.get("etag", "")
    return etag if etag.startswith('"') else headers.get("last-modified")


def time_in_words(seconds: float) -> str:
    """40 s, 12 min, 3 h."""
    for unit, one in (("h", 3600), ("min", 60)):
        if seconds >= 2 * one:
            return f"{seconds / one:.0f} {unit}"
    return f"{seconds:.0f} s"


def check_url(url: str, origin: str | None = None) -> None:
    """HTTPS only, but for this machine itself; a redirect of another host's cannot lead to this machine over HTTP."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if parts.scheme == "https" and parts.hostname:
        return
    if local and (origin is None or urlsplit(origin).hostname in LOOPBACK):
        return
    led = f"{origin}: it leads to" if origin else "weights come over https only:"
    raise ZooError(f"{led} {url}, which is not fetched. {ELSEWHERE}")


@contextmanager
def open_response(url: str, headers: dict[str, str]) -> Iterator[httpx2.Response]:
    """The answer to a GET, after redirects; its body is still to be read. Raises Interrupted, StartAgain, ZooError."""
    try:
        with httpx2.Client(timeout=TIMEOUT, follow_redirects=False) as client:
            target = url
            for _ in range(MAX_REDIRECTS + 1):
                with client.stream("GET", target, headers=headers) as response:
                    if not response.has_redirect_location:
                        check_status(response)
                        yield response
                        return
                    target = str(response.url.join(response.headers["location"]))
                    check_url(target, url)
            raise ZooError(f"{url}: redirected more than {MAX_REDIRECTS} times. {ELSEWHERE}")
    except httpx2.TransportError as error:
        if came_from(error, ssl.SSLCertVerificationError):
            raise ZooError(
                f"{url}: the server's certificate is not trusted ({error}). Behind a company's proxy, add its "
                f"certificate to this system's, or set SSL_CERT_FILE. {ELSEWHERE}"
            ) from error
        kind = Unreachable if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout) else Interrupted
        raise kind(str(error) or type(error).__name__) from error
    except httpx2.InvalidURL as error:
        raise ZooError(f"{url}: not a URL ({error})") from error


def check_status(response: httpx2.Response) -> None:
    """Only a body of the file may follow."""
    status, url = response.status_code, response.request.url
    if status in (OK, PARTIAL_CONTENT):
        return
    if status == RANGE_NOT_SATISFIABLE:
        raise StartAgain
    if status in PASSING:
        raise Interrupted(f"the server says {status} {response.reason_phrase}")
    raise ZooError(f"{url}: the server says {status} {response.reason_phrase}; the file may have moved. {ELSEWHERE}")


def came_from(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether one of that kind is in the chain of what led to `error`."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kind):
        cause = cause.__cause__ or cause.__context__
    return cause is not None
