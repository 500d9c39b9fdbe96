"""How good masks get, click by click: the field's figures for interactive segmentation (NoC, mIoU), and the rules that
decide what is made of the network's four masks.

NoC@90 is the mean number of clicks until a mask's IoU with the truth is at least 0.90; an object that never gets there
counts MAX_CLICKS, and as a failure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch

from sam.click_rule import ALL_TOKENS, AMBIGUOUS, Logits, Question, choose, image_extent, obeying, on_grid
from sam.clicker import Click, next_click
from sam.datasets import Photo, Target
from sam.errors import InputError
from sam.frame import Frame
from sam.predictor import device_of, encode, full_size_masks, mask_tensors, point_tensors
from sam.sam import Sam

MAX_CLICKS = 20
TARGETS = (0.85, 0.90)  # IoUs of NoC@85 and NoC@90
AFTER_CLICKS = (1, 3, 5)  # where mIoU is taken

Bitmap = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]


class Answer(NamedTuple):
    """All that the network says to one prompt, in token order: 0 is the single mask, 1 to 3 the ambiguous three."""

    logits: Logits  # (4,256,256)
    ious: npt.NDArray[np.float32]  # (4,), predicted


class Segmenter(Protocol):
    """What is evaluated. The seam for tests."""

    def set_image(self, rgb: Pixels) -> None:
        """Take up an image (H,W,3); called once for all its objects and rules."""

    def answer(self, clicks: Sequence[Click], box: npt.ArrayLike | None, prior: Logits | None) -> Answer:
        """Clicks and a box (XYXY, pixels), either may be lacking; prior: one of the logits of the answer before."""

    def question(self, answer: Answer, clicks: Sequence[Click], previous: Logits | None) -> Question:
        """What a rule may know: the answer to these clicks, and the logits that were taken before the last of them."""

    def mask(self, logits: Logits) -> Bitmap:
        """Logits (256,256) -> the mask (H,W) of the image."""


class SamSegmenter:
    """Segment Anything as it is served: the same prompts, the same way from logits to masks."""

    def __init__(self, sam: Sam) -> None:
        self._sam = sam
        self._embedding: tuple[torch.Tensor, Frame] | None = None

    def set_image(self, rgb: Pixels) -> None:
        frame = Frame(rgb.shape[0], rgb.shape[1], self._sam.config.input_side)
        self._embedding = encode(self._sam, [rgb]), frame  # (1,256,64,64)

    @torch.inference_mode()
    def answer(self, clicks: Sequence[Click], box: npt.ArrayLike | None, prior: Logits | None) -> Answer:
        embedding, frame = self._current()
        points = [click.point for click in clicks] or None
        labels = [int(click.foreground) for click in clicks] or None
        coords, point_labels = point_tensors(frame, points, labels, box)
        mask, has_mask = mask_tensors(prior, self._sam.config.decoder.mask_size)
        prompt = [tensor.to(device_of(self._sam)) for tensor in (coords, point_labels, mask, has_mask)]
        logits, ious = self._sam.decode(embedding, *prompt)  # (1,4,256,256), (1,4)
        return Answer(logits[0].float().cpu().numpy(), ious[0].float().cpu().numpy())

    def question(self, answer: Answer, clicks: Sequence[Click], previous: Logits | None) -> Question:
        (_, frame), side = self._current(), answer.logits.shape[-1]
        on_the_grid = [on_grid(click, frame, side) for click in clicks]
        return Question(answer.logits, answer.ious, on_the_grid, not clicks, previous, image_extent(frame, side))

    def mask(self, logits: Logits) -> Bitmap:
        mask: Bitmap = full_size_masks(torch.from_numpy(logits[None]), self._current()[1])[0]
        return mask

    def _current(self) -> tuple[torch.Tensor, Frame]:
        if self._embedding is None:
            raise InputError("no image: call set_image first")
        return self._embedding


class Rule(Protocol):
    """Decides, without looking at the truth, what is made of the masks and what the next prompt is told of it."""

    @property
    def name(self) -> str: ...

    @property
    def summary(self) -> str:
        """What it does, in one line."""

    def decide(self, question: Question) -> Logits:
        """The mask that is taken, (256,256); no clicks means that the prompt was a box."""

    def prior(self, previous: Logits) -> Logits | None:
        """The mask prompt of the next click, given the logits that were taken last."""


@dataclass(frozen=True)
class TokenRule:
    """The best predicted IoU among some tokens: those for a lone click, which is ambiguous, and those for the rest."""

    name: str
    summary: str
    lone_click: tuple[int, ...]
    otherwise: tuple[int, ...]
    with_prior: bool

    def decide(self, question: Question) -> Logits:
        tokens = self.lone_click if len(question.clicks) == 1 else self.otherwise
        best: Logits = question.logits[max(tokens, key=lambda token: question.ious[token])]
        return best

    def prior(self, previous: Logits) -> Logits | None:
        return previous if self.with_prior else None


@dataclass(frozen=True)
class ClickRule:
    """`sam.click_rule`: what the editor does. `chooses`, `obeys`: either half of it can be left out, to be measured."""

    name: str
    summary: str
    chooses: bool = True
    obeys: bool = True

    def decide(self, question: Question) -> Logits:
        alone = question if self.chooses else question._replace(previous=None)  # nothing to compare the masks with
        taken: Logits = question.logits[choose(alone)]
        return obeying(taken, question) if self.obeys else taken

    def prior(self, previous: Logits) -> Logits | None:
        return previous


SINGLE_TOKEN = (0,)

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        ClickRule("explained", "click 2: the mask that explains it; later: token 0; masks obey the clicks"),
        ClickRule("chosen", "as explained, but masks need not obey the clicks", obeys=False),
        ClickRule("obeying", "as paper, but masks obey the clicks", chooses=False),
        TokenRule(
            "paper", "one click: best of the three; more: token 0; previous logits", AMBIGUOUS, SINGLE_TOKEN, True
        ),
        TokenRule("no_prior", "as paper, without the previous logits", AMBIGUOUS, SINGLE_TOKEN, False),
        TokenRule("best_predicted", "always the best of all four; previous logits", ALL_TOKENS, ALL_TOKENS, True),
        TokenRule("best_no_prior", "as best_predicted, without the previous logits", ALL_TOKENS, ALL_TOKENS, False),
    )
}
DEFAULT_RULE = "explained"


@dataclass(frozen=True)
class Curve:
    """How one object went. `ious[k]` is the IoU after k+1 clicks.

    It ends when every figure is known: at the highest target, but not before the last of AFTER_CLICKS; or when nothing
    is left to click.
    """

    image: str
    target: str
    clicks: tuple[Click, ...]
    ious: tuple[float, ...]
    box_iou: float

    def reached_after(self, target: float) -> int | None:
        """Clicks until the IoU was `target` for the first time, or None."""
        return next((clicks for clicks, iou in enumerate(self.ious, 1) if iou >= target), None)

    def iou_after(self, clicks: int) -> float:
        return self.ious[min(clicks, len(self.ious)) - 1]


@dataclass(frozen=True)
class Figures:
    """Means over all objects; `noc` and `failures` by target, `miou` by number of clicks."""

    objects: int
    noc: dict[float, float]
    failures: dict[float, int]
    miou: dict[int, float]
    box_miou: float


def evaluate(photos: Sequence[Photo], segmenter: Segmenter, rules: Sequence[Rule]) -> Iterator[dict[str, list[Curve]]]:
    """Yields, photo by photo, the curves of its objects by the rules' names. Objects without a pixel are left out."""
    for photo in photos:
        pixels = photo.pixels()
        height, width = pixels.shape[:2]
        segmenter.set_image(pixels)
        truths = [(target, target.bitmap((height, width))) for target in photo.targets]
        yield {
            rule.name: [_curve(segmenter, rule, photo, target, truth) for target, truth in truths if truth.any()]
            for rule in rules
        }


