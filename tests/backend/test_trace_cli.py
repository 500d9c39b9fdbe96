"""`maskloop trace`, as a reader of the paper would call it."""

import pytest
from typer.testing import CliRunner

from maskloop.cli import app
from tests.support.peer import PHOTOS

pytestmark = pytest.mark.usefixtures("own_process")


def test_a_trace_goes_from_the_image_to_masks() -> None:
    photo = str(PHOTOS / "coffee.png")
    result = CliRunner().invoke(
        app, ["trace", photo, "--point", "300,200", "--point", "10,10,-", "--box", "1,1,500,300"]
    )
    assert result.exit_code == 0, result.output
    assert "(1, 3, 1024, 1024)" in result.output
    assert "(1, 4, 256), (1, 256, 64, 64)" in result.output, "two points and two corners are four tokens"
    assert "(1, 4, 256, 256), (1, 4)" in result.output


def test_a_prompt_that_is_not_numbers_is_quoted() -> None:
    result = CliRunner().invoke(app, ["trace", str(PHOTOS / "coffee.png"), "--point", "left"])
    assert result.exit_code == 1
    assert "--point left is not 2 numbers" in result.output


def test_a_file_that_is_no_image_is_named() -> None:
    result = CliRunner().invoke(app, ["trace", str(PHOTOS / "README.txt")])
    assert result.exit_code == 1
    assert "README.txt cannot be read" in result.output
