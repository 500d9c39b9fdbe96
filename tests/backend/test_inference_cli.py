"""`maskloop models ...`, and the worker and the server as processes that are told to stop."""

import asyncio
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import onnx
import pytest
import torch
from typer.testing import CliRunner

from maskloop.cli import app
from maskloop.serve import SECONDS_TO_FINISH
from sam import download, zoo
from sam.config import ARCHITECTURES
from tests.support import tiny
from tests.support.file_server import FileServer, serving
from tests.support.released import released_state

WEIGHTS = Path(__file__).parents[2] / "models" / "weights"


pytestmark = pytest.mark.usefixtures("own_process")


def run(*arguments: str, weights: Path = WEIGHTS) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    result = CliRunner().invoke(app, arguments, env={"MASKLOOP_WEIGHTS_DIR": str(weights)})
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module", autouse=True)
def files() -> zoo.ModelFiles:
    return zoo.pull("mobile_sam", WEIGHTS)


def test_pulling_what_is_there_says_so(files):
    code, output, _ = run("models", "pull")
    assert code == 0
    assert files.encoder_digest in output


def test_the_list_says_which_models_are_here(tmp_path):
    assert "yes" in run("models", "list")[1]
    assert "yes" not in run("models", "list", weights=tmp_path)[1]


@pytest.fixture
def released(tmp_path, monkeypatch):
    """A tiny network's file in the layout of Meta's."""
    monkeypatch.setitem(ARCHITECTURES, "tiny_vit", tiny.VIT)
    torch.save(released_state(tiny.random_sam(tiny.VIT).state_dict(), tiny.VIT), path := tmp_path / "tuned.pth")
    return path


def test_a_file_is_imported_listed_verified_and_removed(released, tmp_path):
    weights = tmp_path / "weights"
    code, output, errors = run("models", "import", str(released), "--name", "cells-2", weights=weights)
    assert code == 0, errors
    assert output.startswith("cells-2 is ready, a tiny_vit: encoder ")
    assert "exporting the decoder" in errors
    [line] = [line for line in run("models", "list", weights=weights)[1].splitlines() if "cells-2" in line]
    assert "yes" in line
    assert run("models", "verify", "cells-2", weights=weights)[0] == 0
    assert "are free again" in run("models", "remove", "cells-2", weights=weights)[1]
    assert "cells-2" not in run("models", "list", weights=weights)[1]


def test_a_pull_from_the_web_shows_how_far_it_is(released, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "TELL_EVERY_S", 0)
    content = released.read_bytes()
    with serving(FileServer(content)) as server:
        monkeypatch.setattr(zoo, "ZOO_FILE", tmp_path / "zoo.toml")
        table = {"architecture": "tiny_vit", "title": "Tiny", "licence": "none", "good_for": "tests"}
        source = {"kind": "url", "url": server.url, "sha256": hashlib.sha256(content).hexdigest()}
        lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
        lines += [f"source.{key} = {json.dumps(value)}" for key, value in source.items()]
        zoo.ZOO_FILE.write_text("\n".join(["[tiny]", *lines, f"source.size = {len(content)}"]))
        server.statuses = [503]
        code, output, errors = run("models", "pull", "tiny", weights=tmp_path / "weights")
        assert code == 0, errors
        assert errors.count("503 Service Unavailable; trying again") == 1, "a sentence is said once"
        assert output.startswith("tiny is ready")
        assert re.search(r"released.pth: \d+ kB of \d+ kB, .*/s, \d+ s left", errors)
        server.statuses = [404]
        code, _, errors = run("models", "pull", "tiny", weights=tmp_path / "others")
    assert code == 1
    assert errors.splitlines()[-1].startswith(f"maskloop: {server.url}: the server says 404")


def test_verifying_finds_a_damaged_file(tmp_path):
    assert run("models", "verify")[0] == 0
    for file in WEIGHTS.glob("mobile_sam*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "mobile_sam.decoder-click.onnx").write_bytes(b"something else")
    code, _, errors = run("models", "verify", weights=tmp_path)
    assert code == 1
    assert "mobile_sam.decoder-click.onnx" in errors


@pytest.mark.parametrize("command", [("models", "verify"), ("models", "export"), ("worker",)], ids=" ".join)
def test_without_weights_one_line_says_what_to_do(command, tmp_path):
    code, output, errors = run(*command, weights=tmp_path)
    assert (code, output) == (1, "")
    assert "maskloop models pull" in errors
    assert len(errors.splitlines()) == 1


def test_an_unknown_model_is_one_line():
    code, _, errors = run("models", "verify", "sam_9")
    assert code == 1
    assert "no model 'sam_9'" in errors


def test_the_exported_decoder_is_of_the_standard_form(tmp_path):
    out = tmp_path / "decoder.onnx"
    assert run("models", "export", "--out", str(out))[0] == 0
    assert [output.name for output in onnx.load(out).graph.output] == ["low_res_logits", "iou_predictions"]


@contextmanager
def running(settings, *command: str, weights: Path = WEIGHTS) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A command as a process of its own, and the first line that it says."""
    environment = os.environ | {
        "MASKLOOP_DATABASE_URL": settings.database_url,
        "MASKLOOP_DATA_DIR": str(settings.data_dir),
        "MASKLOOP_WEIGHTS_DIR": str(weights),
        "MASKLOOP_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }
    arguments = [sys.executable, "-m", "maskloop", *command]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline()
        finally:
            process.kill()


async def test_a_project_is_given_a_model_with_one_command(settings, api):
    project = await api.project()
    with running(settings, "models", "use", "mobile_sam", "--project", str(project["id"])) as (process, said):
        _, errors = await asyncio.to_thread(process.communicate, timeout=60)
    assert said == f"“{project['name']}” works with mobile_sam now.\n", errors
    assert (await api.read(f"/projects/{project['id']}"))["model"] == "mobile_sam"


async def test_a_project_that_there_is_not_is_answered_with_those_there_are(settings, api):
    project = await api.project()
    with running(settings, "models", "use", "sam_vit_h", "--project", "999999") as (process, said):
        _, errors = await asyncio.to_thread(process.communicate, timeout=60)
    assert (process.returncode, said) == (1, "")
    assert errors == f"maskloop: say which project with --project; there are: {project['id']} “{project['name']}”\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_worker_ends_in_order(how, settings):
    with running(settings, "worker") as (process, said):
        assert said.startswith("The worker runs")
        process.send_signal(how)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert output.startswith("Finishing what has begun")
    assert "Traceback" not in errors


async def test_a_server_does_not_wait_for_open_event_streams(settings, api, tmp_path):
    project = await api.project()
    with running(settings, "serve", weights=tmp_path) as (process, said):
        address = re.search(r"http://[^ ]+", said)
        assert address, said
        async with (
            httpx.AsyncClient(base_url=address[0], timeout=10) as browser,
            browser.stream("GET", f"/api/projects/{project['id']}/events") as response,
        ):
            lines = response.aiter_lines()
            assert await anext(lines) == ": listening"
            started = time.monotonic()
            process.send_signal(signal.SIGINT)
            async with asyncio.timeout(SECONDS_TO_FINISH):
                assert [line async for line in lines if line] == []
        _, errors = await asyncio.to_thread(process.communicate, timeout=60)
    assert time.monotonic() - started < SECONDS_TO_FINISH
    assert process.returncode == 0, errors
    assert "maskloop models pull" in errors, "without weights it serves, and says what is missing"
    assert "Traceback" not in errors
