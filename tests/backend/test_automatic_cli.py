"""`maskloop automatic`, as someone with a folder of images would call it; grids are small, so a few masks are found."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from typer.testing import CliRunner, Result

from maskloop.cli import app
from maskloop.inference.automatic_cli import INTERRUPTED, PresetName, config_of
from sam.automatic import PRESETS
from tests.support.peer import PHOTOS

COINS, COFFEE, NO_IMAGE = PHOTOS / "coins.png", PHOTOS / "coffee.png", PHOTOS / "README.txt"


pytestmark = pytest.mark.usefixtures("own_process")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["automatic", *map(str, arguments), "--points", "4"])


def check_mask(annotation: dict[str, Any], size: list[int]) -> None:
    """It is as COCO's tools want it, and says of itself what is true."""
    assert annotation["segmentation"]["size"] == size
    mask = coco_mask.decode(annotation["segmentation"])
    assert annotation["area"] == mask.sum() > 0
    x, y, width, height = annotation["bbox"]
    assert mask[y : y + height, x : x + width].sum() == mask.sum()
    assert annotation["predicted_iou"] >= PRESETS["public"].min_predicted_iou
    [[px, py]] = annotation["point_coords"]
    assert 0 <= px <= size[1]
    assert 0 <= py <= size[0]


def test_several_images_become_one_coco_file(tmp_path: Path) -> None:
    out = tmp_path / "new" / "masks.json"
    result = run(COINS, COFFEE, "--out", out)
    assert result.exit_code == 0, result.output
    read = COCO(out)
    assert [(image["file_name"], image["height"], image["width"]) for image in read.loadImgs([1, 2])] == [
        ("coins.png", 303, 384),
        ("coffee.png", 400, 600),
    ]
    of_coins, of_coffee = (read.loadAnns(read.getAnnIds(imgIds=[image])) for image in (1, 2))
    assert len(of_coins) >= 5
    assert of_coffee
    assert sorted(read.anns) == list(range(1, len(of_coins) + len(of_coffee) + 1))
    assert {(each["iscrowd"], each["category_id"]) for each in read.anns.values()} == {(0, read.getCatIds()[0])}
    for annotation in of_coins:
        check_mask(annotation, [303, 384])
    assert json.loads(out.read_text())["info"]["settings"]["points_per_side"] == [4]
    assert f"{len(read.anns)} masks of 2 of 2 images" in result.output


def test_what_is_no_image_is_left_out_and_the_rest_is_done(tmp_path: Path) -> None:
    result = run(NO_IMAGE, tmp_path / "missing.png", COINS, "--format", "sa1b", "--out", tmp_path / "masks")
    assert result.exit_code == 1
    assert "README.txt cannot be read" in result.output
    assert "1 of 3 images" in result.output
    assert "2 left out" in result.output
    [file] = (tmp_path / "masks").iterdir()
    assert file.name == "coins.json"
    record = json.loads(file.read_text())
    assert record["image"] == {"image_id": 1, "width": 384, "height": 303, "file_name": "coins.png"}
    for annotation in record["annotations"]:
        check_mask(annotation, [303, 384])


def test_ctrl_c_leaves_what_was_finished(tmp_path: Path) -> None:
    images = [shutil.copy(COINS, tmp_path / f"{number}.png") for number in range(9)]
    command = ["automatic", *images, "--points", "4", "--out", tmp_path / "masks.json"]
    with subprocess.Popen(
        [sys.executable, "-m", "maskloop", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "0.png: " in process.stderr.readline()  # the first image is finished
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    document = json.loads((tmp_path / "masks.json").read_text())
    finished = len(document["images"])
    assert 1 <= finished < len(images)
    assert {each["image_id"] for each in document["annotations"]} == set(range(1, finished + 1))
    assert told.startswith(f"Stopped: {len(document['annotations'])} masks of {finished} of 9 images")


def test_nothing_is_written_where_no_image_is_finished(tmp_path: Path) -> None:
    result = run(NO_IMAGE, "--out", tmp_path / "masks.json")
    assert result.exit_code == 1
    assert "no image was finished, and nothing is written" in result.output
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments, message in {
        (COINS, "--out", tmp_path): "is a folder, and COCO is one file",
        (COINS, "--out", COINS): "is one of the images",
        (COINS, "--out", tmp_path / "file" / "masks.json"): "file",
        (COINS, tmp_path / "coins.png", "--out", tmp_path / "masks.json"): "would both be coins.png",
        (COINS, tmp_path / "coins.jpg", "--out", tmp_path / "masks", "--format", "sa1b"): "would both be coins in",
        (COINS, "--out", tmp_path / "masks.json", "--model", "none"): "'none'",
    }.items():
        result = run(*arguments)
        assert result.exit_code == 1
        assert message in result.output
        assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_the_librarys_but_for_the_grid(name: PresetName) -> None:
    assert name in get_args(PresetName)
    assert config_of(name, None) == PRESETS[name]
    halved = config_of(name, 16).points_per_side
    assert np.array_equal(np.array(halved) * 2, PRESETS[name].points_per_side)
    assert set(config_of(name, 1).points_per_side) == {1}
