"""The ViT encoder beside the paper's authors' own, with the same random weights: theirs, read as a released file."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from sam import image_encoder_vit
from sam.checkpoints import load_checkpoint, recognise, save_checkpoint
from sam.config import ARCHITECTURES, SamConfig, ViTConfig
from sam.errors import CheckpointError, InputError
from sam.image_encoder_vit import ViT, offset_index
from sam.official import from_official, read_official
from sam.sam import Sam
from tests.support.peer_sam import peer, random_peer

BASE, LARGE, HUGE = (ARCHITECTURES[f"sam_vit_{size}"].encoder for size in "blh")
QUARTER = 256  # a side that keeps all there is to get wrong: windows cut off at the border, global blocks
TOLERANCE = 1e-4  # of the largest value

RELEASED = {
    "base, whole": BASE,
    "large, 2 blocks": replace(LARGE, image_size=QUARTER, depth=2, global_blocks=(1,)),
    "huge, 2 blocks": replace(HUGE, image_size=QUARTER, depth=2, global_blocks=(1,)),
    "full input, narrow": ViTConfig(dim=32, depth=3, heads=2, global_blocks=(1,)),
}
SMALL = ViTConfig(image_size=256, dim=32, depth=3, heads=2, global_blocks=(1,))


def ours(theirs: nn.Module, config: ViTConfig) -> ViT:
    """Our encoder with the peer's weights."""
    sam = Sam(SamConfig(config))
    sam.load_state_dict(from_official(theirs.state_dict(), "the peer"))
    encoder = sam.eval().image_encoder
    assert isinstance(encoder, ViT)
    return encoder


def random_images(count: int, config: ViTConfig) -> Tensor:
    return torch.randn(count, 3, config.image_size, config.image_size, generator=torch.Generator().manual_seed(2))


def difference(actual: Tensor, expected: Tensor) -> float:
    """The largest one, relative to the largest value."""
    return float((actual - expected).abs().max() / expected.abs().max())


@pytest.fixture(scope="module")
def small() -> ViT:
    return ours(random_peer(SMALL, seed=1), SMALL)


@pytest.mark.parametrize("config", RELEASED.values(), ids=RELEASED.keys())
def test_encoder_gives_the_peers_embedding(config: ViTConfig) -> None:
    theirs = random_peer(config, seed=1)
    images = random_images(1, config)
    with torch.inference_mode():
        expected = theirs.image_encoder(images)
        actual = ours(theirs, config)(images)
    assert actual.shape == (1, 256, config.grid_size, config.grid_size)
    assert actual.is_contiguous()
    assert expected.std() > 0.1
    assert difference(actual, expected) <= TOLERANCE


def test_relative_positions_count_in_windows_and_globally(small: ViT) -> None:
    images = random_images(1, SMALL)
    with torch.inference_mode():
        whole = small(images)
        for block in small.blocks[:2]:
            for table in (block.attention.row_offsets, block.attention.column_offsets):
                kept = table.clone()
                table.zero_()
                assert difference(small(images), whole) > 100 * TOLERANCE
                table.copy_(kept)


def test_a_batch_is_encoded_as_one_by_one(small: ViT) -> None:
    images = random_images(3, SMALL)
    with torch.inference_mode():
        together = small(images)
        for i in range(3):
            assert difference(together[i : i + 1], small(images[i : i + 1])) <= TOLERANCE


def test_heads_one_by_one_attend_as_all_at_once(small: ViT, monkeypatch: pytest.MonkeyPatch) -> None:
    images = random_images(2, SMALL)
    cells = torch.zeros(2, 16 * 16, SMALL.dim)
    assert image_encoder_vit.heads_at_once(cells) >= SMALL.heads
    with torch.inference_mode():
        together = small(images)
        monkeypatch.setattr(image_encoder_vit, "BIAS_NUMBERS", 1)
        assert image_encoder_vit.heads_at_once(cells) == 1
        assert torch.equal(small(images), together)


def test_all_of_it_compiles(small: ViT) -> None:
    images = random_images(1, SMALL)
    compiled = torch.compile(small, fullgraph=True, backend="eager")
    with torch.inference_mode():
        assert torch.equal(compiled(images), small(images))


@pytest.mark.parametrize("gradients", [False, True])
def test_bfloat16_autocast_gives_nearly_the_same_embedding(small: ViT, gradients: bool) -> None:
    images = random_images(1, SMALL)
    with torch.set_grad_enabled(gradients):
        whole = small(images).detach()
        with torch.autocast("cpu", torch.bfloat16):
            rounded = small(images).detach().float()
    assert 0 < difference(rounded, whole) < 0.1


def test_every_weight_can_learn() -> None:
    encoder = ours(random_peer(SMALL, seed=1), SMALL)
    encoder(random_images(1, SMALL)).square().sum().backward()
    assert [name for name, parameter in encoder.named_parameters() if parameter.grad is None] == []


def test_images_of_another_size_are_refused(small: ViT) -> None:
    with pytest.raises(InputError, match=r"wants \(B,3,256,256\), got \(1, 3, 255, 256\)"):
        small(torch.zeros(1, 3, 255, 256))


def test_offsets_are_signed_and_counted_from_the_most_negative() -> None:
    assert offset_index(3).tolist() == [[2, 1, 0], [3, 2, 1], [4, 3, 2]]


@pytest.mark.parametrize("size", ["b", "l", "h"])
def test_a_released_network_is_recognised_by_its_shapes(size: str) -> None:
    with torch.device("meta"):  # shapes are all that is asked for, and ViT-H weighs 2.5 GB
        released = peer().sam_model_registry[f"vit_{size}"]().state_dict()
    assert recognise(from_official(released, "the peer"), "the peer") == f"sam_vit_{size}"


def test_mobile_sam_is_recognised_by_its_shapes() -> None:
    assert recognise(Sam(ARCHITECTURES["mobile_sam"]).state_dict(), "a test") == "mobile_sam"


def test_tensors_of_no_architecture_are_refused(small: ViT) -> None:
    with pytest.raises(CheckpointError, match=r"^some.pth: .* none of the known .*mobile_sam, lite_medsam, sam_vit_b"):
        recognise(small.state_dict(), "some.pth")


def test_a_released_file_becomes_a_checkpoint_of_ours(tmp_path: Path) -> None:
    released = random_peer(BASE, seed=3)
    torch.save(released.state_dict(), tmp_path / "sam_vit_b.pth")
    state = read_official(tmp_path / "sam_vit_b.pth")
    save_checkpoint(state, tmp_path / "own.safetensors", recognise(state, "sam_vit_b.pth"), source="a test")
    loaded = load_checkpoint(tmp_path / "own.safetensors")
    assert loaded.config == ARCHITECTURES["sam_vit_b"]
    position = released.state_dict()["image_encoder.pos_embed"]
    assert torch.equal(loaded.state_dict()["image_encoder.position"], position)