def figures(curves: Sequence[Curve]) -> Figures:
    """Raises InputError where there are no curves: a mean of nothing is nothing."""
    if not curves:
        raise InputError("no objects to evaluate: all their masks are empty")
    reached = {target: [curve.reached_after(target) for curve in curves] for target in TARGETS}
    return Figures(
        objects=len(curves),
        noc={target: float(np.mean([clicks or MAX_CLICKS for clicks in all_])) for target, all_ in reached.items()},
        failures={target: all_.count(None) for target, all_ in reached.items()},
        miou={clicks: float(np.mean([curve.iou_after(clicks) for curve in curves])) for clicks in AFTER_CLICKS},
        box_miou=float(np.mean([curve.box_iou for curve in curves])),
    )


def share_reached(curves: Sequence[Curve], target: float) -> list[float]:
    """Share of the objects that have reached `target` after 1 to MAX_CLICKS clicks, never falling."""
    reached = [curve.reached_after(target) or MAX_CLICKS + 1 for curve in curves]
    return [sum(clicks <= most for clicks in reached) / len(curves) for most in range(1, MAX_CLICKS + 1)]


def iou(truth: Bitmap, mask: Bitmap) -> float:
    """Intersection over union of two masks (H,W), the first not empty."""
    return float((truth & mask).sum() / (truth | mask).sum())


def _curve(segmenter: Segmenter, rule: Rule, photo: Photo, target: Target, truth: Bitmap) -> Curve:
    clicks, ious = _click_through(segmenter, rule, truth)
    question = segmenter.question(segmenter.answer((), _box(truth), None), (), None)
    boxed = segmenter.mask(rule.decide(question))
    return Curve(photo.path.name, target.name, tuple(clicks), tuple(ious), iou(truth, boxed))


def _click_through(segmenter: Segmenter, rule: Rule, truth: Bitmap) -> tuple[list[Click], list[float]]:
    clicks: list[Click] = []
    ious: list[float] = []
    mask, taken, prior = np.zeros_like(truth), None, None
    while not _is_known(ious) and (click := next_click(truth, mask, clicks)):
        clicks.append(click)
        answer = segmenter.answer(clicks, None, prior)
        taken = rule.decide(segmenter.question(answer, clicks, taken))
        mask, prior = segmenter.mask(taken), rule.prior(taken)
        ious.append(iou(truth, mask))
    return clicks, ious


def _is_known(ious: Sequence[float]) -> bool:
    return len(ious) >= MAX_CLICKS or (len(ious) >= max(AFTER_CLICKS) and max(ious) >= max(TARGETS))


def _box(truth: Bitmap) -> tuple[int, int, int, int]:
    """The tight box, XYXY with continuous coordinates: its edges are pixels' outer edges."""
    rows, columns = np.flatnonzero(truth.any(1)), np.flatnonzero(truth.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
