"""The command line: what stops it is one line that says what to do; what it was told survives it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from maskloop.embedded import EmbeddedPostgres


def environment(**settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MASKLOOP_")}
    return clean | {f"MASKLOOP_{name.upper()}": value for name, value in settings.items()}


def refusal(*arguments: str, **settings: str) -> str:
    """The one line that a command ends with."""
    result = subprocess.run(
        [sys.executable, "-m", "maskloop", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1, result
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("maskloop: ")
    return line


def test_a_port_in_use_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        line = refusal("serve", "--port", port, data_dir=str(tmp_path / "data"))

    assert f"127.0.0.1:{port} is in use" in line
    assert "MASKLOOP_PORT" in line
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    line = refusal("serve", "--port", "0", "--data-dir", str(tmp_path / "file" / "data"))

    assert str(tmp_path / "file" / "data") in line
    assert "MASKLOOP_DATA_DIR" in line


def test_a_database_that_cannot_be_reached_is_named_without_its_password() -> None:
    line = refusal("serve", "--port", "0", database_url="postgresql://ann:secret@127.0.0.1:1/maskloop")

    assert "postgresql://ann@127.0.0.1:1/maskloop" in line
    assert "MASKLOOP_DATABASE_URL" in line
    assert "secret" not in line


def test_a_database_of_another_kind_is_refused_without_showing_its_password() -> None:
    line = refusal("migrate", database_url="mysql://ann:secret@127.0.0.1/maskloop")

    assert "MASKLOOP_DATABASE_URL" in line
    assert "postgresql://" in line
    assert "secret" not in line


def test_a_setting_that_makes_no_sense_is_named() -> None:
    assert "MASKLOOP_PORT is not usable" in refusal("serve", port="eighty")


def test_the_command_line_is_there_without_loading_the_network() -> None:
    script = "import maskloop.cli, sys; print([name for name in ('torch', 'sqlalchemy', 'PIL') if name in sys.modules])"

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "torch" not in result.stdout


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """`maskloop serve` on a free port, once it has printed its link."""
    process = subprocess.Popen(
        [sys.executable, "-m", "maskloop", "serve"],
        env=environment(data_dir=str(data_dir), port="0", weights_dir=str(data_dir / "none"), log_level="error"),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        link = re.search(r"http://\S+", process.stdout.readline())
        assert link
        with httpx.Client(base_url=f"{link[0]}/api", timeout=30) as client:
            yield process, client
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_what_was_acknowledged_survives_the_death_of_everything_and_an_orderly_end_leaves_nothing(
    short_path: Path,
) -> None:
    server = EmbeddedPostgres(short_path / "postgres")
    with serving(short_path) as (process, client):
        assert client.post("/projects", json={"name": "Pets"}).status_code == 201
        main = psutil.Process(server.pid())
        victims = [main, *main.children(recursive=True), psutil.Process(process.pid)]
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
        psutil.wait_procs(victims, timeout=10)

    with serving(short_path) as (process, client):
        assert [project["name"] for project in client.get("/projects").json()] == ["Pets"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert server.pid() is None


@pytest.fixture
def short_path(scratch: Path) -> Path:
    folder = scratch / f"serve-{time.monotonic_ns()}"
    folder.mkdir()
    return folder
