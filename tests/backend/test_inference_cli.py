"""`maskloop models ...` and `maskloop worker` as an operator runs them."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from maskloop.cli import app
from sam import zoo

WEIGHTS = Path(__file__).parents[2] / "models" / "weights"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """A command sets up its process: logs to what is stderr at that time, and SIGTERM."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)
    structlog.reset_defaults()


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


def test_verifying_finds_a_damaged_file(tmp_path):
    assert run("models", "verify")[0] == 0
    for file in WEIGHTS.glob("mobile_sam*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "mobile_sam.decoder.onnx").write_bytes(b"something else")
    code, _, errors = run("models", "verify", weights=tmp_path)
    assert code == 1
    assert "mobile_sam.decoder.onnx" in errors


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


def test_the_exported_decoder_is_the_one_that_is_served(files, tmp_path):
    out = tmp_path / "decoder.onnx"
    assert run("models", "export", "--out", str(out))[0] == 0
    assert hashlib.sha256(out.read_bytes()).hexdigest() == files.decoder_digest


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_worker_ends_in_order(how, settings):
    environment = os.environ | {
        "MASKLOOP_DATABASE_URL": settings.database_url,
        "MASKLOOP_DATA_DIR": str(settings.data_dir),
        "MASKLOOP_WEIGHTS_DIR": str(WEIGHTS),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "maskloop", "worker"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("The worker runs")
        process.send_signal(how)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert output.startswith("Finishing what has begun")
    assert "Traceback" not in errors
