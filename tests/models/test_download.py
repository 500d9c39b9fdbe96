"""Downloading from a server that drops the line, ignores ranges, changes its content, or lies."""

import hashlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sam import download
from sam.download import Download, check_url
from sam.errors import ZooError
from sam.progress import silent
from tests.support.file_server import FileServer, serving

CONTENT, OTHER = (np.random.default_rng(seed).bytes(1_000_000) for seed in (3, 4))
RESUMED = "bytes=400000-"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(FileServer(CONTENT)) as server:
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "released.pth"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "TELL_EVERY_S", 0)


def fetching(server: FileServer, content: bytes = CONTENT, *, sized: bool = True) -> Download:
    size = len(content) if sized else None
    return Download(server.url, hashlib.sha256(content).hexdigest(), size, pause=0.001)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("sized", [True, False], ids=["known size", "unknown size"])
@pytest.mark.parametrize("length", [True, False], ids=["with length", "without"])
def test_a_file_arrives_whole_and_alone(server: FileServer, target: Path, sized: bool, length: bool) -> None:
    server.length = length
    fetching(server, sized=sized).fetch(target, silent)
    assert target.read_bytes() == CONTENT
    assert left_in(target.parent) == ["released.pth"]
    assert server.requests[0]["accept-encoding"] == "identity"


def test_what_is_there_already_is_not_fetched(server: FileServer, target: Path) -> None:
    fetching(server).fetch(target, silent)
    fetching(server).fetch(target, silent)
    assert len(server.requests) == 1


@pytest.mark.parametrize("length", [True, False], ids=["with length", "without"])
def test_a_dropped_connection_is_taken_up_where_it_broke(server: FileServer, target: Path, length: bool) -> None:
    server.breaks, server.length = [400_000, 300_000], length
    fetching(server).fetch(target, silent)
    assert target.read_bytes() == CONTENT
    assert [asked.get("range") for asked in server.requests] == [None, RESUMED, "bytes=700000-"]
    assert server.requests[1]["if-range"] == '"one"'


def test_another_run_asks_for_the_rest_only(server: FileServer, target: Path) -> None:
    cancel_at(server, target, 0.4)
    assert 400_000 <= (came := (target.parent / "released.pth.part").stat().st_size) < 1_000_000
    server.requests.clear()
    fetching(server).fetch(target, silent)
    assert target.read_bytes() == CONTENT
    assert [asked["range"] for asked in server.requests] == [f"bytes={came}-"]


def cancel_at(server: FileServer, target: Path, part: float) -> None:
    class Cancelled(Exception):  # noqa: N818 - what a job raises
        pass

    def cancel(sentence: str, fraction: float | None) -> None:
        if fraction is not None and fraction >= part:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetching(server).fetch(target, cancel)


def test_a_server_that_ignores_ranges_sends_everything_again(server: FileServer, target: Path) -> None:
    server.ranges, server.breaks = False, [400_000]
    fetching(server).fetch(target, silent)
    assert target.read_bytes() == CONTENT
    assert server.requests[1]["range"] == RESUMED


def test_content_that_changed_meanwhile_is_fetched_from_the_start(server: FileServer, target: Path) -> None:
    server.content = OTHER
    cancel_at(server, target, 0.4)
    server.content, server.etag = CONTENT, '"two"'
    fetching(server).fetch(target, silent)
    assert target.read_bytes() == CONTENT


def test_content_that_changed_unnoticed_is_fetched_from_the_start(server: FileServer, target: Path) -> None:
    server.content, server.etag = OTHER, None
    cancel_at(server, target, 0.4)
    server.content = CONTENT
    fetching(server).fetch(target, silent)
    assert target.read_bytes() == CONTENT
    assert "if-range" not in server.requests[1]
    assert "range" not in server.requests[2]


def test_a_weak_etag_is_no_ground_to_go_on_by(server: FileServer, target: Path) -> None:
    server.etag = 'W/"one"'
    cancel_at(server, target, 0.4)
    fetching(server).fetch(target, silent)
    assert "if-range" not in server.requests[1]


def test_a_part_that_the_server_cannot_continue_is_dropped(server: FileServer, target: Path) -> None:
    cancel_at(server, target, 0.9)
    server.content = CONTENT[:500_000]
    fetching(server, server.content, sized=False).fetch(target, silent)
    assert target.read_bytes() == server.content


def test_wrong_bytes_are_refused_and_not_kept(server: FileServer, target: Path) -> None:
    server.content = OTHER
    with pytest.raises(ZooError) as caught:
        fetching(server).fetch(target, silent)
    message = str(caught.value)
    assert message.startswith(f"{server.url}: refused, its SHA-256 is not the pinned one")
    assert hashlib.sha256(CONTENT).hexdigest() in message
    assert hashlib.sha256(OTHER).hexdigest() in message
    assert left_in(target.parent) == []


