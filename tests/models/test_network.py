"""Properties of the parts, on weights that need not be the real ones."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sam.errors import InputError
from sam.frame import Frame
from sam.fused import Conv2d, Linear
from sam.image_encoder_tinyvit import offset_index
from sam.layers import from_windows, to_windows
from sam.prompt_encoder import PointLabel
from sam.sam import Sam

SIDES = st.integers(1, 40_000)
INPUTS = st.sampled_from([256, 1024])


@given(SIDES, SIDES, INPUTS)
def test_the_long_side_fills_the_input_and_the_short_one_fits(height: int, width: int, side: int) -> None:
    resized = Frame(height, width, side).resized
    assert max(resized) == side
    assert min(resized) >= 1
    short, long = sorted((height, width))
    assert abs(min(resized) - short * side / long) <= max(0.5, 1 - short * side / long) + 1e-9


@given(SIDES, SIDES, INPUTS)
def test_corners_of_the_image_are_corners_of_what_it_fills(height: int, width: int, side: int) -> None:
    frame = Frame(height, width, side)
    rows, columns = frame.resized
    assert frame.to_input(0, 0) == (0, 0)
    assert frame.to_input(width, height) == pytest.approx((columns, rows))


def test_an_image_without_pixels_has_no_frame() -> None:
    with pytest.raises(InputError, match="at least one pixel, got 0 x 5"):
        Frame(0, 5, 1024)


@given(st.integers(1, 3), st.integers(1, 20), st.integers(1, 20), st.integers(1, 9))
def test_windows_put_together_again_are_the_map(batch: int, height: int, width: int, window: int) -> None:
    cells = torch.rand(batch, height, width, 2)
    windows = to_windows(cells, window)
    assert windows.shape == (batch * -(-height // window) * -(-width // window), window * window, 2)
    assert torch.equal(from_windows(windows, window, cells.shape), cells)


def test_pairs_of_cells_share_an_index_where_they_share_an_offset() -> None:
    index = offset_index(3)
    assert index[0].tolist() == list(range(9))  # from the corner, every offset occurs once
    assert torch.equal(index, index.T)
    assert index[4].tolist() == [4, 3, 4, 1, 0, 1, 4, 3, 4]


@pytest.mark.parametrize("gelu", [False, True])
@pytest.mark.parametrize("layer", ["linear", "convolution", "depthwise"])
def test_one_pass_gives_what_two_give(layer: str, gelu: bool) -> None:
    torch.manual_seed(0)
    module: torch.nn.Module
    match layer:
        case "linear":
            module, x = Linear(8, 16, gelu=gelu), torch.randn(2, 5, 8)
        case "convolution":
            module, x = Conv2d(8, 16, 3, stride=2, bias=False, gelu=gelu), torch.randn(2, 8, 9, 9)
        case _:
            module, x = Conv2d(8, 8, 3, groups=8, gelu=gelu), torch.randn(2, 8, 9, 9)
    plain = module(x)
    with torch.inference_mode():
        torch.testing.assert_close(module(x), plain.detach(), atol=1e-5, rtol=0)
    plain.sum().backward()  # and where gradients are wanted, they come
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_a_padding_point_says_the_same_wherever_it_is(sam: Sam) -> None:
    labels = torch.tensor([[float(PointLabel.PADDING)] * 2])
    with torch.inference_mode():
        here, there = sam.prompt_encoder.embed_points(torch.tensor([[[0.0, 0.0], [700.0, 30.0]]]), labels)[0]
    assert torch.equal(here, there)


@pytest.mark.parametrize("label", [label for label in PointLabel if label is not PointLabel.PADDING])
def test_each_label_and_place_has_an_embedding_of_its_own(label: PointLabel, sam: Sam) -> None:
    coords = torch.tensor([[[5.0, 5.0], [5.0, 5.0], [900.0, 5.0]]])
    labels = torch.tensor([[float(label), float((label + 1) % 4), float(label)]])
    with torch.inference_mode():
        this, other_label, other_place = sam.prompt_encoder.embed_points(coords, labels)[0]
    assert not torch.allclose(this, other_label)
    assert not torch.allclose(this, other_place)


def test_a_mask_is_not_looked_at_where_there_is_none(sam: Sam) -> None:
    masks = torch.stack([torch.full((1, 256, 256), 5.0), torch.full((1, 256, 256), float("nan"))])
    with torch.inference_mode():
        given_mask, absent = sam.prompt_encoder.embed_mask(masks, torch.tensor([1.0, 0.0]))
    assert torch.equal(absent, sam.prompt_encoder.no_mask_embedding[:, None, None].expand_as(absent))
    assert not torch.allclose(given_mask, absent)


def test_many_prompts_of_one_image_are_decoded_as_one_by_one(sam: Sam) -> None:
    random = torch.Generator().manual_seed(1)
    embedding = torch.randn(1, 256, 64, 64, generator=random) / 10
    coords = torch.rand(3, 2, 2, generator=random) * 1024
    labels = torch.tensor([[1.0, -1.0], [0.0, 1.0], [2.0, 3.0]])
    mask, has_mask = torch.randn(3, 1, 256, 256, generator=random), torch.tensor([0.0, 1.0, 1.0])
    with torch.inference_mode():
        logits, ious = sam.decode(embedding, coords, labels, mask, has_mask)
        assert (logits.shape, ious.shape) == ((3, 4, 256, 256), (3, 4))
        for i in range(3):
            one = slice(i, i + 1)
            alone = sam.decode(embedding, coords[one], labels[one], mask[one], has_mask[one])
            torch.testing.assert_close(logits[one], alone[0], atol=1e-3, rtol=0)
            torch.testing.assert_close(ious[one], alone[1], atol=1e-4, rtol=0)


def test_prompt_encoder_and_decoder_can_learn_from_a_fixed_embedding(sam: Sam) -> None:
    learner = Sam(sam.config)
    learner.load_state_dict(sam.state_dict())
    learner.image_encoder.requires_grad_(requires_grad=False)
    prompt = (torch.rand(1, 2, 2) * 1024, torch.tensor([[1.0, -1.0]]), torch.zeros(1, 1, 256, 256), torch.zeros(1))
    logits, ious = learner.decode(torch.rand(1, 256, 64, 64), *prompt)
    (logits.mean() + ious.sum()).backward()
    tuned = [*learner.prompt_encoder.named_parameters(), *learner.mask_decoder.named_parameters()]
    still = [name for name, parameter in tuned if parameter.grad is None]
    assert [name for name in still if not name.startswith("mask_downscaling.")] == []
