"""Our Predictor beside the paper's authors' own, with the same random weights: the same masks for the same prompts."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from sam.config import SamConfig, ViTConfig
from sam.official import from_official
from sam.predictor import Predictor
from sam.sam import Sam
from tests.support.peer_sam import peer, random_peer

Floats = npt.NDArray[np.float32]

SMALL = ViTConfig(dim=32, depth=2, heads=2, global_blocks=(1,))
HEIGHT, WIDTH = 90, 133
TOLERANCE = 1e-4  # of the largest value

POINT: dict[str, Any] = {"points": [[40.5, 30.5]], "labels": [1]}
CLICKS: dict[str, Any] = {"points": [[40.5, 30.5], [100.0, 60.25], [0.5, 89.5]], "labels": [1, 0, 1]}
BOX: dict[str, Any] = {"box": [10.0, 20.0, 110.5, 80.0]}

PROMPTS: dict[str, dict[str, Any]] = {
    "point": POINT,
    "background point": {"points": [[40.5, 30.5]], "labels": [0]},
    "clicks": CLICKS,
    "box": BOX,
    "box and clicks": BOX | CLICKS,
    "mask alone": {"mask_input": True},
    "clicks after a mask": CLICKS | {"mask_input": True},
    "box after a mask": BOX | {"mask_input": True},
    "box and clicks after a mask": BOX | CLICKS | {"mask_input": True},
}


@pytest.fixture(scope="module")
def predictors() -> tuple[Predictor, Any]:
    """Ours and theirs, the same image set."""
    theirs = random_peer(SMALL, seed=5)
    sam = Sam(SamConfig(SMALL))
    sam.load_state_dict(from_official(theirs.state_dict(), "the peer"))
    rgb = np.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    pair = Predictor(sam.eval()), peer().SamPredictor(theirs)
    for predictor in pair:
        predictor.set_image(rgb)
    return pair


@pytest.fixture(scope="module")
def earlier(predictors: tuple[Predictor, Any]) -> Floats:
    """(1,256,256) logits of a first round."""
    return predictors[0].predict(**POINT, multimask=False).low_res_logits


def ask_peer(predictor: Any, prompt: dict[str, Any], *, multimask: bool) -> tuple[Any, Any, Any]:
    """Full-size masks (M,H,W), scores (M,) and logits (M,256,256)."""
    names = {"points": "point_coords", "labels": "point_labels", "box": "box", "mask_input": "mask_input"}
    arguments = {names[name]: np.array(value) for name, value in prompt.items()}
    masks, scores, logits = predictor.predict(**arguments, multimask_output=multimask)
    return masks, scores, logits


def assert_near(actual: Floats, expected: Floats) -> None:
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= TOLERANCE * np.abs(expected).max()


@pytest.mark.parametrize("multimask", [False, True], ids=["one mask", "three masks"])
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
def test_a_prompt_gives_the_peers_masks(
    prompt: dict[str, Any], multimask: bool, predictors: tuple[Predictor, Any], earlier: Floats
) -> None:
    if "mask_input" in prompt:
        prompt = prompt | {"mask_input": earlier}
    mine = predictors[0].predict(**prompt, multimask=multimask)
    masks, scores, logits = ask_peer(predictors[1], prompt, multimask=multimask)
    assert_near(mine.low_res_logits, logits)
    assert_near(mine.ious, scores)
    assert mine.masks.shape == masks.shape == (3 if multimask else 1, HEIGHT, WIDTH)
    assert np.mean(mine.masks != masks) <= TOLERANCE


BOXES: dict[str, Any] = {"box": [[10.0, 20.0, 110.5, 80.0], [0.0, 0.0, 133.0, 90.0], [60.5, 10.0, 61.0, 70.25]]}
CLICKS_EACH: dict[str, Any] = {
    "points": [CLICKS["points"], [[5.5, 6.5], [50.5, 80.5], [7.5, 9.5]], [[0.5, 1.5], [99.0, 2.0], [40.0, 40.0]]],
    "labels": [[1, 0, 1], [0, 1, 1], [1, 0, 0]],
}
BATCHES = {"boxes": BOXES, "clicks": CLICKS_EACH, "boxes and clicks": BOXES | CLICKS_EACH}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES.keys())
def test_prompts_in_one_call_give_the_peers_masks(
    batch: dict[str, Any], predictors: tuple[Predictor, Any], earlier: Floats
) -> None:
    mine, theirs = predictors
    count = len(next(iter(batch.values())))
    got = mine.predict(**batch, mask_input=earlier)
    arrays = {name: np.array(value) for name, value in batch.items()}
    masks, scores, logits = theirs.predict_torch(
        *batch_for_peer(theirs, **arrays), torch.from_numpy(earlier)[None].expand(count, -1, -1, -1)
    )
    assert_near(got.low_res_logits, logits.numpy())
    assert_near(got.ious, scores.numpy())
    assert got.masks.shape == masks.shape == (count, 3, HEIGHT, WIDTH)
    assert np.mean(got.masks != masks.numpy()) <= TOLERANCE


def batch_for_peer(peer: Any, points: Any = None, labels: Any = None, box: Any = None) -> tuple[Any, Any, Any]:
    """Points, labels and boxes in the frame of the network's input, as its batched call wants them."""
    size = (HEIGHT, WIDTH)
    coords = None if points is None else torch.as_tensor(peer.transform.apply_coords(points, size), dtype=torch.float32)
    boxes = None if box is None else torch.as_tensor(peer.transform.apply_boxes(box, size), dtype=torch.float32)
    return coords, None if labels is None else torch.as_tensor(labels), boxes


def test_prompts_differ_in_what_they_give(predictors: tuple[Predictor, Any], earlier: Floats) -> None:
    """Else the parity above would hold for a network that does not listen."""
    kinds = [POINT, CLICKS, BOX, BOX | CLICKS, CLICKS | {"mask_input": earlier}]
    answers = [predictors[0].predict(**prompt).low_res_logits for prompt in kinds]
    for i, one in enumerate(answers):
        assert 0.01 < np.mean(one > 0) < 0.99
        for other in answers[:i]:
            assert np.abs(one - other).max() > 100 * TOLERANCE * np.abs(one).max()
