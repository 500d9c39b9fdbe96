"""A released checkpoint, which this machine may not have, is written here by the inverse of what loading does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from sam.checkpoints import load_checkpoint, save_checkpoint
from sam.errors import CheckpointError
from sam.official import read_official
from sam.sam import Sam
from tests.support.released import released_state


@pytest.fixture
def released_file(sam: Sam, tmp_path: Path) -> Path:
    path = tmp_path / "mobile_sam.pt"
    torch.save(released_state(sam.state_dict(), sam.config), path)
    return path


def test_a_released_checkpoint_becomes_the_same_network(released_file: Path, sam: Sam, tmp_path: Path) -> None:
    save_checkpoint(read_official(released_file), tmp_path / "own.safetensors", "mobile_sam", source="a test")
    loaded = load_checkpoint(tmp_path / "own.safetensors")
    random = torch.Generator().manual_seed(3)
    image = torch.randn(1, 3, 1024, 1024, generator=random)
    mask = torch.randn(1, 1, 256, 256, generator=random)
    prompt = (torch.tensor([[[300.0, 200.0], [0.0, 0.0]]]), torch.tensor([[1.0, -1.0]]), mask, torch.ones(1))
    with torch.inference_mode():
        for ours, theirs in zip(sam(image, *prompt), loaded(image, *prompt), strict=True):
            torch.testing.assert_close(theirs, ours, atol=1e-3, rtol=0)


def test_every_tensor_comes_back_and_none_besides(released_file: Path, sam: Sam) -> None:
    state = read_official(released_file)
    expected = sam.state_dict()
    assert state.keys() == expected.keys()
    for name, tensor in expected.items():
        torch.testing.assert_close(
            state[name], tensor, atol=1e-4, rtol=1e-4, msg=lambda text, name=name: f"{name}: {text}"
        )


@pytest.mark.parametrize(
    "name",
    [
        "prompt_encoder.no_mask_embed.weight",
        "mask_decoder.iou_token.weight",
        "image_encoder.layers.1.blocks.0.local_conv.bn.running_var",
    ],
)
def test_a_missing_tensor_is_named(name: str, sam: Sam, tmp_path: Path) -> None:
    state = released_state(sam.state_dict(), sam.config)
    del state[name]
    torch.save(state, tmp_path / "short.pt")
    with pytest.raises(CheckpointError, match=f"short.pt: the tensor {name} is missing"):
        read_official(tmp_path / "short.pt")


def test_a_pickle_that_would_run_code_is_refused_unrun(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    torch.save({"image_encoder.head.bias": Trap()}, tmp_path / "trap.pt")
    with pytest.raises(CheckpointError, match=r"trap.pt: not a PyTorch file of plain tensors"):
        read_official(tmp_path / "trap.pt")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a checkpoint at all", b"hello\n", b"\x80\x04junk", b"PK\x03\x04" + b"0" * 100],
    ids=["empty", "text", "a word", "pickle", "zip"],
)
def test_a_file_that_is_no_checkpoint_is_named_in_a_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "junk.pt").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"junk.pt: not a PyTorch file of plain tensors \([\w ]+\)\.") as it:
        read_official(tmp_path / "junk.pt")
    assert "\n" not in str(it.value)


def test_what_is_no_tensor_is_named_and_no_way_round_is_shown(tmp_path: Path) -> None:
    torch.save({"metric": np.float64(0.9)}, tmp_path / "more.pt")
    with pytest.raises(
        CheckpointError, match=r"GLOBAL numpy\S+scalar was not an allowed .*its network's state dict"
    ) as it:
        read_official(tmp_path / "more.pt")
    assert "weights_only" not in str(it.value)


@pytest.mark.parametrize("content", [{}, {1: torch.zeros(1)}, {"epoch": 3}, [torch.zeros(1)]], ids=str)
def test_a_file_without_a_state_dict_is_named(content: object, tmp_path: Path) -> None:
    torch.save(content, tmp_path / "odd.pt")
    with pytest.raises(CheckpointError, match=r"odd.pt: (holds no state dict of tensors|the tensor .* is missing)"):
        read_official(tmp_path / "odd.pt")


def test_tensors_that_do_not_fit_together_are_refused(sam: Sam, tmp_path: Path) -> None:
    state = released_state(sam.state_dict(), sam.config)
    state["mask_decoder.iou_token.weight"] = torch.zeros(1, 7)
    torch.save(state, tmp_path / "odd.pt")
    with pytest.raises(CheckpointError, match=r"odd.pt: its tensors' shapes do not fit together"):
        read_official(tmp_path / "odd.pt")
