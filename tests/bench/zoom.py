"""Masks of small things on a large photo: made in the crop that a person who zooms in sees, and in the whole image."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from maskloop.domain.crops import Box, Crop, Size, crop_for
from maskloop.settings import Settings
from sam.clicker import Click, next_click
from sam.evaluate import DEFAULT_RULE, RULES, SamSegmenter
from sam.sam import Sam
from sam.zoo import load
from tests.bench.report import Row
from tests.support.masks import Mask, boundary_iou, iou
from tests.support.scene import Scene, Thing, make_scene

CLICKS = (1, 3)
SEEN = 3.0
"""Sides of what a person sees who has zoomed in on a thing, in sides of its box."""
MEASURES: dict[str, Callable[[Mask, Mask], float]] = {"Boundary IoU": boundary_iou, "IoU": iou}


@dataclass(frozen=True)
class Pair:
    """The masks of one thing after each click, made in both ways; all (H,W) of the scene."""

    truth: Mask
    zoomed: list[Mask]
    whole: list[Mask]


def measure() -> list[Row]:
    """Medians over the things, by the rule that the editor has."""
    settings = Settings()
    pairs = make_pairs(load(settings.model, settings.weights_dir).sam, make_scene())
    return [_row(name, clicks, pairs) for clicks in CLICKS for name in MEASURES]


def make_pairs(network: Sam, scene: Scene) -> list[Pair]:
    whole, near = SamSegmenter(network), SamSegmenter(network)
    whole.set_image(scene.pixels)
    pairs = []
    for thing in scene.things:
        left, top, width, height = crop_around(thing, network.config.input_side)
        crop = np.s_[top : top + height, left : left + width]
        near.set_image(scene.pixels[crop])
        zoomed = [np.zeros_like(thing.mask) for _ in range(max(CLICKS))]
        for mask, part in zip(zoomed, click_through(near, thing.mask[crop]), strict=True):
            mask[crop] = part
        pairs.append(Pair(thing.mask, zoomed, click_through(whole, thing.mask)))
    return pairs


def crop_around(thing: Thing, input_side: int) -> Crop:
    """What the page asks for when it shows the thing and as much again on each side."""
    x0, y0, x1, y1 = thing.box
    across, down = (SEEN - 1) / 2 * (x1 - x0), (SEEN - 1) / 2 * (y1 - y0)
    height, width = thing.mask.shape
    crop = crop_for(Box(x0 - across, y0 - down, x1 + across, y1 + down), Size(width, height), input_side)
    if crop is None:
        raise ValueError(f"{thing.name} is too large to zoom in on")
    return crop


def click_through(segmenter: SamSegmenter, truth: Mask) -> list[Mask]:
    """The mask after each click; people click where it is most wrong."""
    rule, clicks, masks = RULES[DEFAULT_RULE], list[Click](), [np.zeros_like(truth)]
    taken, prior = None, None
    for _ in range(max(CLICKS)):
        if click := next_click(truth, masks[-1], clicks):
            clicks.append(click)
            taken = rule.decide(segmenter.question(segmenter.answer(clicks, None, prior), clicks, taken))
            prior = rule.prior(taken)
        masks.append(masks[-1] if taken is None else segmenter.mask(taken))
    return masks[1:]


def _row(name: str, clicks: int, pairs: list[Pair]) -> Row:
    score = MEASURES[name]
    return Row(
        what=f"{name} of small things after {clicks} click{'s'[: clicks > 1]}, zoomed in",
        unit="IoU",
        median=median(score(pair.truth, pair.zoomed[clicks - 1]) for pair in pairs),
        peer="in the whole image",
        peer_median=median(score(pair.truth, pair.whole[clicks - 1]) for pair in pairs),
        runs=len(pairs),
    )
