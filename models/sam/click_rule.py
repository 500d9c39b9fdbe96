"""Which of the network's four masks answers a sequence of clicks, and that the mask taken obeys them.

Nothing here knows the truth. Everything happens on the grid of the logits, whose cell (column, row) has its centre at
whole numbers; only the part of the grid that holds image counts. The editor has the same rule in TypeScript
(frontend/src/editor/clickRule.ts); tests/fixtures/click_rule.json holds both to the same answers.
docs/evaluation.md says what it brings, docs/decisions/0013 why it is as it is.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage  # type: ignore[import-untyped] # comes with scikit-image, without types

from sam.clicker import Click
from sam.frame import Frame
from sam.sam import MASK_THRESHOLD

SINGLE, AMBIGUOUS, ALL_TOKENS = 0, (1, 2, 3), (0, 1, 2, 3)

SINGLE_BONUS = 0.2  # of token 0, which knows that there are several clicks
CHOOSING_CLICK = 2  # chooses among the masks; after it, token 0 refines what was chosen best

MARGIN = 0.5  # by which the logit at a click is on the right side
SPREAD = 0.1  # of a correction: standard deviation, in sides of a square as large as the mask
MIN_SPREAD = 2.0  # cells
CORRECTIONS = 10  # at most; clicks that contradict each other within a cell or two stay unobeyed

Bitmap = npt.NDArray[np.bool_]
Logits = npt.NDArray[np.float32]


class GridClick(NamedTuple):
    """A click on the grid of the logits."""

    column: float
    row: float
    foreground: bool


class Question(NamedTuple):
    """What is known when the network has answered the last of some clicks."""

    logits: Logits  # (4,S,S), in token order: 0 is the single mask, 1 to 3 the ambiguous three
    ious: npt.NDArray[np.float32]  # (4,), predicted
    clicks: Sequence[GridClick]  # in the order in which they were given
    boxed: bool  # a box was given, too: it says which mask is meant
    previous: Logits | None  # (S,S), the mask that the last click corrects
    extent: tuple[int, int]  # rows and columns of the grid that hold image


def on_grid(click: Click, frame: Frame, side: int) -> GridClick:
    """A click on an image -> on a grid of `side` cells each way."""
    x, y = frame.to_input(*click.point)
    cell = frame.input_side / side
    return GridClick(x / cell - 0.5, y / cell - 0.5, click.foreground)


def image_extent(frame: Frame, side: int) -> tuple[int, int]:
    """Rows and columns of a grid of `side` cells each way that hold image."""
    height, width = frame.resized
    cell = frame.input_side / side
    return math.ceil(height / cell), math.ceil(width / cell)


def decide(question: Question) -> Logits:
    """The mask that answers the prompts: logits (S,S), to be shown and to be the next click's mask prompt."""
    return obeying(question.logits[choose(question)], question)


def choose(question: Question) -> int:
    """The token whose mask is taken.

    A lone click: the best predicted IoU of the ambiguous three. The second: the mask that explains it best and
    changes the previous mask least. Later, with a box, or where nothing was shown before: token 0.
    """
    if is_ambiguous(question):
        return max(AMBIGUOUS, key=lambda token: float(question.ious[token]))
    if question.boxed or question.previous is None or len(question.clicks) != CHOOSING_CLICK:
        return SINGLE
    rows, columns = question.extent
    masks = question.logits[:, :rows, :columns] > MASK_THRESHOLD
    previous = question.previous[:rows, :columns] > MASK_THRESHOLD
    scores = [explanation(mask, previous, question.clicks[-1]) + overlap(mask, previous) for mask in masks]
    scores[SINGLE] += SINGLE_BONUS
    return max(ALL_TOKENS, key=lambda token: scores[token])


def is_ambiguous(question: Question) -> bool:
    """A lone click may mean a whole, a part or a subpart; more clicks, or a box, say which."""
    return len(question.clicks) == 1 and not question.boxed


