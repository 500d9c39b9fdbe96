"""Masks as prompts of the model: against NumPy, and back to the image by PyTorch's own resizing."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import ndimage
from skimage import data
from torch.nn.functional import interpolate

from tests.geometry.conftest import Bitmap, Browser


def logits_of(algebra: Browser, mask: Bitmap, crop: tuple[int, int, int, int], input_side: int) -> NDArray[np.float32]:
    """The mask prompt (256, 256) of a part XYWH of the image."""
    logits = algebra.ask("logits", mask.shape, mask, crop=crop, inputSide=input_side)
    return np.reshape(np.asarray(logits, np.float32), (256, 256))


def back_to_image(logits: NDArray[np.float32], height: int, width: int, input_side: int) -> Bitmap:
    """The official way from logits (256, 256) to the mask (height, width) of what the model saw."""
    rows, columns = (int(side * input_side / max(height, width) + 0.5) for side in (height, width))
    large = interpolate(torch.from_numpy(logits)[None, None], (input_side, input_side), mode="bilinear")
    full = interpolate(large[..., :rows, :columns], (height, width), mode="bilinear")
    return np.asarray((full[0, 0] > 0).numpy())


def coin() -> Bitmap:
    """The largest of the coins, cut out of the photo by its brightness, with the dents of its rim."""
    labels, _ = ndimage.label(ndimage.binary_fill_holes(data.coins() > 130))
    return np.asarray(labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1)


@pytest.mark.parametrize("cell", [2, 4])
def test_a_cell_has_its_share_of_mask(algebra: Browser, cell: int) -> None:
    side = 256 * cell  # of an image that the grid covers by so many pixels a cell
    image = np.zeros((side * 3 // 4, side), np.bool_)
    image[:328, -400:] = ~data.horse()
    logits = logits_of(algebra, image, (0, 0, side, image.shape[0]), 1024)
    share = image.reshape(192, cell, 256, cell).mean(axis=(1, 3))
    np.testing.assert_allclose(logits[:192], 20 * share - 10, atol=1e-5)
    assert (logits[192:] == -10).all()


@pytest.mark.parametrize("input_side", [1024, 256])
@pytest.mark.parametrize("enlarged", [1, 3])
@pytest.mark.parametrize("shape", ["horse", "coin"])
def test_a_real_outline_comes_back(algebra: Browser, shape: str, enlarged: int, input_side: int) -> None:
    mask = np.kron(coin() if shape == "coin" else ~data.horse(), np.ones((enlarged, enlarged), np.bool_))
    height, width = mask.shape
    logits = logits_of(algebra, mask, (0, 0, width, height), input_side)
    back = back_to_image(logits, height, width, input_side)
    assert (back & mask).sum() / (back | mask).sum() > 0.95


def test_a_crop_brings_its_part_back_more_exactly(algebra: Browser) -> None:
    mask = np.kron(~data.horse(), np.ones((4, 4), np.bool_))
    x, y, width, height = crop = (800, 200, 656, 656)
    part = mask[y : y + height, x : x + width]
    whole = back_to_image(logits_of(algebra, mask, (0, 0, 1600, 1312), 1024), 1312, 1600, 1024)
    close = back_to_image(logits_of(algebra, mask, crop, 1024), height, width, 1024)
    wrong_from_afar = (whole[y : y + height, x : x + width] ^ part).sum()
    assert 0 < (close ^ part).sum() < wrong_from_afar / 2