@pytest.mark.parametrize(
    ("length", "said"), [(True, "has 1000001 bytes in place of 1000000"), (False, "larger than 1.0 MB")]
)
def test_a_file_of_another_size_is_refused(server: FileServer, target: Path, length: bool, said: str) -> None:
    server.content, server.length = CONTENT + b"!", length
    with pytest.raises(ZooError, match=said):
        fetching(server).fetch(target, silent)
    assert not target.exists()


def test_passing_faults_are_waited_out(server: FileServer, target: Path) -> None:
    server.statuses = [503, 429, 500]
    said: list[str] = []
    fetching(server).fetch(target, lambda sentence, _: said.append(sentence))
    assert target.read_bytes() == CONTENT
    assert "the server says 503 Service Unavailable; trying again" in said


def test_a_server_that_never_recovers_ends_the_tries(server: FileServer, target: Path) -> None:
    server.breaks, server.statuses = [], [503] * 99
    with pytest.raises(ZooError, match=r"released.pth: the server says 503 .* run it again\. Without a network: downl"):
        fetching(server).fetch(target, silent)
    assert len(server.requests) == download.TRIES


def test_a_server_that_breaks_off_for_ever_tells_what_is_kept(server: FileServer, target: Path) -> None:
    server.breaks = [400_000] + [0] * 99
    with pytest.raises(ZooError, match=r"400 kB are here and will not be fetched again"):
        fetching(server).fetch(target, silent)


def test_a_file_that_is_not_there_says_what_to_do(server: FileServer, target: Path) -> None:
    server.statuses = [404]
    with pytest.raises(ZooError, match=r"the server says 404 Not Found; the file may have moved. .*models import FILE"):
        fetching(server).fetch(target, silent)
    assert len(server.requests) == 1


def test_without_a_network_the_first_failure_is_the_last(target: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/released.pth"
    with pytest.raises(ZooError, match=r"refused.* Check the network .* run `maskloop models import"):
        Download(url, "0" * 64, 1).fetch(target, silent)


def test_a_server_that_nobody_vouches_for_is_not_trusted(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = ssl.SSLCertVerificationError(1, "self-signed certificate")

    def refuse(*arguments: object, **more: object) -> None:
        raise download.httpx2.ConnectError("certificate verify failed") from error

    monkeypatch.setattr(download.httpx2.Client, "stream", refuse)
    with pytest.raises(ZooError, match=r"the server's certificate is not trusted .* SSL_CERT_FILE"):
        Download("https://example.org/file", "0" * 64, 1).fetch(target, silent)


def test_a_full_disk_is_seen_before_anything_is_fetched(server: FileServer, target: Path) -> None:
    huge = Download(server.url, "0" * 64, 10**18)
    with pytest.raises(ZooError, match=r"the rest of released.pth needs 1000000000 GB, and the disk has .* left"):
        huge.fetch(target, silent)
    assert server.requests == []


def test_progress_counts_bytes_and_time(server: FileServer, target: Path) -> None:
    said: list[tuple[str, float | None]] = []
    fetching(server).fetch(target, lambda *step: said.append(step))
    fractions = [fraction for _, fraction in said if fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert any("of 1.0 MB" in sentence and "/s, " in sentence and " left" in sentence for sentence, _ in said)


@pytest.mark.parametrize("url", ["http://example.org/file", "ftp://example.org/file", "file:///etc/passwd", "https://"])
def test_only_https_is_fetched(url: str, target: Path) -> None:
    with pytest.raises(ZooError, match=r"weights come over https only"):
        Download(url, "0" * 64).fetch(target, silent)
    assert left_in(target.parent) == []


def test_redirects_are_followed_to_https_only(server: FileServer, target: Path) -> None:
    server.statuses, server.location = [302], "/elsewhere.pth"
    fetching(server).fetch(target, silent)
    assert target.read_bytes() == CONTENT
    server.statuses, server.location = [302], "http://example.org/file"
    with pytest.raises(ZooError, match=r"it leads to http://example.org/file, which is not fetched"):
        Download(server.url, "0" * 64).fetch(target, silent)
    with pytest.raises(ZooError, match="it leads to"):
        check_url("http://127.0.0.1/file", "https://example.org/file")


def test_endless_redirects_end(server: FileServer, target: Path) -> None:
    server.statuses, server.location = [302] * 99, "/round"
    with pytest.raises(ZooError, match=r"redirected more than 5 times"):
        fetching(server).fetch(target, silent)
