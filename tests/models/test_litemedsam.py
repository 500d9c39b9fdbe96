"""LiteMedSAM with its real weights: what the published code computes, frozen, and what boxes and points give."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors.torch import load_file
from scipy import ndimage
from skimage import data
from skimage.filters import gaussian, threshold_otsu
from skimage.measure import label, regionprops

from sam import zoo
from sam.automatic import look_with
from sam.config import ARCHITECTURES
from sam.errors import InputError
from sam.predictor import Pixels, Predictor, encode, prepare_image
from sam.sam import Sam
from tests.models.conftest import MODELS, session
from tests.support.lite_medsam_reference import REFERENCE, photos, summary
from tests.support.masks import Mask, iou

CONFIG = ARCHITECTURES["lite_medsam"]
TOLERANCE = 1e-4  # of the greatest magnitude in a tensor

Box = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def medsam_files() -> zoo.ModelFiles:
    return zoo.pull("lite_medsam", MODELS / "weights")


@pytest.fixture(scope="module")
def medsam(medsam_files: zoo.ModelFiles) -> Sam:
    return zoo.load("lite_medsam", medsam_files.checkpoint_path.parent).sam


@pytest.fixture(scope="module")
def reference() -> dict[str, torch.Tensor]:
    return load_file(REFERENCE)


@pytest.mark.parametrize("name", photos())
def test_everything_is_as_in_the_published_code(name: str, medsam: Sam, reference: dict[str, torch.Tensor]) -> None:
    rgb, box = photos()[name]
    embedding = encode(medsam, [rgb])
    predictor = Predictor(medsam)
    predictor.set_embedding(embedding, rgb.shape[:2])
    answer = predictor.predict(box=box, multimask=False)
    ours = {
        "input": prepare_image(rgb, CONFIG),
        "embedding": embedding[0],
        "logits": torch.from_numpy(answer.low_res_logits),
        "iou": torch.from_numpy(answer.ious)[:, None, None],
    }
    for part, tensor in ours.items():
        tolerance = TOLERANCE * reference[f"{name}.{part}.scale"].item()
        for suffix, value in summary(tensor).items():
            torch.testing.assert_close(value, reference[f"{name}.{part}{suffix}"], atol=tolerance, rtol=0)


def test_the_exported_encoder_gives_the_same_embedding(
    medsam_files: zoo.ModelFiles, reference: dict[str, torch.Tensor]
) -> None:
    assert medsam_files.encoder_onnx_path is not None
    image = prepare_image(photos()["coins"][0], CONFIG)[None].numpy()
    [embedding] = session(str(medsam_files.encoder_onnx_path)).run(None, {"image": image})
    for suffix, value in summary(torch.from_numpy(embedding[0])).items():
        torch.testing.assert_close(value, reference[f"coins.embedding{suffix}"], atol=TOLERANCE, rtol=0)


def coins() -> tuple[Pixels, list[Mask]]:
    """A photo and the true masks of the coins that a threshold finds whole and apart."""
    grey = data.coins()
    smooth = gaussian(grey, 1)
    inside = ndimage.binary_fill_holes(smooth > threshold_otsu(smooth))
    regions = label(ndimage.binary_opening(inside, iterations=2))
    whole = [region for region in regionprops(regions) if region.area > 600 and region.solidity > 0.93]
    masks = [regions == region.label for region in whole if region.bbox[1] > 0]
    return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2)), masks


def box_of(mask: Mask) -> Box:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.fixture(scope="module")
def looking_at_coins(medsam: Sam) -> tuple[Predictor, list[Mask]]:
    rgb, truths = coins()
    predictor = Predictor(medsam)
    predictor.set_image(rgb)
    return predictor, truths


def test_a_box_around_a_coin_gives_the_coin(looking_at_coins: tuple[Predictor, list[Mask]]) -> None:
    predictor, truths = looking_at_coins
    answer = predictor.predict(box=[box_of(truth) for truth in truths], multimask=False)
    ious = [iou(masks[0], truth) for masks, truth in zip(answer.masks, truths, strict=True)]
    assert len(ious) >= 20
    assert min(ious) > 0.85
    assert np.mean(ious) > 0.93


def test_a_point_gives_next_to_nothing(looking_at_coins: tuple[Predictor, list[Mask]]) -> None:
    predictor, truths = looking_at_coins
    for truth in truths[:3]:
        x0, y0, x1, y1 = box_of(truth)
        masks = predictor.predict([((x0 + x1) / 2, (y0 + y1) / 2)], [1]).masks
        assert masks.sum((1, 2)).max() < 0.05 * truth.sum()


def test_automatic_masks_want_a_network_that_knows_points(medsam: Sam) -> None:
    with pytest.raises(InputError, match="not trained for points"):
        look_with(medsam, photos()["coins"][0])


@pytest.mark.parametrize(
    "pixels", [np.full((30, 60, 3), 200, np.uint8), np.zeros((1, 1, 3), np.uint8)], ids=["grey", "black"]
)
def test_an_image_of_one_colour_is_zeros(pixels: npt.NDArray[np.uint8]) -> None:
    assert torch.equal(prepare_image(pixels, CONFIG), torch.zeros(3, 256, 256))


def test_the_images_own_least_and_greatest_value_are_0_and_1() -> None:
    rgb = np.full((30, 60, 3), 90, np.uint8)
    rgb[:, 30:] = (60, 90, 120)
    prepared = prepare_image(rgb, CONFIG)
    assert prepared[:, 0, 0].tolist() == [0.5] * 3
    assert prepared[:, 0, -1].tolist() == [0.0, 0.5, 1.0]  # one scale for all channels
    assert not prepared[:, 128:].any()
