"""Reading and writing our own file of weights."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sam.checkpoints import digest_tensors, load_checkpoint, read_checkpoint, save_checkpoint
from sam.errors import CheckpointError
from sam.files import replacing
from sam.sam import Sam

ABOUT_MOBILE_SAM = {"sam": '{"architecture": "mobile_sam"}'}


def test_saving_the_same_network_twice_gives_the_same_bytes(sam: Sam, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_checkpoint(sam.state_dict(), tmp_path / name, "mobile_sam", source="a test")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_account_than_the_one_that_pulled_can_read_the_weights(sam: Sam, tmp_path: Path) -> None:
    save_checkpoint(sam.state_dict(), path := tmp_path / "a.safetensors", "mobile_sam", "test")
    assert path.stat().st_mode & 0o044 == 0o044


def test_a_loaded_network_is_ready_for_inference(sam: Sam, tmp_path: Path) -> None:
    save_checkpoint(sam.state_dict(), tmp_path / "weights.safetensors", "mobile_sam", source="a test")
    loaded = load_checkpoint(tmp_path / "weights.safetensors")
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    for name, tensor in sam.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name


def test_missing_surplus_and_misshapen_tensors_are_named_together(sam: Sam, tmp_path: Path) -> None:
    state = dict(sam.state_dict())
    del state["mask_decoder.output_tokens"]
    state["mask_decoder.extra"] = torch.zeros(1)
    state["prompt_encoder.no_mask_embedding"] = torch.zeros(7)
    path = tmp_path / "bad.safetensors"
    save_file(state, path, ABOUT_MOBILE_SAM)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: not the weights of mobile_sam.")
    assert "missing: mask_decoder.output_tokens" in message
    assert "not expected: mask_decoder.extra" in message
    assert "of another shape: prompt_encoder.no_mask_embedding (7,) in place of (256,)" in message


def test_wrong_weights_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"some file: not the weights of mobile_sam. missing: .* and 317 more"):
        save_checkpoint({}, tmp_path / "weights.safetensors", "mobile_sam", source="some file")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_architecture_is_named(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors", {"sam": '{"architecture": "vit_z"}'})
    with pytest.raises(CheckpointError, match=r"other.safetensors: its metadata says architecture 'vit_z'; known are"):
        read_checkpoint(tmp_path / "other.safetensors")


def test_a_missing_file_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none.safetensors: there is no such file; `maskloop models pull`"):
        read_checkpoint(tmp_path / "none.safetensors")


def test_a_truncated_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "half.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointError, match=r"half.safetensors: not a readable safetensors file"):
        read_checkpoint(tmp_path / "half.safetensors")


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    save_file({"x": torch.zeros(100)}, tmp_path / "whole", ABOUT_MOBILE_SAM)
    return (tmp_path / "whole").read_bytes()


def test_a_digest_depends_on_names_shapes_and_values_of_the_chosen_part_only() -> None:
    state = {"a.x": torch.arange(4.0), "a.y": torch.zeros(2), "b.x": torch.ones(3)}
    digest = digest_tensors(state, "a.")
    assert digest == digest_tensors(dict(reversed(state.items())), "a.")
    assert digest == digest_tensors(state | {"b.x": torch.zeros(3)}, "a.")
    assert digest != digest_tensors(state | {"a.x": torch.arange(4.0) + 1}, "a.")
    assert digest != digest_tensors(state | {"a.x": torch.arange(4.0).view(2, 2)}, "a.")
    assert digest != digest_tensors({"a.z": state["a.x"], "a.y": state["a.y"]}, "a.")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(TypeError), replacing(path) as temporary:
        temporary.write_bytes("not bytes")  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
