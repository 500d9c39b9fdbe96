"""Which mask answers a sequence of clicks, and that it obeys them; the editor's rule is the same."""

import json
import runpy
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from sam.click_rule import GridClick, Question, choose, decide, depths, explanation, obeying, value_at

FIXTURES = Path(__file__).parents[2] / "frontend/src/editor/fixtures"
Floats = npt.NDArray[np.float32]


def disc(column: float, row: float, radius: float, side: int = 64) -> Floats:
    y, x = np.mgrid[:side, :side]
    return np.asarray(radius - np.hypot(x - column, y - row), np.float32)


def question(
    masks: list[Floats], clicks: list[GridClick], previous: Floats | None = None, *, boxed: bool = False
) -> Question:
    ious = np.array([0.5, 0.7, 0.9, 0.6], np.float32)
    return Question(np.stack(masks), ious, clicks, boxed, previous, (64, 64))


CUP, SAUCER, TABLE = disc(20, 20, 8), disc(24, 24, 16), disc(32, 32, 31)
ON_CUP = GridClick(20, 20, foreground=True)
MASKS = [TABLE, CUP, TABLE, SAUCER]


def test_the_editors_fixture_is_what_this_rule_says() -> None:
    written = json.loads((FIXTURES / "clickRule.json").read_text("utf-8"))
    assert runpy.run_path(str(FIXTURES / "generate.py"))["fixture"]() == written
    assert {case["token"] for case in written["cases"]} == {0, 1, 2, 3}


def test_a_lone_click_takes_the_best_predicted_of_the_three() -> None:
    assert choose(question(MASKS, [ON_CUP])) == 2


def test_a_second_click_takes_the_mask_that_explains_it() -> None:
    on_the_saucer = GridClick(30, 30, foreground=True)  # halfway between the rims
    assert choose(question(MASKS, [ON_CUP, on_the_saucer], CUP)) == 3
    beside_the_saucer = GridClick(45, 45, foreground=False)
    assert choose(question(MASKS, [ON_CUP, beside_the_saucer], TABLE)) == 3


@pytest.mark.parametrize(("previous", "boxed"), [(None, False), (CUP, True)], ids=["nothing before", "a box"])
def test_token_0_is_taken_where_there_is_nothing_to_choose_by(previous: Floats | None, boxed: bool) -> None:
    clicks = [ON_CUP, GridClick(32, 32, foreground=True)]
    assert choose(question(MASKS, clicks, previous, boxed=boxed)) == 0


def test_an_explanation_is_best_where_the_click_is_deepest_in_all_that_differs() -> None:
    before, after = CUP > 0, SAUCER > 0
    missing = depths(after & ~before)
    row, column = np.unravel_index(missing.argmax(), missing.shape)
    at_the_middle = GridClick(float(column), float(row), foreground=True)
    assert explanation(after, before, at_the_middle) == 1.0
    assert 0 < explanation(after, before, at_the_middle._replace(column=column + 3.0)) < 1
    assert explanation(after, before, at_the_middle._replace(foreground=False)) == 0.0
    assert explanation(before, before, at_the_middle) == 0.0


def test_depth_counts_to_the_nearest_cell_outside_and_the_edge_is_outside() -> None:
    region = np.ones((3, 5), np.bool_)
    assert depths(region).tolist() == [[1, 1, 1, 1, 1], [1, 2, 2, 2, 1], [1, 1, 1, 1, 1]]


@pytest.mark.parametrize(
    "clicks",
    [
        [ON_CUP, GridClick(50, 50, foreground=True)],
        [ON_CUP, GridClick(25.3, 20.7, foreground=False)],
        [ON_CUP, GridClick(50, 50, foreground=True), GridClick(44, 50, foreground=False)],
    ],
    ids=["taken", "left out", "side by side"],
)
def test_a_mask_obeys_every_click(clicks: list[GridClick]) -> None:
    decided = decide(question([CUP, CUP, CUP, CUP], clicks, CUP))
    for click in clicks:
        assert (value_at(decided, click) > 0) == click.foreground
    far = np.s_[:, :8]
    assert np.abs(decided[far] - CUP[far]).max() < 0.01
    assert ((decided > 0) != (CUP > 0)).any()


def test_a_mask_that_obeys_already_is_left_alone() -> None:
    clicks = [ON_CUP, GridClick(50, 50, foreground=False)]
    assert obeying(CUP, question(MASKS, clicks, CUP)) is CUP


def test_a_lone_click_changes_no_mask_but_a_click_beside_a_box_does() -> None:
    outside = [GridClick(50, 50, foreground=True)]
    assert obeying(CUP, question(MASKS, outside)) is CUP
    assert value_at(obeying(CUP, question(MASKS, outside, CUP, boxed=True)), outside[0]) > 0
    assert obeying(CUP, question(MASKS, [], boxed=True)) is CUP


def test_clicks_that_contradict_each_other_leave_finite_logits() -> None:
    clicks = [ON_CUP, ON_CUP._replace(foreground=False), ON_CUP._replace(column=20.1)]
    assert np.abs(decide(question([CUP, CUP, CUP, CUP], clicks, CUP)) - CUP).max() < 20
