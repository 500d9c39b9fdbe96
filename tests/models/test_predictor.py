"""From pixels and prompts to masks."""

from typing import Any

import numpy as np
import pytest
import torch

from sam.config import ARCHITECTURES, MeanStd
from sam.errors import InputError
from sam.frame import Frame
from sam.predictor import PROMPTS_AT_ONCE, Pixels, Predictor, encode, prepare_image
from sam.sam import Sam, full_size_logits

MOBILE_SAM, COLOURS = ARCHITECTURES["mobile_sam"], MeanStd()


@pytest.fixture(scope="module")
def predictor(sam: Sam, embeddings: dict[str, torch.Tensor]) -> Predictor:
    """Ready for prompts about the landscape photo, a cup of coffee."""
    predictor = Predictor(sam)
    predictor.set_embedding(embeddings["landscape"], (400, 600))
    return predictor


def test_an_image_is_normalised_and_then_padded_with_zeros() -> None:
    grey = np.full((30, 60, 3), 200, dtype=np.uint8)
    prepared = prepare_image(grey, MOBILE_SAM)
    assert prepared.shape == (3, 1024, 1024)
    assert prepared.dtype == torch.float32
    expected = (200 - torch.tensor(COLOURS.mean)) / torch.tensor(COLOURS.std)
    torch.testing.assert_close(prepared[:, :512].amax((1, 2)), expected)
    torch.testing.assert_close(prepared[:, :512].amin((1, 2)), expected)
    assert prepared[:, 512:].abs().max() == 0


def test_shrinking_antialiases() -> None:
    stripes = np.zeros((2048, 2048, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    inner = prepare_image(stripes, MOBILE_SAM)[0, :, 8:-8] * COLOURS.std[0] + COLOURS.mean[0]
    assert inner.min() > 100
    assert inner.max() < 155


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (5, 7)], ids=str)
def test_the_smallest_and_thinnest_images_have_masks_of_their_size(size: tuple[int, int], sam: Sam) -> None:
    assert prepare_image(np.zeros((*size, 3), dtype=np.uint8), MOBILE_SAM).isfinite().all()
    predictor = Predictor(sam)
    predictor.set_embedding(np.zeros((256, 64, 64), np.float16), size)
    prediction = predictor.predict([(size[1] / 2, size[0] / 2)], [1])
    assert prediction.masks.shape == (3, *size)


def test_a_batch_is_encoded_as_its_images_are_one_by_one(
    sam: Sam, photos: dict[str, Pixels], embeddings: dict[str, torch.Tensor]
) -> None:
    together = encode(sam, [photos["landscape"], photos["portrait"]])
    alone = torch.cat([embeddings["landscape"], embeddings["portrait"]])
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=0)


def test_setting_an_image_is_setting_its_embedding(sam: Sam, predictor: Predictor, photos: dict[str, Pixels]) -> None:
    from_pixels = Predictor(sam)
    from_pixels.set_image(photos["landscape"])
    got, expected = (each.predict([(300, 200)], [1]).masks for each in (from_pixels, predictor))
    assert np.mean(got != expected) < 1e-4


def test_a_click_on_the_cup_takes_the_cup(predictor: Predictor) -> None:
    prediction = predictor.predict([(300, 200)], [1])
    best = prediction.masks[prediction.ious.argmax()]
    assert prediction.masks.shape == (3, 400, 600)
    assert prediction.masks.dtype == np.bool_
    assert prediction.ious.shape == (3,)
    assert prediction.low_res_logits.shape == (3, 256, 256)
    assert best[200, 300]
    assert not best[10, 10]


def test_the_best_mask_of_a_box_keeps_to_the_box(predictor: Predictor) -> None:
    prediction = predictor.predict(box=(180, 90, 460, 330), multimask=False)
    (mask,) = prediction.masks
    inside = mask[90:330, 180:460].sum()
    assert mask.sum() > 10_000
    assert inside / mask.sum() > 0.95


def test_a_background_point_takes_its_place_out_of_the_mask(predictor: Predictor) -> None:
    first = predictor.predict([(300, 200)], [1])
    whole = first.masks.sum((1, 2)).argmax()
    y, x = np.argwhere(first.masks[whole] & ~first.masks[first.masks.sum((1, 2)).argmin()])[1000]
    mask_input = first.low_res_logits[whole]
    second = predictor.predict([(300, 200), (x, y)], [1, 0], mask_input=mask_input, multimask=False)
    assert first.masks[whole][y, x]
    assert not second.masks[0][y, x]


BOXES = [(180, 90, 460, 330), (0, 0, 600, 400), (250, 150, 350, 250)]
CLICKS = [[(300, 200), (20, 20)], [(300, 200), (450, 200)], [(90, 260), (300, 200)]]
LABELS = [[1, 0], [1, 1], [1, 0]]


@pytest.mark.parametrize(
    "batch",
    [
        {"box": BOXES},
        {"points": CLICKS, "labels": LABELS},
        {"points": CLICKS, "labels": LABELS, "box": BOXES, "mask_input": np.linspace(-9, 9, 3)[:, None, None]},
    ],
    ids=["boxes", "clicks", "boxes, clicks and masks"],
)
def test_prompts_in_one_call_are_prompts_one_by_one(batch: dict[str, Any], predictor: Predictor) -> None:
    batch = {name: np.asarray(values) for name, values in batch.items()}
    if "mask_input" in batch:
        batch["mask_input"] = np.broadcast_to(batch["mask_input"], (3, 256, 256))
    together = predictor.predict(**batch, multimask=False)
    assert together.masks.shape == (3, 1, 400, 600)
    assert together.ious.shape == (3, 1)
    for i in range(3):
        alone = predictor.predict(**{name: values[i] for name, values in batch.items()}, multimask=False)
        np.testing.assert_allclose(together.low_res_logits[i], alone.low_res_logits, atol=1e-3)
        np.testing.assert_allclose(together.ious[i], alone.ious, atol=1e-5)
        assert np.mean(together.masks[i] != alone.masks) < 1e-4


