"""An image's pixels -> the square of numbers that a network was trained on. NumPy and Pillow alone: no torch."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from sam.config import MeanStd, MinMax, SamConfig
from sam.errors import InputError
from sam.frame import Frame

Pixels = npt.NDArray[np.uint8]
Input = npt.NDArray[np.float32]


def prepare(rgb: Pixels, config: SamConfig) -> Input:
    """RGB (H,W,3) uint8, orientation applied -> the network's input (3,S,S) float32, S = `input_side`.

    The padding, right and below, comes after the normalisation, so its zeros are what the network takes them for: the
    mean colour, or the least value.
    """
    if rgb.shape[2:] != (3,) or rgb.dtype != np.uint8:
        raise InputError(f"an image must be RGB uint8 of shape (H,W,3), got {rgb.dtype} {rgb.shape}: convert it first")
    side = config.input_side
    height, width = Frame(rgb.shape[0], rgb.shape[1], side).resized
    resized = Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR)  # Pillow antialiases
    prepared = np.zeros((3, side, side), np.float32)
    prepared[:, :height, :width] = scale(np.asarray(resized).transpose(2, 0, 1), config.normalisation)
    return prepared


def scale(pixels: Pixels, normalisation: MeanStd | MinMax) -> Input:
    """(3,h,w) -> the same, float32, as a configuration says."""
    match normalisation:
        case MeanStd():
            return by_mean_and_std(pixels, normalisation)
        case MinMax():
            return by_min_and_max(pixels)


def by_mean_and_std(pixels: Pixels, of: MeanStd) -> Input:
    """(3,h,w) -> the same, float32: each channel less its mean, over its standard deviation."""
    mean, std = (np.array(values, np.float32)[:, None, None] for values in (of.mean, of.std))
    return (pixels - mean) / std


def by_min_and_max(pixels: Pixels) -> Input:
    """(3,h,w) -> the same, float32, in 0-1. All channels share one scale; an image of one value becomes zeros."""
    values = pixels.astype(np.float32)
    values -= values.min()
    values /= max(values.max(), 1)
    return values