def explanation(mask: Bitmap, previous: Bitmap, click: GridClick) -> float:
    """How well `mask` (rows,columns) explains that someone who saw `previous` clicked there: 0 to 1.

    People click the middle of what is most wrong. Were `mask` what they want, then the click would be at the deepest
    cell of all that the two masks differ in; depth is the distance to the nearest cell that does not differ so.
    """
    missing, excess = depths(mask & ~previous), depths(previous & ~mask)
    corrected, other = (missing, excess) if click.foreground else (excess, missing)
    rows, columns = mask.shape
    row = min(max(math.floor(click.row + 0.5), 0), rows - 1)
    column = min(max(math.floor(click.column + 0.5), 0), columns - 1)
    deepest = max(corrected.max(), other.max())
    return float(corrected[row, column] / deepest) if deepest > 0 else 0.0


def depths(region: Bitmap) -> npt.NDArray[np.float64]:
    """Euclidean distance of each cell (rows,columns) to the nearest cell outside; beyond the edges all is outside."""
    distances: npt.NDArray[np.float64] = ndimage.distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]
    return distances


def overlap(one: Bitmap, other: Bitmap) -> float:
    """IoU of two masks, 0 where both are empty."""
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 0.0


def obeying(logits: Logits, question: Question) -> Logits:
    """Logits (S,S), raised or lowered around the clicks that they contradict until they do not.

    A lone click only chooses among masks; later, the masks must yield. A correction falls off as a Gaussian, so that
    what is nearly mask around a click (a leg, a twig) comes or goes with it.
    """
    spread = spread_of(logits, question.extent)
    weights = [] if is_ambiguous(question) else corrections(logits, question.clicks, spread)
    if not any(weights):
        return logits
    rows, columns = (np.arange(length) for length in logits.shape)
    total = logits.astype(np.float64)
    for click, weight in zip(question.clicks, weights, strict=True):
        total += weight * bell(rows - click.row, spread)[:, None] * bell(columns - click.column, spread)
    return total.astype(np.float32)


def corrections(logits: Logits, clicks: Sequence[GridClick], spread: float) -> list[float]:
    """The height of the Gaussian on each click.

    Always the worst contradiction is mended next, for one correction may mend several clicks, or break one.
    """
    if not clicks:
        return []
    signs = np.array([1.0 if click.foreground else -1.0 for click in clicks])
    places = np.array([(click.column, click.row) for click in clicks])
    values = np.array([value_at(logits, click) for click in clicks])
    effects = bell(np.linalg.norm(places[:, None] - places, axis=-1), spread)  # of a correction at one on the other
    weights = np.zeros(len(clicks))
    for _ in range(CORRECTIONS):
        lacking = MARGIN - signs * values
        worst = int(lacking.argmax())
        if lacking[worst] <= 0:
            break
        weights[worst] += signs[worst] * lacking[worst]
        values += signs[worst] * lacking[worst] * effects[worst]
    return weights.tolist()


def spread_of(logits: Logits, extent: tuple[int, int]) -> float:
    """Standard deviation of corrections, in cells: larger masks are corrected more widely."""
    rows, columns = extent
    return max(MIN_SPREAD, SPREAD * math.sqrt(int((logits[:rows, :columns] > MASK_THRESHOLD).sum())))


def bell(distance: npt.NDArray[np.floating], spread: float) -> npt.NDArray[np.floating]:
    """A Gaussian of height 1."""
    height: npt.NDArray[np.floating] = np.exp(-(distance**2) / (2 * spread**2))
    return height


def value_at(logits: Logits, click: GridClick) -> float:
    """Bilinear between the cells' centres, as logits are enlarged."""
    bottom_row, last_column = logits.shape[0] - 1, logits.shape[1] - 1
    x, y = min(max(click.column, 0.0), float(last_column)), min(max(click.row, 0.0), float(bottom_row))
    left, top = math.floor(x), math.floor(y)
    right, bottom, across, down = min(left + 1, last_column), min(top + 1, bottom_row), x - left, y - top
    upper = float(logits[top, left]) * (1 - across) + float(logits[top, right]) * across
    lower = float(logits[bottom, left]) * (1 - across) + float(logits[bottom, right]) * across
    return float(upper * (1 - down) + lower * down)
