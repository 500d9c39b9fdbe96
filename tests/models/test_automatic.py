"""Automatic masks: presets, the whole on discs that are drawn as logits, and on a photo."""

import json
import math

import numpy as np
import numpy.typing as npt
import pytest
import torch
from pycocotools import mask as coco

from sam.automatic import (
    PRESETS,
    AutomaticConfig,
    AutomaticMask,
    Cancelled,
    Look,
    Points,
    View,
    decode_points,
    generate,
    look_with,
)
from sam.automatic_json import ImageMasks, coco_document, sa1b_record
from sam.crops import Crop, point_grid
from sam.frame import Frame
from sam.nms import box_iou
from sam.predictor import Pixels, Predictor, encode
from sam.sam import Sam, full_size_logits
from tests.support.masks import Mask, iou

SIZE = (300, 450)
DISC_SLOPE = 2.0  # logits a pixel of the image, at a disc's edge: steep, so stable
GENTLE_SLOPE = 0.05
GOOD, POOR = 0.95, 0.5  # predicted IoUs

Disc = tuple[float, float, float]  # x, y, radius in pixels of the image


def decoded(mask: AutomaticMask) -> Mask:
    return np.asarray(coco.decode(mask.segmentation), dtype=bool)


def test_the_presets_are_the_papers_and_the_public_codes() -> None:
    paper, public = PRESETS["paper"], PRESETS["public"]
    assert (paper.points_per_side, public.points_per_side) == ((32, 16, 8), (32,))
    assert (paper.max_area, public.max_area) == (0.95, 1.0)
    assert (paper.min_region_area, public.min_region_area) == (100, 0)
    for preset in (paper, public):
        assert (preset.min_predicted_iou, preset.min_stability, preset.stability_offset) == (0.88, 0.95, 1.0)
        assert (preset.box_nms, preset.crop_nms) == (0.7, 0.7)
        assert preset.crop_overlap == 512 / 1500


# --- the whole, on discs ---


def look_at_discs(discs: dict[Disc, float], slope: float = DISC_SLOPE, size: tuple[int, int] = SIZE) -> Look:
    """A network that knows discs and how good they are; beside them it sees nothing, and says so."""

    def look(crop: Crop) -> View:
        frame = Frame(*crop.size, 1024)
        scale_y, scale_x = (
            full / resized for full, resized in zip((frame.height, frame.width), frame.resized, strict=True)
        )
        cells = (torch.arange(256) + 0.5) * 4
        y, x = torch.meshgrid(crop.y0 + cells * scale_y, crop.x0 + cells * scale_x, indexing="ij")

        def decode(points: Points) -> tuple[torch.Tensor, torch.Tensor]:
            logits, ious = torch.full((len(points), 3, 256, 256), -20.0), torch.zeros(len(points), 3)
            for index, (px, py) in enumerate(points + np.array([crop.x0, crop.y0])):
                for (cx, cy, radius), quality in discs.items():
                    if math.hypot(px - cx, py - cy) < radius:
                        logits[index, 1] = (radius - torch.hypot(x - cx, y - cy)) * slope
                        ious[index, 1] = quality
            return logits, ious

        return View(frame, decode)

    return look


def disc_mask(disc: Disc, size: tuple[int, int] = SIZE) -> Mask:
    y, x = np.mgrid[: size[0], : size[1]] + 0.5
    mask: Mask = np.hypot(x - disc[0], y - disc[1]) < disc[2]
    return mask


A_DISC, ANOTHER = (120.0, 100.0, 60.0), (330.0, 210.0, 50.0)
FEW = AutomaticConfig(points_per_side=(8,))


def test_every_disc_is_found_once_however_many_points_fall_on_it() -> None:
    masks = generate(look_at_discs({A_DISC: GOOD, ANOTHER: 0.99}), SIZE, FEW)
    assert [mask.predicted_iou for mask in masks] == pytest.approx([0.99, GOOD])  # the better one first
    for mask, disc in zip(masks, (ANOTHER, A_DISC), strict=True):
        pixels = decoded(mask)
        assert iou(pixels, disc_mask(disc)) > 0.98
        assert pixels[int(mask.point[1]), int(mask.point[0])]
        assert mask.area == pixels.sum()
        assert mask.annotation(1)["bbox"] == coco.toBbox(mask.segmentation).tolist()


def test_a_mask_that_the_network_doubts_is_dropped() -> None:
    assert len(generate(look_at_discs({A_DISC: GOOD, ANOTHER: POOR}), SIZE, FEW)) == 1