def test_what_is_given_once_counts_for_every_prompt(predictor: Predictor) -> None:
    together = predictor.predict([(300, 200)], [0], BOXES[:2], multimask=False)
    repeated = predictor.predict([[(300, 200)]] * 2, [[0]] * 2, BOXES[:2], multimask=False)
    assert np.array_equal(together.low_res_logits, repeated.low_res_logits)
    assert not together.masks[:, 0, 200, 300].any()


@pytest.mark.parametrize("count", [1, PROMPTS_AT_ONCE + 1])
def test_any_number_of_boxes_is_a_batch(count: int, predictor: Predictor) -> None:
    boxes = np.tile(BOXES[0], (count, 1))
    prediction = predictor.predict(box=boxes, multimask=False)
    assert prediction.masks.shape == (count, 1, 400, 600)
    assert all(np.array_equal(mask, prediction.masks[0]) for mask in prediction.masks)


def test_an_embedding_kept_as_float16_gives_nearly_the_same_mask(
    sam: Sam, predictor: Predictor, embeddings: dict[str, torch.Tensor]
) -> None:
    stored = embeddings["landscape"][0].numpy().astype("<f2").tobytes()
    restored = Predictor(sam)
    restored.set_embedding(np.frombuffer(stored, "<f2").reshape(256, 64, 64), (400, 600))
    expected = predictor.predict([(300, 200)], [1]).masks[0]
    got = restored.predict([(300, 200)], [1]).masks[0]
    assert (expected & got).sum() / (expected | got).sum() > 0.99


def test_masks_are_the_full_size_logits_above_zero(predictor: Predictor) -> None:
    prediction = predictor.predict([(300, 200)], [1])
    logits = full_size_logits(torch.from_numpy(prediction.low_res_logits)[None], Frame(400, 600, 1024))
    assert np.array_equal(prediction.masks, logits[0].numpy() > 0)


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ({"points": [(1, 2, 3)], "labels": [1]}, r"points must be \(P,2\)"),
        ({"points": [(1, 2)], "labels": [1, 0]}, r"labels \(P,\), .* got \(1, 2\) and \(2,\)"),
        ({"points": [(1, 2)]}, r"points must be \(P,2\) and labels \(P,\)"),
        ({"points": [(1, 2)], "labels": [2]}, "a label is 1 .foreground. or 0 .background., got"),
        ({"points": [(1, float("nan"))], "labels": [1]}, "points must be finite"),
        ({"box": (10, 10, 5, 20)}, "a box must be"),
        ({"box": (10, 10, 20)}, "a box must be"),
        ({"box": (10, 10, float("inf"), 20)}, "a box must be"),
        (
            {"points": [(1, 2)], "labels": [1], "mask_input": np.zeros((400, 600))},
            r"of shape \(256,256\), got \(400, 600\)",
        ),
        ({}, "a prompt is at least one point, a box or a mask"),
        ({"points": [[(1, 2)]], "labels": [1]}, r"points must be .* got \(1, 1, 2\) and \(1,\)"),
        ({"box": [(10, 10, 20, 20), (10, 10, 5, 20)]}, "a box must be"),
        (
            {"points": np.ones((3, 1, 2)), "labels": np.ones((3, 1)), "box": [(1, 1, 2, 2)] * 2},
            r"must be of equally many prompts, at least one, got \[2, 3\]",
        ),
        ({"box": np.empty((0, 4))}, "of equally many prompts, at least one"),
    ],
)
def test_a_malformed_prompt_is_refused(prompt: dict[str, Any], message: str, predictor: Predictor) -> None:
    with pytest.raises(InputError, match=message):
        predictor.predict(**prompt)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((2, 4, 4, 3), np.uint8),
    ],
    ids=["grey", "alpha", "float", "batch"],
)
def test_an_image_that_is_not_rgb_uint8_is_refused(image: Any) -> None:
    with pytest.raises(InputError, match=r"must be RGB uint8 of shape \(H,W,3\), got"):
        prepare_image(image, MOBILE_SAM)


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(InputError, match="at least one pixel, got 0 x 4"):
        prepare_image(np.zeros((0, 4, 3), np.uint8), MOBILE_SAM)


def test_what_is_not_a_batch_of_prepared_images_is_refused(sam: Sam) -> None:
    with pytest.raises(InputError, match=r"wants \(B,3,1024,1024\), got \(1, 3, 512, 1024\)"):
        sam.image_encoder(torch.zeros(1, 3, 512, 1024))
    with pytest.raises(InputError, match="no images"):
        encode(sam, [])


def test_predicting_needs_an_image_and_a_whole_embedding(sam: Sam) -> None:
    predictor = Predictor(sam)
    with pytest.raises(InputError, match="call set_image or set_embedding"):
        predictor.predict([(1, 1)], [1])
    with pytest.raises(InputError, match=r"must be \(256, 64, 64\), got \(256, 32, 32\)"):
        predictor.set_embedding(np.zeros((256, 32, 32), np.float16), (10, 10))
