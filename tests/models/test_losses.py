"""The training losses: known values, gradients, which mask learns, and what does not count."""

import math

import pytest
import torch
from torch import Tensor

from sam.losses import Losses, dice_loss, focal_loss, mask_ious, segmentation_losses

SIDE = 8
SURE = 30.0  # a logit that leaves no doubt
EVERYWHERE = torch.ones(SIDE, SIDE, dtype=torch.bool)


def left_half() -> Tensor:
    """A target (1,S,S)."""
    target = torch.zeros(1, SIDE, SIDE, dtype=torch.bool)
    target[:, :, : SIDE // 2] = True
    return target


def saying(mask: Tensor) -> Tensor:
    """Logits (1,1,S,S) that are sure of a mask (1,S,S)."""
    return torch.where(mask, SURE, -SURE)[:, None]


def test_a_perfect_mask_costs_nothing() -> None:
    target = left_half()
    assert focal_loss(saying(target), target, EVERYWHERE).item() == pytest.approx(0, abs=1e-12)
    assert dice_loss(saying(target), target, EVERYWHERE).item() == pytest.approx(0, abs=1e-6)
    assert mask_ious(saying(target), target, EVERYWHERE).item() == 1


def test_a_mask_that_is_all_wrong_costs_its_certainty_and_the_whole_dice() -> None:
    target = left_half()
    # Half of the cells at alpha 0.25, half at 0.75, and the cross-entropy of a sure mistake is its logit.
    assert focal_loss(saying(~target), target, EVERYWHERE).item() == pytest.approx(SURE / 2)
    assert dice_loss(saying(~target), target, EVERYWHERE).item() == pytest.approx(1 - 1 / (SIDE**2 + 1))
    assert mask_ious(saying(~target), target, EVERYWHERE).item() == 0


def test_a_network_that_knows_nothing_costs_a_quarter_of_log_two_at_each_cell() -> None:
    target, unsure = left_half(), torch.zeros(1, 1, SIDE, SIDE)
    assert focal_loss(unsure, target, EVERYWHERE).item() == pytest.approx(0.5 * 0.25 * math.log(2))
    assert dice_loss(unsure, target, EVERYWHERE).item() == pytest.approx(1 - 33 / 65)  # overlap 16 of areas 32 + 32


@pytest.mark.parametrize("loss", [focal_loss, dice_loss])
def test_the_gradient_is_that_of_the_loss(loss) -> None:  # type: ignore[no-untyped-def]
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, SIDE, SIDE, generator=random, dtype=torch.float64, requires_grad=True)
    target = torch.rand(2, SIDE, SIDE, generator=random) > 0.5
    valid = EVERYWHERE.clone()
    valid[:, -2:] = False
    assert torch.autograd.gradcheck(lambda x: loss(x, target, valid), logits)


def test_the_gradient_of_all_losses_together_is_theirs() -> None:
    random = torch.Generator().manual_seed(1)
    logits = torch.randn(2, 4, SIDE, SIDE, generator=random, dtype=torch.float64, requires_grad=True)
    ious = torch.rand(2, 4, generator=random, dtype=torch.float64, requires_grad=True)
    target = torch.rand(2, SIDE, SIDE, generator=random) > 0.5
    candidates = torch.tensor([[False, True, True, True], [True, False, False, False]])
    total = lambda x, y: segmentation_losses(x, y, target, EVERYWHERE, candidates).total  # noqa: E731
    assert torch.autograd.gradcheck(total, (logits, ious))


def four_answers(ious: list[float]) -> tuple[Tensor, Tensor, Losses]:
    """Token 0 perfect, 1 and 3 all wrong, 2 nearly right; what it costs an ambiguous prompt."""
    target = left_half()
    nearly = target.clone()
    nearly[0, 0, 0] = False
    logits = torch.cat([saying(mask) for mask in (target, ~target, nearly, ~target)], dim=1).requires_grad_()
    predicted = torch.tensor([ious], requires_grad=True)
    ambiguous = torch.tensor([[False, True, True, True]])
    return logits, predicted, segmentation_losses(logits, predicted, target, EVERYWHERE, ambiguous)


def test_only_the_candidate_with_the_lowest_loss_learns_its_mask() -> None:
    logits, _, losses = four_answers([0.0, 0.0, 0.0, 0.0])
    losses.total.sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert logits.grad[0].abs().sum(dim=(1, 2)).gt(0).tolist() == [False, False, True, False]
    assert losses.focal.item() == pytest.approx(0.25 * SURE / SIDE**2)


def test_the_mask_loss_is_twenty_parts_focal_to_one_part_dice() -> None:
    _, _, losses = four_answers([0.5, 0.0, 31 / 32, 0.0])
    assert losses.iou.item() == pytest.approx(0, abs=1e-12)
    assert losses.total.item() == pytest.approx(20 * losses.focal.item() + losses.dice.item())


def test_every_candidate_learns_how_good_it_is() -> None:
    _, predicted, losses = four_answers([0.9, 0.3, 31 / 32 - 0.6, 0.0])
    assert losses.iou.item() == pytest.approx((0.3**2 + 0.6**2) / 3)
    losses.total.sum().backward()  # type: ignore[no-untyped-call]
    assert predicted.grad is not None
    assert predicted.grad[0].tolist() == pytest.approx([0, 2 * 0.3 / 3, -2 * 0.6 / 3, 0])


def test_what_is_said_about_the_padding_costs_nothing() -> None:
    target, random = left_half(), torch.Generator().manual_seed(2)
    valid = EVERYWHERE.clone()
    valid[5:] = False
    logits = torch.randn(1, 3, SIDE, SIDE, generator=random)
    ious, candidates = torch.rand(1, 3, generator=random), torch.ones(1, 3, dtype=torch.bool)
    other = torch.where(valid, logits, -logits.flip(-1) * 9).requires_grad_()
    plain = segmentation_losses(logits, ious, target, valid, candidates)
    disturbed = segmentation_losses(other, ious, target ^ ~valid, valid, candidates)
    assert all(torch.equal(one, two) for one, two in zip(plain, disturbed, strict=True))
    disturbed.total.sum().backward()  # type: ignore[no-untyped-call]
    assert other.grad is not None
    assert other.grad[..., 5:, :].abs().max() == 0


def test_losses_of_the_image_are_those_of_the_image_alone() -> None:
    """Means are over what is valid: padding does not thin them out."""
    target, random = left_half(), torch.Generator().manual_seed(3)
    logits = torch.randn(1, 2, SIDE, SIDE, generator=random)
    valid = EVERYWHERE.clone()
    valid[5:] = False
    for loss in (focal_loss, dice_loss, mask_ious):
        cropped = loss(logits[..., :5, :], target[:, :5], EVERYWHERE[:5])
        torch.testing.assert_close(loss(logits, target, valid), cropped)


def test_nothing_where_there_is_nothing_has_no_overlap_and_no_gradient_of_nan() -> None:
    target = torch.zeros(1, SIDE, SIDE, dtype=torch.bool)
    logits = torch.full((1, 1, SIDE, SIDE), -200.0, requires_grad=True)
    assert mask_ious(logits, target, EVERYWHERE).item() == 0
    (focal_loss(logits, target, EVERYWHERE) + dice_loss(logits, target, EVERYWHERE)).sum().backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
