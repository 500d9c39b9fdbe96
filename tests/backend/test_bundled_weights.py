"""Weights that came with the installation can be used beside those that people pull."""

import pytest

from maskloop.inference.bundled import link_bundled
from maskloop.settings import Settings

FILES = ("mobile_sam.safetensors", "mobile_sam.json", "mobile_sam.decoder-click.onnx")


@pytest.fixture
def settings(tmp_path):
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    for name in FILES:
        (bundled / name).write_text(f"bundled {name}")
    return Settings(weights_dir=tmp_path / "data" / "weights", bundled_weights_dir=bundled)


def contents(settings):
    return {path.name: path.read_text().split()[0] for path in settings.weights_dir.iterdir()}


def test_they_appear_in_the_weights_folder(settings):
    for _ in range(2):
        link_bundled(settings)
        assert contents(settings) == dict.fromkeys(FILES, "bundled")


def test_a_model_of_that_name_that_was_pulled_stays(settings):
    settings.weights_dir.mkdir(parents=True)
    for name in FILES:
        (settings.weights_dir / name).write_text("pulled")
    link_bundled(settings)
    assert contents(settings) == dict.fromkeys(FILES, "pulled")


def test_a_manifest_of_an_earlier_installation_does_not_outlive_its_files(settings):
    link_bundled(settings)
    (settings.weights_dir / "mobile_sam.json").unlink()
    (settings.weights_dir / "mobile_sam.json").write_text("earlier")
    link_bundled(settings)
    assert contents(settings) == dict.fromkeys(FILES, "bundled")


def test_without_any_nothing_is_made(settings, tmp_path):
    link_bundled(settings.model_copy(update={"bundled_weights_dir": None}))
    link_bundled(settings.model_copy(update={"bundled_weights_dir": tmp_path / "nowhere"}))
    assert not settings.weights_dir.exists()
