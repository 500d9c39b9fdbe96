"""Pixels -> the numbers that a network was trained on, one function a kind."""

import torch
from torch import Tensor
from torch.nn import functional

from sam.config import MeanStd, MinMax, SamConfig


def normalise(pixels: Tensor, config: SamConfig) -> Tensor:
    """RGB (3,h,w) in 0-255, already resized -> (3,S,S) float32, S = `input_side`, zeros right and below.

    The padding comes after the normalisation, so zero is what the network takes it for: the mean colour, or the least
    value.
    """
    height, width = pixels.shape[-2:]
    side = config.input_side
    return functional.pad(scale(pixels, config.normalisation), (0, side - width, 0, side - height))


def scale(pixels: Tensor, normalisation: MeanStd | MinMax) -> Tensor:
    """(3,h,w) -> the same, float32, as a configuration says."""
    match normalisation:
        case MeanStd():
            return by_mean_and_std(pixels, normalisation)
        case MinMax():
            return by_min_and_max(pixels)


def by_mean_and_std(pixels: Tensor, of: MeanStd) -> Tensor:
    """(3,h,w) -> the same, float32: each channel less its mean, over its standard deviation."""
    mean, std = (torch.tensor(values)[:, None, None] for values in (of.mean, of.std))
    return (pixels - mean) / std


def by_min_and_max(pixels: Tensor) -> Tensor:
    """(3,h,w) -> the same, float32, in 0-1. All channels share one scale; an image of one value becomes zeros."""
    pixels = pixels.float()
    least, greatest = pixels.aminmax()
    return (pixels - least) / (greatest - least).clamp(min=1e-8)