def test_a_mask_whose_edge_depends_on_the_threshold_is_dropped() -> None:
    assert generate(look_at_discs({A_DISC: GOOD}, slope=GENTLE_SLOPE), SIZE, FEW) == []


def test_a_mask_of_nearly_the_whole_image_is_dropped_where_that_is_asked_for() -> None:
    everything = look_at_discs({(225.0, 150.0, 1000.0): GOOD})
    assert len(generate(everything, SIZE, FEW)) == 1
    assert generate(everything, SIZE, AutomaticConfig(points_per_side=(8,), max_area=0.95)) == []


def test_what_a_crop_cuts_off_comes_whole_from_the_image_and_what_it_shows_comes_from_the_crop() -> None:
    in_the_middle, in_a_corner = (225.0, 150.0, 100.0), (60.0, 60.0, 45.0)
    look = look_at_discs({in_the_middle: GOOD, in_a_corner: GOOD})
    masks = generate(look, SIZE, AutomaticConfig(points_per_side=(8, 8)))
    assert [mask.crop.layer for mask in masks] == [1, 0]  # the most zoomed in first
    for mask, disc in zip(masks, (in_a_corner, in_the_middle), strict=True):
        assert iou(decoded(mask), disc_mask(disc)) > 0.98


def test_specks_are_removed_and_of_two_that_become_one_the_clean_one_stays() -> None:
    speckled, speck = (100.0, 100.0, 70.0), (420.0, 260.0, 4.0)
    look = look_at_discs({speckled: GOOD})

    def look_with_speck(crop: Crop) -> View:
        view, spot = look(crop), look_at_discs({speck: GOOD})(crop)
        extra = spot.decode(np.array([speck[:2]]))[0][0, 1]

        def decode_both(points: Points) -> tuple[torch.Tensor, torch.Tensor]:
            logits, ious = view.decode(points)
            logits[:, 2] = torch.maximum(logits[:, 1], extra)  # the same disc once more, with a speck far off
            ious[:, 2] = torch.where(ious[:, 1] > 0, 0.99, 0.0)
            return logits, ious

        return View(view.frame, decode_both)

    config = AutomaticConfig(points_per_side=(8,), min_region_area=100)
    assert len(generate(look_with_speck, SIZE, FEW)) == 2
    (mask,) = generate(look_with_speck, SIZE, config)
    assert mask.predicted_iou == pytest.approx(GOOD)
    (alone,) = generate(look_with_speck, SIZE, AutomaticConfig((8,), min_region_area=100, min_predicted_iou=0.97))
    assert iou(decoded(alone), disc_mask(speckled)) > 0.98
    assert alone.area == decoded(alone).sum()
    assert alone.annotation(1)["bbox"] == coco.toBbox(alone.segmentation).tolist()


def test_an_image_of_nothing_has_no_masks() -> None:
    assert generate(look_at_discs({}), SIZE, AutomaticConfig(points_per_side=(4, 2), min_region_area=100)) == []


def test_batches_make_no_difference() -> None:
    look = look_at_discs({A_DISC: GOOD, ANOTHER: 0.99})
    one_by_one = generate(look, SIZE, AutomaticConfig(points_per_side=(8,), points_per_batch=1))
    assert one_by_one == generate(look, SIZE, FEW)


def test_progress_is_told_after_every_batch_and_ends_with_all_points() -> None:
    told: list[tuple[int, int]] = []
    config = AutomaticConfig(points_per_side=(4, 2), points_per_batch=10)
    generate(look_at_discs({}), SIZE, config, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 32) for done in (10, 16, 20, 24, 28, 32)]


@pytest.mark.parametrize("at", [1, 4, 6])
def test_it_stops_when_asked(at: int) -> None:
    asked: list[None] = []

    def is_cancelled() -> bool:
        asked.append(None)
        return len(asked) == at

    config = AutomaticConfig(points_per_side=(8,), points_per_batch=16, min_region_area=100)  # 4 batches, 2 masks
    with pytest.raises(Cancelled):
        generate(look_at_discs({A_DISC: GOOD, ANOTHER: GOOD}), SIZE, config, is_cancelled=is_cancelled)
    assert len(asked) == at


