"""What training minimises (Kirillov et al. 2023, appendix A): focal and dice on the best mask, MSE on predicted IoUs.

Everything is counted on the grid of the logits, and only on `valid` cells, those that hold image: what the network
says about the padding costs nothing. Shapes: logits (B,M,S,S); target (B,S,S) of zeros and ones; valid (S,S).
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from sam.sam import MASK_THRESHOLD

FOCAL_WEIGHT = 20.0  # focal : dice = 20 : 1
FOCAL_ALPHA = 0.25  # share of the foreground
FOCAL_GAMMA = 2.0  # how much less a cell counts that is right already
DICE_SMOOTHING = 1.0  # in cells: keeps the ratio finite where both masks are empty


class Losses(NamedTuple):
    """Of each of B objects, (B,): `total` is what to minimise, the rest is to be watched."""

    total: Tensor
    focal: Tensor  # of the mask with the lowest loss, not yet weighted
    dice: Tensor
    iou: Tensor  # mean squared error of the predicted IoUs


def segmentation_losses(
    logits: Tensor, predicted_ious: Tensor, target: Tensor, valid: Tensor, candidates: Tensor
) -> Losses:
    """Only the candidate with the lowest mask loss learns its mask; every candidate learns how good it is.

    predicted_ious (B,M); candidates (B,M) bool, at least one in each row: the masks that answer this prompt.
    """
    focal, dice = focal_loss(logits, target, valid), dice_loss(logits, target, valid)  # (B,M)
    mask_loss = (FOCAL_WEIGHT * focal + dice).masked_fill(~candidates, torch.inf)
    lowest, best = mask_loss.min(dim=1)  # (B,)
    error = (predicted_ious - mask_ious(logits, target, valid)).square()  # (B,M)
    iou = (error * candidates).sum(dim=1) / candidates.sum(dim=1)  # (B,)
    return Losses(lowest + iou, of_mask(focal, best), of_mask(dice, best), iou)


def focal_loss(logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """Cross-entropy that looks away from what is right already (Lin et al. 2017), mean of the valid cells: (B,M)."""
    wanted = target[:, None].to(logits.dtype).expand_as(logits)  # (B,M,S,S)
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    wrongness = -torch.expm1(-cross_entropy)  # 1 - p of the right answer
    alpha = FOCAL_ALPHA * wanted + (1 - FOCAL_ALPHA) * (1 - wanted)
    loss = alpha * wrongness**FOCAL_GAMMA * cross_entropy * valid  # (B,M,S,S)
    return loss.sum(dim=(-2, -1)) / valid.sum()


def dice_loss(logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """One minus the overlap of the two masks, soft where the network is unsure (Milletari et al. 2016): (B,M)."""
    inside = logits.sigmoid() * valid  # (B,M,S,S)
    wanted = (target * valid)[:, None].to(logits.dtype)  # (B,1,S,S)
    overlap = (inside * wanted).sum(dim=(-2, -1))
    areas = inside.sum(dim=(-2, -1)) + wanted.sum(dim=(-2, -1))
    return 1 - (2 * overlap + DICE_SMOOTHING) / (areas + DICE_SMOOTHING)


@torch.no_grad()
def mask_ious(logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """IoU of each mask, cut at the threshold, with the target: (B,M); 0 where both are empty. No gradient."""
    inside = (logits > MASK_THRESHOLD) & valid.bool()  # (B,M,S,S)
    wanted = (target.bool() & valid.bool())[:, None]  # (B,1,S,S)
    union = (inside | wanted).sum(dim=(-2, -1))
    return ((inside & wanted).sum(dim=(-2, -1)) / union.clamp(min=1)).to(logits.dtype)


def of_mask(values: Tensor, index: Tensor) -> Tensor:
    """values (B,M,...), index (B,) -> the value of one mask of each object: (B,...)."""
    return values[torch.arange(len(index), device=index.device), index]