def test_a_record_of_an_image_is_one_of_sa1b() -> None:
    masks = generate(look_at_discs({A_DISC: GOOD}), SIZE, FEW)
    record = json.loads(json.dumps(sa1b_record(7, ImageMasks("discs.png", SIZE, masks))))
    assert record["image"] == {"image_id": 7, "width": 450, "height": 300, "file_name": "discs.png"}
    (annotation,) = record["annotations"]
    assert annotation.keys() == {
        *("id", "segmentation", "bbox", "area"),
        *("predicted_iou", "stability_score", "crop_box", "point_coords"),
    }
    assert annotation["segmentation"]["size"] == [300, 450]
    assert annotation["crop_box"] == [0, 0, 450, 300]
    assert annotation["point_coords"] == [list(masks[0].point)]


def test_images_together_are_a_coco_file() -> None:
    found = generate(look_at_discs({A_DISC: GOOD, ANOTHER: GOOD}), SIZE, FEW)
    images = [
        ImageMasks("a.png", SIZE, found),
        ImageMasks("empty.png", (5, 6), []),
        ImageMasks("b.png", SIZE, found[:1]),
    ]
    document = json.loads(json.dumps(coco_document(images, {"model": "discs"})))
    assert document["info"] == {"model": "discs"}
    assert document["images"][1] == {"id": 2, "file_name": "empty.png", "width": 6, "height": 5}
    annotations = document["annotations"]
    assert [(each["id"], each["image_id"]) for each in annotations] == [(1, 1), (2, 1), (3, 3)]
    assert {(each["category_id"], each["iscrowd"]) for each in annotations} == {(document["categories"][0]["id"], 0)}
    assert annotations[2]["segmentation"] == found[0].segmentation


# --- the whole, on a photo ---

LENIENT = AutomaticConfig(points_per_side=(6,), min_predicted_iou=0.8, min_stability=0.9)


@pytest.fixture(scope="module")
def photo(photos: dict[str, Pixels]) -> Pixels:
    """A cup of coffee, 200x300."""
    return np.ascontiguousarray(photos["landscape"][::2, ::2])


@pytest.fixture(scope="module")
def embedding(sam: Sam, photo: Pixels) -> torch.Tensor:
    return encode(sam, [photo])


@pytest.fixture(scope="module")
def found(sam: Sam, photo: Pixels, embedding: torch.Tensor) -> list[AutomaticMask]:
    return generate(look_with(sam, photo, embedding), photo.shape[:2], LENIENT)


def test_masks_of_a_photo_are_good_stable_and_no_two_the_same(
    found: list[AutomaticMask], sam: Sam, photo: Pixels, embedding: torch.Tensor
) -> None:
    assert len(found) >= 5
    boxes = np.array([mask.box for mask in found], np.float64)
    for index, mask in enumerate(found):
        assert mask.predicted_iou >= LENIENT.min_predicted_iou
        assert (box_iou(boxes[index], boxes[:index]) <= LENIENT.box_nms).all()
        assert coco.area(mask.segmentation) == mask.area > 0
        assert coco.toBbox(mask.segmentation).tolist() == mask.annotation(1)["bbox"]
        predicted = Predictor(sam)  # the same click by a person
        predicted.set_embedding(embedding, photo.shape[:2])
        prediction = predicted.predict([mask.point], [1])
        token = int(np.abs(prediction.ious - mask.predicted_iou).argmin())
        assert prediction.ious[token] == pytest.approx(mask.predicted_iou, abs=1e-4)
        assert iou(prediction.masks[token], decoded(mask)) > 0.999
        assert stability(prediction.low_res_logits[token], photo) == pytest.approx(mask.stability, abs=1e-3)
        assert mask.stability >= LENIENT.min_stability


def stability(low_res_logits: npt.NDArray[np.float32], photo: Pixels) -> float:
    frame = Frame(*photo.shape[:2], 1024)
    logits = full_size_logits(torch.from_numpy(low_res_logits)[None, None], frame)[0, 0].numpy()
    return iou(logits > 1, logits > -1)


def test_points_decoded_together_are_as_alone(sam: Sam, embedding: torch.Tensor, photo: Pixels) -> None:
    frame, points = Frame(*photo.shape[:2], 1024), point_grid(2, photo.shape[:2])
    together = decode_points(sam, embedding, frame, points)
    alone = [decode_points(sam, embedding, frame, point[None]) for point in points]
    for ours, parts in zip(together, zip(*alone, strict=True), strict=True):
        torch.testing.assert_close(ours, torch.cat(parts), atol=1e-3, rtol=0)
